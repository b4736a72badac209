"""Nets in training, one in each slot: load some, advance all, take some out.

The number of slots and of (padded) points is fixed, so that every function here is
compiled once per shape, and a net that has finished makes room for the next one.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp

from verify.networks.absorbed import Weights, conditioned
from verify.networks.drawing import Drawn, draw_shapes
from verify.networks.dynamics import STEPS
from verify.networks.fused import descend_block
from verify.networks.net import Architecture
from verify.networks.passes import Points, held, values
from verify.networks.training import OUTCOMES

RUNNING, CONVERGED, MAX_STEPS, MAX_TIME, DIVERGED = range(len(OUTCOMES))

_BLOCK = 25
"""Steps between two questions whether to go on, at most."""


class Slots(NamedTuple):
    """The state of B nets; every leaf has B as its first axis.

    Attributes
    ----------
    parameters : Weights
        Where the nets are.
    points : Points
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
    points: Points
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

    slot: jax.Array
    drawn: jax.Array
    inputs: jax.Array
    targets: jax.Array
    rate: jax.Array
    weight: jax.Array
    limit: jax.Array


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

    def one(which: jax.Array, x: jax.Array, y: jax.Array, rate: jax.Array) -> Slots:
        weights, start = jax.tree.map(
            lambda leaf: leaf[which], (drawn.weights, drawn.values)
        )
        zero, count = jnp.zeros((), x.dtype), jnp.zeros((), jnp.int32)
        return Slots(
            *held(architecture, weights, x),
            goal=y + start if centered else y,
            weight=tasks.weight,
            power=jnp.sum(tasks.weight * y**2),
            rate=rate,
            time=zero,
            error=zero,
            loss=zero,
            step=count,
            limit=tasks.limit,
            status=jnp.full((), RUNNING, jnp.int32),
        )

    new = jax.vmap(one)(tasks.drawn, tasks.inputs, tasks.targets, tasks.rate)
    return jax.tree.map(
        lambda all_, some: all_.at[tasks.slot].set(some, mode="drop"), slots, new
    )


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


def block(check_every: int) -> int:
    """Return how many steps are taken between two looks: a divisor of ``check_every``.

    Examples
    --------
    >>> [block(number) for number in (1, 10, 100, 26, 29)]
    [1, 10, 25, 13, 1]
    """
    return max(b for b in range(1, _BLOCK + 1) if check_every % b == 0)


@partial(
    jax.jit,
    static_argnames=("architecture", "dim", "check_every", "dynamics", "kernel"),
    donate_argnums=0,
)
def advance(
    slots: Slots,
    looks: jax.Array,
    room: jax.Array,
    rules: Rules,
    *,
    architecture: Architecture,
    dim: int,
    check_every: int,
    dynamics: str,
    kernel: str = "none",
) -> Slots:
    """Train all nets until ``room`` slots are free, or for this many blocks of steps.

    Before each block all nets are looked at; those that have finished stay where they
    are. Nets come and go between blocks, so that every net is looked at in time.

    ``kernel`` is ``"none"``, ``"compiled"`` or ``"interpreted"``: whether a block of
    steps is one kernel, see `verify.networks.fused`.
    """

    def loss(parameters: Weights, net: Slots) -> tuple[jax.Array, jax.Array]:
        f = values(architecture, parameters, net.points)
        return jnp.sum(net.weight * (f - net.goal) ** 2), f

    def slope(
        parameters: Weights, net: Slots
    ) -> tuple[tuple[jax.Array, jax.Array], Weights]:
        looked, gradient = jax.value_and_grad(loss, has_aux=True)(parameters, net)
        return looked, conditioned(architecture, gradient, dim)

    take = STEPS[dynamics]

    def look(net: Slots) -> Slots:
        value, _ = loss(net.parameters, net)
        was_running = net.status == RUNNING
        return net._replace(
            loss=jnp.where(was_running, value, net.loss),
            status=_outcome(net, value, rules, check_every),
        )

    def step(net: Slots) -> Slots:
        moves = (
            (net.status == RUNNING)
            & (net.step < net.limit)
            & (net.time < rules.max_time)
        )
        _, gradient = slope(net.parameters, net)
        after = take(net, gradient, lambda p: slope(p, net), moves, rules)
        return after._replace(step=net.step + moves.astype(jnp.int32))

    steps = block(check_every)

    def fused(slots: Slots) -> Slots:
        """Take a block of steps in one kernel; a net may need fewer to its end."""
        left = jnp.ceil((rules.max_time - slots.time) / slots.rate)
        left = jnp.minimum(left, (slots.limit - slots.step).astype(left.dtype))
        running = slots.status == RUNNING
        count = jnp.where(running, jnp.clip(left, 0, steps), jnp.zeros_like(left))
        whole = count.astype(jnp.int32)
        parameters = descend_block(
            architecture,
            slots.parameters,
            slots.points.inputs,
            slots.goal,
            slots.weight,
            slots.rate,
            whole,
            dim=dim,
            interpret=kernel == "interpreted",
        )
        return slots._replace(
            parameters=parameters,
            time=slots.time + count * slots.rate,
            step=slots.step + whole,
        )

    def body(carry: tuple[jax.Array, Slots]) -> tuple[jax.Array, Slots]:
        count, slots = carry
        looked = jax.vmap(look)(slots)
        if kernel != "none":
            return count + 1, fused(looked)
        after = jax.lax.fori_loop(
            0, steps, lambda _, nets: jax.vmap(step)(nets), looked
        )
        return count + 1, after

    def goes_on(carry: tuple[jax.Array, Slots]) -> jax.Array:
        count, slots = carry
        free = jnp.sum(slots.status != RUNNING, dtype=jnp.int32)
        return (count < looks) & (free < room)

    return jax.lax.while_loop(goes_on, body, (jnp.zeros((), jnp.int32), slots))[1]


def room_for(slots: Slots, rows: int) -> tuple[Weights, Points]:
    """Return room for the nets of so many slots, as training holds them."""
    return jax.tree.map(
        lambda leaf: jnp.zeros((rows, *leaf.shape[1:]), leaf.dtype),
        (slots.parameters, slots.points),
    )


@partial(jax.jit, donate_argnums=0)
def collect(
    into: tuple[Weights, Points], slots: Slots, which: jax.Array, rows: jax.Array
) -> tuple[Weights, Points]:
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
