"""Points of the circle against the definition, aliasing, and the whole circle."""

from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational
from sympy.abc import t

from numerics import spectrum
from numerics.numbers.precision import working_precision
from numerics.spectra.domains.circle import eigenvalues, exact_cosine
from numerics.spectra.kernel_evaluation import evaluator
from theory import UnitCircle, kernels

coefficients = st.lists(st.fractions(-2, 2, max_denominator=9), min_size=1, max_size=8)


def definition(run, points, k):
    """(1/M) Σ_j K(cos θ_j) cos kθ_j over all M points, as a ball."""
    total = arb(0)
    for j in range(points):
        u = arb.sin_pi_fmpq(fmpq(j, points)) ** 2
        u = fmpq(0) if j == 0 else fmpq(1) if 2 * j == points else u
        total += arb(run(u)) * arb.cos_pi_fmpq(fmpq(2 * j * k, points))
    return total / points


@pytest.mark.parametrize("points", [1, 2, 3, 4, 5, 6, 7, 12, 15, 64])
@pytest.mark.parametrize(
    "name", ["laplace:width=1", "ntk:relu:depth=2", "expr:1/(2 - t)", "expr:2*t + 3"]
)
def test_every_level_meets_the_definition(points, name):
    K, domain = kernels.parse(name), UnitCircle(points)
    s = spectrum(K, domain, digits=25)
    assert len(s.levels) == points // 2 + 1
    assert sum(x.multiplicity for x in s.levels) == points
    with working_precision(200):
        for level in s.levels:
            truth = definition(evaluator(K, domain), points, level.index)
            assert truth.overlaps(level.eigenvalue.at(200))
            assert level.eigenvalue.sign is not None
            assert level.eigenvalue.digits >= 25


@pytest.mark.parametrize("j", range(25))
@pytest.mark.parametrize("points", [1, 2, 3, 4, 5, 6, 8, 12, 24])
def test_rational_cosines(j, points):
    exact = exact_cosine(j, points)
    with working_precision(80):
        ball = arb.cos_pi_fmpq(fmpq(2 * j, points))
        if exact is None:
            assert not any(ball.contains(arb(x) / 2) for x in (-2, -1, 0, 1, 2))
        else:
            assert ball.contains(exact)


@settings(max_examples=40, deadline=None)
@given(coefficients, st.integers(1, 11))
def test_polynomials_are_exact_and_meet_the_transform(a, points):
    e = sum(Rational(x.numerator, x.denominator) * t**p for p, x in enumerate(a))
    K, domain = kernels.from_expression(e + 0 * t), UnitCircle(points)
    from numerics.spectra.domains.polynomial_kernels import (
        circle_eigenvalues,
        taylor_coefficients,
    )

    exact = circle_eigenvalues(taylor_coefficients(K, domain), points)
    balls = eigenvalues(evaluator(K, domain), points, 120)
    for truth, ball in zip(exact, balls, strict=True):
        assert truth.rational is not None
        assert ball.contains(truth.midpoint)
        assert ball.radius < Fraction(1, 10**30)


def test_a_polynomial_kernel_has_exact_zeros_at_any_number_of_points():
    s = spectrum("polynomial:degree=3", "circle:10")
    assert [str(x.eigenvalue) for x in s.levels] == [
        "0",
        "0.375",
        "0",
        "0.125",
        "0",
        "0",
    ]
    odd = spectrum("polynomial:degree=3", "circle:11")
    assert [x.index for x in odd.levels if x.eigenvalue.sign == 0] == [0, 2, 4, 5]


@pytest.mark.parametrize("points", [9, 16])
def test_points_alias_the_levels_of_the_whole_circle(points):
    """λ_k on M points is Σ_j λ_|k + jM| on the circle (theory.md, 4.1)."""
    whole = spectrum("expr:1/(2 - t)", "circle", levels=range(8 * points), digits=25)
    few = spectrum("expr:1/(2 - t)", UnitCircle(points), digits=25)
    lam = [x.eigenvalue.midpoint for x in whole.levels]
    for level in few.levels:
        folded = sum(
            lam[abs(level.index + j * points)]
            for j in range(-8, 8)
            if abs(level.index + j * points) < len(lam)
        )
        assert abs(folded - level.eigenvalue.midpoint) < Fraction(1, 10**24)


def test_published_values():
    bessel = spectrum("exponential:beta=2", "circle", levels=[1], digits=24)
    assert str(bessel.levels[0].eigenvalue).startswith("1.5906368546373290633822544")
    ten = spectrum("exponential:beta=2", "circle:10", digits=24).levels[1].eigenvalue
    assert str(ten).startswith("1.59063992604525514223587")
