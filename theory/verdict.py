"""Three answers to a claim (confirmed, refuted, inconclusive), and that it was not asked."""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What a check found. Inconclusive is neither a pass nor a failure.

    Not run is no answer at all: what a check needs is missing, and its reason says what.

    Examples
    --------
    >>> Verdict.REFUTED.exit_code, str(Verdict.INCONCLUSIVE)
    (1, 'inconclusive')
    """

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    NOT_RUN = "NOT RUN"

    @property
    def exit_code(self) -> int:
        """What a command exits with: 0 confirmed, 1 refuted, 3 inconclusive or not run."""
        return {"confirmed": 0, "refuted": 1}.get(self.value, 3)


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """One refutation refutes; one open question, or one not asked, leaves it open.

    Examples
    --------
    >>> print(combine([Verdict.CONFIRMED, Verdict.INCONCLUSIVE]))
    inconclusive
    >>> print(combine([Verdict.CONFIRMED, Verdict.NOT_RUN]))
    NOT RUN
    >>> print(combine([]))
    inconclusive
    """
    found = set(verdicts)
    for worst in (
        Verdict.REFUTED,
        Verdict.INCONCLUSIVE,
        Verdict.NOT_RUN,
        Verdict.CONFIRMED,
    ):
        if worst in found:
            return worst
    return Verdict.INCONCLUSIVE
