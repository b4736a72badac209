"""A number that is proved: a midpoint, a radius, and how it was obtained.

The printed decimal with its printed radius always contains the truth: the radius
includes the rounding of the decimal, and is rounded up.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import inf, isinf, isnan
from numbers import Rational, Real
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpz

from numerics.numbers import flint_pickling  # noqa: F401 (balls can be pickled)
from numerics.numbers.decimals import decimal_text, round_up
from numerics.numbers.magnitudes import (
    LEADING_BITS,
    fraction,
    log2_above,
    log2_below,
    log2_of_fraction,
    magnitude,
    radius_above,
)
from numerics.numbers.precision import BITS_PER_DIGIT, working_precision
from theory.errors import Disagreement, NoConvergence, OutOfDomain
from theory.methods import FromAbove

MAX_PRINTED = 30
EXACT_BITS = 158


_INFINITY = arb("+inf")


@dataclass(frozen=True, slots=True, eq=False)
class Ball:
    """A proved enclosure of a real number.

    Attributes
    ----------
    value
        The enclosure, as FLINT's ball.
    rational
        The number itself, where it is known to be this rational; the radius is then 0.
    method
        How it was obtained, in words.

    Raises
    ------
    OutOfDomain
        When ``value`` is no ball of FLINT, or does not contain ``rational``.
    NoConvergence
        When the enclosure is not finite.
    """

    save = FromAbove("learnability")

    value: arb
    rational: fmpq | None = None
    method: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.value, arb):
            raise OutOfDomain(
                f"value = {self.value!r:.80}: must be a ball of FLINT (flint.arb); "
                "Ball.exact(q) takes a rational number"
            )
        if self.rational is not None and (
            not isinstance(self.rational, fmpq) or not self._holds(self.rational)
        ):
            raise OutOfDomain(
                f"rational = {self.rational!r:.80}: must be a rational number "
                f"(flint.fmpq) inside {self.value}"
            )
        if not self.value.is_finite() and not self.value == _INFINITY:
            raise NoConvergence(
                f"no finite enclosure: {self.method or 'a ball'} gave {self.value}"
            )

    def _holds(self, number: fmpq) -> bool:
        """Whether the enclosure holds a rational number, at any working precision."""
        size = (
            self.value.mid().man_exp()[0].bit_length() if self.value.is_finite() else 0
        )
        with working_precision(int(size) + EXACT_BITS):
            return bool(self.value.contains(number))

    @classmethod
    def exact(cls, number: fmpq | int, method: str = "exact") -> "Ball":
        """A rational number with radius 0."""
        number = fmpq(number)
        with working_precision(EXACT_BITS):
            return cls(arb(number), number, method)

    @classmethod
    def infinite(cls, method: str) -> "Ball":
        """+∞, as a limit that is known."""
        return cls(_INFINITY, None, method)

    @property
    def is_infinite(self) -> bool:
        """Whether this is the limit +∞."""
        return not self.value.is_finite()

    @property
    def is_exact(self) -> bool:
        """Whether the number itself is known, as a rational or a dyadic number."""
        return self.rational is not None or self.value.is_exact()

    @property
    def midpoint(self) -> Fraction:
        """The center, exactly."""
        if self.rational is not None:
            return Fraction(int(self.rational.p), int(self.rational.q))
        return fraction(self.value.mid())

    @property
    def radius(self) -> Fraction:
        """The radius, 0 for a rational number that is known; never below the ball's own."""
        if self.rational is not None:
            return Fraction(0)
        return radius_above(self.value.mid(), self.value.rad())

    @property
    def lower(self) -> Fraction:
        """A number that is not above the truth."""
        return self.midpoint - self.radius

    @property
    def upper(self) -> Fraction:
        """A number that is not below the truth."""
        return self.midpoint + self.radius

    @property
    def digits(self) -> float:
        """Proved significant digits: −log10 of the relative radius, ∞ when exact.

        The distance of the ball's nearer end from 0 counts, so that the error divided
        by the truth is below 10^−digits.
        """
        if self.is_infinite or self.is_exact:
            return inf
        middle, radius = self.value.mid(), self.value.rad()
        gap = log2_below(middle) - log2_above(radius)
        if gap < LEADING_BITS:
            nearest = abs(fraction(middle)) - fraction(radius)
            if nearest <= 0:
                return 0.0
            gap = log2_of_fraction(nearest) - log2_above(radius)
        return max(0.0, (gap - 1e-9) / BITS_PER_DIGIT)

    @property
    def log2_size(self) -> float:
        """log2 of the midpoint's absolute value, to about 12 decimals; −∞ at 0."""
        return log2_below(self.value.mid())

    @property
    def sign(self) -> int | None:
        """−1, 0 or 1 where the sign is proved, None where it is open."""
        if self.rational is not None:
            return (self.rational > 0) - (self.rational < 0)
        if self.value > 0:
            return 1
        if self.value < 0:
            return -1
        return 0 if self.value.is_zero() else None

    def at(self, bits: int) -> arb:
        """The enclosure for use at a working precision; exact numbers are re-rounded."""
        if self.rational is None:
            return self.value
        with working_precision(bits):
            return arb(self.rational)

    def contains(self, number: Any) -> bool:
        """Whether an exact number (int, Fraction) lies inside."""
        return self.lower <= Fraction(number) <= self.upper

    def overlaps(self, other: "Ball") -> bool:
        """Whether two enclosures have a point in common."""
        return self.lower <= other.upper and other.lower <= self.upper

    def __float__(self) -> float:
        if self.is_infinite:
            return inf
        middle = self.midpoint
        try:
            return middle.numerator / middle.denominator
        except OverflowError:
            return inf if middle > 0 else -inf

    def __lt__(self, other: "Ball | int | Fraction") -> bool:
        order = self._compare(other)
        return NotImplemented if order is None else order < 0

    def __gt__(self, other: "Ball | int | Fraction") -> bool:
        order = self._compare(other)
        return NotImplemented if order is None else order > 0

    def __le__(self, other: "Ball | int | Fraction") -> bool:
        order = self._compare(other)
        return NotImplemented if order is None else order <= 0

    def __ge__(self, other: "Ball | int | Fraction") -> bool:
        order = self._compare(other)
        return NotImplemented if order is None else order >= 0

    def __eq__(self, other: object) -> bool:
        order = self._compare(other)
        return NotImplemented if order is None else order == 0

    __hash__ = None  # type: ignore[assignment]  # comparison can be undecided

    def same_enclosure(self, other: "Ball") -> bool:
        """Whether both are one enclosure, which says nothing of the numbers inside.

        Examples
        --------
        >>> third = Ball(arb(1) / 3)
        >>> third.same_enclosure(Ball(arb(1) / 3)), third.same_enclosure(Ball(arb(0)))
        (True, False)
        """
        return (
            self.rational == other.rational
            and self.value.mid() == other.value.mid()
            and self.value.rad() == other.value.rad()
        )

    def _compare(self, other: Any) -> int | None:
        """−1, 0 or 1 as this is below, equal or above; None: ``other`` is no number."""
        ball = other if isinstance(other, Ball) else _ball_of_number(other)
        if ball is None:
            return None
        if isinstance(ball, int):  # an infinite number
            return 0 if self.is_infinite and ball > 0 else -ball
        if self.is_infinite or ball.is_infinite:
            return int(self.is_infinite) - int(ball.is_infinite)
        if self.upper < ball.lower:
            return -1
        if self.lower > ball.upper:
            return 1
        if self.is_exact and ball.is_exact:
            return 0
        raise Disagreement(
            f"{self} and {ball} overlap: the comparison is undecided; ask for more digits"
        )

    def decimal(self, digits: int = MAX_PRINTED) -> tuple[str, str]:
        """A decimal and a radius, as text, that together contain the truth.

        Parameters
        ----------
        digits
            Significant digits at most; fewer where fewer are proved.

        Examples
        --------
        >>> Ball.exact(fmpq(2, 3)).decimal(5)
        ('0.66667', '4e-6')
        """
        if self.is_infinite:
            return "inf", "0"
        if self.midpoint == 0 and self.radius == 0:
            return "0", "0"
        units, place = self._rounded(digits)
        shown = units * Fraction(10) ** place
        radius = abs(self.midpoint - shown) + self.radius
        return decimal_text(units, place, exact=not radius), round_up(radius)

    def _rounded(self, digits: int) -> tuple[int, int]:
        """The midpoint as an integer of units 10^place."""
        middle, radius = self.midpoint, self.radius
        largest = max(abs(middle), radius)
        place = magnitude(largest) - digits + 1
        if radius:
            place = max(place, magnitude(radius))
        units = round(middle / Fraction(10) ** place)
        if not radius and units and units * Fraction(10) ** place == middle:
            while units % 10 == 0:
                units, place = units // 10, place + 1
        return units, place

    def __str__(self) -> str:
        if self.is_infinite:
            return "inf"
        if self.midpoint == 0 and self.radius == 0:
            return "0"
        units, place = self._rounded(MAX_PRINTED)
        if self.sign is None or units == 0:
            return f"0 ± {round_up(self.radius + abs(self.midpoint))}"
        error = abs(self.midpoint - units * Fraction(10) ** place) + self.radius
        error_units = -((-error) // Fraction(10) ** place)
        text = decimal_text(units, place, exact=not error)
        if not error:
            return text
        head, e, exponent = text.partition("e")
        return f"{head}({error_units}){e}{exponent}"

    def __repr__(self) -> str:
        return f"Ball({self})"

    def latex(self) -> str:
        """The number with its radius in parentheses, in LaTeX."""
        if self.is_infinite:
            return r"\infty"
        text = str(self).replace("±", r"\pm")
        return re.sub(r"e(-?\d+)", r" \\times 10^{\1}", text)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def _ball_of_number(number: Any) -> Ball | int | None:
    """A real number as an exact ball, ±1 for ±∞, None for whatever is no number."""
    if isinstance(number, fmpq | fmpz):
        return Ball.exact(fmpq(number))
    if not isinstance(number, Rational | Real | Decimal):
        return None
    if isinstance(number, float | np.floating | Decimal):
        if isnan(number):
            return None
        if isinf(number):
            return 1 if number > 0 else -1
    try:
        value = Fraction(number)  # type: ignore[arg-type]  # a real type of another kind
    except (TypeError, ValueError, OverflowError):
        return None
    return Ball.exact(fmpq(value.numerator, value.denominator))


def ball_of(value: arb | fmpq | fmpz, method: str) -> Ball:
    """A value of the ball interpreter as a Ball."""
    if isinstance(value, arb):
        return Ball(value, None, method)
    return Ball.exact(fmpq(value), method)
