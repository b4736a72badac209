"""The predictor in the eigenbasis, and conservation for every linear rule."""

from dataclasses import replace

from sympy import Eq

from theory.data_set.conservation import samples
from theory.data_set.predictor import (
    Select,
    Weights,
    linear_rules,
    predictor_coefficients,
    resolvent,
)
from theory.data_set.symbols import K, Lam, Phi, R, T, scalar, v
from theory.data_set.theorems import projector
from theory.derivations.checks.exact_fields import constant
from theory.derivations.checks.random_identities import ModularIdentity
from theory.derivations.checks.random_problems import draw, regression


def rule(random, field, size):
    """A linear rule with random weights on a domain of N points, and its data points."""
    point = regression(random, field, size)
    zero, one = constant(field, 0), constant(field, 1)
    chosen = random.sample(range(size[1]), size[0])
    select = [[one if c == a else zero for c in range(size[1])] for a in chosen]
    weights = [[draw(random, field) for _ in range(size[0])] for _ in range(size[1])]
    matrices = {**point.matrices, Select: select, Weights: weights}
    return replace(point, matrices=matrices, seen={})


def interpolating(random, field, size):
    """The same, with weights 1 on each data point itself and 0 on the other ones."""
    point = rule(random, field, size)
    zero, one = constant(field, 0), constant(field, 1)
    weights = [row[:] for row in point.matrices[Weights]]
    for a, row in enumerate(point.matrices[Select]):
        place = row.index(one)
        weights[place] = [one if b == a else zero for b in range(size[0])]
    return replace(point, matrices={**point.matrices, Weights: weights}, seen={})


def test_conservation_for_linear_rules():
    check = ModularIdentity(rule)
    assert check(linear_rules.equation).verdict == "confirmed"
    wrong = Eq(linear_rules.lhs, samples, evaluate=False)
    assert check(wrong).verdict == "refuted"


def test_every_linear_interpolator_sums_to_n():
    statement = Eq(linear_rules.lhs, samples, evaluate=False)
    assert ModularIdentity(interpolating)(statement).verdict == "confirmed"


def test_the_letters_mean_what_the_formulas_say():
    assert ModularIdentity()(resolvent.equation).verdict == "confirmed"
    fitted = Eq(predictor_coefficients.rhs, Lam * Phi.T * R * _labels(), evaluate=False)
    assert ModularIdentity()(fitted).verdict == "confirmed"
    target = Eq(
        scalar(v.T * T * v), scalar(v.T * Lam * Phi.T * R * Phi * v), evaluate=False
    )
    assert ModularIdentity()(target).verdict == "confirmed"


def test_with_a_ridge_learning_is_no_projection():
    assert ModularIdentity()(projector.equation).verdict == "refuted"
    assert K.shape == R.shape


def _labels():
    from theory.data_set.symbols import Y

    return Y
