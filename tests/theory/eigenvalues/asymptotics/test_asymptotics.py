"""Asymptotic forms against exact values, with the errors that the literature reports."""

import mpmath
import pytest
from sympy import (
    IndexedBase,
    Rational,
    Symbol,
    expand,
    expand_func,
    pi,
    simplify,
    sqrt,
)

from theory import kernels
from theory.domains import Hypercube, Hypersphere, UnitCircle
from theory.eigenvalues import eigenvalue
from theory.eigenvalues.asymptotics.endpoint_decay import leading_power, relu_constant
from theory.eigenvalues.asymptotics.large_d import large_d
from theory.eigenvalues.asymptotics.puiseux import expansion
from theory.errors import OutOfDomain, Unsupported
from theory.notation import d, k


@pytest.mark.parametrize(
    ("text", "domain", "error"),
    [
        ("ntk", Hypersphere(8), 1e-7),
        ("laplace:width=2", Hypersphere(3), 1e-7),
        ("arc_cosine:order=1", UnitCircle(), 1e-3),
        ("ntk:relu:depth=4,bias_variance=0.01", Hypersphere(8), 2e-2),
    ],
)
def test_sums_of_endpoint_terms_are_close_at_level_twenty(text, domain, error):
    e = eigenvalue(domain, kernels.parse(text), k)
    form = e.large_k(at=(20,))
    assert 0 < form.measured["k=20"] < error
    assert "half powers" in form.valid


def test_leading_power_alone_is_off_as_stated():
    # λ_20 of (1−t)^(1/2) in d = 8: 4 % in w, 0.1 % with the next order
    from theory.eigenvalues.sphere.endpoint import levels_of

    truth = levels_of(Rational(1, 2), 8 + 0 * d)(20)
    errors = [
        abs(leading_power(Rational(1, 2), 8, 20, order=order) / truth - 1).evalf(6)
        for order in (0, 1, 2, 3)
    ]
    assert 0.03 < errors[0] < 0.05
    assert errors[1] < 0.002
    assert errors[2] < errors[1] / 20
    assert errors[3] < errors[2] / 20


@pytest.mark.parametrize("depth", [1, 2, 5, 60])
@pytest.mark.parametrize("bias", [0, "0.01"])
def test_constant_of_deep_nets_by_recursion_and_by_series(depth, bias):
    kernel = kernels.ntk("relu", depth=depth, bias_variance=bias)
    exact = relu_constant(kernel) * sqrt(2)
    series = expansion(kernel.half(), end=1, size=6)
    assert abs(mpmath.mpmathify(exact.evalf(30)) - series.coefficients[1]) < 1e-20


def test_constant_of_one_hidden_layer():
    kernel = kernels.ntk("relu", depth=1, weight_variance=3, bias_variance=1)
    # −√(2 W (W + b))/(2π)
    assert relu_constant(kernel).equals(-sqrt(2 * 3 * 4) / (2 * pi))


@pytest.mark.parametrize(
    ("text", "domain", "rate"),
    [
        ("nngp:erf", Hypersphere(8), "2.0^"),
        ("ntk:erf:weight_variance=1", Hypersphere(3), "2.61803^"),
        ("nngp:gelu", Hypersphere(4), "2.61803^"),
        ("geometric:ratio=-4/5", UnitCircle(), "2.0^"),
        ("expr:sqrt(3 - t) + 1/sqrt(2 + t)", Hypersphere(4), "3.73205^"),
    ],
)
def test_singular_points_off_the_interval_give_geometric_decay(text, domain, rate):
    form = eigenvalue(domain, kernels.parse(text), k).large_k(at=(11, 22, 31))
    assert rate in form.valid
    errors = list(form.measured.values())
    assert max(errors) < 1e-3
    assert errors[-1] < 1e-6 or errors[-1] < errors[0] / 5


def test_more_terms_of_erf_are_closer():
    e = eigenvalue(Hypersphere(8), kernels.nngp("erf"), k)
    errors = [e.large_k(terms=n, at=(21,)).measured["k=21"] for n in (1, 2, 3)]
    assert errors[0] < 1e-2
    assert errors[2] < errors[1] / 10 < errors[0] / 100


@pytest.mark.parametrize("domain", [Hypersphere(3), Hypersphere(d)])
@pytest.mark.parametrize("text", ["gaussian:width=2", "exponential:beta=-3"])
def test_entire_kernels_fall_faster_than_geometric(domain, text):
    form = eigenvalue(domain, kernels.parse(text), k).large_k(terms=3, at=(20, 40))
    x = form.parameter.subs({d: 8, k: 40})
    # the promise in words: below x^3/3!/(1 − x)
    assert list(form.measured.values())[1] < x**3 / 6 / (1 - x)


@pytest.mark.parametrize(
    ("domain", "text", "error", "words"),
    [
        (Hypercube(4), "exponential", OutOfDomain, "bounded"),
        (UnitCircle(7), "exponential", OutOfDomain, "bounded"),
        (Hypersphere(4), "expr:cos(t)", Unsupported, "cos"),
        (Hypersphere(4), "expr:1/(1 + t^2)", Unsupported, "real line"),
        (Hypersphere(4), "expr:log(3 - t)", Unsupported, "logarithm"),
    ],
)
def test_decay_of_another_kind_is_refused(domain, text, error, words):
    with pytest.raises(error, match=words):
        eigenvalue(domain, kernels.parse(text), k).large_k(at=(10,))


@pytest.mark.parametrize("domain", [Hypersphere(d), Hypercube(d)])
@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_large_dimension_error_falls_with_the_order(domain, order):
    e = eigenvalue(domain, kernels.exponential(1), 3)
    form = large_d(e, order=order, at=(100, 200, 400))
    errors = list(form.measured.values())
    power = 2 ** (order + 1)
    assert 0.7 * power < errors[0] / errors[1] < 1.4 * power
    assert 0.7 * power < errors[1] / errors[2] < 1.4 * power


def test_the_domains_share_the_first_order_in_one_over_d():
    forms = [
        large_d(eigenvalue(domain, kernels.exponential(1), k), order=2, at=())
        for domain in (Hypersphere(d), Hypercube(d))
    ]
    totals = [
        expand(form.expression * domain(d).multiplicity(k))
        for form, domain in zip(forms, (Hypersphere, Hypercube), strict=True)
    ]
    a = IndexedBase("a")
    first = ((k + 1) * (k + 2) * a[k + 2] - k * (k - 1) * a[k]) / 2
    for total in totals:
        assert expand(total.coeff(d, -1) - first) == 0
    assert expand(totals[0].coeff(d, -2) - totals[1].coeff(d, -2)) != 0


@pytest.mark.parametrize("domain", [Hypersphere(d), Hypercube(d)])
def test_orders_are_the_series_of_the_exact_rational(domain):
    # λ_2[t^4 + t^2] is rational in d on both domains: its own Taylor series in 1/d
    e = eigenvalue(domain, kernels.parse("expr:t^4 + t^2"), 2)
    exact = expand_func(e.expression * domain.multiplicity(2)).simplify()
    x = Symbol("x", positive=True)
    series = exact.subs(d, 1 / x).simplify().series(x, 0, 5).removeO()
    form = large_d(e, order=4, at=()).expression * domain.multiplicity(2)
    assert expand(simplify(form).subs(d, 1 / x) - series) == 0


def test_large_dimension_needs_a_fixed_function():
    with pytest.raises(Unsupported, match="depends on d"):
        eigenvalue(Hypersphere(d), kernels.gaussian(2), 1).large_d()
