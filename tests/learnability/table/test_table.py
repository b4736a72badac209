import re
import shutil
import subprocess
from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from learnability import table
from learnability.table import Column, Estimate, Symbolic, Table
from learnability.table.cell import from_float, spell
from numerics import Ball, Spectrum, predict, spectrum, working_precision

SHORT = re.compile(r"(-?\d+)(?:\.(\d+))?(?:\((\d+)\))?(?:e(-?\d+))?$")


def interval(text):
    """What a reader takes from 1.234(5)e-6."""
    if "±" in text:
        radius = Fraction(text.partition("±")[2].strip())
        return -radius, radius
    found = SHORT.match(text)
    assert found, text
    whole, decimals, error, exponent = found.groups()
    decimals = decimals or ""
    unit = Fraction(10) ** (int(exponent or 0) - len(decimals))
    middle, radius = int(whole + decimals) * unit, int(error or 0) * unit
    return middle - radius, middle + radius


@given(
    st.fractions(-(10**6), 10**6),
    st.integers(-40, 40),
    st.integers(0, 30),
    st.integers(1, 25),
)
def test_a_printed_ball_contains_the_whole_ball(value, power, guard, show):
    value *= Fraction(10) ** power
    with working_precision(400):
        middle = arb(fmpq(value.numerator, value.denominator))
        ball = Ball(middle + middle * arb(10) ** -guard * arb(0, 1))
    low, high = interval(spell(ball, show).short())
    assert low <= ball.lower
    assert ball.upper <= high


@given(st.fractions(-(10**9), 10**9), st.integers(1, 12))
def test_a_printed_fraction_contains_the_fraction(value, show):
    low, high = interval(spell(value, show).short())
    assert low <= value <= high


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "csv", "json"])
def test_tables_hold_numbers_of_more_digits_than_python_writes(form):
    third, tiny = Ball.exact(fmpq(2, 3)), Fraction(256) - Fraction(1, 10**6000)
    rows = ((third, tiny, (10**5000 - 1) // 9),)
    columns = tuple(Column(key, key, key) for key in ("third", "n", "many"))
    written = getattr(Table(columns, rows, "", digits=5000, show=5000), form)()
    assert "6" * 4900 in written.replace(r"\,", "")
    assert "9" * 5990 in written
    assert ("1" * 5000 in written) == (form in {"csv", "json", "latex"})


@given(st.floats(1e-200, 1e200), st.integers(1, 17))
def test_a_float_is_printed_with_its_error(value, show):
    low, high = interval(spell(from_float(value, 1e-14), show).short())
    exact = Fraction(value)
    assert low <= exact * (1 - Fraction(1, 10**14))
    assert exact * (1 + Fraction(1, 10**14)) <= high


@given(st.floats(-1e6, 1e6), st.floats(1e-9, 1e3), st.integers(3, 12))
def test_an_estimate_shows_no_less_than_its_error(value, error, show):
    spelled = spell(Estimate(value, error), show)
    radius = Fraction(spelled.radius)
    assert radius >= Fraction(repr(error))
    assert abs(Fraction(spelled.decimal) - Fraction(repr(value))) <= radius


def sample():
    columns = (
        Column("level", "k", "$k$"),
        Column("value", "λ", r"$\lambda$", "m", "proved radius", "mercer"),
        Column("rate", "rate", "rate", "", "standard error"),
        Column("form", "form", "form"),
    )
    with working_precision(100):
        ball = Ball(arb("1.25e-7", "1e-12"))
    rows = (
        (0, Ball.exact(fmpq(1, 4)), Estimate(0.123456, 0.00123), "a|b_c"),
        (10, ball, None, Symbolic("1/x", r"\frac{1}{x}")),
        (200, Ball.infinite("limit"), Estimate(-3.0, 0.5), None),
    )
    return Table(columns, rows, "A sample_1.", command=["learnability", "x y"], seed=7)


def test_text_aligns_decimal_points():
    lines = sample().text().splitlines()
    assert lines[0].split() == ["k", "λ", "[m]", "rate", "form"]
    assert lines[1].startswith("  0    0.25")
    assert "1.25000(2)e-7" in lines[2]
    assert lines[3].split() == ["200", "inf", "-3.00(50)", "–"]
    points = {line.index(".") for line in lines[1:3]}
    assert len(points) == 1


def test_markdown_escapes_bars_and_keeps_its_caption():
    text = sample().markdown()
    assert r"a\|b_c" in text
    assert "A sample_1. learnability" in text
    assert "learnability 'x y' (seed 7)" in text


def test_csv_has_a_radius_beside_every_uncertain_column():
    head, first, *_ = sample().csv().splitlines()
    assert head == "level,value,value_radius,rate,rate_radius,form"
    assert first.startswith("0,0.25,0,")


def test_json_says_what_columns_mean():
    import json

    data = json.loads(sample().json())
    assert data["columns"][1] == {
        "key": "value", "unit": "m", "uncertainty": "proved radius", "source": "mercer",
    }  # fmt: skip
    assert data["rows"][1]["value"] == "1.25000e-7"
    assert data["rows"][2]["rate_radius"] == "50e-2"


def test_latex_columns_have_room_for_their_numbers():
    text = sample().latex()
    assert "S[table-format=1.5(1)e-1]" in text
    assert "S[table-format=-1.4(2)]" in text
    assert r"A sample\_1." in text
    assert r"{$\infty$}" in text
    assert r"{$\frac{1}{x}$}" in text


def _document(tables):
    """A document of tables; where TeX lacks siunitx its columns become plain ones."""
    words = ["kpsewhich", "siunitx.sty"]
    found = subprocess.run(words, capture_output=True, check=False).returncode == 0
    body = "\n".join(table.latex() for table in tables)
    package = r"\usepackage{siunitx}"
    if not found:
        package = r"\newcommand{\unit}[1]{#1}"
        body = re.sub(r"S\[table-format=[^]]*\]", "c", body)
    head = rf"\documentclass{{article}}\usepackage{{amsmath,booktabs}}{package}"
    return f"{head}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no TeX here")
def test_tex_compiles_every_table(tmp_path):
    p = predict(Spectrum.from_levels([(1, 4), ("1/9", 6)]), {0: 1}, [1, 2], digits=12)
    tables = [
        sample(),
        table.prediction(p),
        table.eigenvalues(["exponential", "ntk:relu"], "hypercube:5", levels=[0, 1]),
        table.eigenvalues("exponential", "hypercube:5"),
        table.constants({"ntk:relu": spectrum("ntk:relu", "hypercube:4")}, [1]),
    ]
    (tmp_path / "tables.tex").write_text(_document(tables))
    words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "tables.tex"]
    ran = subprocess.run(words, cwd=tmp_path, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stdout[-2000:]


def test_notebooks_show_html():
    assert "<td>a|b_c</td>" in sample()._repr_html_()


def test_a_table_is_saved_by_its_suffix(tmp_path):
    sample().save(tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == sample().csv()
    sample().latex(tmp_path / "t.tex")
    assert (tmp_path / "t.tex").read_text() == sample().latex()
    with pytest.raises(ValueError, match="suffix"):
        sample().save(tmp_path / "t.doc")


def test_eigenvalue_tables_hold_several_domains():
    made = table.eigenvalues("exponential", ["hypercube:3", "hypercube:5"], show=4)
    assert [column.key for column in made.columns] == [
        "level",
        "multiplicity_on_hypercube:3",
        "exponential:beta=1 on hypercube:3",
        "multiplicity_on_hypercube:5",
        "exponential:beta=1 on hypercube:5",
    ]
    assert made.rows[5][1] is None
    assert made.rows[5][2] is None
    assert made.rows[5][3] == 1
