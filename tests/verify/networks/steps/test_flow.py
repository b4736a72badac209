"""Gradient flow: its stated error, and the limits that it must have."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from verify.networks import (
    Architecture,
    Training,
    empirical_ntk,
    initialize,
    linearized_flow,
    net_key,
    train,
)
from verify.networks.model.linearized import linearized_descent, steps_to_stop
from verify.networks.model.training_rule import OUTCOMES
from verify.networks.steps.precision import arithmetic

NET = Architecture(1, 16, "tanh")
X = np.array([[[1.0, 0.3], [-0.4, 1.2], [0.5, -1.1]]])
Y = np.array([[[1.0, -0.5, 0.7], [0.2, 0.4, -1.0]]])
TEST = np.array([[0.2, 0.1], [-1.0, 1.0]])
KEYS = [[net_key(0, 3, 0)] * 2]
FLOW = Training(dynamics="flow", dtype="float64", max_time=3.0, stop_mse=0.0)


def test_flow_is_the_limit_of_descent_with_small_steps_within_its_stated_error():
    flow = train(NET, FLOW, X, Y, TEST, KEYS)
    assert {OUTCOMES[k] for k in flow.outcome.ravel()} == {"max_time"}
    np.testing.assert_allclose(flow.time, 3.0, rtol=1e-12)
    coarse, fine = (
        train(
            NET,
            Training(learning_rate=h, dtype="float64", max_time=3.0, stop_mse=0.0),
            X, Y, TEST, KEYS,
        ).predictions
        for h in (2e-3, 1e-3)
    )  # fmt: skip
    limit = 2 * fine - coarse  # Richardson: what is left is of second order in h
    error = np.abs(flow.predictions - limit).max()
    assert error < flow.flow_error.max() + 1e-5
    assert 0 < flow.flow_error.max() < 0.05
    assert np.abs(fine - limit).max() > 1e-5  # the flow isn't plain descent


def test_a_smaller_tolerance_gives_a_smaller_error():
    errors = [
        train(NET, replace(FLOW, flow_tolerance=t), X, Y, TEST, KEYS).predictions
        for t in (1e-2, 1e-4, 1e-8)
    ]
    loose, tight = (np.abs(errors[k] - errors[2]).max() for k in (0, 1))
    assert tight < loose / 10


def test_a_lazy_flow_follows_the_closed_form():
    lazy = replace(FLOW, target_scale=1e-5, flow_tolerance=1e-7)
    flow = train(NET, lazy, X, Y, TEST, KEYS)
    with arithmetic("float64"):
        first = initialize(NET, 2, KEYS[0][0], "float64")
        x, test = jax.numpy.asarray(X[0]), jax.numpy.asarray(TEST)
        kernel = empirical_ntk(NET, first, x)
        cross = empirical_ntk(NET, first, test, x)
    for j in range(2):
        oracle = linearized_flow(kernel, cross, Y[0, j], [3.0])
        np.testing.assert_allclose(flow.predictions[0, j], oracle[0], atol=1e-4)


def test_flow_stops_by_loss():
    flow = train(NET, replace(FLOW, max_time=None, stop_mse=1e-3), X, Y, TEST, KEYS)
    assert {OUTCOMES[k] for k in flow.outcome.ravel()} == {"converged"}
    assert (flow.train_mse < 1e-3).all()


def _kernel(n, seed):
    a = np.random.default_rng(seed).standard_normal((n, 2 * n))
    return a @ a.T / n


def test_linearized_descent_is_descent_step_by_step():
    kernel, cross = _kernel(6, 0), np.random.default_rng(1).standard_normal((4, 6))
    y, rate, alpha = np.arange(6.0), 0.1, np.zeros(6)
    ours = linearized_descent(kernel, cross, y, rate, range(51))
    for t in range(51):
        np.testing.assert_allclose(ours[t], cross @ alpha, rtol=1e-10, atol=1e-12)
        alpha = alpha + 2 * rate / 6 * (y - kernel @ alpha)


def test_linearized_descent_keeps_its_digits_where_eigenvalues_vanish():
    """A mode with eigenvalue 0 grows linearly in t; one of 1e-14 almost so."""
    kernel = np.diag([0.0, 1e-14, 1.0])
    ours = linearized_descent(kernel, np.eye(3), [1.0, 1.0, 1.0], 0.3, [7])
    slope = 2 * 0.3 / 3 * 7
    np.testing.assert_allclose(ours[0, :2], slope, rtol=1e-12)
    flow = linearized_flow(kernel, np.eye(3), [1.0, 1.0, 1.0], [2.1])
    np.testing.assert_allclose(flow[0, :2], slope, rtol=1e-12)


def test_linearized_descent_diverges_beyond_the_edge_and_not_before():
    edge = 3 / 1.0  # n/λ_max
    kernel = np.diag([1.0, 0.5, 0.1])
    inside, outside = (
        np.abs(linearized_descent(kernel, np.eye(3), [1.0] * 3, r, [400])).max()
        for r in (0.99 * edge, 1.01 * edge)
    )
    assert inside < 11
    assert outside > 1e2


@pytest.mark.parametrize("check_every", [1, 10])
def test_steps_to_stop_is_the_first_check_below(check_every):
    kernel, y = _kernel(6, 2), np.ones(6)
    rate = 0.8 * 6 / np.linalg.eigvalsh(kernel)[-1]
    t = steps_to_stop(kernel, y, rate, stop_mse=1e-3, check_every=check_every)
    checks = [t - check_every, t]
    f = linearized_descent(kernel, kernel, y, rate, checks)
    before, after = ((f - y) ** 2).mean(axis=1)
    assert after < 1e-3 <= before
    assert t % check_every == 0
    capped = steps_to_stop(kernel, y, rate, stop_mse=0.0, max_steps=70)
    assert capped == 70
