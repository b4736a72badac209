"""A derivation as a list of steps, and what checking all of them found."""

from dataclasses import dataclass

from theory.derivations.steps.step import Step, StepReport
from theory.derivations.steps.writing import as_latex, as_text
from theory.printing import Shown
from theory.source import OURS, Source
from theory.verdict import Verdict


@dataclass(frozen=True, slots=True)
class CheckedDerivation:
    """The reports of all steps, and the verdict on the whole.

    Attributes
    ----------
    name
        The derivation.
    reports
        One per step, in order.
    """

    name: str
    reports: tuple[StepReport, ...]

    @property
    def verdict(self) -> Verdict:
        """Refuted if any step is, confirmed if all are."""
        verdicts = {report.verdict for report in self.reports}
        if Verdict.REFUTED in verdicts:
            return Verdict.REFUTED
        return (
            Verdict.CONFIRMED
            if verdicts == {Verdict.CONFIRMED}
            else Verdict.INCONCLUSIVE
        )

    def __bool__(self) -> bool:
        return self.verdict == Verdict.CONFIRMED

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.verdict}"]
        lines += [f"  {k}. {report}" for k, report in enumerate(self.reports, 1)]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, repr=False)
class FinishedDerivation(Shown):
    """A theorem or a formula, derived in steps that a machine checks.

    Attributes
    ----------
    name
        Its name in ``derive``.
    title
        What is derived, in words.
    setting
        What is given before the first step: notation and hypotheses.
    steps
        The steps, in order.
    source
        Where the result was published, or our own derivation.
    """

    name: str
    title: str
    setting: str
    steps: tuple[Step, ...]
    source: Source = OURS

    def check(self) -> CheckedDerivation:
        """Check every step."""
        return CheckedDerivation(self.name, tuple(step.check() for step in self.steps))

    def latex(self, *, document: bool = False) -> str:
        """The derivation as a section of an appendix, or as a whole document."""
        return as_latex(self, document=document)

    def _repr_latex_(self) -> str:
        lines = [rf"&{step.latex()} && \text{{{step.status}}}" for step in self.steps]
        return "$$\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}$$"

    def _line(self) -> str:
        return f"{self.name}: {self.title}, {len(self.steps)} steps"

    def __str__(self) -> str:
        return as_text(self)
