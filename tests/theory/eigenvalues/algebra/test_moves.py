"""Moves against the function that they are moves of, and guesses that become proofs."""

from dataclasses import replace

import pytest
from sympy import Integer, Symbol, cancel, factorial, gamma

from theory import kernels
from theory.activations import arc_cosine
from theory.domains import Hypercube, Hypersphere, UnitCircle
from theory.eigenvalues import eigenvalue, guess
from theory.eigenvalues.algebra import moves
from theory.eigenvalues.algebra.moves import (
    alias,
    combination,
    laplacian,
    laplacian_sphere,
    raise_dimension,
    shift,
)
from theory.eigenvalues.algebra.moves_proved import PROOFS, proof_of
from theory.eigenvalues.checks.quadrature import integral, value
from theory.eigenvalues.hypercube import product
from theory.eigenvalues.sphere import endpoint, exponential, monomial, tangent
from theory.errors import OutOfDomain, Unsupported
from theory.notation import d, k, t

BETA = Integer(2)


@pytest.mark.parametrize("domain", [Hypersphere(5), Hypersphere(2), UnitCircle()])
def test_shift_is_multiplication_by_t(domain):
    dimension = Integer(getattr(domain, "d", 2))
    moved = shift(domain, shift(domain, exponential.levels_of(BETA, dimension)))
    kernel = kernels.parse("expr:t^2*exp(2*t)")
    for level in range(4):
        right = integral(domain, kernel(t), level)
        assert abs(value(moved(Integer(level))) - right) < 1e-25


def test_shift_on_the_hypercube():
    cube = Hypercube(5)
    moved = shift(cube, product.levels_of(BETA, Integer(5)))
    for level in range(6):
        right = integral(cube, kernels.parse("expr:t*exp(2*t)")(t), level)
        assert abs(value(moved(Integer(level))) - right) < 1e-25


def test_shift_with_symbols_is_the_concrete_shift():
    twice = shift(Hypersphere(d), shift(Hypersphere(d), monomial.levels_of(2, d)))
    four = monomial.levels_of(4, d)
    for dimension in (2, 3, 4, 7):
        for level in range(6):
            at = {d: dimension, k: level}
            assert abs(value(twice(k).subs(at)) - value(four(k).subs(at))) < 1e-25


def test_shift_on_points_is_refused():
    with pytest.raises(Unsupported, match="alias"):
        shift(UnitCircle(7), lambda k: k)


def test_dimension_raising():
    slope = lambda k, d: BETA * exponential.levels_of(BETA, d)(k)
    raised = raise_dimension(slope, d)
    assert cancel(raised(k) / exponential.levels_of(BETA, d)(k)).simplify() == 1
    with pytest.raises(OutOfDomain):
        raised(Integer(0))


def test_laplacian_as_operator_and_on_levels():
    d5 = Integer(5)
    image = laplacian(t**3, d5)
    moved = laplacian_sphere(monomial.levels_of(3, d5), d5)
    for level in range(4):
        right = integral(Hypersphere(5), image, level)
        assert abs(value(moved(Integer(level))) - right) < 1e-25


def test_tangent_kernel_is_an_operator_on_the_arc_cosine_kernel():
    # d (κ_1 + t κ_0) = (d + 1 − Δ) κ_1
    one, zero = arc_cosine.textbook(1), arc_cosine.textbook(0)
    left = d * (one + t * zero)
    right = (d + 1) * one - laplacian(one, d)
    assert (left - right).simplify() == 0


def test_linearity():
    levels = combination(
        [
            (Integer(3), monomial.levels_of(2, Integer(4))),
            (Integer(-1), exponential.levels_of(BETA, Integer(4))),
        ]
    )
    right = integral(Hypersphere(4), kernels.parse("expr:3*t^2-exp(2*t)")(t), 2)
    assert abs(value(levels(Integer(2))) - right) < 1e-25


def test_aliases_sum_to_the_points():
    rho = Integer(1) / 2
    geometric = kernels.parse("expr:1/(1 - 4*t/5)")
    summed = alias(lambda k: Integer(5) / 3 * rho**k, Integer(6))(Integer(2)).doit()
    assert abs(value(summed) - integral(UnitCircle(6), geometric(t), 2)) < 1e-25


def test_a_guess_is_proved():
    exact = [monomial.levels_of(j, d)(Integer(j)) for j in range(7)]
    found = guess(exact)
    assert found is not None
    assert found.confirmed >= 2
    truth = factorial(k) * gamma(d / 2) / 2**k / gamma(k + d / 2)
    assert cancel((found.term / truth).subs(k, 5).simplify()) == 1
    assert "not proved" in str(found)


def test_a_guess_finds_the_tangent_kernel_and_checks_it():
    three = Integer(3)
    exact = [tangent.levels_of(1, three)(Integer(j)) for j in range(2, 30, 2)]
    found = guess(exact, start=2, step=2)
    assert found is not None
    assert found.term is not None
    assert found.check(Hypersphere(3), kernels.ntk("relu")).verdict == "confirmed"


def test_no_guess_where_there_is_no_hypergeometric_term():
    assert guess([1, 2, 6, 15, 31, 58, 101, 167, 263, 397, 586]) is None
    with pytest.raises(OutOfDomain):
        guess([1, 2, 0, 4, 5])


def test_endpoint_levels_for_a_symbolic_power():
    nu = Symbol("nu", positive=True)
    form = endpoint.levels_of(nu, d)(k)
    special = endpoint.levels_of(Integer(1) / 2, d)(k)
    at = {k: 4, d: 5}
    assert (
        abs(value(form.subs(nu, Integer(1) / 2).subs(at)) - value(special.subs(at)))
        < 1e-25
    )


@pytest.mark.parametrize("move", sorted(PROOFS))
def test_every_move_is_proved_and_a_broken_one_is_not(move):
    proof = proof_of(move)
    assert proof, [str(step) for step in proof.failures()]
    first = proof.steps[0]
    assert not replace(first, rhs=first.rhs + 1).holds()


def test_every_move_has_a_proof():
    public = {
        name
        for name, value in vars(moves).items()
        if callable(value) and getattr(value, "__module__", "") == moves.__name__
    }
    # ``shift`` picks one of the two shifts, ``laplacian`` writes ΔK itself
    assert public - {"shift", "laplacian"} == set(PROOFS)
    with pytest.raises(OutOfDomain, match="known: shift_sphere"):
        proof_of("rotation")


@pytest.mark.parametrize("text", ["t*erf(t)", "t^3*exp(t)", "t*sqrt(3 + t)"])
def test_a_shift_on_the_circle_holds_at_level_zero_of_a_symbol(text):
    kernel = kernels.parse(f"expr:{text}")
    for domain in (UnitCircle(), Hypersphere(2)):
        form = eigenvalue(domain, kernel, k).expression
        right = integral(domain, kernel(t), 0)
        assert abs(value(form.subs(k, 0)) - right) < 1e-20


def test_many_shifts_are_refused_for_a_symbol_and_fast_for_a_number():
    kernel = kernels.parse("expr:t^30*exp(t)")
    assert eigenvalue(Hypersphere(3), kernel, k).rule is None
    assert "t-shifts" in str(eigenvalue(Hypersphere(3), kernel, k).tried)
    e = eigenvalue(Hypersphere(3), kernel, 2)
    right = integral(Hypersphere(3), kernel(t), 2)
    assert abs(value(e.expression) - right) < 1e-18
