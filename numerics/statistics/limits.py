"""The statistics where C is ∞ or 0: no data, or without ridge at least N points.

Each registered statistic says its limits as formulas; here they are evaluated, as balls
or in float64. At n = 0 nothing is learned. From n = N on every mode with a positive
eigenvalue is: at n = N the errors grow without bound unless neither noise nor power
outside the modes is left, beyond N they are those of least squares.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from flint import fmpq
from sympy import Rational

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import BALLS, as_ball, rational
from numerics.interpreters.program import Arithmetic, Program, build
from numerics.numbers.ball import Ball, ball_of
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.spectrum import Spectrum
from theory import notation
from theory.statistics.registry import Statistic, outside, trace, whole

NONE, ALL, BEYOND = "at_none", "at_all", "beyond"
SAYS = {NONE: "limit n → 0", ALL: "limit n → N", BEYOND: "limit δ → 0⁺, n > N"}
BITS = bits_for(100)


def place_of(
    s: Spectrum, size: Rational, ridge: Rational, width: Any = np.inf
) -> str | None:
    """Which limit a case is, or None where C is finite and positive.

    ``width`` random features that do not span all modes leave C positive.

    Examples
    --------
    >>> one = Spectrum.from_levels([(1, 3)])
    >>> [place_of(one, Rational(n), Rational(0)) for n in (0, 2, 3, 4)]
    ['at_none', None, 'at_all', 'beyond']
    """
    if size == 0:
        return NONE
    if ridge != 0 or size < s.modes or width < s.modes or s.is_open:
        return None
    return ALL if size == s.modes else BEYOND


@lru_cache(maxsize=128)
def _program(row: Statistic, place: str, arithmetic: str) -> Program:
    table: Arithmetic = BALLS if arithmetic == "balls" else ARRAYS
    return build(getattr(row, place), table)


def ball_limits(
    rows: tuple[Statistic, ...],
    place: str,
    s: Spectrum,
    powers: Mapping[int, Rational],
    case: Mapping[Any, Any],
) -> dict[str, Ball]:
    """Every statistic's limit, and C and the learnabilities, as balls.

    ``case`` holds n, ridge and noise as rationals, and M where a formula has it.

    Examples
    --------
    >>> from theory.statistics import STATISTICS
    >>> one, half = Spectrum.from_levels([(1, 3)]), Rational(1, 2)
    >>> case = {notation.n: 4, notation.ridge: 0, notation.noise: half}
    >>> found = ball_limits(STATISTICS.rows(), "beyond", one, {0: Rational(1)}, case)
    >>> str(found["test_mse"]), str(found["E0"])           # σ² n/(n − N)
    ('2', '4')
    """
    says = SAYS[place]
    total = sum((rational(x) for x in powers.values()), fmpq(0))
    lost = fmpq(0)
    for k, power in powers.items():
        lost += rational(power) if s.level(k).eigenvalue.sign == 0 else fmpq(0)
    with working_precision(BITS):
        values = {name: rational(x) for name, x in case.items()}
        values |= {whole: total, outside: lost, trace: _trace(s)}
        if s.modes != np.inf:
            values[notation.modes] = fmpq(int(s.modes))
        found = {"C": as_answer(fmpq(0), says)}
        if place == NONE:
            found["C"] = Ball.infinite(says)
        for row in rows:
            found[row.name] = as_answer(_program(row, place, "balls")(values), says)
    learned = {k for k in powers if s.level(k).eigenvalue.sign != 0 and place != NONE}
    return found | {f"L{k}": Ball.exact(int(k in learned)) for k in powers}


def as_answer(value: Any, says: str) -> Ball:
    """A value as a Ball, which may be ∞."""
    if not isinstance(value, fmpq) and not value.is_finite() and value > 0:
        return Ball.infinite(says)
    return Ball.exact(value, says) if isinstance(value, fmpq) else ball_of(value, says)


def _trace(s: Spectrum) -> Any:
    found = s.tail_mass.at(BITS)
    for level, value in zip(s.levels, s.enclosures(BITS), strict=True):
        found += value * level.multiplicity
    return as_ball(found)


def float_limits(
    rows: tuple[Statistic, ...],
    place: str,
    s: FloatSpectrum,
    power: np.ndarray,
    case: Mapping[Any, np.ndarray],
) -> dict[str, np.ndarray]:
    """Every statistic's limit in float64, over the cases given, shape [case].

    Examples
    --------
    >>> from theory.statistics import STATISTICS
    >>> one = FloatSpectrum.from_arrays([1.0], [3.0])
    >>> case = {notation.n: np.array([4.0]), notation.noise: np.array([0.5])}
    >>> case[notation.ridge] = np.zeros(1)
    >>> float_limits(STATISTICS.rows(), "beyond", one, np.ones(1), case)["test_mse"]
    array([2.])
    """
    mass = float(s.mass.sum()) + s.tail_mass
    ridge = case[notation.ridge]
    values: dict[Any, Any] = {
        **case,
        notation.modes: s.modes,
        whole: float(power.sum()),
        outside: float(power[s.eigenvalues.mantissa == 0].sum()),
        trace: np.where(mass + ridge > 0, mass, 1.0),
    }
    shape = np.shape(case[notation.n])
    return {
        row.name: np.broadcast_to(_program(row, place, "floats")(values), shape)
        for row in rows
    }
