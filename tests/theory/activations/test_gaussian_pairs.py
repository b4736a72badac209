"""Means over a Gaussian pair by bilinearity, and falls from c = 1 without cancellation."""

import mpmath
import pytest
from flint import arb, fmpq
from sympy import (
    Heaviside,
    Max,
    Min,
    Rational,
    cos,
    erf,
    exp,
    lambdify,
    sign,
    sin,
)

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import build
from numerics.numbers.precision import working_precision
from numerics.spectra.spectrum import spectrum
from theory import Hypercube, Hypersphere, UnitCircle, kernels
from theory.activations import ACTIVATIONS, activation, from_expression, q, z
from theory.activations.duals import GELU
from theory.activations.gaussian_pairs import c, derivative, pair_mean, q1, q2, terms
from theory.kernels.layers import half_angle_chain
from theory.notation import bias_variance, input_variance, u, weight_variance

SMOOTH = [
    sin(z) + z,
    sin(z) + cos(z),
    sin(z) ** 2,
    exp(-(z**2)),
    z * exp(-(z**2) / 2),
    z * sin(z),
    exp(z / 2) + sin(z),
    GELU - z / 3,
    erf(z) + erf(2 * z),
    z**2 * cos(z) - 1,
]
KINKED = [
    sin(z) + Max(z, 0),
    Max(z, 0) ** 2 + Max(z, 0) - z,
    GELU + Max(z, 0),
    Max(z, 0) ** 3 + 2 * abs(z),
    Min(z, 0) + erf(z),
]
JUMPING = [Heaviside(z) + z**2, sign(z) + Max(z, 0) ** 2]
POWERS = [abs(z), Max(z, 0) ** 2, Max(z, 0) ** 3]


def integral(phi, v1, v2, at):
    """E φ(x)φ(y) by nested quadrature, with a break where φ has one."""
    f = lambdify(z, phi, "mpmath")
    r1, r2, rest = mpmath.sqrt(v1), mpmath.sqrt(v2), mpmath.sqrt(1 - at**2)

    def inner(x):
        middle = min(max(-at * x / rest, -7), 7)
        density = lambda y: f(r2 * (at * x + rest * y)) * mpmath.npdf(y)
        return mpmath.quad(density, [-7, middle, 7], maxdegree=3)

    return mpmath.quad(
        lambda x: f(r1 * x) * inner(x) * mpmath.npdf(x), [-7, 0, 7], maxdegree=4
    )


@pytest.mark.parametrize("phi", [SMOOTH[5], KINKED[1], JUMPING[1]], ids=str)
def test_means_of_sums_are_the_integrals(phi):
    parts = terms(phi)
    mean = pair_mean(parts, parts)
    at = {q1: Rational(1, 2), q2: Rational(5, 4), c: Rational(-1, 3)}
    with mpmath.workdps(8):
        direct = integral(phi, *(mpmath.mpf(float(x)) for x in at.values()))
        assert abs(direct - mpmath.mpf(str(mean.subs(at).evalf(15)))) < 1e-6


@pytest.mark.parametrize("phi", [*SMOOTH, *KINKED], ids=str)
def test_slopes_are_means_of_slopes_and_derivatives_of_means(phi):
    parts = terms(phi)
    slopes = derivative(parts)
    at = {q1: Rational(1, 2), q2: Rational(5, 4), c: Rational(-1, 3)}
    mean = pair_mean(slopes, slopes).subs(at).evalf(20)
    price = (pair_mean(parts, parts).diff(c) / (q1 * q2) ** Rational(1, 2)).subs(at)
    assert abs(mean - price.evalf(20)) < 1e-17 * max(1, abs(mean))


@pytest.mark.parametrize("phi", [*SMOOTH, *KINKED, *JUMPING, *POWERS], ids=str)
def test_falls_keep_their_digits_in_float64(phi):
    """Relative to the difference of two values with many digits, down to u = 2^-60."""
    found = from_expression(phi)
    program = build(found.gap, ARRAYS)
    for variance in (Rational(3, 10), Rational(17, 10), Rational(40)):
        for half in (Rational(1, 2**60), Rational(1, 1000), Rational(3, 10)):
            gap = found.dual(1, variance) - found.dual(1 - 2 * half, variance)
            exact = gap.evalf(20, maxn=800)
            value = float(program({q: float(variance), u: float(half)}))
            assert abs(value - exact) < 1e-11 * abs(exact), (variance, half)


SLOW = {"tanh", "sigmoid", "softplus", "swish"}
"""Series of many terms; tests/numerics/interpreters/test_tanh.py is about them."""
CLOSED = [name for name in ACTIVATIONS if activation(name).known and name not in SLOW]


@pytest.mark.parametrize(
    "phi", [*CLOSED, *sorted(SLOW), *SMOOTH, *KINKED, *JUMPING, *POWERS], ids=str
)
def test_a_ball_around_equal_inputs_stays_narrow_at_depth_3(phi):
    """u = 0 ± 2^-60 encloses K at 0 and at 2^-60, and is finite and narrow."""
    found = activation(phi)
    jumps = phi == "step" or phi in JUMPING
    quarter = Rational(1, 4)
    weights = {weight_variance: quarter, bias_variance: quarter, input_variance: 1}
    program = build(half_angle_chain(found, 3, not jumps, weights), BALLS)
    with working_precision(128):
        around = as_ball(program({u: arb(0, 2.0**-60)}))
        assert around.is_finite()
        for point in (fmpq(0), fmpq(1, 2**60)):
            at_point = as_ball(program({u: point}))
            assert at_point.is_finite()
            assert around.overlaps(at_point)
        # a kink adds √u = 2^-30 in its slope; three jumps in a row leave u^(1/8)
        widest = 2.0**-4 if jumps else 2.0**-20
        assert float(around.rad()) < widest * float(abs(around.mid()))


@pytest.mark.parametrize("phi", POWERS, ids=str)
@pytest.mark.parametrize(
    "domain", [Hypercube(4), Hypersphere(4), UnitCircle(8)], ids=str
)
def test_powers_of_kinks_work_at_depth_2_on_every_domain(phi, domain):
    if phi == abs(z) and domain == Hypersphere(4):
        return  # even in t, with a kink at both ends
    K = kernels.ntk(phi, depth=2)
    found = spectrum(K, domain, levels=range(4), digits=10)
    assert found.levels[1].eigenvalue.sign in (0, 1)
    if phi == abs(z):
        # homogeneous, E φ² = q: Θ(±1) = 4 + 2 (4 + 4)/2 with W = 2, as for ReLU of slope 2
        assert K(1) == K(-1) == 12


def test_a_mean_without_a_form_is_an_integral():
    assert terms(1 / (1 + z**2)) is None
    parts = terms(cos(z) + Max(z, 0))
    assert pair_mean(parts, parts) is None
    assert not from_expression(cos(z) + Max(z, 0)).known
