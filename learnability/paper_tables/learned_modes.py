"""C and the learnability of a mode of each level: all that a conserved sum needs.

Statistics of errors are not asked for, so there is an answer also where they have none,
far down a spectrum that falls faster than every power.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from numerics import Ball, Spectrum, constant, working_precision
from numerics.interpreters.balls import BALLS
from numerics.interpreters.program import Program, build
from numerics.numbers.ball import ball_of
from numerics.numbers.precision import bits_for
from theory import formulas, notation

GUARD = 6


@lru_cache(maxsize=1)
def _formula() -> Program:
    return build(formulas["learnability"].lhs, BALLS)


def learned_modes(
    s: Spectrum, levels: Sequence[int], n: Any, ridge: Any = 0, digits: int = 30
) -> tuple[Ball, dict[int, Ball]]:
    """C, and level → learnability of one mode of it, each enclosed.

    Parameters
    ----------
    s
        The spectrum.
    levels
        Which levels.
    n, ridge
        Exact numbers.
    digits
        Proved digits.

    Examples
    --------
    >>> c, learned = learned_modes(Spectrum.from_levels([(1, 3)]), [0], 1)
    >>> learned[0].contains("1/3")
    True
    """
    s = s.refine(digits + GUARD + 2)
    c = constant(s, n, ridge, digits + GUARD)
    bits = bits_for(digits + GUARD) + 64
    found = {}
    with working_precision(bits):
        for k in levels:
            value = s.level(k).eigenvalue
            if value.sign == 0:
                found[k] = Ball.exact(0)
                continue
            if c.sign == 0:
                # at n = N without a ridge every mode is learned
                found[k] = Ball.exact(1)
                continue
            if c.is_infinite:
                found[k] = Ball.exact(0)
                continue
            at = {notation.lam[notation.i]: value.at(bits), notation.C: c.at(bits)}
            found[k] = ball_of(_formula()(at), "theory's formula in ball arithmetic")
    return c, found
