"""Decimals as text: a number in units of a power of ten, and a radius rounded up."""

from fractions import Fraction

from flint import fmpz

from numerics.numbers.magnitudes import magnitude


def decimal_text(units: int, place: int, *, exact: bool) -> str:
    """Units of 10^place as a decimal: plain near 1, scientific elsewhere.

    Only an exact number is written with zeros that are not units.

    Examples
    --------
    >>> decimal_text(1234, -2, exact=False), decimal_text(12, 20, exact=False)
    ('12.34', '1.2e21')
    """
    # FLINT writes whole numbers of any length; Python stops at 4300 digits
    sign, digits = ("-" if units < 0 else ""), fmpz(abs(units)).str()
    top = len(digits) - 1 + place
    if -4 < top < 16 and (place <= 0 or exact):
        if place >= 0:
            return sign + digits + "0" * place
        padded = digits.rjust(1 - place, "0")
        return f"{sign}{padded[:place]}.{padded[place:]}"
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{top}"


def round_up(radius: Fraction) -> str:
    """A radius with one digit, rounded up.

    Examples
    --------
    >>> round_up(Fraction(1234, 10**6)), round_up(Fraction(0))
    ('2e-3', '0')
    """
    if radius == 0:
        return "0"
    e = magnitude(radius)
    units = -((-radius) // Fraction(10) ** e)
    if units >= 10:
        units, e = 1, e + 1
    return f"{units}e{e}" if e else str(units)
