"""One step of gradient flow has the order it claims, on an equation with a solution.

L = θ⁴/4 makes dθ/dt = −θ³, so θ(t) = θ₀/√(1 + 2 θ₀² t).
"""

from collections import namedtuple
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from verify.networks.steps.dynamics import flow

Net = namedtuple("Net", "parameters rate time error weight power")


def step(h, tolerance=1.0, most=9.0):
    with jax.enable_x64(True):
        theta = jnp.array([1.0], dtype=jnp.float64)
        one, zero = jnp.array(1.0), jnp.array(0.0)
        net = Net({"w": theta}, jnp.array(h), zero, zero, one, one)
        slope = lambda p: ((jnp.sum(p["w"] ** 4) / 4, p["w"]), {"w": p["w"] ** 3})
        rules = SimpleNamespace(max_time=most, tolerance=tolerance)
        found = flow(net, {"w": theta**3}, slope, jnp.array(True), rules)
        return (
            float(found.parameters["w"][0]),
            float(found.error),
            float(found.time),
            float(found.rate),
        )


def truth(t):
    return 1 / np.sqrt(1 + 2 * t)


def test_the_error_of_a_step_is_of_fourth_order():
    errors = [abs(step(h)[0] - truth(h)) for h in (0.1, 0.05, 0.025)]
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert np.all(np.abs(orders - 4) < 0.25), orders


def test_the_stated_error_is_of_third_order_and_above_the_true_one():
    steps = (0.05, 0.025, 0.0125)
    stated = [step(h)[1] for h in steps]
    orders = np.log2(np.divide(stated[:-1], stated[1:]))
    assert np.all(np.abs(orders - 3) < 0.25), orders
    for h, error in zip(steps, stated, strict=True):
        assert abs(step(h)[0] - truth(h)) < error


def test_the_next_step_would_have_nine_tenths_cubed_of_the_tolerance():
    h, tolerance = 0.05, 1e-4
    _, error, time, rate = step(h, tolerance)
    assert time == pytest.approx(h)
    assert rate == pytest.approx(h * 0.9 * (tolerance / error) ** (1 / 3), rel=1e-9)
    theta, error, time, rate = step(0.4, 1e-7)
    assert (theta, error, time) == (1, 0, 0)
    assert rate < 0.4


def test_a_step_ends_where_training_does():
    assert step(0.5, most=0.125)[2] == 0.125


def test_the_stated_error_is_that_of_the_lower_order():
    """The second-order solution of the pair, in plain numbers."""
    h, theta = 0.05, 1.0
    k1 = theta**3
    k2 = (theta - h / 2 * k1) ** 3
    k3 = (theta - 3 * h / 4 * k2) ** 3
    finer = theta - h * (2 * k1 + 3 * k2 + 4 * k3) / 9
    coarser = theta - h * (7 * k1 / 24 + k2 / 4 + k3 / 3 + finer**3 / 8)
    found = step(h)
    assert found[0] == pytest.approx(finer, rel=1e-12)
    assert found[1] == pytest.approx(abs(finer - coarser), rel=1e-6)
