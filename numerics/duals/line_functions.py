"""An activation and its slope as functions of float64 arrays, from the formula in z."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Lambda, Piecewise

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from theory.activations import z
from theory.activations.functions.given_functions import GivenFunction
from theory.activations.functions.softened import (
    exp_less_one,
    log_from_one,
    logistic,
    soft_ramp,
    softened,
)

Floats = NDArray[np.float64]


def _given(e: Any) -> Callable[[Any], Any]:
    return lambda x: np.asarray(type(e).values(np.asarray(x)), dtype=np.float64)


LINE = replace(
    ARRAYS,
    name="float64 activations",
    functions=dict(ARRAYS.functions)
    | {
        sympy.Heaviside: lambda x, at_zero: np.heaviside(x, at_zero),
        soft_ramp: lambda x: np.logaddexp(0.0, x),
        exp_less_one: np.expm1,
        log_from_one: np.log1p,
        logistic: lambda x: 0.5 + 0.5 * np.tanh(0.5 * np.asarray(x)),
    },
)


@lru_cache(maxsize=256)
def line_function(phi: Lambda) -> Callable[[Floats], Floats]:
    """φ as a function of an array of any shape.

    Examples
    --------
    >>> from sympy import tanh
    >>> line_function(Lambda(z, tanh(z)))(np.array([0.0, 1.0])).round(6)
    array([0.      , 0.761594])
    """
    body = phi(z)
    if isinstance(body, GivenFunction):
        return _given(body)
    if body.has(Piecewise):
        plain: Callable[[Any], Any] = sympy.lambdify(z, body, "numpy")
    else:
        program: Program = build(softened(body), LINE)
        plain = lambda x: program({z: x})

    def run(x: Floats) -> Floats:
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            found = np.asarray(plain(x), dtype=np.float64)
        return np.broadcast_to(found, np.shape(x))

    return run


def line_noise(phi: Lambda, scale: float) -> float:
    """How far float64 is from φ at some points, over its root mean square there.

    Formulas that cancel, as √(1 + z²) − 1 at small z, lose digits that no quadrature
    gives back. Functions given as code are taken to be right to rounding.

    Examples
    --------
    >>> from sympy import sqrt
    >>> phi = Lambda(z, sqrt(1 + z**2) - 1)
    >>> line_noise(phi, 1.0) < 1e-15, line_noise(phi, 1e-5) > 1e-7
    (True, True)
    """
    body = phi(z)
    if body.has(GivenFunction):
        return 0.0
    x = scale * _PROBED
    run = sympy.lambdify(z, body, "mpmath")
    with mpmath.workdps(40):
        try:
            exact = [mpmath.mpf(run(mpmath.mpf(float(v)))) for v in x]
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return 0.0
        found = line_function(phi)(x)
        off = [
            float(a - mpmath.mpf(float(b))) for a, b in zip(exact, found, strict=True)
        ]
        size = float(mpmath.sqrt(sum(v * v for v in exact) / len(exact)))
    return float(np.sqrt(np.mean(np.square(off)))) / size if size else 0.0


_PROBED = np.array([-2.9, -1.7, -1.1, -0.6, -0.2, 0.1, 0.45, 0.9, 1.3, 2.3])

__all__ = ["LINE", "line_function", "line_noise"]
