"""Asymptotic forms against exact values, with the errors that the literature reports."""

import mpmath
import pytest
from sympy import Rational, pi, sqrt

from theory import kernels
from theory.domains import Hypercube, Hypersphere, UnitCircle
from theory.eigenvalues import eigenvalue
from theory.eigenvalues.asymptotics import large_d, leading_power, relu_constant
from theory.eigenvalues.puiseux import expansion
from theory.errors import Unsupported
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
        for order in (0, 1)
    ]
    assert 0.03 < errors[0] < 0.05
    assert errors[1] < 0.002


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


def test_smooth_kernels_are_refused_at_large_k():
    with pytest.raises(Unsupported, match="faster than any power"):
        eigenvalue(Hypersphere(4), kernels.exponential(1), k).large_k()
    with pytest.raises(Unsupported, match="bounded"):
        eigenvalue(Hypercube(4), kernels.exponential(1), k).large_k()


@pytest.mark.parametrize("domain", [Hypersphere(d), Hypercube(d)])
def test_large_dimension_error_falls_like_its_square(domain):
    form = large_d(eigenvalue(domain, kernels.exponential(1), 3), at=(50, 100, 200))
    errors = list(form.measured.values())
    assert errors[-1] < 5e-5
    assert 3 < errors[0] / errors[1] < 5
    assert 3 < errors[1] / errors[2] < 5


def test_large_dimension_needs_a_fixed_function():
    with pytest.raises(Unsupported, match="depends on d"):
        eigenvalue(Hypersphere(d), kernels.gaussian(2), 1).large_d()
