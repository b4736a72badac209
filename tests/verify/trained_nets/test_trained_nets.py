"""The suite on trained nets: confirmed as it is, refuted when something is broken."""

import jax
import numpy as np
import pytest

import verify.networks.steps.training_loop as training_loop
from verify import suites
from verify.networks import SettingError
from verify.suites import Request
from verify.trained_nets import lazy, limit, suite, widths
from verify.trained_nets.measured import within
from verify.verdicts.verdict import Verdict


def _claim(name):
    return next(claim for claim in suite.CLAIMS if claim.name == name)


def test_lazy_nets_stop_at_the_step_that_their_kernel_predicts():
    report = _claim("networks/steps").report(Request(examples=2))
    assert report.verdict is Verdict.CONFIRMED, report
    assert report.checks == 6


def test_a_trainer_that_forgets_the_factors_is_refuted(monkeypatch):
    """Every layer's step size is a² times the learning rate; without it nets are slow."""
    monkeypatch.setattr(
        training_loop, "conditioned", lambda _net, gradient, *_: gradient
    )
    jax.clear_caches()
    try:
        report = _claim("networks/steps").report(Request(examples=1))
    finally:
        jax.clear_caches()
    assert report.verdict is Verdict.REFUTED, report


def test_numbers_that_are_not_there_refute():
    assert within([0.0, np.nan], 1.0, "f").verdict is Verdict.REFUTED
    assert within([0.5, -2.0], 1.0, "f").verdict is Verdict.REFUTED
    assert within([0.5, -1.0], 1.0, "f").verdict is Verdict.CONFIRMED


def test_a_power_is_found_with_its_standard_error():
    """Repeated many times, the power scatters by the error that each run states."""
    random = np.random.default_rng(0)
    runs = [
        widths.power(
            (10, 100, 1000),
            [w**-0.7 * random.gamma(4, size=30) for w in (10.0, 100.0, 1000.0)],
        )
        for _ in range(400)
    ]
    found, stated = np.transpose(runs)
    assert abs(found.mean() + 0.7) < 4 * found.std() / 20
    assert np.sqrt((stated**2).mean()) == pytest.approx(found.std(), rel=0.15)


def test_a_wrong_power_is_refuted_and_a_blurred_one_stays_open():
    assert widths._judge(-0.75, 0.01, -0.5, 9).verdict is Verdict.REFUTED
    assert widths._judge(-0.52, 0.01, -0.5, 9).verdict is Verdict.CONFIRMED
    assert widths._judge(-0.52, 0.10, -0.5, 9).verdict is Verdict.INCONCLUSIVE


def test_the_control_is_confirmed_only_where_the_kernels_can_be_told_apart(monkeypatch):
    same = dict.fromkeys(("NTK", "NNGP"), np.array([0.001, -0.001, 0.002]))
    monkeypatch.setattr(limit, "_differences", lambda _: same)
    assert _claim("networks/ntk").report(Request()).verdict is Verdict.CONFIRMED
    assert _claim("networks/nngp").report(Request()).verdict is Verdict.REFUTED


def test_the_suite_is_one_of_those_that_verify_runs():
    assert suites.names("networks") == ["networks"]
    with pytest.raises(ValueError, match="does not read --examples"):
        suites.run("networks", Request(examples=3))
    with pytest.raises(SettingError, match="seed = 4294967296"):
        lazy.CLAIMS[0].report(Request(seed=2**32))


@pytest.mark.slow
def test_every_claim_about_trained_nets_is_confirmed():
    for report in suites.run("networks", Request(seed=1)):
        assert report.verdict is Verdict.CONFIRMED, report
