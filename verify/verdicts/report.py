"""What became of a claim: verdict, effective checks, effect size, counterexample."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from verify.verdicts.verdict import Verdict, combine

NOTHING_CHECKED = "no check was effective: nothing has been tested"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one claim; it prints as text and converts to json.

    A report without effective checks is inconclusive, whatever was meant: a test that
    tested nothing must not look like a success.

    Attributes
    ----------
    claim
        The statement, as a sentence.
    verdict
        Confirmed, refuted, inconclusive, or not run.
    checks
        Effective checks: comparisons that could have failed.
    name
        Short name, such as ``conservation/ridge``.
    effect
        The largest deviation met, or what bounds it, in words.
    seed, seconds
        How to repeat it, and how long it took.
    counterexample
        Python code of the smallest counterexample found.
    reason
        Why it is not confirmed, or what a reader should know.

    Examples
    --------
    >>> print(Report("2 + 2 = 4", Verdict.CONFIRMED, checks=0, name="sum"))
    inconclusive  sum: 2 + 2 = 4
        0 effective checks
        no check was effective: nothing has been tested
    """

    claim: str
    verdict: Verdict
    checks: int
    name: str = ""
    effect: str = ""
    seed: int | None = None
    seconds: float = 0.0
    counterexample: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.checks == 0 and self.verdict not in {Verdict.REFUTED, Verdict.NOT_RUN}:
            object.__setattr__(self, "verdict", Verdict.INCONCLUSIVE)
            object.__setattr__(self, "reason", self.reason or NOTHING_CHECKED)

    @property
    def exit_code(self) -> int:
        """0 confirmed, 1 refuted, 3 inconclusive or not run."""
        return self.verdict.exit_code

    def to_json(self) -> dict[str, Any]:
        """Plain data, ready for ``json.dumps``."""
        return asdict(self) | {"verdict": str(self.verdict)}

    @classmethod
    def not_run(cls, claim: str, name: str, reason: str) -> "Report":
        """A claim that could not be tested here, which is never a success.

        Examples
        --------
        >>> print(Report.not_run("a claim", "oracle/live", "no network"))
        NOT RUN  oracle/live: a claim
            0 effective checks
            no network
        """
        return cls(claim, Verdict.NOT_RUN, 0, name=name, reason=reason)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Report":
        """The report that ``to_json`` wrote.

        Examples
        --------
        >>> report = Report("a claim", Verdict.REFUTED, checks=3, seed=1)
        >>> Report.from_json(report.to_json()) == report
        True
        """
        return cls(**{**data, "verdict": Verdict(data["verdict"])})

    def __str__(self) -> str:
        counted = f"{self.checks} effective check{'' if self.checks == 1 else 's'}"
        facts = [counted]
        if self.effect:
            facts.append(self.effect)
        if self.seed is not None:
            facts.append(f"seed {self.seed}")
        if self.seconds:
            facts.append(f"{self.seconds:.2f} s")
        title = f"{self.name}: {self.claim}" if self.name else self.claim
        lines = [f"{self.verdict}  {title}", "    " + ", ".join(facts)]
        if self.reason:
            lines.append("    " + self.reason)
        if self.counterexample:
            lines += ["    counterexample:"]
            lines += ["        " + line for line in self.counterexample.splitlines()]
        return "\n".join(lines)


def overall(reports: Iterable[Report]) -> Verdict:
    """The verdict on all claims together; without claims it is inconclusive."""
    return combine(report.verdict for report in reports)


def as_text(reports: Iterable[Report], notes: Iterable[str] = ()) -> str:
    """All reports, notes on the run, and a last line that sums the reports up.

    Examples
    --------
    >>> print(as_text([Report("1 = 1", Verdict.CONFIRMED, checks=5, name="one")]))
    confirmed  one: 1 = 1
        5 effective checks
    confirmed: 1 claim, 5 effective checks
    """
    listed = list(reports)
    checks = sum(report.checks for report in listed)
    claims = f"{len(listed)} claim{'' if len(listed) == 1 else 's'}"
    last = f"{overall(listed)}: {claims}, {checks} effective checks"
    return "\n".join([*map(str, listed), *notes, last])


def as_json(reports: Iterable[Report], notes: Iterable[str] = ()) -> str:
    """All reports, the overall verdict, and notes on the run, as json text.

    Examples
    --------
    >>> json.loads(as_json([]))
    {'verdict': 'inconclusive', 'reports': [], 'notes': []}
    """
    listed = list(reports)
    data = {
        "verdict": str(overall(listed)),
        "reports": [report.to_json() for report in listed],
        "notes": list(notes),
    }
    return json.dumps(data, indent=2, ensure_ascii=False)
