"""Mean and covariance of the learned coefficients."""

from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, fmpq
from sympy import KroneckerDelta

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import BALLS
from numerics.interpreters.program import Program, build
from numerics.numbers.ball import ball_of
from numerics.numbers.precision import working_precision
from numerics.statistics.second_order.setting import (
    Setting,
    ell,
    in_learnabilities,
    program,
    rest,
)
from theory import formulas, notation
from theory.statistics import learned_coefficients as learned

METHOD = "theory's formula in ball arithmetic"


@lru_cache(maxsize=4)
def _covariance(*, same: bool, proved: bool) -> Program:
    e = formulas["coefficient_covariance"].rhs
    e = in_learnabilities(e.subs(KroneckerDelta(notation.i, notation.j), int(same)))
    return build(e, BALLS if proved else ARRAYS)


def coefficient_mean(p: Any) -> np.ndarray:
    """E v̂ of every mode of ``modes``, shape [cases…, mode]."""
    setting = Setting.of(p)
    run = program("coefficient_mean", proved=setting.proved)
    modes = setting.modes
    found = np.empty((int(np.prod(setting.shape)), len(modes)), dtype=object)
    with working_precision(setting.bits):
        for case, place in np.ndindex(found.shape):
            level, number = modes[place]
            learnability = setting.learnability(case, level)
            value = run(
                {
                    ell[notation.i]: learnability,
                    learned.target[notation.i]: setting.amplitude((level, number)),
                }
            )
            found[case, place] = _entry(setting, value)
    return shaped(setting, found, (len(modes),))


def coefficient_covariance(p: Any) -> np.ndarray:
    """Covariances of all pairs of ``modes``, shape [cases…, mode, mode]."""
    setting = Setting.of(p)
    modes, levels = setting.modes, setting.levels
    count = len(modes)
    found = np.empty((int(np.prod(setting.shape)), count, count), dtype=object)
    with working_precision(setting.bits):
        for case in range(len(found)):
            common = setting.case(case)
            both = zip(levels, *setting.learnabilities(case, levels), strict=True)
            known = {k: (L, U) for k, L, U in both}
            for a, b in np.ndindex(count, count):
                values = dict(common)
                for index, mode in ((notation.i, modes[a]), (notation.j, modes[b])):
                    values[ell[index]], values[rest[index]] = known[mode[0]]
                    values[learned.target[index]] = setting.amplitude(mode)
                value = _covariance(same=a == b, proved=setting.proved)(values)
                found[case, a, b] = _entry(setting, value)
    return shaped(setting, found, (count, count))


def _entry(setting: Setting, value: Any) -> Any:
    if not setting.proved:
        return float(value)
    return ball_of(value if isinstance(value, arb | fmpq) else arb(value), METHOD)


def shaped(setting: Setting, found: np.ndarray, last: tuple[int, ...]) -> np.ndarray:
    """Entries by case in the shape of the cases; floats as float64."""
    array = found.reshape(*setting.shape, *last)
    return array if setting.proved else array.astype(np.float64)
