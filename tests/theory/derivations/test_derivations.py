"""Every step of every derivation is confirmed, and a step with a wrong sign is not."""

from dataclasses import replace

import pytest
from sympy import Add, Basic, Eq, Ge, Gt, MatAdd, MatMul, Mul, Rational, S

from theory.derivations import NAMES, derive
from theory.errors import OutOfDomain


def sign_flips(e: Basic):
    """The expression with the sign of one term of one sum flipped, in all ways."""
    if isinstance(e, Add | MatAdd):
        for k, term in enumerate(e.args):
            yield e.func(*e.args[:k], -term, *e.args[k + 1 :])
    for k, argument in enumerate(e.args):
        if isinstance(argument, Basic) and argument.has(Add, MatAdd):
            for changed in sign_flips(argument):
                yield e.func(*e.args[:k], changed, *e.args[k + 1 :])


def mutants(statement: Basic, status: str):
    """Wrong relations: a sign, a factor of two, the other way round."""
    left, right = statement.args
    if isinstance(statement, Eq):
        bigger = (
            MatMul(2, right) if getattr(right, "is_Matrix", False) else Mul(2, right)
        )
        if not getattr(right, "is_Matrix", False) and status != "approximation":
            yield Eq(left, right + 1, evaluate=False)
        if not (right == 0 or getattr(right, "is_ZeroMatrix", False)):
            yield Eq(left, bigger, evaluate=False)
        for side, other in ((left, right), (right, left)):
            for changed in sign_flips(side):
                if changed != side:
                    yield Eq(changed, other, evaluate=False)
    else:
        yield statement.func(right, left, evaluate=False)


MOST = 5
STEPS = [
    pytest.param(name, index, id=f"{name}-{index + 1}")
    for name in NAMES
    for index in range(len(derive(name).steps))
]


@pytest.mark.parametrize("name", NAMES)
def test_every_derivation_is_confirmed(name):
    checked = derive(name).check()
    assert checked, str(checked)


@pytest.mark.parametrize(("name", "index"), STEPS)
def test_every_mutant_of_every_step_is_refuted(name, index):
    step = derive(name).steps[index]
    wrong = list(mutants(step.statement, step.status))[:MOST]
    assert wrong, f"no mutant of {step.statement}"
    for statement in wrong:
        report = replace(step, statement=statement).check()
        assert report.verdict == "refuted", f"{statement}: {report}"


@pytest.mark.parametrize("name", NAMES)
def test_every_step_says_what_it_claims_and_why(name):
    for step in derive(name).steps:
        assert step.says.endswith((".", ":"))
        assert step.because
        assert step.how.startswith(("proved", "sampled", "measured"))
        assert step.latex()


def test_an_unknown_name_lists_the_known():
    with pytest.raises(OutOfDomain, match="conservation"):
        derive("perpetual motion")


def test_a_false_statement_is_not_inconclusive():
    step = derive("conservation").steps[0]
    assert replace(step, statement=S.false).check().verdict == "refuted"


def test_matrices_that_do_not_fit_are_not_confirmed():
    """Every matrix factor left out of every step: refused or refuted, never a crash."""
    for name in ("conservation", "sherman_morrison"):
        for step in derive(name).steps:
            for product in step.statement.atoms(MatMul):
                for k in range(len(product.args)):
                    rest = MatMul(*product.args[:k], *product.args[k + 1 :])
                    try:
                        wrong = step.statement.xreplace({product: rest})
                    except (TypeError, ValueError):  # SymPy itself refuses it
                        continue
                    if isinstance(wrong, Eq):
                        verdict = replace(step, statement=wrong).check().verdict
                        assert verdict != "confirmed", wrong


FACTOR = Rational(1_000_001, 1_000_000)
ROOM = {
    ("constant", 7): "the right side is 0",
    ("constant", 10): "the right side is 0",
    ("bounds", 7): "proved with every coefficient positive, so it is not sharp",
}
"""Inequalities that stay true when they are sharpened by a millionth, and why."""
INEQUALITIES = [
    (name, number)
    for name in NAMES
    for number, step in enumerate(derive(name).steps, 1)
    if not isinstance(step.statement, Eq)
]


@pytest.mark.parametrize(("name", "number"), INEQUALITIES)
def test_a_sharper_inequality_fails(name, number):
    """Cases of equality are among the samples: a factor of 1.000001 is noticed."""
    step = derive(name).steps[number - 1]
    relation, (left, right) = step.statement.func, step.statement.args
    rises = relation in (Ge, Gt)
    for statement in (
        relation(left, right * FACTOR if rises else right / FACTOR, evaluate=False),
        relation(left / FACTOR if rises else left * FACTOR, right, evaluate=False),
    ):
        verdict = replace(step, statement=statement).check().verdict
        assert verdict == ("confirmed" if (name, number) in ROOM else "refuted")
