"""Numbers are exact: 0.01 is 1/100, in text and from a Python float alike."""

import math
import warnings
from fractions import Fraction
from numbers import Integral
from typing import Any

from flint import fmpq, fmpz
from sympy import Expr, Integer, Rational
from sympy.printing.str import StrPrinter

from theory.errors import OutOfDomain
from theory.parser import parse_expression

Number = int | float | str | Fraction | Expr


def exact(value: Any, argument: str) -> Expr:
    """The exact rational that ``value`` means; symbols pass through unchanged.

    A Python float means its shortest decimal (0.1 is 1/10), with a warning where that
    decimal has more than 12 digits.

    Raises
    ------
    OutOfDomain
        When the value is not a finite number.

    Examples
    --------
    >>> exact("1e-3", "ridge"), exact(0.01, "ridge"), exact("2^10 - 1", "n")
    (1/1000, 1/100, 1023)
    """
    if isinstance(value, bool):
        raise OutOfDomain(f"{argument} = {value!r} is not a number")
    if isinstance(value, str):
        value = parse_expression(value, {}, argument)
    if isinstance(value, Integral):
        return Integer(int(value))
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    if isinstance(value, fmpz | fmpq):
        return Rational(int(fmpq(value).p), int(fmpq(value).q))
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return exact(value.item(), argument)
    if isinstance(value, float):
        return _float(value, argument)
    if isinstance(value, Expr):
        if value.is_Float:
            return _float(float(value), argument)
        if value.is_number and not value.is_finite:
            raise OutOfDomain(f"{argument} = {value} is not a finite number")
        return value
    raise OutOfDomain(f"{argument} = {value!r} is not a number")


def rational(
    value: Any, argument: str, *, least=None, positive: bool = False
) -> Rational:
    """An exact rational number, at least ``least``, or positive where that is asked.

    Raises
    ------
    OutOfDomain
        When it is not rational or too small; the message names the argument.

    Examples
    --------
    >>> rational("3/7", "ridge", least=0)
    3/7
    """
    number = exact(value, argument)
    if not isinstance(number, Rational):
        raise OutOfDomain(f"{argument} = {shortened(value)} is not a rational number")
    if positive and not number > 0:
        raise OutOfDomain(f"{argument} = {shortened(value)} must be positive")
    if least is not None and number < least:
        raise OutOfDomain(f"{argument} = {shortened(value)} must be at least {least}")
    return number


def integer(
    value: Any, argument: str, *, least: int = 0, most: int | None = None
) -> int:
    """A whole number between ``least`` and ``most``, both included.

    Raises
    ------
    OutOfDomain
        When it is not whole or out of range; the message names the argument.

    Examples
    --------
    >>> integer("8", "d", least=1)
    8
    """
    number = value if type(value) is int else exact(value, argument)
    if isinstance(number, Integer):
        number = int(number)
    if (
        not isinstance(number, int)
        or number < least
        or (most is not None and number > most)
    ):
        span = f"at least {least}" if most is None else f"in {least}..{most}"
        raise OutOfDomain(
            f"{argument} = {shortened(value)} must be a whole number {span}"
        )
    return number


def text_of(number: Any) -> str:
    """A number or an expression as text, its whole numbers of any length.

    Python and SymPy refuse to write more than 4300 digits; FLINT writes them all.

    Examples
    --------
    >>> text_of(Rational(1, 3)), len(text_of(10**6000)), text_of(Fraction(-1, 2))
    ('1/3', 6001, '-1/2')
    """
    if isinstance(number, int):
        return fmpz(number).str()
    if isinstance(number, Fraction):
        return fmpq(number.numerator, number.denominator).str()
    return _AnyLength().doprint(number) if isinstance(number, Expr) else str(number)


class _AnyLength(StrPrinter):
    """SymPy's text with whole numbers of any length."""

    def _print_Integer(self, expr: Integer) -> str:
        return fmpz(int(expr)).str()

    def _print_Rational(self, expr: Rational) -> str:
        return fmpq(int(expr.p), int(expr.q)).str()


def shortened(number: Any, most: int = 60) -> str:
    """A number as messages quote it: its text, or the ends of a long one.

    Examples
    --------
    >>> shortened(12), shortened("1e-3"), shortened(10**6000)
    ('12', '1e-3', '1000000000000000000000000...0000 (6001 characters)')
    """
    text = text_of(number)
    if len(text) <= most:
        return text
    return f"{text[:25]}...{text[-4:]} ({len(text)} characters)"


def _float(value: float, argument: str) -> Expr:
    if not math.isfinite(value):
        raise OutOfDomain(f"{argument} = {value} is not a finite number")
    shortest = Fraction(repr(value))
    digits = len(repr(value).lower().partition("e")[0].replace(".", "").strip("-0"))
    if digits > 12:
        warnings.warn(
            f"{argument} = {value!r} is taken as exactly this decimal; "
            "pass a string or a fraction to say what you mean",
            stacklevel=3,
        )
    return Rational(shortest.numerator, shortest.denominator)
