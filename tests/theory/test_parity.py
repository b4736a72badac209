"""Levels that vanish by parity are exactly those that vanish."""

import pytest
from sympy import Rational

from theory import Hypercube, UnitCircle, kernels
from theory.parity import Vanishing, vanishing_levels


@pytest.mark.parametrize("degree", [0, 1, 2, 3, 6])
def test_monomials_vanish_in_the_other_parity_and_above_their_degree(degree):
    cube, kernel = Hypercube(7), kernels.polynomial(degree)
    found = vanishing_levels(kernel, cube)
    for k in range(8):
        exact = cube.definition(kernel, k).doit()
        assert (exact == 0) == any(rule.covers(k) for rule in found)


def test_bias_free_one_layer_kernels_vanish_at_odd_levels_above_one():
    rules = vanishing_levels(kernels.ntk("relu", depth=1), Hypercube(9))
    assert rules == (Vanishing(parity=1, degree=1),)
    assert rules[0].covers(3)
    assert not rules[0].covers(1)
    assert not rules[0].covers(4)


@pytest.mark.parametrize(
    "kernel",
    [
        kernels.ntk("relu", depth=1, bias_variance=Rational(1, 100)),
        kernels.ntk("relu", depth=2),
        kernels.exponential(1),
        kernels.gaussian(2),
    ],
)
def test_nothing_is_claimed_where_nothing_is_proved(kernel):
    assert vanishing_levels(kernel, Hypercube(8)) == ()


def test_an_odd_number_of_points_on_the_circle_breaks_parity():
    assert vanishing_levels(kernels.polynomial(2), UnitCircle(points=9)) == ()


def test_a_huge_degree_is_read_off_not_expanded():
    found = vanishing_levels(kernels.polynomial(1000), Hypercube(8))
    assert [(v.parity, v.degree) for v in found] == [(0, 1000), (1, -1)]
