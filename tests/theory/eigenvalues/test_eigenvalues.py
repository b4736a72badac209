"""Closed forms against independent sums and integrals, symbols against numbers."""

import pickle

import mpmath
import pytest
from sympy import (
    Integer,
    Integral,
    Rational,
    Sum,
    gamma,
    pi,
    simplify,
    symbols,
    sympify,
)

from theory import kernels
from theory.domains import Hypercube, Hypersphere, UnitCircle
from theory.eigenvalues import eigenvalue
from theory.eigenvalues.checks.quadrature import integral, value
from theory.notation import d, k, t

SPHERE = [
    "polynomial:degree=4",
    "inhomogeneous:degree=3,constant=1/2",
    "exponential:beta=3/2",
    "exponential:beta=-2",
    "gaussian:width=3/2",
    "laplace:width=2",
    "geometric:ratio=2/3",
    "arc_cosine:order=0",
    "arc_cosine:order=3",
    "arc_cosine:order=1/2",
    "ntk:relu",
    "ntk:leaky_relu",
    "nngp:erf:depth=1,weight_variance=3/2",
    "ntk:erf:depth=1",
    "nngp:gelu:depth=1",
    "nngp:sin",
    "expr:(2 - t)^(1/3)",
    "expr:sqrt(2 - 2*t) + t*sqrt(1 + t)",
    "expr:log(3 + 2*t)",
    "expr:atan(2*t) + erf(t)",
    "expr:t^2*cos(2*t)",
    "expr:sqrt(1 - t^2)*(1 + t)",
    "expr:exp(-t^2/2)",
]
CUBE = [
    "polynomial:degree=5",
    "exponential:beta=-2",
    "gaussian:width=3/2",
    "geometric:ratio=-2/3",
    "expr:t^2*exp(t) + sin(2*t)",
    "nngp:exp",
]


def relative(e, domain, kernel, level):
    from theory.eigenvalues.question import function_of_t

    right = integral(domain, function_of_t(domain, kernel), level)
    return abs(value(e) - right) / (abs(right) + mpmath.mpf(10) ** -12)


@pytest.mark.parametrize("text", SPHERE)
@pytest.mark.parametrize(("dimension", "level"), [(2, 3), (7, 4)])
def test_sphere_against_quadrature(text, dimension, level):
    kernel, sphere = kernels.parse(text), Hypersphere(dimension)
    e = eigenvalue(sphere, kernel, level)
    assert e.rule is not None, e.tried
    assert relative(e.expression, sphere, kernel, level) < 1e-15


@pytest.mark.parametrize("text", SPHERE)
@pytest.mark.parametrize(("dimension", "level"), [(2, 1), (4, 0)])
def test_symbolic_level_and_dimension_agree_with_numbers(text, dimension, level):
    kernel = kernels.parse(text)
    general = eigenvalue(Hypersphere(d), kernel, k).expression
    special = eigenvalue(Hypersphere(dimension), kernel, level).expression
    at = {d: dimension, k: level}
    assert abs(value(general.subs(at)) - value(special)) < 1e-25


@pytest.mark.parametrize("text", CUBE)
def test_hypercube_against_exact_sums(text):
    kernel = kernels.parse(text)
    general = eigenvalue(Hypercube(d), kernel, k)
    assert general.rule is not None, general.tried
    for dimension, level in [(1, 0), (1, 1), (4, 0), (5, 3), (9, 9), (12, 5)]:
        cube = Hypercube(dimension)
        e = eigenvalue(cube, kernel, level)
        assert relative(e.expression, cube, kernel, level) < 1e-15
        at = {d: dimension, k: level}
        assert abs(value(general.expression.subs(at)) - value(e.expression)) < 1e-25


def test_hypercube_monomials_of_the_literature():
    four = kernels.polynomial(4)
    cube = Hypercube(d)
    expected = [(3 * d - 2) / d**3, 0, (12 * d - 16) / d**4, 0, 24 / d**4]
    for level, form in enumerate(expected):
        assert simplify(eigenvalue(cube, four, level).expression - form) == 0
    value = eigenvalue(Hypercube(7), kernels.polynomial(5), 3).expression
    assert value == Rational(300, 16807)


def test_values_of_the_literature():
    ntk, sphere = kernels.ntk("relu"), Hypersphere(3)
    levels = [eigenvalue(sphere, ntk, j).expression for j in range(5)]
    assert levels == [
        Rational(1, 2),
        Rational(1, 3),
        Rational(5, 64),
        0,
        Rational(1, 192),
    ]
    assert eigenvalue(Hypersphere(8), ntk, 2).expression == 512 / (3969 * pi**2)
    monomial = eigenvalue(Hypersphere(5), kernels.polynomial(6), 2).expression
    assert monomial == Rational(2, 77)
    laplace = kernels.parse("expr:exp(-sqrt(2)*sqrt(1 - t))")
    found = eigenvalue(sphere, laplace, 0).expression.evalf(25)
    assert abs(found - ((1 - 3 * sympify("exp(-2)")) / 2).evalf(25)) < 1e-23


def test_published_even_levels_of_the_tangent_kernel():
    m = symbols("m", integer=True, positive=True)
    form = eigenvalue(Hypersphere(d), kernels.ntk("relu"), k).expression
    half = Rational(1, 2)
    mine = (2 * m * (2 * m + d - 2) + d + 1) * gamma(d / 2) ** 2 * gamma(m - half) ** 2
    mine /= 8 * pi**2 * gamma(m + (d + 1) / 2) ** 2
    for dimension in (2, 3, 8):
        for level in (2, 4, 10):
            left = form.subs({d: dimension, k: level})
            right = mine.subs({d: dimension, m: level // 2})
            assert simplify(left - right) == 0


def test_circle_and_its_points():
    circle = UnitCircle()
    geometric = kernels.geometric("4/5")
    assert eigenvalue(circle, geometric, 2).expression == Rational(5, 12)
    for kernel in (geometric, kernels.polynomial(7)):
        for points in (3, 4, 10):
            domain = UnitCircle(points)
            for level in range(int(domain.last_level) + 1):
                e = eigenvalue(domain, kernel, level)
                assert e.rule is not None
                right = integral(domain, kernel(t), level)
                assert abs(value(e.expression) - right) < 1e-25


def test_no_rule_is_said_with_reasons():
    for text in ("ntk:relu:depth=1,bias_variance=0.1", "ntk:relu:depth=2"):
        e = eigenvalue(Hypersphere(8), kernels.parse(text), 3)
        assert e.rule is None
        assert isinstance(e.expression, Integral)
        assert len(e.tried) > 5
        assert all(reason for _, reason in e.tried)
    assert isinstance(eigenvalue(Hypercube(d), kernels.ntk("relu"), k).expression, Sum)


@pytest.mark.parametrize(
    "text",
    [
        "expr:1/(3 - t - t^2)",
        "expr:acos(t)^2",
        "expr:exp(t^3)",
        "expr:1/(1 - 2*t)",
        "expr:tan(t)",
        "expr:asin(2*t)",
    ],
)
def test_forms_outside_every_rule_are_refused(text):
    assert eigenvalue(Hypersphere(d), kernels.parse(text), k).rule is None


def test_deep_kernels_keep_their_chain():
    e = eigenvalue(Hypersphere(d), kernels.ntk("relu", depth=128), k)
    assert e.rule is None
    assert e.chain is not None
    assert "K" in str(e.expression)
    assert "aligned" in e.latex()


def test_exact_values_on_small_cubes():
    e = eigenvalue(Hypercube(5), kernels.ntk("relu"), 2)
    assert e.rule is not None
    assert e.rule.name == "hypercube_finite_sum"
    assert relative(e.expression, Hypercube(5), kernels.ntk("relu"), 2) < 1e-20


def test_an_eigenvalue_is_a_sympy_expression_and_pickles():
    e = eigenvalue(Hypersphere(d), kernels.ntk("relu"), 1)
    assert (2 * e).subs(d, 4) == Rational(1, 2)
    assert d * e == 1
    assert Integer(1) / e == d
    assert pickle.loads(pickle.dumps(e)) == e
    assert e.latex() == r"\lambda_{1} = \frac{1}{d}"
    assert e.latex(convention="canatar").startswith(r"\eta_{1} = \frac{1}{D}")
    joint = eigenvalue(Hypersphere(d), kernels.parse("expr:t*exp(t)+sqrt(1-t)"), k)
    assert pickle.loads(pickle.dumps(joint)) == joint
    assert "@" in joint.cite()
    assert "kernels.parse(" in joint.cite()


def test_forbidden_parities_are_exact_zeros():
    odd = symbols("p", odd=True, positive=True)
    kernel = kernels.arc_cosine(1)
    for level in (3, 5, 11, 2 * symbols("j", integer=True, positive=True) + 1):
        e = eigenvalue(Hypersphere(d), kernel, level)
        assert e.expression == 0
        assert e.rule is not None
    assert eigenvalue(Hypersphere(d), kernel, odd + 2).expression == 0


def test_poles_inside_the_interval_claim_nothing():
    for text in ("expr:1/t", "expr:t/(4*t^2 - 1)"):
        for level in (0, 2, 3):
            assert eigenvalue(Hypersphere(4), kernels.parse(text), level).rule is None


@pytest.mark.parametrize("text", ["expr:max(t, 0)^2 + t", "expr:abs(t)"])
def test_half_powers_on_the_sphere(text):
    kernel = kernels.parse(text)
    for level in (0, 2, 3):
        e = eigenvalue(Hypersphere(5), kernel, level)
        assert e.rule is not None
        assert e.check().verdict == "confirmed"


def test_singular_kernels_are_checked_too():
    e = eigenvalue(Hypersphere(3), kernels.parse("expr:(1 - t)^(-1/4)"), 2)
    assert e.check().verdict == "confirmed"


def test_high_degrees_stay_quick():
    e = eigenvalue(Hypercube(d), kernels.polynomial(40), 2)
    seven = eigenvalue(Hypercube(7), kernels.polynomial(40), 2)
    assert e.expression.subs(d, 7) == seven.expression


@pytest.mark.parametrize("size", [1, 2, 5])
def test_high_powers_by_distances_are_the_shifts(size):
    from theory.eigenvalues.algebra.moves import shift_hypercube
    from theory.eigenvalues.hypercube.monomial import levels_of

    for power in (size + 1, size + 4):
        direct = levels_of(power, Integer(size))
        shifted = levels_of(0, Integer(size))
        for _ in range(power):
            shifted = shift_hypercube(shifted, Integer(size))
        for level in range(size + 1):
            assert direct(Integer(level)) == shifted(Integer(level))
