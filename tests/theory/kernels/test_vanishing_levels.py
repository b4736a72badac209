"""Levels that vanish by parity are exactly those that vanish."""

import pytest
from sympy import Rational

from theory import Hypercube, UnitCircle, kernels
from theory.kernels.vanishing_levels import Vanishing, vanishing_levels


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


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize("family", ["ntk", "nngp"])
@pytest.mark.parametrize(
    ("phi", "side"), [("erf", 0), ("sin", 0), ("cos", 1), ("abs(z)", 1)]
)
def test_deep_nets_of_odd_or_even_activations_keep_their_parity(
    family, phi, side, depth
):
    K = kernels.parse(f"{family}:{phi}:depth={depth}")
    assert vanishing_levels(K, Hypercube(5)) == (Vanishing(side, -1),)
    biased = kernels.parse(f"{family}:{phi}:depth={depth},bias_variance=0.1")
    assert vanishing_levels(biased, Hypercube(5)) == ()


def test_combinations_of_odd_nets_keep_their_parity():
    odd, even = kernels.nngp("erf", depth=2), kernels.ntk("cos", depth=2)
    cube = Hypercube(4)
    assert vanishing_levels(odd + odd, cube) == (Vanishing(0, -1),)
    assert vanishing_levels(odd * odd.normalized(), cube) == (Vanishing(1, -1),)
    assert vanishing_levels(odd * even, cube) == (Vanishing(0, -1),)
    assert vanishing_levels(odd + even, cube) == ()
