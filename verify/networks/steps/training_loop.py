"""Train the nets in all slots for a while, by blocks of steps between two looks."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp

from verify.networks.model.net import Architecture
from verify.networks.steps.absorbed_factors import Weights, conditioned
from verify.networks.steps.dynamics import STEPS
from verify.networks.steps.passes import values
from verify.networks.steps.training_slots import (
    CONVERGED,
    DIVERGED,
    MAX_STEPS,
    MAX_TIME,
    RUNNING,
    Rules,
    Slots,
)

_BLOCK = 25
"""Steps between two questions whether to go on, at most."""


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
    static_argnames=("architecture", "dim", "check_every", "dynamics"),
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
) -> Slots:
    """Train all nets until ``room`` slots are free, or for this many blocks of steps.

    Before each block all nets are looked at; those that have finished stay where they
    are. Nets come and go between blocks, so that every net is looked at in time.
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

    def body(carry: tuple[jax.Array, Slots]) -> tuple[jax.Array, Slots]:
        count, slots = carry
        looked = jax.vmap(look)(slots)
        after = jax.lax.fori_loop(
            0, steps, lambda _, nets: jax.vmap(step)(nets), looked
        )
        return count + 1, after

    def goes_on(carry: tuple[jax.Array, Slots]) -> jax.Array:
        count, slots = carry
        free = jnp.sum(slots.status != RUNNING, dtype=jnp.int32)
        return (count < looks) & (free < room)

    return jax.lax.while_loop(goes_on, body, (jnp.zeros((), jnp.int32), slots))[1]
