"""A net as training sees it: factors absorbed into weights, a step size for each layer.

Descent in the NTK parameterization, z = a·h·w + s·β, moves W = a·w and b = s·β just as
descent on W and b does whose step sizes are a²·lr and s²·lr. So no pass over [n, width]
is spent on factors. In the first layer the bias is one more input, the constant s/a with
the weights a·β: the matrix product adds it, and its gradient is a row of the product.
"""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp

from verify.networks.model.activations import activation
from verify.networks.model.net import Architecture, Layer, Parameters

_LINE = 16
"""Units of one hidden layer come in multiples of this: rows then fill cache lines."""


class Weights(NamedTuple):
    """A net with one output, its factors absorbed.

    Attributes
    ----------
    first : jax.Array
        [dim, units], or [dim + 1, units] with biases in the last row.
    hidden : tuple of Layer
        Weights [units, units] and biases [units] of the other hidden layers.
    last : jax.Array
        Read-out [units].
    """

    first: jax.Array
    hidden: tuple[Layer, ...]
    last: jax.Array


def units(architecture: Architecture) -> int:
    """Return the padded width: units that are added stay at zero.

    Examples
    --------
    >>> units(Architecture(depth=1, width=500)), units(Architecture(depth=4, width=500))
    (512, 500)
    """
    # only one hidden layer gains by it: elsewhere square products take the time
    width = architecture.width
    return -(-width // _LINE) * _LINE if architecture.depth == 1 else width


def factors(architecture: Architecture, dim: int) -> list[tuple[float, float]]:
    """Return a and s of every layer, the read-out last.

    Examples
    --------
    >>> factors(Architecture(1, 100, weight_variance=2, bias_variance=0.25), dim=8)
    [(0.5, 0.5), (0.1, 0.0)]
    >>> factors(Architecture(1, 100, parameterization="standard"), dim=8)
    [(1.0, 1.0), (1.0, 0.0)]
    """
    found = []
    for index, (fan_in, _) in enumerate(architecture.fans(dim)):
        weight_variance, bias_variance = architecture.variances(index)
        if architecture.parameterization == "ntk":
            found.append(
                (math.sqrt(weight_variance / fan_in), math.sqrt(bias_variance))
            )
        else:
            found.append((1.0, float(bias_variance > 0)))
    return found


def absorb(architecture: Architecture, parameters: Parameters) -> Weights:
    """Absorb the factors of a net.

    Parameters
    ----------
    architecture : Architecture
        The net.
    parameters : tuple of Layer
        Its parameters.

    Returns
    -------
    Weights
        The same function, evaluated by `evaluate` on `augmented` inputs.
    """
    first, *hidden, last = parameters
    pairs = factors(architecture, first.weights.shape[0])
    matrix = first.weights
    if first.bias is not None:
        matrix = jnp.concatenate([matrix, first.bias[None, :]])
    more = units(architecture) - architecture.width
    return Weights(
        jnp.pad(pairs[0][0] * matrix, ((0, 0), (0, more))),
        tuple(
            Layer(a * layer.weights, None if layer.bias is None else s * layer.bias)
            for layer, (a, s) in zip(hidden, pairs[1:-1], strict=True)
        ),
        jnp.pad(pairs[-1][0] * last.weights[:, 0], (0, more)),
    )


@partial(jax.jit, static_argnames=("architecture", "dim"))
def restore(architecture: Architecture, weights: Weights, dim: int) -> Parameters:
    """Return the parameters [layers] whose factors were absorbed."""
    pairs = factors(architecture, dim)
    width = architecture.width
    matrix = weights.first[:, :width] / pairs[0][0]
    bias = matrix[dim] if matrix.shape[0] > dim else None
    hidden = (
        Layer(layer.weights / a, None if layer.bias is None else layer.bias / s)
        for layer, (a, s) in zip(weights.hidden, pairs[1:-1], strict=True)
    )
    last = Layer(weights.last[:width, None] / pairs[-1][0], None)
    return (Layer(matrix[:dim], bias), *hidden, last)


def augmented(architecture: Architecture, inputs: jax.Array) -> jax.Array:
    """Append the constant that carries the first layer's bias to inputs [..., dim]."""
    if architecture.bias_variance == 0:
        return inputs
    a, s = factors(architecture, inputs.shape[-1])[0]
    constant = jnp.full((*inputs.shape[:-1], 1), s / a, inputs.dtype)
    return jnp.concatenate([inputs, constant], axis=-1)


def evaluate(
    architecture: Architecture, weights: Weights, inputs: jax.Array
) -> jax.Array:
    """Evaluate a net on augmented inputs [samples, dim or dim + 1].

    Examples
    --------
    >>> from verify.networks.model.net import apply, initialize
    >>> net, x = Architecture(depth=2, width=16, activation="erf"), jnp.eye(3)
    >>> parameters = initialize(net, 3, jax.random.key(0))
    >>> f = evaluate(net, absorb(net, parameters), augmented(net, x))
    >>> bool(jnp.allclose(f, apply(net, parameters, x), atol=1e-5))
    True
    """
    return deeper(architecture, weights, inputs @ weights.first)


def deeper(architecture: Architecture, weights: Weights, z: jax.Array) -> jax.Array:
    """Evaluate a net from what enters its first activation [samples, units]."""
    act = activation(architecture.activation)
    h = act(z)
    for layer in weights.hidden:
        z = h @ layer.weights
        h = act(z if layer.bias is None else z + layer.bias[None, :])
    return h @ weights.last


def unit_mask(architecture: Architecture, slope: jax.Array) -> jax.Array:
    """Keep the read-out of added units at zero: return its slope [units] so.

    Where φ(0) = 0 there is nothing to do, since they put out zero.
    """
    more = units(architecture) - architecture.width
    with jax.ensure_compile_time_eval():
        still = float(activation(architecture.activation)(jnp.zeros(()))) == 0
    if more == 0 or still:
        return slope
    kept = jnp.arange(slope.shape[-1]) < architecture.width
    return jnp.where(kept, slope, jnp.zeros_like(slope))


def conditioned(architecture: Architecture, gradient: Weights, dim: int) -> Weights:
    """Multiply each layer's gradient by its own step size, a² or s²."""
    pairs = factors(architecture, dim)
    hidden = (
        Layer(a * a * layer.weights, None if layer.bias is None else s * s * layer.bias)
        for layer, (a, s) in zip(gradient.hidden, pairs[1:-1], strict=True)
    )
    return Weights(
        pairs[0][0] ** 2 * gradient.first,
        tuple(hidden),
        pairs[-1][0] ** 2 * gradient.last,
    )
