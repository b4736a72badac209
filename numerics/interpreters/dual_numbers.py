"""Ball arithmetic with one derivative: dual numbers x + ẋ ε with ε² = 0.

A function's derivative is SymPy's own, built as a ball program when the table is. Where
an input does not move (ẋ is exactly 0), nothing moves, even where the derivative is
infinite, as that of the angle is at t = ±1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from flint import arb, fmpq
from sympy import Rational, Symbol

from numerics.interpreters.balls import BALLS, as_ball, rational
from numerics.interpreters.program import Arithmetic, Program, build
from theory.activations.angle import angle, sine_lag
from theory.errors import NotEvaluable

Number = fmpq | arb
_x, _order = Symbol("x"), Symbol("nu")


@dataclass(slots=True)
class DualNumber:
    """A number and its derivative, each a rational or a ball."""

    value: Number
    slope: Number


Value = Number | DualNumber


def value_of(x: Value) -> Number:
    """The number itself."""
    return x.value if isinstance(x, DualNumber) else x


def slope_of(x: Value) -> Number:
    """The derivative; 0 for a constant."""
    return x.slope if isinstance(x, DualNumber) else fmpq(0)


def _still(slope: Number) -> bool:
    return isinstance(slope, fmpq) and slope == 0


def _add(terms: Sequence[Value]) -> Value:
    value = BALLS.add([value_of(x) for x in terms])
    if not any(isinstance(x, DualNumber) for x in terms):
        return value
    return DualNumber(value, BALLS.add([slope_of(x) for x in terms]))


def _multiply(factors: Sequence[Value]) -> Value:
    values = [value_of(x) for x in factors]
    value = BALLS.multiply(values)
    moving = [i for i, x in enumerate(factors) if not _still(slope_of(x))]
    if not any(isinstance(x, DualNumber) for x in factors):
        return value
    terms = [
        BALLS.multiply([*values[:i], slope_of(factors[i]), *values[i + 1 :]])
        for i in moving
    ]
    return DualNumber(value, BALLS.add(terms))


def _power(base: Value, exponent: Rational) -> Value:
    value = BALLS.power(value_of(base), exponent)
    if not isinstance(base, DualNumber):
        return value
    if _still(base.slope):
        return DualNumber(value, fmpq(0))
    steep = BALLS.power(base.value, exponent - 1)
    return DualNumber(value, BALLS.multiply([rational(exponent), steep, base.slope]))


def _general_power(base: Value, exponent: Value) -> Value:
    if isinstance(exponent, fmpq):
        return _power(base, Rational(int(exponent.p), int(exponent.q)))
    return FUNCTIONS[sympy.exp](_multiply([FUNCTIONS[sympy.log](base), exponent]))


def _lift(head: type) -> Callable[[Value], Value]:
    function = BALLS.functions[head]
    steepness = build(head(_x).diff(_x), BALLS)

    def operation(x: Value) -> Value:
        value = function(value_of(x))
        if not isinstance(x, DualNumber):
            return value
        if _still(x.slope):
            return DualNumber(value, fmpq(0))
        steep = steepness(dict.fromkeys(steepness.inputs, x.value))
        return DualNumber(value, BALLS.multiply([steep, x.slope]))

    return operation


def _sine_lag(x: Value) -> Value:
    """Sin θ − θ cos θ, whose slope 2θ u̇ is finite at both ends."""
    value = BALLS.functions[sine_lag](value_of(x))
    if not isinstance(x, DualNumber):
        return value
    steep = BALLS.multiply([fmpq(2), BALLS.functions[angle](x.value)])
    return DualNumber(value, BALLS.multiply([steep, x.slope]))


def _refuse(head: type) -> Callable[..., Value]:
    def operation(*values: Value) -> Value:
        if any(isinstance(x, DualNumber) and not _still(x.slope) for x in values):
            raise NotEvaluable(f"derivatives of balls: no rule for {head.__name__}")
        return BALLS.functions[head](*map(value_of, values))

    return operation


def _bessel(head: type) -> Callable[[Value, Value], Value]:
    steepness = build(head(_order, _x).diff(_x), BALLS)

    def operation(order: Value, x: Value) -> Value:
        value = BALLS.functions[head](value_of(order), value_of(x))
        if not isinstance(x, DualNumber) or _still(x.slope):
            return value
        steep = steepness({_order: value_of(order), _x: x.value})
        return DualNumber(value, BALLS.multiply([steep, x.slope]))

    return operation


def _reduce(body: Program, columns: Mapping, scalars: Mapping) -> Value:
    del body, columns, scalars
    raise NotEvaluable(
        "derivatives of balls: sums over levels have no place in a kernel"
    )


SMOOTH = (
    sympy.exp, sympy.log, sympy.sin, sympy.cos, sympy.tan, sympy.asin, sympy.acos,
    sympy.atan, sympy.sinh, sympy.cosh, sympy.tanh, sympy.asinh, sympy.atanh,
    sympy.erf, sympy.erfc, angle,
)  # fmt: skip
KINKED = (sympy.gamma, sympy.Abs, sympy.sign, sympy.Max, sympy.Min)
FUNCTIONS: dict[type, Callable[..., Any]] = (
    {head: _lift(head) for head in SMOOTH}
    | {head: _refuse(head) for head in KINKED}
    | {head: _bessel(head) for head in (sympy.besseli, sympy.besselj)}
    | {sine_lag: _sine_lag}
)

DUALS = Arithmetic(
    name="derivatives of balls",
    number=rational,
    constants=BALLS.constants,
    add=_add,
    multiply=_multiply,
    power=_power,
    general_power=_general_power,
    functions=FUNCTIONS,
    reduce=_reduce,
)


def slope_ball(x: Value) -> arb:
    """The derivative as a ball."""
    return as_ball(slope_of(x))
