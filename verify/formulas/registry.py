"""Judges: tests of a *given* formula against a second, independent way to it.

A judge takes a Formula and makes a Law of it. The true formula must be confirmed by all
of its judges, and every mutant of it refuted by one of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial, wraps
from importlib import import_module
from typing import Any

from theory.formula import Formula
from verify.exact.testing.choices import Choose
from verify.exact.testing.evaluation import evaluate
from verify.exact.testing.law import Law, Outcome, at_most, equal

Judge = Callable[[Formula], Law]
JUDGES: dict[str, list[Judge]] = {}
LIMIT_JUDGES: list[Callable[[Any, str, Formula], Law]] = []
"""Judges of a statistic's limits: (row, place, formula) → law."""
HOMES = (
    "predictors",
    "coefficients",
    "small_and_large_n",
    "finite_populations",
    "implicit",
    "bounds",
    "regression",
    "statistics",
    "layers",
    "activations.duals",
    "activations.gaussian_integrals",
    "activations.tanh",
    "theorems",
    "questions.training",
    "choosing",
    "questions.random_features",
)

JUDGE_MODULES = "verify.formulas.judges"
"""Modules that enter judges here; they are found by name, since they import this one."""


def judge(*names: str) -> Callable[[Judge], Judge]:
    """Enter a judge for the formulas of these names."""

    def enter(make: Judge) -> Judge:
        @wraps(make)
        def noted(formula: Formula) -> Law:
            how = " ".join((make.__doc__ or "").split())
            note = f"status {formula.status}; second way: {how}"
            return replace(make(formula), note=note)

        for name in names:
            JUDGES.setdefault(name, []).append(noted)
        return noted

    return enter


def judges_of(name: str) -> list[Judge]:
    """All judges of a formula; none where nobody has thought of a second way."""
    for home in HOMES:
        import_module(f"{JUDGE_MODULES}.{home}")
    return JUDGES.get(name, []) + _judges_of_limit(name)


def _judges_of_limit(name: str) -> list[Judge]:
    """The judge of a registered statistic's limit, under the limit's name."""
    from theory.statistics import STATISTICS

    for row in STATISTICS.rows():
        for place, limit in zip(
            ("at_none", "at_all", "beyond"), row.limits(), strict=True
        ):
            if limit.name == name:
                return [partial(make, row, place) for make in LIMIT_JUDGES]
    return []


def law_of(
    formula: Formula, build: Callable[[Choose], Any], test: Callable[[Any], Outcome]
) -> Law:
    """A law that carries the formula's name and sentence."""
    return Law(f"formula/{formula.name}", formula.says, build, test)


def by_values(
    formula: Formula,
    build: Callable[[Choose], Any],
    values: Callable[[Any], Mapping[Any, Any] | None],
) -> Law:
    """Both sides evaluated in ℚ, with values obtained in the second way.

    Parameters
    ----------
    formula
        The formula under test.
    build
        Generator of cases.
    values
        What each symbol, or whole side, is in a case; None where it does not apply.
    """

    def test(case: Any) -> Outcome:
        known = values(case)
        if known is None:
            return Outcome(checks=0)
        left, right = evaluate(formula.lhs, known), evaluate(formula.rhs, known)
        if formula.relation == "=":
            return equal(left, right, formula.name)
        small, large = (left, right) if formula.relation == "<=" else (right, left)
        return at_most(small, large, formula.name)

    return law_of(formula, build, test)
