"""The theorems hold in ℚ, and each of their tests can fail."""

from dataclasses import replace
from importlib import import_module

import pytest
from flint import fmpq, fmpq_mat

from theory import formulas
from verify import exact
from verify.exact.laws import implicit_equation, theorems
from verify.exact.problems import eigenmodes
from verify.exact.problems.balance import Balance, balance
from verify.exact.problems.problem import Problem
from verify.exact.testing.choices import seeded
from verify.exact.testing.law import examine
from verify.formulas.suite import all_formulas, judges_of
from verify.verdicts.verdict import Verdict

LAWS = {law.name.split("/")[1]: law for law in theorems.laws()}


@pytest.mark.parametrize("name", LAWS)
def test_every_theorem_is_confirmed(name):
    report = examine(LAWS[name], 25, seed=4)
    assert report.verdict is Verdict.CONFIRMED, report
    assert report.checks >= 15


def test_every_formula_is_confirmed_by_all_its_judges():
    for formula in all_formulas():
        for make in judges_of(formula.name):
            report = examine(make(formula), 8, seed=2)
            assert report.verdict is Verdict.CONFIRMED, report


WRONG = {
    "symmetric": ("learning_matrix", lambda T: T * T.transpose() + T),
    "no_data": (
        "learning_matrix",
        lambda T: T + fmpq_mat(T.nrows(), T.ncols(), [1] * T.nrows() ** 2),
    ),
    "more_data": ("learnabilities", lambda L: [1 / (1 + sum(L))] * len(L)),
    "volume_sampling": ("learnabilities", lambda L: [x * x for x in L]),
    "white": ("learnabilities", lambda L: [x / 2 for x in L]),
    "one_point": ("squared_error", lambda x: x + 1),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_theorem_refutes_a_wrong_regression(name, monkeypatch):
    target, spoil = WRONG[name]
    module = import_module(LAWS[name].test.__module__)
    right = getattr(module, target)
    monkeypatch.setattr(module, target, lambda *a: spoil(right(*a)))
    assert examine(LAWS[name], 60, seed=4).verdict is Verdict.REFUTED


def test_the_linear_rule_theorem_refutes_a_rule_with_an_offset():
    def spoiled(case):
        problem, weights = case
        other = weights + fmpq_mat(problem.M, problem.n, [1] * (problem.M * problem.n))
        learned = problem.learnabilities_of(
            problem.basis.columns, lambda _K, _D, _r, labels: other * labels
        )
        own = sum((weights[x, a] for a, x in enumerate(problem.data)), fmpq(0))
        return theorems.equal(sum(learned, fmpq(0)), own, "offset")

    law = replace(LAWS["linear_rule"], test=spoiled)
    assert examine(law, 20).verdict is Verdict.REFUTED


FACTS = {law.name.split("/")[1]: law for law in implicit_equation.laws()}


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_about_the_implicit_equation_is_confirmed(name):
    report = examine(FACTS[name], 40, seed=6)
    assert report.verdict is Verdict.CONFIRMED, report
    assert report.checks >= 20


def test_the_sum_of_inverse_squares_is_confirmed():
    report = examine(implicit_equation.square_law(), 3)
    assert report.verdict is Verdict.CONFIRMED, report


SPOILED = {
    "falling_and_convex": ("left", lambda _, C: C),
    "euler": ("slopes", lambda self, **_: [self.C] * 9),
    "learnability_slopes": ("slopes", lambda self, **_: [self.C] * 9),
    "one_level": ("n", property(lambda self: self.left(self.C) + 1)),
    "two_levels": ("n", property(lambda self: self.left(self.C) * 2)),
    "enclosure": ("n", property(lambda self: self.left(self.C) * 2)),
    "few_points": ("n", property(lambda self: self.left(self.C) * 2)),
    "error_above_one": ("error", property(lambda self: 1 - self.C * 0)),
}


@pytest.mark.parametrize("name", SPOILED)
def test_every_fact_refutes_a_wrong_solution(name, monkeypatch):
    attribute, wrong = SPOILED[name]
    monkeypatch.setattr(Balance, attribute, wrong)
    assert examine(FACTS[name], 60, seed=6).verdict is Verdict.REFUTED


def test_slopes_are_exact_in_a_case_done_by_hand():
    # two points, λ = (3, 1), D = {0}: L_0 = 3/(3 + 1), so ∂L_0/∂λ_0 = 1/16
    problem = Problem(exact.spectral(exact.walsh(1), [3, 1]), [0])
    with_first = lambda x: eigenmodes.with_eigenvalue(problem, 0, x)
    for j, slope in ((0, fmpq(1, 16)), (1, fmpq(-1, 16))):
        L_j = lambda x, j=j: eigenmodes.learnabilities(with_first(x))[j]
        assert eigenmodes.mobius_slope(L_j, fmpq(3)) == slope
    assert eigenmodes.squared_error(problem, 1) == fmpq(9, 16) + fmpq(9, 16)


def test_euler_holds_for_the_slopes_of_the_constant():
    for example in range(30):
        case = balance(seeded(1, example))
        by_level = [
            lam * case.slopes(level=j)[0] for j, lam in enumerate(case.eigenvalues)
        ]
        by_ridge = case.ridge * case.slopes(ridge=1)[0]
        assert sum(by_level, by_ridge) == case.C


def test_one_level_has_its_closed_form():
    case = Balance([(2, 5)], 3)
    assert case.C == case.eigenvalues[0] * (5 - case.n) / case.n


def test_a_ridge_is_a_level_of_vanishing_eigenvalues():
    many = 10**60
    ridged = Balance([(1, 2), ("1/3", 4)], "1/2", ridge=2)
    levels = [(fmpq(1), 2), (fmpq(1, 3), 4), (fmpq(2, many), many)]
    as_level = sum((g * x / (x + ridged.C) for x, g in levels), fmpq(0))
    assert abs(as_level - ridged.n) < fmpq(1, 10**50)


def test_a_planted_formula_is_refuted_with_code():
    right = formulas["susceptibility"]
    wrong = replace(right, rhs=right.rhs * 2)
    (make,) = judges_of("susceptibility")
    report = examine(make(wrong), 10)
    assert report.verdict is Verdict.REFUTED
    assert "Balance(" in report.counterexample
