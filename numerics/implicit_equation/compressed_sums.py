"""Millions of modes as a few hundred: sums over a spectrum by anterpolation in log λ.

Everything the theory sums over modes, L = λ/(λ + C) and its powers, is analytic in
x = log λ for |Im x| < π. On a bin of width 2 in x, interpolation from m Chebyshev nodes
errs like ρ^−m with ρ = π + √(π² + 1) = 6.4, whatever C is; 20 nodes give 10^−16. So
Σ_i g_i f(log λ_i) = Σ_j w_j f(x_j), where the weights w_j come from the Chebyshev moments
of g in the bin, once for all f. Levels are read in blocks that stay in a cache.

A bin with few levels keeps them. Weights of nodes may be negative; sums over whole bins
are positive all the same, so ``anchor`` says for each atom whether its bin lies above C.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

WIDTH = 2.0
NODES = 20
BLOCK = 1 << 13
FROM_LEVELS = 2048
"""Spectra with fewer levels are summed directly."""


@dataclass(frozen=True, slots=True, eq=False)
class Atoms:
    """A spectrum, or what stands for it in sums.

    Attributes
    ----------
    lam, g
        Positive eigenvalues and weights, shape [atom].
    anchor
        The atom counts as above C where its anchor is; λ itself for a level.
    loads
        Further weights on the same atoms, such as a target's powers.
    counted
        Anchors, falling, and Σ g down to each: whole numbers stay whole, where sums of
        an atom's weights would round.
    """

    lam: np.ndarray
    g: np.ndarray
    anchor: np.ndarray
    loads: tuple[np.ndarray, ...]
    counted: tuple[np.ndarray, np.ndarray]

    @classmethod
    def of(
        cls, lam: np.ndarray, g: np.ndarray, loads: tuple[np.ndarray, ...] = ()
    ) -> "Atoms":
        """Every level as an atom of its own.

        Examples
        --------
        >>> Atoms.of(np.array([1.0, 3.0]), np.array([2.0, 5.0])).above(np.array([2.0]))
        array([5.])
        """
        order = np.argsort(-lam, kind="stable")
        return cls(lam, g, lam, loads, (lam[order], np.cumsum(g[order])))

    def above(self, c: np.ndarray) -> np.ndarray:
        """Σ g over the atoms above C."""
        anchors, sums = self.counted
        at = np.searchsorted(-anchors, -c)
        return np.concatenate([[0.0], sums])[at]


def compress(
    lam: np.ndarray,
    g: np.ndarray,
    loads: tuple[np.ndarray, ...] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Atoms:
    """Atoms that have the sums of a spectrum, to about 1e-15 of themselves.

    Parameters
    ----------
    lam, g
        Positive eigenvalues in any order, and multiplicities, shape [level].
    loads
        Further weights of the levels.
    progress
        Called with (levels done, levels, what).

    Returns
    -------
    Atoms
        The levels themselves where there are fewer than 2048.

    Examples
    --------
    >>> lam = np.arange(1.0, 100_001) ** -1.5
    >>> few = compress(lam, np.ones_like(lam))
    >>> len(few.lam) < 400
    True
    >>> c = 1e-4
    >>> exact, short = np.sum(lam / (lam + c)), np.sum(few.g * few.lam / (few.lam + c))
    >>> bool(abs(short / exact - 1) < 1e-14)
    True
    """
    if len(lam) < FROM_LEVELS:
        return Atoms.of(lam, g, loads)
    weights = np.stack([g, *loads])
    falls = bool(np.all(lam[1:] <= lam[:-1]))
    if not falls:
        order = np.argsort(-lam, kind="stable")
        lam, weights = lam[order], weights[:, order]
    x = np.log(lam)
    top = x[0] + 1e-9
    count = int((top - x[-1]) / WIDTH) + 1
    edges = top - WIDTH * np.arange(count + 1)
    cuts = np.searchsorted(-x, -edges)
    cuts[0], cuts[-1] = 0, len(x)
    places, pieces, anchors, totals = [], [], [], []
    for b in range(count):
        start, stop = int(cuts[b]), int(cuts[b + 1])
        if progress is not None:
            progress(start, len(x), "levels")
        if stop - start <= 2 * NODES:
            places.append(lam[start:stop])
            pieces.append(weights[:, start:stop])
            anchors.append(lam[start:stop])
            totals.append((lam[start:stop], weights[0, start:stop]))
            continue
        center = edges[b] - WIDTH / 2
        moments = _moments(x[start:stop] - center, weights[:, start:stop])
        places.append(np.exp(center + _POINTS))
        pieces.append(moments @ _TO_WEIGHTS)
        anchors.append(np.full(NODES, np.exp(center)))
        totals.append((np.exp([center]), weights[:1, start:stop].sum(axis=1)))
    joined = np.concatenate(pieces, axis=1)
    marks, sums = (np.concatenate(x) for x in zip(*totals, strict=True))
    return Atoms(
        np.concatenate(places),
        joined[0],
        np.concatenate(anchors),
        tuple(joined[1:]),
        (marks, np.cumsum(sums)),
    )


def _moments(z: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ w T_k(z) for k < NODES, shape [weight, k].

    2 T_j T_k = T_{j+k} + T_{j−k} gives two moments for each polynomial.
    """
    total = np.zeros((len(weights), NODES))
    for start in range(0, len(z), BLOCK):
        part = z[start : start + BLOCK]
        load = weights[:, start : start + BLOCK]
        before, now, twice = np.ones_like(part), part.copy(), 2 * part
        product = np.empty_like(part)
        for row, one in zip(total, load, strict=True):
            row[0] += one.sum()
            row[1] += one.dot(part)
        for k in range(1, NODES // 2):
            for row, one in zip(total, load, strict=True):
                np.multiply(one, now, out=product)
                row[2 * k] += product.dot(now)
            np.multiply(twice, now, out=product)
            np.subtract(product, before, out=before)
            before, now = now, before
            for row, one in zip(total, load, strict=True):
                np.multiply(one, before, out=product)
                row[2 * k + 1] += product.dot(now)
    total[:, 2:] *= 2
    total[:, 2::2] -= total[:, :1]
    total[:, 3::2] -= total[:, 1:2]
    return total


def _nodes() -> tuple[np.ndarray, np.ndarray]:
    """Chebyshev nodes, and the matrix from moments to weights: ℓ_j in terms of T_k."""
    angles = (np.arange(NODES) + 0.5) * np.pi / NODES
    rows: Any = np.cos(np.outer(np.arange(NODES), angles)) * (2 / NODES)
    rows[0] /= 2
    return np.cos(angles), rows


_POINTS, _TO_WEIGHTS = _nodes()
