"""Kernels of inputs of different norms: the usual ones at equal norms, and Gaussian means."""

import itertools

import mpmath
import pytest
import sympy
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Max, Rational, Symbol, cos, erf, exp, sin

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import build
from numerics.numbers.precision import working_precision
from theory import Unsupported, kernels
from theory.activations import activation
from theory.activations.duals import pair_dual
from theory.activations.gaussian_pairs import c, q1, q2
from theory.activations.hermite import coefficient, q, z
from theory.activations.numeric_duals import numeric_dual
from theory.kernels.unequal_norms import norm1, norm2, two_norm_form
from theory.kernels.unequal_variances import homogeneous, two_norm_chain
from theory.notation import bias_variance as b
from theory.notation import d, u
from theory.notation import input_variance as q0
from theory.notation import weight_variance as W

SMOOTH = ["erf", "sin", "cos", "exp", "gelu", "z**3 - 2*z + 1", 2 * sin(3 * z / 2)]
KERNELS = [
    "ntk:relu:depth=3,bias_variance=0.3,input_variance=0.7",
    "nngp:leaky_relu:depth=2,bias_variance=0.1",
    "ntk:erf:depth=2,weight_variance=1.5,bias_variance=0.2",
    "ntk:gelu:depth=2,bias_variance=0.1",
    "ntk:sin:depth=1,bias_variance=0.5",
    "ntk:Max(0, z)**2:depth=2,bias_variance=0.01",
    "nngp:step:depth=1",
    "gaussian:width=2",
    "laplace:width=3,input_variance=2",
    "exponential:beta=2",
    "polynomial:degree=3",
    "inhomogeneous:degree=2",
    "arc_cosine:order=2",
    "sum:[ntk:relu:depth=1][polynomial:degree=2]",
    "product:[gaussian:width=2][exponential:beta=1]",
    "compose:[exponential:beta=1][nngp:relu:depth=1]",
]


@pytest.mark.parametrize("name", SMOOTH, ids=str)
def test_duals_are_the_hermite_series(name):
    """Σ a_n(q₁) a_n(q₂) cⁿ, from coefficients that know nothing of two variances."""
    phi = activation(name)
    at = {q1: Rational(1, 3), q2: Rational(3, 4), c: Rational(-1, 8)}
    series = sympy.Add(
        *(
            coefficient(phi.expression, n).subs(q, at[q1])
            * coefficient(phi.expression, n).subs(q, at[q2])
            * at[c] ** n
            for n in range(9)
        )
    )
    closed = pair_dual(phi.expression).subs(at)
    assert float(closed) == pytest.approx(float(series), abs=1e-8)


@pytest.mark.parametrize("name", SMOOTH, ids=str)
def test_duals_are_the_usual_ones_at_equal_variances(name):
    phi = activation(name)
    same = pair_dual(phi.expression).subs({q1: q, q2: q})
    for value, correlation in itertools.product((1, Rational(7, 3)), (-1, 0, "1/3", 1)):
        at = {q: value, c: Rational(correlation)}
        assert sympy.N((same - phi.dual.expression).subs(at), 30, chop=True) == 0


def test_homogeneous_activations_are_found():
    for name in ("relu", "leaky_relu", "linear", "abs(z)", "step", Max(z, 0) ** 3):
        assert homogeneous(activation(name)), name
    for name in ("erf", "gelu", "sin", "1 + z"):
        assert not homogeneous(activation(name)), name


@pytest.mark.parametrize("text", KERNELS)
def test_at_equal_norms_it_is_the_usual_kernel(text):
    """Balls of both forms meet, at angles that include both ends."""
    K = kernels.parse(text)
    usual = build(K.half().subs({d: 3}), BALLS)
    other = build(two_norm_form(K).subs({d: 3}), BALLS)
    with working_precision(300):
        for place in (fmpq(0), fmpq(1, 10**12), fmpq(1, 7), fmpq(5, 6), fmpq(1)):
            values = {u: place, norm1: fmpq(1), norm2: fmpq(1)}
            left, right = as_ball(usual({u: place})), as_ball(other(values))
            if not (left.is_finite() and right.is_finite()):
                assert place in (0, 1)  # √u of a ball that touches 0
                continue
            difference = left - right
            assert difference.contains(0), (text, place, left, right)
            assert float(difference.rad()) < 1e-12, (text, place)


def textbook(phi, slope, depth, w, bias, r1, r2, t):
    """The recursion of NNGP and NTK with two-dimensional Gauss-Hermite quadrature."""
    import numpy as np

    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / np.sqrt(2 * np.pi)

    def mean(f, v1, v2, s):
        rho = s / np.sqrt(v1 * v2)
        x = np.sqrt(v1) * nodes[:, None]
        y = np.sqrt(v2) * (rho * nodes[:, None] + np.sqrt(1 - rho**2) * nodes)
        return float(weights @ (f(x) * f(y)) @ weights)

    v1, v2 = w * r1 + bias, w * r2 + bias
    s = w * np.sqrt(r1 * r2) * t + bias
    ntk = s
    for layer in range(depth):
        last = layer == depth - 1
        ww, bb = (1, 0) if last else (w, bias)
        slopes = mean(slope, v1, v2, s)
        v1, v2, s = (
            ww * mean(phi, v1, v1, v1 * (1 - 1e-16)) + bb,
            ww * mean(phi, v2, v2, v2 * (1 - 1e-16)) + bb,
            ww * mean(phi, v1, v2, s) + bb,
        )
        ntk = s + ww * slopes * ntk
    return s, ntk


@pytest.mark.parametrize("name", ["erf", "sin", "gelu", "z**3 - 2*z + 1"])
def test_a_chain_is_the_recursion_that_papers_print(name):
    """Against quadrature, for norms that differ; smooth activations only."""
    phi = activation(name)
    f = sympy.lambdify(z, phi.expression, ["scipy", "numpy"])
    slope = sympy.lambdify(z, sympy.diff(phi.expression, z), ["scipy", "numpy"])
    w, bias, r1, r2 = 0.6, 0.2, 0.3, 1.1
    weights = {W: Rational(3, 5), b: Rational(1, 5), q0: 1}
    for t in (-0.7, 0.2, 0.95):
        at = {u: (1 - t) / 2, norm1: r1, norm2: r2}
        expected = textbook(f, slope, 2, w, bias, r1, r2, t)
        for tangent, value in zip((False, True), expected, strict=True):
            chain = two_norm_chain(phi, 2, tangent, weights)
            found = float(build(chain, ARRAYS)(at))
            assert found == pytest.approx(value, rel=1e-9), (name, t, tangent)


@settings(max_examples=4)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(-9, 9), st.integers(0, 5))
def test_relu_is_cho_and_saul_with_its_norms(r1, r2, tenths, bias):
    """One hidden layer, E x₊y₊ in polar coordinates, in 30 digits of mpmath."""
    t = mpmath.mpf(tenths) / 10
    v1, v2 = 2 * mpmath.mpf(r1) / 8 + bias, 2 * mpmath.mpf(r2) / 8 + bias
    s = 2 * mpmath.sqrt(mpmath.mpf(r1 * r2)) / 8 * t + bias
    theta = mpmath.acos(s / mpmath.sqrt(v1 * v2))
    body = lambda a: mpmath.cos(a) * mpmath.cos(a - theta)
    moment = mpmath.quad(body, [theta - mpmath.pi / 2, mpmath.pi / 2]) / mpmath.pi
    weights = {W: 2, b: bias, q0: 1}
    chain = two_norm_chain(activation("relu"), 1, False, weights)
    at = {u: Rational(10 - tenths, 20), norm1: Rational(r1, 8), norm2: Rational(r2, 8)}
    found = chain.expand().subs(at).evalf(20)
    assert float(found) == pytest.approx(
        float(mpmath.sqrt(v1 * v2) * moment), rel=1e-12
    )


def test_close_inputs_of_different_norms_lose_no_digits():
    """In float64 against 60 digits: u of order 10⁻¹⁶ after a bias, whatever the norms."""
    K = kernels.ntk("relu", depth=3, bias_variance="0.1")
    fast, proved = build(two_norm_form(K), ARRAYS), build(two_norm_form(K), BALLS)
    for exponent in (0, 4, 8, 12, 16, 30):
        half, ratio = 10.0**-exponent / 3, 1 + 10.0 ** -(exponent / 2)
        floats = {u: half, norm1: 1.0, norm2: ratio}
        exact = {k: fmpq(*v.as_integer_ratio()) for k, v in floats.items()}
        with working_precision(200):
            truth = float(as_ball(proved(exact)))
        assert float(fast(floats)) == pytest.approx(truth, rel=2e-15), exponent


@pytest.mark.parametrize("text", ["expr:t**2", "geometric:ratio=0.5"])
def test_functions_of_the_cosine_alone_are_refused(text):
    with pytest.raises(Unsupported, match="use equal norms"):
        two_norm_form(kernels.parse(text))
    with pytest.raises(Unsupported, match="use equal norms"):
        two_norm_form(kernels.parse("normalized:[ntk:relu:depth=1]"))


def test_an_activation_without_a_closed_dual_has_an_integral():
    phi = activation(erf(z) ** 2 * exp(-(z**2)))
    assert pair_dual(phi.expression) is None
    assert phi.pair.func is numeric_dual
    assert not pair_dual(cos(z)).has(Symbol("q", positive=True))
