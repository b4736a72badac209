"""Predictions on n of M points: exact cases, and the usual formulas as M grows."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics import Spectrum, predict
from numerics.statistics.finite_population import (
    population_constant,
    predict_population,
)
from theory import OutOfDomain

spectra = st.lists(st.integers(1, 60), min_size=3, max_size=12).map(
    lambda powers: np.array([2.0**-p for p in powers])
)


@given(st.integers(2, 30), st.integers(1, 29), st.integers(0, 40))
def test_the_white_kernel_is_exact(M, n, delta):
    n = min(n, M - 1)
    lam = np.full(M, 0.75)
    found = predict_population(lam, np.ones((1, M)), [n], delta / 8, points=M)
    L = n * 0.75 / (M * 0.75 + delta / 8)
    assert found.learnability[0, 0] == pytest.approx(L, rel=1e-10)
    assert found.learned[0] == pytest.approx(M * L, rel=1e-10)


@given(spectra, st.integers(1, 20), st.integers(1, 30))
def test_without_an_end_it_is_the_usual_theory(lam, n, ridge):
    """The second way: levels given as exact numbers, and the engine's own predictions."""
    delta = f"{ridge}/16"
    powers = np.arange(1.0, len(lam) + 1)
    levels = Spectrum.from_levels([(str(x), 1) for x in map(mpmath.mpf, lam)])
    usual = predict(levels, dict(enumerate(powers)), [n], delta)
    found = predict_population(lam, powers, [n], ridge / 16)
    assert found.C[0] == pytest.approx(usual.C[0], rel=1e-10)
    assert found.test_mse[0, 0] == pytest.approx(usual.test_mse[0], rel=1e-9)
    assert found.train_mse[0, 0] == pytest.approx(usual.train_mse[0], rel=1e-9)
    assert found.held_out_mse[0, 0] == found.test_mse[0, 0]
    expected = usual.target_learnability[0]
    assert found.learnability[0, 0] == pytest.approx(expected, rel=1e-10)


@given(spectra, st.integers(1, 30), st.integers(0, 50))
def test_the_constant_solves_the_equation_as_it_is_written(lam, ridge, n):
    """n = Σ L + (δ/C)(1 − Σ L/M), in 60 digits; C changes its sides by its error."""
    M = len(lam) + 3
    n, delta = 1 + n % (M - 1), mpmath.mpf(ridge) / 32
    C = population_constant(lam, n, float(delta), points=M)

    def side(c):
        learned = mpmath.fsum(x / (x + c) for x in map(mpmath.mpf, lam))
        return learned + delta / c * (1 - learned / M)

    with mpmath.workdps(60):
        eps = mpmath.mpf("1e-11")
        assert side(C * (1 - eps)) > n > side(C * (1 + eps))


def test_without_ridge_the_domain_does_not_matter():
    lam = 2.0 ** -np.arange(8)
    one = predict_population(lam, np.ones(8), [3], points=9)
    endless = predict_population(lam, np.ones(8), [3])
    assert one.C[0] == endless.C[0]
    assert one.test_mse[0, 0] == pytest.approx(endless.test_mse[0, 0], rel=1e-13)


@pytest.mark.parametrize("n", [1, 5, 7])
def test_the_root_is_relative_however_small(n):
    lam = np.array([1e-3, 1e-6, 1e-9, 1e-12, 1e-15, 1e-18, 1e-21, 1e-24])
    small = population_constant(lam * 1e-30, n, 1e-60, points=8)
    assert small == pytest.approx(
        1e-30 * population_constant(lam, n, 1e-30, points=8), rel=1e-10, abs=0
    )


def test_what_has_no_root_is_named():
    lam = np.array([1.0, 0.5, 0.0])
    with pytest.raises(OutOfDomain, match="only 2 modes"):
        population_constant(lam, 2)
    with pytest.raises(OutOfDomain, match="n = 3 must lie"):
        population_constant(lam, 3, 1.0, points=3)
    with pytest.raises(OutOfDomain, match="ridge = -1"):
        population_constant(lam, 1, -1)
    with pytest.raises(OutOfDomain, match="no power"):
        predict_population(lam, np.zeros(3), [1])
    with pytest.raises(OutOfDomain, match="share their modes"):
        predict_population(lam, np.ones(4), [1])


def test_a_rotated_basis_obeys_the_finite_formula_and_not_the_usual_one():
    """Haar eigenvectors, the setting of the derivation: Σ L by regression."""
    rng = np.random.default_rng(5)
    M, n, delta = 120, 70, 0.5
    lam = 1 / np.arange(1.0, M + 1) ** 1.5
    basis, _ = np.linalg.qr(rng.standard_normal((M, M)))
    K = M * basis @ np.diag(lam) @ basis.T
    sums = []
    for _ in range(40):
        data = rng.permutation(M)[:n]
        inner = K[np.ix_(data, data)]
        sums.append(np.trace(np.linalg.solve(inner + delta * np.eye(n), inner)))
    finite = predict_population(lam, np.ones(M), [n], delta, points=M)
    usual = predict_population(lam, np.ones(M), [n], delta)
    error = np.std(sums) / math.sqrt(len(sums))
    assert abs(finite.learned[0] - np.mean(sums)) < 0.002 * n + 4 * error
    assert abs(usual.learned[0] - np.mean(sums)) > 0.02 * n
