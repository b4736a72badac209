"""Judges of the implicit equation and of its slopes: exact solutions in ℚ."""

from collections.abc import Callable
from typing import Any

from sympy import Indexed

from theory import notation
from theory.formula import Formula
from verify.exact.problems.balance import Balance, balance
from verify.exact.testing.law import Law
from verify.formulas.registry import by_values, judge

letters: Any = notation


def level_values(case: Balance) -> dict[Any, Any]:
    """What the letters mean, with sums that run over levels."""
    return {
        letters.C: case.C,
        letters.n: case.n,
        letters.ridge: case.ridge,
        letters.levels: len(case.levels),
        letters.modes: case.N,
        letters.lam: case.eigenvalues,
        letters.g: case.multiplicities,
        letters.power: list(case.power),
        letters.noise: case.noise,
        letters.overfitting: case.overfitting,
        letters.bias: case.bias,
        letters.test_mse: case.error,
        letters.train_mse: case.train_error,
    }


def _judge(values: Callable[[Balance, Formula], dict[Any, Any]], **options: Any):
    def make(formula: Formula) -> Law:
        return by_values(
            formula,
            lambda choose: balance(choose, **options),
            lambda case: level_values(case) | values(case, formula),
        )

    return make


@judge(
    "implicit_equation",
    "implicit_complement",
    "susceptibility",
    "overfitting_coefficient_textbook",
    "overfitting_coefficient",
)
def solved(formula: Formula) -> Law:
    """C first, then n from a polynomial's logarithmic derivative, E₀ = n ∂C/∂δ."""
    return _judge(lambda _case, _formula: {})(formula)


@judge("constant_by_samples", "constant_by_ridge")
def slope_of_constant(formula: Formula) -> Law:
    """The slope of C from a power series to first order."""

    def values(case: Balance, formula: Formula) -> dict[Any, Any]:
        along = "n" if formula.lhs.has(letters.n) else "ridge"
        return {formula.lhs: case.slopes(**{along: 1})[0]}

    return _judge(values)(formula)


@judge("constant_by_eigenvalue")
def slope_in_eigenvalue(formula: Formula) -> Law:
    """The same in the eigenvalue of the last level, whose place is i."""

    def values(case: Balance, formula: Formula) -> dict[Any, Any]:
        last = len(case.levels) - 1
        place: Any = next(iter(formula.lhs.atoms(Indexed)))
        index = place.args[1]
        return {formula.lhs: case.slopes(level=last)[0], index: last + 1}

    return _judge(values)(formula)
