"""The architectures that both libraries know, and the inputs that tell them apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory import Kernel, kernels

DIMENSION = 5
Floats = NDArray[np.float64]


def inputs() -> Floats:
    """Eight points in 5 dimensions, the first two of norm 1, the next two of norm √5.

    Then: the first one's direction at norm 3, the opposite of the second at norm 1/2,
    a neighbor of the third at distance of about 10⁻³, and a point of another norm still.
    """
    x = np.array(
        [
            [0.36, 0.48, 0.8, 0.0, 0.0],
            [-0.48, 0.0, 0.36, 0.8, 0.0],
            [1.0, 1.0, -1.0, 1.0, -1.0],
            [-1.0, 1.0, 1.0, 1.0, 1.0],
            [1.08, 1.44, 2.4, 0.0, 0.0],
            [0.24, 0.0, -0.18, -0.4, 0.0],
            [1.001, 1.0, -1.0, 1.0, -1.0],
            [0.1, -2.0, 0.3, 0.7, 1.5],
        ]
    )
    return x


@dataclass(frozen=True, slots=True)
class OracleActivation:
    """One activation in both libraries' words.

    Attributes
    ----------
    ours
        Our name, as in a kernel's text.
    theirs
        The job's name in ``process``, and its numbers.
    depths, variances
        Hidden layers, and pairs of σ_w² and σ_b², in which it is compared.
    kinked
        Whether the kernel, or a formula of the oracle's, has a square-root cusp at equal
        directions, so that rounding of the cosine is magnified there.
    tangent
        Whether the NTK is finite.
    singular
        Sine of the angle below which the oracle's formula is no reference, because it
        divides by powers of the sine: nan at equal points, wrong digits near them.
    """

    ours: str
    theirs: str
    numbers: tuple[float, ...] = ()
    depths: tuple[int, ...] = (1, 2, 4)
    variances: tuple[tuple[str, str], ...] = (
        ("2", "0"),
        ("1.5", "0.1"),
        ("0.7", "1"),
    )
    kinked: bool = False
    tangent: bool = True
    singular: float = 0.0


_GENTLE = (("0.5", "0"), ("0.3", "0.2"))

ACTIVATIONS: tuple[OracleActivation, ...] = (
    OracleActivation("relu", "relu", kinked=True),
    OracleActivation("leaky_relu", "leaky_relu", (0.01,), kinked=True),
    OracleActivation("abs(z)", "abs", kinked=True),
    OracleActivation("erf", "erf"),
    OracleActivation("gelu", "gelu"),
    OracleActivation("sin", "sin"),
    OracleActivation("cos", "cos"),
    OracleActivation("linear", "linear", depths=(1, 2)),
    OracleActivation("exp", "exp", depths=(1, 2), variances=_GENTLE),
    OracleActivation(
        "z**3 - 2*z + 1",
        "polynomial",
        (1.0, -2.0, 0.0, 1.0),
        depths=(1, 2),
        variances=_GENTLE,
    ),
    OracleActivation(
        "Max(0, z)**2",
        "rectified_monomial",
        (2.0,),
        depths=(1,),  # deeper, the oracle has nan everywhere
        variances=_GENTLE,
        singular=0.01,
    ),
    OracleActivation(
        "step",
        "rectified_monomial",
        (0.0,),
        depths=(1,),
        variances=(("2", "0"), ("1.5", "0.1")),
        kinked=True,
        tangent=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A net that both libraries know."""

    activation: OracleActivation
    depth: int
    weight_variance: str
    bias_variance: str

    @property
    def name(self) -> str:
        """The net in words that a table's row can hold."""
        return (
            f"{self.activation.ours}:depth={self.depth},"
            f"weight_variance={self.weight_variance},bias_variance={self.bias_variance}"
        )

    def kernel(self, family: str) -> Kernel:
        """Our kernel: ``nngp`` or ``ntk``."""
        return kernels.parse(f"{family}:{self.name}")

    @property
    def families(self) -> tuple[str, ...]:
        """What is compared."""
        return ("nngp", "ntk") if self.activation.tangent else ("nngp",)

    def job(self, x: Floats) -> dict[str, Any]:
        """What the oracle is asked."""
        return {
            "activation": self.activation.theirs,
            "numbers": list(self.activation.numbers),
            "depth": self.depth,
            "weight_variance": float(self.weight_variance),
            "bias_variance": float(self.bias_variance),
            "inputs": x.tolist(),
        }


def cases(activations: Iterable[OracleActivation] = ACTIVATIONS) -> list[Case]:
    """Every activation at every depth and pair of variances.

    Examples
    --------
    >>> len(cases()), cases()[0].name
    (81, 'relu:depth=1,weight_variance=2,bias_variance=0')
    """
    return [
        Case(activation, depth, w, b)
        for activation in activations
        for depth in activation.depths
        for w, b in activation.variances
    ]
