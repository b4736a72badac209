"""Expressions as analytic functions of a complex angle θ, on boxes: finite or refused.

A kernel in u = sin²(θ/2) is evaluated on a box of complex θ. An answer proves more than
an enclosure: every step was analytic on the whole box, and the same branch was taken as
on every other box that was answered. Two devices make that possible for deep networks:

- a value that vanishes like u carries its quotient by sin²(θ/2), so that its root
  sin(θ/2)·√quotient is analytic through θ = 0, where √u alone is not;
- a value a + b u with rational a and b is known as such, so that √(1 − u) = cos(θ/2) and
  the angle of u is θ itself.

Principal branches are used only where the argument stays off their cut. Whatever is not
analytic on the box, or not proved to be, raises ``NotAnalytic``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from flint import acb, arb, fmpq
from sympy import Expr, Pow, Rational

from numerics.interpreters.balls import rational
from numerics.interpreters.complex_angles.analytic import Analytic, Box
from numerics.interpreters.complex_angles.bessel import bessel
from numerics.interpreters.complex_angles.jets import (
    Jet,
    NotAnalytic,
    inside_cuts,
    off_cut,
)
from numerics.interpreters.complex_angles.relu_angle import lag_ratio, lag_ratio_slope
from numerics.interpreters.program import Arithmetic, Program
from theory.activations.angle import angle, sine_lag
from theory.errors import NotEvaluable
from theory.notation import u

POLES = (sympy.tan, sympy.tanh, sympy.gamma)


Value = fmpq | arb | Analytic


def start(theta: acb) -> Analytic:
    """The input u = sin²(θ/2) on a box of θ."""
    box = Box.of(theta)
    return _from_linear(fmpq(0), fmpq(1), box)


def constant_on(at: Analytic, value: acb) -> Analytic:
    """A complex constant, or a box of them, beside a value on a box of θ."""
    return Analytic(Jet(value, value, acb(0), at.x.reach), at.box)


def range_of(value: Value) -> acb:
    """An enclosure of a value on its whole box."""
    if isinstance(value, Analytic):
        return value.x.range
    return acb(arb(value))


def has_poles(program: Program) -> bool:
    """Whether some step may have a pole, so that values around it say nothing of it.

    All other steps are analytic off one or two rays, or everywhere; docs/proofs.md.

    Examples
    --------
    >>> from numerics.interpreters.program import build
    >>> [has_poles(build(e, HALF_ANGLE)) for e in (1 / (2 + u), 1 / sympy.sqrt(2 + u))]
    [True, False]
    """
    moving = {slot for slot, name in enumerate(program.inputs) if name == u}
    for slot, _, arguments in program.steps:
        if moving.isdisjoint(arguments):
            continue
        moving.add(slot)
        e = program.heads[slot]
        if isinstance(e, POLES) or (isinstance(e, Pow) and not _off_a_ray(e.exp)):
            return True
    return False


def _off_a_ray(exponent: Expr) -> bool:
    """Whether a power is entire, or its root refuses (−∞, 0]."""
    return exponent.is_Rational and (exponent.q != 1 or exponent.p > 0)


def _constant_jet(value: arb, like: Jet) -> Jet:
    return Jet(acb(value), acb(value), acb(0), like.reach)


def _from_linear(a: fmpq, b: fmpq, box: Box) -> Any:
    if b == 0:
        return a
    if a == 0:
        ratio = _constant_jet(arb(b), box.theta)
        return Analytic(box.sine * box.sine * arb(b), box, ratio, (a, b))
    if a == -b:
        return Analytic(box.cosine * box.cosine * arb(a), box, None, (a, b))
    return Analytic(box.sine * box.sine * arb(b) + arb(a), box, None, (a, b))


def _line(value: Value) -> tuple[fmpq, fmpq] | None:
    if isinstance(value, fmpq):
        return value, fmpq(0)
    return value.linear if isinstance(value, Analytic) else None


def _apart(values: Sequence[Value]) -> tuple[list[Analytic], list[fmpq | arb]]:
    """Functions apart from constants."""
    constants = [value for value in values if not isinstance(value, Analytic)]
    functions = [value for value in values if isinstance(value, Analytic)]
    return functions, constants


def _add(terms: Sequence[Value]) -> Value:
    functions, constants = _apart(terms)
    constant: Any = fmpq(0)
    for value in constants:
        constant = constant + value
    if not functions:
        return constant
    box = functions[0].box
    lines = [_line(term) for term in [constant, *functions]]
    if all(line is not None for line in lines):
        a = sum((line[0] for line in lines if line), fmpq(0))
        b = sum((line[1] for line in lines if line), fmpq(0))
        return _from_linear(a, b, box)
    x, quotient = functions[0].x, functions[0].quotient
    for term in functions[1:]:
        x = x + term.x
        if quotient is not None:
            quotient = None if term.quotient is None else quotient + term.quotient
    if not (isinstance(constant, fmpq) and constant == 0):
        return Analytic(x + arb(constant), box)
    if quotient is not None:
        quotient = box.divided(x, quotient)
    return Analytic(x, box, quotient)


def _multiply(factors: Sequence[Value]) -> Value:
    functions, constants = _apart(factors)
    constant: Any = fmpq(1)
    for value in constants:
        constant = constant * value
    if not functions or (isinstance(constant, fmpq) and constant == 0):
        return constant
    box = functions[0].box
    scale = arb(constant)
    x, quotient = functions[0].x * scale, functions[0].quotient
    quotient = None if quotient is None else quotient * scale
    if len(functions) == 1 and functions[0].linear and isinstance(constant, fmpq):
        a, b = functions[0].linear
        return Analytic(x, box, quotient, (a * constant, b * constant))
    for factor in functions[1:]:
        if quotient is not None:
            quotient = quotient * factor.x
        elif factor.quotient is not None:
            quotient = x * factor.quotient
        x = x * factor.x
    return Analytic(x, box, quotient)


def _power(base: Value, exponent: Rational) -> Value:
    if isinstance(base, fmpq) and exponent.q == 1 and (base != 0 or exponent > 0):
        return base ** int(exponent)
    if not isinstance(base, Analytic):
        return _real(arb(base) ** arb(rational(exponent)))
    p, quotient = int(exponent.p), None
    if exponent.q == 1:
        if base.quotient is not None and p > 0:
            quotient = base.quotient * base.x.power(p - 1)
        return Analytic(base.x.power(p), base.box, quotient)
    if exponent.q == 2:
        root = base.root() if p > 0 else base.x.root()
        if base.quotient is not None and p >= 2:
            quotient = base.quotient * root.power(p - 2)
        return Analytic(root.power(p), base.box, quotient)
    return Analytic((base.x.log() * arb(rational(exponent))).exp(), base.box)


def _real(value: arb) -> arb:
    if value.is_finite():
        return value
    raise NotAnalytic


def _general_power(base: Value, exponent: Value) -> Value:
    if isinstance(exponent, fmpq):
        return _power(base, Rational(int(exponent.p), int(exponent.q)))
    return _exp(_multiply([_log(base), exponent]))


def _lift(
    function: Callable[[acb], acb],
    slope: Callable[[acb, acb], acb],
    check: Callable[[acb], acb] = lambda x: x,
) -> Callable[[Value], Value]:
    """A function that is analytic where ``check`` passes and it gives a finite box."""

    def operation(value: Value) -> Value:
        if not isinstance(value, Analytic):
            at = acb(arb(value))
            return _real(function(check(at)).real)
        check(value.x.range)
        return Analytic(value.x.through(function, slope), value.box)

    return operation


def _beside_imaginary_cuts(x: acb) -> acb:
    inside_cuts(x * acb(0, 1))
    return x


def _acos(value: Value) -> Value:
    if not isinstance(value, Analytic):
        return _real(arb(value).acos())
    line = value.linear
    if line is not None and abs(line[0]) == 1:
        a, b = line
        near = _from_linear(fmpq(0), -a * b / 2, value.box)
        if isinstance(near, Analytic) and -a * b > 0:
            theta = near.angle()
            other = theta if a == 1 else theta * arb(-1) + arb.pi()
            return Analytic(other, value.box)
    return Analytic(value.x.arcsine() * arb(-1) + arb.pi() / 2, value.box)


def _asin(value: Value) -> Value:
    return _add([_multiply([fmpq(-1), _acos(value)]), arb.pi() / 2])


def _angle(value: Value) -> Value:
    if not isinstance(value, Analytic):
        return _real(2 * arb(value).sqrt().asin())
    return Analytic(value.angle(), value.box)


def _sine_lag(value: Value) -> Value:
    if not isinstance(value, Analytic):
        theta = 2 * arb(value).sqrt().asin()
        return _real(theta.sin() - theta * theta.cos())
    theta = value.angle()
    rate = 2 * theta.range
    if value.quotient is None:
        lag = theta.through(lambda x: x.sin() - x * x.cos(), lambda x, _: x * x.sin())
        return Analytic(lag.following(value.x, rate), value.box)
    jet = theta.through(lag_ratio, lag_ratio_slope)
    lag = (jet * value.x).following(value.x, rate)
    return Analytic(lag, value.box, jet * value.quotient)


def _bessel(sign: int) -> Callable[[Value, Value], Value]:
    """I_n (sign 1) and J_n (sign −1) of whole order n, entire in their argument."""

    def operation(order: Value, value: Value) -> Value:
        if not isinstance(order, fmpq) or order.q != 1:
            raise NotEvaluable("complex angles: Bessel functions of whole order only")
        n = int(order.p)
        return _lift(
            lambda x: bessel(sign, n, x),
            lambda x, _: (bessel(sign, n - 1, x) + sign * bessel(sign, n + 1, x)) / 2,
        )(value)

    return operation


def _refuse(name: str) -> Callable[..., Value]:
    def operation(*values: Value) -> Value:
        raise NotEvaluable(
            f"{name} is not analytic in the angle ({len(values)} arguments)"
        )

    return operation


def _reduce(body: Program, columns: Mapping, scalars: Mapping) -> Value:
    del body, columns, scalars
    raise NotEvaluable("complex angles: sums over levels have no place in a kernel")


_exp = _lift(acb.exp, lambda _, y: y)
_log = _lift(acb.log, lambda x, _: 1 / x, off_cut)

HALF_ANGLE = Arithmetic(
    name="complex angles",
    number=rational,
    constants={
        sympy.pi: arb.pi,
        sympy.E: arb.const_e,
        sympy.EulerGamma: arb.const_euler,
    },
    add=_add,
    multiply=_multiply,
    power=_power,
    general_power=_general_power,
    functions={
        sympy.exp: _exp,
        sympy.log: _log,
        sympy.sin: _lift(acb.sin, lambda x, _: x.cos()),
        sympy.cos: _lift(acb.cos, lambda x, _: -x.sin()),
        sympy.tan: _lift(acb.tan, lambda _, y: 1 + y * y),
        sympy.asin: _asin,
        sympy.acos: _acos,
        sympy.atan: _lift(
            acb.atan, lambda x, _: 1 / (1 + x * x), _beside_imaginary_cuts
        ),
        sympy.sinh: _lift(acb.sinh, lambda x, _: x.cosh()),
        sympy.cosh: _lift(acb.cosh, lambda x, _: x.sinh()),
        sympy.tanh: _lift(acb.tanh, lambda _, y: 1 - y * y),
        sympy.asinh: _lift(
            acb.asinh, lambda _, y: 1 / y.cosh(), _beside_imaginary_cuts
        ),
        sympy.atanh: _lift(acb.atanh, lambda x, _: 1 / (1 - x * x), inside_cuts),
        sympy.erf: _lift(
            acb.erf, lambda x, _: 2 * (-x * x).exp() / arb.const_sqrt_pi()
        ),
        sympy.erfc: _lift(
            acb.erfc, lambda x, _: -2 * (-x * x).exp() / arb.const_sqrt_pi()
        ),
        sympy.gamma: _lift(acb.gamma, lambda x, y: y * x.digamma()),
        sympy.besseli: _bessel(1),
        sympy.besselj: _bessel(-1),
        sympy.Abs: _refuse("Abs"),
        sympy.sign: _refuse("sign"),
        sympy.Max: _refuse("Max"),
        sympy.Min: _refuse("Min"),
        angle: _angle,
        sine_lag: _sine_lag,
    },
    reduce=_reduce,
)
