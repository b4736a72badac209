"""A statement with the verdict on it: proved, refuted by a counterexample, or open."""

from dataclasses import dataclass
from typing import Any

from theory.derivations.steps.step import LATEX
from theory.printing import Shown, latex, text
from theory.verdict import Verdict

MARKS = {
    Verdict.CONFIRMED: (r"\text{proved}", "✓"),
    Verdict.REFUTED: (r"\text{refuted}", "✗"),
    Verdict.INCONCLUSIVE: (r"\text{not decided}", "?"),
}


@dataclass(frozen=True, slots=True, repr=False)
class JudgedStatement(Shown):
    """A statement and what was found; true where it is confirmed.

    Attributes
    ----------
    statement
        An equation or inequality.
    verdict
        ``confirmed``, ``refuted`` or ``inconclusive``.
    how
        In which way it was decided.
    counterexample
        Where it fails, as small as possible, with both sides; empty where it does not.
    number
        Its number in a derivation, or None where it was not entered.
    """

    statement: Any
    verdict: Verdict
    how: str
    counterexample: str = ""
    number: int | None = None

    def __bool__(self) -> bool:
        return self.verdict == Verdict.CONFIRMED

    def latex(self) -> str:
        """The statement in LaTeX."""
        args = getattr(self.statement, "args", ())
        if len(args) != 2:
            return latex(self.statement)
        sign = LATEX[self.statement.func.__name__]
        return f"{latex(args[0])} {sign} {latex(args[1])}".replace("+ - ", "- ")

    def text(self) -> str:
        """The statement in Unicode, with its verdict."""
        return f"{MARKS[self.verdict][1]} {text(self.statement, letters=True)}"

    def proof(self) -> str:
        """How it was decided, and where it fails."""
        tail = f": fails at {self.counterexample}" if self.counterexample else ""
        return f"{self.verdict}, {self.how}{tail}"

    def _repr_latex_(self) -> str:
        tail = MARKS[self.verdict][0]
        line = f"{self.latex()} \\qquad {tail}"
        if self.counterexample:
            line += rf"\text{{ at {_escaped(self.counterexample)}}}"
        return f"$\\displaystyle {line}$"

    def _line(self) -> str:
        return self.text()

    def __str__(self) -> str:
        return f"{self.text()}\n{self.proof()}"


def _escaped(text: str) -> str:
    letters = {"λ": r"$\lambda$", "δ": r"$\delta$", "σ²": r"$\sigma^2$"}
    for glyph, spelled in (letters | {"v²": "$v^2$", "_": r"\_"}).items():
        text = text.replace(glyph, spelled)
    return text
