"""From values of kernels on nodes to eigenvalues, for many kernels at once.

In float64: eigenvalues below 1e-15 of a kernel's values are lost, which is enough to find
a good kernel, and is not what is reported of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.special import eval_chebyt, eval_gegenbauer, roots_legendre

from numerics.spectra.domains.harmonics import multiplicities
from theory import Unsupported
from theory.domains import Domain

Floats = NDArray[np.float64]
NODES = 400
TOP = 40
LOST = 1e-15
MOST_POINTS = 4096


@dataclass(frozen=True)
class LevelTransform:
    """A linear map from values at u = (1 − t)/2 to eigenvalues of levels.

    Attributes
    ----------
    half
        Nodes u, the first one 0, shape [node].
    weights
        λ_k = Σ weights[k, node] K(node), shape [level, node].
    measure
        Probability of each node, shape [node].
    multiplicity
        g, shape [level].
    complete
        Whether these are all levels; else one more entry stands for the others.
    """

    half: Floats
    weights: Floats
    measure: Floats
    multiplicity: Floats
    complete: bool

    def levels(self, values: Floats) -> tuple[Floats, Floats]:
        """Eigenvalues and multiplicities of kernels, both of shape [kernel, level].

        Examples
        --------
        >>> from theory import Hypercube
        >>> plan = level_transform(Hypercube(2))
        >>> plan.levels((1 - 2 * plan.half)[None] ** 2)[0].round(12).tolist()
        [[0.5, 0.0, 0.5]]
        """
        lam = values @ self.weights.T
        size = np.abs(values).max(axis=1, keepdims=True)
        lam = np.where(lam > LOST * size, lam, 0.0)
        g = np.broadcast_to(self.multiplicity, lam.shape)
        if self.complete:
            return lam, g
        mass = np.maximum(values[:, 0] - np.sum(g * lam, axis=1), 0.0)
        square = values**2 @ self.measure - np.sum(g * lam**2, axis=1)
        least = np.finfo(np.float64).tiny
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.clip(square / mass, least, np.maximum(lam[:, -2:].max(1), least))
        seen = (mass > LOST * size[:, 0]) & (mean > 1e-200 * mass)
        mean = np.where(seen, mean, 0.0)
        count = np.where(seen, mass / np.where(seen, mean, 1.0), 1.0)
        return (
            np.concatenate([lam, mean[:, None]], axis=1),
            np.concatenate([g, count[:, None]], axis=1),
        )


@lru_cache(maxsize=16)
def level_transform(domain: Domain) -> LevelTransform:
    """The transform of a domain whose kernels are functions of a cosine.

    Raises
    ------
    Unsupported
        When kernels on the domain are no functions of a cosine, or it has too many points.
    """
    known = TRANSFORMS.get(domain.kind)
    if known is not None:
        return known(domain)
    if domain.addition_theorem and domain.invariant == "cosine":
        return _of_listed(domain)
    raise Unsupported(
        f"{domain}: kernels are searched for where they are functions of a cosine; name "
        "the kernels to rank"
    )


def _of_listed(domain: Domain) -> LevelTransform:
    """A finite domain that lists its points: cosines with the first of them."""
    points = domain.vectors()
    if len(points) > MOST_POINTS:
        raise Unsupported(f"{domain}: {len(points)} points; at most {MOST_POINTS}")
    square = sum(x * x for x in points[0])
    cosines = [
        sum(x * y for x, y in zip(points[0], point, strict=True)) / square
        for point in points
    ]
    levels = range(int(domain.last_level) + 1)
    zonal = np.array([[float(domain.zonal(k, x)) for x in cosines] for k in levels])
    half = (1 - np.array([float(x) for x in cosines])) / 2
    measure = np.full(len(points), 1 / len(points))
    counts = np.array([float(domain.multiplicity(k)) for k in levels])
    return LevelTransform(half, zonal * measure, measure, counts, complete=True)


def _of_cube(domain: Domain) -> LevelTransform:
    """Krawtchouk polynomials by their recursion in the level, scaled to 1 at 0."""
    d = int(domain.ambient)
    m = np.arange(d + 1.0)
    rows = [np.ones(d + 1), 1 - 2 * m / d]
    for k in range(1, d):
        rows.append(((d - 2 * m) * rows[k] - k * rows[k - 1]) / (d - k))
    counts = np.array([float(comb(d, k)) for k in range(d + 1)])
    measure = counts / counts.sum()
    weights = np.array(rows[: d + 1]) * measure
    return LevelTransform(m / d, weights, measure, counts, complete=True)


def _of_points(domain: Domain) -> LevelTransform:
    points = int(domain.size)
    top, j = points // 2, np.arange(points)
    half = np.sin(np.pi * j / points) ** 2
    turns = np.outer(np.arange(top + 1), j) % points
    weights = np.cos(2 * np.pi * turns / points) / points
    counts = np.full(top + 1, 2.0)
    counts[0] = 1.0
    if points % 2 == 0:
        counts[-1] = 1.0
    measure = np.full(points, 1 / points)
    return LevelTransform(half, weights, measure, counts, complete=True)


def _of_sphere(domain: Domain) -> LevelTransform:
    """Gauss–Legendre nodes in the angle, where kernels of nets are smooth."""
    d = int(domain.ambient)
    x, w = roots_legendre(NODES)
    theta = (x + 1) * np.pi / 2
    measure = w * np.sin(theta) ** (d - 2)
    measure /= measure.sum()
    theta = np.concatenate([[0.0], theta])
    measure = np.concatenate([[0.0], measure])
    cosine, levels = np.cos(theta), np.arange(TOP + 1)[:, None]
    alpha = d / 2 - 1
    if alpha == 0:
        zonal = eval_chebyt(levels, cosine)
    else:
        zonal = eval_gegenbauer(levels, alpha, cosine)
        zonal = zonal / eval_gegenbauer(levels, alpha, 1.0)
    counts = np.array([float(g) for g in multiplicities(d, TOP)])
    half = np.sin(theta / 2) ** 2
    return LevelTransform(half, zonal * measure, measure, counts, complete=False)


TRANSFORMS: dict[str, Callable[[Domain], LevelTransform]] = {
    "hypercube": _of_cube,
    "circle_points": _of_points,
    "sphere": _of_sphere,
    "circle": _of_sphere,
}
"""Kind of domain → its transform; a finite domain that lists its points needs none."""
