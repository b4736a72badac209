"""LaTeX says what the expression says, in the order of the papers."""

import cmath
import re
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    IndexedBase,
    Integer,
    KroneckerDelta,
    Pow,
    Rational,
    Sum,
    acos,
    sqrt,
    symbols,
)

from theory import formulas, implicit_equation
from theory.constant import L, U
from theory.notation import C, g, i, j, lam, levels, power, t
from theory.printing import latex, text


def test_negative_powers_of_indexed_letters_are_fractions():
    assert latex(1 / lam[i]) == r"\frac{1}{\lambda_{i}}"
    assert latex(lam[i] ** -2) == r"\frac{1}{\lambda_{i}^{2}}"
    assert latex(1 / power[i]) == r"\frac{1}{v_{i}^{2}}"
    inverse_trace = latex(Sum(1 / lam[i], (i, 1, levels)))
    assert inverse_trace == r"\sum_{i=1}^{\ell} \frac{1}{\lambda_{i}}"
    assert "-" not in formulas["harmonic_mean_bound"].latex().partition("sum")[2]


def test_multiplicities_come_before_eigenvalues():
    assert latex(lam[i] * g[i]) == r"g_{i} \lambda_{i}"
    assert latex(C * lam[i] * g[i]) == r"g_{i} \lambda_{i} C"


def test_a_label_with_a_subscript_takes_the_index_into_it():
    assert latex(IndexedBase("m_v")[i]) == "m_{v,i}"


def test_inverse_functions_have_their_usual_names():
    assert latex(acos(t)) == r"\arccos{\left(t \right)}"


@pytest.mark.parametrize("name", formulas)
def test_every_formula_is_well_formed(name):
    text = formulas[name].latex()
    depth = 0
    for letter in text.replace(r"\{", "").replace(r"\}", ""):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0
    assert text.count(r"\left") == text.count(r"\right")
    assert not re.search(r"_\{[^{}]*\}_", text), "two subscripts in a row"
    assert not re.search(r"\^\{[^{}]*\}\^", text), "two superscripts in a row"


x, y, z = symbols("x y z", positive=True)
LINES = {
    "x² − 2 x": x**2 - 2 * x,
    "x/(y z)": x / (y * z),
    "x y/z": x * y / z,
    "x (y + z)": x * (y + z),
    "(x^y)²": Pow(x**y, 2, evaluate=False),
    "√x": sqrt(x),
    "1/√(x + y)": 1 / sqrt(x + y),
    "√x/2": sqrt(x) / 2,
    "3 x/4": 3 * x / 4,
    "(x + y)^(−z)": (x + y) ** -z,
    "(y/z)^x": Pow(y / z, x),
    "2·3^x": 2 * Pow(3, x, evaluate=False),
    "−x (y + z)/3": -x * (y + z) / 3,
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_unicode(line):
    assert text(LINES[line]) == line


def as_python(line):
    """A line of Unicode read back: a space is a product."""
    line = line.replace("−", "-").replace("·", "*").replace("^", "**")
    line = re.sub(
        r"√(\w+|\()", lambda m: f"sqrt{'' if m[1] == '(' else '!'}{m[1]}", line
    )
    line = re.sub(r"sqrt!(\w+)", r"sqrt(\1)", line)
    line = re.sub(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: f"**{normalize('NFKC', m[1])}", line)
    return re.sub(r"(?<=[\w)]) (?=[\w(])", "*", line)


@given(st.recursive(
    st.sampled_from([x, y, z, L, U, Integer(2), Rational(3, 4), Integer(-3)]),
    lambda inner: st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a - b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a, b: a / b if b != 0 else a, inner, inner),
        st.builds(lambda a: a**2, inner),
        st.builds(lambda a: sqrt(a**2 + 1), inner),
    ),
    max_leaves=8,
))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_a_line_read_back_is_the_expression(expression):
    at = {"x": 1.37, "y": 0.71, "z": 2.23, "λi": 0.6, "C": 1.9, "Li": 0.24}
    at["sqrt"] = cmath.sqrt
    values = {x: 1.37, y: 0.71, z: 2.23, L: 0.24, U: 0.76}
    expected = complex(expression.subs(values))
    for letters in (True, False):
        line = as_python(text(expression, letters=letters))
        if expression not in (L, U) or letters:
            value = eval(line, {}, at)  # our own text
            assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_the_implicit_equation_reads_as_in_the_paper():
    assert str(implicit_equation()) == "Σᵢ gᵢ λᵢ/(λᵢ + C) + δ/C = n"
    assert text(L) == "Lᵢ"
    assert text(L * U) == "λᵢ C/(λᵢ + C)²"
    assert text(L * U, letters=True) == "Lᵢ (1 − Lᵢ)"
    summed = Sum(g[i] * L, (i, 1, levels))
    assert text(summed**2 / 2, letters=True) == "(Σᵢ gᵢ Lᵢ)²/2"
    assert text(2 / summed, letters=True) == "2/(Σᵢ gᵢ Lᵢ)"
    assert text(x / U) == "x (λᵢ + C)/C"
    assert text(lam[i] ** 2 * KroneckerDelta(i, j)) == "δᵢⱼ λᵢ²"


def test_no_formula_shows_the_code_of_sympy():
    for formula in formulas.values():
        line = formula.text()
        for code in ("**", "Sum(", "Integral(", "learnability(", "Trace(", "lambda"):
            assert code not in line, (formula.name, line)
        assert line.count("(") == line.count(")")
