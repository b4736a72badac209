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
from verify.experiments import CATALOG, LearningCurves, Net
from verify.experiments.catalog import Entry

TINY = LearningCurves(
    name="tiny",
    title="a cube of three bits",
    domain="hypercube:3",
    net=Net("relu", 1),
    targets=(0, 1),
    sizes=(2, 4),
    kernel_trials=4000,
    net_trials=2,
    width=16,
    max_steps=100,
)
MINE = """
domain = "hypercube:3"
targets = [1, "1=1,3=1/4"]
sizes = [4, 8]
kernel_trials = 4000
net_trials = 2
width = 16
max_steps = 100
[net]
activation = "erf"
depth = 1
"""
FILES = {
    "figure.png",
    "figure.pdf",
    "figure.csv",
    "table.csv",
    "table.tex",
    "errors.csv",
    "errors.tex",
    "report.md",
    "verdict.json",
    "measurements.csv",
    "run.json",
    "specification.json",
}


def make(*, full=False, as_published=False, seed=0):
    rate = 0.5 if as_published else None
    return replace(TINY, net_trials=3 if full else 2, learning_rate=rate, seed=seed)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch):
    monkeypatch.setitem(CATALOG, "tiny", Entry(make, "a tiny one"))


def run(*words):
    return main(["reproduce", *map(str, words)])


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run's folder, and what it printed; tests work on copies."""
    place = tmp_path_factory.mktemp("runs") / "tiny"
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed):
        patch.setitem(CATALOG, "tiny", Entry(make, "a tiny one"))
        assert run("tiny", "--output", place) == 0
    return place, printed.getvalue()


@pytest.fixture
def folder(finished, tmp_path):
    return shutil.copytree(finished[0], tmp_path / "copy")


def test_a_run_writes_figure_tables_report_and_verdict(finished):
    folder, text = finished
    assert {p.name for p in folder.iterdir()} == FILES | {"cells"}
    assert "verdict over all curves" in text
    assert "--full is as published: net_trials 2 → 3" in text
    rows = list(csv.DictReader((folder / "table.csv").read_text().splitlines()))
    assert [(r["target"], r["n"]) for r in rows] == [
        ("k = 0", "2"),
        ("k = 0", "4"),
        ("k = 1", "2"),
        ("k = 1", "4"),
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
    report = (folder / "report.md").read_text()
    assert "## What would make it stronger" in report
    assert "2·lr·λ_max/n" in report


def test_the_same_command_computes_nothing_again(folder):
    cells = {p: p.stat().st_mtime_ns for p in (folder / "cells").rglob("*.npz")}
    assert cells
    assert run("tiny", "--output", folder, "--quiet") == 0
    assert {p: p.stat().st_mtime_ns for p in (folder / "cells").rglob("*.npz")} == cells


def test_another_specification_is_refused_unless_overwritten(folder, capsys):
    before = (folder / "table.csv").read_bytes()
    assert run("tiny", "--output", folder, "--seed", 5) == 2
    error = capsys.readouterr().err
    assert "another specification (it differs in seed)" in error
    assert (folder / "table.csv").read_bytes() == before
    assert run("tiny", "--output", folder, "--seed", 5, "--overwrite", "--quiet") == 0
    assert (folder / "table.csv").read_bytes() != before


def test_results_of_another_version_are_named_and_kept(folder, capsys):
    path = folder / "specification.json"
    old = {**json.loads(path.read_text()), "format": 1}
    path.write_text(json.dumps(old))
    assert run("tiny", "--output", folder) == 2
    assert "format 1, this version writes 2" in capsys.readouterr().err
    assert run("tiny", "--from", folder, "--output", folder / "x") == 2
    assert "format 1; this version reads format 2" in capsys.readouterr().err
    assert not (folder / "x").exists()


def test_a_stored_run_is_drawn_and_judged_again_without_its_cells(folder, capsys):
    shutil.rmtree(folder / "cells")
    kept = {name: (folder / name).read_bytes() for name in FILES}
    for name in FILES - {"measurements.csv", "run.json", "specification.json"}:
        (folder / name).unlink()
    new = folder.parent / "again"
    assert run("tiny", "--from", folder, "--output", new) == 0
    assert "nothing was run" in capsys.readouterr().out
    assert {p.name for p in new.iterdir()} == FILES
    for name in ("figure.csv", "table.csv", "errors.csv", "verdict.json", "report.md"):
        assert (new / name).read_bytes() == kept[name], name


def test_a_stored_run_of_another_experiment_is_refused(folder, capsys):
    assert run("fig1", "--from", folder) == 2
    assert "holds 'tiny', not 'fig1'" in capsys.readouterr().err
    assert run("tiny", "--from", folder / "nowhere") == 2
    assert "specification.json" in capsys.readouterr().err
    assert run("tiny", "--from", folder, "--full") == 2
    text = (folder / "measurements.csv").read_text()
    (folder / "measurements.csv").write_text(text + "kernel,2,k = 0\n")
    assert run("tiny", "--from", folder, "--output", folder / "new") == 2
    assert "is no measurement" in capsys.readouterr().err


def test_an_experiment_of_ones_own_is_a_few_lines_of_toml(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(MINE)
    assert run("mine.toml") == 0
    assert {p.name for p in (tmp_path / "mine").iterdir()} == FILES | {"cells"}
    out = capsys.readouterr().out
    assert "[1=1,3=1/4]" in out
    text = (tmp_path / "mine" / "table.csv").read_text()
    rows = list(csv.DictReader(text.splitlines()))
    assert float(rows[-1]["learnability_kernel"]) == pytest.approx(
        1
    )  # n = 8: all points


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("sizes = [4, 8]", "sizse = [2, 8]"), "did you mean 'sizes'"),
        (("sizes = [4, 8]", "sizes = []"), "sizes = []"),
        (("sizes = [4, 8]", "sizes = [4, 9]"), "sizes = 9"),
        (("targets = [1,", "targets = [4,"), "targets = 4"),
        (('activation = "erf"', 'activation = "relo"'), "activation = 'relo'"),
        (("[net]", "[net"), "it is not TOML"),
        (("width = 16", "kind = 'curve'"), "kind 'curve' is unknown"),
        (("width = 16", "margins = {learnability = 1e-5}"), "cannot be resolved"),
    ],
)
def test_bad_files_are_named_before_anything_runs(tmp_path, capsys, change, says):
    path = tmp_path / "mine.toml"
    path.write_text(MINE.replace(*change))
    assert run(path, "--output", tmp_path / "out") == 2
    error = capsys.readouterr().err
    assert says in error
    assert len(error.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
    assert run(path, "--full") == 2


def test_a_foreign_folder_is_not_touched(tmp_path, capsys):
    (tmp_path / "letter.txt").write_text("dear")
    assert run("tiny", "--output", tmp_path) == 2
    assert "holds no specification.json" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_in_place_of_the_folder_is_named(tmp_path, capsys):
    (tmp_path / "x").write_text("")
    assert run("tiny", "--output", tmp_path / "x") == 2
    assert "is a file" in capsys.readouterr().err


def test_an_unknown_device_is_named_before_any_work(tmp_path, capsys):
    assert run("tiny", "--output", tmp_path / "new", "--device", "abacus") == 2
    assert "abacus" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_interrupting_ends_with_130_and_keeps_cells(tmp_path, monkeypatch, capsys):
    from verify.experiments import net_cells

    def stop(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(net_cells, "run_cells", stop)
    assert run("tiny", "--output", tmp_path / "new", "--quiet") == 130
    assert "the same command goes on" in capsys.readouterr().err
    assert list((tmp_path / "new" / "cells").glob("regression-*.npz"))
    assert not (tmp_path / "new" / "verdict.json").exists()


def test_strict_tells_the_verdict_by_exit_code(folder):
    verdict = json.loads((folder / "verdict.json").read_text())["verdict"]
    expected = {"confirmed": 0, "refuted": 1, "inconclusive": 3}[verdict]
    assert run("tiny", "--output", folder, "--quiet", "--strict") == expected
