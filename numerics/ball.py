"""A number that is proved: a midpoint, a radius, and how it was obtained.

The printed decimal with its printed radius always contains the truth: the radius
includes the rounding of the decimal, and is rounded up.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

from flint import arb, fmpq, fmpz

from numerics.precision import working_precision
from theory import Disagreement

MAX_PRINTED = 30
EXACT_BITS = 30


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
    e = int((p.bit_length() - q.bit_length()) * 0.30102999566398120)
    while Fraction(10) ** e > Fraction(p, q):
        e -= 1
    while Fraction(10) ** (e + 1) <= Fraction(p, q):
        e += 1
    return e


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
    """

    value: arb
    rational: fmpq | None = None
    method: str = ""

    @classmethod
    def exact(cls, number: fmpq | int, method: str = "exact") -> "Ball":
        """A rational number with radius 0."""
        number = fmpq(number)
        with working_precision(EXACT_BITS + 128):
            return cls(arb(number), number, method)

    @classmethod
    def infinite(cls, method: str) -> "Ball":
        """+∞, as a limit that is known."""
        return cls(arb("+inf"), None, method)

    @property
    def is_infinite(self) -> bool:
        """Whether this is the limit +∞."""
        return not self.value.is_finite()

    @property
    def midpoint(self) -> Fraction:
        """The center, exactly."""
        if self.rational is not None:
            return Fraction(int(self.rational.p), int(self.rational.q))
        return fraction(self.value.mid())

    @property
    def radius(self) -> Fraction:
        """The radius, exactly; 0 for a rational number that is known."""
        return Fraction(0) if self.rational is not None else fraction(self.value.rad())

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
        """Proved significant digits: −log10 of the relative radius, ∞ when exact."""
        if self.is_infinite or self.radius == 0:
            return inf
        smallest = min(abs(self.lower), abs(self.upper))
        if self.lower <= 0 <= self.upper:
            return 0.0
        ratio = self.radius / smallest
        return max(0.0, -(magnitude(ratio) + 1.0) + _leading(ratio))

    @property
    def sign(self) -> int | None:
        """−1, 0 or 1 where the sign is proved, None where it is open."""
        if self.is_infinite or self.lower > 0:
            return 1
        if self.upper < 0:
            return -1
        return 0 if self.radius == 0 else None

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
        return self._compare(other) < 0

    def __gt__(self, other: "Ball | int | Fraction") -> bool:
        return self._compare(other) > 0

    def __le__(self, other: "Ball | int | Fraction") -> bool:
        return self._compare(other) <= 0

    def __ge__(self, other: "Ball | int | Fraction") -> bool:
        return self._compare(other) >= 0

    def __eq__(self, other: object) -> bool:
        return self._compare(other) == 0

    __hash__ = None  # type: ignore[assignment]  # comparison can be undecided

    def _compare(self, other: Any) -> int:
        ball = other if isinstance(other, Ball) else Ball.exact(fmpq(*_ratio(other)))
        if self.is_infinite or ball.is_infinite:
            return int(self.is_infinite) - int(ball.is_infinite)
        if self.upper < ball.lower:
            return -1
        if self.lower > ball.upper:
            return 1
        if self.radius == 0 and ball.radius == 0:
            return 0
        msg = f"{self} and {ball} overlap: the comparison is undecided; ask for more digits"
        raise Disagreement(msg)

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
        return _decimal(units, place), _round_up(radius)

    def _rounded(self, digits: int) -> tuple[int, int]:
        """The midpoint as an integer of units 10^place."""
        middle, radius = self.midpoint, self.radius
        largest = max(abs(middle), radius)
        place = magnitude(largest) - digits + 1
        if radius:
            place = max(place, magnitude(radius))
        return round(middle / Fraction(10) ** place), place

    def __str__(self) -> str:
        if self.is_infinite:
            return "inf"
        if self.midpoint == 0 and self.radius == 0:
            return "0"
        units, place = self._rounded(MAX_PRINTED)
        if self.midpoint == 0 or units == 0:
            return f"0 ± {_round_up(self.radius + abs(self.midpoint))}"
        error = abs(self.midpoint - units * Fraction(10) ** place) + self.radius
        error_units = -((-error) // Fraction(10) ** place)
        text = _decimal(units, place)
        if not error:
            return text
        head, e, exponent = text.partition("e")
        return f"{head}({error_units}){e}{exponent}"

    def __repr__(self) -> str:
        return f"Ball({self})"


def _ratio(number: Any) -> tuple[int, int]:
    value = Fraction(number)
    return value.numerator, value.denominator


def _leading(ratio: Fraction) -> float:
    """How far the ratio stays below the next power of ten, in digits."""
    from math import log10

    scaled = ratio / Fraction(10) ** magnitude(ratio)
    return 1.0 - log10(float(scaled))


def _decimal(units: int, place: int) -> str:
    """Units of 10^place as a decimal: plain near 1, scientific elsewhere."""
    sign, digits = ("-" if units < 0 else ""), str(abs(units))
    top = len(digits) - 1 + place
    if -4 < top < 16 and place <= 0:
        if place == 0:
            return sign + digits
        padded = digits.rjust(1 - place, "0")
        return f"{sign}{padded[:place]}.{padded[place:]}"
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{top}"


def _round_up(radius: Fraction) -> str:
    """A radius with one digit, rounded up."""
    if radius == 0:
        return "0"
    e = magnitude(radius)
    units = -((-radius) // Fraction(10) ** e)
    if units >= 10:
        units, e = 1, e + 1
    return f"{units}e{e}" if e else str(units)


def ball_of(value: arb | fmpq | fmpz, method: str) -> Ball:
    """A value of the ball interpreter as a Ball."""
    if isinstance(value, arb):
        return Ball(value, None, method)
    return Ball.exact(fmpq(value), method)
