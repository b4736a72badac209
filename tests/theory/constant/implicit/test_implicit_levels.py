"""The implicit equation of a kernel, against quadrature level by level."""

from math import comb
from typing import Any

import mpmath
import pytest
from sympy import Rational, Sum, Symbol, oo

from theory import Hypercube, Hypersphere, UnitCircle, kernels
from theory.constant.implicit import implicit_equation
from theory.constant.implicit.levels import degree
from theory.constant.level_sums import written
from theory.errors import OutOfDomain
from theory.notation import C, k, lam

TERMS = 12
AT = Rational(1, 100)
big_d = Symbol("d", integer=True, positive=True)


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workdps(25):
        yield


def zonal(d, level, t):
    """Harmonics in dimension d by their three-term recurrence, 1 at t = 1."""
    before, now = mpmath.mpf(1), t
    if level == 0:
        return before
    for m in range(1, level):
        before, now = (
            now,
            ((2 * m + d - 2) * t * now - m * before) / (m + d - 2),
        )
    return now


def by_quadrature(d, K, level):
    """λ_k of the sphere in R^d, in the angle."""
    density = lambda a: mpmath.sin(a) ** (d - 2)
    mean = lambda f: mpmath.quad(
        lambda a: f(mpmath.cos(a)) * density(a), mpmath.linspace(0, mpmath.pi, 9)
    )
    return mean(lambda t: K(t) * zonal(d, level, t)) / mean(lambda _: 1)


def count(d, level):
    """Polynomials of a degree, less those of the degree two below."""
    if level < 2:
        return [1, d][level]
    return comb(level + d - 1, d - 1) - comb(level + d - 3, d - 1)


def relu(t):
    return (mpmath.sqrt(1 - t * t) + t * (mpmath.pi - mpmath.acos(t))) / mpmath.pi


CASES = [
    (Hypersphere(3), 3, kernels.exponential(1), mpmath.exp),
    (Hypersphere(6), 6, kernels.exponential(2), lambda t: mpmath.exp(2 * t)),
    (Hypersphere(5), 5, kernels.arc_cosine(1), relu),
    (UnitCircle(), 2, kernels.exponential(1), mpmath.exp),
    (UnitCircle(), 2, kernels.geometric("1/2"), lambda t: 1 / (1 - t / 2)),
]


@pytest.mark.parametrize(("domain", "d", "kernel", "K"), CASES)
def test_the_sum_over_levels_is_that_of_quadrature(domain, d, kernel, K):
    I = implicit_equation(domain, kernel, ridge=0)
    assert I.about.startswith("λ_k in closed form")
    assert I.modes == oo
    cut = I.left.replace(
        lambda a: isinstance(a, Sum), lambda s: Sum(s.function, (k, 1, TERMS - 1))
    )
    found = written(cut.doit()).subs(C, AT).evalf(20)
    expected = mpmath.mpf(0)
    for level in range(TERMS):
        value = by_quadrature(d, K, level)
        expected += count(d, level) * value / (value + mpmath.mpf(1) / 100)
    assert abs(mpmath.mpf(str(found)) - expected) < mpmath.mpf(10) ** -14 * expected


def trace(I) -> Any:
    return sum((x * m for x, m in I.levels or ()), Rational(0))


def test_a_polynomial_has_finitely_many_levels_anywhere():
    I = implicit_equation(Hypersphere(8), kernels.polynomial(3), n=20, ridge=0)
    assert I.modes == 8 + count(8, 3)
    assert [x != 0 for x, _ in I.levels or ()] == [False, True, False, True]
    assert I.closed_form().evalf() > 0
    assert trace(I) == 1
    general = implicit_equation(Hypersphere(big_d), kernels.polynomial(2))
    assert trace(general).subs(big_d, 11) == 1
    assert trace(implicit_equation(Hypercube(100), kernels.polynomial(3))) == 1


def test_a_letter_stays_where_no_rule_applies_and_the_reason_is_said():
    I = implicit_equation(Hypersphere(5), kernels.ntk("erf", depth=4))
    assert I.left.has(lam[k])
    assert "chain of 17 steps" in I.about
    biased = implicit_equation(Hypersphere(8), kernels.ntk("relu", bias_variance="0.1"))
    assert biased.left.has(lam[0])
    assert "sphere_tangent" in biased.about


def test_points_on_a_circle_count_the_alternating_mode_once():
    for points in (130, 131):
        I = implicit_equation(UnitCircle(points), kernels.exponential(1), ridge=0)
        everything = I.left.subs(C, 0)
        assert written(everything).doit() == points


def test_infinitely_many_modes_have_no_last_series():
    I = implicit_equation(UnitCircle(), kernels.exponential(1), ridge=0)
    with pytest.raises(OutOfDomain, match="infinitely many"):
        I.series(I.n, "N")


def test_degrees():
    assert degree(UnitCircle(), kernels.polynomial(4)) == 4
    assert degree(UnitCircle(), kernels.exponential(1)) == oo
    assert degree(UnitCircle(), kernels.ntk("relu", depth=8)) is None


def test_a_negative_eigenvalue_is_refused():
    K = kernels.from_expression("2*t - t^2")
    with pytest.raises(OutOfDomain, match="is no kernel"):
        implicit_equation(Hypersphere(3), K)
