"""Nets in training, one in each slot: load one, advance all, read one.

The number of slots and of (padded) points is fixed, so that every function here is
compiled once per shape, and a net that has finished makes room for the next one.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp

from verify.networks.absorbed import (
    Weights,
    absorb,
    at_points,
    augmented,
    by_points,
    conditioned,
    evaluate,
    off_points,
)
from verify.networks.dynamics import STEPS
from verify.networks.kernel import largest_eigenvalue
from verify.networks.net import Architecture, Parameters, initialize
from verify.networks.training import OUTCOMES

RUNNING, CONVERGED, MAX_STEPS, MAX_TIME, DIVERGED = range(len(OUTCOMES))


class Slots(NamedTuple):
    """The state of B nets; every leaf has B as its first axis.

    Attributes
    ----------
    parameters : Weights
        Where the nets are.
    inputs, goal, weight : jax.Array
        Augmented points [B, n, dim or dim + 1], or their products [B, n, n] where nets
        are held by points; what f should be there [B, n], and 1/n (0 for padding).
    power : jax.Array
        Mean of y² [B].
    rate : jax.Array
        Step size [B]; a flow adapts it.
    time, error, loss : jax.Array
        Training time, sum of the flow's local errors, training loss when last looked.
    step, limit, status : jax.Array
        Steps so far, steps allowed, index into `OUTCOMES`.
    """

    parameters: Weights
    inputs: jax.Array
    goal: jax.Array
    weight: jax.Array
    power: jax.Array
    rate: jax.Array
    time: jax.Array
    error: jax.Array
    loss: jax.Array
    step: jax.Array
    limit: jax.Array
    status: jax.Array


class Rules(NamedTuple):
    """When to stop, as numbers that need no new compilation."""

    stop: jax.Array
    divergence: jax.Array
    tolerance: jax.Array
    max_time: jax.Array


def empty(
    architecture: Architecture, slots: int, n: int, dim: int, dtype: str
) -> Slots:
    """Return slots that hold no net: all of them are finished."""

    def one() -> Slots:
        net = initialize(architecture, dim, jax.random.key(0), dtype)
        weights, points = _placed(
            architecture, absorb(architecture, net), jnp.zeros((n, dim), dtype)
        )
        row, zero = jnp.zeros((n,), dtype), jnp.zeros((), dtype)
        count = jnp.zeros((), jnp.int32)
        return Slots(
            weights,
            points,
            goal=row,
            weight=row,
            power=zero,
            rate=zero,
            time=zero,
            error=zero,
            loss=zero,
            step=count,
            limit=count,
            status=count,
        )

    shapes = jax.eval_shape(one)
    blank = jax.tree.map(lambda s: jnp.zeros((slots, *s.shape), s.dtype), shapes)
    return blank._replace(status=jnp.full((slots,), CONVERGED, jnp.int32))


def _placed(
    architecture: Architecture, weights: Weights, inputs: jax.Array
) -> tuple[Weights, jax.Array]:
    """Return weights and points [n, …] as training holds them."""
    x = augmented(architecture, inputs)
    if by_points(architecture, *inputs.shape):
        return at_points(weights, x), x @ x.T
    return weights, x


@partial(jax.jit, static_argnames=("architecture", "eigenvalue"))
def begin(
    net: Parameters,
    inputs: jax.Array,
    mask: jax.Array,
    *,
    architecture: Architecture,
    eigenvalue: bool,
) -> tuple[Weights, jax.Array, jax.Array]:
    """Absorb a net's factors, and see it on points [n, dim] whose mask [n] is 1.

    Returns its weights, its outputs [n], and λ_max of its tangent kernel if asked for.
    """
    weights = absorb(architecture, net)
    values = evaluate(architecture, weights, augmented(architecture, inputs))
    top = jnp.zeros((), inputs.dtype)
    if eigenvalue:
        top = largest_eigenvalue(architecture, net, inputs, mask)
    return weights, values, top


@partial(jax.jit, static_argnames="architecture")
def outputs(
    weights: Weights, inputs: jax.Array, *, architecture: Architecture
) -> jax.Array:
    """Evaluate one net on inputs [m, dim]."""
    return evaluate(architecture, weights, augmented(architecture, inputs))


@partial(jax.jit, static_argnames="architecture", donate_argnums=0)
def load(
    slots: Slots,
    slot: jax.Array,
    weights: Weights,
    inputs: jax.Array,
    targets: jax.Array,
    start: jax.Array,
    weight: jax.Array,
    rate: jax.Array,
    limit: jax.Array,
    *,
    architecture: Architecture,
) -> Slots:
    """Put a new net into one slot.

    ``start`` [n] is its initial function, or 0 if outputs aren't centered.
    """
    zero, count = jnp.zeros((), inputs.dtype), jnp.zeros((), jnp.int32)
    new = Slots(
        *_placed(architecture, weights, inputs),
        targets + start,
        weight,
        jnp.sum(weight * targets**2),
        rate,
        zero,
        zero,
        zero,
        count,
        limit,
        jnp.full((), RUNNING, jnp.int32),
    )
    return jax.tree.map(lambda all_, one: all_.at[slot].set(one), slots, new)


def _outcome(net: Slots, loss: jax.Array, rules: Rules, check_every: int) -> jax.Array:
    """Return what has become of one net that is about to take a step."""
    look = (net.step % check_every == 0) | (net.step >= net.limit)
    lost = ~(loss <= rules.divergence * net.power)  # true for NaN too
    status = jnp.full((), RUNNING, jnp.int32)
    for happened, name in (
        (net.time >= rules.max_time, MAX_TIME),
        (net.step >= net.limit, MAX_STEPS),
        (look & (loss < rules.stop), CONVERGED),
        (look & lost & (net.power > 0), DIVERGED),
    ):
        status = jnp.where(happened, jnp.full((), name, jnp.int32), status)
    return jnp.where(net.status == RUNNING, status, net.status)


@partial(
    jax.jit,
    static_argnames=("architecture", "dim", "check_every", "dynamics"),
    donate_argnums=0,
)
def advance(
    slots: Slots,
    steps: jax.Array,
    room: jax.Array,
    rules: Rules,
    *,
    architecture: Architecture,
    dim: int,
    check_every: int,
    dynamics: str,
) -> Slots:
    """Train all nets until ``room`` slots are free, or for this many steps.

    Finished nets stay where they are: their step size is 0.
    """

    def loss(parameters: Weights, net: Slots) -> tuple[jax.Array, jax.Array]:
        f = evaluate(architecture, parameters, net.inputs)
        return jnp.sum(net.weight * (f - net.goal) ** 2), f

    def slope(
        parameters: Weights, net: Slots
    ) -> tuple[tuple[jax.Array, jax.Array], Weights]:
        looked, gradient = jax.value_and_grad(loss, has_aux=True)(parameters, net)
        return looked, conditioned(architecture, gradient, net.inputs, dim)

    take = STEPS[dynamics]

    def one(net: Slots) -> Slots:
        (value, _), gradient = slope(net.parameters, net)
        status = _outcome(net, value, rules, check_every)
        moves = status == RUNNING
        was_running = net.status == RUNNING
        after = take(net, gradient, lambda p: slope(p, net), moves, rules)
        return after._replace(
            loss=jnp.where(was_running, value, net.loss),
            step=net.step + moves.astype(jnp.int32),
            status=status,
        )

    def body(carry: tuple[jax.Array, Slots]) -> tuple[jax.Array, Slots]:
        count, slots = carry
        return count + 1, jax.vmap(one)(slots)

    def goes_on(carry: tuple[jax.Array, Slots]) -> jax.Array:
        count, slots = carry
        free = jnp.sum(slots.status != RUNNING, dtype=jnp.int32)
        return (count < steps) & (free < room)

    return jax.lax.while_loop(goes_on, body, (jnp.zeros((), jnp.int32), slots))[1]


@partial(jax.jit, static_argnames="architecture")
def read(
    slots: Slots,
    slot: jax.Array,
    start: Weights,
    inputs: jax.Array,
    *,
    architecture: Architecture,
) -> Weights:
    """Return the net in one slot, which started from ``start`` on points [n, dim]."""
    net = jax.tree.map(lambda leaf: leaf[slot], slots.parameters)
    return off_points(net, start, augmented(architecture, inputs))


@jax.jit
def keep(slots: Slots, order: jax.Array) -> Slots:
    """Return only the slots that ``order`` lists."""
    return jax.tree.map(lambda leaf: leaf[order], slots)
