"""Expressions as power series with ball coefficients: Taylor coefficients of a kernel.

Values are rationals, balls, or truncated series; the length is FLINT's ``ctx.cap``, held by
``series_length``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import sympy
from flint import arb, arb_series, ctx, fmpq
from sympy import Rational

from numerics.interpreters.balls import BALLS, DUALS, as_ball, rational
from numerics.interpreters.program import Arithmetic, Program
from numerics.interpreters.series.tanh_series import MAX_MOMENT
from numerics.numbers.precision import working_precision
from theory.activations.angle import angle
from theory.activations.series_duals.softplus_dual import softplus_mean
from theory.activations.series_duals.tanh_dual import sinh_moment
from theory.errors import NotEvaluable

Value = fmpq | arb | arb_series


@contextmanager
def series_length(length: int, bits: int) -> Iterator[None]:
    """Compute with series of ``length`` coefficients at ``bits`` of precision."""
    with working_precision(bits):
        before = ctx.cap
        ctx.cap = length
        try:
            yield
        finally:
            ctx.cap = before


def as_series(value: Value) -> arb_series:
    """The value as a series."""
    if isinstance(value, arb_series):
        return value
    return arb_series([as_ball(value)])


def _add(terms: Sequence[Value]) -> Value:
    moving = [x for x in terms if isinstance(x, arb_series)]
    fixed = BALLS.add([x for x in terms if not isinstance(x, arb_series)])
    if not moving:
        return fixed
    total = moving[0]
    for term in moving[1:]:
        total = total + term
    return total + as_ball(fixed)


def _multiply(factors: Sequence[Value]) -> Value:
    moving = [x for x in factors if isinstance(x, arb_series)]
    fixed = BALLS.multiply([x for x in factors if not isinstance(x, arb_series)])
    if not moving:
        return fixed
    total = moving[0]
    for factor in moving[1:]:
        total = total * factor
    return total * as_ball(fixed)


def _power(base: Value, exponent: Rational) -> Value:
    if not isinstance(base, arb_series):
        return BALLS.power(base, exponent)
    if exponent.q == 2:
        root = base.sqrt() if exponent > 0 else base.rsqrt()
        return _power(root, Rational(abs(exponent.p)))
    if exponent.q != 1:
        return (base.log() * as_ball(rational(exponent))).exp()
    if exponent < 0:
        base = base.inv()
    power, result = abs(int(exponent)), arb_series([1])
    while power:
        if power & 1:
            result = result * base
        power >>= 1
        if power:
            base = base * base
    return result


def _general_power(base: Value, exponent: Value) -> Value:
    if isinstance(exponent, fmpq):
        return _power(base, Rational(int(exponent.p), int(exponent.q)))
    return (as_series(base).log() * as_series(exponent)).exp()


def _lift(head: type, function: Callable[[Any], Any]) -> Callable[[Value], Value]:
    plain = BALLS.functions[head]

    def operation(value: Value) -> Value:
        return function(value) if isinstance(value, arb_series) else plain(value)

    return operation


def _angle(u: arb_series) -> arb_series:
    return (1 - 2 * u).acos()


def _hyperbolic(sign: int) -> Callable[[arb_series], arb_series]:
    def operation(x: arb_series) -> arb_series:
        grow = x.exp()
        return (grow + sign * grow.inv()) / 2

    return operation


def _tanh(x: arb_series) -> arb_series:
    return 1 - 2 * ((2 * x).exp() + 1).inv()


def _asinh(x: arb_series) -> arb_series:
    return (x + (x * x + 1).sqrt()).log()


def _atanh(x: arb_series) -> arb_series:
    return ((1 + x).log() - (1 - x).log()) / 2


def _bessel(head: type, sign: int) -> Callable[[Value, Value], Value]:
    """I_n (sign 1) or J_n (sign −1) of whole order: (x/2)^n/n! Σ (± x²/4)^m/(m! (n + 1)_m).

    Where the absolute coefficients of x²/4 sum to W, no coefficient of term m exceeds
    W^m/(m! (n + 1)_m); terms are taken until that is negligible and halves each time.
    """
    plain = BALLS.functions[head]

    def operation(order: Value, x: Value) -> Value:
        if not isinstance(x, arb_series):
            return plain(order, x)
        if not isinstance(order, fmpq) or order.q != 1:
            raise NotEvaluable("power series: Bessel functions of whole order only")
        n = abs(int(order.p))
        square = x * x * arb(0.25 * sign)
        reach = sum((abs(c) for c in square.coeffs()), arb(0)).upper()
        count, rest = 0, arb(1)
        while not (rest < arb(2) ** -ctx.prec and 2 * reach < (count + 1) ** 2):
            count += 1
            rest = (rest * reach / (count * (count + n))).upper()
        total = arb_series([1])
        for m in range(count - 1, 0, -1):
            total = 1 + square * total / (m * (m + n))
        row = total.coeffs()
        row += [arb(0)] * (min(ctx.cap, x.prec) - len(row))
        total = arb_series([c + arb(0, 2 * rest) for c in row], prec=x.prec)
        flip = -1 if sign < 0 and order < 0 and n % 2 else 1
        return _multiply(
            [_power(x, Rational(n)), total, fmpq(flip) / (2**n * arb.fac_ui(n))]
        )

    return operation


def _refuse(name: str) -> Callable[..., Value]:
    def operation(*values: Value) -> Value:
        if any(isinstance(value, arb_series) for value in values):
            raise NotEvaluable(f"power series: no expansion of {name}")
        return BALLS.functions[getattr(sympy, name)](*values)

    return operation


def _composed(head: type, orders: int | None = None) -> Callable[[Value, Value], Value]:
    """A dual from that many Hermite orders, twice the length of the series by default."""
    plain, (made, _, slope) = BALLS.functions[head], DUALS[head]

    def operation(v: Value, c: Value) -> Value:
        if not isinstance(c, arb_series):
            return plain(v, c)
        if isinstance(v, arb_series):
            raise NotEvaluable(
                f"power series: the variance of {head.__name__} must be a number"
            )
        found = made(as_ball(v), min(orders or 2 * ctx.cap, MAX_MOMENT))
        return (found.slope if slope else found.dual).composed(c)

    return operation


def _reduce(body: Program, columns: Mapping, scalars: Mapping) -> Value:
    del body, columns, scalars
    raise NotEvaluable("power series: sums over levels have no place in a kernel")


SERIES = Arithmetic(
    name="power series",
    number=rational,
    constants=BALLS.constants,
    add=_add,
    multiply=_multiply,
    power=_power,
    general_power=_general_power,
    functions={
        sympy.exp: _lift(sympy.exp, arb_series.exp),
        sympy.log: _lift(sympy.log, arb_series.log),
        sympy.sin: _lift(sympy.sin, arb_series.sin),
        sympy.cos: _lift(sympy.cos, arb_series.cos),
        sympy.tan: _lift(sympy.tan, arb_series.tan),
        sympy.asin: _lift(sympy.asin, arb_series.asin),
        sympy.acos: _lift(sympy.acos, arb_series.acos),
        sympy.atan: _lift(sympy.atan, arb_series.atan),
        sympy.sinh: _lift(sympy.sinh, _hyperbolic(-1)),
        sympy.cosh: _lift(sympy.cosh, _hyperbolic(1)),
        sympy.tanh: _lift(sympy.tanh, _tanh),
        sympy.asinh: _lift(sympy.asinh, _asinh),
        sympy.atanh: _lift(sympy.atanh, _atanh),
        sympy.erf: _lift(sympy.erf, arb_series.erf),
        sympy.erfc: _lift(sympy.erfc, arb_series.erfc),
        sympy.gamma: _lift(sympy.gamma, arb_series.gamma),
        sympy.besseli: _bessel(sympy.besseli, 1),
        sympy.besselj: _bessel(sympy.besselj, -1),
        angle: _lift(angle, _angle),
        sinh_moment: BALLS.functions[sinh_moment],
        softplus_mean: BALLS.functions[softplus_mean],
    }
    | {head: _composed(head) for head in DUALS}
    | {getattr(sympy, name): _refuse(name) for name in ("Abs", "sign", "Max", "Min")},
    reduce=_reduce,
)


def series_with_orders(orders: int) -> Arithmetic:
    """Power series whose duals of tanh come from so many Hermite orders, whatever the
    length of the series: in high dimension few powers of t are needed, but sharp ones.
    """
    duals = {head: _composed(head, orders) for head in DUALS}
    return replace(SERIES, functions={**SERIES.functions, **duals})
