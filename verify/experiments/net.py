"""The net of an experiment, its infinitely wide limit, and kernels that differ from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from theory import Kernel, OutOfDomain, activations, kernels, notation
from theory.activations import dual, slope_dual
from theory.layers import textbook_chain
from theory.numbers import exact, integer
from verify.sampling.gram import gram

QUADRATURE = 128
"""Points of Gauss–Hermite quadrature in each of two directions; tanh needs many."""


@dataclass(frozen=True)
class Net:
    """A fully-connected net of any width, in the NTK parameterization.

    Attributes
    ----------
    activation
        ``relu``, ``erf``, ``tanh``, ``sin`` or ``gelu``.
    depth
        Number of hidden layers.
    weight_variance, bias_variance
        Of the hidden layers; exact numbers, as text.

    Examples
    --------
    >>> str(Net("relu", 4).kernel("1/2"))
    'ntk:relu:depth=4,weight_variance=2,bias_variance=0.01,input_variance=0.5'
    """

    activation: str = "relu"
    depth: int = 4
    weight_variance: str = "2"
    bias_variance: str = "0.01"

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "depth", integer(self.depth, "depth", least=1))
        put(self, "weight_variance", str(self.weight_variance))
        put(self, "bias_variance", str(self.bias_variance))
        known = ("relu", "erf", "tanh", "sin", "gelu")
        if self.activation not in known:
            msg = f"activation = {self.activation!r} must be one of {', '.join(known)}"
            raise OutOfDomain(msg)
        if not exact(self.weight_variance, "weight_variance").is_positive:
            msg = f"weight_variance = {self.weight_variance} must be positive"
            raise OutOfDomain(msg)
        if exact(self.bias_variance, "bias_variance").is_negative:
            msg = f"bias_variance = {self.bias_variance} must be at least 0"
            raise OutOfDomain(msg)

    @property
    def label(self) -> str:
        """Activation and hidden layers, for legends."""
        name = {"relu": "ReLU"}.get(self.activation, self.activation)
        return f"{name}, {self.depth} HL"

    @property
    def closed(self) -> bool:
        """Whether the kernel is known in closed form, and so to proved digits."""
        return activations.activation(self.activation).closed

    def deeper(self, layers: int) -> Net:
        """The net with so many hidden layers more."""
        return replace(self, depth=self.depth + layers)

    def kernel(self, input_variance: str = "1", family: str = "ntk") -> Kernel:
        """The tangent kernel, or with ``family="nngp"`` the one of random last layers.

        Raises
        ------
        Unsupported
            When the activation has no dual in closed form.
        """
        read = {"ntk": kernels.ntk, "nngp": kernels.nngp}[family]
        return read(
            self.activation,
            depth=self.depth,
            weight_variance=self.weight_variance,
            bias_variance=self.bias_variance,
            input_variance=input_variance,
        )

    def gram(
        self, x: np.ndarray, input_variance: str = "1", family: str = "ntk"
    ) -> np.ndarray:
        """The kernel matrix of points of equal norm, shape [n, n], in float64.

        Without a closed form, Gaussian means are taken by Gauss–Hermite quadrature with
        128 × 128 points; for tanh its error is about 1e-7 of K.

        Examples
        --------
        >>> x = np.array([[1.0, 1.0], [1.0, -1.0]])
        >>> near = Net("erf", 2)
        >>> np.allclose(near.gram(x), near.quadrature_gram(x), atol=1e-6)
        True
        """
        if self.closed:
            return gram(self.kernel(input_variance, family), x)
        return self.quadrature_gram(x, input_variance, family)

    def quadrature_gram(
        self, x: np.ndarray, input_variance: str = "1", family: str = "ntk"
    ) -> np.ndarray:
        """The same matrix, with every Gaussian mean by quadrature."""
        unit = x / np.linalg.norm(x, axis=1, keepdims=True)
        cosine = np.clip(unit @ unit.T, -1.0, 1.0).round(15)
        values, where = np.unique(cosine, return_inverse=True)
        weights = {
            notation.weight_variance: exact(self.weight_variance, "weight_variance"),
            notation.bias_variance: exact(self.bias_variance, "bias_variance"),
            notation.input_variance: exact(input_variance, "input_variance"),
        }
        # an activation without a closed dual leaves the dual's own symbol in the chain
        unknown = activations.Activation(
            self.activation,
            activations.activation(self.activation).expression,
            activations.Dual(dual(activations.q, activations.c)),
            activations.Dual(slope_dual(activations.q, activations.c)),
            activations.z,
            activations.z,
        )
        chain = textbook_chain(unknown, self.depth, family == "ntk", weights)
        phi, slope = _functions(self.activation)
        table = replace(
            ARRAYS,
            functions={
                **ARRAYS.functions,
                dual: lambda q, c: _mean(phi, q, c),
                slope_dual: lambda q, c: _mean(slope, q, c),
            },
        )
        found = build(chain, table)({notation.t: values})
        return np.broadcast_to(found, values.shape)[where.reshape(cosine.shape)]


def _functions(name: str) -> tuple[Any, Any]:
    """An activation and its derivative as functions of arrays, from theory's formula."""
    e = activations.activation(name).expression
    z = activations.z
    return tuple(build(part, ARRAYS) for part in (e, e.diff(z)))  # type: ignore[return-value]  # a pair


@cache
def _nodes() -> tuple[np.ndarray, np.ndarray]:
    x, w = np.polynomial.hermite_e.hermegauss(QUADRATURE)
    return x, w / w.sum()


def _mean(function: Any, variance: Any, correlation: Any) -> np.ndarray:
    """E f(√q X) f(√q Y) for unit normal X, Y of the given correlations."""
    x, w = _nodes()
    scale = np.sqrt(np.asarray(variance, np.float64))
    c = np.clip(np.atleast_1d(np.asarray(correlation, np.float64)), -1.0, 1.0)
    first = np.broadcast_to(function({activations.z: scale * x}), x.shape)
    result = np.empty(c.shape)
    for index, one in enumerate(c):
        y = scale * (one * x[:, None] + np.sqrt(1 - one * one) * x[None, :])
        second = function({activations.z: y})
        result[index] = w @ (first * (second @ w))
    return result
