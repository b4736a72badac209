"""An activation and its slope as functions of float64 arrays, from the formula in z."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Lambda

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from theory.activations import z
from theory.activations.functions.given_functions import GivenFunction
from theory.activations.functions.softened import logistic, soft_ramp, softened

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
    program: Program = build(softened(body), LINE)

    def run(x: Floats) -> Floats:
        with np.errstate(over="ignore", under="ignore"):
            found = np.asarray(program({z: x}), dtype=np.float64)
        return np.broadcast_to(found, np.shape(x))

    return run


__all__ = ["LINE", "line_function"]
