"""A derivation that is written step by step: each is judged when it is entered."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sympy import Eq, Indexed, MatrixSymbol, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from theory.constant.learnability import learnability
from theory.derivations.language.matrix_claims import about_a_data_set
from theory.derivations.language.moves import Moves
from theory.derivations.language.rechecking import AsJudged, Rechecked, UnderPremises
from theory.derivations.language.storage import load_steps, save_steps
from theory.derivations.steps.finished import CheckedDerivation
from theory.derivations.steps.sentences import plain
from theory.derivations.steps.step import Step, StepReport
from theory.derivations.steps.writing import as_latex, as_text
from theory.derivations.workbench.claims import MARKS, JudgedStatement
from theory.derivations.workbench.letters import NAMES
from theory.derivations.workbench.premises import Premises
from theory.derivations.workbench.slopes import with_slopes
from theory.errors import Disagreement, OutOfDomain
from theory.notation import LETTERS
from theory.printing import latex, text
from theory.source import OURS, Source
from theory.statistics import STATISTICS
from theory.verdict import Verdict

OPENINGS = {
    "definition": "We write:",
    "exact": "It holds that:",
    "consequence": "It follows that:",
    "approximation": "Approximately:",
}
"""What a step says that was given no sentence."""
KNOWN = {letter.symbol for letter in LETTERS} | set(NAMES.values())


@dataclass(slots=True, repr=False)
class Derivation(Moves):
    r"""A derivation of one's own: assumptions, definitions, steps, and moves.

    A step is judged when it is entered. One that is refuted is not entered: it comes back
    with a counterexample. One that is neither proved nor refuted is entered as not
    decided, and then the whole is not confirmed.

    Attributes
    ----------
    name, title, setting, source
        As in ``derive``: what is derived, and what is given before the first step.
    at_once
        Whether steps are judged when they are entered; if not, ``check`` does it.

    Examples
    --------
    >>> from theory.data_set.symbols import slope
    >>> from theory.notation import C, n, overfitting as E0, ridge
    >>> D = Derivation("slope of C")
    >>> print(D.step(Eq(slope(C, ridge), E0 / n), why="the implicit equation").verdict)
    confirmed
    >>> print(D.step(Eq(slope(C, n), -E0 / n)).verdict)  # a factor C is missing
    refuted
    >>> print(len(D.steps), D.check().verdict)
    1 confirmed
    """

    name: str
    title: str = ""
    setting: str = ""
    source: Source = OURS
    at_once: bool = True
    entered: list[Step] = field(default_factory=list)
    found: list[JudgedStatement | None] = field(default_factory=list)
    assumptions: dict[Any, Any] = field(default_factory=dict)
    reasons: dict[Any, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.title = self.title or self.name

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps, in order; each can be checked by itself."""
        return tuple(self.entered)

    def assume(self, relation: Any, why: str = "") -> Rechecked:
        """Assume an equation or inequality; one on the same letter is replaced.

        Steps that are there already are judged again.

        Raises
        ------
        OutOfDomain
            When it is no relation, or contradicts the others.
        """
        if not isinstance(relation, Relational):
            raise OutOfDomain(f"assumption {relation} is no equation and no inequality")
        before = dict(self.assumptions)
        relation = with_slopes(relation)
        key = relation.args[0]
        self.assumptions[key] = relation
        try:
            Premises.of(self.assumptions.values())
        except Exception:
            self.assumptions = before
            raise
        self.reasons[key] = why
        return self._judged_again(relation)

    def drop(self, letter: Any) -> Rechecked:
        """Take an assumption away, by its left side or itself; steps are judged again.

        Raises
        ------
        OutOfDomain
            When nothing of the kind is assumed.
        """
        key = letter.args[0] if isinstance(letter, Relational) else letter
        key = with_slopes(key)
        if key not in self.assumptions:
            known = ", ".join(map(text, self.assumptions.values())) or "nothing"
            raise OutOfDomain(
                f"nothing is assumed about {text(key, letters=True)} (assumed: {known})"
            )
        del self.assumptions[key]
        return self._judged_again(None)

    def step(
        self,
        statement: Any,
        why: str = "",
        from_: Any = (),
        *,
        says: str = "",
        status: Any = None,
        check_by: Any = None,
    ) -> JudgedStatement:
        """Enter a statement, unless it is refuted.

        Parameters
        ----------
        statement
            An equation or inequality. ``Eq(x, …)`` with a new letter x defines it.
        why
            The justification, for the reader.
        from_
            Steps that it follows from: numbers, or what ``step`` returned.
        says
            The statement as a sentence.
        status
            ``definition``, ``exact``, ``consequence`` or ``approximation``; found if not
            given. An approximation is not judged, unless by ``check_by``.
        check_by
            A way of checking, instead of the usual one.

        Raises
        ------
        OutOfDomain
            When the statement is no relation, or a step that is cited is not there or
            is refuted.
        """
        if statement not in (True, False) and not isinstance(statement, Relational):
            raise OutOfDomain(
                f"statement = {statement} is no equation and no inequality"
            )
        statement = with_slopes(statement)
        numbers = self._cited(from_)
        defines = check_by is None and status in (None, "definition")
        if defines:  # a known letter has its meaning: such a statement is judged
            status = "definition" if self._new_letter(statement) else None
        status = status or ("consequence" if numbers else "exact")
        check = check_by or self._check(numbers, len(self.entered))
        sentence = says or OPENINGS[status]
        because = why or self._because(numbers)
        new = Step(sentence, statement, because, status, check, numbers)
        judgement = self._judge(new, len(self.entered) + 1) if self.at_once else None
        if judgement is not None and judgement.verdict == Verdict.REFUTED:
            return replace(judgement, number=None)
        self.entered.append(new)
        self.found.append(judgement)
        if judgement is not None:
            return judgement
        how = "not judged yet"
        return JudgedStatement(
            statement, Verdict.INCONCLUSIVE, how, number=len(self.entered)
        )

    def _because(self, numbers: tuple[int, ...]) -> str:
        if not numbers:
            return "By the definitions."
        listed = ", ".join(map(str, numbers))
        return f"From step{'s' if len(numbers) > 1 else ''} {listed}."

    def _cited(self, from_: Any) -> tuple[int, ...]:
        one = isinstance(from_, int | JudgedStatement)
        numbers = []
        for cited in (from_,) if one else from_:
            number = getattr(cited, "number", cited)
            if not isinstance(number, int) or not 1 <= number <= len(self.entered):
                raise OutOfDomain(
                    f"from_ = {cited}: there are the steps 1 to {len(self.entered)}"
                )
            judgement = self.found[number - 1]
            if judgement is not None and judgement.verdict == Verdict.REFUTED:
                raise OutOfDomain(f"from_ = {number}: that step is refuted")
            numbers.append(number)
        return tuple(numbers)

    def _new_letter(self, statement: Any) -> bool:
        """Whether an equation gives a letter its meaning that had none."""
        if not isinstance(statement, Eq):
            return False
        left, right = statement.args
        if not isinstance(left, Symbol | Indexed | AppliedUndef | MatrixSymbol):
            return False
        if isinstance(left, learnability) or left in KNOWN or right.has(left):
            return False
        if getattr(left, "base", None) in KNOWN or _head(left) in _heads_of_theory():
            return False
        if left in {row.symbol for row in STATISTICS.rows()}:
            return False
        used = [*self.assumptions.values(), *(s.statement for s in self.entered)]
        return not any(_head(left) in _heads(e) for e in used)

    def _check(self, numbers: tuple[int, ...], before: int) -> UnderPremises:
        """What may be used by a step that comes after ``before`` others."""
        given = list(self.assumptions.values())
        matrices = []
        for step in self.entered[:before]:
            if step.status != "definition" or not isinstance(step.statement, Eq):
                continue
            left, right = step.statement.args
            if about_a_data_set(step.statement):
                matrices.append((left, right))
            else:
                given.append(step.statement)
        cited = [self.entered[k - 1].statement for k in numbers]
        cited = [s for s in cited if s not in given and not about_a_data_set(s)]
        return UnderPremises(tuple(given), tuple(cited), tuple(matrices))

    def _judge(self, step: Step, number: int) -> JudgedStatement:
        if isinstance(step.check_by, UnderPremises):
            if step.status == "definition":
                how = "proved: it gives a letter its meaning"
                return JudgedStatement(
                    step.statement, Verdict.CONFIRMED, how, "", number
                )
            if step.status == "approximation":
                how = "an approximation, taken for granted by the steps that cite it"
                return JudgedStatement(
                    step.statement, Verdict.INCONCLUSIVE, how, "", number
                )
            return replace(step.check_by.judge(step.statement), number=number)
        report = step.check()
        return JudgedStatement(
            step.statement, report.verdict, report.how, report.detail, number
        )

    def _judged_again(self, assumption: Any) -> Rechecked:
        broken = None
        for place, step in enumerate(self.entered):
            if isinstance(step.check_by, UnderPremises):
                check = self._check(step.after, place)
                step = replace(step, check_by=check)
                self.entered[place] = step
            before = self.found[place]
            now = self._judge(step, place + 1)
            self.found[place] = now
            worse = now.verdict == Verdict.REFUTED or (
                before is not None and bool(before) and not now
            )
            if worse and broken is None:
                broken = now
        judgements = tuple(x for x in self.found if x is not None)
        return Rechecked(assumption, broken, judgements)

    def check(self) -> CheckedDerivation:
        """The verdict on every step, as it stands."""
        reports = []
        for place, step in enumerate(self.entered):
            known = self.found[place] or self._judge(step, place + 1)
            self.found[place] = known
            reports.append(StepReport(known.verdict, known.how, known.counterexample))
        return CheckedDerivation(self.name, tuple(reports))

    def latex(self, *, document: bool = False) -> str:
        """The derivation as a section of an appendix, or as a whole document."""
        return as_latex(self._with_assumptions(), document=document)

    def text(self) -> str:
        """The derivation in Unicode, a step and its verdict a line."""
        lines = [self.title]
        lines += [f"  assume {text(a)}" for a in self.assumptions.values()]
        self.check()
        for number, (step, known) in enumerate(
            zip(self.entered, self.found, strict=True)
        ):
            assert known is not None
            mark = MARKS[known.verdict][1]
            lines.append(
                f"{number + 1:>3}. {mark} {text(step.statement, letters=True)}"
            )
            lines.append(f"       {plain(step.because)}")
            if known.counterexample:
                lines.append(f"       fails at {known.counterexample}")
        return "\n".join(lines)

    def _with_assumptions(self) -> "Derivation":
        """The same, with the assumptions in the setting and each step's own verdict."""
        assumed = ", ".join(f"${latex(a)}$" for a in self.assumptions.values())
        setting = self.setting + (f" We assume {assumed}." if assumed else "")
        entered = []
        for step, known in zip(self.entered, self.found, strict=True):
            own = known is not None and isinstance(step.check_by, UnderPremises)
            how = AsJudged(step.check_by, known.how) if own and known else step.check_by
            entered.append(replace(step, check_by=how))
        return replace(self, setting=setting.strip(), entered=entered)

    def save(self, path: str | Path) -> Path:
        """Write assumptions, steps and verdicts to a file of JSON.

        Raises
        ------
        Unsupported
            When a step has a way of checking of its own, which a file cannot hold.
        """
        self.check()
        return save_steps(self, Path(path))

    @classmethod
    def replay(cls, path: str | Path) -> "Derivation":
        """Read a derivation from a file and enter every step again.

        Raises
        ------
        Disagreement
            When a verdict is no longer the one that was saved.
        """
        made = load_steps(Path(path))
        again = cls(made["name"], made["title"], made["setting"])
        for relation, why in made["assumptions"]:
            again.assume(relation, why)
        for row in made["steps"]:
            got = again.step(
                row["statement"],
                row["why"],
                row["from"],
                says=row["says"],
                status=row["status"],
            )
            if str(got.verdict) != row["verdict"]:
                raise Disagreement(
                    f"{row['statement']} was {row['verdict']}, and is {got.verdict} now"
                )
        return again

    def _repr_latex_(self) -> str:
        lines = [rf"&{step.latex()} && \text{{{step.status}}}" for step in self.entered]
        return "$$\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}$$"

    def __str__(self) -> str:
        return as_text(self._with_assumptions())

    def __repr__(self) -> str:
        return f"<Derivation {self.name}: {self.title}, {len(self.entered)} steps>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self) if cycle else str(self))


def _head(letter: Any) -> Any:
    """What a letter is known by: itself, its base, or its function."""
    if isinstance(letter, Indexed):
        return letter.base
    return letter.func if isinstance(letter, AppliedUndef) else letter


def _heads(e: Any) -> set[Any]:
    atoms: Iterable[Any] = e.atoms(Symbol, Indexed, AppliedUndef, MatrixSymbol)
    return {_head(a) for a in atoms}


def _heads_of_theory() -> set[Any]:
    """Letters for matrices and learnabilities of a data set, which have a meaning."""
    from theory.data_set import symbols

    own = {getattr(symbols, name) for name in symbols.__all__}
    return {x for x in own if isinstance(x, MatrixSymbol)} | {symbols.L_D, symbols.C_D}
