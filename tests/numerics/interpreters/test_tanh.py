"""Duals of tanh: moments, series and kernels against integrals by other means."""

from fractions import Fraction

import mpmath
import pytest
from flint import arb, arb_series, fmpq
from mpmath import mp, mpf
from sympy import Integer, Rational

from numerics import spectrum
from numerics.interpreters.balls import BALLS
from numerics.interpreters.program import build
from numerics.interpreters.series.ball_series import series_length
from numerics.interpreters.series.sinh_moments import sinh_moment, softplus_mean
from numerics.interpreters.series.tanh_series import swish_series, tanh_series, terms_at
from numerics.numbers.precision import working_precision
from numerics.spectra.kernel_evaluation import evaluator
from theory import Hypercube, Hypersphere, NoConvergence, formulas, kernels
from theory.activations import activation
from theory.activations.series_duals.softplus_dual import softplus_dual
from theory.activations.series_duals.swish_dual import swish_dual, swish_slope_dual
from theory.activations.series_duals.tanh_dual import sech_dual, tanh_dual
from theory.activations.series_duals.tanh_dual import sinh_moment as moment


def by_integral(m, v):
    """S_m by its definition, in mpmath."""
    f = lambda s: s**m * mp.exp(-v * s * s / 2) / mp.sinh(mp.pi * s / 2)
    return mp.quad(f, [0, 1, 2, 4, 8, 16, 32, 64])


def gaussian_mean(f, v, c, nodes=36, step="0.22"):
    """E f(X) f(Y) by the trapezoidal rule in the plane."""
    h, root = mpf(step), mp.sqrt(1 - c * c)
    scale = mp.sqrt(v)
    values = []
    for i in range(-nodes, nodes + 1):
        x = i * h
        row = mp.fsum(
            f(scale * (c * x + root * j * h)) * mp.exp(-((j * h) ** 2) / 2)
            for j in range(-nodes, nodes + 1)
        )
        values.append(f(scale * x) * mp.exp(-x * x / 2) * row)
    return mp.fsum(values) * h * h / (2 * mp.pi)


@pytest.mark.parametrize("v", ["0.01", "1/2", "2", "30"])
@pytest.mark.parametrize("m", [1, 3, 21])
def test_moments_are_their_integrals(m, v):
    exact = Fraction(v)
    with working_precision(120):
        found = sinh_moment(m, arb(fmpq(exact.numerator, exact.denominator)))
        assert found.rel_accuracy_bits() > 90
        with mp.workdps(40):
            truth = by_integral(m, mpf(exact.numerator) / exact.denominator)
            off = abs(mpf(found.mid().str(45, radius=False)) - truth)
            assert (
                off < mpf(found.rad().str(5, radius=False)) * 2 + truth * mpf(10) ** -28
            )


def test_moments_at_zero_variance_are_derivatives_of_tanh():
    # tanh x = x − x³/3 + …, so S_1(0) = 1 and S_3(0) = 2
    assert (moment(1, 0), moment(3, 0)) == (1, 2)
    with working_precision(100):
        near = sinh_moment(1, arb(10) ** -12)
        assert abs(near - (1 - arb(10) ** -12)) < arb(10) ** -22
    assert moment(1, Integer(2)).diff() == 0


@pytest.mark.parametrize(("v", "c"), [("1/2", "1/3"), ("2", "-0.8")])
def test_duals_are_gaussian_means(v, c):
    with mp.workdps(25):
        x, y = (mpf(Fraction(a).numerator) / Fraction(a).denominator for a in (v, c))
        dual = gaussian_mean(mp.tanh, x, y)
        slope = gaussian_mean(lambda z: mp.sech(z) ** 2, x, y)
    with working_precision(100):
        at = arb(fmpq(Fraction(v).numerator, Fraction(v).denominator))
        cc = arb(fmpq(Fraction(c).numerator, Fraction(c).denominator))
        series = tanh_series(at, terms_at(at, cc))
        assert float(series.dual(cc)) == pytest.approx(float(dual), rel=1e-9)
        assert float(series.slope(cc)) == pytest.approx(float(slope), rel=1e-8)
        assert series.dual(cc).rel_accuracy_bits() > 80


@pytest.mark.parametrize(("v", "c"), [("1/2", "1/3"), ("2", "-0.8")])
def test_duals_of_z_tanh_z_are_gaussian_means(v, c):
    with mp.workdps(25):
        x, y = (mpf(Fraction(a).numerator) / Fraction(a).denominator for a in (v, c))
        dual = gaussian_mean(lambda z: z * mp.tanh(z), x, y)
        slope = gaussian_mean(lambda z: mp.tanh(z) + z * mp.sech(z) ** 2, x, y)
    with working_precision(100):
        at = arb(fmpq(Fraction(v).numerator, Fraction(v).denominator))
        cc = arb(fmpq(Fraction(c).numerator, Fraction(c).denominator))
        series = swish_series(at, terms_at(at, cc))
        assert float(series.dual(cc)) == pytest.approx(float(dual), rel=1e-9)
        assert float(series.slope(cc)) == pytest.approx(float(slope), rel=1e-8)
        # all coefficients are squares, and those not listed weigh what is left at c = 1
        assert series.dual.mass.abs_upper() < arb(10) ** -3
        for one in (fmpq(1), fmpq(-1)):
            near = series.dual(arb(one)), series.slope(arb(one))
            for head, value in zip((swish_dual, swish_slope_dual), near, strict=True):
                exact = build(head(Rational(v), Integer(int(one.p))), BALLS)({})
                assert value.overlaps(exact)


def test_swish_is_half_a_line_and_half_z_tanh():
    # z σ(z) = z/2 + (z/2) tanh(z/2)
    phi = activation("swish")
    found = phi.dual(Rational(1, 3), 8)
    assert found == Rational(2, 3) + swish_dual(Integer(2), Rational(1, 3))
    assert phi.known
    assert not phi.closed
    assert activation("z/(1 + exp(-z))").dual(Rational(1, 3), 8) == found
    with mp.workdps(25):
        swish = lambda z: z / (1 + mp.exp(-z))
        slope = lambda z: mp.diff(swish, z)
        x, y = mpf(1), mpf(1) / 3
        assert float(build(phi.dual(Rational(1, 3), 1), BALLS)({})) == pytest.approx(
            float(gaussian_mean(swish, x, y)), rel=1e-10
        )
        assert float(
            build(phi.slope_dual(Rational(1, 3), 1), BALLS)({})
        ) == pytest.approx(float(gaussian_mean(slope, x, y, 18, "0.4")), rel=1e-7)


def test_softplus_is_half_a_line_and_log_cosh():
    phi = activation("softplus")
    found = phi.dual(Rational(1, 3), 8)
    assert found == Rational(2, 3) + softplus_dual(Integer(2), Rational(1, 3))
    # its slope is the logistic sigmoid
    slope = activation("sigmoid").dual(Rational(1, 3), 8)
    assert (phi.slope_dual(Rational(1, 3), 8) - slope).expand() == 0
    softplus = lambda z: mp.log(1 + mp.exp(z))
    with mp.workdps(25):
        for c in (Rational(1, 3), Integer(1), Rational(-9, 10)):
            value = build(phi.dual(c, 1), BALLS)({})
            x = mpf(int(c.p)) / int(c.q)
            truth = float(gaussian_mean(softplus, mpf(1), x))
            assert float(value) == pytest.approx(truth, rel=1e-10)


@pytest.mark.parametrize("v", ["1/4", "2", "30"])
def test_the_mean_of_log_cosh_is_its_integral(v):
    x = Fraction(v)
    with mp.workdps(30):
        root = mp.sqrt(mpf(x.numerator) / x.denominator)
        truth = mp.quad(
            lambda z: mp.log(2 * mp.cosh(root * z)) * mp.npdf(z),
            [-16, -6, -3, 0, 3, 6, 16],
        )
    with working_precision(90):
        found = softplus_mean(arb(fmpq(x.numerator, x.denominator)))
        assert found.rel_accuracy_bits() > 80
        assert abs(found - arb(mp.nstr(truth, 25))) < arb(10) ** -22


@pytest.mark.parametrize("domain", ["hypercube:7", "circle:9", "sphere:3", "sphere:90"])
@pytest.mark.parametrize("name", ["swish", "softplus"])
def test_swish_nets_have_spectra_on_every_domain(name, domain):
    s = spectrum(f"ntk:{name}:depth=2", domain, levels=range(4), digits=12)
    assert s.digits >= 12
    assert not s.undecided


def test_masses_close_the_series_at_one():
    with working_precision(150):
        v = arb(2)
        for top in (41, 201):
            s = tanh_series(v, top)
            whole = s.dual(arb(1))
            assert whole.overlaps(1 - sinh_moment(1, v))
            third = sinh_moment(3, v)
            assert s.slope(arb(1)).overlaps((4 * sinh_moment(1, v) + third) / 6)
            assert whole.rad() < arb(10) ** (-3 if top == 41 else -9)
        with pytest.raises(NoConvergence, match="not proved positive"):
            tanh_series(arb(0, 1), 41)


def test_the_balls_meet_the_registered_series():
    definition = formulas["tanh_dual"].rhs
    first = definition.function
    run = build(tanh_dual(Integer(2), Rational(1, 3)), BALLS)
    with working_precision(80):
        total = sum((arb(build(term(first, j), BALLS)({})) for j in range(14)), arb(0))
        assert abs(run({}) - total) < arb(10) ** -14


def term(function, j):
    (index,) = [s for s in function.free_symbols if s.is_integer]
    v, c = sorted(function.free_symbols - {index}, key=str, reverse=True)
    return function.subs({index: j, v: 2, c: Rational(1, 3)})


def test_series_compose_as_values_do():
    v, at = arb(2), arb(fmpq(1, 5))
    with series_length(40, 150):
        s = tanh_series(v, 121)
        affine = arb_series([arb(0.25), arb(0.5)], prec=40)
        curved = arb_series([arb(0.125), arb(0.25), arb(0.5)], prec=40)
        for inner in (affine, curved):
            for slope in (False, True):
                row = (s.slope if slope else s.dual).composed(inner).coeffs()
                total, x = arb(0), arb(0)
                for a in reversed(row):
                    total = total * at + a
                for a in reversed(inner.coeffs()):
                    x = x * at + a
                value = s.slope(x) if slope else s.dual(x)
                assert abs(total - value) < arb(10) ** -8


@pytest.mark.parametrize(
    "name", ["nngp:tanh:depth=2,bias_variance=0.1", "nngp:tanh:depth=1"]
)
def test_series_and_quadrature_of_values_meet_on_the_sphere(name):
    K, domain = kernels.parse(name), Hypersphere(4)
    s = spectrum(K, domain, levels=range(4), digits=10)
    assert s.digits >= 10
    run = evaluator(K, domain)
    with working_precision(80), mp.workdps(20):
        count = 40
        angles = [mp.pi * (mpf(i) + mpf(1) / 2) / count for i in range(count)]
        values = []
        for angle in angles:
            low = mp.sin(angle / 2) ** 2
            value = run(arb(str(low)))
            values.append(mpf(value.mid().str(20, radius=False)))
        for k in (1, 3):
            # on S³ the measure is (2/π) sin²θ dθ and P_k = sin((k + 1)θ)/((k + 1) sin θ)
            total = mp.fsum(
                value * mp.sin(x) * mp.sin((k + 1) * x) / (k + 1)
                for x, value in zip(angles, values, strict=True)
            )
            truth = float(total * 2 / count)
            assert float(s.levels[k].eigenvalue) == pytest.approx(truth, rel=1e-6)


def test_deep_tanh_nets_have_spectra_on_every_domain():
    for domain, last in (("hypercube:7", 7), ("circle:9", 4), ("sphere:40", 2)):
        s = spectrum(
            "nngp:tanh:depth=2,bias_variance=0.1",
            domain,
            levels=range(last + 1),
            digits=12,
        )
        assert s.digits >= 12
        assert not s.undecided


def test_without_bias_even_levels_are_exactly_zero():
    s = spectrum("nngp:tanh:depth=2", Hypercube(5), digits=12)
    assert [x.eigenvalue.sign for x in s.levels] == [0, 1, 0, 1, 0, 1]


def test_sigmoid_is_tanh_moved():
    # σ(z) = (1 + tanh(z/2))/2, so its dual is 1/4 + T(q/4, c)/4
    phi = activation("sigmoid")
    found = phi.dual(Rational(1, 3), 8)
    assert found == Rational(1, 4) + tanh_dual(Integer(2), Rational(1, 3)) / 4
    assert (
        phi.slope_dual(Rational(1, 3), 8) == sech_dual(Integer(2), Rational(1, 3)) / 16
    )
    assert phi.known
    assert not phi.closed


def test_hermite_numbers_are_the_coefficients():
    number = activation("tanh").hermite_number(3, 2)
    with working_precision(80):
        a = tanh_series(arb(2), 41).dual.coefficients[1]
    assert float(number) ** 2 == pytest.approx(float(a), rel=1e-12)
    assert mpmath.sign(number.value) == -1
