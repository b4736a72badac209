"""Spectra at hard places against closed forms: near poles, cancellation, many digits."""

from fractions import Fraction

import pytest
import truths
from mpmath import mp, mpf

from numerics import Spectrum, constant, spectrum
from theory import OutOfDomain, Unsupported


def holds(level, truth, digits):
    ball = level.eigenvalue
    middle = mpf(ball.midpoint.numerator) / ball.midpoint.denominator
    radius = mpf(ball.radius.numerator) / ball.radius.denominator
    noise = abs(truth) * mpf(10) ** (10 - mp.dps)
    return (
        abs(middle - truth) <= radius + noise
        and radius <= abs(middle) * mpf(10) ** -digits
    )


def weight(k, p, d):
    """The eigenvalue of t^p on the sphere."""
    if p < k or (p - k) % 2:
        return mpf(0)
    return (
        mp.factorial(p)
        * mp.gamma(mpf(d) / 2)
        / (2**p * mp.factorial((p - k) // 2) * mp.gamma(mpf(p + k + d) / 2))
    )


def test_a_cube_whose_levels_shrink_by_a_hundredth():
    # Π (1 + ρ x_i y_i) has λ_k = ρ^k
    text = "expr:(1.99)**(d*(1 + t)/2)*(0.01)**(d*(1 - t)/2)"
    with mp.workdps(60):
        for level in spectrum(text, "hypercube:60", digits=30).levels:
            assert holds(level, truths.number("0.99") ** level.index, 30)


def test_a_pole_beside_the_sphere():
    text = "expr:1/(1.0001 - t)"
    with mp.workdps(60):
        z = truths.number("1.0001")
        for level in spectrum(text, "sphere:3", digits=30).levels[::10]:
            assert holds(level, mp.legenq(level.index, 0, z, type=3).real, 30)
        root = mp.sqrt(z * z - 1)
        for level in spectrum(text, "circle", digits=30).levels[::10]:
            assert holds(level, (z - root) ** level.index / root, 30)


@pytest.mark.parametrize("d", [3, 1000])
def test_what_an_exponential_leaves_of_its_first_terms(d):
    s = spectrum("expr:exp(t) - 1 - t - t**2/2", f"sphere:{d}", range(12), digits=30)
    with mp.workdps(60):
        for level in s.levels:
            truth = mp.fsum(
                weight(level.index, p, d) / mp.factorial(p) for p in range(3, 80)
            )
            assert holds(level, truth, 30)


@pytest.mark.parametrize("d", [2, 100])
@pytest.mark.parametrize(
    ("text", "order", "inner"),
    [("besseli(2, 4*t)", 2, lambda t: 4 * t), ("besseli(0, sqrt(1 + t))", 0, None)],
)
def test_bessel_kernels_are_their_power_series(text, order, inner, d):
    inner = inner or (lambda t: mp.sqrt(1 + t))
    name = "circle" if d == 2 else f"sphere:{d}"
    s = spectrum(f"expr:{text}", name, levels=range(0, 9, 2), digits=25)
    with mp.workdps(60):
        row = mp.taylor(lambda t: mp.besseli(order, inner(t)), 0, 60)
        for level in s.levels:
            truth = mp.fsum(a * weight(level.index, p, d) for p, a in enumerate(row))
            with mp.workdps(38):
                assert holds(level, truth, 25)


def test_five_hundred_digits_and_one():
    for digits in (1, 500):
        s = spectrum("ntk:relu:depth=1", "sphere:3", levels=range(9), digits=digits)
        with mp.workdps(530):
            for level in s.levels[4::2]:
                assert holds(
                    level, truths.relu_tangent_level(mpf(2), 3, level.index), digits
                )


@pytest.mark.parametrize("digits", [1, 300])
def test_a_constant_beside_the_last_mode_of_a_spectrum_of_six_thousand_orders(digits):
    rows = [("1e3000", 5), ("1/7", 3), ("1/7", 2), ("1e-3000", 2**1000 - 1)]
    levels, modes = [(Fraction(x), g) for x, g in rows], sum(g for _, g in rows)
    given = Spectrum.from_levels(rows)
    for n in (f"{modes} - 1e-20", modes - 1, 10, "9.5"):
        size = modes - Fraction(1, 10**20) if "-" in str(n) else Fraction(n)
        c = constant(given, n, digits=digits)
        assert c.radius * 10**digits <= c.midpoint
        assert truths.excess(levels, 0, size, c.lower) >= 0
        assert truths.excess(levels, 0, size, c.upper) <= 0


@pytest.mark.parametrize("domain", ["sphere:3", "circle", "hypercube:4", "circle:9"])
def test_far_more_digits_than_are_proved_are_refused_at_once(domain):
    with pytest.raises(OutOfDomain, match="digits = 1000000000 must be"):
        spectrum("ntk:relu:depth=1", domain, digits=10**9)
    with pytest.raises(OutOfDomain, match="digits = 1000000000 must be"):
        constant(Spectrum.from_levels([(1, 2), (2, 2), (3, 2)]), 2, digits=10**9)


@pytest.mark.parametrize("domain", ["sphere:3", "circle", "hypercube:1000000"])
def test_levels_that_memory_cannot_hold_are_refused_at_once(domain):
    with pytest.raises(Unsupported, match="GiB"):
        spectrum("ntk:relu:depth=1", domain, digits=10**5)
