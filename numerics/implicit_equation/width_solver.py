"""C of random features in float64: learned and spare modes sum to min(n, w).

Both fall strictly with log C. The equation is solved as the kernel's is near a plateau
(``float_solver``): levels above a trial value count as what is not learned, so that two
sums of positive terms are compared. With m = min(n, w) modes and the ridge C r, r the
spare modes, it is the kernel's own equation, and so are its bounds and its errors.
"""

from typing import Any

import numpy as np
from sympy import Symbol

from numerics.implicit_equation.compressed_sums import Atoms
from numerics.implicit_equation.float_solver import (
    BLOCK_BYTES,
    solve_balance,
    solve_constant,
)
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from theory import formulas, notation
from theory.chain import Chain
from theory.random_features.equations import spare

SPARE_SLOPE = Symbol("r_C")
spare_chain = Chain(
    (
        (spare, formulas["spare_modes"].rhs),
        (SPARE_SLOPE, formulas["spare_modes_slope"].rhs),
    ),
    spare,
)
"""The spare modes, and how fast they fall with log C."""
_spare = build(spare_chain, ARRAYS)


def spare_modes(n: Any, width: Any, ridge: Any, c: Any) -> tuple[Any, Any]:
    """The spare modes at a C, and how fast they fall with log C.

    Examples
    --------
    >>> [float(x) for x in spare_modes(4.0, 4.0, 1.0, 4.0)]     # r² = w δ/C
    [1.0, 0.5]
    """
    values = {
        notation.n: n,
        notation.width: width,
        notation.ridge: ridge,
        notation.C: c,
    }
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        found = _spare.bound(values)
    # n = w without ridge: nothing is spare, and 0/0 says nothing
    none = np.asarray(ridge) == 0
    spared, slope = (np.where(none, 0.0, found[x]) for x in (spare, SPARE_SLOPE))
    return spared, slope


def smaller(n: Any, rest: Any, width: Any) -> tuple[Any, Any]:
    """min(n + rest, w) as an unevaluated sum of two floats.

    Examples
    --------
    >>> smaller(np.array([4.0]), np.array([-1e-20]), np.array([4.0]))
    (array([4.]), array([-1.e-20]))
    """
    by_points = (n - width) + rest <= 0
    return np.where(by_points, n, width), np.where(by_points, rest, 0.0)


def solve_width(
    levels: Atoms, n: Any, rest: Any, ridge: Any, width: Any, progress: Any = None
) -> np.ndarray:
    """C for every problem of an array; see ``solve_constant``.

    Parameters
    ----------
    width
        Random features w, shape [problem]; without ridge min(n, w) is below Σ g.

    Raises
    ------
    NoConvergence
        When a root leaves the range of float64.

    Examples
    --------
    >>> one, levels = np.ones(1), Atoms.of(np.ones(1), 4 * np.ones(1))
    >>> solve_width(levels, 3 * one, 0 * one, one / 2, 4 * one)  # z = 4/(1 + C) = 2
    array([1.])
    """
    block = max(16, BLOCK_BYTES // (8 * max(1, len(levels.lam))))
    result = np.empty(len(n))
    for start in range(0, len(n), block):
        part = slice(start, start + block)
        some = (n[part], rest[part], ridge[part], width[part])
        result[part] = _solve_block(levels, *some, progress)
    return result


def _solve_block(levels: Atoms, n, rest, ridge, width, progress) -> np.ndarray:
    size, part = smaller(n, rest, width)
    larger = np.maximum(n + rest, width)
    # r ≥ w δ/(C max(n, w)): the kernel's C at that ridge is a lower bound
    c = solve_constant(levels, size, part, ridge * (width / larger), progress)
    left = np.flatnonzero(ridge > 0)
    if not len(left):
        return c
    low = c * (1 - 1e-9)
    # where learned and spare modes are both at most m/2
    half = size / 2
    high = 2 * float(levels.lam @ levels.g) / size
    high = np.maximum(high, width * ridge / (half * (larger - half))) * (1 + 1e-9)

    def more(active: np.ndarray, at: np.ndarray) -> tuple[Any, Any]:
        total = n[active] + rest[active]
        return spare_modes(total, width[active], ridge[active], at)

    c[left] = solve_balance(levels, size, part, 0 * ridge, c, low, high, left, more)
    return c
