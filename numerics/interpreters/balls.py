"""Expressions in ball arithmetic: every value encloses the truth (FLINT's Arb).

Rational numbers stay exact rationals until an operation leaves ℚ, so that t = ±1 and
exact zeros stay exact. Call the programs inside ``working_precision``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from flint import acb, arb, fmpq, fmpz
from sympy import Rational

from numerics.interpreters.program import Arithmetic, Program
from numerics.interpreters.series import sinh_moments, tanh_series
from theory.activations.angle import angle, sine_lag
from theory.activations.series_duals.softplus_dual import softplus_dual, softplus_mean
from theory.activations.series_duals.swish_dual import swish_dual, swish_slope_dual
from theory.activations.series_duals.tanh_dual import sech_dual, sinh_moment, tanh_dual
from theory.errors import NoConvergence, NotEvaluable
from theory.statistics.registry import unbounded

Value = arb | fmpq
HEIGHT_LIMIT = 50_000


def rational(number: Any) -> fmpq:
    """A SymPy rational or a fraction as an exact FLINT rational.

    Examples
    --------
    >>> rational(Rational(3, 7))
    3/7
    """
    if isinstance(number, Rational):
        return fmpq(int(number.p), int(number.q))
    return fmpq(int(number.numerator), int(number.denominator))


def as_ball(value: Value) -> arb:
    """The value as a ball at the working precision."""
    return value if isinstance(value, arb) else arb(value)


def _trim(value: fmpq) -> Value:
    height = fmpz(value.p).bit_length() + fmpz(value.q).bit_length()
    return value if height <= HEIGHT_LIMIT else arb(value)


def _add(terms: Sequence[Value]) -> Value:
    exact = fmpq(0)
    ball: arb | None = None
    for term in terms:
        if isinstance(term, fmpq):
            exact += term
        else:
            ball = term if ball is None else ball + term
    if ball is None:
        return _trim(exact)
    return ball + exact if exact else ball


def _multiply(factors: Sequence[Value]) -> Value:
    exact = fmpq(1)
    ball: arb | None = None
    for factor in factors:
        if isinstance(factor, fmpq):
            exact *= factor
        else:
            ball = factor if ball is None else ball * factor
    if exact == 0 and (ball is None or ball.is_finite()):
        return fmpq(0)
    if ball is None:
        return _trim(exact)
    return ball * exact if exact != 1 else ball


def whole_power(base: arb, exponent: int) -> arb:
    """A whole power of a ball; around 0, FLINT's general power has no finite answer.

    Examples
    --------
    >>> whole_power(arb(0, 0.5), 2).contains(arb(0.25)), float(whole_power(arb(2), -2))
    (True, 0.25)
    """
    if exponent > 0 and base.mid().is_zero():
        return (acb(base) ** exponent).real
    return base**exponent


def _power(base: Value, exponent: Rational) -> Value:
    if exponent.q == 1:
        power = int(exponent)
        if isinstance(base, fmpq):
            height = fmpz(base.p).bit_length() + fmpz(base.q).bit_length()
            if height * abs(power) <= HEIGHT_LIMIT:
                return base**power if power >= 0 else (1 / base) ** -power
        return whole_power(as_ball(base), power)
    root = _exact_root(base, exponent)
    if root is not None:
        return root
    if exponent.q == 2:
        value = as_ball(base).sqrt()
        power = (abs(exponent.p) - 1) // 2
        value = value * whole_power(as_ball(base), power) if power else value
        return value if exponent.p > 0 else 1 / value
    return as_ball(base) ** arb(rational(exponent))


def _exact_root(base: Value, exponent: Rational) -> fmpq | None:
    """The root where it is rational: 0, 1 and perfect powers stay exact."""
    if not isinstance(base, fmpq) or base < 0 or (base == 0 and exponent.p < 0):
        return None
    q = int(exponent.q)
    p_root, q_root = fmpz(base.p).root(q), fmpz(base.q).root(q)
    if p_root**q != base.p or q_root**q != base.q:
        return None
    return fmpq(p_root, q_root) ** int(exponent.p)


def _general_power(base: Value, exponent: Value) -> Value:
    if isinstance(exponent, fmpq) and exponent.q == 1:
        return _power(base, Rational(int(exponent.p)))
    return as_ball(base) ** as_ball(exponent)


def _at_zero(function, at_zero: int):
    """An elementary function that is exact at 0."""

    def operation(x: Value) -> Value:
        if isinstance(x, fmpq) and x == 0:
            return fmpq(at_zero)
        return function(as_ball(x))

    return operation


def _angle(u: Value) -> Value:
    if isinstance(u, fmpq):
        if u == 0:
            return fmpq(0)
        if u == 1:
            return arb.pi()
    u = as_ball(u)
    if u > 0 and u < 1:
        return 2 * u.sqrt().asin()
    low, high = u.lower(), u.upper()
    low = arb(0) if not low > 0 else low
    high = arb(1) if not high < 1 else high
    return (2 * low.sqrt().asin()).union(2 * high.sqrt().asin())


def _sine_lag(u: Value) -> Value:
    """The lag of θ behind its sine, with the radius of u carried over by its derivative 2θ.

    The definition's terms depend on u far more strongly than their sum does: through
    the layers of a deep net, balls of the definition would grow tenfold a layer.
    """
    if isinstance(u, fmpq):
        if u == 0:
            return fmpq(0)
        if u == 1:
            return arb.pi()
        return _lag(u)
    if not (u > 0 and u < 1):
        # it rises from 0 at u = 0 to π at u = 1, and u is nowhere beyond
        low, high = u.lower(), u.upper()
        first: Any = _lag(low) if low > 0 and low < 1 else arb(0)
        last = _lag(high) if high > 0 and high < 1 else arb.pi()
        if low == 1:
            return last
        return first if high == 0 else first.union(last)
    return angle_and_lag(u)[1]


def _lag(u: Value, theta: Value | None = None) -> Value:
    """``sine_lag(u).definition`` with the square root taken once; a test compares."""
    ball = as_ball(u)
    rest = 1 - ball
    theta = _angle(u) if theta is None else theta
    return 2 * (ball * rest).sqrt() - as_ball(theta) * (rest - ball)


def angle_and_lag(u: Value) -> tuple[Value, Value]:
    """Angle and sine lag of one ball from one arcsine, of its midpoint.

    The radius is carried over by the derivatives, 1/√(u(1 − u)) and 2θ.

    Examples
    --------
    >>> theta, lag = angle_and_lag(arb(0.5, 1e-12))
    >>> theta.overlaps(arb.pi() / 2), lag == 1, lag.overlaps(arb(1))
    (True, False, True)
    """
    if isinstance(u, fmpq) or not (u > 0 and u < 1):
        return _angle(u), _sine_lag(u)
    middle, radius = u.mid(), u.rad()
    theta = 2 * middle.sqrt().asin()
    lag = _lag(middle, theta)
    if radius == 0:
        return theta, lag
    steepest = 1 / (u.lower() * (1 - u.upper())).sqrt()
    rise = 2 * arb.pi() * u.upper().sqrt()  # 2 arcsin x ≤ πx, by convexity
    around = arb(0, 1) * radius
    return theta + around * steepest, lag + around * rise


def _arc(function, flipped):
    """Arcsine and arccosine, exact in their arguments ±1."""

    def operation(x: Value) -> Value:
        if isinstance(x, fmpq) and x * x == 1:
            return flipped(int(x))
        return function(as_ball(x))

    return operation


def _dual(
    made: Callable[[arb, int], tanh_series.Duals],
    at_one: Callable[[arb], tuple[arb, arb]],
    *,
    slope: bool,
) -> Callable[[Value, Value], Value]:
    """A dual of tanh or of z tanh z; at c = ±1 from moments alone."""

    def operation(v: Value, c: Value) -> Value:
        v = as_ball(v)
        if isinstance(c, fmpq) and c * c == 1:
            # the dual of an odd function is odd, that of its slope even, and vice versa
            odd = (made is tanh_series.tanh_series) != slope
            return at_one(v)[slope] * (c if odd else 1)
        c = as_ball(c)
        found = made(v, tanh_series.terms_at(v, c))
        return (found.slope if slope else found.dual)(c)

    return operation


DUALS = {
    tanh_dual: (tanh_series.tanh_series, tanh_series.tanh_at_one, False),
    sech_dual: (tanh_series.tanh_series, tanh_series.tanh_at_one, True),
    swish_dual: (tanh_series.swish_series, tanh_series.swish_at_one, False),
    softplus_dual: (tanh_series.softplus_series, tanh_series.softplus_at_one, False),
    swish_slope_dual: (tanh_series.swish_series, tanh_series.swish_at_one, True),
}
"""Head → the series of both duals, their values at c = 1, and whether it is the slope's."""


def _log(x: Value) -> Value:
    if isinstance(x, fmpq) and x == 1:
        return fmpq(0)
    return as_ball(x).log()


def _absolute(x: Value) -> Value:
    return abs(x)


def _unbounded(x: Value) -> Value:
    """∞ for a positive number, 0 for 0; a ball that leaves that open is refused."""
    if x > 0:
        return arb("+inf")
    if isinstance(x, fmpq) or x.is_zero():
        return fmpq(0)
    raise NoConvergence(
        f"the limit is ∞ for a positive number and 0 for 0, and {x} leaves it open"
    )


def _extreme(pick):
    def operation(*values: Value) -> Value:
        if all(isinstance(value, fmpq) for value in values):
            best = values[0]
            for value in values[1:]:
                best = value if pick(value, best) else best
            return best
        result = as_ball(values[0])
        for value in values[1:]:
            other = as_ball(value)
            if pick(result, other):
                continue
            if pick(other, result):
                result = other
            else:
                result = _either(result, other, pick)
        return result

    return operation


def _either(a: arb, b: arb, pick) -> arb:
    """Max or min of two overlapping balls, from their endpoints."""
    low = a.lower() if pick(a.lower(), b.lower()) else b.lower()
    high = a.upper() if pick(a.upper(), b.upper()) else b.upper()
    return low.union(high)


def _hypergeometric(*given: Value) -> arb:
    """₂F₁(a, b; c; z) from a, b, c, z; other numbers of parameters have no rule."""
    if len(given) != 4:
        raise NotEvaluable("balls: of hypergeometric functions only ₂F₁ is evaluated")
    a, b, c, z = map(as_ball, given)
    return z.hypgeom_2f1(a, b, c)


def _reduce(
    body: Program, columns: Mapping[Any, Any], scalars: Mapping[Any, Any]
) -> Value:
    rows = len(next(iter(columns.values())))
    values = dict(scalars)
    terms = []
    for row in range(rows):
        for name, column in columns.items():
            values[name] = column[row]
        terms.append(body(values))
    return _add(terms)


BALLS = Arithmetic(
    name="balls",
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
        sympy.exp: _at_zero(arb.exp, 1),
        sympy.log: _log,
        sympy.sin: _at_zero(arb.sin, 0),
        sympy.cos: _at_zero(arb.cos, 1),
        sympy.tan: _at_zero(arb.tan, 0),
        sympy.asin: _arc(arb.asin, lambda sign: sign * arb.pi() / 2),
        sympy.acos: _arc(arb.acos, lambda sign: fmpq(0) if sign > 0 else arb.pi()),
        sympy.atan: _at_zero(arb.atan, 0),
        sympy.sinh: _at_zero(arb.sinh, 0),
        sympy.cosh: _at_zero(arb.cosh, 1),
        sympy.tanh: _at_zero(arb.tanh, 0),
        sympy.asinh: _at_zero(arb.asinh, 0),
        sympy.atanh: _at_zero(arb.atanh, 0),
        sympy.erf: _at_zero(arb.erf, 0),
        sympy.erfc: _at_zero(arb.erfc, 1),
        sympy.gamma: lambda x: as_ball(x).gamma(),
        sympy.besseli: lambda order, x: as_ball(x).bessel_i(as_ball(order)),
        sympy.besselj: lambda order, x: as_ball(x).bessel_j(as_ball(order)),
        sympy.hyper: _hypergeometric,
        sympy.Abs: _absolute,
        sympy.sign: lambda x: (
            fmpq(int(x > 0) - int(x < 0)) if isinstance(x, fmpq) else x.sgn()
        ),
        sympy.Max: _extreme(lambda a, b: a > b),
        sympy.Min: _extreme(lambda a, b: a < b),
        unbounded: _unbounded,
        angle: _angle,
        sine_lag: _sine_lag,
        softplus_mean: lambda v: sinh_moments.softplus_mean(as_ball(v)),
        sinh_moment: lambda m, v: sinh_moments.sinh_moment(int(m.p), as_ball(v)),
    }
    | {
        head: _dual(made, at_one, slope=slope)
        for head, (made, at_one, slope) in DUALS.items()
    },
    reduce=_reduce,
)
