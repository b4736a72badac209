"""Expressions as power series in s = sin(θ/2) at an end of the angles, θ = 0 or θ = π.

A kernel K(cos θ) that is analytic in θ there is analytic in s, but u = s² (or 1 − s² at the
other end) has a root with a branch point at s = 0. Germs therefore know the power of s that
they vanish with: s^order times a series; √ halves the order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from flint import arb, arb_series, fmpq
from sympy import Rational

from numerics.interpreters.balls import BALLS, as_ball, rational
from numerics.interpreters.program import Arithmetic, Program
from numerics.interpreters.series.ball_series import SERIES
from theory.activations.angle import angle, sine_lag
from theory.errors import NotEvaluable


@dataclass(frozen=True, slots=True)
class Germ:
    """s^order times a series in s."""

    order: int
    series: arb_series

    def shifted(self) -> arb_series:
        """The whole series."""
        return _shift(self.series, self.order)


Value = fmpq | arb | Germ


def germ(coefficients: Sequence[Any], length: int) -> Germ:
    """A series from its coefficients; the further ones are 0.

    Examples
    --------
    >>> germ([0, 0, 1], 5).order
    2
    """
    return _stripped(0, arb_series(list(coefficients), prec=length))


def coefficients(value: Value, length: int) -> list[arb]:
    """The coefficients of s^0, …, s^(length − 1).

    Raises
    ------
    NotEvaluable
        When fewer are known.
    """
    if not isinstance(value, Germ):
        return [as_ball(value)] + [arb(0)] * (length - 1)
    whole = value.shifted()
    if whole.prec < length:
        raise NotEvaluable(f"germs: {whole.prec} of {length} coefficients are known")
    found = whole.coeffs()[:length]
    return found + [arb(0)] * (length - len(found))


def _shift(series: arb_series, places: int) -> arb_series:
    if places == 0:
        return series
    row = series.coeffs()
    if places > 0:
        return arb_series([arb(0)] * places + row, prec=series.prec + places)
    return arb_series(row[-places:], prec=series.prec + places)


def _stripped(order: int, series: arb_series) -> Germ:
    """Zeros that are exact count as order."""
    row, zeros = series.coeffs(), 0
    while zeros < len(row) and row[zeros].is_zero():
        zeros += 1
    if zeros == len(row):
        return Germ(order, series)
    return Germ(order + zeros, _shift(series, -zeros))


def _apart(values: Sequence[Value]) -> tuple[list[Germ], list[Any]]:
    moving = [x for x in values if isinstance(x, Germ)]
    return moving, [x for x in values if not isinstance(x, Germ)]


def _add(terms: Sequence[Value]) -> Value:
    moving, fixed = _apart(terms)
    constant = BALLS.add(fixed)
    if not moving:
        return constant
    low = min(x.order for x in moving)
    total = _shift(moving[0].series, moving[0].order - low)
    for x in moving[1:]:
        total = total + _shift(x.series, x.order - low)
    if not fixed or (isinstance(constant, fmpq) and constant == 0):
        return _stripped(low, total)
    return _stripped(0, _shift(total, low) + as_ball(constant))


def _multiply(factors: Sequence[Value]) -> Value:
    moving, fixed = _apart(factors)
    constant = BALLS.multiply(fixed)
    if not moving or (isinstance(constant, fmpq) and constant == 0):
        return constant
    product = moving[0].series * as_ball(constant)
    for x in moving[1:]:
        product = product * x.series
    return Germ(sum(x.order for x in moving), product)


def _power(base: Value, exponent: Rational) -> Value:
    if not isinstance(base, Germ):
        return BALLS.power(base, exponent)
    order = base.order * exponent
    if not (order.is_Integer and order >= 0) or exponent.q > 2:
        if base.order == 0 and exponent.q > 2:
            return Germ(0, SERIES.power(base.series, exponent))
        raise NotEvaluable(
            f"germs: s^{base.order} to the power {exponent} is not analytic at the end"
        )
    return Germ(int(order), SERIES.power(base.series, exponent))


def _general_power(base: Value, exponent: Value) -> Value:
    if isinstance(exponent, fmpq):
        return _power(base, Rational(int(exponent.p), int(exponent.q)))
    if not isinstance(base, Germ) and not isinstance(exponent, Germ):
        return BALLS.general_power(base, exponent)
    lifted = [x.shifted() if isinstance(x, Germ) else x for x in (base, exponent)]
    return _stripped(0, SERIES.general_power(*lifted))


def _lift(head: type) -> Callable[..., Value]:
    """What power series make of a function; odd functions keep the order."""

    def operation(*values: Value) -> Value:
        if not any(isinstance(x, Germ) for x in values):
            return BALLS.functions[head](*values)
        lifted = [x.shifted() if isinstance(x, Germ) else x for x in values]
        return _stripped(0, SERIES.functions[head](*lifted))

    return operation


def _near_one(u: Germ) -> Value | None:
    """1 − u where u is exactly 1 at the end, else None."""
    if u.order or not (u.series.coeffs()[0] - 1).is_zero():
        return None
    return _add([fmpq(1), _multiply([fmpq(-1), u])])


def _angle(u: Value) -> Value:
    if not isinstance(u, Germ):
        return BALLS.functions[angle](u)
    rest = _near_one(u)
    if rest is not None:
        return _add([arb.pi(), _multiply([fmpq(-1), _angle(rest)])])
    root = _power(u, Rational(1, 2))
    return _multiply([fmpq(2), _arcsine(root)])


def _arcsine(x: Value) -> Value:
    return _lift(sympy.asin)(x)


def _sine_lag(u: Value) -> Value:
    if not isinstance(u, Germ):
        return BALLS.functions[sine_lag](u)
    rest = _near_one(u)
    if rest is not None:
        # θ = π − φ: sin θ − θ cos θ = π cos φ + (sin φ − φ cos φ)
        cosine = _add([fmpq(1), _multiply([fmpq(-2), rest])])
        return _add([_multiply([arb.pi(), cosine]), _sine_lag(rest)])
    if u.order == 0:
        return _by_definition(u)
    theta = _angle(u)
    assert isinstance(theta, Germ)
    whole = theta.shifted()
    # d(sin θ − θ cos θ) = θ sin θ dθ, and the lag vanishes with θ
    lag = (whole * whole.sin() * whole.derivative()).integral()
    return _stripped(0, lag)


def _by_definition(u: Germ) -> Value:
    """2√(u(1 − u)) − θ(1 − 2u), away from both ends."""
    rest = _add([fmpq(1), _multiply([fmpq(-1), u])])
    root = _power(_multiply([u, rest]), Rational(1, 2))
    cosine = _add([fmpq(1), _multiply([fmpq(-2), u])])
    return _add([_multiply([fmpq(2), root]), _multiply([fmpq(-1), _angle(u), cosine])])


def _acos(x: Value) -> Value:
    return _angle(_multiply([fmpq(1, 2), _add([fmpq(1), _multiply([fmpq(-1), x])])]))


def _asin(x: Value) -> Value:
    if not isinstance(x, Germ) or x.order:
        return _arcsine(x)
    return _add([arb.pi() / 2, _multiply([fmpq(-1), _acos(x)])])


def _reduce(body: Program, columns: Mapping, scalars: Mapping) -> Value:
    del body, columns, scalars
    raise NotEvaluable("germs: sums over levels have no place in a kernel")


GERMS = Arithmetic(
    name="germs",
    number=rational,
    constants=BALLS.constants,
    add=_add,
    multiply=_multiply,
    power=_power,
    general_power=_general_power,
    functions={head: _lift(head) for head in SERIES.functions}
    | {
        sympy.asin: _asin,
        sympy.acos: _acos,
        angle: _angle,
        sine_lag: _sine_lag,
    },
    reduce=_reduce,
)
