"""The net of an experiment, its infinitely wide limit, and kernels that differ from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from numerics.kernel_matrices.entries import kernel_matrix
from theory import Kernel, OutOfDomain, activations, kernels
from theory.errors import meant
from theory.numbers import exact, integer


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
            raise OutOfDomain(
                f"activation = {self.activation!r} must be one of {', '.join(known)}"
                f"{meant(self.activation, known)}"
            )
        if not exact(self.weight_variance, "weight_variance").is_positive:
            raise OutOfDomain(
                f"weight_variance = {self.weight_variance} must be positive"
            )
        if exact(self.bias_variance, "bias_variance").is_negative:
            raise OutOfDomain(
                f"bias_variance = {self.bias_variance} must be at least 0"
            )

    @property
    def label(self) -> str:
        """Activation and hidden layers, for legends."""
        name = {"relu": "ReLU"}.get(self.activation, self.activation)
        return f"{name}, {self.depth} HL"

    @property
    def closed(self) -> bool:
        """Whether the kernel is known in closed form, and so fast at any angle."""
        return activations.activation(self.activation).closed

    def deeper(self, layers: int) -> Net:
        """The net with so many hidden layers more."""
        return replace(self, depth=self.depth + layers)

    def kernel(self, input_variance: str = "1", family: str = "ntk") -> Kernel:
        """The tangent kernel, or with ``family="nngp"`` the one of random last layers."""
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

        Examples
        --------
        >>> x = np.array([[1.0, 1.0], [1.0, -1.0]])
        >>> near = Net("tanh", 1).gram(x)
        >>> bool(near[0, 0] == near[1, 1] > near[0, 1] > 0)
        True
        """
        return kernel_matrix(self.kernel(input_variance, family), x, norms="equal")
