"""Where a formula lives: its definition, judges, derivations, and what measures it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from theory.derivations import NAMES, derive
from theory.formula import Formula, formulas
from theory.methods import install
from theory.notation import j
from theory.statistics import STATISTICS
from verify.formulas.registry import judges_of

WAYS = ("floats", "proved")


@dataclass(frozen=True)
class Whereabouts:
    """Everything that a reader may want to open next.

    Attributes
    ----------
    declared
        File and line of the declaration.
    computed
        Files of ``numerics`` that evaluate it by name.
    judges
        The second ways that test it, each with its function.
    derived
        The derivations with a step that states it.
    measured
        The commands that compare it with regression or nets.
    """

    declared: str
    computed: tuple[str, ...]
    judges: tuple[str, ...]
    derived: tuple[str, ...]
    measured: tuple[str, ...]

    def __str__(self) -> str:
        rows = [("declared", (self.declared,)), ("computed", self.computed)]
        rows += [("judges", self.judges), ("derived", self.derived)]
        rows.append(("measured", self.measured))
        lines = []
        for name, found in rows:
            for place, text in enumerate(found or ("nowhere",)):
                lines.append(f"{'' if place else name:<10}{text}")
        return "\n".join(lines)


def whereabouts(formula: Formula) -> Whereabouts:
    """Where a formula is declared, who tests it, what derives it, what measures it.

    Examples
    --------
    >>> found = whereabouts(formulas["implicit_equation"])
    >>> found.declared.partition(":")[0], found.derived
    ('theory/constant/definition.py', ('learnability derive constant, step 6 of 16',))
    >>> "learnability verify regression (constant)" in found.measured
    True
    """
    module, line = formulas.declared(formula.name)
    folder = module.replace(".", "/")
    top = Path(__file__).parents[1]
    inside = f"{folder}/__init__.py"
    file = inside if (top / inside).exists() else f"{folder}.py"
    judges = tuple(
        f"{function.__module__}.{function.__name__}"
        for make in judges_of(formula.name)
        for function in [getattr(make, "func", make)]  # a limit's is a partial
    )
    return Whereabouts(
        f"{file}:{line}",
        _computed(formula),
        judges,
        _derived(formula),
        _measured(formula.name),
    )


def _computed(formula: Formula) -> tuple[str, ...]:
    """Files that take it from the registry; all statistics are one program there."""
    top = Path(__file__).parents[1]
    row = any(x.formula is formula for x in STATISTICS.rows())
    found = [f"numerics/statistics/predict_{way}.py" for way in WAYS] if row else []
    for path in sorted((top / "numerics").rglob("*.py")):
        if f'formulas["{formula.name}"]' in path.read_text("utf-8"):
            found.append(path.relative_to(top).as_posix())
    return tuple(dict.fromkeys(found))


def _derived(formula: Formula) -> tuple[str, ...]:
    """Steps with both sides of it, or with its right side, of a whole target or one mode."""
    told = formula.rhs.count_ops() > 0  # a letter alone stands in many steps
    right = (formula.rhs, _of_one_mode(formula.rhs)) if told else ()
    return tuple(
        f"learnability derive {name}, step {number} of {len(steps)}"
        for name in NAMES
        for steps in [derive(name).steps]
        for number, step in enumerate(steps, start=1)
        if set(step.statement.args) == {formula.lhs, formula.rhs}
        or any(side in right for side in step.statement.args)
    )


def _of_one_mode(e: Any) -> Any:
    """An expression of a target that is mode j alone: its bias has one term."""
    bias = formulas["bias"]
    return e.subs(bias.lhs, bias.rhs.function.subs(bias.rhs.variables[0], j))


def _measured(name: str) -> tuple[str, ...]:
    from verify.data import comparison
    from verify.experiments import CATALOG, experiment
    from verify.experiments.base import measures
    from verify.regression.measured import FORMULAS

    found = []
    for suite, compared in (("regression", FORMULAS), ("data", comparison.FORMULAS)):
        for statistic, formula in compared.items():
            if formula == name:
                found.append(f"learnability verify {suite} ({statistic})")
    for published in CATALOG:
        if name in measures(experiment(published)):
            found.append(f"learnability reproduce {published}")
    return tuple(found)


install("Formula.whereabouts", whereabouts)
