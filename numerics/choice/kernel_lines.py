"""Kernels whose parameters move, many at once in float64: nets of all depths, families.

Where an activation's dual has no closed form in float64 arrays, it is the series Σ a_m² c^m
of its Hermite coefficients, cut at degree 80; what is cut counts as the next power. That
is good to about 1e-4 for smooth activations: enough to search, not to report.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Lambda, Symbol

from numerics.duals.line_functions import line_function
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from numerics.spectra.floats.net_grid import all_depths, kernel_symbol
from theory import Kernel, NotEvaluable, kernels, notation
from theory.activations import Activation, activation, for_network, z
from theory.activations.gaussian_pairs import c
from theory.activations.hermite import q
from theory.activations.layer_activation import Dual, dual, slope_dual
from theory.domains import Domain
from theory.kernels.layers import gap
from theory.notation import bias_variance, input_variance, u, weight_variance

Floats = NDArray[np.float64]
DEGREE = 80
QUADRATURE = 200
WEIGHTS = (0.05, 20.0)
BIASES = (1e-3, 20.0)
RANGES = {"exponential": (0.05, 50.0), "gaussian": (0.1, 50.0), "laplace": (0.1, 100.0)}
"""One-parameter families that are searched, with the range of their parameter."""


@dataclass(frozen=True, eq=False)
class KernelLine:
    """A family of kernels with parameters that move, and perhaps several depths.

    Attributes
    ----------
    name
        What it is called: ``ntk:relu``, or a family's name.
    depths
        Hidden layers; (0,) where there are none.
    bounds
        (least, most) of each parameter: weight and bias variance, or one width. A bias
        variance of 0 is allowed too.
    values
        (parameters [kernel, parameter], u) → K, shape [depth, kernel, node].
    make
        (parameters, depth) → the kernel.
    """

    name: str
    depths: tuple[int, ...]
    bounds: tuple[tuple[float, float], ...]
    values: Callable[[Floats, Floats], Floats]
    make: Callable[[Floats, int], Kernel]


def net_line(
    name: str, family: str, depths: tuple[int, ...], variance: Any = 1
) -> KernelLine:
    """Nets of one activation, all depths at once.

    Raises
    ------
    Unsupported
        When the activation has no such kernel.

    Examples
    --------
    >>> line = net_line("relu", "ntk", (1, 2))
    >>> line.values(np.array([[2.0, 0.0]]), np.array([0.0, 1.0])).round(12).tolist()
    [[[2.0, 0.0]], [[3.0, 0.318309886184]]]
    """
    program = _nets(name, family == "ntk", depths)
    make = kernels.ntk if family == "ntk" else kernels.nngp

    def values(parameters: Floats, half: Floats) -> Floats:
        at = {
            u: half,
            weight_variance: parameters[:, :1],
            bias_variance: parameters[:, 1:],
            input_variance: float(variance),
        }
        with np.errstate(all="ignore"):
            found = program.bound(at)
        shape = len(parameters), len(half)
        return np.stack(
            [np.broadcast_to(found[kernel_symbol(x)], shape) for x in depths]
        )

    def kernel(parameters: Floats, depth: int) -> Kernel:
        weight, bias = (f"{x:.3g}" for x in parameters)
        return make(
            name,
            depth=depth,
            weight_variance=weight,
            bias_variance=bias,
            input_variance=variance,
        )

    return KernelLine(f"{family}:{name}", depths, (WEIGHTS, BIASES), values, kernel)


def family_line(family: str, domain: Domain) -> KernelLine:
    """A family with one parameter.

    Examples
    --------
    >>> from theory import Hypercube
    >>> line = family_line("exponential", Hypercube(3))
    >>> line.values(np.array([[0.0], [1.0]]), np.array([0.0])).round(6).tolist()
    [[[1.0], [2.718282]]]
    """
    usual = kernels.parse(family)
    name = usual.parameters[0][0]
    symbol = Symbol(name, positive=True)
    rest = tuple((k, symbol if k == name else x) for k, x in usual.parameters)
    chain = Kernel(family, rest).half().subs({notation.d: domain.ambient})
    program = build(chain, ARRAYS)

    def values(parameters: Floats, half: Floats) -> Floats:
        with np.errstate(all="ignore"):
            found = program({u: half, symbol: parameters})
        return np.broadcast_to(found, (len(parameters), len(half)))[None]

    def make(parameters: Floats, _depth: int) -> Kernel:
        return kernels.parse(f"{family}:{name}={parameters[0]:.3g}")

    return KernelLine(family, (0,), (RANGES[family],), values, make)


@lru_cache(maxsize=64)
def _nets(name: str, tangent: bool, depths: tuple[int, ...]) -> Program:
    phi = for_network(activation(name).name, tangent=tangent)
    if phi.closed:
        try:
            return all_depths(phi, tangent, depths, ARRAYS)
        except NotEvaluable:
            pass
    series = _HermiteSeries(Lambda(z, phi.expression))
    slope = _HermiteSeries(Lambda(z, phi.expression), slope=True)
    table = {dual: series, gap: series.gap, slope_dual: slope}
    functions = dict(ARRAYS.functions) | table
    written = replace(ARRAYS, name="float64 Hermite series", functions=functions)
    return all_depths(_opaque(phi), tangent, depths, written)


def _opaque(phi: Activation) -> Activation:
    """The same activation with duals that stay functions of q and c."""
    return replace(
        phi,
        dual=Dual(dual(q, c)),
        slope_dual=Dual(slope_dual(q, c)),
        gap=gap(q, u),
        slope_half=slope_dual(q, 1 - 2 * u),
    )


@lru_cache(maxsize=1)
def _hermite_rule() -> tuple[Floats, Floats]:
    """Nodes, and weights times orthonormal Hermite polynomials, shape [degree, node]."""
    x, w = np.polynomial.hermite_e.hermegauss(QUADRATURE)
    w = w / w.sum()
    rows = [np.ones_like(x), x]
    for m in range(1, DEGREE):
        rows.append((x * rows[m] - m**0.5 * rows[m - 1]) / (m + 1) ** 0.5)
    return x, np.array([*rows[: DEGREE + 1], np.ones_like(x)]) * w


class _HermiteSeries:
    """E φ(x)φ(y), or that of φ′, for arrays of variances and correlations."""

    def __init__(self, phi: Lambda, *, slope: bool = False) -> None:
        self.phi, self.slope = line_function(phi), slope

    def squares(self, variance: Any) -> Floats:
        """A_m², and what is left of E φ² at degree 81; shape [variance, degree]."""
        x, rows = _hermite_rule()
        q = np.ravel(variance)
        values = self.phi(np.sqrt(q)[:, None] * x)
        squares = (values @ rows[:-1].T) ** 2
        left = np.maximum(values**2 @ rows[-1] - squares.sum(axis=1), 0.0)
        found = np.concatenate([squares, left[:, None]], axis=1)
        if self.slope:
            found = (found * np.arange(DEGREE + 2) / q[:, None])[:, 1:]
        return found

    def __call__(self, variance: Any, correlation: Any) -> Any:
        return self._sum(variance, lambda m: np.asarray(correlation) ** m)

    def gap(self, variance: Any, half: Any) -> Any:
        """The dual at 1 minus that at 1 − 2u."""
        return self._sum(variance, lambda m: 1 - (1 - 2 * np.asarray(half)) ** m)

    def _sum(self, variance: Any, power: Callable[[int], Any]) -> Any:
        squares = self.squares(variance).T
        shape = np.shape(variance)
        total: Any = 0.0
        for m, a in enumerate(squares):
            total = total + a.reshape(shape) * power(m)
        return total
