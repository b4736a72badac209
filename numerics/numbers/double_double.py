"""Numbers as pairs of floats: about 32 digits, in arrays.

A value is the unevaluated sum hi + lo of two floats with |lo| ≤ ulp(hi)/2. Sums and
products of floats are split without error (Knuth's and Dekker's splittings), and all
else is built on them.
"""

from typing import Any, NamedTuple

import numpy as np

SPLITTER = 134217729.0


class Pair(NamedTuple):
    """hi + lo."""

    hi: Any
    lo: Any


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


def root(a: Pair) -> Pair:
    """The root of what is positive."""
    inverse = 1 / np.sqrt(a.hi)
    near = a.hi * inverse
    rest = subtract(a, two_product(near, near))
    return _quick(near, rest.hi * (inverse * 0.5))
