"""Powers z_+^s of any real order, and duals as numbers where no closed form is known."""

import mpmath
import pytest
from sympy import Integer, Max, Rational, cos, sqrt, symbols, tanh

from theory import kernels
from theory.activations import activation, arc_cosine, from_expression, z
from theory.domains import Hypersphere
from theory.eigenvalues import eigenvalue
from theory.eigenvalues.algebra.moves import shift_sphere
from theory.eigenvalues.checks.quadrature import value
from theory.eigenvalues.sphere.arc_cosine import levels_of
from theory.errors import OutOfDomain, Unsupported
from theory.notation import d, k, t

ORDERS = ["3/2", "5/3", "9"]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [2, 5])
def test_tangent_kernels_of_real_powers_have_their_form(order, size):
    s, size = Rational(order), Integer(size)
    e = eigenvalue(Hypersphere(size), kernels.ntk(Max(z, 0) ** s), k)
    assert e.rule.name == "sphere_tangent"
    # κ_s + s² t κ_{s−1} by the t-shift, without the operator identity; q^s/2 with q = 2
    lower = shift_sphere(levels_of(s - 1, size), size)
    for level in range(5):
        direct = levels_of(s, size)(Integer(level)) + s**2 * lower(Integer(level))
        ratio = value(e.subs(k, level)) - value(2 ** (s - 1) * direct)
        assert abs(ratio) < 1e-20 * abs(value(direct)) + 1e-25


def test_the_order_may_be_a_symbol():
    s = symbols("s", positive=True)
    whole = arc_cosine.real_order(s) + s**2 * t * arc_cosine.real_order(s - 1)
    kernel = kernels.from_expression(whole.subs(s, s + 1))
    e = eigenvalue(Hypersphere(d), kernel, k)
    assert e.rule.name == "sphere_tangent"
    one = eigenvalue(Hypersphere(d), kernels.ntk(Max(z, 0) ** 2), k)
    for level in range(5):
        at = {k: level, d: 5}
        # W = 2 and depth 1: the net's kernel is q²/2 = 2 times ours
        ours = value(e.expression.subs(s, 1).subs(at))
        assert abs(2 * ours - value(one.expression.subs(at))) < 1e-13


def test_below_one_half_there_is_no_tangent_kernel():
    phi = Max(z, 0) ** Rational(1, 3)
    assert kernels.nngp(phi)
    with pytest.raises(Unsupported, match="powers above 1/2"):
        kernels.ntk(phi)


@pytest.mark.parametrize("name", ["erf", "sin", "gelu"])
@pytest.mark.parametrize("correlation", ["-1/2", 1])
def test_numbers_agree_with_closed_duals(name, correlation):
    phi = activation(name)
    for closed, number in [
        (phi.dual, phi.dual_number),
        (phi.slope_dual, phi.slope_dual_number),
    ]:
        found = number(correlation, 1, 6)
        exact = closed(Rational(correlation), 1).evalf(20)
        assert abs(found.value - mpmath.mpmathify(exact)) < 1e-6
        assert found.error < 1e-6


def test_tanh_agrees_with_its_hermite_series():
    phi = activation("tanh")
    series = sum(phi.hermite_number(n, 1, 8).value ** 2 / 2**n for n in range(1, 16, 2))
    assert abs(phi.dual_number("1/2", 1, 6).value - series) < 1e-6
    assert "trapezoidal" in phi.dual_number(0).method
    assert from_expression(tanh(z) ** 2).dual_number(1, 1, 6).error < 1e-6


def test_kinks_confess_their_error():
    found = activation("relu").dual_number("1/3", digits=2)
    exact = activation("relu").dual(Rational(1, 3), 1).evalf(20)
    assert abs(found.value - mpmath.mpmathify(exact)) < 4 * found.error < 1e-2


@pytest.mark.parametrize(
    ("at", "error", "words"),
    [((2, 1), OutOfDomain, "-1..1"), ((0, -1), OutOfDomain, ">= 0")],
)
def test_pairs_that_do_not_exist_are_refused(at, error, words):
    with pytest.raises(error, match=words):
        activation("tanh").dual_number(*at)


def test_a_jump_has_no_slope_dual():
    with pytest.raises(Unsupported, match="no function"):
        activation("step").slope_dual_number(0)
    assert from_expression(cos(z) * sqrt(2)).closed
