"""Ridge and test MSE as functions of C, for many spectra at once.

Along C nothing has to be solved: the ridge that belongs to a C is explicit, and so are
all statistics. Spectra are rows of one array; formulas are those of ``theory``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from theory import formulas, notation
from theory.chain import Chain
from theory.statistics.registry import Equations

Floats = NDArray[np.float64]
HALVINGS = 60
GOLDEN = (5**0.5 - 1) / 2
STEPS = 48
FAR = 1e4
"""Where C is this many times the trace nothing is learned."""
_off_sample = build(formulas["off_sample_mse"].rhs, ARRAYS)


@lru_cache(maxsize=8)
def _program(equations: Equations) -> Program:
    """The ridge of a C, then every statistic at it.

    The balance is linear in the ridge, so that it is solved for it as it stands.
    """
    left = equations.balance.lhs
    without = left.subs(notation.ridge, 0)
    delta = (notation.n - without) / left.diff(notation.ridge)
    chain = equations.chain()
    return build(
        Chain(((notation.ridge, delta), *chain.bindings), chain.result), ARRAYS
    )


@dataclass(frozen=True)
class AlongConstant:
    """Problems of one n that differ in their eigenvalues.

    Attributes
    ----------
    equations
        The equation for C, and the statistics that follow.
    lam
        Eigenvalues, shape [problem, level].
    g
        Multiplicities, shape [level], or of every problem.
    power
        The target's powers, shape [level].
    n, noise
        Numbers.
    points
        M, where the domain is finite and its points are distinct; else ∞.
    held_out
        Whether the error is that on points that were not drawn.
    letters
        Values of further letters that the equations hold.
    """

    equations: Equations
    lam: Floats
    g: Floats
    power: Floats
    n: float
    noise: float = 0.0
    points: float = np.inf
    held_out: bool = False
    letters: Mapping[Any, float] = field(default_factory=dict)

    def __call__(self, c: Floats) -> tuple[Floats, Floats]:
        """Ridge and error at constants, both shape [problem, constant]."""
        at = {
            notation.lam: self.lam[:, None, :],
            notation.g: self.g if self.g.ndim == 1 else self.g[:, None, :],
            notation.power: self.power,
            notation.C: c,
            notation.n: self.n,
            notation.noise: self.noise,
            notation.points: self.points,
            **self.letters,
        }
        with np.errstate(all="ignore"):
            found = _program(self.equations).bound(at)
        error = np.broadcast_to(found[notation.test_mse], c.shape)
        if self.held_out:
            both = {x: found[x] for x in (notation.test_mse, notation.train_mse)}
            counts = {notation.points: self.points, notation.n: self.n}
            error = np.broadcast_to(_off_sample(both | counts), c.shape)
        return np.broadcast_to(found[notation.ridge], c.shape), error

    @property
    def scale(self) -> Floats:
        """Σ g λ of every problem."""
        return np.sum(self.lam * self.g, axis=1)

    @property
    def without_ridge(self) -> Floats:
        """C at δ = 0, shape [problem]; 0 where there are at most n modes."""
        modes = np.sum((self.lam > 0) * self.g, axis=1)
        high = np.log(self.scale / self.n)
        least = np.where(self.lam > 0, self.lam, np.inf).min(axis=1)
        low = np.log(least) + np.log(np.maximum(modes - self.n, 1e-9) / self.n) - 1.0
        low = np.minimum(low, high - 1.0)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            c = np.exp(middle)[:, None]
            learned = np.sum(self.lam / (self.lam + c) * self.g, axis=1)
            low = np.where(learned > self.n, middle, low)
            high = np.where(learned > self.n, high, middle)
        return np.where(modes > self.n, np.exp(high), 0.0)

    def best(self, nodes: int) -> tuple[Floats, Floats]:
        """Ridge δ ≥ 0 and error where that is least, from a grid in log C, [problem].

        The best node of the grid is refined; δ = 0 and δ = ∞ compete with it.
        """
        start = self.without_ridge
        positive = np.where(self.lam > 0, self.lam, np.inf).min(axis=1)
        low = np.log(np.where(start > 0, start, positive * 1e-9))
        high = np.log(FAR * np.maximum(self.scale, start))
        x = low[:, None] + np.linspace(0, 1, nodes) * (high - low)[:, None]
        ridge, error = self(np.exp(x))
        good = np.isfinite(error) & (error > 0) & (ridge >= -1e-9 * ridge.max())
        error = np.where(good, error, np.inf)
        at = np.argmin(error, axis=1)
        step = (high - low) / (nodes - 1)
        middle = np.take_along_axis(x, at[:, None], 1)[:, 0]
        bounds = np.maximum(middle - step, low), np.minimum(middle + step, high)
        _, delta, least = self.least(*bounds)
        first = error[:, 0]  # at δ = 0
        wins = ~(least < first)
        delta, least = np.where(wins, 0.0, delta), np.where(wins, first, least)
        nothing = float(self.power.sum()) + self.noise
        lost = least > nothing
        return np.where(lost, np.inf, delta), np.where(lost, nothing, least)

    def least(self, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
        """Where the error is least for log C between ``low`` and ``high``, [problem].

        Golden sections: one minimum is found in each bracket.

        Returns
        -------
        tuple
            C, ridge and error, shape [problem].
        """
        a, b = low.copy(), high.copy()
        x, y = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
        at = lambda z: self(np.exp(z)[:, None])[1][:, 0]
        f, h = at(x), at(y)
        for _ in range(STEPS):
            left = f < h
            a, b = np.where(left, a, x), np.where(left, y, b)
            fresh = np.where(left, b - GOLDEN * (b - a), a + GOLDEN * (b - a))
            value = at(fresh)
            x, y = np.where(left, fresh, y), np.where(left, x, fresh)
            f, h = np.where(left, value, h), np.where(left, f, value)
        c = np.exp(np.where(f < h, x, y))
        ridge, error = self(c[:, None])
        return c, ridge[:, 0], error[:, 0]
