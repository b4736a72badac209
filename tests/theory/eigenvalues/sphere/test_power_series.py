"""Power series with letters or terms for coefficients, and the arithmetic of kernels."""

import pytest
from sympy import Eq, IndexedBase, Integer, Symbol, factorial, gamma, hyper, symbols

from theory import kernels
from theory.domains import Hypersphere, UnitCircle
from theory.eigenvalues import eigenvalue
from theory.eigenvalues.checks.quadrature import integral, value
from theory.errors import OutOfDomain
from theory.notation import d, k, t

p = Symbol("p", integer=True, nonnegative=True)
a = IndexedBase("a")


def test_letters_stay_letters():
    e = eigenvalue(Hypersphere(d), kernels.power_series(a), k)
    assert e.rule.name == "sphere_power_series"
    assert e.rule.proof()
    first = (
        e.subs({k: 2, d: 3})
        .args[0]
        .subs(Symbol("j", integer=True, nonnegative=True), 0)
    )
    # λ_2[t²] = 2/15 on the sphere in R³
    assert first == a[2] * Integer(2) / 15


@pytest.mark.parametrize(
    "coefficient",
    [
        "1/factorial(p)",
        "1/factorial(p)^2",
        "factorial(p)/factorial(2*p)",
        "1/((p + 1)*3^p)",
        "gamma(p + 1/2)/gamma(p + 3)/3^p",
        "(p + 1)^2/4^p",
    ],
)
def test_hypergeometric_coefficients_give_one_pfq(coefficient):
    kernel = kernels.power_series(coefficient)
    e = eigenvalue(Hypersphere(d), kernel, k)
    assert len(e.expression.atoms(hyper)) == 1
    for size, level in [(2, 0), (3, 3), (8, 2)]:
        right = integral(Hypersphere(size), kernel(t), level)
        assert abs(value(e.expression.subs({k: level, d: size})) - right) < 1e-20


def test_other_coefficients_stay_a_sum():
    kernel = kernels.power_series("1/(p^2 + 1)/3^p")
    e = eigenvalue(UnitCircle(), kernel, k)
    assert not e.expression.atoms(hyper)
    assert e.check().verdict == "confirmed"


def test_known_series_agree_with_their_own_rules():
    series = eigenvalue(Hypersphere(d), kernels.power_series("1/factorial(p)"), k)
    known = eigenvalue(Hypersphere(d), kernels.exponential(1), k)
    for level in range(4):
        at = {k: level, d: 7}
        assert abs(value(series.subs(at)) - value(known.subs(at))) < 1e-30


def test_a_list_of_letters_is_a_polynomial():
    b, c = symbols("b c")
    kernel = kernels.power_series([b, 0, c])
    assert kernel(t) == b + c * t**2
    e = eigenvalue(Hypersphere(3), kernel, 2)
    assert e.expression == 2 * c / 15


@pytest.mark.parametrize(
    ("coefficient", "words"),
    [("t", "unknown name"), ("3", "expression in p"), ("1/p", "not finite at p = 0")],
)
def test_what_is_no_coefficient_is_refused(coefficient, words):
    with pytest.raises(OutOfDomain, match=words):
        kernels.power_series(coefficient)


def test_kernels_add_subtract_scale_and_take_powers():
    first, second = kernels.polynomial(2), kernels.exponential(1)
    at = Integer(1) / 3
    assert (2 * first)(at) == 2 * first(at)
    assert (first - second)(at) == first(at) - second(at)
    assert (first * 2 + 1)(at) == 2 * first(at) + 1
    assert (second**3)(at) == second(at) ** 3
    for made in (
        2 * first,
        first - second,
        second**3,
        kernels.power_series(factorial(p) / gamma(2 * p + 1)),
    ):
        assert kernels.parse(str(made)) == made
    assert Eq((2 * first)(t), 2 * t**2)
