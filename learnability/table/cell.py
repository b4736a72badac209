"""What a cell holds, and how a number is spelled without claiming too much."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import isfinite, isinf
from typing import Any

from flint import arb, fmpq

from numerics.numbers.ball import Ball
from numerics.numbers.precision import working_precision
from theory.numbers import rational, text_of

ESTIMATE_DIGITS = 2
EXACT_DIGITS = 40
FLOAT_BITS = 80


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number measured with a standard error, by simulation."""

    value: float
    error: float
    method: str = "standard error"


@dataclass(frozen=True, slots=True)
class Symbolic:
    """An expression: as text, and as LaTeX."""

    text: str
    latex: str


Cell = str | int | Fraction | Ball | Estimate | Symbolic | None


def as_fraction(number: Any) -> Fraction:
    """An exact number of SymPy or Python as a fraction.

    Examples
    --------
    >>> as_fraction("0.01")
    Fraction(1, 100)
    """
    value = rational(number, "number")
    return Fraction(int(value.p), int(value.q))


@dataclass(frozen=True, slots=True)
class Spelled:
    """A decimal and its radius as text; radius "0" where the decimal is the number."""

    decimal: str
    radius: str

    @property
    def uncertainty(self) -> int:
        """The radius in units of the decimal's last place, rounded up.

        Examples
        --------
        >>> Spelled("0.66667", "4e-6").uncertainty
        1
        """
        mantissa, _, exponent = self.decimal.partition("e")
        place = int(exponent or 0) - len(mantissa.partition(".")[2])
        return -((-Fraction(self.radius)) // Fraction(10) ** place)

    def short(self) -> str:
        """The number with its uncertainty in parentheses.

        Examples
        --------
        >>> Spelled("1.2340e-5", "3e-9").short(), Spelled("0", "2e-40").short()
        ('1.2340(3)e-5', '0 ± 2e-40')
        """
        if self.decimal == "inf" or self.radius == "0":
            return self.decimal
        if _is_zero(self.decimal):
            return f"0 ± {self.radius}"
        mantissa, e, exponent = self.decimal.partition("e")
        return f"{mantissa}({self.uncertainty}){e}{exponent}"


def from_float(value: float, relative_error: float) -> Ball:
    """A float64 with its error statement, as an enclosure of the number it stands for.

    Examples
    --------
    >>> from_float(0.5, 1e-3).contains("0.5004")
    True
    """
    if isinf(value):
        return Ball.infinite("float64")
    if value == 0:
        return Ball.exact(0, "float64")
    with working_precision(FLOAT_BITS):
        radius = arb(abs(value)) * arb(relative_error)
        return Ball(arb(value) + radius * arb(0, 1), None, "float64")


def within(error: float) -> Ball:
    """0 with its error statement.

    Examples
    --------
    >>> within(1e-3).contains("0.0004")
    True
    """
    with working_precision(FLOAT_BITS):
        return Ball(arb(error) * arb(0, 1), None, "float64")


def spell(cell: int | Fraction | Ball | Estimate, digits: int) -> Spelled:
    """A number to ``digits`` significant digits, or fewer where fewer are known.

    Examples
    --------
    >>> spell(Fraction(2, 3), 4), spell(Estimate(1.23456, 0.0123), 6).short()
    (Spelled(decimal='0.6667', radius='4e-5'), '1.235(13)')
    """
    if isinstance(cell, int):
        return Spelled(text_of(cell), "0")
    if isinstance(cell, Fraction):
        cell = Ball.exact(fmpq(cell.numerator, cell.denominator))
    if isinstance(cell, Estimate):
        return _estimate(cell, digits)
    decimal, radius = cell.decimal(digits)
    if _is_zero(decimal):
        return Spelled("0", radius)
    return Spelled(_trimmed(decimal) if radius == "0" else decimal, radius)


def spell_fully(cell: int | Fraction | Ball | Estimate, digits: int) -> Spelled:
    """A number for machines: two digits more than asked; exact where it is a decimal.

    Examples
    --------
    >>> spell_fully(Fraction(1, 4), 30).decimal, spell_fully(Fraction(1, 3), 1).decimal
    ('0.25', '0.333')
    """
    if isinstance(cell, Fraction) or (isinstance(cell, Ball) and cell.is_exact):
        full = spell(cell, max(digits + 2, EXACT_DIGITS))
        if full.radius == "0":
            return full
    return spell(cell, digits + 2)


def exact_text(number: Fraction) -> str:
    """A rational number as a decimal where it is one, as a fraction otherwise.

    Examples
    --------
    >>> exact_text(Fraction(1, 100)), exact_text(Fraction(3, 7))
    ('0.01', '3/7')
    """
    full = spell(number, EXACT_DIGITS)
    return full.decimal if full.radius == "0" else text_of(number)


def _is_zero(decimal: str) -> bool:
    """Whether a decimal of any length is 0."""
    return not decimal.partition("e")[0].strip("-0.")


def _trimmed(decimal: str) -> str:
    """A decimal without zeros at its end."""
    mantissa, e, exponent = decimal.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}{e}{exponent}"


def _estimate(cell: Estimate, digits: int) -> Spelled:
    if not isfinite(cell.value):
        return Spelled("inf" if cell.value > 0 else str(cell.value), "0")
    value, error = Decimal(repr(cell.value)), Decimal(repr(cell.error))
    if not isfinite(cell.error) or cell.error == 0:
        return Spelled(f"{cell.value:.{digits}g}", "0")
    place = max(
        error.adjusted() - ESTIMATE_DIGITS + 1,
        max(value.adjusted(), error.adjusted()) - digits + 1,
    )
    shift = max(value.adjusted(), error.adjusted())
    if not -4 <= shift < 16:
        inner = _estimate(
            Estimate(float(value.scaleb(-shift)), float(error.scaleb(-shift))), digits
        )
        radius = str(Decimal(inner.radius).scaleb(shift))
        return Spelled(f"{inner.decimal}e{shift}", radius)
    unit = Decimal(1).scaleb(place)
    radius = (error / unit).quantize(Decimal(1), ROUND_CEILING)
    shown = value.quantize(unit) if place <= 0 else (value / unit).quantize(1) * unit
    return Spelled(f"{shown:f}", f"{radius}e{place}")
