"""Settings of the whole suite: reproducible properties, slow tests on request."""

import os

import pytest
from hypothesis import HealthCheck, settings

os.environ["LEARNABILITY_CACHE"] = "off"  # every test finds its answers itself
settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")


def pytest_addoption(parser):
    parser.addoption(
        "--run-slow", action="store_true", help="run tests that take minutes"
    )


def pytest_collection_modifyitems(config, items):
    if config.getoption("--run-slow"):
        return
    skip = pytest.mark.skip(reason="takes minutes; pass --run-slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)
