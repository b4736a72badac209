"""Means over a Gaussian pair in float64, whatever the activation's kinks and growth.

One variable is integrated given the other, and both in panels that end at kinks and
jumps: φ is resolved on each, and in the coordinates x ± y no angle makes panels narrow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from theory.errors import NoConvergence, OutOfDomain

Floats = NDArray[np.float64]
Line = Callable[[Floats], Floats]
Integrand = Callable[[Floats, Floats], Floats]

NODES = 16
WIDTH = 2.25
"""Panels on which e^{−x²/2} is integrated to rounding."""
WIDTHS = (2.25, 1.5, 1.0, 0.5)
REACHES = (9.0, 12.0, 16.0, 24.0, 36.0)
"""Standard deviations to which an integral may have to run."""
BLOCK = 1 << 19
LEAST_WIDTH = 2.0**-44
LEAST_SINE = 2.0**-50
"""Of half an angle below which, or below π minus which, two points are one line."""
MOST_PANELS = 96
ROUNDING = 2.0**-46
RESOLVED = 2.0**-46
"""Relative size of the last coefficients where halving panels stops."""
RESOLVED_ROOT = 2.0**-25
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
    noise
        How exactly ``values`` are φ, relatively to its root mean square.
    """

    values: Line
    breaks: tuple[float, ...]
    scale: float
    noise: float = 0.0

    @cached_property
    def reach(self) -> float:
        """How many standard deviations count in E φ².

        Raises
        ------
        NoConvergence
            When φ² grows so fast that its mean is infinite or nearly so.
        """
        mass = np.zeros(1)
        for reach in REACHES:
            x = np.linspace(-reach - 2, reach + 2, 401)
            with np.errstate(over="ignore", invalid="ignore"):
                mass = self.values(self.scale * x) ** 2 * np.exp(-x * x / 2)
            if not np.all(np.isfinite(mass)):
                break
            outside = mass[np.abs(x) >= reach].max()
            if 0 < mass.max() and outside <= 1e-17 * mass.max():
                return reach
        if np.all(np.isfinite(mass)) and not mass.any():
            raise OutOfDomain(
                f"E φ² at variance {self.scale**2:g} is 0 in float64: φ vanishes within "
                f"{REACHES[-1]:g} standard deviations"
            )
        raise NoConvergence(
            f"E φ² at variance {self.scale**2:g}: φ grows too fast for float64"
        )

    @cached_property
    def size(self) -> float:
        """The largest |φ|, weighted with the root of the density."""
        x = np.linspace(-self.reach, self.reach, 401)
        return float((np.abs(self.values(self.scale * x)) * np.exp(-x * x / 4)).max())

    @cached_property
    def panels(self) -> Floats:
        """Edges in units of the standard deviation, between which φ is resolved."""
        inside = [
            b / self.scale for b in self.breaks if abs(b) < self.reach * self.scale
        ]
        edges = [*np.arange(-self.reach, self.reach + 1e-9, WIDTH), self.reach, *inside]
        size = self.size
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
                raise NoConvergence(
                    "φ is not resolved by 4000 panels: it oscillates too fast"
                )
        return np.array(sorted(found))

    @cached_property
    def even_width(self) -> float:
        """A width of equal panels that resolve φ beside its breaks; 0: there is none.

        The integrand of a pair is a product, whose sum over Gauss's nodes errs by the
        square of what the nodes' polynomial leaves.
        """
        inside = [b / self.scale for b in self.breaks]
        size = self.size
        for width in WIDTHS:
            rough = 0.0
            for shift in (0.0, width / 3, 2 * width / 3):
                grid = np.arange(-self.reach - width + shift, self.reach, width)
                edges = _thinned(np.sort(np.concatenate([grid, inside])))
                low, high = edges[:-1, None], edges[1:, None]
                at = (low + high) / 2 + (high - low) / 2 * _x
                with np.errstate(over="ignore", invalid="ignore"):
                    weight = np.exp(-np.minimum(low**2, high**2) / 4)
                    fit = np.abs(self.values(self.scale * at) @ _FIT.T) * weight
                rough = max(rough, float(fit[:, -2:].max()))
            if rough <= RESOLVED_ROOT * size:
                return width
        return 0.0

    @cached_property
    def is_smooth(self) -> bool:
        """Whether no break was given and none was found."""
        return not self.breaks and float(np.diff(self.panels).min()) > 1e-3

    def mean(self, integrand: Callable[[Floats], Floats], *others: Floats) -> float:
        """E g(X) of one variable; others hold edges that g has besides φ's."""
        edges = np.clip(np.concatenate([self.panels, *others]), -self.reach, self.reach)
        edges = _thinned(np.sort(edges))
        low, high = edges[:-1], edges[1:]
        x = ((low + high)[:, None] + (high - low)[:, None] * _x) / 2
        weights = (high - low)[:, None] / 2 * _w * np.exp(-x * x / 2)
        return float(np.sum(integrand(self.scale * x) * weights) / np.sqrt(2 * np.pi))


def pair_mean(
    first: Plane, second: Plane, integrand: Integrand, theta: float
) -> tuple[float, float]:
    """E g(X, Y) for a pair whose correlation is cos θ, and an estimate of the error.

    Parameters
    ----------
    first, second
        The two functions with their scales; g is put together from them.
    integrand
        g of two arrays.
    theta
        The angle: nothing is lost near c = ±1.

    Examples
    --------
    >>> line = Plane(np.abs, (0.0,), 1.0)
    >>> product = lambda x, y: np.abs(x) * np.abs(y)
    >>> value, error = pair_mean(line, line, product, np.pi / 2)
    >>> abs(value - 2 / np.pi) < 1e-13, error < 1e-13
    (True, True)
    """
    factors = float(np.cos(theta / 2)), float(np.sin(theta / 2))
    if min(factors) < LEAST_SINE:
        sign = 1 if theta < 1 else -1
        ratio = sign * second.scale / first.scale
        found = first.mean(lambda x: integrand(x, ratio * x), sign * second.panels)
        size = first.mean(
            lambda x: np.abs(integrand(x, ratio * x)), sign * second.panels
        )
        return found, ROUNDING * size
    return _panels(first, second, integrand, factors)


def _panels(
    first: Plane, second: Plane, integrand: Integrand, factors: tuple[float, float]
) -> tuple[float, float]:
    """The same plane; what is integrated inside has the larger factor.

    Inside, panels end at the edges of both functions. The outer integrand is smooth but
    where two breaks meet, whatever the angle, and its panels are halved until it is
    resolved.
    """
    reach = max(first.reach, second.reach)
    small, large = min(factors), max(factors)
    sign = 1.0 if factors[0] >= factors[1] else -1.0
    # X = large·a + small·b and Y = ± (large·a − small·b)
    breaks = [np.array(p.breaks) / p.scale for p in (first, second)]
    meet = ((breaks[0][:, None] - sign * breaks[1]) / (2 * small)).ravel()
    even = min(first.even_width, second.even_width)
    width = even or WIDTH
    plain = np.append(np.arange(-reach, reach, width), reach)
    # what ends panels inside: breaks alone, where equal panels resolve the rest
    ends_of = breaks if even else [np.asarray(p.panels) for p in (first, second)]
    # where X and Y can be exchanged, one of the variables can change its sign
    same = first is second
    least = 0.0 if same and sign > 0 else -reach
    inner_least = 0.0 if same and sign < 0 else -reach
    outer = np.append(np.arange(-reach, reach, WIDTH), reach)
    edges = np.clip(np.concatenate([outer, meet, [0.0]]), least, reach)
    edges = _thinned(np.sort(edges))

    def inside(b: Floats) -> tuple[Floats, Floats]:
        column = small * b[:, None]
        ends = [
            np.broadcast_to(plain, (len(b), len(plain))),
            (ends_of[0] - column) / large,
            (sign * ends_of[1] + column) / large,
        ]
        a_edges = np.clip(np.concatenate(ends, axis=1), inner_least, reach)
        a_edges.sort(axis=1)
        # columns in which every row is empty cost nothing
        low, high = a_edges[:, :-1], a_edges[:, 1:]
        kept = np.any(high > low, axis=0)
        low, high = low[:, kept], high[:, kept]
        a = ((low + high)[..., None] + (high - low)[..., None] * _x) / 2
        weights = (high - low)[..., None] / 2 * _w * np.exp(-a * a / 2)
        a, column = large * a, column[..., None]
        weights *= (np.exp(-b * b / 2) / (2 * np.pi))[:, None, None]
        with np.errstate(over="ignore", invalid="ignore"):
            values = weights * integrand(
                first.scale * (a + column), sign * second.scale * (a - column)
            )
        sums = values.sum(axis=(1, 2))
        if not np.all(np.isfinite(sums)):
            raise NoConvergence(
                f"a pair of variances {first.scale**2:g} and {second.scale**2:g}: φ grows "
                "too fast for float64"
            )
        return sums, np.abs(values).sum(axis=(1, 2))

    rows = max(1, BLOCK // (NODES * (len(plain) + sum(map(len, ends_of)))))
    low, high = edges[:-1], edges[1:]
    total = size = rest = largest = 0.0
    while len(low):
        middle, half = (low + high) / 2, (high - low) / 2
        b = (middle[:, None] + half[:, None] * _x).ravel()
        parts = [inside(b[k : k + rows]) for k in range(0, len(b), rows)]
        values, sizes = (
            np.concatenate(part).reshape(-1, NODES) for part in zip(*parts, strict=True)
        )
        largest = max(largest, float(sizes.max()))
        rough = np.abs(values @ _FIT.T)[:, -2:].max(axis=1)
        open_ = (rough > RESOLVED * largest) & (half > LEAST_WIDTH * reach)
        # a function that is rough everywhere is left as it is, and its error grows
        open_ &= len(low) <= MOST_PANELS
        done = ~open_
        total += float(half[done] @ (values[done] @ _w))
        size += float(half[done] @ (sizes[done] @ _w))
        rest += float(half[done] @ rough[done]) if np.any(done) else 0.0
        low, high = (
            np.concatenate([low[open_], middle[open_]]),
            np.concatenate([middle[open_], high[open_]]),
        )
    times = 2.0 if same else 1.0
    return times * total, times * (ROUNDING * size + rest)


def _thinned(edges: Floats) -> Floats:
    """Edges without those that a rounding error tells apart."""
    keep = np.concatenate([[True], np.diff(edges) > 2.0**-48])
    return edges[keep]
