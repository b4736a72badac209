"""Around a region or all over it: what rims prove, and what they would get wrong."""

import random
from fractions import Fraction
from math import cos, pi, sin

import mpmath
import pytest
import sympy
from flint import acb, arb
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from numerics import spectrum
from numerics.interpreters.complex_angles.half_angle import (
    HALF_ANGLE,
    has_poles,
    range_of,
    start,
)
from numerics.interpreters.complex_angles.jets import Jet, NotAnalytic
from numerics.interpreters.complex_angles.relu_angle import lag_ratio
from numerics.interpreters.program import build
from numerics.numbers.precision import working_precision
from numerics.spectra.domains.sphere import _Run
from numerics.spectra.gradients import gradient
from numerics.spectra.high_levels.expansion import _boxes
from numerics.spectra.kernel_evaluation import bound_chain
from numerics.spectra.quadrature.bernstein_ellipse import Ellipses, _rim, half_axes
from numerics.spectra.quadrature.box_bounds import Arc, largest_on
from numerics.spectra.quadrature.modulus_bounds import modulus
from theory import Hypersphere, kernels
from theory.notation import u

DEEP = [
    "ntk:relu:depth=32,bias_variance=0.1",
    "nngp:leaky_relu:depth=24",
    "ntk:erf:depth=24,bias_variance=0.1",
]


def program(name):
    return build(bound_chain(kernels.parse(name), Hypersphere(3)), HALF_ANGLE)


def kept(bound, pieces):
    """The boxes that ``largest_on`` bounded."""
    boxes = []

    def keep(box):
        size = bound(box)
        boxes.append(box)
        return size

    largest_on(keep, pieces)
    return boxes


def narrow(box):
    """A bound that only small boxes have."""
    if box.real.rad() + box.imag.rad() > 0.1:
        raise NotAnalytic
    return arb(1)


def test_arcs_cover_the_upper_half_of_the_rim():
    source = random.Random(5)
    boxes = kept(
        narrow, [Arc(1.0, 2.0, 0.7, 0.0, 2.5, 9), Arc(1.0, 2.0, 0.7, 2.5, pi, 9)]
    )
    assert len(boxes) > 20
    for phi in [0.0, pi / 2, pi, *(source.uniform(0, pi) for _ in range(200))]:
        at = acb(1 + 2 * cos(phi), 0.7 * sin(phi))
        assert any(box.contains(at) for box in boxes)


@pytest.mark.parametrize("rim", [True, False])
def test_rectangles_cover_the_strip_or_its_rim(rim):
    source, height = random.Random(6), 0.3
    boxes = kept(narrow, _boxes(height, rim))
    for _ in range(200):
        x, y = source.uniform(-height, pi + height), source.uniform(0, height)
        edge = height + 1e-9
        points = [(x, edge), (-edge, y), (pi + edge, y)] if rim else [(x, y)]
        for at in points:
            assert any(box.overlaps(acb(*at)) for box in boxes)


def test_a_pole_inside_is_not_seen_from_the_rim():
    """Why programs with poles are covered all over: around this one the kernel is tame."""
    steps = program("expr:1/(t**2 + 1/100)")
    size = modulus(steps, (0.0, pi))
    with working_precision(64):
        assert _rim(size, 1.3) is not None
    assert size.poles
    assert Ellipses(steps, "").log2_bound(1.3) is None


@pytest.mark.parametrize(
    ("e", "poles"),
    [
        (1 / (2 + u), True),
        (sympy.tan(u), True),
        (sympy.tanh(u), True),
        (sympy.gamma(2 + u), True),
        ((2 + u) ** sympy.Symbol("n"), True),
        ((2 + u) ** 3 / sympy.pi, False),
        ((2 + u) ** sympy.Rational(-1, 2), False),
        (sympy.log(3 + u) * sympy.asin(u / 2) + sympy.erf(u), False),
    ],
)
def test_which_programs_have_poles(e, poles):
    assert has_poles(build(e, HALF_ANGLE)) is poles


@pytest.mark.parametrize("e", [1 / sympy.sqrt(u), 1 / sympy.sqrt(1 - u)])
def test_roots_in_a_denominator_are_refused_around_their_zero(e):
    # written with sin(θ/2), the root has no cut that the rim could meet
    assert Ellipses(build(e, HALF_ANGLE), "").log2_bound(1.1) is None


def test_poles_of_the_lag_ratio_are_refused():
    with working_precision(64):
        for at in (6.3, -6.4, 13.0):
            with pytest.raises(NotAnalytic):
                lag_ratio(acb(arb(at, 0.1)))
    # θ = 2π lies inside, where a layer's quotient by u has a pole
    assert Ellipses(program("ntk:relu:depth=2"), "").log2_bound(8.0) is None


@settings(max_examples=100, deadline=None)
@given(st.floats(-3, 3), st.floats(-2, 2), st.floats(0, 0.5), st.floats(-1, 1))
def test_terms_of_one_origin_keep_a_narrow_slope(x, y, size, part):
    """x − sin x has the slope (1 − cos x) x′, which near 0 is far less than x′ + cos x x′."""
    with working_precision(64):
        z = Jet.variable(acb(arb(x, size), arb(y, size)))
        square = z * z
        gap = square + square.through(acb.sin, lambda z, _: z.cos()) * arb(-1)
        at = acb(arb(x) + arb(size) * part, arb(y) - arb(size) * part)
        rate = 1 - square.range.cos()
        assert gap.slope.overlaps(2 * at * (1 - (at * at).cos()))
        assert gap.range.overlaps(at * at - (at * at).sin())
        enough = (rate * square.slope).real.rad() + arb(2) ** -40 * rate.abs_upper()
        assert arb(gap.slope.real.rad()) <= enough * (1 + arb(2) ** -20)


@pytest.mark.parametrize("name", DEEP)
def test_deep_nets_are_analytic_and_bounded_inside_their_rim(name):
    shape = Ellipses(program(name), name)
    found = ((r, shape.log2_bound(r)) for r in (1.3, 1.1, 1.05))
    rho, power = next((r, x) for r, x in found if x is not None)
    bound, (a, b) = arb(2) ** power, half_axes(rho)
    folded, source = program(name).constants_folded(), random.Random(8)
    with working_precision(128):
        for _ in range(40):
            phi, part = source.uniform(0, 2 * pi), source.uniform(0, 1)
            at = acb(pi / 2 + part * a * cos(phi), part * b * sin(phi))
            assert range_of(folded({u: start(at)})).abs_upper() <= bound


@pytest.mark.parametrize("name", DEEP)
def test_a_rim_takes_no_more_boxes_for_more_layers(name):
    """Slopes by a common origin: with plain ones, 32 layers took 240 boxes."""
    size, boxes = modulus(program(name), (0.0, pi)), []
    with working_precision(size.bits):
        assert _rim(lambda box: boxes.append(box) or size(box), 1.1) is not None
    assert len(boxes) < 80


def test_nets_that_drive_inputs_apart_are_bounded_with_more_bits():
    def bits(name):
        return modulus(program(name), (0.0, pi)).bits

    assert bits("ntk:relu:depth=64") == 64
    assert bits("ntk:erf:depth=64,bias_variance=0.1") > 64
    assert bits("nngp:erf:depth=128,bias_variance=0.1") > 64  # 64 know no variance


def level_by_recursion(activation, depth, b, tangent, k):
    """λ_k on the sphere in three dimensions, by the recursion in t and mpmath's rule."""

    def dual(q, c):
        angle = mp.acos(c)
        if activation == "erf":
            root = mp.sqrt((1 + 2 * q) ** 2 - (2 * q * c) ** 2)
            return 2 / mp.pi * mp.asin(2 * q * c / (1 + 2 * q)), 4 / mp.pi / root
        half = mp.pi - angle
        relu = q * (mp.sqrt(1 - c * c) + c * half) / (2 * mp.pi), half / (2 * mp.pi)
        if activation == "relu":
            return relu
        steep, flat = mp.mpf(99) / 100, mp.mpf(1) / 100
        line = flat**2 + steep * flat
        return steep**2 * relu[0] + line * q * c, steep**2 * relu[1] + line

    def kernel(x):
        q, s = 2 + b, 2 * x + b
        theta = s
        for layer in range(1, depth + 1):
            W, bias = (1, 0) if layer == depth else (2, b)
            value, slope = dual(q, min(s / q, mp.mpf(1)))
            q, s = W * dual(q, mp.mpf(1))[0] + bias, W * value + bias
            theta = s + W * theta * slope
        return theta if tangent else s

    ends = [mp.pi * x / 32 for x in (0, 1, 2, 4, 8, 16, 24, 28, 32)]
    return mp.quad(
        lambda x: kernel(mp.cos(x)) * mp.legendre(k, mp.cos(x)) * mp.sin(x) / 2,
        ends,
        method="gauss-legendre",
        maxdegree=4,
    )


@pytest.mark.parametrize("name", DEEP)
def test_deep_nets_meet_their_recursion_in_mpmath(name):
    kernel, k = kernels.parse(name), 6
    found = spectrum(kernel, Hypersphere(3), range(11), digits=30).levels[k].eigenvalue
    assert found.digits >= 30
    with mp.workdps(30):
        b = mp.mpf(str(kernel["bias_variance"].evalf(30)))
        tangent = kernel.family == "ntk"
        truth = level_by_recursion(
            str(kernel["activation"]), int(kernel["depth"]), b, tangent, k
        )
        near = Fraction(mpmath.nstr(truth, 25))
    assert abs(found.midpoint - near) <= found.radius + abs(near) / 10**15


def test_quadrature_and_the_positive_series_agree_on_a_deep_net():
    kernel = kernels.parse("ntk:relu:depth=12,bias_variance=0.1")
    run = _Run(kernel, Hypersphere(100), 100, 50, 20)
    assert run.methods[0] == run._quadrature  # it is the faster one here
    for a, b in zip(run._quadrature(350), run._taylor(350), strict=True):
        assert abs(a.midpoint - b.midpoint) <= a.radius + b.radius
        assert min(a.digits, b.digits) > 15


def test_the_derivative_of_a_deep_net_lies_between_differences():
    # depth 16 was refused as infinite: its balls grew tenfold a layer
    name = "ntk:relu:depth=16,bias_variance={}"
    slope = gradient(name.format("0.1"), "sphere:10", "bias_variance", [3], digits=20)[
        0
    ]
    step = Fraction(1, 10**6)
    low, high = (
        spectrum(name.format(b), "sphere:10", range(4)).levels[3].eigenvalue.midpoint
        for b in ("0.099999", "0.100001")
    )
    assert abs((high - low) / (2 * step) / slope.midpoint - 1) < Fraction(1, 10**7)
