"""The tables of the gallery: what they say, and that a real TeX sets them."""

import csv
import io
import re
import shutil
import subprocess

import pytest

from learnability import table
from learnability.paper_tables import TABLES
from numerics import spectrum

DOCUMENT = r"""\documentclass%s{article}
\usepackage{amsmath,amssymb,booktabs,siunitx,longtable,graphicx}
\begin{document}
%s
\end{document}
"""


def rows_of(ran):
    assert ran.code == 0, ran.err
    return list(csv.DictReader(io.StringIO(ran.out)))


def test_the_decay_of_asymptotics_is_that_of_the_eigenvalues():
    made = table.asymptotics(["ntk:relu:depth=1", "laplace:width=1"], "sphere:3")
    for row, kernel in zip(made.rows, ("ntk:relu:depth=1", "laplace"), strict=True):
        k, p, amplitude = 400, row[3], row[5]
        s = spectrum(kernel, "sphere:3", levels=[k], digits=12)
        ratio = float(s.level(k).eigenvalue) * k ** float(p) / float(amplitude)
        assert abs(ratio - 1) < 0.01
    assert float(made.rows[0][6]) == 0
    assert float(made.rows[1][6]) == float(made.rows[1][5])


def test_the_series_is_far_closer_than_the_leading_power():
    for row in table.asymptotics("ntk:relu:depth=1", ["sphere:3", "sphere:8"]).rows:
        assert float(row[8]) < 1e-6 < 1e-2 < float(row[7])


def test_agreement_sees_a_wrong_theory(monkeypatch):
    from learnability.paper_tables import against_regression as gallery

    given = {"n": [16], "levels": [1], "trials": 400}
    asked = ("exponential:beta=1", "hypercube:5")
    right = table.agreement(*asked, **given).rows[0]
    assert abs(float(right[4])) < 5
    true = gallery.predict
    monkeypatch.setattr(
        gallery,
        "predict",
        lambda s, target, n, ridge: true(s, target, [size + 2 for size in n], ridge),
    )
    wrong = table.agreement(*asked, **given)
    assert abs(float(wrong.rows[0][4])) > 8


def test_agreement_repeats_with_its_seed_and_names_it(command):
    words = ("--domain", "circle:12", "-n", "4", "--trials", "20", "--format", "csv")
    one, again, other = (
        command("table", "agreement", *words, "--seed", seed).out for seed in "778"
    )
    assert one == again != other
    assert (
        "(seed 7)"
        in table.agreement("exponential", "circle:12", n=4, trials=20, seed=7).caption
    )


def test_closed_forms_of_several_kernels_have_columns_of_their_own(command):
    words = ("--kernel", "polynomial:degree=1..2", "--domain", "hypercube:3")
    rows = rows_of(
        command("table", "eigenvalues", *words, "--closed-form", "--format", "csv")
    )
    assert rows[2]["polynomial:degree=2 closed form"] == "2/9"
    assert rows[1]["polynomial:degree=1 closed form"] == "1/3"


def test_depths_are_those_that_are_asked_for(command):
    words = ("--domain", "hypercube:4", "--depths", "2,3", "--digits", "10")
    rows = rows_of(command("table", "optimal-depth", *words, "--format", "csv"))
    assert {row["depth"] for row in rows} <= {"2", "3"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("agreement", "--trials", "7"), "trials = 7"),
        (("agreement", "--domain", "hypercube:3", "-n", "9"), "n = 9"),
        (("agreement", "--domain", "hypercube:3", "--levels", "4"), "4"),
        (("agreement", "--trials", "1"), "trials = 1"),
        (("asymptotics", "--domain", "hypercube:3"), "spheres"),
        (("asymptotics", "--level", "0"), "level = 0"),
        (("optimal-depth", "--depths", "0"), "--depths"),
        (("optimal-depth", "--domain", "hypercube:4", "--levels", "5"), "5"),
    ],
    ids=str,
)
def test_it_is_refused_in_one_line(command, words, says):
    ran = command("table", *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err


SMALL = [
    "table eigenvalues",
    "table eigenvalues sphere:3 hypercube:4 ntk:relu:depth=1..3 gaussian --no-radius",
    "table eigenvalues sphere:8 ntk:relu:depth=1 --levels 0:4 --closed-form",
    "table constant hypercube:8 ntk:relu:depth=1..3",
    "table constant hypercube:4 exponential -n 1,15,16",
    "table learnability",
    "table learnability circle:9 laplace gaussian -n 2,5",
    "table agreement circle:9 laplace -n 2,5 --trials 20",
    "table asymptotics sphere:3 ntk:relu:depth=1 exponential",
    "table optimal-depth hypercube:4 --depths 1,2",
    "table theory-error",
    "table learned-function hypercube:6 ntk:relu:depth=1",
    "table double-descent",
    "table finite-width -n 20 --widths 10,30",
    "predict hypercube:8 ntk:relu:depth=1..2 --target 1,2,3 -n log:1:99:30",
    "constant hypercube:8 ntk:relu:depth=1 -n 1:300 --ridge 0.1",
    "eigenvalues hypercube:8 ntk:relu:depth=1..2 --show 30",
    "formula",
]
"""Commands whose tables are set, long ones and wide ones among them."""


def test_every_table_is_among_those_that_are_set():
    assert set(TABLES) <= {line.split()[1] for line in SMALL if len(line.split()) > 1}


def test_past_forty_rows_a_table_breaks_over_pages():
    few, many = (
        table.constant("exponential", "hypercube:6", n=range(1, n), digits=8).latex()
        for n in (41, 42)
    )
    assert r"\begin{table}" in few
    assert r"\begin{longtable}" in many
    for made in (few, many):
        assert r"\label{tab:the-constant-c-and-the-overfitting-coeff}" in made
        assert made.index("% learnability") < made.index(r"\caption")


def test_a_column_shares_one_power_of_ten_and_loses_no_digit():
    made = table.eigenvalues(
        "exponential:beta=1", "hypercube:12", levels=[3, 4], show=5
    )
    text = made.latex()
    assert r"$\lambda_k$ $/\,10^{-" in text
    power = int(text.split(r"/\,10^{")[1].split("}")[0])
    rows = [line for line in text.splitlines() if line.strip()[:3] in {"3 &", "4 &"}]
    for line, row in zip(rows, made.rows, strict=True):
        shown = float(line.split("&")[2].split("(")[0]) * 10.0**power
        assert shown == pytest.approx(float(row[2]), rel=1e-4)


def test_numbers_without_their_radius_are_the_same_numbers(command):
    words = ("table", "constant", "hypercube:4", "exponential", "-n", "3,5")
    plain = command(*words, "--no-radius").out
    assert "(" not in plain
    full = re.sub(r"\(\d+\)", "", command(*words).out)
    assert plain.split() == full.split()


@pytest.mark.parametrize("columns", ["", "[twocolumn]"])
def test_a_real_tex_sets_every_table_within_the_page(tmp_path, command, columns):
    if shutil.which("pdflatex") is None:
        pytest.skip("no TeX: apt-get install texlive-latex-extra texlive-science")
    styles = ("booktabs.sty", "siunitx.sty", "longtable.sty")
    for style in styles:
        found = subprocess.run(
            ["kpsewhich", style], capture_output=True, text=True, check=False
        )
        if not found.stdout.strip():
            pytest.skip(f"TeX has no {style}: apt-get install texlive-science")
    made = []
    for line in SMALL:
        ran = command(*line.split(), "--format", "latex")
        assert ran.code == 0, ran.err
        made.append(ran.out)
    text = DOCUMENT % (columns, "\n\\clearpage\n".join(made))
    (tmp_path / "tables.tex").write_text(text)
    words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "tables.tex"]
    for _ in range(2):
        ran = subprocess.run(
            words, cwd=tmp_path, capture_output=True, text=True, check=False
        )
    log = (tmp_path / "tables.log").read_text(errors="replace")
    assert ran.returncode == 0, log[-3000:]
    assert "Overfull" not in log
    assert "Missing character" not in log
