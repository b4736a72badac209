"""Generated objects are valid, print as code, and cover the corners."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import Spectrum
from theory import Hypercube, Hypersphere, UnitCircle, kernels
from theory.activations import ACTIVATIONS
from verify import exact, strategies
from verify.conjecture import code
from verify.exact.problems.balance import Balance
from verify.extras import MissingExtra, require

NAMES = vars(exact) | {
    "Balance": Balance,
    "Fraction": Fraction,
    "kernels": kernels,
    "Hypercube": Hypercube,
    "Hypersphere": Hypersphere,
    "UnitCircle": UnitCircle,
    "Spectrum": Spectrum,
}
few = settings(max_examples=25, deadline=None, database=None, derandomize=True)
ALL = {
    "problems": strategies.problems(),
    "cubes": strategies.cubes(),
    "balances": strategies.balances(),
    "kernels": strategies.kernels(),
    "domains": strategies.domains(),
    "spectra": strategies.spectra(),
    "grams": strategies.grams(),
    "singular": strategies.grams(singular=True),
    "points": strategies.points(),
    "bases": strategies.bases(4),
    "ridges": strategies.ridges(),
    "targets": strategies.targets(5),
    "data_sets": strategies.data_sets(6),
    "activations": strategies.activations(),
}


@pytest.mark.parametrize("name", ALL)
def test_every_object_prints_as_code_that_makes_it_again(name):
    @few
    @given(ALL[name])
    def check(value):
        assert code(eval(code(value), NAMES.copy())) == code(value)

    check()


@few
@given(strategies.grams(), strategies.grams(singular=True))
def test_grams_are_what_they_say(definite, singular):
    assert definite.is_positive_definite
    assert singular.values == singular.values.transpose()


@few
@given(strategies.problems(ridged=True), strategies.problems(ridged=False))
def test_ridges_are_asked_for(with_ridge, without):
    assert with_ridge.ridge > 0
    assert without.ridge == 0


@few
@given(strategies.balances())
def test_balances_solve_the_implicit_equation(case):
    total = sum(g * lam / (lam + case.C) for lam, g in case.levels)
    assert total + case.ridge / case.C == case.n


@few
@given(strategies.kernels(), st.integers(1, 4))
def test_kernels_survive_being_spelled(kernel, d):
    assert kernels.parse(str(kernel)) == kernel
    assert Hypercube(d).size == 2**d


def test_spectra_reach_equal_nearly_equal_and_wild_levels():
    seen = set()

    @settings(max_examples=150, deadline=None, database=None, derandomize=True)
    @given(strategies.spectra())
    def look(s):
        values = [x.eigenvalue.midpoint for x in s]
        for a, b in pairwise(values):
            if a == b:
                seen.add("equal")
            elif abs(a / b - 1) < Fraction(1, 10**20):
                seen.add("nearly equal")
        if max(values) / min(values) > 10**6:
            seen.add("wild")

    look()
    assert seen == {"equal", "nearly equal", "wild"}


@few
@given(strategies.data_sets(6), strategies.data_sets(6, repeats=True))
def test_data_sets_are_distinct_unless_asked(distinct, repeated):
    assert len(set(distinct)) == len(distinct) >= 1
    assert all(0 <= x < 6 for x in repeated)


@few
@given(strategies.activations())
def test_activations_are_known(name):
    assert name in ACTIVATIONS


def test_a_missing_extra_is_one_line():
    with pytest.raises(MissingExtra, match=r'pip install "learnability\[verify\]"'):
        require("no_such_package", "verify", "strategies")
