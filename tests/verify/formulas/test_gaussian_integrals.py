"""The formulas of numeric duals, and wrong ones, against pairings of polynomials."""

from dataclasses import replace

import pytest
from sympy import Rational

from theory import formulas
from verify.exact.testing.law import examine
from verify.formulas.judges.activations.gaussian_integrals import by_pairings
from verify.verdicts.verdict import Verdict

NAMES = ("gaussian_integral", "price_theorem", "gaussian_fall", "gaussian_apart")


@pytest.mark.parametrize("name", NAMES)
def test_the_formula_holds_and_a_wrong_factor_does_not(name):
    right = formulas[name]
    assert examine(by_pairings(right), 10, 0).verdict is Verdict.CONFIRMED
    wrong = replace(right, rhs=right.rhs * Rational(11, 10))
    assert examine(by_pairings(wrong), 10, 0).verdict is Verdict.REFUTED
