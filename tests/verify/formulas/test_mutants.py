"""Mutants of every formula are refuted, and a survivor without a reason fails."""

from functools import cache

import pytest

from theory import formulas
from verify.formulas import mutants, suite
from verify.formulas.suite import Trial, all_formulas, check_mutants, examine_formula
from verify.verdicts.verdict import Verdict


@cache
def every():
    return {formula.name: list(mutants(formula)) for formula in all_formulas()}


def test_every_mutant_of_every_formula_is_refuted_or_explained():
    reports = check_mutants(examples=15)
    assert len(reports) == len(all_formulas())
    failed = [str(r) for r in reports if r.verdict is Verdict.REFUTED]
    assert not failed, "\n".join(failed)
    assert sum(report.checks for report in reports) > 700


def test_mutants_are_of_every_kind():
    kinds = {m.kind for listed in every().values() for m in listed}
    assert kinds == {"sign", "exponent", "dropped", "swapped", "off by one"}


def test_no_mutant_is_the_original():
    known = {formula.name: formula for formula in all_formulas()}
    for name, listed in every().items():
        right = known[name]
        for mutant in listed:
            changed = mutant.formula
            assert (changed.lhs, changed.rhs) != (right.lhs, right.rhs)


def test_a_judge_that_sees_nothing_is_found_out():
    formula = formulas["bias"]
    blind = suite.judges_of("bias")[0]

    def always_right(_formula):
        return blind(formula)

    trial = Trial(formula, (always_right,), 5, 0)
    assert not any(trial.refutes(mutant) for mutant in mutants(formula))
    assert not any(trial.refutes(mutant, 9) for mutant in mutants(formula))


def test_a_wrong_formula_is_not_confirmed(monkeypatch):
    formula = formulas["bias"]
    wrong = next(iter(mutants(formula))).formula
    report = examine_formula(wrong, 10, 0, {})
    assert report.verdict is Verdict.REFUTED
    assert "itself" in report.claim


def test_a_formula_without_a_judge_fails_unless_explained(monkeypatch):
    monkeypatch.setattr(suite, "judges_of", lambda _: [])
    formula = formulas["bias"]
    assert examine_formula(formula, 5, 0, {}).verdict is Verdict.REFUTED
    known = examine_formula(formula, 5, 0, {"bias": "on purpose"})
    assert known.verdict is Verdict.INCONCLUSIVE


def test_explanations_name_mutants_that_exist():
    names = {m.name for listed in every().values() for m in listed} | set(every())
    assert set(suite.explanations()) <= names


@pytest.mark.parametrize("name", ["erf_slope_dual [sign] 2*q + 1 -> -2*q - 1"])
def test_explained_survivors_still_survive(name):
    formula = formulas[name.split()[0]]
    trial = Trial(formula, tuple(suite.judges_of(formula.name)), 20, 0)
    (mutant,) = [m for m in mutants(formula) if m.name == name]
    assert not trial.refutes(mutant)
