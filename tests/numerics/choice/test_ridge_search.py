"""The best ridge against its equation, other ridges, and references from elsewhere."""

import numpy as np
import pytest

from numerics import FloatSpectrum, Spectrum, predict, spectrum
from numerics.choice.ridge_search import optimal_ridge
from theory import Hypercube, OutOfDomain, kernels

TWO = Spectrum.from_levels([(1, 10), ("0.02", 400)])
INDEX = np.arange(1.0, 301)
POWERS = INDEX**-2 / np.sum(INDEX**-2)
POWER_LAW = FloatSpectrum.from_arrays(INDEX**-1.5)


@pytest.mark.parametrize(
    ("noise", "ridge", "error"),
    [  # roots of the derivative in 40 digits
        (0, -3.9650972764, 0.014211134360),
        ("0.02", -3.11867772421, 0.0527626124138),
        ("0.2", -0.138781784334, 0.304830582412),
        (1, 7.59490316303, 1.2703072126),
    ],
)
def test_a_negative_ridge_is_found_where_it_is_best(noise, ridge, error):
    found = optimal_ridge(TWO, {0: 1}, 40, noise)
    assert found.ridge == pytest.approx(ridge, rel=1e-9)
    assert found.test_mse == pytest.approx(error, rel=1e-10)
    assert found.least_ridge == pytest.approx(-4.19208006, rel=1e-8)
    assert bool(found.remark) == (ridge < 0)


def test_the_global_minimum_is_not_the_one_next_to_zero():
    s = FloatSpectrum.from_arrays([1.7e-3, 2.3e-6, 3.1e-4, 4.4e-6], [596, 280, 8, 37])
    found = optimal_ridge(s, np.array([0, 0, 0.002, 0.28]), 676, "4e-4")
    assert found.ridge == pytest.approx(258.5026, rel=1e-6)
    assert found.test_mse == pytest.approx(0.2823952, rel=1e-6)
    assert found.minima[1][1] == pytest.approx(1.30666, rel=1e-5)
    assert found.minima[1][0] < 0


def test_no_ridge_of_many_is_better():
    s = spectrum(kernels.exponential(1), Hypercube(6))
    for sampling in ("independent", "distinct"):
        found = optimal_ridge(
            s, {1: "0.6", 3: "0.4"}, 20, "0.1", sampling=sampling, negative=False
        )
        others = [f"{x:.6g}" for x in np.geomspace(1e-6, 1e4, 300)]
        p = predict(s, {1: "0.6", 3: "0.4"}, 20, others, "0.1", sampling=sampling)
        assert found.test_mse <= p.test_mse.min() * (1 + 1e-12)
        assert found.test_mse >= p.test_mse.min() * (1 - 1e-3)


def test_along_the_best_ridge_the_curve_falls_with_one_minus_e0():
    n, step = 60.0, 1e-3
    around = [
        optimal_ridge(POWER_LAW, POWERS, str(n + x), "0.1") for x in (-step, step)
    ]
    slope = np.log(around[1].test_mse / around[0].test_mse) / np.log(
        (n + step) / (n - step)
    )
    best = optimal_ridge(POWER_LAW, POWERS, 60, "0.1")
    p = predict(POWER_LAW, POWERS, 60, f"{best.ridge:.12g}", "0.1")
    assert slope == pytest.approx(1 - float(p.E0), rel=1e-6)
    assert best.C == pytest.approx(0.0171423884, rel=1e-8)


def test_ends_of_the_search():
    white = Spectrum.from_levels([(1, 5)])
    assert optimal_ridge(white, {0: 1}, 20, 0, negative=True).where == "zero"
    assert optimal_ridge(TWO, {1: 1}, 2, 100, negative=False).ridge > 100
    s = spectrum(kernels.polynomial(2), Hypercube(4))
    classes = optimal_ridge(s, {2: 1}, 3, sampling="distinct")
    assert (classes.ridge, classes.where) == (0.0, "zero")
    assert "classes" in classes.remark
    with pytest.raises(OutOfDomain, match="noise"):
        optimal_ridge(TWO, {0: 1}, 3, -1)
