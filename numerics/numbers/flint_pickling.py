"""FLINT's numbers written and read back bit by bit, which python-flint leaves out.

Whatever holds a ball (a level, a spectrum, a prediction) can then be pickled, copied
deeply and sent to another process; reading it there imports this module.
"""

import copyreg
from typing import Any

from flint import arb, fmpq, fmpz

RADIUS_BITS = 30
Dyadic = tuple[int, int] | str
"""Mantissa and exponent of two, or the name of what is not finite."""


def dyadic(endpoint: arb) -> Dyadic:
    """An exact endpoint as mantissa and exponent; ``inf``, ``-inf`` or ``nan`` by name.

    Examples
    --------
    >>> dyadic(arb(0.75)), dyadic(arb("-inf"))
    ((3, -2), '-inf')
    """
    if endpoint.is_finite():
        mantissa, exponent = endpoint.man_exp()
        return int(mantissa), int(exponent)
    if endpoint.is_nan():
        return "nan"
    return "inf" if endpoint > 0 else "-inf"


def arb_of(middle: Dyadic, radius: Dyadic) -> arb:
    """The ball with that midpoint and radius, exactly, at any working precision.

    Examples
    --------
    >>> bool(arb_of((3, -2), (0, 0)) == arb(0.75))
    True
    """
    center, spread = _exact(middle), _exact(radius)
    if not spread.is_finite() or spread.is_zero():
        return arb(center, spread)
    # FLINT adds one unit in the last of 30 bits to every radius that it is given
    mantissa, exponent = radius
    shift = RADIUS_BITS - int(mantissa).bit_length()
    if shift >= 0:
        near = ((int(mantissa) << shift + 1) - 1, int(exponent) - shift - 1)
        found = arb(center, _exact(near))
        if found.rad() == spread:
            return found
    return arb(center, spread)


def _exact(end: Dyadic) -> arb:
    return arb(end) if isinstance(end, str) else arb((fmpz(end[0]), fmpz(end[1])))


def _reduce_arb(ball: arb) -> tuple[Any, ...]:
    return arb_of, (dyadic(ball.mid()), dyadic(ball.rad()))


def _reduce_fmpq(number: fmpq) -> tuple[Any, ...]:
    return fmpq, (int(number.p), int(number.q))


def _reduce_fmpz(number: fmpz) -> tuple[Any, ...]:
    return fmpz, (int(number),)


for _kind, _reduce in ((arb, _reduce_arb), (fmpq, _reduce_fmpq), (fmpz, _reduce_fmpz)):
    copyreg.pickle(_kind, _reduce)  # type: ignore[arg-type]  # flint has no stubs for it
