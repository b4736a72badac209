"""C for whole arrays of n and ridge at once, in float64.

A coarse table of F(C) = Σ g λ/(λ + C) + δ/C brackets every root and starts it; Newton
steps on log F in log C finish it. Where that leaves digits unproved, which E₀ measures
(n has E₀ times as many relative errors in C), the same split balance as in the proved
solver (``numerics.implicit_equation.proved_solver``) is solved: two sums of positive
terms, one over the levels above C and one over those below, so that its logarithm has a
slope of at least 1/2 and a rounding error of the sums enters C at most doubled. n comes
as an unevaluated sum of two floats, so that N − n keeps its digits near n = N.
"""

from typing import Any

import numpy as np
from sympy import Symbol

from numerics.implicit_equation.compressed_sums import Atoms
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from theory import NoConvergence, formulas, notation
from theory.chain import Chain

EPS = float(np.finfo(np.float64).eps)
TINY = float(np.finfo(np.float64).tiny)
RELATIVE_ERROR = 64 * EPS
BLOCK_BYTES = 1 << 25
MAX_STEPS = 300
FEW_STEPS = 6
CLOSE = 1e-9
SETTLED = 8 * EPS
PLAIN_BELOW = 4.0
"""Up to this E₀ the plain equation has digits enough."""
MOST_NODES = 128
LARGEST = 1e300
PLATEAU = 1e-10
"""Relatively, how far a sum over levels may be from n and still hide the root."""
Floats = np.ndarray

_F, _CHI = Symbol("F"), Symbol("chi")


def _with_slope(name: str) -> Program:
    """A side of the equation, and the size of its slope in log C, as one program."""
    side, slope = formulas[name].lhs, formulas["susceptibility"].rhs
    return build(Chain(((_F, side), (_CHI, slope)), _F), ARRAYS)


_learned = _with_slope("implicit_equation")
_unlearned = _with_slope("implicit_complement")


def _both(program: Program, *values: Any) -> tuple[Any, Any]:
    found = program.bound(_values(*values))
    return found[_F], found[_CHI]


def _values(lam: Floats, g: Floats, c: Floats, ridge: Any) -> dict[Any, Any]:
    return {notation.lam: lam, notation.g: g, notation.C: c, notation.ridge: ridge}


def solve_constant(
    levels: Atoms, n: Floats, rest: Floats, ridge: Floats, progress: Any = None
) -> Floats:
    """C for every problem of an array.

    Parameters
    ----------
    levels
        Positive eigenvalues and multiplicities, or a compressed spectrum.
    n, rest
        Training points as the unevaluated sum n + rest, shape [problem]; 0 < n, and
        n + rest below Σ g where there is no ridge.
    ridge
        δ ≥ 0, shape [problem].
    progress
        Called with (problems done, problems, what).

    Returns
    -------
    numpy.ndarray
        C, shape [problem], within a relative error of 64 units of 2^−52.

    Raises
    ------
    NoConvergence
        When a root leaves the range of float64.

    Examples
    --------
    >>> one = np.ones(1)
    >>> solve_constant(Atoms.of(one, 3 * one), 2 * one, 0 * one, 0 * one)
    array([0.5])
    """
    problems = len(n)
    block = max(16, BLOCK_BYTES // (8 * max(1, len(levels.lam))))
    result = np.empty(problems)
    table = _Table(levels)
    for start in range(0, problems, block):
        if progress is not None:
            progress(start, problems, "constants")
        part = slice(start, start + block)
        result[part] = _solve_block(levels, table, n[part], rest[part], ridge[part])
    return result


class _Table:
    """Σ g L on a grid of C that covers the spectrum."""

    def __init__(self, levels: Atoms) -> None:
        least, most = float(levels.lam.min()), float(levels.lam.max())
        span = np.log(most / least) if most / least < np.inf else 1400.0
        count = int(np.clip(2 * span + 8, 16, MOST_NODES))
        low, high = max(least / 16, 1e-290), min(most * 16, 1e290)
        self.c = np.geomspace(low, high, count)
        self.log_c = np.log(self.c)
        found, self.slope = _both(_learned, levels.lam, levels.g, self.c, 0.0)
        self.learned = np.maximum(found, TINY)
        with np.errstate(over="ignore"):
            self.trace = float(levels.lam @ levels.g)

    def start(self, n: Floats, ridge: Floats) -> tuple[Floats, Floats, Floats]:
        """A first C, and bounds of it."""
        # on a plateau rounding hides on which side of the root a node lies
        left = self._falls_to(n * (1 + PLATEAU), ridge)
        right = self._falls_to(n * (1 - PLATEAU), ridge)
        below, above = np.clip(left - 1, 0, None), np.clip(right, None, self._last)
        f_low, f_high = (self.learned[x] + ridge / self.c[x] for x in (below, above))
        most = np.minimum((self.trace + ridge) / n * (1 + 1e-6), LARGEST)
        low = np.where(left > 0, self.c[below], np.maximum(ridge / n, TINY))
        high = np.where(right <= self._last, self.c[above], most)
        inner = self._between(n, ridge, below, above, f_low, f_high)
        outside = (left == 0) | (right > self._last)
        start = np.where(outside, np.where(left == 0, high, most), inner)
        return np.clip(start, low, high), low * (1 - 1e-9), high * (1 + 1e-9)

    def _falls_to(self, n: Floats, ridge: Floats) -> Any:
        """How many nodes of the table have F(C) above n."""
        if not ridge.any():
            return np.searchsorted(-self.learned, -n)
        with np.errstate(over="ignore"):
            ridged = ridge[:, None] / self.c
        return np.sum(self.learned + ridged > n[:, None], axis=1)

    def _between(self, n, ridge, below, above, f_low, f_high) -> Floats:
        """Cubic interpolation of log C in log F, by the slopes at both ends."""
        width = self.log_c[above] - self.log_c[below]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            height = np.log(f_high / f_low)
            s = np.log(n / f_low) / height
            first, last = (
                -f * height / (self.slope[x] + ridge / self.c[x])
                for f, x in ((f_low, below), (f_high, above))
            )
            bend = s * (1 - s)
            share = s * s * (3 - 2 * s) * width + bend * (first * (1 - s) - last * s)
        share = np.where(np.isfinite(share), np.clip(share, 0, width), width / 2)
        return np.exp(self.log_c[below] + share)

    @property
    def _last(self) -> int:
        return len(self.c) - 1


def _solve_block(levels: Atoms, table: _Table, n, rest, ridge) -> Floats:
    c, low, high = table.start(n, ridge)
    done, slope = np.zeros(len(c), dtype=bool), np.zeros_like(c)
    total = n + rest
    for _ in range(FEW_STEPS):
        f, slope = _both(_learned, levels.lam, levels.g, c, ridge)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = np.log(f / total) * f / slope
            after = c * np.exp(step)
        good = (after >= low) & (after <= high)
        c = np.where(good, after, c)
        done = good & (np.abs(step) < CLOSE)
        if np.all(done | ~good):
            break
    slope_enough = slope * PLAIN_BELOW >= total
    left = np.flatnonzero(~(done & slope_enough))
    if len(left):
        c[left] = solve_balance(levels, n, rest, ridge, c, low, high, left)
    return c


def sides(
    levels: Atoms,
    n: Floats,
    rest: Floats,
    ridge: Floats,
    c: Floats,
    more: tuple[Any, Any] = (0.0, 0.0),
):
    """The two positive sums and their joint slope; levels are the last axis.

    ``more`` adds to what is learned: a positive number for each C, and its slope.
    """
    above = levels.anchor > c[..., None]
    gap = (levels.above(c) - n) - rest
    left, falls = _both(_learned, levels.lam, levels.g * ~above, c, ridge)
    right, rises = _both(_unlearned, levels.lam, levels.g * above, c, np.zeros_like(c))
    left, falls = left + more[0], falls + more[1]
    left, right = left + np.maximum(gap, 0.0), right + np.maximum(-gap, 0.0)
    left, right = np.maximum(left, TINY), np.maximum(right, TINY)
    with np.errstate(over="ignore"):
        return left, right, falls / left + rises / right


def unlearned_modes(levels: Atoms, c: Floats) -> tuple[Floats, Floats]:
    """Σ g (1 − L) at every C, and how fast it rises with log C."""
    return _both(_unlearned, levels.lam, levels.g, c, np.zeros_like(c))


def solve_balance(
    levels: Atoms, n, rest, ridge, c, low, high, active, more: Any = None
) -> Floats:
    """The roots of the problems ``active``, from the split balance.

    ``more`` (active, C) → what else is learned, and its slope in log C.
    """
    wanted = active
    for _ in range(MAX_STEPS):
        added = (0.0, 0.0) if more is None else more(active, c[active])
        left, right, slope = sides(
            levels, n[active], rest[active], ridge[active], c[active], added
        )
        # where sums leave float64 the step is no number, and the interval is halved
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            step = np.log(left / right) / slope
        low[active] = np.where(step > 0, c[active], low[active])
        high[active] = np.where(step > 0, high[active], c[active])
        with np.errstate(over="ignore"):
            after = c[active] * np.exp(step)
        inside = (after >= low[active]) & (after <= high[active])
        settled = np.abs(step) <= SETTLED
        middle = np.sqrt(low[active]) * np.sqrt(high[active])
        c[active] = np.where(inside | settled, after, middle)
        stalled = high[active] - low[active] <= 2 * EPS * high[active]
        active = active[~(settled | stalled)]
        if not len(active):
            break
    if len(active) or not np.all(c[wanted] > TINY):
        worst = active[0] if len(active) else wanted[int(np.argmin(c[wanted]))]
        raise NoConvergence(
            f"C at n = {n[worst]:g}, ridge = {ridge[worst]:g} leaves the range of float64; "
            "ask for proved digits instead (digits=15)"
        )
    return c[wanted]
