"""The power of a target by level, as text: ``1=1/2,3``."""

from sympy import Rational

from theory import OutOfDomain
from theory.numbers import integer, rational


def powers_of_text(text: str, argument: str) -> dict[int, Rational]:
    """Level → power from ``LEVEL=POWER``, joined by commas; a level alone has power 1.

    Parameters
    ----------
    text
        What was written.
    argument
        What to call it in an error.

    Raises
    ------
    OutOfDomain
        When a part has another form, a level is given twice, or a power is negative.

    Examples
    --------
    >>> powers_of_text("1=1/2,3", "target")
    {1: 1/2, 3: 1}
    """
    powers: dict[int, Rational] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not name or (equals and not value):
            raise OutOfDomain(
                f"{argument} = {text}: {part!r} is not of the form LEVEL=POWER"
            )
        level = integer(name, "target level")
        if level in powers:
            raise OutOfDomain(f"{argument} = {text}: level {level} is given twice")
        powers[level] = rational(value or "1", f"power of target level {name}", least=0)
    return powers
