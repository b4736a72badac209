"""The tangent kernel: its definition, and how it moves with the width."""

import jax
import numpy as np
import pytest

from verify.networks import Architecture, Training, apply, empirical_ntk, initialize
from verify.networks.batches.trainer import net_key, trajectory
from verify.networks.steps.precision import arithmetic


@pytest.mark.parametrize(
    ("parameterization", "bias_variance", "depth"),
    [("ntk", 0.2, 3), ("ntk", 0.0, 1), ("standard", 0.2, 2)],
)
def test_kernel_is_the_product_of_jacobians(parameterization, bias_variance, depth):
    net = Architecture(depth, 6, "gelu", 1.3, bias_variance, parameterization)
    with arithmetic("float64"):
        x = jax.random.normal(jax.random.key(1), (5, 3))
        z = jax.random.normal(jax.random.key(2), (4, 3))
        parameters = initialize(net, 3, jax.random.key(0), "float64")
        left, right = (
            jax.tree.leaves(jax.jacrev(lambda p, x=x: apply(net, p, x))(parameters))
            for x in (x, z)
        )
        expected = sum(
            np.asarray(a).reshape(5, -1) @ np.asarray(b).reshape(4, -1).T
            for a, b in zip(left, right, strict=True)
        )
        ours = np.asarray(empirical_ntk(net, parameters, x, z))
        square = np.asarray(empirical_ntk(net, parameters, x))
    np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(square, square.T, rtol=1e-12)


def _spread_and_drift(width: int, nets: int) -> tuple[float, float]:
    """Return the kernel's relative spread over nets, and its drift in training."""
    # a smooth activation: with ReLU the units that switch make it width^-3/4
    net = Architecture(1, width, "tanh")
    angle = np.arange(3) * 2 * np.pi / 3
    x = np.sqrt(2) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    y = np.array([1.0, -1.0, 0.5])
    training = Training(learning_rate=0.1, dtype="float64")
    before, drift = [], []
    for trial in range(nets):
        way = trajectory(net, training, x, y, x, net_key(5, 3, trial), [0, 50])
        with arithmetic("float64"):
            first, last = (
                np.asarray(_kernel(net, parameters, x)) for parameters in way.parameters
            )
        before.append(first)
        drift.append(np.linalg.norm(last - first) / np.linalg.norm(first))
    mean = np.mean(before, axis=0)
    spread = np.mean([np.linalg.norm(k - mean) for k in before]) / np.linalg.norm(mean)
    return float(spread), float(np.mean(drift))


_kernel = jax.jit(empirical_ntk, static_argnums=0)


def test_kernel_spreads_like_width_to_minus_a_half_and_drifts_like_its_inverse():
    narrow, wide = _spread_and_drift(32, 20), _spread_and_drift(512, 20)
    spread, drift = (
        np.log(a / b) / np.log(512 / 32) for a, b in zip(narrow, wide, strict=True)
    )
    # the seed is fixed; over seeds the exponents scatter by about 0.05
    assert abs(spread - 0.5) < 0.2, spread
    assert abs(drift - 1.0) < 0.2, drift
