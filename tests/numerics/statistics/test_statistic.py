"""Every formula of the theory as a ball: against differences, limits and exact values."""

from fractions import Fraction

import pytest
from sympy import Rational, sqrt

from numerics import Spectrum, constant, predict, spectrum
from numerics.statistics.statistic import statistic
from theory import OutOfDomain, Unsupported, formulas, notation

ROWS = [("1/2", 3), ("1/7", 5), ("1/50", 4)]
TARGET = {0: 1, 2: Rational(1, 3)}


@pytest.fixture
def levels():
    return Spectrum.from_levels(ROWS)


@pytest.mark.parametrize(
    ("name", "change"), [("constant_by_samples", "n"), ("constant_by_ridge", "ridge")]
)
def test_derivatives_of_the_constant_meet_differences(levels, name, change):
    step = Fraction(1, 10**12)
    at = {"n": Fraction(5), "ridge": Fraction(1, 10)}
    slope = statistic(name, levels, digits=20, **at)
    low, high = (
        constant(
            levels, **(at | {change: at[change] + side * step}), digits=40
        ).midpoint
        for side in (-1, 1)
    )
    assert float(slope) == pytest.approx(float((high - low) / (2 * step)), rel=1e-15)
    assert slope.digits >= 20


def test_the_constant_moves_with_an_eigenvalue_as_its_formula_says(levels):
    slope = statistic("constant_by_eigenvalue", levels, 5, level=1, digits=15)
    moved = [
        constant(
            Spectrum.from_levels([ROWS[0], (Rational(1, 7) + h, 5), ROWS[2]]),
            5,
            digits=40,
        ).midpoint
        for h in (-Rational(1, 10**12), Rational(1, 10**12))
    ]
    assert float(slope) == pytest.approx(float(moved[1] - moved[0]) * 5e11, rel=1e-13)


@pytest.mark.parametrize("name", ["test_mse", "bias", "variance", "train_mse"])
def test_named_statistics_are_those_of_predictions(levels, name):
    ball = statistic(name, levels, 5, ridge="1/9", noise="1/4", target=TARGET)
    whole = predict(levels, TARGET, 5, ridge="1/9", noise="1/4", digits=30)
    assert ball.overlaps(getattr(whole, name).flat[0])
    assert ball.digits >= 30


@pytest.mark.parametrize("kernel", ["laplace:width=1", "exponential:beta=2"])
def test_statistics_of_infinite_spectra_hold_the_tail(kernel):
    s = spectrum(kernel, "sphere:3", levels=range(21))
    for name in ("test_mse", "train_mse", "variance"):
        ball = statistic(name, s, 7, ridge="1/9", target={1: 1}, digits=15)
        row = predict(s, {1: 1}, 7, ridge="1/9", digits=15)
        assert ball.overlaps(getattr(row, name).flat[0])
    slope = statistic("constant_by_ridge", s, 7, ridge="1/9", digits=15)
    step = Fraction(1, 10**10)
    near = [
        constant(s, 7, ridge=Fraction(1, 9) + side * step, digits=30).midpoint
        for side in (-1, 1)
    ]
    assert float(slope) == pytest.approx(
        float((near[1] - near[0]) / (2 * step)), rel=1e-12
    )


def test_covariances_of_coefficients_are_positive_on_the_diagonal(levels):
    off = statistic(
        formulas["mean_of_exchanged_power"].rhs, levels, 5, level=0, other=2, digits=20
    )
    assert off > 0


def test_a_formula_of_ones_own_is_enclosed(levels):
    C, n = notation.C, notation.n
    ball = statistic(sqrt(C) * n + notation.test_mse, levels, 5, target=TARGET, noise=1)
    c = constant(levels, 5, digits=40)
    mse = predict(levels, TARGET, 5, noise=1, digits=30).test_mse.flat[0]
    assert float(ball) == pytest.approx(float(c) ** 0.5 * 5 + float(mse), rel=1e-14)
    assert ball.digits >= 30


def test_what_is_missing_is_named(levels):
    with pytest.raises(OutOfDomain, match=r"needs g\[i\]"):
        statistic("constant_by_eigenvalue", levels, 5)
    with pytest.raises(OutOfDomain, match="C = 0 at n = 12"):
        statistic("constant_by_ridge", levels, 12)
    with pytest.raises(OutOfDomain, match="digits = 0"):
        statistic("constant_by_ridge", levels, 5, digits=0)
    tail = spectrum("laplace:width=1", "sphere:3", levels=range(5))
    with pytest.raises(Unsupported, match="sums over the modes of a tail"):
        statistic("trace_bound", tail, 5, digits=5)
