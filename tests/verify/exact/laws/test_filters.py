"""Learnabilities of every rational training rule sum to n − tr h(K_D)."""

from dataclasses import replace

import pytest

from theory import formulas
from verify.exact.laws import filters
from verify.exact.testing.choices import seeded
from verify.exact.testing.law import examine
from verify.verdicts.verdict import Verdict


@pytest.mark.parametrize("law", filters.laws(), ids=lambda law: law.name)
def test_the_law_holds_for_every_rule(law):
    assert examine(law, 6, 0).verdict is Verdict.CONFIRMED


@pytest.mark.parametrize("name", filters.RUNS)
def test_a_wrong_number_of_steps_and_a_wrong_formula_are_refuted(name, monkeypatch):
    case = next(
        x
        for x in (filters.cases(name)(seeded(1, k)) for k in range(30))
        if x.problem.K_D.rank() == x.problem.n
    )
    assert not filters.filter_conserved(case).failure
    formula = formulas["conservation_for_filters"]
    broken = replace(formula, rhs=formula.rhs + 1)
    assert filters.filter_conserved(case, broken).failure
    run = filters.RUNS[name]
    longer = lambda K, y, at, steps: run(K, y, at, steps + 1)
    monkeypatch.setitem(filters.RUNS, name, longer)
    assert filters.filter_conserved(case).failure
