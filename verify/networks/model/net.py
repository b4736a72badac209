"""A fully-connected net: its architecture, its parameters and its function.

Conventions of neural-tangents. In the NTK parameterization every parameter is drawn
from N(0, 1) and a hidden layer is z = √(σ_w²/fan_in) h·w + √σ_b² β; in the standard one
the factors sit in the initial variances instead and z = h·w + β. Both start from the
same function for the same key. The read-out has weight variance 1 and no bias; bias
variance 0 means that there are no biases.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import jax

from verify.networks.errors import one_of, real, whole
from verify.networks.model.activations import activation

PARAMETERIZATIONS = ("ntk", "standard")


class Layer(NamedTuple):
    """Weights [fan_in, fan_out] and biases [fan_out] of a layer, or no biases."""

    weights: jax.Array
    bias: jax.Array | None


Parameters = tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Architecture:
    """A fully-connected net with one output.

    Parameters
    ----------
    depth : int
        Number of hidden layers, at least 1.
    width : int
        Units of every hidden layer, at least 1.
    activation : str
        Name of the activation, see `verify.networks.model.activations`.
    weight_variance, bias_variance : float
        σ_w² > 0 and σ_b² ≥ 0 of the hidden layers.
    parameterization : {"ntk", "standard"}
        Where the factors √(σ_w²/fan_in) and σ_b sit: in the function or in the
        initial parameters.

    Raises
    ------
    SettingError
        If a setting is out of range.

    Examples
    --------
    >>> Architecture(depth=1, width=500).count(dim=8)   # 8·500 + 500 + 500
    5000
    """

    depth: int
    width: int
    activation: str = "relu"
    weight_variance: float = 2.0
    bias_variance: float = 0.01
    parameterization: str = "ntk"

    def __post_init__(self) -> None:
        # numbers are stored as plain int and float, so that equal nets hash equally
        put = object.__setattr__
        put(self, "depth", whole("depth", self.depth, 1, 1000))
        put(self, "width", whole("width", self.width, 1, 10**7))
        activation(self.activation)
        put(
            self,
            "weight_variance",
            real("weight_variance", self.weight_variance, 0, strict=True),
        )
        put(self, "bias_variance", real("bias_variance", self.bias_variance, 0))
        one_of("parameterization", self.parameterization, PARAMETERIZATIONS)

    def fans(self, dim: int) -> tuple[tuple[int, int], ...]:
        """Return (fan_in, fan_out) of every layer, the read-out last."""
        widths = (dim, *(self.width,) * self.depth, 1)
        return tuple(pairwise(widths))

    def variances(self, layer: int) -> tuple[float, float]:
        """Return σ_w² and σ_b² of a layer, counted from 0."""
        if layer == self.depth:
            return 1.0, 0.0
        return self.weight_variance, self.bias_variance

    def count(self, dim: int) -> int:
        """Return the number of parameters for inputs in R^dim."""
        hidden = self.fans(dim)[:-1]
        biases = self.bias_variance > 0
        return sum(m * k + biases * k for m, k in hidden) + self.width


def _normal(
    key: jax.Array, layer: int, part: int, *, shape: tuple[int, ...], dtype: str
) -> jax.Array:
    """Draw one array."""
    at = jax.random.fold_in(jax.random.fold_in(key, layer), part)
    return jax.random.normal(at, shape, dtype)


# random numbers compile slowly, so once for each shape and not once for each net
_draw_one = partial(jax.jit, static_argnames=("shape", "dtype"))(_normal)


@partial(jax.jit, static_argnames=("shape", "dtype"))
def _draw_each(
    keys: jax.Array, layer: int, part: int, *, shape: tuple[int, ...], dtype: str
) -> jax.Array:
    """Draw one array for each key."""
    return jax.vmap(partial(_normal, shape=shape, dtype=dtype), (0, None, None))(
        keys, layer, part
    )


def initialize(
    architecture: Architecture, dim: int, key: jax.Array, dtype: str = "float32"
) -> Parameters:
    """Draw the initial parameters of a net, or of several.

    Parameters
    ----------
    architecture : Architecture
        The net.
    dim : int
        Dimension of its inputs.
    key : jax.Array
        A JAX random key, or an array [q] of keys; each layer's draw depends on the key
        and the layer alone.
    dtype : {"float32", "float64"}
        Precision; the two draw different numbers from the same key.

    Returns
    -------
    tuple of Layer
        Depth + 1 layers; of several nets every leaf has q as its first axis.
    """
    # an old-style key is an array of numbers itself
    normal = _draw_one if jax.random.key_data(key).ndim == 1 else _draw_each
    layers = []
    for index, (fan_in, fan_out) in enumerate(architecture.fans(dim)):
        weight_variance, bias_variance = architecture.variances(index)
        weights = normal(key, index, 0, shape=(fan_in, fan_out), dtype=dtype)
        bias = None
        if bias_variance > 0:
            bias = normal(key, index, 1, shape=(fan_out,), dtype=dtype)
        if architecture.parameterization == "standard":
            weights = weights * math.sqrt(weight_variance / fan_in)
            bias = None if bias is None else bias * math.sqrt(bias_variance)
        layers.append(Layer(weights, bias))
    return tuple(layers)


def pre_activation(
    architecture: Architecture, index: int, layer: Layer, inputs: jax.Array
) -> jax.Array:
    """Return z [samples, fan_out] of one layer from what enters it."""
    z = inputs @ layer.weights
    weight_variance, bias_variance = architecture.variances(index)
    ntk = architecture.parameterization == "ntk"
    if ntk:
        z = z * math.sqrt(weight_variance / inputs.shape[-1])
    if layer.bias is not None:
        bias = layer.bias * math.sqrt(bias_variance) if ntk else layer.bias
        z = z + bias[None, :]
    return z


def apply(
    architecture: Architecture, parameters: Parameters, inputs: jax.Array
) -> jax.Array:
    """Evaluate a net.

    Parameters
    ----------
    architecture : Architecture
        The net.
    parameters : tuple of Layer
        Its parameters.
    inputs : jax.Array
        Inputs [samples, dim] in the parameters' dtype.

    Returns
    -------
    jax.Array
        Outputs [samples].

    Examples
    --------
    >>> import jax
    >>> import jax.numpy as jnp
    >>> net = Architecture(depth=2, width=16, bias_variance=0)
    >>> parameters = initialize(net, 3, jax.random.key(0))
    >>> x = jnp.array([[1.0, -1.0, 1.0]])
    >>> one, two = apply(net, parameters, jnp.concatenate([x, 2 * x]))
    >>> bool(abs(two - 2 * one) < 1e-5)   # ReLU without bias is homogeneous
    True
    """
    act = activation(architecture.activation)
    h = inputs
    for index, layer in enumerate(parameters):
        z = pre_activation(architecture, index, layer, h)
        if index == architecture.depth:
            return z[:, 0]
        h = act(z)
    raise AssertionError  # a net has depth + 1 layers
