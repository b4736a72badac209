"""Regression that stops early, on data sets: against running the rules step by step."""

import numpy as np
import pytest

from theory import OutOfDomain
from verify.regression import blocks, problem
from verify.regression.simulation import simulate
from verify.regression.training.course import training_course


@pytest.fixture(scope="module")
def cube():
    return problem("exponential:beta=1", "hypercube:5", {1: 1}, 12, 0, "1/10")


def fitted(one, step, steps, trials=4):
    """The train MSE after running a rule on α, written out as a loop."""
    data = blocks.draw(one, range(trials), 0)
    pair = one.place.pair(data.points, data.points, np)
    inner = one.pairs.kernel(pair, np)
    alpha, before = np.zeros_like(data.labels), np.zeros_like(data.labels)
    for _ in range(steps):
        alpha, before = step(inner, data.labels, alpha, before), alpha
    return np.mean((data.labels - inner @ alpha) ** 2, axis=(1, 2))


RULES = {
    "descent:rate=1/20": lambda K, y, a, _: a + (y - K @ a) / 20,
    "heavy_ball:rate=1/20,momentum=1/2": lambda K, y, a, b: (
        a + (y - K @ a) / 20 + (a - b) / 2
    ),
    "tikhonov:ridge=2": lambda K, y, a, _: (
        a + np.linalg.solve(K + 2 * np.eye(K.shape[1]), y - K @ a)
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_filters_are_their_rules(cube, rule):
    found = training_course(cube, [7], rule, 4)
    wanted = fitted(cube, RULES[rule], 7)
    np.testing.assert_allclose(found.values["train_mse"][0], wanted, rtol=1e-9)
    assert found.conserved < 1e-12


def test_late_flow_is_least_squares_on_the_same_data_sets(cube):
    late = training_course(cube, [0, 1e12], trials=40)
    end = simulate(cube, 40)
    for name in ("test_mse", "bias", "variance", "learnability"):
        np.testing.assert_allclose(late.values[name][1], end.values(name), atol=1e-7)
    assert late.mean("test_mse")[0].value == pytest.approx(1.1)
    assert late.mean("residual_trace")[0].value == 12


def test_ridge_is_refused():
    one = problem("exponential:beta=1", "hypercube:5", {1: 1}, 12, 1)
    with pytest.raises(OutOfDomain, match="ridge = 1"):
        training_course(one, [1])
