import csv
import io
from fractions import Fraction
from pathlib import Path

import pytest

from learnability.figure import FIGURES
from learnability.paper_tables import TABLES


def rows_of(ran):
    assert ran.code == 0, ran.err
    return list(csv.DictReader(io.StringIO(ran.out)))


def test_constant_table_agrees_with_the_command(command):
    words = ("--kernel", "exponential", "--domain", "hypercube:4", "-n", "3,16")
    three, sixteen = rows_of(command("table", "constant", *words, "--format", "csv"))
    alone = command("constant", "hypercube:4", "exponential", "-n", "3")
    assert three["C"][:30] in alone.out
    assert (sixteen["C"], sixteen["E0"]) == ("0", "inf")


def test_learnabilities_of_modes_sum_to_n(command):
    words = ("--kernel", "expr:1/(2 - t)", "--domain", "hypercube:4", "-n", "1:15:7")
    rows = rows_of(command("table", "learnability", *words, "--format", "csv"))
    assert [row["n"] for row in rows] == ["1", "8", "15"]
    for row in rows:
        counts = (1, 4, 6, 4, 1)
        total = sum(
            g * Fraction(row[f"learnability_{k}"]) for k, g in enumerate(counts)
        )
        radius = sum(
            g * Fraction(row[f"learnability_{k}_radius"]) for k, g in enumerate(counts)
        )
        assert abs(total - int(row["n"])) <= radius


def test_optimal_depth_names_the_largest_share(command, monkeypatch):
    from learnability.paper_tables import best_depth as gallery
    from numerics import spectrum

    monkeypatch.setattr(gallery, "DEPTHS", (1, 2, 4, 8))
    monkeypatch.setattr(gallery, "WEIGHT_VARIANCES", ("2",))

    words = ("hypercube:6", "--levels", "2", "--digits", "20")
    rows = rows_of(command("table", "optimal-depth", *words, "--format", "csv"))
    row = next(
        r for r in rows if (r["weight_variance"], r["bias_variance"]) == ("2", "0.1")
    )
    shares = {}
    for depth in (1, 2, 4, 8):
        s = spectrum(f"ntk:relu:depth={depth},bias_variance=0.1", "hypercube:6")
        parts = [float(x.eigenvalue) * x.multiplicity for x in s.levels]
        shares[depth] = parts[2] / sum(parts)
    best = max(shares, key=lambda depth: shares[depth])
    assert int(row["depth"]) == best
    assert abs(float(row["fractional_variance"]) - shares[best]) < 1e-12


def test_eigenvalue_table_has_a_column_for_every_pair(command):
    words = ("--kernel", "ntk:relu:depth=1..2", "--domain", "hypercube:3")
    rows = rows_of(
        command(
            "table", "eigenvalues", *words, "--domain", "circle:5", "--format", "csv"
        )
    )
    assert len(rows) == 4
    assert len(rows[0]) == 3 + 2 * 4


@pytest.mark.parametrize("form", ["text", "latex", "markdown", "json"])
def test_every_format_says_how_it_was_made(command, form):
    words = ("table", "constant", "--domain", "hypercube:3", "-n", "2")
    ran = command(*words, "--format", form)
    assert ran.code == 0
    if form != "text":
        assert "learnability table constant --domain hypercube:3 -n 2" in ran.out


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_comes_with_its_data(command, tmp_path, name):
    pytest.importorskip("matplotlib")
    folder = tmp_path / "figures" / name
    where = () if name == "theory-error" else ("hypercube:4",)
    few = ()
    if name == "phase-diagram":
        few = ("-n", "5", "--weight-variances", "1,2,4", "--bias-variances", "0,1")
    words = (*where, *few, "--output", str(folder))
    ran = command("figure", name, *words)
    assert ran.code == 0, ran.err
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{name}.{suffix}" for suffix in ("csv", "pdf", "png", "svg", "tex")
    ]
    assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert len((folder / f"{name}.csv").read_text().splitlines()) > 3


def test_stacked_bars_reach_n(command, tmp_path):
    pytest.importorskip("matplotlib")
    words = ("--domain", "hypercube:4", "-n", "3,9", "--output", str(tmp_path))
    assert command("figure", "conservation", *words).code == 0
    rows = csv.DictReader((tmp_path / "conservation.csv").read_text().splitlines())
    for row in rows:
        learned = [key for key in row if key.startswith("learned_")]
        parts = [key for key in learned if not key.endswith("_radius")]
        total = sum(Fraction(row[key]) for key in parts)
        radius = sum(Fraction(row[f"{key}_radius"]) for key in parts)
        assert abs(total - int(row["n"])) <= radius


def test_the_phase_diagram_shows_what_the_theory_predicts(command, tmp_path):
    pytest.importorskip("matplotlib")
    words = ("nngp:relu:depth=2", "hypercube:4", "-n", "5", "--output", str(tmp_path))
    grid = ("--weight-variances", "1:3", "--bias-variances", "0,0.1,1/2")
    ran = command("figure", "phase-diagram", *words, *grid)
    assert ran.code == 0, ran.err
    rows = list(
        csv.DictReader((tmp_path / "phase-diagram.csv").read_text().splitlines())
    )
    for row in rows[::4]:
        kernel = (
            f"nngp:relu:depth=2,weight_variance={row['weight_variance']},"
            f"bias_variance={row['bias_variance']}"
        )
        said = command(
            "predict", "hypercube:4", kernel, "--target", "3=1", "-n", "5",
            "--format", "json",
        ).data["rows"][0]["learnability"]["3"]  # fmt: skip
        assert abs(float(said) - float(row["learnability"])) < 1e-7


def test_pictures_of_the_documentation_are_those_of_the_gallery():
    folder = Path(__file__).parents[3] / "docs" / "figures"
    page = (folder.parent / "reference" / "figures.md").read_text("utf-8")
    for name in FIGURES:
        assert (folder / f"{name}.png").exists()
        assert f"## {name}\n" in page
        assert f"../figures/{name}.png" in page


REFUSED = [
    (("table", "nonsense"), f"known: {', '.join(TABLES)}"),
    (("figure", "nonsense"), f"known: {', '.join(FIGURES)}"),
    (("table", "optimal-depth", "--kernel", "laplace"), "--kernel"),
    (("table", "theory-error", "--domain", "hypercube:3"), "--domain"),
    (("table", "constant", "--domain", "hypercube:0"), "d = 0"),
    (("table", "learnability", "--levels", "9"), "9"),
    (("figure", "phase-diagram", "--kernel", "laplace"), "that of a net"),
    (("figure", "phase-diagram", "-n", "1:3"), "one n"),
    (("figure", "spectra", "--ridge", "1"), "--ridge"),
    (("table", "constant", "--trials", "10"), "--trials"),
    (("table", "constant", "--depths", "1:3"), "--depths"),
    (("table", "constant", "--closed-form"), "--closed-form"),
    (("figure", "conservatoin"), "did you mean 'conservation'?"),
    (("figure", "heatmap", "--style", "neurips1999"), "neurips2024"),
    (("figure", "heatmap", "--width", "0.1"), "from 2 to 30 inches"),
    (("figure", "heatmap", "--output", "x.gif"), ".pdf"),
    (("table", "constant", "--ridge", "0,1"), "takes one"),
    (("figure", "theory-error", "hypercube:3"), "hypercube:3"),
    (("figure", "heatmap", "--kernel", "laplace", "--kernel", "gaussian"), "2 pairs"),
    (
        ("figure", "learning-curves", "--levels", "0:8", "--ridge", "0,1,2,3"),
        "at most 28",
    ),
    (("figure", "heatmap", "--output", "/dev/null"), "is a file"),
]


@pytest.mark.parametrize(("words", "says"), REFUSED, ids=lambda x: " ".join(x)[:50])
def test_it_is_refused_in_one_line(command, tmp_path, monkeypatch, words, says):
    monkeypatch.chdir(tmp_path)
    ran = command(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert says in ran.err
    assert list(tmp_path.iterdir()) == []
