"""Duals against sums of exact Hermite coefficients, coefficients against quadrature."""

import pytest
from sympy import (
    Heaviside,
    Lambda,
    Max,
    Rational,
    cos,
    erf,
    exp,
    pi,
    sign,
    sin,
    sqrt,
    tanh,
)

from theory import kernels
from theory.activations import (
    ACTIVATIONS,
    activation,
    c,
    from_expression,
    q,
    z,
)
from theory.activations.duals import GELU
from theory.activations.numeric_duals import numeric_dual
from theory.errors import OutOfDomain, Unsupported
from theory.notation import u

Q, C = Rational(3, 2), Rational(2, 5)
SMOOTH = [sin(2 * z), cos(z), exp(z / 2), z**3 - z, GELU, 3 * erf(2 * z)]
KINKED = [Max(z, 0), Max(z / 10, z), abs(z), Heaviside(z), sign(z), Max(z, 0) ** 3]


@pytest.mark.parametrize("phi", SMOOTH + KINKED, ids=str)
def test_dual_is_the_sum_of_squared_coefficients(phi):
    a = from_expression(phi)
    series = sum(a.hermite(n, Q) ** 2 * C**n for n in range(12))
    assert abs((a.dual(C, Q) - series).evalf(15)) < 2e-5 * a.dual(C, Q).evalf()


@pytest.mark.parametrize("phi", SMOOTH, ids=str)
@pytest.mark.parametrize("n", [0, 1, 4])
def test_exact_coefficients_against_quadrature(phi, n):
    a = from_expression(phi)
    number = a.hermite_number(n, Q)
    assert abs(float(a.hermite(n, Q)) - float(number)) < 1e-12
    assert "trapezoidal" in number.method


@pytest.mark.parametrize("phi", [*SMOOTH, *KINKED[:3], Max(z, 0) ** 3], ids=str)
def test_half_angle_forms_are_the_same_functions(phi):
    a = from_expression(phi)
    at = {q: Q, u: (1 - C) / 2}
    fall = a.dual(1, Q) - a.dual(C, Q)
    assert abs((a.gap.subs(at) - fall).evalf(20)) < 1e-18
    assert abs((a.slope_half.subs(at) - a.slope_dual(C, Q)).evalf(20)) < 1e-18


@pytest.mark.parametrize("phi", [*SMOOTH, *KINKED[:3]], ids=str)
def test_slope_dual_is_the_derivative(phi):
    a = from_expression(phi)
    h = Rational(1, 10**6)
    rise = (a.dual(C + h, Q) - a.dual(C - h, Q)) / (2 * h * Q)
    assert abs((a.slope_dual(C, Q) - rise).evalf(30)) < 1e-9


def test_values_of_the_literature():
    assert from_expression("max(z, 0)").name == "relu"
    assert activation("step").dual(1, 1) == Rational(1, 2)
    assert from_expression(Max(z, 0) ** 2).dual(1, 1) == Rational(3, 2)
    assert activation("relu").hermite(1, 1) == Rational(1, 2)
    assert [activation("relu").hermite(n) for n in (3, 5)] == [0, 0]
    assert activation("gelu").hermite(3).equals(0)
    assert activation("gelu").hermite(0).equals(q / sqrt(2 * pi * (1 + q)))
    half = from_expression(sqrt(Max(z, 0)))
    assert half.hermite(2, 1).is_finite


def test_tanh_has_a_dual_as_a_series_and_cubed_it_has_an_integral():
    a = activation("tanh")
    assert not a.closed
    assert a.known
    assert kernels.ntk("tanh")["activation"] == "tanh"
    with pytest.raises(Unsupported, match="hermite_number"):
        a.hermite(1)
    assert abs(float(a.hermite_number(1)) - 0.6057055096021588) < 1e-14
    cubed = activation("tanh(z)**3")
    assert not cubed.known
    assert cubed.dual.expression == numeric_dual(Lambda(z, tanh(z) ** 3), q, q, c)
    assert from_expression(tanh(z)) == a


def test_jumps_have_no_tangent_kernel():
    with pytest.raises(Unsupported, match="jumps"):
        kernels.ntk("step")
    assert kernels.nngp("step")(1) == Rational(1, 2)


def test_names_and_errors():
    for name in ACTIVATIONS:
        assert activation(name).name == name
    with pytest.raises(OutOfDomain, match="did you mean 'relu'"):
        activation("rleu")
    with pytest.raises(OutOfDomain):
        from_expression("z*y")


@pytest.mark.parametrize("name", ["gelu", "leaky_relu", "sin", "max(z, 0)^2", "abs(z)"])
def test_activations_live_in_kernels(name):
    kernel = kernels.ntk(name, depth=2, bias_variance="0.1")
    assert kernels.parse(str(kernel)) == kernel
    at_one = kernel(1).evalf(20)
    half = kernel.half().subs({u: 0}).expand().evalf(20)
    assert abs(at_one - half) < 1e-15
