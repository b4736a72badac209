"""LaTeX says what the expression says, in the order of the papers."""

import re

import pytest
from sympy import IndexedBase, Sum, acos

from theory import formulas
from theory.notation import C, g, i, lam, levels, power, t
from theory.printing import latex


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
