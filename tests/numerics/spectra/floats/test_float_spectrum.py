"""Spectra in float64: beyond its range, with tails, with millions of modes, in batches."""

from fractions import Fraction
from math import fsum

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import Ball, FloatSpectrum, Spectrum, constant, predict, spectrum
from numerics.implicit_equation.compressed_sums import compress
from numerics.implicit_equation.float_solver import RELATIVE_ERROR
from numerics.numbers.scaled_floats import Scaled
from numerics.spectra.floats.float_spectrum import EPS
from theory import NotPositiveDefinite, OutOfDomain, Unsupported
from theory.statistics import STATISTICS

NET = "ntk:relu:depth=4,bias_variance=0.01"


def worst_difference(fast, proved):
    """The largest relative difference of any statistic from a ball's midpoint."""
    largest = 0.0
    for name in ("C", *STATISTICS):
        for value, ball in zip(
            np.ravel(getattr(fast, name)), np.ravel(getattr(proved, name)), strict=True
        ):
            exact = float(ball)
            if np.isfinite(exact) and exact != 0:
                largest = max(largest, abs(value / exact - 1))
            else:
                assert value == exact, name
    return largest


@given(st.integers(-(2**40), 2**40), st.integers(-3000, 3000))
@settings(max_examples=50)
def test_scaled_numbers_are_rounded_once(m, e):
    exact = Fraction(m) * Fraction(2) ** e
    ball = Ball.exact(fmpq(exact.numerator, exact.denominator))
    held = Scaled.of_balls([ball])
    value = Fraction(held.mantissa[0]) * Fraction(2) ** int(held.exponent[0])
    assert value == exact  # 41 bits fit


def test_floats_of_a_spectrum_are_its_balls_rounded():
    s = spectrum(NET, "hypercube:60")
    fast = spectrum(NET, "hypercube:60", digits=None)
    for level, value in zip(s.levels, fast.eigenvalue, strict=True):
        assert abs(value - float(level.eigenvalue)) <= EPS * value
    assert fast.mass.sum() == pytest.approx(5.07, rel=1e-14)


def test_eigenvalues_and_multiplicities_beyond_float64_are_held():
    """d = 2000: eigenvalues to 1e-603, multiplicities to 1e600, masses ordinary."""
    fast = spectrum(NET, "hypercube:2000", digits=None)
    assert fast.eigenvalue[-1] == 0
    assert fast.eigenvalues.log2[-1] < -2000
    assert np.isinf(fast.multiplicity).any()
    assert fast.mass.sum() == pytest.approx(5.07, rel=1e-13)
    n = ["10", "100000", "1e100"]
    exact = predict(fast.source, {1: 1, 3: 1}, n, noise="1/9", digits=18)
    assert worst_difference(predict(fast, {1: 1, 3: 1}, n, noise="1/9"), exact) < (
        RELATIVE_ERROR
    )


def test_levels_of_any_scale_act_as_they_should():
    s = Spectrum.from_levels([("1e-390", 5), ("1e-400", 10**6), ("1e250", 3)])
    n, ridge = ["1", "7/2", 7, 90], "1e-200"
    fast = predict(s, {0: 1, 2: 2}, n, ridge)
    exact = predict(s, {0: 1, 2: 2}, n, ridge, digits=18)
    assert worst_difference(fast, exact) < RELATIVE_ERROR
    with pytest.raises(Unsupported, match=r"about 1e-3\d\d and leaves"):
        predict(s, {0: 1}, [4, 5])


@pytest.mark.parametrize("power", [0.5, 1.5, 4.0])
def test_compressed_sums_are_the_sums(power):
    rng = np.random.default_rng(1)
    lam = rng.permutation(np.arange(1.0, 20_001) ** -power)
    g, load = rng.integers(1, 9, lam.size).astype(float), rng.random(lam.size)
    few = compress(lam, g, (load,))
    assert len(few.lam) < lam.size / 10
    for c in np.geomspace(lam.min() / 10, 10 * lam.max(), 9):
        for weights, kept in ((g, few.g), (load, few.loads[0])):
            for f in (
                lambda x, c=c: x / (x + c),
                lambda x, c=c: x * c / (x + c) ** 2,
                lambda x, c=c: (c / (x + c)) ** 2,
            ):
                assert kept @ f(few.lam) == pytest.approx(
                    fsum(weights * f(lam)), rel=4e-15
                )


def test_compressed_curves_are_the_direct_ones_to_the_last_mode():
    lam = np.arange(1.0, 5001) ** -1.5
    clustered = np.concatenate([lam, np.full(3000, 1e-9), np.full(50, 0.0)])
    s = FloatSpectrum.from_arrays(clustered)
    n = np.array([0.5, 30.0, 4999.0, 5001.0, 7999.0])
    target = clustered + 1e-6
    p = predict(s, target, n)
    for i, c in enumerate(p.C):
        learned = clustered / (clustered + c)
        below, above = learned[clustered <= c], clustered[clustered > c]
        left = fsum(below) + max(len(above) - n[i], 0)
        right = fsum(c / (above + c)) + max(n[i] - len(above), 0)
        assert left == pytest.approx(right, rel=1e-13)
        chi = fsum(learned * c / (clustered + c))
        assert p.E0[i] == pytest.approx(n[i] / chi, rel=1e-12)
        bias = fsum(target * (c / (clustered + c)) ** 2)
        assert p.bias[i] == pytest.approx(bias, rel=1e-12)


def test_tails_enter_in_float64_within_the_error_that_is_stated():
    for place, least in (("sphere:10", 1e-13), ("sphere:3", 1e-10)):
        s = spectrum("ntk:relu:depth=2,bias_variance=0.1", place, range(30), digits=20)
        n = np.array([3.0, 50.0, 400.0])
        p = predict(s, {1: 1, 2: 0.5}, n, 0.1, 0.2)
        exact = predict(s, {1: 1, 2: "1/2"}, [3, 50, 400], "1/10", "1/5", digits=9)
        assert p.relative_error < least
        for name in ("C", "E0", "test_mse"):
            for value, ball in zip(getattr(p, name), getattr(exact, name), strict=True):
                slack = p.relative_error * value
                assert ball.lower - slack <= value <= ball.upper + slack


def test_a_tail_that_costs_digits_is_announced():
    s = spectrum("laplace:width=1", "sphere:3", range(20), digits=12)
    cut = spectrum("laplace:width=1", "sphere:3", range(20), digits=12).floats()
    with pytest.warns(UserWarning, match=r"relative error of .* of 16 digits are lost"):
        p = predict(cut, {1: 1}, np.array([10.0, 300.0]))
    exact = predict(s, {1: 1}, [10, 300], digits=6)
    for value, ball in zip(p.C, exact.C, strict=True):
        assert abs(value / float(ball) - 1) <= p.relative_error + 1e-6


def test_many_kernels_targets_and_problems_at_once():
    spectra = [spectrum(NET, f"hypercube:{d}") for d in (4, 6)]
    targets = [{1: 1}, {2: "1/2", 3: 1}]
    n, ridge = np.array([[1], [9]]), np.array([0.0, 0.5])
    p = predict(spectra, targets, n, ridge, "1/4")
    assert p.test_mse.shape == (2, 2, 2, 2)
    assert p.C.shape == p.learnability[3].shape == (2, 2, 2)
    for a, s in enumerate(spectra):
        for b, target in enumerate(targets):
            one = predict(s, target, n, ridge, "1/4")
            both = p.select(a, b)
            for name in ("C", *STATISTICS):
                assert np.array_equal(getattr(one, name), getattr(both, name))
    assert len(list(p.rows())) == 16
    proved = predict(spectra, targets, [[1], [9]], [0, "1/2"], "1/4", digits=16)
    assert worst_difference(p, proved) < RELATIVE_ERROR
    data = p.to_xarray()
    assert data.test_mse.dims == ("spectrum", "target", "case")


def test_constant_in_float64_takes_arrays():
    s = spectrum(NET, "hypercube:8")
    n = [0, 1, "255.5", "256 - 1e-12", 256]
    found = constant(s, n, digits=None)
    assert found[0] == np.inf
    assert found[-1] == 0
    for value, size in zip(found[1:-1], n[1:-1], strict=True):
        assert value == pytest.approx(float(constant(s, size)), rel=RELATIVE_ERROR)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"n": np.ones(3, np.float32)}, "n is an array of float32"),
        ({"n": np.array([1, -2])}, r"n = -2 at \[1\] must be at least 0"),
        ({"n": np.ones(3), "ridge": np.ones(4)}, r"n \(3,\), ridge \(4,\)"),
        ({"n": np.array([1.0, np.nan])}, r"n\[1\] = nan"),
        ({"n": np.ones(2, dtype=complex)}, "complex128"),
        ({"n": 1, "target": {11: 1}}, r"level = 11 must be a whole number in 0\.\.8"),
        ({"n": 1, "target": np.ones(4)}, r"target has shape \(4,\)"),
        ({"n": 1, "target": np.zeros(9)}, "its power is 0"),
        ({"n": 1, "target": -np.ones(9)}, r"target\[0\] = -1"),
        ({"n": 1, "target": []}, "targets is empty"),
        ({"n": 1, "s": "hypercube:8"}, "is no spectrum"),
    ],
)
def test_bad_input_is_named_with_its_place(given, match):
    call = {"s": spectrum(NET, "hypercube:8"), "target": {1: 1}} | given
    with pytest.raises(OutOfDomain, match=match):
        predict(**call)


@pytest.mark.parametrize(
    ("arrays", "error", "match"),
    [
        ((np.ones(3, np.float32),), OutOfDomain, "float32"),
        (([1.0, -1e-20],), NotPositiveDefinite, r"eigenvalues\[1\] = -1e-20"),
        (([1.0, np.inf],), OutOfDomain, r"eigenvalues\[1\] = inf"),
        (([[1.0]],), OutOfDomain, r"shape \(1, 1\)"),
        (([1.0], [0]), OutOfDomain, r"multiplicities\[0\] = 0"),
        (([1.0], [1, 2]), OutOfDomain, "differ in shape"),
    ],
)
def test_bad_arrays_are_refused(arrays, error, match):
    with pytest.raises(error, match=match):
        FloatSpectrum.from_arrays(*arrays)


def test_memory_is_announced_and_refused():
    s, said = spectrum(NET, "hypercube:4"), []
    with pytest.raises(Unsupported, match="GiB of results"):
        predict(s, {1: 1}, np.ones((1 << 14, 1 << 14)), np.zeros((4, 1, 1)))
    predict(s, {1: 1}, np.ones(10), progress=lambda *x: said.append(x))
    assert all(done <= total for done, total, _ in said)
    assert {what for *_, what in said} == {"constants", "statistics"}
    with pytest.raises(Unsupported, match="float64 spectrum proves none"):
        predict(s.floats(), {1: 1}, 1, digits=10)
