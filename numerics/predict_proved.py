"""Predictions as balls: precision is raised until every statistic has its digits."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flint import fmpq
from sympy import Rational

from numerics.ball import Ball, ball_of
from numerics.interpreters.balls import BALLS, rational
from numerics.interpreters.program import Program, build
from numerics.limits import is_limit, limits
from numerics.precision import bits_for, working_precision
from numerics.prediction import STATISTICS
from numerics.solver import constant
from numerics.spectrum import Spectrum
from theory import NoConvergence, formulas, notation
from theory import statistics as theory_statistics

MAX_RAISES = 6
METHOD = "theory's formula in ball arithmetic"
Powers = Mapping[int, Rational]

_learnability = build(formulas["learnability"].lhs, BALLS)


@lru_cache(maxsize=1)
def _programs() -> dict[str, Program]:
    return {
        name: build(theory_statistics.chain(formula), BALLS)
        for name, formula in STATISTICS.items()
    }


def proved_columns(
    s: Spectrum, powers: Powers, grid: Mapping[str, Any], digits: int
) -> dict[str, list[Any]]:
    """All statistics as columns of Balls, case by case.

    Parameters
    ----------
    powers
        Level → power of the target.
    grid
        ``n``, ``ridge`` and ``noise`` as object arrays of rationals, broadcast.

    Raises
    ------
    NoConvergence
        When a statistic does not reach its digits.

    Examples
    --------
    >>> import numpy as np
    >>> grid = {k: np.array([Rational(v)]) for k, v in (("n", 2), ("ridge", 0), ("noise", 0))}
    >>> one = Spectrum.from_levels([(1, 4)])
    >>> proved_columns(one, {0: Rational(1)}, grid, 10)["test_mse"][0].contains("1/2")
    True
    """
    columns: dict[str, list[Any]] = {}
    cases = zip(grid["n"].flat, grid["ridge"].flat, grid["noise"].flat, strict=True)
    for size, delta, sigma2 in cases:
        if is_limit(s, size, delta):
            row = limits(s, powers, size, delta, sigma2)
        else:
            row = _proved(s, powers, size, delta, sigma2, digits)
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return columns


def _proved(s: Spectrum, powers, size, delta, sigma2, digits: int) -> dict[str, Ball]:
    """All statistics of one case, with precision raised until each has its digits."""
    row: dict[str, Ball] = {}
    for guard in range(4, 4 + 12 * MAX_RAISES, 12):
        fine = s.refine(digits + guard + 2)
        c = constant(fine, size, delta, digits + guard)
        with working_precision(bits_for(digits + guard) + 64):
            row = {"C": c} | _statistics(fine, powers, size, delta, sigma2, c)
        if all(ball.digits >= digits for ball in row.values()):
            return row
    weakest = min(row, key=lambda name: row[name].digits)
    msg = (
        f"{weakest} at n = {size}, ridge = {delta} reached {row[weakest].digits:.0f} of "
        f"{digits} digits; give the spectrum more digits"
    )
    raise NoConvergence(msg)


def _statistics(s: Spectrum, powers, size, delta, sigma2, c: Ball) -> dict[str, Ball]:
    bits = bits_for(1000)
    values = {
        notation.lam: [level.eigenvalue.at(bits) for level in s.levels],
        notation.g: [fmpq(level.multiplicity) for level in s.levels],
        notation.power: [rational(powers.get(x.index, Rational(0))) for x in s.levels],
        notation.C: c.value,
        notation.n: rational(size),
        notation.ridge: rational(delta),
        notation.noise: rational(sigma2),
    }
    row = {name: ball_of(run(values), METHOD) for name, run in _programs().items()}
    for k in powers:
        at = {
            notation.lam[notation.i]: s.level(k).eigenvalue.value,
            notation.C: c.value,
        }
        row[f"L{k}"] = ball_of(_learnability(at), METHOD)
    return row
