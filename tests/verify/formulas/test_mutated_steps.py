"""No step of a derivation is confirmed with a mistake in it, unless it is true as well."""

import pytest
from sympy import Gt, Lt, S, Sum

from theory.constant import L
from theory.data_set.symbols import slope
from theory.derivations import derive
from theory.derivations.checks.symbolic import Positive
from theory.notation import C, g, i, levels, ridge
from verify.formulas.mutated_steps import (
    CONFIRMED,
    REFUTED,
    MutatedStep,
    of_step,
    reasons,
    sample,
)

QUICK = 2
"""Seconds for each; what keeps a check busy for longer is not confirmed."""


def test_a_sample_of_all_mutants():
    true, found = reasons(), []
    for mutant in sample(9, 4, seed=2):
        found.append(mutant.verdict(QUICK))
        assert found[-1] != CONFIRMED or mutant.name in true, mutant.name
    assert found.count(REFUTED) > 18


def test_reasons_belong_to_mutants_that_exist():
    true = reasons()
    places = {tuple(key.split()[:2]) for key in true}
    for name, number in list(places)[:: max(1, len(places) // 12)]:
        names = [mutant.name for mutant in of_step(name, int(number))]
        assert len(set(names)) == len(names)
        assert {x for x in true if x.startswith(f"{name} {number} ")} <= set(names)
    assert all(len(reason) > 20 for reason in true.values())


def test_the_step_itself_is_confirmed():
    [first] = derive("parity").steps[:1]
    assert MutatedStep("parity", 1, "nothing", first.statement).verdict() == CONFIRMED


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        (Lt(slope(ridge / C, C), 0, evaluate=False), "inconclusive"),  # δ may be 0
        (Gt(Sum(g[i] * L, (i, 2, levels)), 0, evaluate=False), "inconclusive"),
        (Gt(Sum(g[i] * L, (i, 1, levels - 1)), 0, evaluate=False), "inconclusive"),
        (Gt(Sum(g[i] * L, (i, 1, levels)), 0, evaluate=False), "confirmed"),
        (Gt(Sum(g[i] * L, (i, 1, levels)) + ridge, 0, evaluate=False), "confirmed"),
    ],
)
def test_a_strict_inequality_needs_a_term_that_is_always_there(statement, verdict):
    """A ridge may be 0, and a spectrum may have one level only."""
    assert Positive()(statement).verdict == verdict


def test_large_ridges_are_among_the_sampled_spectra():
    """δ/C in place of δ/δ = 1: false where the ridge outweighs the modes."""
    step = derive("low_mode_rise").steps[11]
    wrong = step.statement.xreplace({ridge / C: S.One})
    assert wrong != step.statement
    mutant = MutatedStep("low_mode_rise", 12, "δ/C → 1", wrong)
    assert mutant.verdict() == REFUTED
