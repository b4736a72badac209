"""Quadrature, positive series, closed forms and mpmath: balls of all of them must meet."""

import time
from fractions import Fraction

import mpmath
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational
from sympy.abc import t

from numerics import spectrum
from numerics.numbers.ball import Ball
from numerics.numbers.precision import working_precision
from numerics.spectra.domains import harmonics, taylor_series
from numerics.spectra.domains.polynomial_kernels import (
    sphere_eigenvalues,
    taylor_coefficients,
)
from numerics.spectra.kernel_evaluation import evaluator
from numerics.spectra.quadrature.angle_quadrature import moments
from numerics.spectra.quadrature.panels import panels
from theory import Hypersphere, NoConvergence, NotEvaluable, UnitCircle, kernels

NETS = [
    "ntk:relu:depth=4,bias_variance=0.01",
    "ntk:relu:depth=2",
    "nngp:relu:depth=3,bias_variance=0.1",
    "ntk:erf:depth=2,bias_variance=0.1",
    "nngp:erf:depth=1",
]
RADIAL = ["exponential:beta=2", "gaussian:width=3", "laplace:width=1"]


def quadrature(kernel, d, top, bits):
    domain = Hypersphere(d)
    found = moments(panels(kernel, domain), d, top, bits)
    with working_precision(bits + 64):
        return harmonics.eigenvalues(found.cosine, d, range(top + 1)), found.square


def series(kernel, d, top, terms, bits):
    domain, run = Hypersphere(d), evaluator(kernel, Hypersphere(d))
    with working_precision(bits):
        found = taylor_series.expansion(kernel, domain, run, terms, bits)
        values = taylor_series.eigenvalues(found, d, range(top + 1), bits)
        return values, taylor_series.mean_square(found, d, arb(run(fmpq(0))))


def by_mpmath(kernel, d, k, digits):
    """The Funk–Hecke integral over θ, by tanh-sinh quadrature without a proof."""
    from sympy import lambdify

    from theory.chain import Chain
    from theory.notation import d as symbol_d
    from theory.notation import t as cosine

    written = kernel(cosine)
    written = written.expand() if isinstance(written, Chain) else written
    K = lambdify(cosine, written.subs(symbol_d, d), "mpmath")
    with mpmath.workdps(digits + 15):
        a = mpmath.mpf(d) / 2 - 1

        def zonal(x):
            if d == 2:
                return mpmath.cos(k * mpmath.acos(x))
            return mpmath.gegenbauer(k, a, x) / mpmath.binomial(k + d - 3, k)

        def integrand(x):
            return K(mpmath.cos(x)) * zonal(mpmath.cos(x)) * mpmath.sin(x) ** (d - 2)

        weight = mpmath.gamma(a + 1) / mpmath.sqrt(mpmath.pi) / mpmath.gamma(a + 0.5)
        return weight * mpmath.quad(integrand, [0, mpmath.pi / 2, mpmath.pi])


def near(ball, value, digits):
    """Whether an unproved value lies within its own error of a proved ball."""
    error = abs(ball.midpoint - Fraction(str(value))) - ball.radius
    return error <= abs(Fraction(str(value))) / 10**digits


@pytest.mark.parametrize(
    ("name", "d"),
    [("ntk:relu:depth=2", 3), ("nngp:erf:depth=1", 2), ("ntk:erf:depth=2", 8)]
    + [(name, d) for name in RADIAL for d in (2, 3, 8)],
)
def test_quadrature_meets_mpmath(name, d):
    K = kernels.parse(name)
    s = spectrum(K, Hypersphere(d), levels=range(5), digits=30)
    assert s.digits >= 30
    for k in (1, 4):
        truth = s.levels[k].eigenvalue
        if truth.sign:
            assert near(truth, mpmath.nstr(by_mpmath(K, d, k, 20), 30), 15)


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize(("d", "top"), [(60, 12), (200, 30)])
def test_quadrature_meets_the_positive_series(name, d, top):
    K = kernels.parse(name)
    first, square = quadrature(K, d, top, 400)
    second, other = series(K, d, top, 600, 300)
    assert square.overlaps(other)
    for a, b in zip(first, second, strict=True):
        assert a.overlaps(b)
        assert b.rad() < abs(b.mid()) * arb(10) ** -9 or b.contains(0)


@settings(max_examples=10, deadline=None)
@given(
    st.integers(2, 30),
    st.lists(st.fractions(-1, 2, max_denominator=9), min_size=1, max_size=7),
)
def test_polynomials_meet_quadrature(d, a):
    e = sum(Rational(x.numerator, x.denominator) * t**p for p, x in enumerate(a))
    K = kernels.from_expression(e + 0 * t)
    exact = sphere_eigenvalues([fmpq(x.numerator, x.denominator) for x in a], d)
    balls, square = quadrature(K, d, len(a) + 1, 160)
    for k, ball in enumerate(balls):
        truth = exact[k] if k < len(exact) else fmpq(0)
        assert Ball(ball).contains(Fraction(int(truth.p), int(truth.q)))
        assert ball.rad() < arb(2) ** -150
    counts = harmonics.multiplicities(d, len(a))
    total = sum((g * x * x for g, x in zip(counts, exact, strict=False)), fmpq(0))
    assert Ball(square).contains(Fraction(int(total.p), int(total.q)))


@pytest.mark.parametrize("d", [2, 3, 5, 40])
def test_harmonics_are_those_of_theory(d):
    domain = Hypersphere(d)
    counts = harmonics.multiplicities(d, 9)
    assert counts == [int(domain.multiplicity(k)) for k in range(10)]


@pytest.mark.parametrize("d", [3, 4, 9])
def test_legendre_polynomials_are_means_of_cosines(d):
    x = Rational(3, 7)
    with working_precision(200):
        angle = arb(fmpq(3, 7)).acos()
        cosine = [(j * angle).cos() for j in range(12)]
        values = harmonics.eigenvalues(cosine, d, range(12))
        for k in range(12):
            exact = Hypersphere(d).zonal(k, x)
            assert Ball(values[k]).contains(Fraction(int(exact.p), int(exact.q)))


def test_published_values():
    """Closed forms of the arc-cosine, ReLU and Laplace kernels (theory.md, 4.3)."""
    for name, d, k, digits in [
        ("arc_cosine:order=1", 8, 2, "0.00418253029175122712858785871"),
        ("arc_cosine:order=2", 8, 3, "0.00138265464190123210862408552"),
        ("ntk:relu:depth=1", 8, 2, "0.013070407161722584776837"),
        ("exponential:beta=1", 8, 2, "0.0130302314859346500086915474"),
    ]:
        level = spectrum(name, Hypersphere(d), levels=[k], digits=30).levels[0]
        assert str(level.eigenvalue).startswith(digits)


def test_arc_cosine_on_the_ordinary_sphere_is_rational():
    s = spectrum("arc_cosine:order=1", "sphere:3", levels=range(6), digits=40)
    truth = [Fraction(3, 8), Fraction(1, 6), Fraction(3, 128), 0]
    assert all(x.eigenvalue.contains(y) for x, y in zip(s.levels, truth, strict=False))
    assert [x.index for x in s.levels if x.eigenvalue.sign == 0] == [3, 5]


@pytest.mark.parametrize("name", [*NETS[:3], "laplace:width=1", "gaussian:width=2"])
@pytest.mark.parametrize("d", [2, 3, 12])
def test_the_tail_holds_what_more_levels_show(name, d):
    short = spectrum(name, Hypersphere(d), levels=range(7), digits=25)
    long = short.extend(40)
    more = [x for x in long.levels if x.index > 6]
    mass = sum((x.multiplicity * x.eigenvalue.lower for x in more), Fraction(0))
    square = sum((x.multiplicity * x.eigenvalue.lower**2 for x in more), Fraction(0))
    assert mass <= short.tail_mass.upper
    assert mass + long.tail_mass.upper >= short.tail_mass.lower
    assert square <= short.tail_square.upper
    assert square + long.tail_square.upper >= short.tail_square.lower
    assert all(x.eigenvalue.lower <= short.tail_bound.upper for x in more)
    assert all(
        a.eigenvalue.overlaps(b.eigenvalue)
        for a, b in zip(short.levels, long.levels, strict=False)
    )


def test_a_polynomial_has_an_exact_tail():
    s = spectrum("polynomial:degree=4", "sphere:5", levels=range(3))
    whole = spectrum("polynomial:degree=4", "sphere:5", levels=range(5))
    level = whole.levels[4]
    assert s.tail_mass == level.multiplicity * level.eigenvalue.midpoint
    assert s.tail_bound == level.eigenvalue
    assert whole.is_complete
    assert whole.modes == sum(x.multiplicity for x in whole.levels if x.index % 2 == 0)


def test_the_whole_circle_is_the_sphere_of_dimension_2():
    circle = spectrum("laplace:width=2", UnitCircle(), levels=range(9))
    sphere = spectrum("laplace:width=2", Hypersphere(2), levels=range(9))
    assert [x.multiplicity for x in circle.levels] == [1] + 8 * [2]
    for a, b in zip(circle.levels, sphere.levels, strict=True):
        assert a.eigenvalue.overlaps(b.eigenvalue)


@pytest.mark.parametrize(
    "name",
    [
        "expr:sqrt(1 - t**2)*acos(t) + 3",
        "expr:exp(-sqrt(1 - t))",
        "expr:1/(3 - t - t**2) + besseli(0, t)",
        "expr:2 + sqrt(1 + t)",
        "expr:cosh(t) + log(3 + t)/4",
    ],
)
def test_expressions_meet_mpmath(name):
    K = kernels.parse(name)
    values, _ = quadrature(K, 5, 4, 130)
    for k in (0, 1, 4):
        truth = mpmath.nstr(by_mpmath(K, 5, k, 20), 25)
        assert abs(values[k] - arb(truth)) < arb(10) ** -15


def test_what_is_not_analytic_is_refused_by_name():
    with pytest.raises(
        (NoConvergence, NotEvaluable),
        match=r"Abs in a kernel: where exp\(t\) - 2 changes",
    ):
        spectrum("expr:1 + abs(exp(t) - 2)", "sphere:3", levels=range(3))


def test_a_kernel_with_a_pole_inside_is_refused():
    with pytest.raises(NoConvergence, match="not proved analytic"):
        spectrum("expr:1/(1/2 - t)", "sphere:3", levels=range(3))


def test_levels_up_to_1000_keep_their_digits():
    s = spectrum(NETS[0], "sphere:10", levels=range(1001))
    assert s.digits >= 30
    last = str(s.levels[-1].eigenvalue)
    assert last.startswith("1.4392648287805087222664412874")


@pytest.mark.parametrize(
    ("written", "coefficients"),
    [
        ("(1+t+t^2)^3/2", [fmpq(x, 2) for x in (1, 3, 6, 7, 6, 3, 1)]),
        ("(sqrt(2)+1)*(sqrt(2)-1)*t", [0, 1]),
        ("((1+t)^3-1-t^3)/3+d*t", [0, 9, 1]),
        ("(t^2+pi)^400", None),
    ],
)
def test_polynomials_are_multiplied_out(written, coefficients):
    found = taylor_coefficients(kernels.parse(f"expr:{written}"), Hypersphere(8))
    assert found == coefficients


def test_a_high_power_is_multiplied_out_at_once():
    power = taylor_coefficients(kernels.parse("expr:(1+t+t^2)^500"), Hypersphere(8))
    assert power is not None
    assert (len(power), sum(power, fmpq(0))) == (1001, fmpq(3) ** 500)


@pytest.mark.parametrize(
    ("kernel", "domain"),
    [
        (kernels.laplace("1e-300"), Hypersphere(4)),
        (kernels.gaussian("1e-300"), Hypersphere(60)),
    ],
)
def test_a_width_without_hope_is_refused_before_work(kernel, domain):
    before = time.process_time()
    with pytest.raises(NoConvergence, match="say nothing"):
        spectrum(kernel, domain)
    assert time.process_time() - before < 2
