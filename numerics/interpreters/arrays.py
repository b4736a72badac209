"""Expressions in float64 arrays (NumPy): whole curves at once.

Axes: whatever the inputs broadcast to; columns such as λ_i have their levels last, and
a Sum over levels reduces that last axis.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce as fold
from typing import Any

import numpy as np
import scipy.special
import sympy
from sympy import Rational

from numerics.interpreters.program import Arithmetic, Program
from theory.activations.angle import angle, sine_lag
from theory.statistics.registry import unbounded

SERIES_BELOW = 1.0
CACHED = 1 << 14
"""Numbers of one array that stay in a cache."""


def float_functions(xp: Any, special: Any) -> dict[type, Callable]:
    """The table of functions that NumPy and JAX share, by their common names."""
    return {
        sympy.exp: xp.exp,
        sympy.log: xp.log,
        sympy.sin: xp.sin,
        sympy.cos: xp.cos,
        sympy.tan: xp.tan,
        sympy.asin: xp.arcsin,
        sympy.acos: xp.arccos,
        sympy.atan: xp.arctan,
        sympy.sinh: xp.sinh,
        sympy.cosh: xp.cosh,
        sympy.tanh: xp.tanh,
        sympy.asinh: xp.arcsinh,
        sympy.atanh: xp.arctanh,
        sympy.erf: special.erf,
        sympy.erfc: special.erfc,
        sympy.Abs: xp.abs,
        sympy.sign: xp.sign,
        sympy.Max: lambda *values: fold(xp.maximum, values),
        sympy.Min: lambda *values: fold(xp.minimum, values),
        unbounded: lambda x: xp.where(xp.asarray(x) > 0, xp.inf, 0.0),
    }


def lag_series(theta: Any) -> Any:
    """Sin θ − θ cos θ = Σ_m (−1)^(m+1) 2m θ^(2m+1)/(2m + 1)!, to rounding for θ ≤ 1."""
    square = theta * theta
    terms = 0.0 * theta
    factorial = 1.0
    coefficients = []
    for m in range(1, 11):
        factorial *= (2 * m) * (2 * m + 1)
        coefficients.append((1 if m % 2 else -1) * 2 * m / factorial)
    for coefficient in reversed(coefficients):
        terms = coefficient + square * terms
    return theta * square * terms


def _angle(u: Any) -> Any:
    """θ, above π/2 as π minus the angle of 1 − u: arcsine is steep near 1."""
    u = np.clip(u, 0.0, 1.0)
    acute = 2 * np.arcsin(np.sqrt(np.minimum(u, 1 - u)))
    return np.where(u <= 0.5, acute, np.pi - acute)


LAG_TERMS = 20
LAG_COEFFICIENTS = [
    float(4 * sympy.rf(Rational(1, 2), k) / sympy.factorial(k))
    / ((2 * k + 1) * (k + 1.5))
    for k in range(LAG_TERMS)
]


def _sine_lag(u: Any, theta: Any = None) -> Any:
    """Sin θ − θ cos θ; below u = 1/8 by its series in u, whose terms are positive."""
    u = np.asarray(u, dtype=np.float64)
    theta = _angle(u) if theta is None else theta
    value = 2 * np.sqrt(np.clip(u * (1 - u), 0.0, None)) - theta * (1 - 2 * u)
    small = u < 0.125
    if np.any(small):
        part = np.clip(u[small], 0.0, None)
        total = LAG_COEFFICIENTS[-1]
        for coefficient in reversed(LAG_COEFFICIENTS[:-1]):
            total = coefficient + part * total
        value = np.array(value)
        value[small] = part * np.sqrt(part) * total
    return value


def _power(base: Any, exponent: Rational) -> Any:
    base = np.asarray(base, dtype=np.float64)
    p, q = exponent.p, exponent.q
    if (p, q) == (-1, 1):
        return 1 / base
    if (p, q) == (2, 1):
        return base * base
    if q == 2 and abs(p) == 1:
        return np.sqrt(base) if p == 1 else 1 / np.sqrt(base)
    return base ** float(exponent)


def _reduce(
    body: Program, columns: Mapping[Any, Any], scalars: Mapping[Any, Any]
) -> Any:
    return np.sum(body({**columns, **_widened(scalars)}), axis=-1)


def _weighted(
    weights: Sequence[Any],
    summands: Callable[[Mapping[Any, Any]], list[Any]],
    columns: Mapping[Any, Any],
    scalars: Mapping[Any, Any],
) -> list[Any]:
    """Sums Σ w f as products of a matrix and a vector, where w has one axis.

    Levels of weight 0 cost nothing: a target has power in few levels. Many problems are
    summed in blocks whose summands stay in a cache.
    """
    load = fold(np.multiply, map(np.asarray, weights)) if weights else None
    if load is None or load.ndim != 1:
        values = summands({**columns, **_widened(scalars)})
        return [np.sum(x if load is None else x * load, axis=-1) for x in values]
    kept = np.flatnonzero(load)
    if 2 * len(kept) < len(load):
        load = load[kept]
        columns = {name: np.asarray(x)[..., kept] for name, x in columns.items()}
    lengths = {np.shape(x) for x in scalars.values()} - {()}
    rows = max(1, CACHED // max(1, len(load)))
    if len(lengths) != 1 or len(shape := lengths.pop()) != 1 or shape[0] <= rows:
        return _products(load, summands({**columns, **_widened(scalars)}))
    parts = []
    for start in range(0, shape[0], rows):
        run = {
            name: np.asarray(x)[start : start + rows] if np.ndim(x) else x
            for name, x in scalars.items()
        }
        parts.append(_products(load, summands({**columns, **_widened(run)})))
    return [
        np.concatenate(x) if np.ndim(x[0]) else x[0] for x in zip(*parts, strict=True)
    ]


def _products(load: Any, summands: list[Any]) -> list[Any]:
    found = []
    for x in summands:
        values = np.asarray(x)
        fits = values.ndim and values.shape[-1] == len(load)
        if fits and np.iscomplexobj(values):
            # BLAS starts threads for complex blocks as small as these, at a high price
            found.append(np.einsum("...k,k->...", values, load))
        else:
            found.append(values @ load if fits else np.sum(values * load, axis=-1))
    return found


def _widened(scalars: Mapping[Any, Any]) -> dict[Any, Any]:
    return {name: np.asarray(value)[..., None] for name, value in scalars.items()}


def _add(terms: Sequence[Any]) -> Any:
    return fold(np.add, terms)


def _multiply(factors: Sequence[Any]) -> Any:
    return fold(np.multiply, factors)


ARRAYS = Arithmetic(
    name="float64 arrays",
    number=lambda number: float(number),
    constants={
        sympy.pi: lambda: np.pi,
        sympy.E: lambda: np.e,
        sympy.EulerGamma: lambda: np.euler_gamma,
    },
    add=_add,
    multiply=_multiply,
    power=_power,
    general_power=np.power,
    functions=float_functions(np, scipy.special)
    | {
        sympy.gamma: scipy.special.gamma,
        sympy.besseli: scipy.special.iv,
        sympy.besselj: scipy.special.jv,
        angle: _angle,
        sine_lag: _sine_lag,
    },
    reduce=_reduce,
    weighted=_weighted,
)
