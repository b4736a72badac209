"""Courses of training get one verdict each, and a wrong theory of them is refuted."""

from dataclasses import replace

import pytest

from verify.regression.training import suite
from verify.verdicts.verdict import Verdict


def test_theory_is_confirmed_and_ridge_as_time_is_refuted():
    curve = suite.CURVES[-1]
    right, wrong = suite.examine_curve(curve, 160)
    assert right.verdict is wrong.verdict is Verdict.CONFIRMED
    assert right.checks == len(curve.times)


def test_another_rule_is_refuted(monkeypatch):
    curve = replace(suite.CURVES[-1], times=("1/10",))
    course = suite.training_course

    def twice_as_long(problem, times, rule, trials, seed):
        return course(problem, [2 * t for t in times], rule, trials, seed)

    monkeypatch.setattr(suite, "training_course", twice_as_long)
    assert suite.examine_curve(curve, 160)[0].verdict is Verdict.REFUTED


@pytest.mark.parametrize("case", suite.ONLINE[:1])
def test_runs_of_online_descent_are_the_recursion(case):
    kernel, rule, sizes = case
    assert suite.examine_online(kernel, rule, sizes[:1], 400).verdict is not (
        Verdict.REFUTED
    )
