"""How large exact numbers are: logarithms that never overflow, and never round the wrong way."""

from fractions import Fraction
from math import floor, inf, log2

from flint import arb

from numerics.numbers.precision import BITS_PER_DIGIT

LEADING_BITS = 60


def fraction(endpoint: arb) -> Fraction:
    """An exact ball endpoint as a fraction.

    Examples
    --------
    >>> fraction(arb(0.75))
    Fraction(3, 4)
    """
    mantissa, exponent = endpoint.man_exp()
    mantissa, exponent = int(mantissa), int(exponent)
    return (
        Fraction(mantissa << exponent)
        if exponent >= 0
        else Fraction(mantissa, 1 << -exponent)
    )


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
