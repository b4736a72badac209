"""Three answers to a claim: confirmed, refuted, inconclusive."""

from collections.abc import Iterable
from enum import Enum


class Verdict(Enum):
    """What a check found. Inconclusive is neither a pass nor a failure.

    Examples
    --------
    >>> Verdict.REFUTED.exit_code, str(Verdict.INCONCLUSIVE)
    (1, 'inconclusive')
    """

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"

    def __str__(self) -> str:
        return self.value

    @property
    def exit_code(self) -> int:
        """What a command exits with: 0 confirmed, 1 refuted, 3 inconclusive."""
        return {"confirmed": 0, "refuted": 1, "inconclusive": 3}[self.value]


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """One refutation refutes; one open question leaves it open; nothing is nothing.

    Examples
    --------
    >>> print(combine([Verdict.CONFIRMED, Verdict.INCONCLUSIVE]))
    inconclusive
    >>> print(combine([]))
    inconclusive
    """
    found = set(verdicts)
    for worst in (Verdict.REFUTED, Verdict.INCONCLUSIVE, Verdict.CONFIRMED):
        if worst in found:
            return worst
    return Verdict.INCONCLUSIVE
