"""One expression, several ball arithmetics: every answer encloses the same truth."""

import random
from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import acb, arb, arb_series, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.interpreters.balls import BALLS
from numerics.interpreters.compiled_balls import compile_balls
from numerics.interpreters.complex_angles.half_angle import HALF_ANGLE, range_of, start
from numerics.interpreters.complex_angles.jets import NotAnalytic
from numerics.interpreters.complex_angles.relu_angle import lag_ratio, lag_ratio_slope
from numerics.interpreters.program import build
from numerics.interpreters.series.ball_series import SERIES, as_series, series_length
from numerics.numbers.ball import Ball
from numerics.numbers.precision import working_precision
from numerics.spectra.kernel_evaluation import bound_chain, evaluator
from numerics.spectra.quadrature.bernstein_ellipse import RADII, Ellipses, _cover
from theory import Hypersphere, NotEvaluable, kernels
from theory.notation import u

KERNELS = [
    "ntk:relu:depth=4,bias_variance=0.01",
    "ntk:relu:depth=3",
    "nngp:erf:depth=2,bias_variance=0.1",
    "ntk:gelu:depth=1",
    "laplace:width=1",
    "gaussian:width=2",
    "arc_cosine:order=2",
    "expr:sqrt(1 - t**2)*acos(t) + 1/(3 - t)",
    "expr:exp(-sqrt(1 - t)) + besseli(1, t) + log(3 + t)",
    "expr:(1 + t)**(3/2) + tanh(t)*asinh(t) + atan(t)",
]
inside = st.fractions(Fraction(1, 10**9), 1 - Fraction(1, 10**9))


def ellipses(K, domain):
    return Ellipses(build(bound_chain(K, domain), HALF_ANGLE), str(K))


def chain(name):
    K = kernels.parse(name)
    return K, evaluator(K, Hypersphere(3))


@pytest.mark.parametrize("name", KERNELS)
@settings(max_examples=20, deadline=None)
@given(at=inside, bits=st.integers(60, 400))
def test_compiled_programs_meet_the_plain_ones(name, at, bits):
    _, run = chain(name)
    with working_precision(1000):
        truth = arb(run(fmpq(at.numerator, at.denominator)))
    with working_precision(bits):
        found = run.compiled()(arb(fmpq(at.numerator, at.denominator)))
    assert found.overlaps(truth)
    assert found.rad() < arb(2) ** (24 - bits // 2)


@pytest.mark.parametrize("name", KERNELS)
def test_balls_meet_mpmath(name):
    from theory.chain import Chain
    from theory.notation import d as symbol_d
    from theory.notation import t as cosine

    K, run = chain(name)
    written = K(cosine)
    if isinstance(written, Chain):
        pytest.skip("only kernels that are written out in one expression")
    by_hand = sympy.lambdify(cosine, written.subs(symbol_d, 3), "mpmath")
    with working_precision(200), mpmath.workdps(40):
        for p in (1, 5, 9, 13):
            ball = arb(run(fmpq(p, 14)))
            value = by_hand(1 - mpmath.mpf(2 * p) / 14)
            text = mpmath.nstr(mpmath.re(value), 38)
            assert abs(ball - arb(text)) < arb(10) ** -28


def random_box(source, rho=1.5):
    a = 1.57 * (rho + 1 / rho) / 2
    x = source.uniform(1.57 - a, 1.57 + a)
    y = source.uniform(0, 0.4)
    return acb(arb(x, source.uniform(0, 0.1)), arb(y, source.uniform(0, 0.1)))


@pytest.mark.parametrize("name", KERNELS)
def test_boxes_of_angles_enclose_every_point_in_them(name):
    """Values at points of a box lie in the box's range."""
    program = build(_bound(name), HALF_ANGLE).constants_folded()
    source = random.Random(name)
    answered = 0
    for _ in range(60):
        with working_precision(64):
            box = random_box(source)
            try:
                whole = range_of(program({u: start(box)}))
            except NotAnalytic:
                continue
            answered += 1
        with working_precision(128):
            for _ in range(3):
                x = box.real.mid() + box.real.rad() * source.uniform(-1, 1)
                y = box.imag.mid() + box.imag.rad() * source.uniform(-1, 1)
                assert whole.overlaps(range_of(program({u: start(acb(x, y))})))
    assert answered > 5


def _bound(name):
    from numerics.spectra.kernel_evaluation import bound_chain

    return bound_chain(kernels.parse(name), Hypersphere(3))


@pytest.mark.parametrize("name", KERNELS)
def test_real_angles_give_the_real_kernel(name):
    """On the real interval the analytic branch is the kernel itself."""
    _, run = chain(name)
    with working_precision(128):
        program = build(_bound(name), HALF_ANGLE).constants_folded()
        for k in range(1, 40):
            theta = arb.pi() * k / 40
            found = range_of(program({u: start(acb(theta))}))
            truth = arb(run((theta / 2).sin() ** 2))
            assert found.imag.contains(0)
            assert found.real.overlaps(truth)
            assert found.real.rad() < arb(2) ** -50


@pytest.mark.parametrize("name", KERNELS[:4])
def test_neighbouring_boxes_take_the_same_branch(name):
    """Analytic continuation: values change by no more than their slope allows."""
    program = build(_bound(name), HALF_ANGLE).constants_folded()
    with working_precision(80):
        for height in (0.05, 0.2):
            before = None
            for k in range(-10, 330, 2):
                point = acb(arb(k) / 100, arb(height))
                try:
                    now = range_of(program({u: start(point)}))
                except NotAnalytic:
                    before = None
                    continue
                if before is not None:
                    assert (now - before).abs_upper() < 0.5
                before = now


@settings(max_examples=200, deadline=None)
@given(st.floats(-3, 3), st.floats(-1, 1), st.floats(0, 0.3))
def test_the_lag_ratio_and_its_slope(x, y, size):
    with working_precision(64):
        box = acb(arb(x, size), arb(y, size))
        ratio = lag_ratio(box)
        slope = lag_ratio_slope(box, ratio)
    with working_precision(400):
        point = acb(arb(x) + arb(size) / 3, arb(y) - arb(size) / 2)
        step = acb(arb(2) ** -120)

        def exact(z):
            return (z.sin() - z * z.cos()) / (z / 2).sin() ** 2

        truth = exact(point)
        steep = (exact(point + step) - exact(point - step)) / (2 * step)
    if truth.is_finite() and steep.is_finite() and ratio.is_finite():
        assert ratio.overlaps(truth)
        assert slope.overlaps(steep)


@pytest.mark.parametrize("name", KERNELS)
def test_the_bound_on_an_ellipse_holds_on_its_boundary(name):
    shape = ellipses(kernels.parse(name), Hypersphere(3))
    rho = next(r for r in RADII[4::-1] if shape.log2_bound(r) is not None)
    program = build(_bound(name), HALF_ANGLE).constants_folded()
    bound = arb(2) ** shape.log2_bound(rho)
    with working_precision(80):
        for k in range(60):
            angle = arb(k) / 60 * arb.pi()
            a, b = (arb(rho) + 1 / arb(rho)) / 2, (arb(rho) - 1 / arb(rho)) / 2
            z = arb.pi() / 2 * acb(1 + a * angle.cos(), b * angle.sin())
            assert range_of(program({u: start(z)})).abs_lower() <= bound


def test_a_branch_point_inside_is_never_covered():
    """√(1 + 2u − …) with a zero inside the ellipse has no analytic root there."""
    K = kernels.parse("expr:sqrt(t**2 + 1/100)")
    shape = ellipses(K, Hypersphere(3))
    assert shape.log2_bound(1.18) is None  # branch points at θ = π/2 ± 0.0998 i
    assert shape.log2_bound(1.05) is not None
    pole = ellipses(kernels.parse("expr:1/(t**2 + 1/100)"), Hypersphere(3))
    assert pole.log2_bound(1.18) is None
    assert pole.log2_bound(1.05) is not None


def test_the_whole_ellipse_is_covered():
    """Every point of the upper half lies in a box that was bounded."""
    boxes = []

    def bound(box):
        boxes.append(box)
        return arb(1)

    _cover(bound, 1.5)
    source = random.Random(7)
    a, b = 1.5707963 * (1.5 + 1 / 1.5) / 2, 1.5707963 * (1.5 - 1 / 1.5) / 2
    for _ in range(500):
        angle, scale = source.uniform(0, 3.1415926), source.choice([1.0, 0.999, 0.5])
        x = 1.57079632679 + scale * a * float(mpmath.cos(angle))
        y = scale * b * float(mpmath.sin(angle))
        assert any(z.contains(acb(x, y)) for z in boxes)


@pytest.mark.parametrize(
    "name", ["ntk:relu:depth=2,bias_variance=0.1", "nngp:erf:depth=1", "expr:1/(3 - t)"]
)
def test_series_coefficients_sum_to_the_kernel(name):
    _, run = chain(name)
    program = build(_bound(name), SERIES)
    with series_length(60, 200):
        half = arb_series([arb(0.5), arb(-0.5)])
        a = as_series(program(dict.fromkeys(program.inputs, half))).coeffs()
    with working_precision(200):
        x = fmpq(1, 5)
        total = sum((c * x**p for p, c in enumerate(a)), arb(0))
        truth = arb(run((1 - x) / 2))
        assert abs(total - truth) < arb(5) ** -50
        assert all(not c < 0 for c in a)


@pytest.mark.parametrize("table", [BALLS, HALF_ANGLE, SERIES])
def test_unknown_functions_are_refused_when_the_program_is_built(table):
    with pytest.raises(NotEvaluable, match="zeta"):
        build(sympy.zeta(u + 2), table)


def test_exact_arguments_give_exact_values():
    _, run = chain("ntk:relu:depth=4,bias_variance=0.01")
    assert run(fmpq(0)) == fmpq(507, 100)
    _, square = chain("expr:t**2 + 1/3")
    assert square(fmpq(1, 4)) == fmpq(7, 12)
    assert compile_balls(build(sympy.Integer(3) + u, BALLS))(arb(1)) == 4


@settings(max_examples=100, deadline=None)
@given(st.fractions(-4, 4), st.fractions(-4, 4), st.integers(20, 200))
def test_max_min_and_abs_of_balls(a, b, bits):
    x, y = sympy.Symbol("x"), sympy.Symbol("y")
    program = build(sympy.Max(x, y) + sympy.Min(x, y) + sympy.Abs(x), BALLS)
    with working_precision(bits):
        left = arb(fmpq(a.numerator, a.denominator))
        right = arb(fmpq(b.numerator, b.denominator))
        value = program({x: left, y: right})
    assert Ball(arb(value)).contains(max(a, b) + min(a, b) + abs(a))


@pytest.mark.parametrize("power", [1, 2, 3, 8])
@pytest.mark.parametrize("radius", [Fraction(0), Fraction(1, 2**60), Fraction(3)])
def test_a_whole_power_of_a_ball_around_zero_is_finite(power, radius):
    x = arb(0, arb(fmpq(radius.numerator, radius.denominator)))
    found = BALLS.power(x, sympy.Integer(power))
    assert found.is_finite()
    assert found.contains(x.upper() ** power)
    assert found.abs_upper() <= x.abs_upper() ** power * (1 + arb(2) ** -20)


def test_an_odd_net_is_finite_at_zero_at_every_precision():
    # erf nets without bias are 0 ± rounding at t = 0; its square once was not finite
    _, run = chain("ntk:erf:depth=2,weight_variance=2.779")
    for bits in range(30, 200):
        with working_precision(bits):
            assert arb(run(fmpq(1, 2))).contains(0)


def test_even_moments_of_tanh_are_refused():
    """S_2 once came out as S_1: the series of tanh has odd moments alone."""
    from theory.activations.series_duals.tanh_dual import sinh_moment

    v = sympy.Symbol("v")
    for m in (0, 2, -1):
        with pytest.raises(NotEvaluable, match=f"m = {m} must be odd"):
            build(sinh_moment(m, v), BALLS)({v: arb(1)})
