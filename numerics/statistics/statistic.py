"""Any formula of the theory as a ball, at the constant C of a spectrum.

``predict`` gives the statistics that papers plot. Here every other formula that is written in
their symbols is enclosed too: derivatives of C, covariances of learned coefficients, moments of
exchanged power, or an expression of your own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, fmpq
from sympy import Expr, Indexed, KroneckerDelta, Rational

from numerics.implicit_equation.proved_solver import proved_constant
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import BALLS, rational
from numerics.interpreters.program import build
from numerics.numbers.ball import Ball, ball_of
from numerics.numbers.precision import MOST_DIGITS, bits_for, working_precision
from numerics.spectra import refinement
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.parameter_grid import Grid
from numerics.statistics.predict_floats import float_columns
from numerics.statistics.predict_proved import level_values, with_tail
from numerics.statistics.sharpened_floats import completed, sharpened
from theory import NoConvergence, OutOfDomain, formulas, notation
from theory import statistics as theory_statistics
from theory.numbers import integer, shortened
from theory.numbers import rational as exact_rational
from theory.statistics import learned_coefficients

MAX_RAISES = 6
METHOD = "theory's formula in ball arithmetic"


def statistic(
    formula: str | Expr,
    s: Spectrum,
    n: Any,
    ridge: Any = 0,
    noise: Any = 0,
    target: Mapping[int, Any] | None = None,
    level: int | None = None,
    other: int | None = None,
    digits: int = 30,
) -> Ball:
    """The right side of a formula, enclosed.

    Parameters
    ----------
    formula
        A name in ``formulas``, or an expression in the symbols of ``notation``: C, n, ridge,
        noise, λ_i, g_i, v_i², sums of these over levels, and the statistics E₀, B, E, V, ….
    s, n, ridge, noise
        As for ``predict``, one number each.
    target
        Level → power of the target; empty levels have none.
    level, other
        The levels that stand for the free indices i and j. Where a formula holds a mode's
        coefficient v_i, the mode is the one along the target: v_i is the root of the
        level's power; equal levels are then the same mode.
    digits
        Proved significant digits.

    Raises
    ------
    OutOfDomain
        When the formula is unknown, or a level or a value that it needs is not given.
    Unsupported
        When it sums over the modes of a tail in a way that only C's own sums know.
    NoConvergence
        When the digits could not be reached.

    Examples
    --------
    >>> one = Spectrum.from_levels([(1, 4)])         # dC/dδ = E₀/n, and E₀ = 4/(4 − n)
    >>> statistic("constant_by_ridge", one, 2).contains(1)
    True
    >>> statistic(notation.C * notation.n, one, 2).contains(2)
    True
    >>> where = {"target": {0: 4}, "level": 0}
    >>> statistic("coefficient_covariance", one, 2, **where, other=0).contains("1/2")
    True
    """
    digits = integer(digits, "digits", least=1, most=MOST_DIGITS)
    same = int(level is not None and level == other)
    right = _right_side(formula).subs(KroneckerDelta(notation.i, notation.j), same)
    chain = theory_statistics.chain(right)
    size = exact_rational(n, "n", positive=True)
    exact = {
        notation.n: size,
        notation.ridge: exact_rational(ridge, "ridge", least=0),
        notation.noise: exact_rational(noise, "noise", least=0),
    }
    powers = {
        s.level(integer(k, "target level")).index: exact_rational(
            x, f"power of target level {k}", least=0
        )
        for k, x in (target or {}).items()
    }
    places = {notation.i: level, notation.j: other}
    s = refinement.completed(s)
    found = None
    for guard in range(6, 6 + 14 * MAX_RAISES, 14):
        s = s.refine(digits + guard + 2)
        c = proved_constant(s, size, exact[notation.ridge], digits + guard)
        if c.is_infinite or c.sign == 0:
            raise _no_constant(c, shortened(n))
        found = _evaluated(s, chain, exact, powers, places, c, digits + guard)
        while found.digits < digits and (finer := refinement.refined(s)) is not None:
            s = finer
            c = proved_constant(s, size, exact[notation.ridge], digits + guard)
            found = _evaluated(s, chain, exact, powers, places, c, digits + guard)
        if found.digits >= digits or found.sign == 0:
            return found
    raise NoConvergence(
        f"{formula}: {found.digits if found else 0:.0f} of {digits} digits are proved"
    )


def float_statistic(
    formula: str | Expr,
    s: Spectrum | FloatSpectrum,
    target: Mapping[int, Any],
    n: Any,
    ridge: Any = 0,
    noise: Any = 0,
) -> np.ndarray:
    """The right side of a formula in float64, over arrays of n, ridge and noise.

    C is that of ``predict``; levels that an infinite spectrum does not list count with
    their mean eigenvalue.

    Parameters
    ----------
    formula
        A name in ``formulas``, or an expression, as for ``statistic``.
    s, target, n, ridge, noise
        As for ``predict``: n, ridge and noise are broadcast against each other.

    Raises
    ------
    OutOfDomain
        When the formula is unknown or needs a level; or where C is 0 or infinite.

    Examples
    --------
    >>> one = Spectrum.from_levels([(1, 4)])
    >>> float_statistic(notation.C * notation.n, one, {0: 1}, [2, 3])
    array([2., 1.])
    """
    program = build(theory_statistics.chain(_right_side(formula)), ARRAYS)
    grid = Grid.of(n=n, ridge=ridge, noise=noise)
    case = {notation.n: grid.floats("n") + grid.rest()}
    case |= {notation.ridge: grid.floats("ridge"), notation.noise: grid.floats("noise")}

    def evaluated(fast: FloatSpectrum) -> _Evaluated:
        power = np.zeros(len(fast))
        for k, x in target.items():
            power[fast.position(integer(k, "target level"))] = float(Rational(str(x)))
        _, c, error = float_columns(fast, [power], grid)
        edge = (c == 0) | np.isinf(c)
        if edge.any():
            raise _no_constant(c[edge][0], case[notation.n][edge][0])
        lam, g = fast.at_scale(0)
        power = np.append(power, np.zeros(len(lam) - len(power)))
        values = {notation.lam: lam, notation.g: g, notation.power: power}
        values |= case | {notation.C: c, notation.modes: g[lam > 0].sum()}
        missing = [x for x in program.inputs if x not in values]
        if missing:
            raise OutOfDomain(
                f"the formula needs {missing[0]}, which has no value here"
            )
        found = np.asarray(program({k: values[k] for k in program.inputs}))
        return _Evaluated(np.broadcast_to(found, c.shape).reshape(grid.shape), error)

    return sharpened(completed(s), grid, evaluated).values


@dataclass(frozen=True)
class _Evaluated:
    """Values with the error of C, which longer lists of levels can reduce."""

    values: np.ndarray
    error: np.ndarray
    sharpenable: None = None


def _no_constant(c: Any, n: Any) -> OutOfDomain:
    return OutOfDomain(
        f"C = {c} at n = {n}: formulas are evaluated where C is finite and positive"
    )


def _right_side(formula: str | Expr) -> Expr:
    if isinstance(formula, Expr):
        return formula
    return formulas[formula].rhs


def _evaluated(s: Spectrum, chain, exact, powers, places, c: Ball, digits: int) -> Ball:
    bits = bits_for(digits) + 64
    with working_precision(bits):
        values = level_values(s, powers, exact, c, bits)
        for index, k in places.items():
            if k is not None:
                row = s.level(k)
                values[notation.lam[index]] = row.at(bits)
                values[notation.g[index]] = fmpq(row.multiplicity)
                power = rational(powers.get(row.index, Rational(0)))
                values[notation.power[index]] = power
                # all of a level's power is that of one mode
                values[learned_coefficients.target[index]] = arb(power).sqrt()
        program = build(chain if s.is_complete else with_tail(chain), BALLS)
        for name in program.inputs:
            single = isinstance(name, Indexed) and name not in values
            if single or name not in values:
                raise OutOfDomain(
                    f"the formula needs {name}: give level, other or target, or a number for it"
                )
        return ball_of(program(values), METHOD)
