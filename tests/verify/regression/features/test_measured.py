"""Random features measured: exact identities, and the parts of the variance."""

import numpy as np
import pytest

from learnability.table.predictions import measured_errors
from numerics import predict, spectrum
from theory import OutOfDomain, Unsupported, kernels
from verify.regression import problem
from verify.regression.features.drawn import features_of, hidden_layer
from verify.regression.features.measured import feature_regression, gaussian_design

CUBE = "hypercube:6"


@pytest.mark.parametrize("name", ["relu", "erf", "sin", "step"])
def test_features_of_a_layer_have_its_kernel_as_mean(name):
    kernel = kernels.nngp(name, depth=1, bias_variance="1/2")
    x = np.random.default_rng(1).standard_normal((5, 3))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    psi = hidden_layer(kernel, x, 60_000, np.random.default_rng(2))
    wanted = kernel.matrix(x * 3**0.5, norms="equal")
    assert np.allclose(psi @ psi.T / 60_000, wanted, atol=0.03)


def test_gaussian_features_have_any_kernel_as_covariance():
    one = problem("exponential:beta=1", CUBE, {1: 1}, 4)
    draw = features_of(one, "gaussian")
    psi = draw(np.arange(8), 40_000, np.random.default_rng(0))
    pair = one.place.pair(np.arange(8)[None], np.arange(8)[None], np)
    wanted = one.pairs.kernel(pair, np)[0]
    assert np.allclose(psi @ psi.T / 40_000, wanted, atol=0.1)


def test_parts_of_the_variance_add_up_on_every_draw():
    found = gaussian_design(
        np.arange(1.0, 41) ** -1.5,
        np.full(40, 0.025),
        12,
        20,
        0.1,
        0.1,
        trials=6,
        seed=0,
    ).values
    parts = sum(found[f"variance_{x}"] for x in ("features", "data", "both"))
    assert np.allclose(found["variance"], parts)
    assert np.allclose(found["test_mse"], found["bias"] + found["variance"] + 0.1)


@pytest.mark.parametrize(("n", "width"), [(10, 24), (24, 10)])
def test_without_ridge_the_learnabilities_sum_to_the_smaller(n, width):
    one = problem("nngp:erf:depth=1,bias_variance=1", CUBE, {1: 1}, n)
    found = feature_regression(one, width, 3).values
    assert np.allclose(found["learned"], 10)
    assert np.allclose(found["train_mse"], 0) == (n < width)


def test_a_time_of_no_training_leaves_the_target():
    one = problem("nngp:erf:depth=1", CUBE, {1: 1}, 6)
    found = feature_regression(one, 8, 3, rule="flow", time=0.0).values
    assert np.allclose(found["test_mse"], 1)
    assert np.allclose(found["learned"], 0)


def test_measurements_stand_beside_predictions():
    kernel, domain = "nngp:relu:depth=1", "sphere:12"
    s = spectrum(kernel, domain, digits=None)
    for asked in ({"width": [20]}, {"width": [20], "time": 1}):
        p = predict(s, {1: 1}, 30, noise="1/10", **asked)
        (found,) = measured_errors(p, kernel, domain, {1: 1}, 80)
        assert (
            abs(found.value - p.test_mse.item())
            < 5 * found.error + 0.1 * p.test_mse.item()
        )


def test_what_cannot_be_drawn_is_refused():
    one = problem("exponential:beta=1", CUBE, {1: 1}, 4)
    with pytest.raises(Unsupported, match="features = 'activation' of exponential"):
        feature_regression(one, 4, features="activation")
    with pytest.raises(OutOfDomain, match="width = 0"):
        feature_regression(one, 0)
