"""C for whole arrays of n and ridge at once, in float64.

The same split balance as the proved solver (``numerics.solver``): two sums of positive
terms, Newton on the logarithm of their ratio in log C, safeguarded by bisection. Levels
above C have 1 − L ≤ 1/2 and those below L ≤ 1/2, so the ratio's logarithm has a slope of
at least 1/2, and a rounding error of the sums enters C at most doubled. n comes
as an unevaluated sum of two floats, so that N − n keeps its digits near n = N.
"""

from typing import Any

import numpy as np

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from theory import NoConvergence, formulas, notation

EPS = float(np.finfo(np.float64).eps)
RELATIVE_ERROR = 64 * EPS
BLOCK_BYTES = 32 << 20
MAX_STEPS = 300
SETTLED = 8 * EPS
Floats = np.ndarray

_learned = build(formulas["implicit_equation"].lhs, ARRAYS)
_unlearned = build(formulas["implicit_complement"].lhs, ARRAYS)
_slope = build(formulas["susceptibility"].rhs, ARRAYS)


def _values(lam: Floats, g: Floats, c: Floats, ridge: Any) -> dict[Any, Any]:
    return {notation.lam: lam, notation.g: g, notation.C: c, notation.ridge: ridge}


def _sides(lam: Floats, g: Floats, n: Floats, rest: Floats, ridge: Floats, c: Floats):
    """The two positive sums and their slopes; levels are the last axis."""
    above = lam > c[..., None]
    p = np.sum(g * above, axis=-1)
    gap = (p - n) - rest
    low = _values(lam, g * ~above, c, ridge)
    high = _values(lam, g * above, c, np.zeros_like(c))
    left = _learned(low) + np.maximum(gap, 0.0)
    right = _unlearned(high) + np.maximum(-gap, 0.0)
    return left, right, _slope(low) / left + _slope(high) / right


def _bracket(
    lam: Floats, g: Floats, n: Floats, rest: Floats, ridge: Floats
) -> tuple[Floats, Floats]:
    """The trace bound above; below it the ridge's share and λ_m (m − n)/n."""
    high = (np.sum(lam * g) + ridge) / n * (1 + 1e-6)
    order = np.argsort(-lam)
    counts = np.cumsum(g[order])
    low = ridge / n
    for value, count in zip(lam[order], counts, strict=True):
        low = np.maximum(low, value * np.maximum((count - n) - rest, 0.0) / n)
    return np.maximum(low * (1 - 1e-6), np.finfo(np.float64).tiny), high


def solve_constant(
    lam: Floats, g: Floats, n: Floats, rest: Floats, ridge: Floats
) -> Floats:
    """C for every problem of an array.

    Parameters
    ----------
    lam, g
        Positive eigenvalues and multiplicities, shape [level].
    n, rest
        Training points as the unevaluated sum n + rest, shape [problem]; 0 < n, and
        n + rest below Σ g where there is no ridge.
    ridge
        δ ≥ 0, shape [problem].

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
    >>> solve_constant(one, 3 * one, 2 * one, 0 * one, 0 * one)
    array([0.5])
    """
    problems = len(n)
    block = max(1, BLOCK_BYTES // (8 * max(1, len(lam))))
    result = np.empty(problems)
    for start in range(0, problems, block):
        part = slice(start, start + block)
        result[part] = _solve_block(lam, g, n[part], rest[part], ridge[part])
    return result


def _solve_block(lam, g, n, rest, ridge) -> Floats:
    low, high = _bracket(lam, g, n, rest, ridge)
    c = high.copy()
    active = np.arange(len(c))
    for _ in range(MAX_STEPS):
        left, right, slope = _sides(
            lam, g, n[active], rest[active], ridge[active], c[active]
        )
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
    if len(active) or not np.all(c > np.finfo(np.float64).tiny):
        worst = active[0] if len(active) else int(np.argmin(c))
        msg = (
            f"C at n = {n[worst]:g}, ridge = {ridge[worst]:g} leaves the range of float64; "
            "ask for proved digits instead (digits=15)"
        )
        raise NoConvergence(msg)
    return c
