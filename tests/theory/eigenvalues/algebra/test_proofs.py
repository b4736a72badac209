"""Every rule proves itself, and each of its steps fails when it is broken."""

from dataclasses import replace

import pytest
from sympy import Integer, Symbol

from theory.eigenvalues.algebra.gamma_quotients import normal_form
from theory.eigenvalues.algebra.proof import Proof
from theory.eigenvalues.rules_by_domain import RULES
from theory.notation import d, k


@pytest.mark.parametrize("name", RULES)
def test_rule_proves_itself(name):
    proof = RULES[name].proof()
    assert proof.steps
    assert not proof.failures()
    assert proof
    assert proof.latex().startswith("\\begin{aligned}")


@pytest.mark.parametrize("name", RULES)
def test_every_step_can_fail(name):
    for step in RULES[name].proof().steps:
        broken = replace(step, rhs=step.rhs + 1 + d * step.lhs)
        assert not broken.holds(), step.says


def test_a_proof_without_steps_proves_nothing():
    assert not Proof("nothing", "", ())


@pytest.mark.parametrize("name", RULES)
def test_rule_names_a_source(name):
    rule = RULES[name]
    assert rule.cite().startswith("% learnability eigenvalue rule")
    assert "@" in rule.cite()
    assert rule.conditions
    assert rule.says


def test_wrong_factor_is_caught_by_dimension_raising():
    from theory.eigenvalues.sphere.monomial import amplitude

    p = Symbol("p", integer=True, positive=True)
    raised = amplitude(p - 1, k - 1, d + 2) * p / d
    assert normal_form(amplitude(p, k, d) / raised) == Integer(1)
    assert normal_form(amplitude(p, k, d) / (2 * raised)) != Integer(1)
