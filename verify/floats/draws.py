"""Random nets and points on which float64 kernels are compared: the hard ones, on purpose.

Pairs are neighbors down to one ulp, opposite, multiples of each other, orthogonal or
anything; preactivation variances run from 1e-12 to 1e12, depths to 128.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.floats.numeric_activations import TYPED
from verify.floats.recursion import DUALS, ReferenceNet

DEPTHS = (1, 1, 2, 2, 3, 4, 6, 8, 12)
DEEP = (16, 32, 64, 128)
GROUPS = 2
GROWING = {"exp", "Max(0, z)**2"}
"""Activations whose moments grow so fast that deep nets leave float64."""


@dataclass(frozen=True)
class Draw:
    """A net, points and norms.

    Attributes
    ----------
    net
        The net.
    points
        Shape [12, d], two groups of six: x, a neighbor, −x, a neighbor of that, 2x, and
        another point.
    norms
        ``own`` or ``equal``.
    """

    net: ReferenceNet
    points: NDArray[np.float64]
    norms: str

    @property
    def kernel(self) -> str:
        """The kernel, as the engine reads it."""
        net = self.net
        family = "ntk" if net.tangent else "nngp"
        return (
            f"{family}:{net.activation}:depth={net.depth},"
            f"weight_variance={net.weight_variance},bias_variance={net.bias_variance}"
        )


def draw(seed: int, number: int) -> Draw:
    """The case of a seed and a number, the same on every machine.

    Examples
    --------
    >>> draw(0, 3).points.shape[0]
    12
    """
    rng = np.random.default_rng([seed, number])
    activation = list(DUALS)[number % len(DUALS)]
    deep = number // len(DUALS) % 12 == 11 and activation not in GROWING
    depth = int(rng.choice(DEEP if deep else DEPTHS))
    if activation in GROWING:
        depth = min(depth, 3)
    steep = activation == "exp"  # e^(e^q) leaves float64 soon
    depth = min(depth, 2) if steep else depth
    weight = f"{10 ** rng.uniform(-2, 0 if steep else 2):.3g}"
    bias = str(rng.choice(["0", f"{10 ** rng.uniform(-3, -0.5 if steep else 1):.2g}"]))
    d = int(rng.integers(1, 6))
    points = np.concatenate([_group(rng, d) for _ in range(GROUPS)])
    reach = 0 if steep else 1 if activation in GROWING else 5
    points *= 10 ** rng.uniform(min(-reach, -1), reach)
    net = ReferenceNet(activation, depth, weight, bias, bool(rng.integers(2)))
    return Draw(net, points, str(rng.choice(["own", "equal"])))


def draw_numeric(seed: int, number: int) -> Draw:
    """A net of an activation without a closed dual, and one group of points.

    Examples
    --------
    >>> draw_numeric(0, 11).net.activation
    'hard_tanh'
    """
    rng = np.random.default_rng([seed, number, 1])
    name = list(TYPED)[number % len(TYPED)]
    typed = TYPED[name]
    weight = f"{10 ** rng.uniform(*typed.reach):.3g}"
    bias = str(rng.choice(["0", f"{10 ** rng.uniform(-3, -0.5):.2g}"]))
    depth = int(rng.integers(1, typed.deepest + 1))
    tangent = bool(rng.integers(2)) and typed.slope is not None
    points = _group(rng, int(rng.integers(1, 6)))
    points /= np.sqrt(np.mean(points**2, axis=1).max())
    net = ReferenceNet(name, depth, weight, bias, tangent)
    return Draw(net, points, str(rng.choice(["own", "equal"])))


def _group(rng: np.random.Generator, d: int) -> NDArray[np.float64]:
    x = rng.standard_normal(d)
    near, far = (rng.standard_normal(d) * 10 ** rng.uniform(-17, 0) for _ in range(2))
    return np.array([x, x + near, -x, far - x, 2 * x, rng.standard_normal(d)])
