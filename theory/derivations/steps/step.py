"""A derivation is a list of steps; every step can be checked, and can fail."""

from dataclasses import dataclass
from typing import Literal, Protocol

from sympy import Basic

from theory.derivations.steps.sentences import plain
from theory.printing import RELATIONS, Shown, latex, text
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
class StepReport:
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

    def __call__(self, statement: Basic) -> StepReport:
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

    def __call__(self, statement: Basic) -> StepReport:
        """The verdict on this statement."""
        found = self.check_by(statement)
        return StepReport(found.verdict, f"{found.how}, for {self.size}", found.detail)


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

    def check(self) -> StepReport:
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
        sides = (text(side, letters=True) for side in (left, right))
        return f" {RELATIONS.get(sign, sign)} ".join(sides)

    def _sign(self, signs: dict[str, str]) -> str:
        return signs[self.statement.func.__name__]

    def __str__(self) -> str:
        return f"[{self.status}] {plain(self.says)}\n    {self.text()}"
