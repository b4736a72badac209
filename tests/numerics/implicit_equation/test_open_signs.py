"""Levels far below the others, and levels whose sign stays open: nothing is dropped."""

from dataclasses import replace
from math import comb

import mpmath
import pytest
from flint import arb

from numerics import Spectrum, constant, predict, spectrum, statistic
from numerics.implicit_equation import proved_solver
from numerics.numbers.ball import Ball
from numerics.spectra.one_level import Level
from theory.errors import Disagreement, NoConvergence

DIGITS = 900
SMALL = "1e-60"


def root(levels, n, ridge=0):
    """C by bisection in log C, with many hundreds of digits: the other way."""
    n, ridge = mpmath.mpf(n), mpmath.mpf(ridge)

    def excess(x):
        c = mpmath.exp(x)
        return mpmath.fsum(g * lam / (lam + c) for lam, g in levels) + ridge / c - n

    low, high = mpmath.mpf(-3000), mpmath.mpf(10)
    for _ in range(115):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return mpmath.exp((low + high) / 2)


def agrees(ball, number, digits=28):
    """Whether a ball and a number of mpmath have that many digits in common."""
    middle = ball.midpoint
    mine = mpmath.mpf(middle.numerator) / middle.denominator
    return abs(mine / number - 1) < mpmath.mpf(10) ** -digits


def gaussian_cube(d, width):
    """The Gaussian on the cube is a product of d factors: λ_k = e^−x d sinh^k x cosh^(d−k) x."""
    x = 1 / mpmath.mpf(width) ** 2
    head = mpmath.exp(-d * x)
    return [
        (head * mpmath.sinh(x) ** k * mpmath.cosh(x) ** (d - k), comb(d, k))
        for k in range(d + 1)
    ]


def cube(kernel, d):
    """λ_k by the sum over Hamming distances, with every sign written out."""
    values = [kernel(mpmath.mpf(d - 2 * m) / d) for m in range(d + 1)]
    found = []
    for k in range(d + 1):
        rows = [
            sum((-1) ** j * comb(m, j) * comb(d - m, k - j) for j in range(k + 1))
            for m in range(d + 1)
        ]
        terms = zip(range(d + 1), rows, values, strict=True)
        total = mpmath.fsum(comb(d, m) * row * v for m, row, v in terms)
        found.append((total / comb(d, k) / mpmath.mpf(2) ** d, comb(d, k)))
    return found


def tiny(t):
    """1 + t + 10^−400 e^t."""
    return 1 + t + mpmath.exp(t) / mpmath.mpf(10) ** 400


@pytest.mark.parametrize(("d", "width", "n"), [(8, "1e60", 247), (6, "1e40", 23)])
def test_a_wide_gaussian_on_the_cube(d, width, n):
    with mpmath.workdps(300):
        other = root(gaussian_cube(d, width), n)
        s = spectrum(f"hypercube:{d}", f"gaussian:width={width}")
        assert not s.undecided
        assert agrees(constant(s, n), other)


@pytest.mark.parametrize(("n", "ridge"), [(9, "0"), (20, "1e-400"), (9, "1e-400")])
def test_a_small_part_of_a_kernel_is_not_dropped(n, ridge):
    with mpmath.workdps(DIGITS):
        levels = cube(tiny, 8)
        s = spectrum("hypercube:8", "expr:1+t+10^-400*exp(t)")
        with mpmath.workdps(500):
            assert agrees(constant(s, n, ridge), root(levels, n, ridge))


def test_a_small_part_on_the_circle_and_the_sphere():
    with mpmath.workdps(500):
        part = mpmath.mpf(10) ** -400
        circle = [(1 + part * mpmath.besseli(0, 1), 1)]
        circle.append((mpmath.mpf(1) / 2 + part * mpmath.besseli(1, 1), 2))
        circle += [(part * mpmath.besseli(k, 1), 2) for k in range(2, 60)]
        s = spectrum("circle", "expr:1+t+10^-400*exp(t)")
        assert agrees(constant(s, 3), root(circle, 3))
        bessel = [
            part * mpmath.sqrt(mpmath.pi / 2) * mpmath.besseli(k + 0.5, 1)
            for k in range(60)
        ]
        bessel[0] += 1
        bessel[1] += mpmath.mpf(1) / 3
        sphere = [(x, 2 * k + 1) for k, x in enumerate(bessel)]
        s = spectrum("sphere:3", "expr:1+t+10^-400*exp(t)")
        assert agrees(constant(s, 4), root(sphere, 4))


def test_statistics_of_a_wide_gaussian():
    with mpmath.workdps(200):
        levels = gaussian_cube(6, "1e20")
        lam = [x for x, _ in levels]
        s = spectrum("hypercube:6", "gaussian:width=1e20")
        for n in (1, 7):
            c = root(levels, n)
            slope = mpmath.fsum(g * x * c / (x + c) ** 2 for x, g in levels)
            mse = n / slope * (c / (lam[2] + c)) ** 2
            exact = predict(s, {2: 1}, n, digits=20)
            assert agrees(exact.test_mse.item(), mse, 19)
            floats = predict(s, {2: 1}, n)
            for found, right in ((floats.test_mse, mse), (floats.C, c)):
                assert abs(found.item() / right - 1) < floats.relative_error


def with_open_level(position=None):
    """One level of 1, a hundred of 1e-10, ten between ±1e-60."""
    s = Spectrum.from_levels([(1, 1), ("1e-10", 100)])
    last = Level(2, Ball(arb(0, SMALL), None, "open"), 10)
    return replace(s, levels=(*s.levels, last))


@pytest.mark.parametrize("n", ["1", "1/2", "50", "100.9"])
@pytest.mark.parametrize("ridge", ["0", "1e-9"])
@pytest.mark.parametrize("inside", ["0", SMALL, "3e-61"])
def test_what_an_open_level_may_be_is_enclosed(n, ridge, inside):
    """Whatever the open level is, the true C and statistics lie in the balls."""
    filled = [(1, 1), ("1e-10", 100)] + ([(inside, 10)] if inside != "0" else [])
    truth = predict(Spectrum.from_levels(filled), {1: 1}, n, ridge, digits=60)
    found = predict(with_open_level(), {1: 1}, n, ridge, digits=25)
    for name in ("C", "E0", "bias", "variance", "test_mse", "train_mse"):
        assert getattr(truth, name).item().overlaps(getattr(found, name).item()), name
    value = statistic("test_mse", with_open_level(), n, ridge, target={1: 1}, digits=25)
    assert value.overlaps(truth.test_mse.item())


def test_where_an_open_level_decides_nothing_is_claimed():
    s = with_open_level()
    assert s.is_open
    for n in (101, 105, 111, 112):
        for digits in (20, None):
            with pytest.raises(Disagreement, match="sign of levels 2 is open"):
                constant(s, n, digits=digits)
        with pytest.raises(Disagreement):
            predict(s, {0: 1}, n)
        with pytest.raises(Disagreement):
            predict(s, {0: 1}, n, digits=10)
    with pytest.raises(NoConvergence, match="sign of levels"):
        constant(s, 1, digits=60)  # the open level may change the 51st digit
    with pytest.raises(NoConvergence):
        predict(s, {2: 1}, 1)
    assert "N ≥ 101" in repr(s.floats())


def test_floats_state_what_an_open_level_may_change():
    s = Spectrum.from_levels([(1, 1), ("1e-10", 100)])
    last = Level(2, Ball(arb(0, "1e-21"), None, "open"), 10)
    found = predict(replace(s, levels=(*s.levels, last)), {1: 1}, 30)
    full = predict(
        Spectrum.from_levels([(1, 1), ("1e-10", 100), ("1e-21", 10)]), {1: 1}, 30
    )
    gap = abs(found.C.item() / full.C.item() - 1)
    assert full.relative_error < gap < found.relative_error < 1e-9


@pytest.mark.parametrize("factor", [1 - 1e-12, 1 + 1e-12])
def test_both_signs_are_checked(monkeypatch, factor):
    """A point that is no root, on either side, never becomes a proved C."""
    point = proved_solver._point
    shift = arb(factor)
    monkeypatch.setattr(proved_solver, "_point", lambda *x: (point(*x) * shift).mid())
    s = Spectrum.from_levels([(1, 3), ("1/7", 5)])
    with pytest.raises(NoConvergence):
        constant(s, 4)


def test_a_polynomial_with_irrational_coefficients_has_no_tail():
    s = spectrum("sphere:3", "expr:sqrt(2)*t^2")
    assert (s.modes, s.is_complete, s.is_open) == (6, True, False)
    assert constant(s, 6).sign == 0
