"""How many roots the implicit equation has: one below the number of modes, or none."""

from typing import Any

from numerics.spectra.spectrum import Spectrum
from theory.errors import Disagreement
from theory.numbers import shortened


def require_decided(s: Spectrum, n: Any, where: str = "") -> None:
    """Refuse an n of which it is open, without ridge, whether it reaches N.

    Below N the constant is the equation's root. From N on it is 0: the limit of a ridge
    that falls to 0. ``where`` says which entries of an array these are.

    Raises
    ------
    Disagreement
        When n is at least the number of modes that are proved positive, and more may be.

    Examples
    --------
    >>> require_decided(Spectrum.from_levels([(1, 3)]), 4)
    """
    if n < s.modes or not s.is_open:
        return
    listed = ", ".join(map(str, s.undecided[:8]))
    listed += ", …" if len(s.undecided) > 8 else ""
    which = (
        f"the sign of levels {listed} is open"
        if s.undecided
        else f"the sign of the levels above {s.levels[-1].index} is open"
    )
    raise Disagreement(
        f"n = {shortened(n)}{where}: {which}, so it is unknown "
        f"whether n is below the number of modes, which is at least {s.modes}; "
        "ask for more digits, take n below it, or add a ridge"
    )
