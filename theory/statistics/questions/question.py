"""A question to the predictor, as data: its name, its values, its equations."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Symbol

from theory.errors import OutOfDomain, meant
from theory.statistics.registry import STATISTICS, TAKEN, Equations


@dataclass(frozen=True)
class Question:
    """What ``predict`` can be asked by one more argument, such as ``sampling``.

    Attributes
    ----------
    name
        The argument, and the column of tables and key in json.
    says
        What is asked, as a sentence.
    neutral
        The value that asks nothing.
    read
        Any value → the value as it is kept; raises OutOfDomain where it is none.
    equations
        A value that was read → the equation for C and the statistics that follow.
    letter
        The symbol that holds the value in these formulas, where they have one.
    without_meaning
        Columns that mean nothing in its answers: statistics, ``C``, ``learnability``.
    per_case
        Whether the value is a number, broadcast against n, ridge and noise.
    adds
        Columns that its answers have beside the statistics: name → name of the formula.

    Raises
    ------
    OutOfDomain
        When the name is taken, or a column without meaning is unknown.
    """

    name: str
    says: str
    neutral: Any
    read: Callable[[Any], Any]
    equations: Callable[[Any], Equations]
    letter: Symbol | None = None
    without_meaning: frozenset[str] = frozenset()
    per_case: bool = False
    adds: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or self.name in (*TAKEN, "digits", *STATISTICS):
            raise OutOfDomain(f"name = {self.name!r} must be a word that no column has")
        unknown = self.without_meaning - {"C", "learnability", *STATISTICS}
        if unknown:
            raise OutOfDomain(
                f"question {self.name!r}: there is no column {min(unknown)!r}"
            )


class Questions(Mapping[str, Question]):
    """All questions by name."""

    def __init__(self) -> None:
        self._known: dict[str, Question] = {}

    def register(self, question: Question) -> Question:
        """Enter a question.

        Raises
        ------
        OutOfDomain
            When its name is taken.
        """
        if question.name in self._known:
            raise OutOfDomain(f"a question named {question.name!r} is there already")
        self._known[question.name] = question
        return question

    def remove(self, name: str) -> None:
        """Take a question out again; unknown names are ignored."""
        self._known.pop(name, None)

    def __getitem__(self, name: str) -> Question:
        if name not in self._known:
            known = ", ".join(self._known)
            raise OutOfDomain(
                f"question {name!r} is unknown (known: {known}); questions are "
                f"registered in theory.statistics.questions.QUESTIONS{meant(name, self._known)}"
            )
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


QUESTIONS = Questions()
"""The one list of questions."""
