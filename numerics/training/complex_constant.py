"""C(s) along a contour of complex ridges, for many n at once.

The nodes are reached one after the other from a real ridge, where C is known: each step
starts from an extrapolation and is finished by Newton's method in log C. For Im s > 0 the
equation has one solution with Im C > 0, so a small residual there decides (the equation is
that of a Stieltjes transform). With random features κ must have Im κ > 0 too: they are two
such equations, one in the other.
"""

from functools import partial
from typing import Any

import numpy as np
from sympy import Symbol

from numerics.implicit_equation.compressed_sums import Atoms
from numerics.implicit_equation.width_solver import solve_width
from numerics.interpreters.complex_arrays import COMPLEX_ARRAYS
from numerics.interpreters.program import build
from theory import NoConvergence, formulas, notation
from theory.chain import Chain
from theory.random_features import equations as features
from theory.random_features import training as of_width
from theory.statistics import finite_population

EPS = float(np.finfo(np.float64).eps)
MAX_STEPS = 60
CLOSE = 3e-5
"""After a step this small one more, quadratic, reaches rounding."""

_F, _CHI, _SHARE = Symbol("F"), Symbol("chi"), Symbol("share")
_side = build(
    Chain(
        (
            (_F, formulas["implicit_equation"].lhs),
            (_CHI, formulas["susceptibility"].rhs),
        ),
        _F,
    ),
    COMPLEX_ARRAYS,
)
_side_distinct = build(
    Chain(
        (
            (_SHARE, finite_population.share),
            (_F, finite_population.balance.lhs),
            (_CHI, _SHARE / finite_population.ridge_slope.rhs),
        ),
        _F,
    ),
    COMPLEX_ARRAYS,
)


_side_width = build(
    Chain(
        (
            (features.learned, features.learned_sum),
            (features.rise, formulas["learned_modes_slope"].rhs),
            (features.kappa, of_width.by_constant.rhs),
            (of_width.kappa_slope, of_width.slope_of_kappa.rhs),
            (_F, features.by_points.lhs),
            # ds/dC = χ/(C/κ), as the shares of the other equations have it
            (_SHARE, notation.C / features.kappa),
            (_CHI, of_width.slope_of_ridge.rhs * _SHARE),
        ),
        _F,
    ),
    COMPLEX_ARRAYS,
)


def constants_along(
    lam: np.ndarray,
    g: np.ndarray,
    n: np.ndarray,
    start: np.ndarray,
    nodes: np.ndarray,
    speed: np.ndarray,
    points: float | None = None,
    width: np.ndarray | None = None,
) -> np.ndarray:
    """C at every node of a contour, for every problem.

    Parameters
    ----------
    lam, g
        Positive eigenvalues and multiplicities, shape [level].
    n
        Training points, shape [problem].
    start
        A real ridge beside the first node, shape [problem].
    nodes
        Complex ridges of the upper half plane, each near the one before, shape
        [problem, node].
    speed
        The derivative of ``nodes`` in the number of the node, same shape.
    points
        M, where the n points are distinct ones of so many; None: the published equation.
    width
        Random features in place of the kernel, shape [problem]; C is then theirs.

    Returns
    -------
    numpy.ndarray
        C, complex, shape [problem, node].

    Raises
    ------
    NoConvergence
        When a node is not reached.

    Examples
    --------
    >>> one, s = np.ones(1), np.array([[1 + 1j, 2j]])   # 4/(1 + C) + s/C = 2 at s = 2i
    >>> c = constants_along(one, 4 * one, 2 * one, one, s, 1j - 1 + 0 * s)[0, 1]
    >>> bool(abs(4 / (1 + c) + 2j / c - 2) < 1e-14)
    True
    """
    result = np.empty(nodes.shape, dtype=np.complex128)
    size = n.astype(np.complex128)
    c = (start + lam @ g) / size
    if width is not None:
        atoms = Atoms.of(lam, g)
        c = solve_width(atoms, n, np.zeros_like(n), start, width).astype(complex)
    solved = partial(_solved, lam, g, size, points, width)
    c, slope = solved(start.astype(np.complex128), c, real=True)
    guess: Any = c * np.exp((nodes[:, 0] - start) / (slope * c))
    before: list[tuple[Any, Any]] = []
    for column in range(nodes.shape[1]):
        good = np.isfinite(guess) & (guess.imag > 0)
        guess = np.where(good, guess, c + 1e-3j * np.abs(c))
        c, slope = solved(nodes[:, column], guess)
        result[:, column] = c
        before = [*before[-2:], (c, speed[:, column] / (slope * c))]
        guess = _extrapolated(before)
    return result


def _extrapolated(nodes: list[tuple[Any, Any]]) -> Any:
    """C at the next node, from C and the slope of log C per node at up to three others.

    Hermite's interpolation of log C, of degree 5, 3 or 1.
    """
    c, turn = nodes[-1]
    if len(nodes) == 1:
        return c * np.exp(turn)
    old, old_turn = nodes[-2]
    if len(nodes) == 2:
        return c * np.exp(5 * np.log(old / c) + 4 * turn + 2 * old_turn)
    oldest, oldest_turn = nodes[-3]
    logs = 10 * np.log(oldest / c) + 9 * np.log(old / c)
    return c * np.exp(logs + 9 * turn + 18 * old_turn + 3 * oldest_turn)


def _solved(
    lam, g, n, points, width, s, c, *, real: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Newton in log C, and ds/dC at the solution."""
    last, slope, off = False, c, c
    known = {notation.lam: lam, notation.g: g, notation.ridge: s}
    if points is not None:
        known[notation.points] = np.full(len(n), points, dtype=np.complex128)
    side = _side if points is None else _side_distinct
    if width is not None:
        known |= {notation.n: n, notation.width: width.astype(np.complex128)}
        side = _side_width
    found: dict = {}
    for _ in range(MAX_STEPS):
        found = side.bound(known | {notation.C: c})
        f, chi = found[_F], found[_CHI]
        off = f - n
        step = off / chi
        slope = chi / found.get(_SHARE, 1.0)
        size = np.abs(step)
        # damped, so that log C turns by less than a right angle at a time
        step = np.where(size > 1, step / np.maximum(size, 1e-300), step)
        c = c * np.exp(step)
        if last:
            break
        last = bool(size.max() < CLOSE)
    else:
        _refuse(n, s, off)
    above = (c.imag > 0) & (np.imag(found.get(features.kappa, c)) > 0)
    if not real and not np.all(above):
        _refuse(n, s, np.where(above, 0, np.inf))
    return c, slope


def _refuse(n: Any, s: Any, off: Any) -> None:
    worst = int(np.argmax(np.nan_to_num(np.abs(off), nan=np.inf)))
    raise NoConvergence(
        f"C at n = {n[worst].real:g} and the complex ridge {s[worst]:.6g} was not reached"
    )
