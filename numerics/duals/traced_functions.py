"""An activation as a function in JAX, from its formula in z: traced and differentiated."""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import jax
import jax.numpy as jnp
import sympy
from sympy import Expr, Piecewise

from numerics.interpreters.jax_arrays import TRACED
from numerics.interpreters.program import build
from theory.activations import activation, z
from theory.activations.functions.given_functions import GivenFunction
from theory.activations.functions.softened import (
    exp_less_one,
    log_from_one,
    logistic,
    soft_ramp,
    softened,
)
from theory.errors import EngineError


def _largest(a: Any, b: Any) -> Any:
    # where, not maximum, whose slope at a kink would be the mean of both sides
    return jnp.where(a > b, a, b)


LINE = replace(
    TRACED,
    name="activations in JAX",
    functions=dict(TRACED.functions)
    | {
        sympy.Max: lambda *values: reduce(_largest, values),
        sympy.Min: lambda *values: reduce(lambda a, b: jnp.where(a < b, a, b), values),
        sympy.Heaviside: lambda x, at_zero: jnp.where(
            x > 0, 1.0, jnp.where(x < 0, 0.0, at_zero)
        ),
        soft_ramp: jax.nn.softplus,
        exp_less_one: jnp.expm1,
        log_from_one: jnp.log1p,
        logistic: jax.nn.sigmoid,
    },
)


def traced_function(phi: Expr) -> Callable[[Any], Any]:
    """φ as a function of a JAX array.

    Raises
    ------
    NotEvaluable
        When JAX has no operation for some function in φ.

    Examples
    --------
    >>> from sympy import atan
    >>> float(traced_function(atan(z))(jnp.asarray(0.0)))
    0.0
    """
    if isinstance(phi, GivenFunction):
        return type(phi).values
    if phi.has(Piecewise):
        return sympy.lambdify(z, phi, "jax")
    program = build(softened(phi), LINE)
    return lambda x: program({z: x})


def named_function(name: str) -> Callable[[Any], Any]:
    """The function of an activation's name or formula, as text.

    Raises
    ------
    OutOfDomain
        When the text is no activation.

    Examples
    --------
    >>> float(named_function("z*sigmoid(z)")(jnp.asarray(0.0)))
    0.0
    """
    return traced_function(activation(name).expression)


__all__ = ["EngineError", "named_function", "traced_function"]
