"""An activation that lives in this file alone works everywhere: docs/howto/activation.md."""

import numpy as np
import pytest
from sympy import Max, Min

from learnability import Hypercube, activations, kernels, predict, spectrum
from theory.activations import ACTIVATIONS, z

# activation: begin
NAME = "half_softsign"
PHI = Max(z, 0) + Min(z, 0) / (1 - Min(z, 0))  # z above 0, z/(1 + |z|) below


@pytest.fixture(autouse=True, scope="module")
def half_softsign():
    phi = activations.register(NAME, PHI)
    # activation: end
    yield phi
    del ACTIVATIONS[NAME]


KERNEL = f"ntk:{NAME}:depth=2,bias_variance=0.1"
X = np.random.default_rng(4).choice([-1.0, 1.0], (6, 8))


def f(x):
    """The same function by hand."""
    return np.where(x > 0, x, x / (1 + np.abs(x)))


def slope(x):
    return np.where(x > 0, 1.0, 1 / (1 + np.abs(x)) ** 2)


def mean(function, q, c):
    """E g(x) g(y) by a plain sum over a fine grid: an independent way."""
    step = 1 / 64
    grid = np.arange(-9, 9, step) + step / 2
    a, b = np.sqrt((1 + c) / 2) * grid[:, None], np.sqrt((1 - c) / 2) * grid
    weights = np.exp(-grid * grid / 2) * step / np.sqrt(2 * np.pi)
    scale = np.sqrt(q)
    return weights @ (function(scale * (a + b)) * function(scale * (a - b))) @ weights


def by_hand(t):
    """The tangent kernel of KERNEL at a cosine, as papers write the recursion."""
    q, s = 2.1, 2 * t + 0.1
    theta = s
    for weight, bias in ((2, 0.1), (1, 0)):
        steep = mean(slope, q, s / q)
        q, s = (weight * mean(f, q, c) + bias for c in (1.0, s / q))
        theta = s + weight * theta * steep
    return theta


# use: begin
def test_its_kernel_matrix_has_a_stated_error():
    K = kernels.parse(KERNEL)
    found, error = K.matrix(X, norms="equal"), K.matrix_error(X, norms="equal")
    assert error.max() < 1e-10
    assert found[0, 1] == pytest.approx(by_hand(X[0] @ X[1] / 8), rel=1e-4)
    # points of different norms, and text that uses the name
    assert K.matrix(X * [[1.0], [2], [1], [2], [1], [2]]).shape == (6, 6)
    same = kernels.parse(KERNEL.replace(NAME, f"{NAME}(z)"))
    assert same.matrix(X)[0, 1] == found[0, 1]


def test_its_spectrum_and_learning_curve():
    s = spectrum(KERNEL, Hypercube(5), digits=None)
    assert s.mass.sum() == pytest.approx(by_hand(1.0), rel=1e-4)
    found = predict(s, {1: 1}, [4, 16], ridge="1/100")
    assert 0 < found.test_mse[1] < found.test_mse[0] < 1


def test_kernel_regression_agrees_with_the_prediction():
    from verify.regression import problem, simulate

    measured = simulate(problem(KERNEL, "hypercube:5", {1: 1}, 8), 400)
    s = spectrum(KERNEL, Hypercube(5), digits=None)
    predicted = float(predict(s, {1: 1}, 8).test_mse)
    assert abs(measured.test_mse.mean() - predicted) < 0.15 * predicted


def test_wide_nets_of_it_have_its_kernel():
    """Their tangent kernels: the mean of 64 nets of width 256, which differ by 1/√256."""
    import jax

    from verify.networks import Architecture, empirical_ntk, initialize

    net, x = Architecture(2, 256, NAME, 2.0, 0.1), jax.numpy.asarray(X, "float32")
    one = lambda key: empirical_ntk(net, initialize(net, 8, key), x)
    found = np.asarray(jax.lax.map(one, jax.random.split(jax.random.key(1), 64)))
    error = found.std(axis=0) / np.sqrt(len(found))
    K = kernels.parse(KERNEL).matrix(X, norms="equal")
    assert np.all(np.abs(found.mean(axis=0) - K) < 4 * error + 0.01 * K[0, 0])


# use: end
def test_a_name_is_taken_once():
    from theory import OutOfDomain

    with pytest.raises(OutOfDomain, match="stands for"):
        activations.register(NAME, z)
