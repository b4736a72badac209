"""The forward and backward pass of a net on its training points, arranged to be cheap.

What autodiff would do, with three changes of order:

*By points.* With no more points than inputs the first layer need not be multiplied out:
its weights move in the span of the points, W = W₀ + xᵀA, so z = xW₀ + (xxᵀ)A. Training
then holds A [n, units]; a slope g of z moves W by xᵀg, that is A by g itself, and two
products with [inputs, units] become one with the small xxᵀ.

*One hidden layer.* The slope of W is xᵀ(r ⊗ v ∘ φ′(z)) with the residual r [n] and the
read-out v [units]. As v does not depend on the point it may wait until after the
product: xᵀ(r ∘ φ′(z)) ∘ v, and one pass over [n, units] less.

*Homogeneous activations.* If φ(z) = z φ′(z) too, as for ReLU, the slope of v is
Σ_i r_i φ(z_i) = Σ_k W_k ∘ (xᵀ(r ∘ φ′(z)))_k: it costs [inputs, units] where a pass over
[n, units] stood.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp

from verify.networks.model.activations import activation, is_homogeneous
from verify.networks.model.net import Architecture
from verify.networks.steps.absorbed_factors import Weights, augmented, deeper, unit_mask


class TrainingPoints(NamedTuple):
    """Training points as a net in training holds them.

    Attributes
    ----------
    inputs : jax.Array
        Augmented points x [n, …]; where nets are held by points, their products xxᵀ.
    origin : jax.Array or None
        xW₀ [n, units] where nets are held by points.
    start : jax.Array or None
        W₀ [inputs, units] where nets are held by points.
    """

    inputs: jax.Array
    origin: jax.Array | None = None
    start: jax.Array | None = None


def by_points(architecture: Architecture, points: int, dim: int) -> bool:
    """Tell whether training holds A [n, units] in place of W [inputs, units].

    Examples
    --------
    >>> net = Architecture(1, 500)           # 8 inputs and the constant
    >>> by_points(net, points=8, dim=8), by_points(net, points=12, dim=8)
    (True, False)
    """
    return points <= dim + (architecture.bias_variance > 0)


def held(
    architecture: Architecture, weights: Weights, inputs: jax.Array
) -> tuple[Weights, TrainingPoints]:
    """Return a net and its points [n, dim] as training holds them."""
    x = augmented(architecture, inputs)
    if not by_points(architecture, *inputs.shape):
        return weights, TrainingPoints(x)
    origin = x @ weights.first
    return (
        weights._replace(first=jnp.zeros_like(origin)),
        TrainingPoints(x @ x.T, origin, weights.first),
    )


def released(
    architecture: Architecture,
    weights: Weights,
    points: TrainingPoints,
    inputs: jax.Array,
) -> Weights:
    """Return the net that `held` took, or what has become of it."""
    if points.start is None:
        return weights
    x = augmented(architecture, inputs)
    return weights._replace(first=points.start + x.T @ weights.first)


def values(
    architecture: Architecture, weights: Weights, points: TrainingPoints
) -> jax.Array:
    """Evaluate a net in training on its points [n].

    Differentiated with respect to the weights it gives the direction in which they
    move, before each layer's step size: the slope, but of A the slope of z.
    """
    if architecture.depth == 1:
        return _one_hidden(architecture, weights.first, weights.last, points)
    z: jax.Array = _first(points.origin is not None, weights.first, points)  # pyright: ignore[reportAssignmentType]  # custom_vjp hides it
    return deeper(architecture, weights, z)


def _entering(first: jax.Array, points: TrainingPoints) -> jax.Array:
    """Return what enters the first activation [n, units]."""
    z = points.inputs @ first
    return z if points.origin is None else points.origin + z


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _first(spanned: bool, first: jax.Array, points: TrainingPoints) -> jax.Array:
    del spanned
    return _entering(first, points)


def _first_forward(
    spanned: bool, first: jax.Array, points: TrainingPoints
) -> tuple[jax.Array, TrainingPoints]:
    return _first(spanned, first, points), points


def _first_backward(
    spanned: bool, points: TrainingPoints, slope: jax.Array
) -> tuple[jax.Array, TrainingPoints]:
    back = slope if spanned else points.inputs.T @ slope
    return back, jax.tree.map(jnp.zeros_like, points)


_first.defvjp(_first_forward, _first_backward)


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _one_hidden(
    architecture: Architecture,
    first: jax.Array,
    last: jax.Array,
    points: TrainingPoints,
) -> jax.Array:
    return activation(architecture.activation)(_entering(first, points)) @ last


def _one_forward(
    architecture: Architecture,
    first: jax.Array,
    last: jax.Array,
    points: TrainingPoints,
) -> tuple[jax.Array, tuple[jax.Array, jax.Array, jax.Array, TrainingPoints]]:
    z = _entering(first, points)
    f = activation(architecture.activation)(z) @ last
    return f, (z, first, last, points)


def _one_backward(
    architecture: Architecture,
    kept: tuple[jax.Array, jax.Array, jax.Array, TrainingPoints],
    residual: jax.Array,
) -> tuple[jax.Array, jax.Array, TrainingPoints]:
    z, first, last, points = kept
    h, pull = jax.vjp(activation(architecture.activation), z)
    (signal,) = pull(jnp.broadcast_to(residual[:, None], z.shape))
    spanned = points.origin is not None
    back = signal if spanned else points.inputs.T @ signal
    if is_homogeneous(architecture.activation) and not spanned:
        readout = jnp.sum(first * back, axis=0)
    else:
        readout = unit_mask(architecture, residual @ h)
    return back * last[None, :], readout, jax.tree.map(jnp.zeros_like, points)


_one_hidden.defvjp(_one_forward, _one_backward)
