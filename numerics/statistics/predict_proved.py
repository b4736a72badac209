"""Predictions as balls: precision is raised until every statistic has its digits."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from flint import fmpq
from sympy import Rational

from numerics.implicit_equation.proved_solver import constant
from numerics.interpreters.balls import BALLS, rational
from numerics.interpreters.program import Program, build
from numerics.numbers.ball import Ball, ball_of
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra import refinement
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.limits import is_limit, limits
from numerics.statistics.prediction import STATISTICS
from theory import NoConvergence, formulas, notation
from theory import statistics as theory_statistics

MAX_RAISES = 6
METHOD = "theory's formula in ball arithmetic"
Powers = Mapping[int, Rational]

_learnability = build(formulas["learnability"].lhs, BALLS)
_susceptibility = build(formulas["susceptibility"].rhs, BALLS)
_test_mse = build(formulas["test_mse"].rhs, BALLS)
_train_mse = build(formulas["train_mse"].rhs, BALLS)
SYMBOLS = {
    "E0": notation.overfitting,
    "target_learnability": notation.target_learnability,
    "bias": notation.bias,
    "variance": notation.variance,
    "test_mse": notation.test_mse,
    "train_mse": notation.train_mse,
}
_closure = build(notation.test_mse - notation.bias - notation.noise, BALLS)
"""Variance is what bias and label noise leave of the test MSE."""


@lru_cache(maxsize=1)
def _programs() -> dict[str, Program]:
    return {
        name: build(theory_statistics.chain(formula), BALLS)
        for name, formula in STATISTICS.items()
    }


def proved_columns(
    s: Spectrum,
    powers: Powers,
    grid: Mapping[str, Any],
    digits: int,
    progress: Callable[[int, int, str], None] | None = None,
) -> dict[str, list[Any]]:
    """All statistics as columns of Balls, case by case.

    Parameters
    ----------
    powers
        Level → power of the target.
    grid
        ``n``, ``ridge`` and ``noise`` as object arrays of rationals, broadcast.
    progress
        Called with (cases done, cases, what).

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
    for done, (size, delta, sigma2) in enumerate(cases):
        if progress is not None:
            progress(done, grid["n"].size, f"n = {size}")
        if is_limit(s, size, delta):
            row = limits(s, powers, size, delta, sigma2)
        else:
            row = _proved(s, powers, size, delta, sigma2, digits)
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return columns


def _proved(s: Spectrum, powers, size, delta, sigma2, digits: int) -> dict[str, Ball]:
    """All statistics of one case; precision and levels grow until each has its digits."""
    row: dict[str, Ball] = {}
    s = refinement.completed(s)
    for guard in range(4, 4 + 12 * MAX_RAISES, 12):
        s = s.refine(digits + guard + 2)
        c = constant(s, size, delta, digits + guard)
        while True:
            row = {"C": c} | _statistics(
                s, powers, size, delta, sigma2, c, digits + guard
            )
            if all(ball.digits >= digits for ball in row.values()):
                return row
            sharper = refinement.sharper(s)
            if sharper is None:
                break
            s = sharper
        if s.undecided and guard > 4:  # all bits were spent on the signs already
            break
    weakest = min(row, key=lambda name: row[name].digits)
    msg = (
        f"{weakest} at n = {size}, ridge = {delta} reached {row[weakest].digits:.0f} of "
        f"{digits} digits with {len(s.levels)} levels; give the spectrum more"
    )
    raise NoConvergence(msg)


def _statistics(
    s: Spectrum, powers, size, delta, sigma2, c: Ball, digits: int
) -> dict[str, Ball]:
    bits = bits_for(digits) + 64
    values = {
        notation.lam: s.enclosures(bits),
        notation.g: [fmpq(level.multiplicity) for level in s.levels],
        notation.power: [rational(powers.get(x.index, Rational(0))) for x in s.levels],
        notation.C: c.value,
        notation.n: rational(size),
        notation.ridge: rational(delta),
        notation.noise: rational(sigma2),
    }
    with working_precision(bits):
        if s.is_complete:
            found = {name: run(values) for name, run in _programs().items()}
        else:
            row = proved_statistics(s, values, bits)
            found = {name: row[SYMBOLS[name]] for name in STATISTICS}
        for k in powers:
            at = {
                notation.lam[notation.i]: s.level(k).at(bits),
                notation.C: c.value,
            }
            found[f"L{k}"] = _learnability(at)
        return {name: ball_of(value, METHOD) for name, value in found.items()}


def proved_statistics(s: Spectrum, values: dict[Any, Any], bits: int) -> dict[Any, Any]:
    """The statistics where the spectrum goes on above its listed levels, by symbol.

    The target lives in listed levels, so that the tail enters through E₀ alone.
    """
    levels = _programs()
    susceptibility = _susceptibility(values) + s.tail.slope(values[notation.C], bits)
    found: dict[Any, Any] = {
        notation.overfitting: values[notation.n] / susceptibility,
        notation.bias: levels["bias"](values),
    }
    found[notation.test_mse] = _test_mse(values | found)
    found[notation.variance] = _closure(values | found)
    found[notation.train_mse] = _train_mse(values | found)
    if any(values[notation.power]):
        learned = levels["target_learnability"](values)
        found[notation.target_learnability] = learned
    return found
