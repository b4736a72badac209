"""Expressions in complex balls: every value encloses the truth (FLINT's Acb).

Two tables. ``COMPLEX_BALLS`` takes principal branches. ``ANALYTIC_BALLS`` has no finite
value where a branch cut is met, so that a finite value on a box proves that the expression
is analytic there. Call the programs inside ``working_precision``.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import sympy
from flint import acb, arb, fmpq
from sympy import Rational

from numerics.interpreters.balls import BALLS, rational
from numerics.interpreters.program import Arithmetic

Value = acb | fmpq


def as_complex(value: Any) -> acb:
    """A value as a complex ball at the working precision.

    Examples
    --------
    >>> as_complex(fmpq(1, 2))
    0.500000000000000
    """
    return value if isinstance(value, acb) else acb(arb(value))


def _add(terms: Sequence[Value]) -> Value:
    total: Any = fmpq(0)
    for term in terms:
        total = total + term
    return total


def _multiply(factors: Sequence[Value]) -> Value:
    total: Any = fmpq(1)
    for factor in factors:
        total = total * factor
    return total


def _off_cut(x: acb) -> acb:
    """The ball where it is proved to avoid the cut (−∞, 0], else no finite number."""
    off = x.real > 0 or not x.imag.contains(0)
    return x if off else acb(arb("nan"), arb("nan"))


def _powers(branch: Callable[[acb], acb]) -> tuple[Any, Any]:
    def power(base: Any, exponent: Rational) -> Any:
        if exponent.q == 1:
            whole = int(exponent)
            return base**whole if whole >= 0 else 1 / base**-whole
        found = branch(as_complex(base))
        if exponent == Rational(1, 2):
            return found.sqrt()
        return found ** acb(arb(rational(exponent)))

    def general(base: Any, exponent: Any) -> Any:
        if isinstance(exponent, fmpq):
            return power(base, Rational(int(exponent.p), int(exponent.q)))
        if isinstance(base, fmpq) and base > 0:
            return (as_complex(exponent) * arb(base).log()).exp()
        return branch(as_complex(base)) ** as_complex(exponent)

    return power, general


def _table(name: str, branch: Callable[[acb], acb]) -> Arithmetic:
    power, general = _powers(branch)
    entire = {
        sympy.exp: acb.exp,
        sympy.sin: acb.sin,
        sympy.cos: acb.cos,
        sympy.sinh: acb.sinh,
        sympy.cosh: acb.cosh,
        sympy.tanh: acb.tanh,
        sympy.erf: acb.erf,
    }
    functions: dict[Any, Callable[[Any], Any]] = {
        head: (lambda x, function=function: function(as_complex(x)))
        for head, function in entire.items()
    }
    functions[sympy.log] = lambda x: branch(as_complex(x)).log()
    return replace(
        BALLS,
        name=name,
        constants={
            head: (lambda value=value: acb(value()))
            for head, value in BALLS.constants.items()
        },
        add=_add,
        multiply=_multiply,
        power=power,
        general_power=general,
        functions=functions,
        reduce=_reduce,
    )


def _reduce(body: Any, columns: Any, scalars: Any) -> Any:
    """The summand once, with columns as arrays of balls; arrays keep Python's operators."""
    arrays = {name: ball_array(column) for name, column in columns.items()}
    found = np.asarray(body(scalars | arrays), dtype=object)
    rows = len(next(iter(arrays.values())))
    return sum(found.tolist(), fmpq(0)) if found.ndim else rows * found.item()


def ball_array(values: Any) -> np.ndarray:
    """Values as an array of objects, for many levels in one operation."""
    if isinstance(values, np.ndarray):
        return values
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


COMPLEX_BALLS = _table("complex balls", lambda x: x)
ANALYTIC_BALLS = _table("complex balls off branch cuts", _off_cut)
