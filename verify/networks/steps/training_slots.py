"""Nets in training, one in each slot: load some, take some out.

The number of slots and of (padded) points is fixed, so that every function here is
compiled once per shape, and a net that has finished makes room for the next one.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from numpy.typing import ArrayLike

from verify.networks.model.net import Architecture
from verify.networks.model.training_rule import OUTCOMES
from verify.networks.steps.absorbed_factors import Weights
from verify.networks.steps.batched_nets import Drawn, draw_shapes
from verify.networks.steps.passes import TrainingPoints, held

RUNNING, CONVERGED, MAX_STEPS, MAX_TIME, DIVERGED = range(len(OUTCOMES))


class Slots(NamedTuple):
    """The state of B nets; every leaf has B as its first axis.

    Attributes
    ----------
    parameters : Weights
        Where the nets are.
    points : TrainingPoints
        Their training points.
    goal, weight : jax.Array
        What f should be there [B, n], and 1/n (0 for padding).
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
    points: TrainingPoints
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


class Tasks(NamedTuple):
    """What some nets are to learn, one row each.

    Attributes
    ----------
    slot, drawn : array
        Where each net goes, and which of the drawn nets it is [c]. A slot that does not
        exist is left out.
    inputs, targets : array
        Training points [c, n, dim] and targets [c, n].
    rate : array
        Step sizes [c].
    weight : array
        1/n, or 0 for padding [n].
    limit : array
        Steps allowed.
    """

    slot: ArrayLike
    drawn: ArrayLike
    inputs: ArrayLike
    targets: ArrayLike
    rate: ArrayLike
    weight: ArrayLike
    limit: ArrayLike


def empty(
    architecture: Architecture, slots: int, n: int, dim: int, dtype: str
) -> Slots:
    """Return slots that hold no net: all of them are finished."""

    def one() -> Slots:
        weights = draw_shapes(architecture, dim, dtype)
        row, zero = jnp.zeros((n,), dtype), jnp.zeros((), dtype)
        count = jnp.zeros((), jnp.int32)
        return Slots(
            *held(architecture, weights, jnp.zeros((n, dim), dtype)),
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


@partial(jax.jit, static_argnames=("architecture", "centered"), donate_argnums=0)
def load(
    slots: Slots,
    drawn: Drawn,
    tasks: Tasks,
    *,
    architecture: Architecture,
    centered: bool,
) -> Slots:
    """Put new nets into slots; if outputs are centered the targets move with f."""
    weight, limit = jnp.asarray(tasks.weight), jnp.asarray(tasks.limit)

    def one(which: jax.Array, x: jax.Array, y: jax.Array, rate: jax.Array) -> Slots:
        weights, start = jax.tree.map(
            lambda leaf: leaf[which], (drawn.weights, drawn.values)
        )
        zero, count = jnp.zeros((), x.dtype), jnp.zeros((), jnp.int32)
        return Slots(
            *held(architecture, weights, x),
            goal=y + start if centered else y,
            weight=weight,
            power=jnp.sum(weight * y**2),
            rate=rate,
            time=zero,
            error=zero,
            loss=zero,
            step=count,
            limit=limit,
            status=jnp.full((), RUNNING, jnp.int32),
        )

    rows = (tasks.drawn, tasks.inputs, tasks.targets, tasks.rate)
    new = jax.vmap(one)(*map(jnp.asarray, rows))
    return jax.tree.map(
        lambda all_, some: all_.at[tasks.slot].set(some, mode="drop"), slots, new
    )


def room_for(slots: Slots, rows: int) -> tuple[Weights, TrainingPoints]:
    """Return room for the nets of so many slots, as training holds them."""
    return jax.tree.map(
        lambda leaf: jnp.zeros((rows, *leaf.shape[1:]), leaf.dtype),
        (slots.parameters, slots.points),
    )


@partial(jax.jit, donate_argnums=0)
def collect(
    into: tuple[Weights, TrainingPoints],
    slots: Slots,
    which: jax.Array,
    rows: jax.Array,
) -> tuple[Weights, TrainingPoints]:
    """Copy the nets in some slots [c] into rows [c] of a basket.

    A row that does not exist is left out.
    """
    return jax.tree.map(
        lambda all_, leaf: all_.at[rows].set(leaf[which], mode="drop"),
        into,
        (slots.parameters, slots.points),
    )


@jax.jit
def keep(slots: Slots, order: jax.Array) -> Slots:
    """Return only the slots that ``order`` lists."""
    return jax.tree.map(lambda leaf: leaf[order], slots)
