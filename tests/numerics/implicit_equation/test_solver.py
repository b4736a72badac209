"""The constant C: exact where a closed form exists, enclosed everywhere else."""

from fractions import Fraction

import mpmath
import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numerics import Ball, Spectrum, constant, spectrum
from theory import Disagreement, OutOfDomain, kernels


def bisected(levels, n, ridge, digits=60):
    """C by plain bisection of F(C) = n in mpmath: slow, and independent of ours."""
    mpmath.mp.dps = digits + 900
    n, ridge = (
        mpmath.mpf(x.numerator) / x.denominator for x in (Fraction(n), Fraction(ridge))
    )
    levels = [(mpmath.mpf(str(lam)), g) for lam, g in levels]

    def excess(c):
        return mpmath.fsum(g * lam / (lam + c) for lam, g in levels) + ridge / c - n

    low, high = mpmath.mpf(10) ** -1200, mpmath.mpf(10) ** 1200
    for _ in range(int(3.4 * digits) + 8200):
        middle = mpmath.sqrt(low * high)
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
        if high / low < 1 + mpmath.mpf(10) ** -digits:
            break
    mpmath.mp.dps = 15
    return low, high


def inside(ball: Ball, low, high) -> bool:
    with mpmath.workdps(400):
        bounds = [
            mpmath.mpf(x.numerator) / x.denominator for x in (ball.lower, ball.upper)
        ]
        return bounds[0] <= high and low <= bounds[1]


levels_strategy = st.lists(
    st.tuples(
        st.builds(lambda m, e: f"{m}e{e}", st.integers(1, 99), st.integers(-200, 200)),
        st.integers(1, 10**6),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25)
@given(
    levels_strategy,
    st.fractions(Fraction(1, 10**6), Fraction(10**6 - 1, 10**6), max_denominator=10**6),
    st.sampled_from(["0", "1e-150", "1", "1e80"]),
)
@example([("1e200", 1), ("1e-200", 1), ("1", 5)], Fraction(1, 7), "0")
def test_the_ball_holds_the_root_that_bisection_finds(levels, share, ridge):
    modes = sum(g for _, g in levels)
    n = share * modes
    c = constant(Spectrum.from_levels(levels), n, ridge, digits=25)
    assert inside(c, *bisected(levels, n, Fraction(ridge)))
    assert c.digits >= 25


@given(
    st.fractions(Fraction(1, 10**9), 10**9),
    st.integers(2, 10**9),
    st.data(),
)
@settings(max_examples=100)
def test_one_level_has_its_closed_form(lam, g, data):
    n = data.draw(st.fractions(Fraction(1, 1000), g - Fraction(1, 1000)))
    c = constant(Spectrum.from_levels([(lam, g)]), n)
    assert c.contains(lam * (g - n) / n)


def test_two_levels_solve_their_quadratic():
    a, b, g, h, n = 3, Fraction(1, 7), 2, 5, 4
    c = constant(Spectrum.from_levels([(a, g), (b, h)]), n, digits=50)
    linear = n * (a + b) - g * a - h * b
    for end, sign in ((c.lower, -1), (c.upper, 1)):
        value = n * end**2 + linear * end - (g + h - n) * a * b
        assert sign * value > 0


def test_scaling_the_spectrum_and_the_ridge_scales_the_constant():
    levels = [(Fraction(3, 7), 2), (Fraction(1, 50), 9)]
    scaled = [(lam * 1000, g) for lam, g in levels]
    c = constant(Spectrum.from_levels(levels), 5, "1/9")
    big = constant(Spectrum.from_levels(scaled), 5, "1000/9")
    assert big.lower / 1000 <= c.upper
    assert c.lower <= big.upper / 1000


def test_the_ends_are_limits_by_name():
    s = Spectrum.from_levels([(2, 3), (1, 4)])
    assert constant(s, 0).is_infinite
    assert constant(s, 7) == Ball.exact(fmpq(0))
    assert constant(s, 8) == Ball.exact(fmpq(0))  # δ → 0⁺ with more points than modes
    assert constant(s, 8, "1e-9").sign == 1


def test_zero_eigenvalues_do_not_count_as_modes():
    s = Spectrum.from_levels([(1, 2), (0, 5)])
    assert s.modes == 2
    assert constant(s, 3) == constant(s, 2) == Ball.exact(fmpq(0))
    assert constant(s, "2 - 1e-9").sign == 1


@pytest.mark.parametrize("gap", ["1e-20", "1e-300", "1/3"])
def test_nothing_is_lost_as_n_approaches_the_number_of_modes(gap):
    levels = [("1/2", 10), ("1e-6", 100), ("3", 1)]
    s = Spectrum.from_levels(levels)
    c = constant(s, f"111 - {gap}", digits=30)
    inverse = sum(g / Fraction(lam) for lam, g in levels)
    first_order = Fraction(gap) / inverse
    second = (
        sum(g / Fraction(lam) ** 2 for lam, g in levels)
        / inverse**3
        * Fraction(gap) ** 2
    )
    assert abs(c.midpoint - first_order) < 2 * second + c.radius
    assert c.digits >= 30


def test_exponentially_many_modes_are_no_obstacle():
    s = spectrum(kernels.exponential(1), "hypercube:60")
    c = constant(s, "2^60 - 1", digits=20)
    total = sum(x.multiplicity / x.eigenvalue.midpoint for x in s.levels)
    # the harmonic bound of theory: C ≥ (N/U₁)(N − n)/n with U₁ = Σ g/λ
    assert c.upper * total * (2**60 - 1) >= 2**60 * (1 - Fraction(1, 10**18))
    assert c.digits >= 20


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (("-1",), "n = -1 must be at least 0"),
        ((1, "-1e-9"), "ridge = -1e-9 must be at least 0"),
        ((1, 0, 0), "digits = 0"),
        (("x",), "n"),
        ((float("nan"),), "n = nan is not a finite number"),
    ],
)
def test_bad_input_is_named(arguments, match):
    with pytest.raises(OutOfDomain, match=match):
        constant(Spectrum.from_levels([(1, 3)]), *arguments)


def test_comparing_overlapping_constants_is_refused():
    s = Spectrum.from_levels([(1, 3), (2, 2)])
    a, b = constant(s, 2, digits=5), constant(s, 2, digits=20)
    with pytest.raises(Disagreement, match="overlap"):
        assert a < b
