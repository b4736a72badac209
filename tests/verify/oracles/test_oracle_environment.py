"""The oracle's environment: finished or not there, and never a pass where it is missing."""

import json
import os

import pytest

from verify import suites
from verify.oracles import Environment, OracleUnavailable, environment, suite
from verify.oracles.environment import MARKER, default_folder, digest
from verify.verdicts.report import Report, as_text, overall
from verify.verdicts.verdict import Verdict


@pytest.fixture
def builder(monkeypatch, tmp_path):
    """A build without downloads: the steps are recorded, and one of them may fail."""
    steps = []

    def make(command, what):
        steps.append(what)
        partial = environment.Path(command[-1])
        (partial / "bin").mkdir(parents=True)
        (partial / "bin" / "python").touch()

    def install(python, listed):
        steps.append("install")
        assert "--no-deps" not in listed.read_text().splitlines()
        yield 1, "Collecting jax==0.5.3"

    monkeypatch.setattr(environment, "_run", make)
    monkeypatch.setattr(environment, "_install", install)
    monkeypatch.setattr(
        Environment, "ask", lambda *_: iter([{"versions": {"jax": "0.5.3"}}])
    )
    return Environment(tmp_path / "cache" / "oracle"), steps


def test_it_is_built_once_and_reused(builder):
    oracle, steps = builder
    told = []
    assert not oracle.is_ready
    oracle.build(lambda *step: told.append(step))
    assert oracle.is_ready
    assert [step[2] for step in told][1:] == [
        "Collecting jax==0.5.3",
        "importing neural-tangents for the first time",
        "done",
    ]
    oracle.build()
    assert steps == ["making an environment", "install"]
    assert [p.name for p in oracle.folder.parent.iterdir()] == ["oracle"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OracleUnavailable("no network")])
def test_an_interrupted_build_leaves_nothing_and_starts_again(
    builder, monkeypatch, error
):
    oracle, _ = builder
    good = environment._install

    def stop(python, listed):
        yield 1, "Collecting jax==0.5.3"
        raise error

    monkeypatch.setattr(environment, "_install", stop)
    with pytest.raises((KeyboardInterrupt, OracleUnavailable)):
        oracle.build()
    assert not oracle.is_ready
    assert list(oracle.folder.parent.iterdir()) == []
    monkeypatch.setattr(environment, "_install", good)
    oracle.build()
    assert oracle.is_ready


def test_what_a_killed_build_left_is_swept(builder):
    oracle, _ = builder
    oracle.folder.parent.mkdir(parents=True)
    dead = oracle.folder.with_name("oracle.building-999999999")
    mine = oracle.folder.with_name(f"oracle.building-{os.getppid()}")
    for left in (dead, mine):
        left.mkdir()
    oracle.build()
    assert not dead.exists()
    assert mine.exists()


def test_other_packages_than_those_pinned_now_are_built_anew(builder):
    oracle, steps = builder
    oracle.build()
    (oracle.folder / MARKER).write_text(json.dumps({"requirements": "of yore"}))
    assert not oracle.is_ready
    oracle.build()
    assert oracle.is_ready
    assert json.loads((oracle.folder / MARKER).read_text())["requirements"] == digest()
    assert steps.count("install") == 2


def test_a_folder_of_somebody_else_is_left_alone(builder):
    oracle, steps = builder
    oracle.folder.mkdir(parents=True)
    (oracle.folder / "thesis.tex").write_text("all of it")
    with pytest.raises(OracleUnavailable, match="holds something else"):
        oracle.build()
    assert (oracle.folder / "thesis.tex").read_text() == "all of it"
    file = Environment(oracle.folder / "thesis.tex")
    with pytest.raises(OracleUnavailable, match="is a file"):
        file.build()
    assert steps == []


def test_too_little_room_is_named_before_anything_is_made(builder, monkeypatch):
    oracle, steps = builder
    usage = environment.shutil.disk_usage(oracle.folder.parent.parent)
    monkeypatch.setattr(
        environment.shutil, "disk_usage", lambda _: usage._replace(free=10**8)
    )
    with pytest.raises(OracleUnavailable, match=r"0\.1 GB free; about 1\.5 GB"):
        oracle.build()
    assert steps == []


def test_a_python_that_has_no_wheels_is_named(monkeypatch):
    monkeypatch.setattr(environment.sys, "version_info", (3, 15, 0))
    monkeypatch.setattr(environment.shutil, "which", lambda _: None)
    with pytest.raises(OracleUnavailable, match=r"needs Python 3\.10 to 3\.13"):
        environment._interpreter()


def test_pip_without_a_network_is_said_in_one_line():
    lines = [
        "WARNING: Retrying (Retry(total=0)) after connection broken",
        "ERROR: Could not find a version that satisfies the requirement jax==0.5.3",
        "ERROR: No matching distribution found for jax==0.5.3",
    ]
    assert environment._why(lines) == (
        "the package index cannot be reached (pip: ERROR: No matching distribution found "
        "for jax==0.5.3)"
    )
    assert environment._why(["ERROR: no space"]).startswith(
        "the pinned packages cannot"
    )


def test_the_cache_is_where_caches_are(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "learnability" / "neural-tangents"


@pytest.fixture
def quick(monkeypatch):
    """The suite without its frozen comparison, which other tests make."""
    fine = Report("a claim", Verdict.CONFIRMED, 1, name="oracle/frozen")
    monkeypatch.setattr(suite, "against_frozen", lambda _: [fine])


def test_without_the_oracle_it_is_not_run_and_never_passed(
    quick, monkeypatch, tmp_path
):
    def fail(self, progress=None):
        raise OracleUnavailable("the package index cannot be reached")

    monkeypatch.setattr(Environment, "build", fail)
    reports = suites.run("oracle", suites.Request(environment=tmp_path / "oracle"))
    assert [r.verdict for r in reports] == [Verdict.CONFIRMED, Verdict.NOT_RUN]
    assert overall(reports).exit_code == 3
    text = as_text(reports)
    assert "NOT RUN  oracle/live" in text
    assert "the package index cannot be reached" in text
    assert text.splitlines()[-1].startswith("NOT RUN: 2 claims")
    assert Report.from_json(reports[1].to_json()) == reports[1]


def test_all_suites_together_download_nothing(quick, monkeypatch, tmp_path):
    def never(self, progress=None):
        raise AssertionError

    monkeypatch.setattr(Environment, "build", never)
    asked = suites.Request(environment=tmp_path / "oracle", part_of_all=True)
    (_, live) = suite.run(asked)
    assert live.verdict is Verdict.NOT_RUN
    assert "`learnability verify oracle` builds it" in live.reason


def test_a_process_that_fails_is_said_in_its_last_line(tmp_path):
    import sys

    oracle = Environment(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    # this interpreter has no neural_tangents where it is run in isolation from tests
    answers = oracle.ask([])
    with pytest.raises(OracleUnavailable, match="the oracle's process failed"):
        list(answers)
