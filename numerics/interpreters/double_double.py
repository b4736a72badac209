"""Expressions in pairs of floats: about 32 digits in NumPy and in JAX, compiled or not.

A value is the unevaluated sum hi + lo of two floats with |lo| ≤ ulp(hi)/2. Sums and
products of floats are split without error (Knuth's and Dekker's splittings), and all
else is built on them. What has no rule here, such as Bessel functions, is refused when
the program is built.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce as fold
from typing import Any, NamedTuple

import numpy as np
import sympy
from sympy import Rational

from numerics.interpreters.program import Arithmetic, Program
from theory.activations.angle import angle, sine_lag
from theory.errors import NotEvaluable

SPLITTER = 134217729.0
HALVINGS = 4
SERIES_TERMS = 13


class Pair(NamedTuple):
    """hi + lo."""

    hi: Any
    lo: Any


def pair_of(number: Any) -> Pair:
    """A rational, or a number that SymPy evaluates, as a pair of Python floats.

    Examples
    --------
    >>> pair_of(Rational(1, 4))
    Pair(hi=0.25, lo=0.0)
    """
    exact = Rational(sympy.N(number, 60)) if not number.is_Rational else number
    hi = float(exact)
    return Pair(hi, float(exact - Rational(*hi.as_integer_ratio())))


def two_sum(a: Any, b: Any) -> Pair:
    """A + b and its rounding error.

    Examples
    --------
    >>> two_sum(1.0, 2.0**-60) == (1.0, 2.0**-60)
    True
    """
    s = a + b
    t = s - a
    return Pair(s, (a - (s - t)) + (b - t))


def _quick(a: Any, b: Any) -> Pair:
    s = a + b
    return Pair(s, b - (s - a))


def _split(a: Any) -> tuple[Any, Any]:
    t = SPLITTER * a
    high = t - (t - a)
    return high, a - high


def two_product(a: Any, b: Any) -> Pair:
    """A b and its rounding error."""
    p = a * b
    (ah, al), (bh, bl) = _split(a), _split(b)
    return Pair(p, ((ah * bh - p) + ah * bl + al * bh) + al * bl)


def add(a: Pair, b: Pair) -> Pair:
    """The sum."""
    s, t = two_sum(a.hi, b.hi), two_sum(a.lo, b.lo)
    first = _quick(s.hi, s.lo + t.hi)
    return _quick(first.hi, first.lo + t.lo)


def negative(a: Pair) -> Pair:
    """−a."""
    return Pair(-a.hi, -a.lo)


def subtract(a: Pair, b: Pair) -> Pair:
    """The difference."""
    return add(a, negative(b))


def multiply(a: Pair, b: Pair) -> Pair:
    """The product."""
    p = two_product(a.hi, b.hi)
    return _quick(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi))


def _times(a: Pair, b: Any) -> Pair:
    """A pair times a float."""
    p = two_product(a.hi, b)
    return _quick(p.hi, p.lo + a.lo * b)


def divide(a: Pair, b: Pair) -> Pair:
    """The quotient, by long division."""
    first = a.hi / b.hi
    r = subtract(a, _times(b, first))
    second = r.hi / b.hi
    r = subtract(r, _times(b, second))
    q = _quick(first, second)
    return add(q, Pair(r.hi / b.hi, 0.0))


def total(a: Pair, xp: Any) -> Pair:
    """The sum over the last axis, pair by pair."""
    hi, lo = a
    while hi.shape[-1] > 1:
        if hi.shape[-1] % 2:
            zero = xp.zeros_like(hi[..., :1])
            hi = xp.concatenate([hi, zero], axis=-1)
            lo = xp.concatenate([lo, zero], axis=-1)
        half = hi.shape[-1] // 2
        hi, lo = add(
            Pair(hi[..., :half], lo[..., :half]), Pair(hi[..., half:], lo[..., half:])
        )
    return Pair(hi[..., 0], lo[..., 0])


_FACTORIALS = [pair_of(1 / sympy.factorial(m)) for m in range(2 * SERIES_TERMS + 2)]
_TWO_PI, _LOG_2 = pair_of(2 * sympy.pi), pair_of(sympy.log(2))
_ONE, _HALF = Pair(1.0, 0.0), Pair(0.5, 0.0)
Horner = Callable[[list[Pair], Pair], Pair]


def horner(coefficients: list[Pair], x: Pair) -> Pair:
    """Σ c_m x^m."""
    value = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        value = add(multiply(value, x), c)
    return value


class Functions:
    """Elementary functions of pairs, for NumPy or for JAX.

    Parameters
    ----------
    xp
        The module of arrays.
    polynomial
        How a polynomial is evaluated; JAX does it in a loop, to compile quickly.
    """

    def __init__(self, xp: Any, polynomial: Horner = horner) -> None:
        self.xp, self.polynomial = xp, polynomial

    def sqrt(self, a: Pair) -> Pair:
        """The root of what is not negative."""
        xp = self.xp
        safe = xp.where(a.hi > 0, a.hi, 1.0)
        inverse = 1 / xp.sqrt(safe)
        near = safe * inverse
        rest = subtract(a, two_product(near, near))
        found = _quick(near, rest.hi * (inverse * 0.5))
        zero = a.hi == 0
        bad = xp.where(a.hi < 0, xp.nan, 0.0)
        return Pair(
            xp.where(zero, 0.0, found.hi + bad), xp.where(zero, 0.0, found.lo + bad)
        )

    def sine_cosine(self, x: Pair) -> tuple[Pair, Pair]:
        """Both, by the series at x/16 after whole turns are taken out."""
        turns = self.xp.round(x.hi / _TWO_PI.hi)
        x = subtract(x, _times(_TWO_PI, turns))
        r = _times(x, 2.0**-HALVINGS)
        square = multiply(r, r)
        odd = [_signed(m // 2, _FACTORIALS[m]) for m in range(1, 2 * SERIES_TERMS, 2)]
        even = [
            _signed(m // 2 + 1, _FACTORIALS[m]) for m in range(2, 2 * SERIES_TERMS, 2)
        ]
        sine = multiply(r, self.polynomial(odd, square))
        versine = multiply(square, self.polynomial(even, square))  # 1 − cos
        for _ in range(HALVINGS):
            cosine = subtract(_ONE, versine)
            versine = _times(multiply(sine, sine), 2.0)
            sine = _times(multiply(sine, cosine), 2.0)
        return sine, subtract(_ONE, versine)

    def polar(self, y: Pair, x: Pair) -> Pair:
        """The angle of a point of the unit circle: one Newton step from float64."""
        near = self.xp.arctan2(y.hi, x.hi)
        sine, cosine = self.sine_cosine(Pair(near, self.xp.zeros_like(near)))
        move = subtract(multiply(y, cosine), multiply(x, sine))
        return add(Pair(near, 0.0), move)

    def angle(self, u: Pair) -> Pair:
        """2 arcsin √u."""
        half = self.polar(self.sqrt(u), self.sqrt(subtract(_ONE, u)))
        return _times(half, 2.0)

    def sine_lag(self, u: Pair) -> Pair:
        """Sin θ − θ cos θ; the difference costs digits of 32 only, where θ is small."""
        product = multiply(u, subtract(_ONE, u))
        cosine = subtract(_ONE, _times(u, 2.0))
        return subtract(
            _times(self.sqrt(product), 2.0), multiply(self.angle(u), cosine)
        )

    def _other(self, x: Pair) -> Pair:
        """√(1 − x²)."""
        return self.sqrt(multiply(subtract(_ONE, x), add(_ONE, x)))

    def asin(self, x: Pair) -> Pair:
        """Arcsine."""
        return self.polar(x, self._other(x))

    def acos(self, x: Pair) -> Pair:
        """Arccosine."""
        return self.polar(self._other(x), x)

    def atan(self, x: Pair) -> Pair:
        """Arctangent."""
        root = self.sqrt(add(_ONE, multiply(x, x)))
        return self.polar(divide(x, root), divide(_ONE, root))

    def exp(self, x: Pair) -> Pair:
        """The exponential; 0 below the range of float64."""
        xp = self.xp
        powers = xp.round(xp.clip(x.hi, -700.0, 700.0) / _LOG_2.hi)
        r = _times(subtract(x, _times(_LOG_2, powers)), 2.0**-9)
        grown = multiply(r, self.polynomial(_FACTORIALS[1:12], r))  # e^r − 1
        for _ in range(9):
            grown = add(_times(grown, 2.0), multiply(grown, grown))
        found = add(grown, _ONE)
        scale = xp.ldexp(xp.ones_like(powers), powers.astype(np.int32))
        kept = xp.where(x.hi < -700.0, 0.0, scale)
        return Pair(found.hi * kept, found.lo * kept)

    def log(self, x: Pair) -> Pair:
        """The logarithm: one Newton step from float64."""
        near = self.xp.log(x.hi)
        low = Pair(-near, self.xp.zeros_like(near))
        return add(Pair(near, 0.0), subtract(multiply(x, self.exp(low)), _ONE))

    def power(self, base: Pair, exponent: Rational) -> Pair:
        """An exact rational power."""
        p, q = int(exponent.p), int(exponent.q)
        if q not in (1, 2):
            return self.exp(multiply(self.log(base), pair_of(exponent)))
        if q == 2:
            base = self.sqrt(base)
        count, result = abs(p), _ONE
        while count:
            if count & 1:
                result = multiply(result, base)
            count >>= 1
            if count:
                base = multiply(base, base)
        return divide(_ONE, result) if p < 0 else result

    def sinh(self, x: Pair) -> Pair:
        """(e^x − e^−x)/2."""
        grown = self.exp(x)
        return _times(subtract(grown, divide(_ONE, grown)), 0.5)

    def cosh(self, x: Pair) -> Pair:
        """(e^x + e^−x)/2."""
        grown = self.exp(x)
        return _times(add(grown, divide(_ONE, grown)), 0.5)

    def tanh(self, x: Pair) -> Pair:
        """Sinh over cosh."""
        return divide(self.sinh(x), self.cosh(x))

    def arithmetic(self, name: str) -> Arithmetic:
        """The closed table of what can be evaluated."""
        return Arithmetic(
            name=name,
            number=pair_of,
            constants={
                x: (lambda x=x: pair_of(x))
                for x in (sympy.pi, sympy.E, sympy.EulerGamma)
            },
            add=lambda terms: fold(add, terms),
            multiply=lambda factors: fold(multiply, factors),
            power=self.power,
            general_power=lambda a, b: self.exp(multiply(self.log(a), b)),
            functions={
                sympy.exp: self.exp,
                sympy.log: self.log,
                sympy.sin: lambda x: self.sine_cosine(x)[0],
                sympy.cos: lambda x: self.sine_cosine(x)[1],
                sympy.asin: self.asin,
                sympy.acos: self.acos,
                sympy.atan: self.atan,
                sympy.sinh: self.sinh,
                sympy.cosh: self.cosh,
                sympy.tanh: self.tanh,
                angle: self.angle,
                sine_lag: self.sine_lag,
            },
            reduce=_reduce,
        )


def _signed(m: int, c: Pair) -> Pair:
    return c if m % 2 == 0 else negative(c)


def _reduce(body: Program, columns: Mapping, scalars: Mapping) -> Pair:
    del body, columns, scalars
    raise NotEvaluable("pairs of floats: sums over levels have no place in a kernel")


def pairs(values: Sequence[Any]) -> Pair:
    """Arrays of pairs from exact or ball values, each rounded to 32 digits.

    Examples
    --------
    >>> from flint import arb
    >>> pairs([arb(0.5), arb(3)]).hi.tolist()
    [0.5, 3.0]
    """
    hi = [float(x.mid()) for x in values]
    lo = [float((x - h).mid()) for x, h in zip(values, hi, strict=True)]
    return Pair(np.array(hi), np.array(lo))


IN_NUMPY = Functions(np)
DOUBLE_DOUBLE = IN_NUMPY.arithmetic("pairs of floats (NumPy)")
