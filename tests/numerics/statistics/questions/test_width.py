"""Random features: reference numbers, limits against each other, both arithmetics."""

import numpy as np
import pytest

from numerics import FloatSpectrum, Spectrum, predict, spectrum
from theory import OutOfDomain, Unsupported
from theory.numbers import rational

MODES = np.arange(1, 301)
LAM = MODES**-1.5
POWER = MODES**-2.0 / np.sum(MODES**-2.0)
R = FloatSpectrum.from_arrays(LAM)
FEW = Spectrum.from_levels([("1/2", 3), ("1/10", 10), ("1/100", 50)])
TARGET = {0: 1, 2: 1}


def of(n, width, ridge=0, noise="1/10"):
    return predict(R, POWER, n, ridge=ridge, noise=noise, width=width)


def test_reference_numbers():
    """Computed once by an independent program, and simulated there."""
    n, w = [60, 90, 50, 60, 40, 120], [90, 60, 400, 60, 120, 40]
    p = of(n, w, ["0.05", "0.05", "0.01", "0.2", 0, 0])
    rows = np.array(
        [
            # C, κ, E, ensemble, train MSE, B_F
            [
                7.71659719e-3,
                3.72352655e-3,
                0.259162193,
                0.176014302,
                0.012980764,
                0.129117427,
            ],
            [
                6.95830532e-3,
                1.23106562e-3,
                0.255899822,
                0.152309018,
                0.05211498,
                0.137341638,
            ],
            [
                7.20517219e-3,
                6.33296877e-3,
                0.219389126,
                0.200614996,
                2.18807e-4,
                0.118516759,
            ],
            [
                1.49453419e-2,
                7.05817302e-3,
                0.221261242,
                0.162299706,
                0.04934899,
                0.146306117,
            ],
            [1.00518900e-2, 6.70126e-3, 0.28682385, 0.207990331, 0, 0.129154778],
            [1.00518900e-2, 0, 0.236500557, 0.140484892, 0.105111358, 0.157667038],
        ]
    )
    fixed = p.bias + 0.1 + p.variance_features
    found = p.C, p.kappa, p.test_mse, p.ensemble_mse, p.train_mse, fixed
    assert np.allclose(found, rows.T, rtol=3e-7, atol=1e-9)
    parts = p.variance_features + p.variance_data + p.variance_both
    # the test MSE has a formula of its own
    assert np.allclose(p.bias + 0.1 + parts, p.test_mse, rtol=1e-13)
    assert p.train_mse[4] == 0
    assert p.kappa[5] == 0


def test_both_arithmetics_agree_everywhere():
    """With n, w below, at and above N, at n = w, with and without ridge."""
    n = [0, 10, 10, 10, 20, 63, 70, 70, 80, 10]
    w = [5, 5, 10, 20, 20, 80, 63, 70, 40, 10**9]
    for ridge in (0, "1/100", "1e-30"):
        one = predict(FEW, TARGET, n, ridge=ridge, noise="1/10", width=w)
        two = predict(FEW, TARGET, n, ridge=ridge, noise="1/10", width=w, digits=18)
        for name in ("C", *one.statistics):
            a, b = getattr(one, name), getattr(two, name).astype(float)
            finite = np.isfinite(b)
            assert np.array_equal(finite, np.isfinite(a)), (name, ridge)
            off = np.abs(a[finite] - b[finite])
            assert np.all(off <= 1e-12 * np.abs(b[finite])), (name, ridge)
            assert one.relative_error < 1e-12


def test_the_balls_solve_the_equation():
    n, w, ridge = 20, 30, rational("1/1000", "ridge")
    p = predict(FEW, TARGET, n, ridge=ridge, width=w, digits=30)
    c = p.C.item()
    z = sum(
        g * rational(x, "λ") / (rational(x, "λ") + rational(str(float(c)), "C"))
        for x, g in (("1/2", 3), ("1/10", 10), ("1/100", 50))
    )
    there = (n - z) * rational(str(float(c)), "C") * (1 - z / w)
    assert abs(there / ridge - 1) < 1e-12
    assert c.digits >= 30


def test_levels_of_an_infinite_spectrum_enter_beyond_those_listed():
    s = spectrum("gaussian:width=2", "sphere:4")
    asked = {"ridge": "1/100", "noise": "1/10", "width": [30, 60]}
    one, two = (predict(s, {1: 1}, 40, **asked, digits=d) for d in (None, 10))
    for name in ("C", *one.statistics):
        a, b = getattr(one, name), getattr(two, name).astype(float)
        assert np.allclose(a, b, rtol=1e-10), name


@pytest.mark.parametrize("ridge", [0, "0.05"])
def test_wide_features_are_the_kernel(ridge):
    """And the difference falls like 1/w."""
    n = [20, 50, 100]
    kernel = predict(R, POWER, n, ridge=ridge, noise="0.1")
    wide, wider = of(n, 10**8, ridge), of(n, 10**9, ridge)
    for name in ("C", "E0", "bias", "variance", "test_mse", "train_mse"):
        limit = getattr(kernel, name)
        gap, less = (np.abs(getattr(p, name) - limit) for p in (wide, wider))
        assert np.all(gap <= 1e-4 * np.abs(limit)), name
        moved = gap > 1e-10 * np.abs(limit)
        assert np.allclose(gap[moved] / less[moved], 10, rtol=1e-2), name
    assert np.allclose(wide.kappa, kernel.C, rtol=1e-5)
    assert np.allclose(wide.ensemble_mse, kernel.test_mse, rtol=1e-4)
    assert np.all(wide.variance_features < 1e-5)


def test_small_ridges_are_none():
    n, w = [40, 120, 60, 300, 400], [120, 40, 61, 200, 500]
    none, small = of(n, w), of(n, w, "1e-13")
    for name in ("C", "kappa", "test_mse", "train_mse", "variance", "ensemble_mse"):
        a, b = getattr(none, name), getattr(small, name)
        assert np.allclose(a, b, rtol=1e-6, atol=1e-8), name


def test_without_ridge_data_and_features_change_places():
    n, w = [10, 40, 250], [40, 120, 299]
    assert np.array_equal(of(n, w).C, of(w, n).C)


def test_as_many_features_as_points_have_no_bound_without_ridge():
    """The error grows like δ^(−1/2), and what is averaged over features stays."""
    p = of(60, 60, [0, "1e-10", "1e-12"])
    assert np.isinf(p.test_mse[0])
    assert np.isinf(p.variance_both[0])
    assert p.train_mse[0] == 0
    assert np.isclose(p.test_mse[2] / p.test_mse[1], 10, rtol=1e-3)
    assert np.isclose(p.ensemble_mse[0], p.ensemble_mse[2], rtol=1e-4)
    proved = predict(FEW, TARGET, 10, width=10, digits=10)
    assert proved.test_mse.item().is_infinite
    assert proved.train_mse.item().contains(0)


def test_features_that_span_all_modes_are_the_kernel():
    """Least squares on N modes, however many features more there are."""
    n, w = [70, 100, 70], [63, 80, 500]
    features = predict(FEW, TARGET, n, noise="1/10", width=w)
    kernel = predict(FEW, TARGET, n, noise="1/10")
    for name in ("C", "E0", "bias", "variance", "test_mse", "train_mse"):
        assert np.allclose(getattr(features, name), getattr(kernel, name)), name
    near = predict(FEW, TARGET, n, ridge="1e-12", noise="1/10", width=w)
    # with w = N the ridge enters by its root
    assert np.allclose(near.test_mse, kernel.test_mse, rtol=1e-4)
    with pytest.raises(Unsupported, match="n = width = 63 is the number of modes"):
        predict(FEW, TARGET, 63, width=63)


def test_modes_that_few_features_cannot_hold_are_never_learned():
    """More data do not help beyond what w features can hold."""
    p = predict(FEW, TARGET, [100, 10**9], width=5)
    assert np.isclose(p.C[0], p.C[1])
    assert p.test_mse[1] > 1
    # with no limit of data the best of w random features is left: B_F
    assert np.isclose(p.test_mse[1], p.bias[1] + p.variance_features[1], rtol=1e-7)


def test_what_has_no_formula_is_refused_by_name():
    s = spectrum("exponential:beta=1", "hypercube:4")
    with pytest.raises(Unsupported, match="sampling and width are asked together"):
        predict(s, {1: 1}, 4, width=4, sampling="distinct")
    with pytest.raises(Unsupported, match="with a width"):
        predict(s, {1: 1}, 4, width=4, rule="sgd:rate=1/10")
    for wrong in (0, -1, "1/2", [4, 0]):
        with pytest.raises(OutOfDomain, match="width"):
            predict(s, {1: 1}, 4, width=wrong)


def test_remarks_say_what_the_width_does():
    (told,) = predict(FEW, TARGET, 10, ridge="1/10", width=[30, 100]).remarks
    assert told.startswith("finite width moves test_mse by")
    assert "of the kernel's" in told
    (told,) = predict(FEW, TARGET, 10, width=[10, 30]).remarks
    assert "no bound where width = n" in told
    told = predict(FEW, TARGET, 70, width=[20, 80]).remarks
    assert "n = 70 … 70 exceeds the 63 modes" in told[0]
