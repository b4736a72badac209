"""Lists on the command line: ``3``, ``a:b``, ``a:b:step``, ``log:a:b:m``, and commas.

``log:a:b:m`` is m points with equal ratios from a to b. For n they are rounded down to
whole numbers and duplicates are dropped; for ridge and noise they are rounded to six
significant digits. The rounded decimal is the exact value that is used.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sympy import Rational

from numerics.targets.target_reading import is_written_function, read_target
from numerics.targets.written_powers import powers_of_text
from theory.errors import OutOfDomain
from theory.numbers import integer, rational

MAX_ITEMS = 100_000
MAX_LOG_POINTS = 2_000
MAX_POWER_BITS = 2_000_000
LOG_DIGITS = 6


def numbers(text: str, argument: str, *, whole: bool = False) -> list[Rational]:
    """The exact numbers of a list.

    Parameters
    ----------
    text
        The list.
    argument
        What to call it in an error.
    whole
        Whether points of ``log:`` are rounded down to whole numbers.

    Raises
    ------
    OutOfDomain
        When the list is malformed, empty or too long.

    Examples
    --------
    >>> numbers("3,1:3,0:1:1/2", "n")
    [3, 1, 2, 3, 0, 1/2, 1]
    >>> numbers("log:1:256:9", "n", whole=True)
    [1, 2, 4, 8, 16, 32, 64, 128, 256]
    """
    found: list[Rational] = []
    for part in text.split(","):
        for value in _part(part.strip(), argument, whole):
            found.append(value)
            if len(found) > MAX_ITEMS:
                raise OutOfDomain(f"{argument} = {text}: more than {MAX_ITEMS} values")
    return found


def levels(text: str, argument: str = "--levels") -> list[int]:
    """Whole numbers of a list, none of them twice.

    Examples
    --------
    >>> levels("0:3,7")
    [0, 1, 2, 3, 7]
    """
    found = [integer(value, "level") for value in numbers(text, argument, whole=True)]
    for position, level in enumerate(sorted(found)[1:]):
        if level == sorted(found)[position]:
            raise OutOfDomain(f"{argument} = {text}: level {level} is given twice")
    return found


def target(text: str, domain: Any = None) -> Any:
    """The target of the option ``--target``.

    Parameters
    ----------
    text
        ``1=1,3=1/2``, ``expr:`` and a function, or ``values:FILE``.
    domain
        Where it lives; without a domain a function stays text, to be read when it is known.

    Examples
    --------
    >>> target("1,3=1/2"), target("expr:x1*x2")
    ({1: 1, 3: 1/2}, 'expr:x1*x2')
    """
    if domain is not None:
        return read_target(text, domain, "--target")
    return text if is_written_function(text) else powers_of_text(text, "--target")


def _part(part: str, argument: str, whole: bool) -> Iterator[Any]:
    if not part:
        raise OutOfDomain(f"{argument}: an empty item in the list")
    pieces = part.split(":")
    if pieces[0] == "log":
        return _logarithmic(part, pieces[1:], argument, whole)
    if len(pieces) > 3:
        raise OutOfDomain(f"{argument} = {part} is not of the form a:b or a:b:step")
    return _range(part, [rational(piece, argument) for piece in pieces], argument)


def _range(part: str, ends: list[Any], argument: str) -> Iterator[Any]:
    start, stop = ends[0], ends[1] if len(ends) > 1 else ends[0]
    step = ends[2] if len(ends) > 2 else Rational(1)
    if step <= 0:
        raise OutOfDomain(f"{argument} = {part}: the step {step} must be positive")
    if stop < start:
        raise OutOfDomain(f"{argument} = {part} is empty: {stop} is below {start}")
    count = (stop - start) // step + 1
    if count > MAX_ITEMS:
        raise OutOfDomain(f"{argument} = {part}: more than {MAX_ITEMS} values")
    while start <= stop:
        yield start
        start += step


def _logarithmic(
    part: str, pieces: list[str], argument: str, whole: bool
) -> Iterator[Any]:
    if len(pieces) != 3:
        raise OutOfDomain(f"{argument} = {part} is not of the form log:a:b:m")
    start = rational(pieces[0], argument, positive=True)
    stop = rational(pieces[1], argument)
    count = integer(pieces[2], f"{argument} = {part}: m", least=2, most=MAX_LOG_POINTS)
    if stop <= start:
        raise OutOfDomain(f"{argument} = {part}: {stop} must be above {start}")
    if whole and start < 1:
        raise OutOfDomain(
            f"{argument} = {part}: must start at 1 or above, for whole numbers"
        )
    first, last = Fraction(start.p, start.q), Fraction(stop.p, stop.q)
    bits = sum(x.bit_length() for x in (start.p, start.q, stop.p, stop.q))
    if bits * count > MAX_POWER_BITS:
        raise OutOfDomain(
            f"{argument} = {part[:60]}: m = {count} powers of {bits} bits are too long"
        )
    previous = None
    for position in range(count):
        power = first ** (count - 1 - position) * last**position
        value = _root(power, count - 1) if whole else _rounded_root(power, count - 1)
        if value != previous:
            yield Rational(value.numerator, value.denominator)
        previous = value


def _root(power: Fraction, order: int) -> int:
    """The largest whole number whose ``order``-th power is at most ``power``."""
    low, high = 0, 1 << (int(power).bit_length() // order + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**order <= power else (low, middle)
    return low


def _rounded_root(power: Fraction, order: int) -> Fraction:
    """The root to six significant digits: nearest, and exact where it is a decimal."""
    scale = Fraction(1)
    while power * scale**order >= 10 ** (order * LOG_DIGITS):
        scale /= 10
    while power * scale**order < 10 ** (order * (LOG_DIGITS - 1)):
        scale *= 10
    doubled = _root(power * (2 * scale) ** order, order)
    return Fraction((doubled + 1) // 2) / scale
