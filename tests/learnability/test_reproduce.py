"""``reproduce`` writes one folder, resumes it, and never mixes two specifications."""

import csv
import io
import json
import shutil
from contextlib import redirect_stdout
from dataclasses import replace

import pytest

pytest.importorskip("jax", reason="needs the extra jax")
pytest.importorskip("matplotlib", reason="needs the extra figures")

from learnability.__main__ import main
from verify.experiments import Experiment, specification

TINY = Experiment(
    name="tiny",
    title="a cube of three bits",
    domain="hypercube:3",
    depth=1,
    targets=(0, 1),
    sizes=(2, 4),
    kernel_trials=200,
    net_trials=2,
    width=16,
    max_steps=100,
)
FILES = {
    "figure.png",
    "figure.pdf",
    "figure.csv",
    "table.csv",
    "table.tex",
    "report.md",
    "verdict.json",
    "specification.json",
}


def make(*, full=False, as_published=False, seed=0):
    rate = 0.5 if as_published else None
    return replace(TINY, net_trials=3 if full else 2, learning_rate=rate, seed=seed)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch):
    monkeypatch.setitem(specification.EXPERIMENTS, "tiny", make)


def run(*words):
    return main(["reproduce", "tiny", *map(str, words)])


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run's folder, and what it printed; tests work on copies."""
    place = tmp_path_factory.mktemp("runs") / "tiny"
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed):
        patch.setitem(specification.EXPERIMENTS, "tiny", make)
        assert run("--output", place) == 0
    return place, printed.getvalue()


@pytest.fixture
def folder(finished, tmp_path):
    return shutil.copytree(finished[0], tmp_path / "copy")


def test_a_run_writes_figure_table_report_and_verdict(finished):
    folder, text = finished
    assert {p.name for p in folder.iterdir()} == FILES | {"cells"}
    assert "verdict over all curves" in text
    assert "--full takes width" in text
    rows = list(csv.DictReader((folder / "table.csv").read_text().splitlines()))
    assert [(r["target"], r["n"]) for r in rows] == [
        ("0", "2"),
        ("0", "4"),
        ("1", "2"),
        ("1", "4"),
    ]
    verdict = json.loads((folder / "verdict.json").read_text())
    assert {c["comparison"] for c in verdict["curves"]} == {
        "kernel − theory, learnability",
        "kernel/theory − 1, MSE",
        "nets − kernel, learnability",
    }
    for curve in verdict["curves"]:
        for point in curve["points"]:
            assert point["minimum_detectable_effect"] > 0
    assert (folder / "figure.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "figure.pdf").read_bytes().startswith(b"%PDF")


def test_the_same_command_computes_nothing_again(folder):
    cells = {p: p.stat().st_mtime_ns for p in (folder / "cells").rglob("*.npz")}
    assert cells
    assert run("--output", folder, "--quiet") == 0
    assert {p: p.stat().st_mtime_ns for p in (folder / "cells").rglob("*.npz")} == cells


def test_another_specification_is_refused_unless_overwritten(folder, capsys):
    before = (folder / "table.csv").read_bytes()
    assert run("--output", folder, "--seed", 5) == 2
    error = capsys.readouterr().err
    assert "another specification" in error
    assert len(error.strip().splitlines()) == 1
    assert (folder / "table.csv").read_bytes() == before
    assert run("--output", folder, "--seed", 5, "--overwrite", "--quiet") == 0
    assert (folder / "table.csv").read_bytes() != before


def test_a_foreign_folder_is_not_touched(tmp_path, capsys):
    (tmp_path / "letter.txt").write_text("dear")
    assert run("--output", tmp_path) == 2
    assert "holds no specification.json" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_in_place_of_the_folder_is_named(tmp_path, capsys):
    (tmp_path / "x").write_text("")
    assert run("--output", tmp_path / "x") == 2
    assert "is a file" in capsys.readouterr().err


def test_an_unknown_device_is_named_before_any_work(tmp_path, capsys):
    assert run("--output", tmp_path / "new", "--device", "abacus") == 2
    assert "abacus" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_interrupting_ends_with_130_and_keeps_cells(tmp_path, monkeypatch, capsys):
    from verify.experiments import outcome

    def stop(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(outcome, "run_cells", stop)
    assert run("--output", tmp_path / "new", "--quiet") == 130
    assert "the same command goes on" in capsys.readouterr().err
    assert len(list((tmp_path / "new" / "cells").glob("kernel-*.npz"))) == 4


def test_strict_tells_the_verdict_by_exit_code(folder):
    verdict = json.loads((folder / "verdict.json").read_text())["verdict"]
    expected = {"confirmed": 0, "refuted": 1, "inconclusive": 3}[verdict]
    assert run("--output", folder, "--quiet", "--strict") == expected
