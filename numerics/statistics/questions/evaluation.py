"""What evaluates a question: state, floats, proved; and the evaluation by default.

``state`` looks at the problem before any work and refuses what has no formula. ``floats``
and ``proved`` give the columns of one spectrum. A question without an evaluation of its
own is its equations, with the value put in for its letter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
from sympy import Rational

from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.parameter_grid import Grid
from numerics.statistics.predict_floats import float_columns, learned
from numerics.statistics.predict_proved import proved_columns
from theory import Unsupported
from theory.statistics.questions import QUESTIONS
from theory.statistics.questions.sampling import PUBLISHED
from theory.statistics.registry import Equations

Progress = Callable[[int, int, str], None] | None


@dataclass
class Columns:
    """What one spectrum gives, each array flat over the grid.

    Attributes
    ----------
    C
        The constant.
    statistics
        Name → array, for each target.
    learnability
        Level → array.
    error
        Bound of the relative error of floats; None for balls.
    absolute
        Name → how far the entries may be off, for each target; empty: ``error`` says it.
    sharpenable
        The part of ``error`` that more levels would lower; None: all of it.
    """

    C: np.ndarray
    statistics: list[dict[str, np.ndarray]]
    learnability: dict[int, np.ndarray]
    error: np.ndarray | None = None
    absolute: list[dict[str, np.ndarray]] = field(default_factory=list)
    sharpenable: np.ndarray | None = None


@dataclass(frozen=True)
class State:
    """The equations that apply, and values of the letters that they hold."""

    equations: Equations
    given: Mapping[Any, Any]

    @property
    def equation(self) -> str:
        """The name of the equation for C."""
        return self.equations.balance.name


def state_by_letters(
    _s: Spectrum | FloatSpectrum, _targets: Sequence[Any], grid: Grid, asked: Mapping
) -> State:
    """The question's own equations; numbers asked for stand for their letters."""
    equations, given = PUBLISHED, {}
    for name, value in asked.items():
        question = QUESTIONS[name]
        equations = question.equations(value)
        if question.letter is not None:
            given[question.letter] = grid.given[name] if question.per_case else value
    return State(equations, given)


def floats_of_equations(
    s: FloatSpectrum,
    targets: Sequence[np.ndarray],
    levels: Sequence[int],
    grid: Grid,
    state: Any,
    progress: Progress = None,
) -> Columns:
    """Columns in float64 by the state's equations."""
    given = {
        letter: np.ravel(np.asarray(value).astype(np.float64))
        for letter, value in state.given.items()
    }
    found, c, error = float_columns(s, targets, grid, progress, state.equations, given)
    modes = {k: learned(s, s.position(k), c) for k in levels}
    return Columns(c, found, modes, error)


def proved_by_equations(
    s: Spectrum,
    targets: Sequence[Mapping[int, Any]],
    levels: Sequence[int],
    grid: Grid,
    digits: int,
    state: Any,
    progress: Progress = None,
) -> Columns:
    """Columns of balls by the state's equations."""
    exact = grid.exact()
    size = exact["n"].size
    given = {
        letter: list(np.broadcast_to(np.asarray(value, dtype=object).ravel(), size))
        for letter, value in state.given.items()
    }
    parts = []
    for power in targets:
        named = {k: Rational(0) for k in levels} | dict(power)
        found = proved_columns(
            s, named, exact, digits, progress, state.equations, given
        )
        parts.append({name: objects(values) for name, values in found.items()})
    modes = {k: parts[0][f"L{k}"] for k in levels}
    return Columns(parts[0]["C"], parts, modes)


def objects(values: Sequence[Any]) -> np.ndarray:
    """A sequence as an array of objects, of one axis."""
    array = np.full(len(values), None, dtype=object)
    array[:] = values
    return array


@dataclass(frozen=True)
class Evaluation:
    """The three parts of an evaluation; ``proved`` None: it has no balls.

    Attributes
    ----------
    state
        (spectrum, targets, grid, asked) → what the other two need; has ``.equation``.
    floats
        (spectrum, targets, levels, grid, state, progress) → Columns.
    proved
        (spectrum, targets, levels, grid, digits, state, progress) → Columns.
    """

    state: Callable[..., Any] = state_by_letters
    floats: Callable[..., Columns] = floats_of_equations
    proved: Callable[..., Columns] | None = proved_by_equations


HOMES = (
    "numerics.statistics.questions.sampling",
    "numerics.statistics.questions.training_time",
    "numerics.statistics.questions.width",
)
"""Modules that enter evaluations here; they are found by name, since they import this one."""
EVALUATIONS: dict[frozenset[str], Evaluation] = {frozenset(): Evaluation()}
"""Names of the questions asked together → what evaluates them."""


def evaluates(*names: str) -> Callable[[Evaluation], Evaluation]:
    """Enter an evaluation for one question, or for several that are asked together."""

    def enter(evaluation: Evaluation) -> Evaluation:
        EVALUATIONS[frozenset(names)] = evaluation
        return evaluation

    return enter


def evaluation_of(asked: Mapping[str, Any]) -> Evaluation:
    """What evaluates the questions that are asked.

    Raises
    ------
    Unsupported
        When several are asked together and no formula covers that.
    """
    for home in HOMES:
        import_module(home)

    names = frozenset(asked)
    if names in EVALUATIONS:
        return EVALUATIONS[names]
    if len(names) == 1:
        return EVALUATIONS[frozenset()]
    together = " and ".join(sorted(names))
    raise Unsupported(
        f"{together} are asked together, and no formula covers that; ask one at a time"
    )
