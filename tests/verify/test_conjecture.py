"""A user's conjecture gets a verdict, a small counterexample and a seed."""

import pytest
from flint import arb
from hypothesis import assume

from numerics import constant
from numerics.numbers.ball import Ball
from verify import exact, strategies
from verify.conjecture import Refuted, UndecidedConjecture, conjecture
from verify.verdicts.verdict import Verdict


@conjecture(strategies.problems(most=8))
def learnability_is_at_most_one(problem):
    """No function is learned more than fully."""
    return problem.learnability() <= 1


@conjecture(strategies.problems(most=8))
def test_modes_are_learned_between_0_and_1(problem):
    for i in range(problem.M):
        assert 0 <= problem.learnability(i) <= 1, f"mode {i}"


def test_a_false_conjecture_is_refuted_with_code_that_refutes_it():
    report = learnability_is_at_most_one.report(examples=100, seed=2)
    assert report.verdict is Verdict.REFUTED
    assert report.claim == "No function is learned more than fully."
    assert report.seed == 2
    *imports, call = report.counterexample.splitlines()
    assert imports == ["from verify.exact import *"]
    names = vars(exact) | {"learnability_is_at_most_one": learnability_is_at_most_one}
    assert eval(call, names) is False
    assert len(call) < 350


def test_a_true_conjecture_is_confirmed_with_the_number_of_cases():
    report = test_modes_are_learned_between_0_and_1.report(examples=60)
    assert report.verdict is Verdict.CONFIRMED
    assert report.checks == 60


def test_the_seed_repeats_the_run():
    first, again = (
        learnability_is_at_most_one.report(examples=40, seed=5) for _ in range(2)
    )
    assert first.counterexample == again.counterexample


def test_overlapping_balls_are_inconclusive_never_a_pass():
    @conjecture(strategies.ridges(zero=False))
    def close_numbers_are_ordered(_ridge):
        return Ball(arb(1, 0.1)) <= Ball(arb(1.01, 0.1))

    report = close_numbers_are_ordered.report(examples=10)
    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.checks == 0
    assert "overlap" in report.reason
    with pytest.raises(UndecidedConjecture):
        close_numbers_are_ordered()


def test_one_undecided_case_is_enough_to_be_inconclusive():
    @conjecture(strategies.targets(3))
    def first_is_small(v):
        if v[0] == 1:
            return Verdict.INCONCLUSIVE
        return True

    report = first_is_small.report(examples=50)
    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.checks > 0


def test_a_conjecture_that_assumes_everything_away_is_inconclusive():
    @conjecture(strategies.ridges())
    def nothing_left(_ridge):
        assume(False)

    assert nothing_left.report(examples=20).verdict is Verdict.INCONCLUSIVE


def test_assertions_carry_their_message():
    @conjecture(strategies.ridges(zero=False))
    def ridges_are_small(ridge):
        assert ridge < 1, f"ridge {ridge} is not"

    report = ridges_are_small.report()
    assert report.reason == "ridge 1 is not"
    with pytest.raises(Refuted, match="ridge 1 is not"):
        ridges_are_small()


def test_an_error_in_the_function_is_not_a_verdict():
    @conjecture(strategies.ridges())
    def broken(_ridge):
        raise KeyError("typo")

    with pytest.raises(KeyError):
        broken.report(examples=5)


@pytest.mark.parametrize("cases", [(), (3,)])
def test_strategies_are_needed(cases):
    with pytest.raises(ValueError, match="strategy"):
        conjecture(*cases)


def test_a_function_that_says_nothing_confirms_nothing():
    @conjecture(strategies.numbers())
    def silent(x):
        x < -1  # noqa: B015  (the mistake that is meant)

    found = silent.report(examples=5)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "no assertion" in found.reason
    with pytest.raises(AssertionError):
        silent()


def test_an_exception_shows_the_example_and_the_line():
    @conjecture(strategies.numbers())
    def broken(x):
        return 1 / (x - x) > 0

    with pytest.raises(ZeroDivisionError) as caught:
        broken.report(examples=5)
    notes = "\n".join(caught.value.__notes__)
    assert "return 1 / (x - x) > 0" in notes
    assert "broken.holds(Fraction(" in notes


def test_a_refusal_of_the_library_decides_nothing():
    @conjecture(strategies.spectra())
    def negative_ridge(s):
        return constant(s, 1, -1) > 0

    found = negative_ridge.report(examples=5)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "Spectrum.from_levels" in found.reason
