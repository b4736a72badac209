"""Slopes of C by implicit differentiation, against each other and against numbers."""

import pytest
from sympy import Rational, Symbol, cancel, symbols

from theory import notation
from theory.constant import (
    constant_by_eigenvalue,
    constant_by_ridge,
    constant_by_samples,
)
from theory.constant.implicit import implicit_equation
from theory.constant.learnability import learnability, unlearned
from theory.constant.level_sums import normal_form, total
from theory.errors import OutOfDomain
from theory.notation import C, g, i, j, lam, n, ridge
from theory.statistics import overfitting_coefficient

I = implicit_equation()
E0 = overfitting_coefficient.rhs
L, U = learnability(lam[i], C), unlearned(lam[i], C)


def test_published_slopes_follow():
    for derived, formula, x in (
        (I.derivative(n), constant_by_samples, None),
        (I.derivative(ridge), constant_by_ridge, None),
    ):
        assert normal_form(derived - formula.rhs.subs(notation.overfitting, E0)) == 0, x
    by_level = I.derivative(lam[j])
    expected = constant_by_eigenvalue.rhs.subs(i, j)
    memo = {}
    at_j = expected.subs(notation.overfitting, Symbol("E0"))
    assert normal_form(by_level - at_j.subs(Symbol("E0"), E0), memo) == 0


def test_mixed_slopes_commute():
    first = I.derivative_of(C, n, ridge)
    second = I.derivative_of(C, ridge, n)
    assert normal_form(first - second) == 0


def test_euler_homogeneity():
    levels = symbols("a b c", positive=True)
    J = implicit_equation([(x, k + 1) for k, x in enumerate(levels)])
    whole = sum(x * J.derivative(x) for x in levels) + ridge * J.derivative(ridge)
    at = dict(zip(levels, (2, Rational(1, 3), 5), strict=True))
    assert whole.subs(at).subs({C: Rational(3, 7), ridge: 2}) == Rational(3, 7)


def test_higher_orders_against_a_closed_form():
    lamb, count = Rational(3, 2), 5
    J = implicit_equation([(lamb, count)], ridge=0)
    C_of = lamb * (count - n) / n
    for order in range(1, 5):
        derived = J.derivative(n, order).subs(C, C_of)
        assert cancel(derived - C_of.diff(n, order)) == 0


def test_slopes_of_statistics():
    slope = I.derivative_of(learnability(lam[j], C), ridge)
    Lj, Uj = learnability(lam[j], C), unlearned(lam[j], C)
    assert normal_form(slope + Lj * Uj * E0 / (n * C)) == 0
    by_own = I.derivative_of(learnability(lam[j], C), lam[j])
    expected = Lj * Uj / lam[j] * (1 - g[j] * Lj * Uj * E0 / n)
    assert normal_form(by_own - expected) == 0


def test_a_letter_that_is_not_there_is_refused():
    with pytest.raises(OutOfDomain, match="does not contain"):
        I.derivative(notation.noise)


def test_uniqueness_follows_from_signs():
    assert (
        I.left.diff(C).is_negative
        or normal_form(I.left.diff(C) + (total(g[i] * L * U) + ridge / C) / C) == 0
    )
