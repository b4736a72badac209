"""How a step of one's own is judged, and what becomes of steps when assumptions change."""

from dataclasses import dataclass
from typing import Any

from sympy.core.relational import Relational

from theory.derivations.language.matrix_claims import about_a_data_set, judged_on_data
from theory.derivations.steps.step import StepReport
from theory.derivations.workbench.claims import JudgedStatement
from theory.derivations.workbench.judging import judged
from theory.derivations.workbench.premises import Premises
from theory.printing import Shown, latex, text


@dataclass(frozen=True, slots=True)
class UnderPremises:
    """A way of checking: with what was assumed and defined, and the steps cited.

    Attributes
    ----------
    given
        Equations and inequalities that are taken for granted.
    cited
        Steps that the statement follows from; used where it is not proved without them.
    matrices
        What letters for matrices stand for.
    """

    given: tuple[Any, ...] = ()
    cited: tuple[Any, ...] = ()
    matrices: tuple[tuple[Any, Any], ...] = ()

    @property
    def how(self) -> str:
        """The way, in words."""
        return "proved by normal forms, or refuted at an exact point"

    def judge(self, statement: Any) -> JudgedStatement:
        """The verdict, with a counterexample."""
        premises = Premises.of(self.given)
        if isinstance(statement, Relational) and about_a_data_set(statement):
            return judged_on_data(statement, premises, dict(self.matrices))
        if self.cited:
            # what is cited stands for what it was derived from: often shorter, and enough
            found = judged(statement, self.cited)
            if found:
                return found
        found = judged(statement, premises)
        if found or not self.cited:
            return found
        return judged(statement, [*self.given, *self.cited])

    def __call__(self, statement: Any) -> StepReport:
        """The verdict as a report."""
        found = self.judge(statement)
        return StepReport(found.verdict, found.how, found.counterexample)


@dataclass(frozen=True, slots=True)
class AsJudged:
    """A way of checking, with the words for how it came out.

    Attributes
    ----------
    check_by
        The way of checking.
    how
        How the step was decided.
    """

    check_by: Any
    how: str

    def __call__(self, statement: Any) -> StepReport:
        """The verdict as a report."""
        return self.check_by(statement)


@dataclass(frozen=True, slots=True, repr=False)
class Rechecked(Shown):
    """What became of the steps when an assumption changed.

    Attributes
    ----------
    assumption
        The assumption as it is now; None where it was dropped.
    broken
        The first step that no longer holds, or None.
    judgements
        The verdicts on all steps, in order.
    """

    assumption: Any
    broken: JudgedStatement | None
    judgements: tuple[JudgedStatement, ...] = ()

    def __bool__(self) -> bool:
        return self.broken is None

    def __str__(self) -> str:
        what = "dropped" if self.assumption is None else text(self.assumption)
        if self.broken is None:
            return f"{what}: all {len(self.judgements)} steps still hold"
        return f"{what}: step {self.broken.number} breaks\n{self.broken}"

    def _repr_latex_(self) -> str:
        head = r"\text{dropped}" if self.assumption is None else latex(self.assumption)
        if self.broken is None:
            return (
                rf"${head}:\quad\text{{all {len(self.judgements)} steps still hold}}$"
            )
        inner = self.broken._repr_latex_().strip("$").removeprefix(r"\displaystyle ")
        number = self.broken.number
        return rf"$\displaystyle {head}:\quad\text{{step {number} breaks: }} {inner}$"
