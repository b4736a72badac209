"""Many nets at once, as they are drawn and as they are when they have been trained.

Drawing a net and seeing it on the test set takes as long as hundreds of steps of a small
one; done for a batch of them it takes a few tens. On a CPU the batch is a loop in compiled
code, whose products are ten times as fast as one batched product.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from verify.networks.model.kernel import largest_eigenvalue
from verify.networks.model.net import Architecture, Parameters, initialize
from verify.networks.steps.absorbed_factors import Weights, absorb, augmented, evaluate
from verify.networks.steps.passes import TrainingPoints, released


class Drawn(NamedTuple):
    """Nets as they were drawn; every leaf has one row for each.

    Attributes
    ----------
    weights : Weights
        The nets.
    values, test_values : jax.Array
        Their outputs on the training points [q, n] and on the test set [q, m].
    eigenvalue : jax.Array
        λ_max of their tangent kernels [q], or 0 where it wasn't asked for.
    """

    weights: Weights
    values: jax.Array
    test_values: jax.Array
    eigenvalue: jax.Array


def draw_shapes(architecture: Architecture, dim: int, dtype: str) -> Weights:
    """Return some net, where only shapes matter."""
    return absorb(architecture, initialize(architecture, dim, jax.random.key(0), dtype))


def _for_each(one: Callable[..., Any], looped: bool) -> Callable[..., Any]:
    """Return a function of rows as one of all rows."""
    if looped:
        return lambda *rows: jax.lax.map(lambda row: one(*row), rows)
    return jax.vmap(one)


@partial(jax.jit, static_argnames=("architecture", "eigenvalue", "looped"))
def see(
    nets: Parameters,
    inputs: jax.Array,
    mask: jax.Array,
    test: jax.Array,
    *,
    architecture: Architecture,
    eigenvalue: bool,
    looped: bool,
) -> Drawn:
    """See new nets [q, …] on their points [q, n, dim], whose mask [n] is 1, and on [m, dim]."""
    seen = augmented(architecture, test)

    def one(net: Parameters, x: jax.Array) -> Drawn:
        weights = absorb(architecture, net)
        top = jnp.zeros((), x.dtype)
        if eigenvalue:
            top = largest_eigenvalue(architecture, net, x, mask)
        return Drawn(
            weights,
            evaluate(architecture, weights, augmented(architecture, x)),
            evaluate(architecture, weights, seen),
            top,
        )

    return _for_each(one, looped)(nets, inputs)


@partial(jax.jit, static_argnames=("architecture", "looped"))
def outputs(
    nets: Weights,
    points: TrainingPoints,
    inputs: jax.Array,
    test: jax.Array,
    *,
    architecture: Architecture,
    looped: bool,
) -> jax.Array:
    """Evaluate nets [q, …], held as training does, on the test set: [q, m]."""
    seen = augmented(architecture, test)

    def one(net: Weights, held: TrainingPoints, x: jax.Array) -> jax.Array:
        return evaluate(architecture, released(architecture, net, held, x), seen)

    return _for_each(one, looped)(nets, points, inputs)
