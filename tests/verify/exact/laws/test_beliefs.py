"""False beliefs are refuted by the search itself, and true ones are not."""

import pytest
from flint import fmpq

from verify import exact
from verify.exact.laws.beliefs import BELIEFS, Belief, refute
from verify.exact.problems import random_problems
from verify.exact.testing.choices import shrink
from verify.verdicts.verdict import Verdict


@pytest.mark.parametrize("belief", BELIEFS, ids=lambda belief: belief.name)
def test_a_counterexample_to_every_false_belief_is_found_and_is_one(belief):
    report = refute(belief, seed=1)
    assert report.verdict is Verdict.CONFIRMED
    case = eval(report.counterexample.splitlines()[-1], vars(exact).copy())
    assert belief.contradiction(case)
    assert len(repr(case)) < 250


def test_no_counterexample_is_found_to_something_true():
    true = Belief(
        "modes",
        "L of a mode lies in [0, 1]",
        lambda choose: random_problems.modes(choose, most=8),
        lambda p: "" if 0 <= p.learnability(0) <= 1 else "outside",
    )
    assert refute(true, tries=100).verdict is Verdict.INCONCLUSIVE


def test_shrinking_keeps_the_failure_and_simplifies():
    def build(choose):
        return [choose(0, 100) for _ in range(choose(0, 20))]

    smallest = shrink(build, lambda xs: sum(xs) > 60, [9, 50, 40, 0, 77, 3, 3, 3, 3, 3])
    assert sum(smallest) == 61
    assert len(smallest) <= 2


def test_the_counterexample_that_theory_remembers_is_one():
    problem = exact.Problem(exact.spectral(exact.walsh(1), [3, 1]), [0], target=[1, -2])
    assert problem.learnability() == fmpq(-1, 20)
    assert problem.learnability([2, 1]) == fmpq(21, 20)
