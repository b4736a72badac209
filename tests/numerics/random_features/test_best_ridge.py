"""The best ridge of random features: reference numbers, optimality, and its limits."""

import numpy as np
import pytest

from numerics import FloatSpectrum, predict
from numerics.random_features import best_feature_ridge

MODES = np.arange(1.0, 301)
POWER = MODES**-2.0 / np.sum(MODES**-2.0)
R = FloatSpectrum.from_arrays(MODES**-1.5)


@pytest.mark.parametrize(
    ("n", "width", "ridge", "mse"),
    [
        (60, 60, 0.83176, 0.198595),
        (60, 120, 0.68215, 0.180082),
        (120, 60, 0.97075, 0.174733),
        (120, 120, 0.82598, 0.156803),
    ],
)
def test_reference_numbers(n, width, ridge, mse):
    """Computed once by an independent program; more data and more features are better."""
    found = best_feature_ridge(R, POWER, n, width, "1/10")
    assert abs(found.ridge - ridge) < 6e-6
    assert abs(found.test_mse - mse) < 6e-7
    other = predict(R, POWER, n, np.geomspace(1e-4, 100, 300), "1/10", width=width)
    assert found.test_mse <= other.test_mse.min() * (1 + 1e-12)


def test_without_noise_wide_features_of_a_pure_mode_need_no_ridge():
    found = best_feature_ridge(R, np.eye(300)[0], 20, 10**6)
    assert found.ridge == 0


def test_wide_features_have_the_best_ridge_of_the_kernel():
    """At the kernel's optimum a small change of the ridge changes nothing."""
    found = best_feature_ridge(R, POWER, 60, 10**9, "1/10")
    near = predict(
        R, POWER, 60, found.ridge * np.array([0.99, 1, 1.01]), "1/10"
    ).test_mse
    assert near[1] < near[0]
    assert near[1] < near[2]
