"""Runs that are kept are read back: same verdicts, figures and tables, nothing is run."""

import csv
import json
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="needs the extra figures")
pytest.importorskip("jax", reason="needs the extra jax")

from learnability.__main__ import main
from learnability.error_table import as_csv, as_page, stored_runs

RESULTS = Path(__file__).parents[3] / "results"
QUICK = {"fig1-full", "fig2-full"}
KEPT = sorted(path.parent.name for path in RESULTS.glob("*/specification.json"))


@pytest.mark.parametrize(
    "name",
    [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in KEPT],
)
def test_a_kept_run_gives_its_verdicts_and_its_figure_again(name, tmp_path):
    kept = RESULTS / name
    experiment = json.loads((kept / "specification.json").read_text())["name"]
    out = tmp_path / "again"
    words = ["reproduce", experiment, "--from", str(kept), "--output", str(out)]
    assert main([*words, "--quiet"]) == 0
    assert (out / "figure.png").read_bytes().startswith(b"\x89PNG")
    old = json.loads((kept / "verdict.json").read_text())
    new = json.loads((out / "verdict.json").read_text())
    assert old["specification"] == new["specification"]
    words = lambda v: [
        (c["subject"], c["comparison"], c["verdict"]) for c in v["curves"]
    ]
    assert words(old) == words(new)


def test_the_error_table_holds_every_row_of_the_runs():
    runs = [run for run in stored_runs(RESULTS) if run[0] in QUICK]
    rows = [(name, r) for name, e, m in runs for r in e.examine(m).errors]
    lines = list(csv.DictReader(as_csv(rows).splitlines()))
    assert len(lines) == len(rows)
    first = next(r for r in lines if r["experiment"] == "fig1-full")
    assert (first["comparison"], first["at"]) == ("kernel − theory", "2")
    # L of the constant mode at n = 2: measured 0.477, theory 0.422
    assert float(first["error"]) == pytest.approx(0.0547, abs=1e-3)
    assert float(first["constant_mode"]) == pytest.approx(0.061, abs=2e-3)
    page = as_page(rows, {name: e.title for name, e, _ in runs})
    assert "## fig2-full" in page
    assert page.count("| target | at | error | known causes |") == 5
