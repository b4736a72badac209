"""All experiments in one folder: kept where finished, gone on with, one page."""

import json

import pytest

from learnability.reproduction import all_experiments, reproduce
from theory.errors import OutOfDomain, Unsupported
from verify.experiments import description, experiment
from verify.experiments.catalog import CATALOG


@pytest.fixture
def runs(monkeypatch):
    """Runs that only leave what a finished run leaves; ``parity`` fails once."""
    asked = []
    verdicts = {"fig2": "refuted", "width": "inconclusive"}

    def run(name, *, output, full, seed, **_):
        asked.append(name)
        if name == "parity" and asked.count("parity") == 1:
            raise Unsupported("no device")
        output.mkdir(parents=True, exist_ok=True)
        whole = description(experiment(name, full=full, seed=seed or 0))
        (output / "specification.json").write_text(json.dumps(whole))
        verdict = {"verdict": verdicts.get(name, "confirmed")}
        (output / "verdict.json").write_text(json.dumps(verdict))
        return 0

    monkeypatch.setattr(reproduce, "run", run)
    return asked


def test_a_failure_lets_the_others_go_on_and_is_repeated(runs, tmp_path):
    assert all_experiments.run_all(tmp_path, quiet=True) == all_experiments.FAILED
    assert runs == list(CATALOG)
    page = (tmp_path / "summary.md").read_text()
    assert "| failed |" in page
    assert "no device" in page
    assert all_experiments.run_all(tmp_path, quiet=True) == 0
    assert runs == [*CATALOG, "parity"]
    page = (tmp_path / "summary.md").read_text()
    assert all(f"[{name}]({name}/report.md)" in page for name in CATALOG)
    assert page.count("| kept |") == len(CATALOG) - 1
    assert all_experiments.run_all(tmp_path, quiet=True, strict=True) == 1


def test_another_seed_is_another_run(runs, tmp_path):
    all_experiments.run_all(tmp_path, quiet=True)
    runs.clear()
    all_experiments.run_all(tmp_path, quiet=True, seed=3)
    assert runs == list(CATALOG)


def test_a_file_is_no_folder(tmp_path):
    path = tmp_path / "all"
    path.write_text("")
    with pytest.raises(OutOfDomain, match="is a file"):
        all_experiments.run_all(path)
