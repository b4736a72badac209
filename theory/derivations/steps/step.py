"""A derivation is a list of steps; every step can be checked, and can fail."""

from dataclasses import dataclass
from typing import Literal, Protocol

from sympy import Basic

from theory.printing import RELATIONS, Shown, latex, text
from theory.source import OURS, Source
from theory.verdict import Verdict

Status = Literal["definition", "exact", "approximation", "consequence"]


PLAIN = {
    "Equality": "=",
    "LessThan": "<=",
    "GreaterThan": ">=",
    "StrictLessThan": "<",
    "StrictGreaterThan": ">",
}
LATEX = {**PLAIN, "LessThan": r"\le", "GreaterThan": r"\ge"}


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, and in which way.

    Attributes
    ----------
    verdict
        ``confirmed``, ``refuted`` or ``inconclusive``.
    how
        ``proved symbolically``, ``proved for …``, ``sampled: …`` or ``measured: …``.
    detail
        The measurement, or the counterexample.
    """

    verdict: Verdict
    how: str
    detail: str = ""

    def __str__(self) -> str:
        tail = f" ({self.detail})" if self.detail else ""
        return f"{self.verdict}, {self.how}{tail}"


class Check(Protocol):
    """A way of checking a statement."""

    @property
    def how(self) -> str:
        """The way, in words."""
        ...

    def __call__(self, statement: Basic) -> Report:
        """The verdict on this statement."""
        ...


@dataclass(frozen=True, slots=True)
class ForSize:
    """A way of checking a statement that is written out for one size.

    Attributes
    ----------
    check_by
        The way of checking.
    size
        The size, in words.
    """

    check_by: Check
    size: str

    @property
    def how(self) -> str:
        """The way, and for which size."""
        return f"{self.check_by.how}, for {self.size}"

    def __call__(self, statement: Basic) -> Report:
        """The verdict on this statement."""
        found = self.check_by(statement)
        return Report(found.verdict, f"{found.how}, for {self.size}", found.detail)


@dataclass(frozen=True, slots=True, repr=False)
class Step(Shown):
    """One step of a derivation.

    Attributes
    ----------
    says
        The statement as a sentence, with formulas between dollar signs.
    statement
        The statement as a SymPy relation: this object, and no other, is checked.
    because
        Why it holds, as a referee would want to read it.
    status
        ``definition``, ``exact``, ``approximation`` or ``consequence``.
    check_by
        The way of checking.
    after
        Numbers of the steps that it cites.
    """

    says: str
    statement: Basic
    because: str
    status: Status
    check_by: Check
    after: tuple[int, ...] = ()

    @property
    def how(self) -> str:
        """How the step is checked, in words."""
        return self.check_by.how

    def check(self) -> Report:
        """Check the statement."""
        return self.check_by(self.statement)

    def _line(self) -> str:
        return f"{self.text()}, {self.status}"

    def latex(self) -> str:
        """The statement in LaTeX."""
        left, right = self.statement.args
        sign = r"\approx" if self.status == "approximation" else self._sign(LATEX)
        text = f"{latex(left)} {sign} {latex(right)}"
        return text.replace("+ - ", "- ")

    def text(self) -> str:
        """The statement as one line of Unicode."""
        left, right = self.statement.args
        sign = "≈" if self.status == "approximation" else self._sign(PLAIN)
        return f"{text(left)} {RELATIONS.get(sign, sign)} {text(right)}"

    def _sign(self, signs: dict[str, str]) -> str:
        return signs[self.statement.func.__name__]

    def __str__(self) -> str:
        from theory.derivations.steps.writing import plain

        return f"[{self.status}] {plain(self.says)}\n    {self.text()}"


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
    reports: tuple[Report, ...]

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
        from theory.derivations.steps.writing import as_latex

        return as_latex(self, document=document)

    def _repr_latex_(self) -> str:
        lines = [rf"&{step.latex()} && \text{{{step.status}}}" for step in self.steps]
        return "$$\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}$$"

    def _line(self) -> str:
        return f"{self.name}: {self.title}, {len(self.steps)} steps"

    def __str__(self) -> str:
        from theory.derivations.steps.writing import as_text

        return as_text(self)
