"""The numeric dual of one activation at one variance: tables, values and their errors.

The fall D(1) − D(c) is the integral of the slope's dual (Price), relative digits and all:
with u = sin²(θ/2) it is q ∫_0^θ E φ′φ′ sin. Activations that jump have no slope's dual;
their fall is integrated directly. Either is compared with an integral of the other kind
at a few angles, and the deviation is part of the stated error.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Lambda

from numerics.duals.angle_table import AngleTable, read, series
from numerics.duals.line_functions import line_function
from numerics.duals.pair_quadrature import ROUNDING, Plane, pair_mean
from theory.activations import z
from theory.activations.functions.breakpoints import breakpoints, jumps, slope_of

Floats = NDArray[np.float64]
CHECKED = (0.02, 0.4, 1.3, 2.2, 3.0)
"""Angles at which the two ways are compared."""
SMALL = 1e-6
"""An angle below which a ratio is continued by its tangent."""
_GAUSS = np.polynomial.legendre.leggauss(96)


@lru_cache(maxsize=512)
def plane(phi: Lambda, variance: float) -> Plane:
    """φ at a standard deviation, with its breaks."""
    breaks = tuple(float(x) for x in breakpoints(phi(z)))
    return Plane(line_function(phi), breaks, float(np.sqrt(variance)))


def angle_of(u: Any) -> Floats:
    """θ of u = sin²(θ/2)."""
    return 2 * np.arcsin(np.sqrt(np.clip(np.asarray(u, dtype=np.float64), 0.0, 1.0)))


@dataclass(frozen=True, eq=False)
class HalfTable:
    """E f(x)f(y) of one variance as a function of u = (1 − c)/2."""

    f: Lambda
    variance: float

    @cached_property
    def at_one(self) -> float:
        """E f(x)²."""
        line = plane(self.f, self.variance)
        return line.mean(lambda x: line.values(x) ** 2)

    def direct(self, theta: float) -> float:
        """The integral itself, at one angle."""
        line = plane(self.f, self.variance)
        product = lambda x, y: line.values(x) * line.values(y)
        return pair_mean(line, line, product, theta)[0]

    @cached_property
    def coefficients(self) -> tuple[Floats, float]:
        """The Chebyshev series in θ, and what it leaves."""
        return series(self.direct)

    @cached_property
    def table(self) -> AngleTable:
        """The same to be read at many angles."""
        coefficients = self.coefficients[0]
        allowed = 2.0**-50 * abs(self.at_one)
        return AngleTable.of(lambda x: read(coefficients, x), allowed)

    @cached_property
    def error(self) -> float:
        """Absolute error of every value: series, table, quadrature."""
        coefficients, rest = self.coefficients
        found = read(coefficients, np.array(CHECKED))
        seen = max(
            abs(float(a) - self.direct(x)) for a, x in zip(found, CHECKED, strict=True)
        )
        size = max(abs(self.at_one), float(np.abs(coefficients).max()))
        return 4 * seen + self.table.error + size * (4 * rest + ROUNDING)

    def __call__(self, u: Any) -> Floats:
        """Values at u, an array of any shape."""
        return self.table(angle_of(u))


@dataclass(frozen=True, eq=False)
class FallTable:
    """½ E(φ(x) − φ(y))² of one variance as a function of u."""

    phi: Lambda
    variance: float

    @cached_property
    def jumps(self) -> bool:
        """Whether φ jumps, so that the fall begins like √u."""
        return jumps(self.phi(z))

    @cached_property
    def slopes(self) -> HalfTable:
        """The dual of φ′."""
        return half_table(Lambda(z, slope_of(self.phi(z))), self.variance)

    def direct(self, theta: float) -> tuple[float, float]:
        """The integral itself at one angle, and its error."""
        line = plane(self.phi, self.variance)
        square = lambda x, y: (line.values(x) - line.values(y)) ** 2 / 2
        return pair_mean(line, line, square, theta)

    def _share(self, theta: Floats) -> Floats:
        """The fall over u, by integrating the slope's dual."""
        theta = np.maximum(np.asarray(theta, dtype=np.float64), 1e-9)
        nodes, weights = _GAUSS
        inside = theta[..., None] * (nodes + 1) / 2
        values = read(self.slopes.coefficients[0], inside) * np.sin(inside)
        return self.variance * theta / 2 * (values @ weights) / np.sin(theta / 2) ** 2

    @cached_property
    def _made(self) -> tuple[AngleTable, float]:
        """The fall over u, or over √u where φ jumps, and its absolute error."""
        if self.jumps:
            inside = lambda x: self.direct(x)[0] / np.sin(x / 2)
            ends = lambda x: (
                2 * inside(SMALL) - inside(2 * SMALL) if x < SMALL else inside(x)
            )
            coefficients, rest = series(ends)
            one = lambda x: read(coefficients, x)
            power, extra = 1, 4 * rest * float(np.abs(coefficients).max())
        else:
            one, power, extra = self._share, 2, 0.0
        size = float(np.abs(one(np.linspace(0, np.pi, 65))).max())
        table = AngleTable.of(one, 2.0**-50 * size)
        seen = 0.0
        for theta in CHECKED:
            value, wide = self.direct(theta)
            half = np.sin(theta / 2) ** power
            found = float(table(np.array(theta)))
            seen = max(seen, abs(value / half - found), wide / half)
        return table, 4 * seen + table.error + extra + ROUNDING * size

    @property
    def error(self) -> float:
        """Absolute error, in units of u (of √u where φ jumps)."""
        return self._made[1]

    def __call__(self, u: Any) -> Floats:
        """Values at u, an array of any shape."""
        u = np.clip(np.asarray(u, dtype=np.float64), 0.0, 1.0)
        root = np.sqrt(u)
        share = self._made[0](2 * np.arcsin(root))
        return share * (root if self.jumps else u)


@lru_cache(maxsize=512)
def half_table(f: Lambda, variance: float) -> HalfTable:
    """The table of E f(x)f(y), made once."""
    return HalfTable(f, variance)


@lru_cache(maxsize=512)
def fall_table(phi: Lambda, variance: float) -> FallTable:
    """The table of ½ E(φ(x) − φ(y))², made once."""
    return FallTable(phi, variance)
