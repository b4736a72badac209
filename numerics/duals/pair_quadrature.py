"""Means over a Gaussian pair in float64, whatever the activation's kinks and growth.

Where φ is smooth, the trapezoidal rule over the plane converges geometrically. Where it
has kinks or jumps, one variable is integrated given the other, and both in panels: φ is
resolved on each, and near the line x = y, where the pair is close together, panels are
as narrow as the pair is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from theory.errors import NoConvergence

Floats = NDArray[np.float64]
Line = Callable[[Floats], Floats]
Integrand = Callable[[Floats, Floats], Floats]

NODES = 12
WIDTH = 2.25
"""Panels on which e^{−x²/2} is integrated to rounding."""
REACHES = (9.0, 12.0, 16.0, 24.0, 36.0)
"""Standard deviations to which an integral may have to run."""
BLOCK = 1 << 19
LEAST_WIDTH = 2.0**-44
ROUNDING = 2.0**-46
MOST_STEPS = 1200
_x, _w = leggauss(NODES)
_FIT = np.linalg.inv(np.polynomial.legendre.legvander(_x, NODES - 1))


@dataclass(frozen=True)
class Plane:
    """Functions of one variable and where they are put together from pieces.

    Attributes
    ----------
    values
        φ, of arrays.
    breaks
        Its kinks and jumps, ascending; found to 2^-44 where they are not given.
    scale
        √q: φ takes this times a unit Gaussian.
    """

    values: Line
    breaks: tuple[float, ...]
    scale: float

    @cached_property
    def reach(self) -> float:
        """How many standard deviations count in E φ².

        Raises
        ------
        NoConvergence
            When φ² grows so fast that its mean is infinite or nearly so.
        """
        for reach in REACHES:
            x = np.linspace(-reach - 2, reach + 2, 401)
            with np.errstate(over="ignore", invalid="ignore"):
                mass = self.values(self.scale * x) ** 2 * np.exp(-x * x / 2)
            if not np.all(np.isfinite(mass)):
                break
            outside = mass[np.abs(x) >= reach].max()
            if outside <= 1e-17 * mass.max() or mass.max() == 0:
                return reach
        msg = f"E φ² at variance {self.scale**2:g}: φ grows too fast for float64"
        raise NoConvergence(msg)

    @cached_property
    def panels(self) -> Floats:
        """Edges in units of the standard deviation, between which φ is resolved."""
        inside = [
            b / self.scale for b in self.breaks if abs(b) < self.reach * self.scale
        ]
        edges = [*np.arange(-self.reach, self.reach + 1e-9, WIDTH), self.reach, *inside]
        x = np.linspace(-self.reach, self.reach, 401)
        size = np.abs(self.values(self.scale * x)).max()
        edges = np.unique(edges)
        waiting = list(pairwise(edges))
        found = {float(e) for e in edges}
        while waiting:
            low, high = np.array(waiting).T
            middle, half = (low + high) / 2, (high - low) / 2
            inside = middle[:, None] + half[:, None] * _x
            with np.errstate(over="ignore"):
                weight = np.exp(-(np.minimum(np.abs(low), np.abs(high)) ** 2) / 4)
            fit = np.abs(self.values(self.scale * inside) @ _FIT.T)
            rough = fit[:, -2:].max(axis=1) * np.minimum(weight, 1)
            open_ = (rough > 1e-13 * size) & (half > LEAST_WIDTH * self.reach)
            found.update(float(x) for x in middle[open_])
            waiting = [
                part
                for a, m, b in zip(low[open_], middle[open_], high[open_], strict=True)
                for part in ((a, m), (m, b))
            ]
            if len(found) > 4000:
                msg = "φ is not resolved by 4000 panels: it oscillates too fast"
                raise NoConvergence(msg)
        return np.array(sorted(found))

    @cached_property
    def is_smooth(self) -> bool:
        """Whether no break was given and none was found."""
        return not self.breaks and float(np.diff(self.panels).min()) > 1e-3

    def mean(self, integrand: Callable[[Floats], Floats]) -> float:
        """E g(X) of one variable."""
        low, high = self.panels[:-1], self.panels[1:]
        x = ((low + high)[:, None] + (high - low)[:, None] * _x) / 2
        weights = (high - low)[:, None] / 2 * _w * np.exp(-x * x / 2)
        return float(np.sum(integrand(self.scale * x) * weights) / np.sqrt(2 * np.pi))


def pair_mean(
    first: Plane, second: Plane, integrand: Integrand, cosine: float, sine: float
) -> tuple[float, float]:
    """E g(X, Y) for a pair with this correlation, and an estimate of the error.

    Parameters
    ----------
    first, second
        The two functions with their scales; g is put together from them.
    integrand
        g of two arrays.
    cosine, sine
        c and √(1 − c²), both given so that nothing is lost near c = ±1.

    Examples
    --------
    >>> line = Plane(np.abs, (0.0,), 1.0)
    >>> product = lambda x, y: np.abs(x) * np.abs(y)
    >>> value, error = pair_mean(line, line, product, 0.0, 1.0)
    >>> abs(value - 2 / np.pi) < 1e-13, error < 1e-13
    (True, True)
    """
    if first.is_smooth and second.is_smooth:
        found = _trapezoid(first, second, integrand, cosine, sine)
        if found is not None:
            return found
    coarse, size = _panels(first, second, integrand, cosine, sine)
    return coarse, ROUNDING * size


def _trapezoid(
    first: Plane, second: Plane, integrand: Integrand, cosine: float, sine: float
) -> tuple[float, float] | None:
    """Over (a, b) with X = a cos + b sin of half the angle, Y with − sin."""
    reach = max(first.reach, second.reach)
    half_cosine, half_sine = np.sqrt((1 + cosine) / 2), None
    half_sine = (
        sine / (2 * half_cosine) if half_cosine > 0.5 else np.sqrt((1 - cosine) / 2)
    )
    if half_cosine <= 0.5:
        half_cosine = sine / (2 * half_sine)
    last = None
    for steps in (40, 80, 160, 320, 640, MOST_STEPS):
        h = reach / steps
        grid = h * np.arange(-steps, steps + 1)
        weights = np.exp(-grid * grid / 2) * h / np.sqrt(2 * np.pi)
        a, b = half_cosine * grid[:, None], half_sine * grid
        values = integrand(first.scale * (a + b), second.scale * (a - b))
        total = float(weights @ values @ weights)
        size = float(weights @ np.abs(values) @ weights)
        if last is not None and abs(total - last) <= 4 * ROUNDING * size:
            return total, max(abs(total - last), ROUNDING * size / 4)
        last = total
    return None


def _panels(
    first: Plane, second: Plane, integrand: Integrand, cosine: float, sine: float
) -> tuple[float, float]:
    """X in panels; Y given X in panels that end where second has its breaks."""
    reach = max(first.reach, second.reach)
    edges = [first.panels]
    breaks = np.array([b / second.scale for b in second.breaks])
    if abs(cosine) > 1e-12:
        layers = sine * np.array([0.0, 0.7, 1.5, 2.5, 4.0, 6.0, 9.0])
        layers = np.concatenate([-layers, layers])
        edges.append(((breaks[:, None] + layers) / cosine).ravel())
    x_edges = np.unique(np.clip(np.concatenate(edges), -reach, reach))
    x_edges = _thinned(x_edges)
    low, high = x_edges[:-1], x_edges[1:]
    x = (((low + high)[:, None] + (high - low)[:, None] * _x) / 2).ravel()
    x_weights = ((high - low)[:, None] / 2 * _w).ravel() * np.exp(-x * x / 2)
    x_weights /= np.sqrt(2 * np.pi)
    plain = np.append(np.arange(-reach, reach, WIDTH), reach)
    total = size = 0.0
    inner = second.panels
    rows = max(1, BLOCK // (NODES * (len(plain) + len(inner))))
    for start in range(0, len(x), rows):
        part = x[start : start + rows]
        moved = (inner - cosine * part[:, None]) / sine
        y_edges = np.concatenate(
            [np.broadcast_to(plain, (len(part), len(plain))), moved], axis=1
        )
        y_edges = np.sort(np.clip(y_edges, -reach, reach), axis=1)
        # columns in which every row is empty cost nothing
        y_low, y_high = y_edges[:, :-1], y_edges[:, 1:]
        kept = np.any(y_high > y_low, axis=0)
        y_low, y_high = y_low[:, kept], y_high[:, kept]
        y = ((y_low + y_high)[..., None] + (y_high - y_low)[..., None] * _x) / 2
        weights = (y_high - y_low)[..., None] / 2 * _w * np.exp(-y * y / 2)
        weights /= np.sqrt(2 * np.pi)
        column = part[:, None, None]
        other = cosine * column + sine * y
        values = integrand(
            np.broadcast_to(first.scale * column, y.shape), second.scale * other
        )
        weights *= x_weights[start : start + rows, None, None]
        total += float(np.sum(values * weights))
        size += float(np.sum(np.abs(values) * weights))
    return total, size


def _thinned(edges: Floats) -> Floats:
    """Edges without those that a rounding error tells apart."""
    keep = np.concatenate([[True], np.diff(edges) > 2.0**-48])
    return edges[keep]
