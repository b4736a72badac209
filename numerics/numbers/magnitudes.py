"""How large exact numbers are: logarithms that never overflow, and never round the wrong way."""

from fractions import Fraction
from math import ceil, floor, inf, log2

from flint import arb

from numerics.numbers.precision import BITS_PER_DIGIT
from theory.errors import Unsupported

LEADING_BITS = 60
MOST_BITS = 10**8
"""A number with a larger exponent of 2 is not written out."""
FINEST = 10**6
"""Bits below a midpoint at which a radius is rounded up: no digit is printed there."""


def fraction(endpoint: arb) -> Fraction:
    """An exact ball endpoint as a fraction.

    Raises
    ------
    Unsupported
        When its exponent is so large that the fraction would fill the memory.

    Examples
    --------
    >>> fraction(arb(0.75))
    Fraction(3, 4)
    """
    mantissa, exponent = endpoint.man_exp()
    mantissa, exponent = int(mantissa), int(exponent)
    if abs(exponent) > MOST_BITS:
        raise Unsupported(
            f"a number of about 2^{exponent:.4g} is too large or too small to be "
            f"written out (2^±{MOST_BITS:.0e} at most)"
        )
    return (
        Fraction(mantissa << exponent)
        if exponent >= 0
        else Fraction(mantissa, 1 << -exponent)
    )


def radius_above(middle: arb, radius: arb) -> Fraction:
    """A ball's radius as a fraction; rounded up where it is far below every digit.

    Examples
    --------
    >>> radius_above(arb(1), arb(0.5)), radius_above(arb(1), arb(0))
    (Fraction(1, 2), Fraction(0, 1))
    """
    least = (log2_below(middle) if middle else -float(FINEST)) - FINEST
    if not radius or log2_above(radius) >= least or abs(least) > MOST_BITS:
        return fraction(radius)
    exponent = ceil(least)
    return Fraction(1 << exponent) if exponent >= 0 else Fraction(1, 1 << -exponent)


def magnitude(value: Fraction) -> int:
    """The e with 10^e ≤ |value| < 10^(e+1).

    Examples
    --------
    >>> magnitude(Fraction(999)), magnitude(Fraction(1, 1000))
    (2, -3)
    """
    p, q = abs(value.numerator), value.denominator
    e = floor((p.bit_length() - q.bit_length()) / BITS_PER_DIGIT)
    while _below_power(p, q, e):
        e -= 1
    while not _below_power(p, q, e + 1):
        e += 1
    return e


def _below_power(p: int, q: int, e: int) -> bool:
    """Whether p/q < 10^e, in whole numbers."""
    return p < q * 10**e if e >= 0 else p * 10**-e < q


def log2_below(x: arb) -> float:
    """A lower bound of log2 |x| for an exact ball, to about 12 decimals; −∞ at 0."""
    mantissa, exponent = x.man_exp()
    mantissa, exponent = abs(int(mantissa)), int(exponent)
    if not mantissa:
        return -inf
    drop = max(0, mantissa.bit_length() - LEADING_BITS)
    return log2(mantissa >> drop) + _float(drop + exponent) - 1e-12


def log2_above(x: arb) -> float:
    """An upper bound of log2 |x| for an exact ball, to about 12 decimals."""
    mantissa, exponent = x.man_exp()
    mantissa, exponent = abs(int(mantissa)), int(exponent)
    drop = max(0, mantissa.bit_length() - LEADING_BITS)
    return log2((mantissa >> drop) + 1) + _float(drop + exponent) + 1e-12


def _float(exponent: int) -> float:
    """The exponent as a float, ±∞ beyond its range."""
    try:
        return float(exponent)
    except OverflowError:
        return inf if exponent > 0 else -inf


def log2_of_fraction(x: Fraction) -> float:
    """A lower bound of log2 x, x > 0, to about 12 decimals."""
    p, q = x.numerator, x.denominator
    drop = p.bit_length() - q.bit_length() - LEADING_BITS
    scaled = (p >> drop if drop > 0 else p << -drop) // q
    return log2(scaled) + drop - 1e-12
