"""Hermite coefficients of an activation in float64, and the sums of which duals consist.

With orthonormal h_n and a_n = E φ(√q x) h_n(x), a pair of correlation c has
E φ(x)φ(y) = Σ a_n² cⁿ (Mehler), and the fall from c = 1 is Σ a_n² (1 − cⁿ), a sum of
positive terms. One list of coefficients serves all angles. It is as short as φ is smooth;
after a kink it is cut, and what was cut is known from E φ²: then angles near 0 and π are
left to an integral over the plane.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from numerics.duals.pair_quadrature import Plane

Floats = NDArray[np.float64]
LENGTHS = (256, 1024, 4096)
REACHES = (13.0, 18.0, 24.0, 36.0)
NOISE = 2.0**-50
"""Relative size, to E φ², of what rounding adds to sums of squared coefficients."""
NEGLIGIBLE = 2.0**-54
ROUNDED = 1e-28
"""Relative size, to E φ², of a squared coefficient that is rounding."""
_x, _w = leggauss(20)
WAVES = 10.0
"""Half a panel's width times √n: how much h_n may turn on a panel of 20 nodes."""


@dataclass(frozen=True, eq=False)
class HermiteSeries:
    """The coefficients of one activation at one variance.

    Attributes
    ----------
    coefficients
        a_0, a_1, …
    mass
        E φ².
    complete
        Whether all others are rounding.
    """

    coefficients: Floats
    mass: float
    complete: bool

    @cached_property
    def squares(self) -> Floats:
        """a_n²."""
        return self.coefficients**2

    @cached_property
    def rest(self) -> float:
        """What was cut of Σ a_n² = E φ²."""
        if self.complete:
            return 0.0
        return max(self.mass - float(self.squares.sum()), NOISE * self.mass)

    @cached_property
    def least_angle(self) -> float:
        """The distance from 0 and π from which on what was cut is below rounding."""
        if self.complete:
            return 0.0
        share = NEGLIGIBLE * self.mass / self.rest
        return float(np.arccos(min(share, 1.0) ** (1 / len(self.coefficients))))

    def holds(self, theta: Floats) -> NDArray[np.bool_]:
        """Whether the sum is complete at angles."""
        return np.minimum(theta, np.pi - theta) >= self.least_angle

    def dual(self, theta: Any) -> Floats:
        """Σ a_n² cos^n θ, an array of any shape."""
        return np.polynomial.polynomial.polyval(np.cos(theta), self.squares)

    @cached_property
    def deviation(self) -> float:
        """How far Σ a_n² is from E φ², an integral of another kind (Parseval)."""
        return abs(self.mass - float(self.squares.sum()))

    @cached_property
    def _after(self) -> Floats:
        """Σ a_m² over m > n, for n = 0, 1, …"""
        return np.cumsum(self.squares[::-1])[::-1][1:] + self.rest

    @cached_property
    def slope_mass(self) -> float:
        """2 Σ n a_n² = 2 q E φ′²."""
        return 2 * float(self._after.sum())

    def share(self, theta: Any) -> Floats:
        """Σ a_n² (1 − cos^n θ) over u = sin²(θ/2): sums of what follows, all positive."""
        if not len(self._after):
            return np.zeros(np.shape(theta))
        return 2 * np.polynomial.polynomial.polyval(np.cos(theta), self._after)

    def fall(self, theta: Any) -> Floats:
        """Σ a_n² (1 − cos^n θ)."""
        return np.sin(np.asarray(theta) / 2) ** 2 * self.share(theta)


def hermite_series(line: Plane) -> HermiteSeries | None:
    """The series, as long as φ needs; None where φ grows too fast for float64.

    Examples
    --------
    >>> found = hermite_series(Plane(np.tanh, (), 1.0))
    >>> float(found.coefficients[1]).__round__(12), found.least_angle
    (0.60570551, 0.0)
    >>> kinked = hermite_series(Plane(np.abs, (0.0,), 1.0))
    >>> kinked.complete, 0.05 < kinked.least_angle < 0.2
    (False, True)
    """
    reach = _reach(line)
    if reach is None:
        return None
    mass = line.mean(lambda x: line.values(x) ** 2)
    found = np.zeros(1)
    for length in LENGTHS if line.is_smooth else LENGTHS[-1:]:
        found = _coefficients(line, reach, length)
        counts = np.flatnonzero(found**2 > ROUNDED * mass)
        top = int(counts[-1]) + 1 if len(counts) else 1
        if top <= length * 7 // 8:
            return HermiteSeries(found[:top], mass, complete=True)
    return HermiteSeries(found, mass, complete=False)


def _reach(line: Plane) -> float | None:
    """Where φ times the root of the density is negligible."""
    for reach in REACHES:
        x = np.linspace(-reach - 2, reach + 2, 401)
        with np.errstate(over="ignore", invalid="ignore"):
            size = np.abs(line.values(line.scale * x)) * np.exp(-x * x / 4)
        if not np.all(np.isfinite(size)):
            return None
        if size[np.abs(x) >= reach].max() <= 1e-17 * size.max() or not size.any():
            return reach
    return None


def _coefficients(line: Plane, reach: float, length: int) -> Floats:
    """a_n for n below ``length``, on panels that resolve φ and the last h_n."""
    width = min(1.0, 2 * WAVES / np.sqrt(length))
    count = int(np.ceil(2 * reach / width))
    edges = np.union1d(np.linspace(-reach, reach, count + 1), line.panels)
    low, high = edges[:-1, None], edges[1:, None]
    x = ((low + high) / 2 + (high - low) / 2 * _x).ravel()
    weights = ((high - low) / 2 * _w).ravel()
    half = np.exp(-x * x / 4)
    # φ √p, whose product with h_n √p is integrated: neither overflows
    load = line.values(line.scale * x) * half * weights / np.sqrt(2 * np.pi)
    found = np.empty(length)
    below, here = np.zeros_like(x), half
    for n in range(length):
        found[n] = load @ here
        below, here = here, (x * here - np.sqrt(n) * below) / np.sqrt(n + 1)
    return found
