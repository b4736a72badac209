"""One step of training: gradient descent, or gradient flow with a controlled error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from verify.networks.steps.training_slots import Rules, Slots

Slope = Callable[[Any], tuple[tuple[jax.Array, jax.Array], Any]]
Step = Callable[[Slots, Any, Slope, jax.Array, Rules], Slots]


def _moved(parameters: Any, *terms: tuple[jax.Array, Any]) -> Any:
    """Return parameters − Σ factor·gradient."""
    for factor, gradient in terms:
        parameters = jax.tree.map(
            lambda p, g, a=factor: p - a * g, parameters, gradient
        )
    return parameters


def descend(
    net: Slots, gradient: Any, slope: Slope, moves: jax.Array, rules: Rules
) -> Slots:
    """Take one step of gradient descent, θ ← θ − rate·∇L.

    Parameters
    ----------
    net : Slots
        One net (no axis of slots).
    gradient : Weights
        ∇L at the net, each layer's multiplied by its own step size.
    slope : callable
        Weights ↦ ((L, outputs), ∇L); not needed here.
    moves : jax.Array
        Whether the net is still running.
    rules : Rules
        Not needed here.

    Returns
    -------
    Slots
        The net after the step.
    """
    del slope, rules
    rate = jnp.where(moves, net.rate, jnp.zeros_like(net.rate))
    return net._replace(
        parameters=_moved(net.parameters, (rate, gradient)), time=net.time + rate
    )


def flow(
    net: Slots, gradient: Any, slope: Slope, moves: jax.Array, rules: Rules
) -> Slots:
    """Take one adaptive step of dθ/dt = −∇L.

    The method is the pair of orders 3 and 2 of Bogacki and Shampine (1989). The error
    of a step is the root mean square over the training points of the difference of
    the two solutions' outputs; a step whose error is above the tolerance is undone and
    tried again, smaller. The errors of accepted steps add up in ``net.error``.

    Parameters
    ----------
    net : Slots
        One net (no axis of slots).
    gradient : Weights
        ∇L at the net, each layer's multiplied by its own step size.
    slope : callable
        Weights ↦ ((L, outputs), ∇L).
    moves : jax.Array
        Whether the net is still running.
    rules : Rules
        Holds the tolerance and the training time at which to end.

    Returns
    -------
    Slots
        The net after the step, or where it was with a smaller step size.
    """
    h = jnp.minimum(net.rate, rules.max_time - net.time)
    first, theta = gradient, net.parameters
    _, second = slope(_moved(theta, (h / 2, first)))
    _, third = slope(_moved(theta, (h * 3 / 4, second)))
    finer = _moved(theta, (h * 2 / 9, first), (h / 3, second), (h * 4 / 9, third))
    (_, outputs), fourth = slope(finer)
    coarser = _moved(
        theta, (h * 7 / 24, first), (h / 4, second), (h / 3, third), (h / 8, fourth)
    )
    (_, others), _ = slope(coarser)
    scale = jnp.sqrt(net.power)
    error = jnp.sqrt(jnp.sum(net.weight * (outputs - others) ** 2)) / scale
    good = moves & (error <= rules.tolerance)
    # the tiny number keeps the ratio finite where both solutions agree exactly
    factor = 0.9 * jnp.cbrt(rules.tolerance / (error + 1e-30))
    factor = jnp.where(jnp.isfinite(error), jnp.clip(factor, 0.2, 5.0), 0.2)
    return net._replace(
        parameters=jax.tree.map(lambda a, b: jnp.where(good, a, b), finer, theta),
        rate=jnp.where(moves, h * factor, net.rate).astype(net.rate.dtype),
        time=jnp.where(good, net.time + h, net.time),
        error=jnp.where(good, net.error + error, net.error),
    )


STEPS: dict[str, Step] = {"descent": descend, "flow": flow}
