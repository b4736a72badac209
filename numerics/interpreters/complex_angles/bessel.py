"""Bessel functions of whole order on boxes of complex numbers, by their power series."""

from math import isqrt

from flint import acb, arb

from numerics.interpreters.complex_angles.jets import NotAnalytic

MAX_SQUARE = 1e6


def bessel(sign: int, n: int, x: acb) -> acb:
    """I_n (sign 1) or J_n (sign −1) of whole order n; entire, and even or odd.

    From the last term taken on, terms at least halve.

    Raises
    ------
    NotAnalytic
        When |x|²/4 exceeds 10^6, where the series is no use.

    Examples
    --------
    >>> bessel(1, 0, acb(1)).overlaps(acb(arb(1).bessel_i(0)))
    True
    """
    size = abs(n)
    flip = -1 if sign < 0 and n < 0 and n % 2 else 1
    square = sign * x * x / 4
    reach = float(square.abs_upper())
    if not reach < MAX_SQUARE:
        raise NotAnalytic
    terms = max(24, isqrt(int(2 * reach)) + 8)
    total, term = acb(0), acb(1)
    for m in range(1, terms + 1):
        total += term
        term = term * square / (m * (m + size))
    rest = arb(0, (2 * term.abs_upper()).upper())
    total += acb(rest, rest)
    return flip * (x / 2) ** size * total / arb.fac_ui(size)
