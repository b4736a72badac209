"""Expressions in complex128 arrays (NumPy): formulas continued off the real axis."""

from dataclasses import replace
from typing import Any

import numpy as np
import sympy
from sympy import Rational

from numerics.interpreters.arrays import ARRAYS


def _power(base: Any, exponent: Rational) -> Any:
    if exponent == -1:
        return 1 / base
    if exponent == 2:
        return base * base
    if exponent.q == 1:
        return base ** int(exponent)
    if exponent == Rational(1, 2):
        return np.emath.sqrt(base)
    return np.emath.power(base, float(exponent))


COMPLEX_ARRAYS = replace(
    ARRAYS,
    name="complex arrays",
    power=_power,
    general_power=np.emath.power,
    functions={
        head: ARRAYS.functions[head]
        for head in (
            sympy.exp,
            sympy.sin,
            sympy.cos,
            sympy.sinh,
            sympy.cosh,
            sympy.tanh,
        )
    }
    | {sympy.log: np.emath.log},
)
"""The functions that are analytic where contours run; others are refused."""
