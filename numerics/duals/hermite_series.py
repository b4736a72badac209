"""Hermite coefficients of an activation in float64, and the sums of which duals consist.

With orthonormal h_n and a_n = E φ(√q x) h_n(x), a pair of correlation c has
E φ(x)φ(y) = Σ a_n² cⁿ (Mehler), and the fall from c = 1 is Σ a_n² (1 − cⁿ), a sum of
positive terms. One list of coefficients serves all angles. It is as short as φ is smooth;
after a kink it is cut, and what was cut is known from E φ²: then angles near 0 and π are
left to an integral over the plane.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from numerics.duals.pair_quadrature import Plane

Floats = NDArray[np.float64]
LENGTHS = (256, 1024, 4096)
KINKED = 4096
"""Numbers of coefficients: of smooth functions the first that is enough."""
REACHES = (13.0, 18.0, 24.0, 36.0)
NOISE = 2.0**-50
"""Relative size, to E φ², of what rounding adds to sums of squared coefficients."""
NEGLIGIBLE = 2.0**-54
ROUNDED = 1e-28
"""Relative size, to E φ², of a squared coefficient that is rounding."""
_x, _w = leggauss(20)
MOST_TOGETHER = 64
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


def hermite_series(line: Plane, kinked: int = KINKED) -> HermiteSeries | None:
    """The series, as long as φ needs; None where φ grows too fast for float64.

    Parameters
    ----------
    line
        φ at a standard deviation.
    kinked
        The number of coefficients where φ is not smooth.

    Examples
    --------
    >>> found = hermite_series(Plane(np.tanh, (), 1.0))
    >>> float(found.coefficients[1]).__round__(12), found.least_angle
    (0.605705509602, 0.0)
    >>> kinked = hermite_series(Plane(np.abs, (0.0,), 1.0))
    >>> kinked.complete, 0.05 < kinked.least_angle < 0.2
    (False, True)
    """
    return hermite_many([line], kinked)[0]


def hermite_many(
    lines: Sequence[Plane], kinked: int = KINKED
) -> list[HermiteSeries | None]:
    """The series of one function at several variances, which share nodes where they can.

    Examples
    --------
    >>> one, other = hermite_many([Plane(np.sin, (), x) for x in (0.5, 0.6)])
    >>> [float(x.coefficients[1]).__round__(6) for x in (one, other)]
    [0.441248, 0.501162]
    """
    found: list[HermiteSeries | None] = [None] * len(lines)
    waiting = sorted(range(len(lines)), key=lambda k: -lines[k].scale)
    while waiting:
        top = lines[waiting[0]]
        even = top.breaks == () or top.even_width > 0
        group = [k for k in waiting[:MOST_TOGETHER] if lines[k].scale > top.scale / 2]
        group = group if even else group[:1]
        waiting = waiting[len(group) :]
        made = _group([lines[k] for k in group], kinked)
        for k, series in zip(group, made, strict=True):
            found[k] = series
    return found


def _group(lines: list[Plane], kinked: int) -> list[HermiteSeries | None]:
    """The series of some lines, the first of which has the largest variance."""
    top = lines[0]
    reach = _reach(top)
    if reach is None:
        return [None] * len(lines)
    lengths = LENGTHS if top.is_smooth else (kinked,)
    length, found, masses, tops, ends = 0, *(np.zeros(0) for _ in range(4))
    for length in lengths:
        x, weights = _nodes(lines, reach, length)
        scales = np.array([line.scale for line in lines])[:, None]
        half = np.exp(-x * x / 4)
        values = top.values(scales * x) * half
        weights = weights / np.sqrt(2 * np.pi)
        masses = (values**2 * weights).sum(axis=1)
        # φ √p, whose product with h_n √p is integrated: neither overflows
        found = _coefficients(x, half, values * weights, length)
        counts = found**2 > ROUNDED * masses
        tops = length - np.argmax(counts[::-1], axis=0)
        tops[~counts.any(axis=0)] = 1
        ends = tops <= length * 7 // 8
        if ends.all() or length == lengths[-1]:
            break
    made: list[HermiteSeries | None] = []
    for k, mass in enumerate(masses.tolist()):
        top = int(tops[k]) if ends[k] else length
        made.append(HermiteSeries(found[:top, k], mass, complete=bool(ends[k])))
    return made


def _reach(line: Plane) -> float | None:
    """Where φ times the root of the density is negligible."""
    for reach in REACHES:
        x = np.linspace(-reach - 2, reach + 2, 401)
        with np.errstate(over="ignore", invalid="ignore"):
            size = np.abs(line.values(line.scale * x)) * np.exp(-x * x / 4)
        if not np.all(np.isfinite(size)):
            return None
        if size.any() and size[np.abs(x) >= reach].max() <= 1e-17 * size.max():
            return reach
    return None


def _nodes(lines: list[Plane], reach: float, length: int) -> tuple[Floats, Floats]:
    """Nodes and weights that resolve φ and the last h_n: [node], or [line, node]."""
    top = lines[0]
    width = min(1.0, 2 * WAVES / np.sqrt(length), top.even_width or 1.0)
    grid = np.linspace(-reach, reach, int(np.ceil(2 * reach / width)) + 1)
    if not top.even_width:
        edges = np.union1d(grid, top.panels)
    elif top.breaks:
        scales = np.array([line.scale for line in lines])[:, None]
        inside = np.clip(np.array(top.breaks) / scales, -reach, reach)
        shared = np.broadcast_to(grid, (len(lines), len(grid)))
        edges = np.sort(np.concatenate([shared, inside], axis=1), axis=1)
    else:
        edges = grid
    low, high = edges[..., :-1, None], edges[..., 1:, None]
    x = (low + high) / 2 + (high - low) / 2 * _x
    weights = np.broadcast_to((high - low) / 2 * _w, x.shape)
    flat = (*x.shape[:-2], -1)
    return x.reshape(flat), weights.reshape(flat)


def _coefficients(x: Floats, half: Floats, load: Floats, length: int) -> Floats:
    """a_n for n below ``length``, [n, line]."""
    found = np.empty((length, len(load)))
    below, here = np.zeros_like(x), half
    for n in range(length):
        found[n] = load @ here if x.ndim == 1 else np.einsum("ij,ij->i", load, here)
        below, here = here, (x * here - np.sqrt(n) * below) / np.sqrt(n + 1)
    return found
