"""Deep nets in balls: the stable operation is its definition, and depth costs no digits."""

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from numerics import spectrum, working_precision
from numerics.interpreters.balls import BALLS, angle_and_lag
from numerics.interpreters.compiled_balls import compile_balls
from numerics.interpreters.program import build
from numerics.spectra.quadrature import angle_quadrature
from numerics.spectra.quadrature.panels import panels
from theory import Hypersphere, NoConvergence
from theory.activations.angle import angle, sine_lag
from theory.kernels import parse
from theory.notation import u

operation = build(sine_lag(u), BALLS)
definition = build(sine_lag(u).definition, BALLS)


@given(st.fractions(0, 1), st.integers(20, 90))
def test_the_operation_holds_what_its_definition_holds(value, bits):
    at = fmpq(value.numerator, value.denominator)
    with working_precision(300):
        exact = arb(definition({u: at}))
    with working_precision(200):
        wide = arb(at) + arb(2) ** -bits * arb(0, 1)
        assert arb(operation({u: at})).overlaps(exact)
        if 0 < value < 1:
            assert arb(operation({u: wide})).contains(exact.mid())
            slope = 2 * arb(build(angle(u), BALLS)({u: at}))
            radius = arb(operation({u: wide})).rad()
            assert radius <= arb(2) ** -bits * (slope + arb(2) ** (4 - bits // 2)) * 2


@given(st.fractions(0, 1), st.integers(5, 90))
def test_angle_and_lag_from_one_arcsine_hold_both(value, bits):
    at = fmpq(value.numerator, value.denominator)
    with working_precision(300):
        exact = [arb(build(head(u), BALLS)({u: at})) for head in (angle, sine_lag)]
        wide = arb(at) + arb(2) ** -bits * arb(0, 1)
        found = angle_and_lag(wide)
        run = compile_balls(build(angle(u) + 7 * sine_lag(u), BALLS))
        for x, truth in zip(found, exact, strict=True):
            assert arb(x).overlaps(truth)
            if 0 < value < 1:
                assert arb(x).contains(truth.mid())
        assert run(wide).overlaps(exact[0] + 7 * exact[1])
        if wide > 0 and wide < 1:
            # no wider than the arcsine of the ball makes it, but for second order
            plain = (2 * wide.sqrt().asin()).rad()
            assert found[0].rad() <= 4 * plain or bits < 20


@pytest.mark.parametrize(("at", "expected"), [(0, arb(0)), (1, arb.pi())])
def test_balls_that_are_an_end_lose_nothing(at, expected):
    """A ball of radius 0 at u = 0 or 1 is that number; a wider one holds the value there."""
    assert abs(operation({u: arb(at)}) - expected) < arb(10) ** -14
    for bits in (20, 40):
        with working_precision(200):
            near = operation({u: arb(at) + arb(2) ** -bits * arb(0, 1)})
        assert near.overlaps(expected)
        assert float(near.rad()) < 2.0**-bits * 8


@pytest.mark.parametrize("depth", [16, 40, 128])
@pytest.mark.parametrize("bias", ["0", "0.01"])
def test_depth_costs_no_digits(depth, bias):
    s = spectrum(
        f"ntk:relu:depth={depth},bias_variance={bias}", "hypercube:8", digits=30
    )
    assert s.digits >= 30
    assert s.modes == 256


@pytest.mark.parametrize("domain", ["hypercube:3", "circle:7"])
@pytest.mark.parametrize("digits", [1, 30])
def test_a_deep_net_is_not_refused_for_too_few_bits(domain, digits):
    # Nothing is infinite here, but at few bits the balls of a deep erf net are.
    def iterated(t):
        c, v = 2 * t, mp.mpf(2)
        for _ in range(64):
            e, q = (2 * mp.asin(2 * x / (1 + 2 * v)) / mp.pi for x in (c, v))
            c, v = 2 * e, 2 * q
        return e

    with mp.workdps(60):
        if domain == "hypercube:3":
            exact = (iterated(mp.mpf(1)) + iterated(mp.mpf(1) / 3)) / 4
        else:
            angles = [2 * mp.pi * m / 7 for m in range(7)]
            exact = mp.fsum(iterated(mp.cos(x)) * mp.cos(x) for x in angles) / 7
        found = (
            spectrum("nngp:erf:depth=64", domain, digits=digits).levels[1].eigenvalue
        )
        assert found.digits >= digits
        assert abs(
            exact - mp.mpf(found.midpoint.numerator) / found.midpoint.denominator
        ) <= (
            mp.mpf(found.radius.numerator) / found.radius.denominator
            + mp.mpf(10) ** -50
        )


@pytest.mark.parametrize("depth", [20, 80])
def test_quadrature_takes_its_nodes_again_where_layers_lose_their_bits(depth):
    def iterated(t):
        c, v = mp.mpf(t) / 5, mp.mpf(1) / 5
        for _ in range(depth):
            e, q = (mp.exp(-v) * mp.cosh(x) for x in (c, v))
            c, v = 2 * e, 2 * q
        return e

    text = f"nngp:cos:depth={depth},weight_variance=2,bias_variance=0"
    s = spectrum(f"{text},input_variance=0.1", "circle", range(5), digits=25)
    with mp.workdps(150):
        angles = [2 * mp.pi * m / 64 for m in range(64)]
        values = [iterated(mp.cos(x)) for x in angles]
        for k in (0, 2, 4):
            # λ_{64−k} and above are below 1e-30 λ_k
            terms = (v * mp.cos(k * x) for v, x in zip(values, angles, strict=True))
            exact, found = mp.fsum(terms) / 64, s.levels[k].eigenvalue
            middle = mp.mpf(found.midpoint.numerator) / found.midpoint.denominator
            assert found.digits >= 25
            assert abs(middle / exact - 1) < mp.mpf(10) ** -25
        left = s.tail_mass
        listed = sum(
            level.multiplicity * level.eigenvalue.midpoint for level in s.levels
        )
        total = left.midpoint + listed
        assert abs(mp.mpf(total.numerator) / total.denominator / values[0] - 1) < 1e-24
        assert left.digits > 5


def test_lost_bits_are_no_pole(monkeypatch):
    monkeypatch.setattr(angle_quadrature, "MOST_TIMES", 1)
    monkeypatch.setattr(angle_quadrature, "MOST_MORE", 0)
    kernel = "nngp:cos:depth=80,weight_variance=2,bias_variance=0,input_variance=0.1"
    with pytest.raises(NoConvergence, match="rounding errors grow from layer to layer"):
        angle_quadrature.moments(panels(parse(kernel), Hypersphere(3)), 3, 2, bits=8)
