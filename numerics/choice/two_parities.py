"""Errors from distinct points of a domain with antipodes, for many kernels at once.

The two constants are a fixed point of a map that rises in both and shrinks distances of
their logarithms; it is iterated from above, and Newton's method ends it. Pairs of
antipodes enter by their law, or by their mean number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from numerics.statistics.questions.class_law import antipodal
from theory import NoConvergence, notation
from theory.chain import Chain
from theory.choice import parities as letters
from theory.domains import Domain

Floats = NDArray[np.float64]
MOST_STEPS = 400
PLAIN = 25
"""Plain steps before Newton's method is tried."""
DIFFERENCE = 1e-6
LONGEST = 4.0
CREEPS = 0.02
LEAST = 1e-290
TINY = 1e-13
"""Of the trace: stands for no ridge."""
ROUGH = 1e-5
SPAN = (1e-7, 1e3)
"""Ridges that are tried, in units of the kernel's trace."""
LIKELY = 1e-7
"""Numbers of pairs that are less likely than this are left out."""


@lru_cache(maxsize=1)
def _programs() -> tuple[Program, Program]:
    """What follows from the constants: both sides, then both errors."""
    swap = lambda e: e.xreplace(letters.SWAP)
    pair_odd = letters.pair.func("kappa_odd", positive=True)
    odd = {letters.pair: pair_odd}
    both = [
        (letters.z_even, letters.learned.rhs),
        (letters.z_odd, swap(letters.learned.rhs)),
        (letters.single, letters.single_variance.rhs),
        (letters.pair, letters.pair_variance.rhs),
        (pair_odd, swap(letters.pair_variance.rhs)),
    ]
    even_side = letters.equation.rhs
    results = [
        (_NEXT[0], 1 / even_side),
        (_NEXT[1], 1 / even_side.xreplace(odd)),
    ]
    errors = [
        (_NEXT[0], letters.error.rhs),
        (_NEXT[1], swap(letters.error.rhs).xreplace(odd)),
    ]
    chain = lambda rows: Chain((*both, *rows), _NEXT[1])
    return build(chain(results), ARRAYS), build(chain(errors), ARRAYS)


_NEXT = tuple(letters.C_even.func(f"{x}_next", positive=True) for x in ("even", "odd"))


@dataclass(frozen=True)
class TwoParities:
    """Problems of one n on a finite domain with antipodes.

    Attributes
    ----------
    lam
        Eigenvalues, shape [problem, level].
    g, power
        Multiplicities and powers, shape [level].
    signs
        1 for even levels, −1 for odd ones, shape [level].
    n, points
        Distinct training points, of M.
    noise
        σ².
    """

    lam: Floats
    g: Floats
    power: Floats
    signs: Any
    n: int
    points: int
    noise: float = 0.0

    def at(self, ridge: Floats, tolerance: float = 1e-11) -> tuple[Floats, Floats]:
        """The error, and modes learned of each level's mode, in the mean over pairs.

        Parameters
        ----------
        ridge
            δ of every problem.
        tolerance
            Of the constants, relative.

        Returns
        -------
        tuple
            Test MSE with noise, [problem], and L of every level, [problem, level].
        """
        law = [x for x in antipodal(self.points, self.n) if x.chance > LIKELY]
        chance = np.array([float(x.chance) for x in law])
        pairs = np.array([float(self.n - x.count) for x in law])
        size, many = len(self.lam), len(law)
        every = replace(self, lam=np.repeat(self.lam, many, axis=0))
        deltas, counts = np.repeat(ridge, many), np.tile(pairs, size)
        constants = every.constants(deltas, counts, None, tolerance)
        weight = chance / chance.sum()
        error = every.errors(deltas, counts, constants).reshape(size, many) @ weight
        own = np.where(self.signs > 0, constants[0][:, None], constants[1][:, None])
        learned = every.lam / (every.lam + own)
        return error, np.einsum("pml,m->pl", learned.reshape(size, many, -1), weight)

    def constants(
        self, ridge: Floats, pairs: Any, start: Any = None, tolerance: float = 1e-6
    ) -> tuple[Floats, Floats]:
        """C of even and of odd levels, [problem].

        Raises
        ------
        NoConvergence
            When there is no fixed point within float64, as with fewer modes than points.
        """
        mass = np.sum(self.lam * self.g, axis=1)
        even, odd = start or ((mass + ridge) / max(self.n, 1),) * 2
        x = np.log(np.stack([even, odd]))
        left = np.arange(len(self.lam))
        at, rest = self._values(ridge, pairs), self._ridge(ridge)
        gap = np.zeros(1)
        for count in range(MOST_STEPS):
            after = self._step(at, rest, left, x[:, left])
            gap = after - x[:, left]
            if count >= PLAIN:
                newton = x[:, left] + self._newton(at, rest, left, x[:, left], gap)
                better = self._step(at, rest, left, newton) - newton
                good = np.abs(better).max(0) < np.abs(gap).max(0)
                after = np.where(good, newton, after)
                gap = np.where(good, better, gap)
            x[:, left] = after
            left = left[np.abs(gap).max(0) > tolerance]
            if not len(left):
                return np.exp(x[0]), np.exp(x[1])
        if float(np.abs(gap).max()) < CREEPS:  # all is learned, and C creeps to 0
            return np.exp(x[0]), np.exp(x[1])
        raise NoConvergence(
            f"constants of both parities at n = {self.n} after {MOST_STEPS} steps"
        )

    def _step(self, at: dict[Any, Any], rest: Floats, rows: Any, x: Floats) -> Floats:
        """The map whose fixed point the constants are, in logarithms, [2, row]."""
        some = {
            letters.C_even: np.exp(x[0])[:, None],
            letters.C_odd: np.exp(x[1])[:, None],
            notation.lam: self.lam[rows, None],
            notation.ridge: rest[rows, None],
        }
        for name in (letters.singles, letters.pairs):
            if len(at[name]) > 1:
                some[name] = at[name][rows]
        with np.errstate(all="ignore"):
            found = _programs()[0].bound(at | some)
        both = np.stack(
            [np.broadcast_to(found[y], (len(rows), 1))[:, 0] for y in _NEXT]
        )
        return np.log(np.where(both > LEAST, both, LEAST))

    def _newton(self, at, rest, rows, x: Floats, gap: Floats) -> Floats:
        """A step of Newton's method, where plain steps have become short."""
        columns = []
        for k in range(2):
            moved = x.copy()
            moved[k] += DIFFERENCE
            columns.append((self._step(at, rest, rows, moved) - x - gap) / DIFFERENCE)
        slopes = np.eye(2) - np.moveaxis(np.array(columns), -1, 0).transpose(0, 2, 1)
        sound = np.abs(np.linalg.det(slopes)) > 1e-14
        slopes = np.where(sound[:, None, None], slopes, np.eye(2))
        found = np.linalg.solve(slopes, gap.T[..., None])[..., 0].T
        return np.clip(found, -LONGEST, LONGEST).astype(np.float64)

    def _ridge(self, ridge: Floats) -> Floats:
        """The ridge, or one far below all that matters: what no pair sees stays finite."""
        return np.maximum(ridge, TINY * np.sum(self.lam * self.g, axis=1))

    def errors(self, ridge: Floats, pairs: Any, constants: Any) -> Floats:
        """The test MSE at constants, from the linear system of both parities' errors."""
        _, program = _programs()
        at = self._values(ridge, pairs)
        at |= {
            letters.C_even: constants[0][:, None],
            letters.C_odd: constants[1][:, None],
        }

        def sides(even: float, odd: float) -> Floats:
            with np.errstate(all="ignore"):
                found = program.bound(at | {letters.e_even: even, letters.e_odd: odd})
            shape = len(self.lam), 1
            return np.stack([np.broadcast_to(found[x], shape)[:, 0] for x in _NEXT])

        rest = sides(0.0, 0.0)
        matrix = np.stack([sides(1.0, 0.0) - rest, sides(0.0, 1.0) - rest], axis=-1)
        matrix = np.eye(2) - np.moveaxis(matrix, 1, 0)
        right = rest.T
        good: Any = np.isfinite(matrix).all((1, 2)) & np.isfinite(right).all(1)
        good &= np.abs(np.linalg.det(np.where(good[:, None, None], matrix, 1.0))) > 0
        found = np.full(len(self.lam), np.inf)
        if good.any():
            some: Any = np.linalg.solve(matrix[good], right[good][..., None])[..., 0]
            # a negative error: the system is beyond its pole
            some = np.where((some < 0).any(axis=1), np.inf, some.sum(axis=1))
            found[good] = some + self.noise
        return found

    def _values(self, ridge: Floats, pairs: Any) -> dict[Any, Any]:
        even = self.signs > 0
        return {
            notation.lam: self.lam[:, None],
            letters.g_even: self.g * even,
            letters.g_odd: self.g * ~even,
            letters.power_even: self.power * even,
            letters.power_odd: self.power * ~even,
            letters.singles: self.n - 2 * np.reshape(pairs, (-1, 1)),
            letters.pairs: np.reshape(pairs, (-1, 1)),
            notation.points: float(self.points),
            notation.ridge: self._ridge(ridge)[:, None],
            notation.noise: self.noise,
        }

    def best(self, nodes: int) -> tuple[Floats, Floats]:
        """Ridge δ ≥ 0 and error where that is least, at the mean number of pairs.

        From δ = ∞ down, each node starts where the last one ended; a parabola through
        the best three gives the ridge, to a few per cent.
        """
        pairs = self.n * (self.n - 1) / 2 / (self.points - 1)
        scale = np.sum(self.lam * self.g, axis=1)
        grid = np.append(np.geomspace(*SPAN, nodes)[::-1], 0.0)
        nothing = float(self.power.sum()) + self.noise
        errors, start = [], None
        for x in grid:
            start = self.constants(scale * x, pairs, start, ROUGH)
            errors.append(self.errors(scale * x, pairs, start))
        table = np.array(errors)
        table = np.where(np.isnan(table), np.inf, table)
        at = np.argmin(table[:-1], axis=0)
        span = np.log(grid[0] / grid[-2]) / (nodes - 1)
        inner, rows = np.clip(at, 1, nodes - 2), np.arange(len(at))
        low, own, high = (table[inner + k, rows] for k in (-1, 0, 1))
        with np.errstate(all="ignore"):  # the vertex of a parabola through three nodes
            shift = (low - high) / (2 * (low + high - 2 * own))
        shift = np.where(np.isfinite(shift), np.clip(shift, -1, 1), 0.0)
        delta = scale * np.exp(np.log(grid[inner]) - shift * span)
        least = self.errors(delta, pairs, self.constants(delta, pairs, None, ROUGH))
        node = table[at, rows]
        delta = np.where(least < node, delta, scale * grid[at])
        least = np.minimum(least, node)
        zero = ~(least < table[-1])
        delta, least = np.where(zero, 0.0, delta), np.where(zero, table[-1], least)
        lost = ~(least < nothing)
        return np.where(lost, np.inf, delta), np.where(lost, nothing, least)


def signs_of(domain: Domain, levels: Sequence[int]) -> Any:
    """1 for even levels and −1 for odd ones."""
    return np.array([int(domain.zonal(int(k), -1)) for k in levels])
