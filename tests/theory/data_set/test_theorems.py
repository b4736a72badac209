"""Every exact statement about one data set is checked, and its mutants are refuted."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sympy import Eq

from theory.data_set import theorems
from theory.data_set.conservation import conservation
from theory.data_set.symbols import Phi, lam, modes
from theory.data_set.theorems import FIXED_DATA, fewer, largest
from theory.derivations.checks.exact_fields import Residue
from theory.derivations.checks.random_identities import ModularIdentity, Sampled
from theory.derivations.checks.random_problems import EDGES, regression
from theory.notation import i


def ridgeless(random, field, size):
    return regression(random, field, size, ridgeless=True)


def whole(random, field, size):
    return regression(
        random, field, (size[1], size[1]), ridgeless=True, whole_domain=True
    )


def part(random, field, size):
    return regression(random, field, size, whole_domain=True, ridgeless=True)


def arranged(point):
    """The problem with its eigenvalues in rising order and λ_max the last of them."""
    count = point.sizes[modes]
    values = sorted(point.numbers[(lam, k)] for k in range(1, count + 1))
    numbers = {**point.numbers, **{(lam, k): x for k, x in enumerate(values, 1)}}
    numbers[largest] = values[-1]
    return replace(point, numbers=numbers, seen={})


def ordered(random, field, size):
    """Eigenvalues rise, so mode 1 is the smallest and the last the largest."""
    return arranged(part(random, field, size))


def _arranged_edge(edge):
    return lambda point: arranged(edge(point))


# an edge moves eigenvalues: which is the smallest, and λ_max, are settled after it
ORDERED = {"problem": ordered, "edges": tuple(map(_arranged_edge, EDGES))}


def leave_one_out(random, field, size):
    """A data set and the same without its last point."""
    point = regression(random, field, size)
    matrices = {**point.matrices, fewer: point.matrices[Phi][:-1]}
    return replace(point, matrices=matrices, seen={})


WAYS = {
    "learnability_grows_with_data": Sampled(leave_one_out),
    "learning_matrix_is_a_projector": ModularIdentity(ridgeless),
    "everything_is_learned_from_the_whole_domain": ModularIdentity(
        whole, sizes=((4, 4),)
    ),
    "test_mse_of_a_mode_is_at_most": Sampled(**ORDERED, sizes=((2, 4), (3, 4))),
    "learnability_of_an_eigenfunction_lies_in_0_1": Sampled(),
    "test_mse_is_at_least_the_squared_gap": Sampled(),
}
EXTREMAL = {
    "learnability_of_the_smallest_mode": 1,
    "learnability_of_the_largest_mode": 4,
}


@pytest.mark.parametrize("formula", FIXED_DATA, ids=lambda f: f.name)
def test_theorem(formula):
    assert formula.status == "exact"
    assert formula.given or formula is not conservation
    if formula.name in EXTREMAL:
        at = {i: EXTREMAL[formula.name]}
        check = Sampled(**ORDERED, sizes=((1, 4), (2, 4), (3, 4)), at=at)
        assert check(formula.equation).verdict == "confirmed"
        return
    way = WAYS.get(formula.name, ModularIdentity())
    report = way(formula.equation)
    assert report.verdict == "confirmed", report


@pytest.mark.parametrize(
    "formula", [f for f in FIXED_DATA if f.relation == "="], ids=lambda f: f.name
)
def test_a_wrong_theorem_is_refuted(formula):
    way = WAYS.get(formula.name, ModularIdentity())
    wrong = Eq(formula.lhs, 2 * formula.rhs, evaluate=False)
    assert way(wrong).verdict == "refuted"


def test_extremal_bounds_need_their_conditions():
    """The smallest mode's bound is false for the largest mode, and the other way round."""
    for name, wrong in (
        ("learnability_of_the_smallest_mode", 4),
        ("learnability_of_the_largest_mode", 1),
    ):
        formula = next(f for f in FIXED_DATA if f.name == name)
        check = Sampled(**ORDERED, sizes=((2, 4),), at={i: wrong})
        assert check(formula.equation).verdict == "refuted"


def test_learnability_of_general_targets_leaves_the_interval():
    """Two characters of one bit, λ = (3, 1), D = {+1}: L(φ_0 − 2φ_1) = −1/20."""
    T = [[Fraction(3, 4), Fraction(3, 4)], [Fraction(1, 4), Fraction(1, 4)]]
    v = [1, -2]
    taken = sum(v[r] * T[r][c] * v[c] for r in range(2) for c in range(2))
    assert taken / 5 == Fraction(-1, 20)
    assert Residue(3).value == 3
    assert theorems.projector.status == "exact"
