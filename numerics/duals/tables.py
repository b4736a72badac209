"""The numeric dual of one activation at one variance: tables, values and their errors.

The fall D(1) − D(c) is the integral of the slope's dual (Price), relative digits and all:
with u = sin²(θ/2) it is q ∫_0^θ E φ′φ′ sin. Activations that jump have no slope's dual;
their fall is integrated directly. Either is compared with an integral of the other kind
at a few angles, and the deviation is part of the stated error.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Lambda

from numerics.duals.angle_table import AngleTable, HalvedTable
from numerics.duals.hermite_series import HermiteSeries, hermite_series
from numerics.duals.line_functions import line_function, line_noise
from numerics.duals.pair_quadrature import ROUNDING, Plane, pair_mean
from theory.activations import z
from theory.activations.functions.breakpoints import breakpoints, jumps, slope_of

Floats = NDArray[np.float64]
CHECKED = (0.02, 0.4, 1.3, 2.2, 3.0)
"""Angles at which the two ways are compared."""
RESOLVED = 2.0**-48
SMALL = 1e-6
"""An angle below which a ratio is continued by its tangent."""
_GAUSS = np.polynomial.legendre.leggauss(16)


@lru_cache(maxsize=512)
def plane(phi: Lambda, variance: float) -> Plane:
    """φ at a standard deviation, with its breaks."""
    breaks = tuple(float(x) for x in breakpoints(phi(z)))
    scale = float(np.sqrt(variance))
    return Plane(line_function(phi), breaks, scale, line_noise(phi, scale))


@lru_cache(maxsize=512)
def hermite(phi: Lambda, variance: float) -> HermiteSeries | None:
    """The Hermite coefficients of φ at a variance."""
    return hermite_series(plane(phi, variance))


def complete(phi: Lambda, variance: float) -> HermiteSeries | None:
    """The Hermite series where it is all that there is of φ, at every angle."""
    found = hermite(phi, variance)
    return found if found is not None and found.complete else None


def _end(phi: Lambda, variance: float) -> float:
    """The angle below which the Hermite series is not complete."""
    found = hermite(phi, variance)
    return 0.0 if found is None else min(found.least_angle, 0.5)


def _summed_or(
    direct: Callable[[float], float],
    found: HermiteSeries | None,
    sum_of: str,
    theta: Floats,
) -> Floats:
    """A sum over Hermite coefficients where it is complete, an integral elsewhere."""
    flat = np.ravel(theta)
    values = np.empty_like(flat)
    summed = np.zeros(flat.shape, bool) if found is None else found.holds(flat)
    if found is not None and summed.any():
        values[summed] = getattr(found, sum_of)(flat[summed])
    for k in np.flatnonzero(~summed):
        values[k] = direct(float(flat[k]))
    return values.reshape(np.shape(theta))


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

    @property
    def noise(self) -> float:
        """How exactly float64 evaluates f, relatively."""
        return plane(self.f, self.variance).noise

    def direct(self, theta: float) -> float:
        """The integral itself, at one angle."""
        line = plane(self.f, self.variance)
        product = lambda x, y: line.values(x) * line.values(y)
        return pair_mean(line, line, product, theta)[0]

    def values(self, theta: Floats) -> Floats:
        """The sum of Hermite coefficients, or the integral where it is not complete."""
        return _summed_or(self.direct, hermite(self.f, self.variance), "dual", theta)

    @cached_property
    def table(self) -> AngleTable | HalvedTable:
        """The same to be read at many angles."""
        whole, allowed = complete(self.f, self.variance), RESOLVED * self.at_one
        if whole is not None:
            return AngleTable.of(whole.dual, allowed / 4)
        return HalvedTable.of(self.values, allowed, _end(self.f, self.variance))

    @cached_property
    def error(self) -> float:
        """Absolute error of every value: series, table, quadrature, φ itself."""
        line, whole = plane(self.f, self.variance), complete(self.f, self.variance)
        if whole is not None:
            found = self.table.error + self.at_one * ROUNDING + 4 * whole.deviation
        else:
            seen = max(
                abs(float(self.table(np.array(x))) - self.direct(x)) for x in CHECKED
            )
            found = 4 * seen + self.table.error + self.at_one * ROUNDING
        return found + 4 * self.at_one * line.noise

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
        """The fall over u, by integrating the slope's dual panel by panel."""
        edges, before = self._integrals
        theta = np.maximum(np.asarray(theta, dtype=np.float64), 1e-9)
        panel = np.clip(np.searchsorted(edges, theta) - 1, 0, len(edges) - 2)
        whole = before[panel] + self._integral(edges[panel], theta)
        return self.variance * whole / np.sin(theta / 2) ** 2

    def _integral(self, low: Floats, high: Floats) -> Floats:
        """∫ E φ′φ′ sin between two angles on one panel."""
        nodes, weights = _GAUSS
        half = (high - low) / 2
        inside = low[..., None] + half[..., None] * (nodes + 1)
        return half * ((self.slopes.table(inside) * np.sin(inside)) @ weights)

    @cached_property
    def _integrals(self) -> tuple[Floats, Floats]:
        """The panels of the slope's table, and the integrals from 0 up to each."""
        table = self.slopes.table
        equal = np.linspace(0, np.pi, table.columns.shape[1] + 1)
        edges = table.edges if isinstance(table, HalvedTable) else equal
        parts = self._integral(edges[:-1], edges[1:])
        return edges, np.concatenate([[0.0], np.cumsum(parts)])

    def _over_root(self, theta: Floats) -> Floats:
        """The fall over √u, continued by its tangent below small angles."""
        found = hermite(self.phi, self.variance)
        inside = np.maximum(theta, SMALL)
        direct = lambda x: self.direct(x)[0]
        values = _summed_or(direct, found, "fall", inside) / np.sin(inside / 2)
        if np.any(theta < SMALL):
            one, two = (direct(x) / np.sin(x / 2) for x in (SMALL, 2 * SMALL))
            values = np.where(theta < SMALL, 2 * one - two, values)
        return values

    @cached_property
    def _made(self) -> tuple[AngleTable | HalvedTable, float]:
        """The fall over u, or over √u where φ jumps, and its absolute error."""
        whole = complete(self.phi, self.variance)
        if whole is not None:
            table = AngleTable.of(whole.share, 2.0**-50 * whole.slope_mass)
            slopes = 2 * self.variance * self.slopes.at_one
            seen = abs(whole.slope_mass - slopes)
            noise = self.slopes.noise
            return table, 4 * seen + table.error + (ROUNDING + 4 * noise) * slopes
        if self.jumps:
            one, power, noise = self._over_root, 1, plane(self.phi, self.variance).noise
        else:
            one, power, noise = self._share, 2, self.slopes.noise
        size = float(np.abs(one(np.linspace(0, np.pi, 17))).max())
        end = _end(self.phi, self.variance) if self.jumps else 0.0
        table = HalvedTable.of(one, RESOLVED * size, end)
        seen = 0.0
        for theta in CHECKED:
            value, wide = self.direct(theta)
            half = np.sin(theta / 2) ** power
            found = float(table(np.array(theta)))
            seen = max(seen, abs(value / half - found), wide / half)
        return table, 4 * seen + table.error + (ROUNDING + 4 * noise) * size

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
