"""Exact integrals over the angle, and guesses through the values that they give."""

import mpmath
import pytest
from sympy import Rational, Symbol, pi

from theory import kernels
from theory.domains import Hypersphere, UnitCircle
from theory.eigenvalues import eigenvalue, guess_eigenvalue
from theory.eigenvalues.checks.quadrature import integral, value
from theory.eigenvalues.sphere.angle_sum import RULE, mean
from theory.errors import OutOfDomain, Unsupported
from theory.notation import d, k, t

PRODUCTS = [
    kernels.ntk("relu") ** 2,
    kernels.arc_cosine(1) * kernels.arc_cosine(0),
    kernels.nngp("step") ** 3,
    kernels.parse("expr:t*sqrt(1 - t^2)*acos(t)"),
]


@pytest.mark.parametrize("domain", [Hypersphere(3), Hypersphere(8), UnitCircle()])
@pytest.mark.parametrize("kernel", PRODUCTS, ids=str)
def test_products_of_arc_cosine_kernels_are_exact(kernel, domain):
    for level in (0, 3):
        e = eigenvalue(domain, kernel, level)
        assert e.rule.name == "sphere_angle_sum"
        right = integral(domain, kernel(t), level)
        assert abs(value(e.expression) - right) < 1e-25


def test_the_rule_is_proved_and_symbols_are_refused():
    assert RULE.proof()
    e = eigenvalue(Hypersphere(d), PRODUCTS[0], k)
    assert e.rule is None
    assert ("sphere_angle_sum", "level and dimension are not both numbers") in e.tried


@pytest.mark.parametrize(("a", "b", "j"), [(3, 2, 1), (0, 5, 2), (2, 0, 3), (1, 1, 0)])
def test_means_over_the_angle(a, b, j):
    f = lambda x: mpmath.cos(x) ** a * mpmath.sin(x) ** b * x**j
    with mpmath.workdps(30):
        right = mpmath.quad(f, [0, mpmath.pi / 2, mpmath.pi])
        assert abs(value(mean(a, b, j)) - right) < 1e-25


def test_letters_pass_through():
    a = Symbol("a", positive=True)
    kernel = a * kernels.arc_cosine(0) ** 2
    e = eigenvalue(Hypersphere(3), kernel, 1)
    assert (e.expression / a).simplify() == eigenvalue(
        Hypersphere(3), kernels.arc_cosine(0) ** 2, 1
    ).expression


def test_a_guess_through_the_engines_own_values_is_proved():
    for domain in (Hypersphere(5), Hypersphere(d)):
        found = guess_eigenvalue(domain, kernels.arc_cosine(0), start=1, step=2)
        assert found.confirmed >= 2
        assert found.check(domain, kernels.arc_cosine(0)).verdict == "confirmed"


def test_guesses_need_exact_values_that_are_not_zero():
    with pytest.raises(OutOfDomain, match=r"λ_3 .* is 0"):
        guess_eigenvalue(Hypersphere(3), kernels.ntk("relu"), start=2)
    with pytest.raises(Unsupported, match="not known exactly"):
        guess_eigenvalue(Hypersphere(3), kernels.ntk("relu", depth=3))


def test_acos_squared_on_the_circle_by_hand():
    # Fourier: θ² has the coefficients 2(−1)^k/k², half of them in λ_k, and π²/3
    e = [eigenvalue(UnitCircle(), kernels.parse("expr:acos(t)^2"), j) for j in range(4)]
    assert e[0].expression == pi**2 / 3
    assert [x.expression for x in e[1:]] == [-2, Rational(1, 2), -Rational(2, 9)]
