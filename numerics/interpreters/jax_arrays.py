"""Expressions in JAX: traced, compiled, batched and differentiated.

The same axes as in NumPy. The angle has an infinite slope in u at t = ±1; there its
derivative is taken along inputs that do not move, so it counts as 0 and no NaN arises.
"""

from collections.abc import Mapping
from functools import reduce as fold
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import sympy
from sympy import Rational

from numerics.interpreters.arrays import SERIES_BELOW, float_functions, lag_series
from numerics.interpreters.program import Arithmetic, Program
from theory.activations.angle import angle, sine_lag


@jax.custom_jvp
def _angle(u: Any) -> Any:
    return 2 * jnp.arcsin(jnp.sqrt(jnp.clip(u, 0.0, 1.0)))


@_angle.defjvp
def _angle_slope(primals, tangents):
    (u,), (du,) = primals, tangents
    inside = (u > 0) & (u < 1)
    safe = jnp.where(inside, u, 0.5)
    slope = jnp.where(inside, 1 / jnp.sqrt(safe * (1 - safe)), 0.0)
    return _angle(u), slope * du


@jax.custom_jvp
def _sine_lag(u: Any) -> Any:
    theta = _angle(u)
    small = theta < SERIES_BELOW
    series = lag_series(jnp.where(small, theta, 0.0))
    return jnp.where(small, series, jnp.sin(theta) - theta * jnp.cos(theta))


@_sine_lag.defjvp
def _sine_lag_slope(primals, tangents):
    (u,), (du,) = primals, tangents
    return _sine_lag(u), 2 * _angle(u) * du


def _power(base: Any, exponent: Rational) -> Any:
    if exponent.q == 1:
        return jnp.asarray(base) ** int(exponent)
    if exponent == Rational(1, 2):
        return jnp.sqrt(base)
    if exponent == Rational(-1, 2):
        return 1 / jnp.sqrt(base)
    return jnp.asarray(base) ** float(exponent)


def _reduce(
    body: Program, columns: Mapping[Any, Any], scalars: Mapping[Any, Any]
) -> Any:
    wide = {name: jnp.asarray(value)[..., None] for name, value in scalars.items()}
    return jnp.sum(body({**columns, **wide}), axis=-1)


TRACED = Arithmetic(
    name="JAX",
    number=lambda number: float(number),
    constants={sympy.pi: lambda: np.pi, sympy.E: lambda: np.e},
    add=lambda terms: fold(jnp.add, terms),
    multiply=lambda factors: fold(jnp.multiply, factors),
    power=_power,
    general_power=jnp.power,
    functions=float_functions(jnp, jax.scipy.special)
    | {angle: _angle, sine_lag: _sine_lag},
    reduce=_reduce,
)
