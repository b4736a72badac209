"""Right statements are proved, wrong ones refuted at small exact points, none mistaken."""

import pytest
from sympy import Eq, Ge, Gt, Le, Rational, log, symbols

from theory import OutOfDomain, Unsupported
from theory.constant import L, U, total
from theory.data_set.symbols import slope
from theory.derivations.workbench import proved_equal, simplify_levels
from theory.derivations.workbench.judging import judged
from theory.notation import C, g, i, j, lam, modes, n, noise, power, ridge
from theory.notation import bias as B
from theory.notation import overfitting as E0
from theory.notation import test_mse as E

TRACE = total(g[i] * lam[i])
a, b = symbols("a b", real=True)
RIGHT = [
    (Eq(E, E0 * (B + noise)), ()),
    (Eq(E0, n / (n - total(g[i] * L**2))), ()),
    (Eq(slope(C, ridge), E0 / n), ()),
    (Eq(E0, 1 + total(g[i] * L**2) * E0 / n), ()),
    (Eq(log(E0**2), 2 * log(E0)), ()),
    (Eq(total(g[i] * L), n), (Eq(ridge, 0),)),
    (Eq(n, modes * lam[j] / (lam[j] + C)), (Eq(ridge, 0), Eq(lam[i], 1))),
    (Le(C, (TRACE + ridge) / n), ()),
    (Ge(E0, 1), ()),
    (Gt(E0, 1), ()),
    (Le(n, modes), (Eq(ridge, 0),)),
    (Eq((a + 1) ** 2, a**2 + 2 * a + 1), ()),
    (Ge(total(g[i]) * total(g[i] * L**2), total(g[i] * L) ** 2), ()),
    (
        Le(total(g[i]) * total(g[i] * L * U**2), total(g[i] * L) * total(g[i] * U**2)),
        (),
    ),
    (Le(n / modes, 1 - 1 / E0), (Eq(ridge, 0),)),
    (Le(n * slope(L, n), E0 / 4), ()),
    (Ge(a**2 + b**2, a * b + a - 1), ()),
]
WRONG = [
    (Eq(E, E0 * B + noise), ()),
    (Eq(slope(C, ridge), E0 / (n + 1)), ()),
    (Eq(total(g[i] * L), n), ()),
    (Eq(total(g[i] * U), n), (Eq(ridge, 0),)),
    (Ge(E0, 1 + Rational(1, 10**6)), ()),
    (Gt(E, noise), ()),
    (Le(C, (TRACE + ridge) / n * Rational(999999, 10**6)), ()),
    (Ge(a**2, a), ()),
    (Le(E, 1), ()),
    (Le(n * slope(L, n), E0 / 5), ()),
    (Ge(total(g[i]) * total(g[i] * L**2), total(g[i] * L) ** 2 * (1 + noise)), ()),
    (Ge(a**2 + b**2, a * b + a), ()),
    (Le(B, total(power[i]) - Rational(1, 10**9)), ()),
]


@pytest.mark.parametrize(("statement", "given"), RIGHT, ids=str)
def test_right_statements_are_proved(statement, given):
    found = judged(statement, given)
    assert found, str(found)
    assert found.how.startswith("proved")


@pytest.mark.parametrize(("statement", "given"), WRONG, ids=str)
def test_wrong_statements_are_refuted_by_a_point(statement, given):
    found = judged(statement, given)
    assert found.verdict == "refuted", str(found)
    assert "λ" in found.counterexample or "a =" in found.counterexample


def test_a_counterexample_is_as_small_as_it_can_be():
    found = proved_equal(total(g[i] * L) ** 2, total(g[i] * L**2))
    assert "λ = (1, 1), g = (1, 1)" in found.counterexample or "g = (2)" in (
        found.counterexample
    )


def test_what_holds_at_all_points_without_proof_stays_open():
    found = judged(Ge(total(g[i]) ** 2 * total(g[i] * L**3), total(g[i] * L) ** 3))
    assert found.verdict == "inconclusive"  # Hölder's inequality: true, not proved here
    assert not found


def test_premises_that_cannot_be_used_are_refused():
    with pytest.raises(Unsupported, match="solve"):
        judged(Eq(E0, 1), [Eq(C**2 * total(g[i] * L**3), 1)])
    with pytest.raises(OutOfDomain, match="no equation"):
        judged(E0)


def test_simplification_brings_back_the_letters():
    assert simplify_levels(total(g[i] * L * U) + ridge / C) == n / E0
    assert simplify_levels(total(power[i] * U) - total(power[i] * L * U)) == B
    assert simplify_levels(a) == a
