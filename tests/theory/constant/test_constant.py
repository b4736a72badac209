"""The formulas around the implicit equation follow from it, and mutants do not."""

import pytest
from sympy import Eq

from theory import constant
from theory.constant.implicit import implicit_equation
from theory.constant.level_sums import total, vanishes
from theory.derivations.checks.symbolic import SymbolicIdentity
from theory.notation import C, g, i, lam, modes, n, ridge
from theory.notation import overfitting as E0


def test_second_forms_equal_what_they_rewrite():
    L, U = constant.learnability_of_mode.rhs, constant.unlearned_of_mode.rhs
    assert vanishes(L + U - 1)
    complement = constant.complement.lhs - constant.complement.rhs
    balance = constant.balance.lhs - constant.balance.rhs
    assert vanishes((complement + balance).subs(modes, total(g[i])))


@pytest.mark.parametrize(
    ("formula", "x"),
    [
        (constant.constant_by_samples, n),
        (constant.constant_by_ridge, ridge),
        (constant.constant_by_eigenvalue, lam[i]),
    ],
    ids=lambda x: getattr(x, "name", str(x)),
)
def test_slopes(formula, x):
    check = SymbolicIdentity(
        given={E0: n / constant.susceptibility.rhs}, then={n: constant.balance.lhs}
    )
    derived = implicit_equation().derivative(x)
    assert check(Eq(derived, formula.rhs, evaluate=False)).verdict == "confirmed"
    assert check(Eq(derived, -formula.rhs, evaluate=False)).verdict == "refuted"


def test_trace_bound_follows_from_the_equation():
    """C n = S_1 + δ − Σ g λ L, and the last sum is positive."""
    gap = constant.trace_bound.rhs * n - C * constant.balance.lhs
    assert vanishes(gap - total(g[i] * lam[i] * constant.L))
