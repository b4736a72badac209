"""Deep nets in balls: the stable operation is its definition, and depth costs no digits."""

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from numerics import spectrum, working_precision
from numerics.interpreters.balls import BALLS
from numerics.interpreters.program import build
from theory.angle import angle, sine_lag
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


@pytest.mark.parametrize("depth", [16, 40, 128])
@pytest.mark.parametrize("bias", ["0", "0.01"])
def test_depth_costs_no_digits(depth, bias):
    s = spectrum(
        f"ntk:relu:depth={depth},bias_variance={bias}", "hypercube:8", digits=30
    )
    assert s.digits >= 30
    assert s.modes == 256
