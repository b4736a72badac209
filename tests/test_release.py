"""Version, tags, CHANGELOG and CITATION say the same."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
CHANGELOG = (TOP / "CHANGELOG.md").read_text("utf-8")
CITATION = (TOP / "CITATION.cff").read_text("utf-8")
SECTION = re.compile(r"^## (.+)$", flags=re.M)
RELEASE = re.compile(r"(\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2})\)")


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def releases() -> dict[str, str]:
    """Version → date, as CHANGELOG has them, the newest first."""
    found = {}
    for head in SECTION.findall(CHANGELOG):
        if head != "Unreleased":
            match = RELEASE.fullmatch(head)
            assert match, f"CHANGELOG: {head!r} is not of the form 1.2.3 (2026-01-31)"
            found[match[1]] = match[2]
    return found


def tags() -> set[str]:
    """Versions that are tagged; none in an archive without its history."""
    git = shutil.which("git")
    if git is None or not ((TOP / ".git").exists() or "GIT_DIR" in os.environ):
        return set()
    ran = subprocess.run(
        [git, "tag", "--list", "v*"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    return {tag.removeprefix("v") for tag in ran.stdout.split()}


def test_the_version_is_the_newest_release_or_the_one_in_preparation():
    order = [numbers(version) for version in releases()]
    assert order == sorted(order, reverse=True)
    body = CHANGELOG.partition("## Unreleased")[2].partition("\n## ")[0]
    version = numbers(PROJECT["version"])
    if body.strip():
        assert not order or version > order[0]
    else:
        assert version == order[0]


def test_every_tag_has_its_section_and_every_released_section_its_tag():
    known = tags()
    assert known <= set(releases())
    if known:  # a clone without tags cannot say which are missing
        assert known == set(releases())


def test_the_citation_names_this_version_and_the_day_it_was_released():
    version = re.search(r"^version: (\S+)$", CITATION, flags=re.M)
    assert version
    assert version[1] == PROJECT["version"]
    date = re.search(r"^date-released: (\S+)$", CITATION, flags=re.M)
    assert (date[1] if date else None) == releases().get(PROJECT["version"])


def test_the_installed_version_is_that_of_the_project():
    from importlib.metadata import version

    if version("learnability") != PROJECT["version"]:
        pytest.fail("the installed version is another one: pip install -e . again")


def test_dependency_groups_hold_extras_that_exist():
    groups = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
    for group in groups["dependency-groups"].values():
        for line in group:
            extras = re.fullmatch(r"learnability\[([\w,]+)\]", line)
            assert extras
            assert set(extras[1].split(",")) <= set(PROJECT["optional-dependencies"])


def test_workflow_and_hooks_run_what_the_repository_has():
    workflow = (TOP / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    assert "run: .ci/run" in workflow
    hooks = (TOP / ".pre-commit-config.yaml").read_text("utf-8")
    assert "repo: local" in hooks
    assert hooks.count("repo:") == 1  # nothing is cloned
    contributing = (TOP / "CONTRIBUTING.md").read_text("utf-8")
    entries = re.findall(r"^ +entry: (\S+)", hooks, flags=re.M)
    assert len(entries) >= 4
    assert all(entry in contributing for entry in entries)
