"""Pairs of floats hold about 30 digits: every function against balls of 60 digits."""

import numpy as np
import pytest
import sympy
from flint import arb

from numerics.interpreters import double_double as dd
from numerics.interpreters.balls import BALLS
from numerics.interpreters.program import build
from numerics.numbers.precision import working_precision
from theory import NotEvaluable, kernels
from theory.activations.angle import angle, sine_lag
from theory.notation import t, u

TOLERANCE = 2.0**-94
X = sympy.Symbol("x", positive=True)
POINTS = [arb(p) / q for p, q in ((1, 10**6), (1, 7), (1, 3), (5, 8), (9, 10), (1, 1))]


def value(pair, row):
    return arb(float(pair.hi[row])) + arb(float(pair.lo[row]))


@pytest.mark.parametrize(
    "e",
    [
        sympy.exp(X),
        sympy.exp(-30 * X),
        sympy.log(X + 1),
        sympy.sin(9 * X),
        sympy.cos(9 * X),
        sympy.asin(X),
        sympy.acos(X),
        sympy.atan(3 * X),
        sympy.sinh(X + 1),
        sympy.cosh(X),
        sympy.tanh(X + 1),
        angle(X),
        sine_lag(X) + 1,
        sympy.sqrt(X) / (X + 3) ** 3,
        X ** sympy.Rational(1, 3),
        (1 + X) ** X * sympy.pi,
    ],
    ids=str,
)
def test_functions_are_those_of_balls(e):
    with working_precision(240):
        given = dd.pairs(POINTS)
        inputs = [value(given, i) for i in range(len(POINTS))]
        found = build(e, dd.DOUBLE_DOUBLE)({X: given})
        run = build(e, BALLS)
        for row, x in enumerate(inputs):
            exact = run({X: x})
            off = abs(value(found, row) - exact)
            assert off <= TOLERANCE * (abs(exact) + (1 if e.has(sympy.log) else 0)), x


@pytest.mark.parametrize("name", ["ntk:relu:depth=4,bias_variance=0.01", "nngp:relu"])
def test_kernels_keep_thirty_digits(name):
    chain = kernels.parse(name).half()
    with working_precision(240):
        found = build(chain, dd.DOUBLE_DOUBLE)({u: dd.pairs(POINTS)})
        for row, x in enumerate(dd.pairs(POINTS).hi):
            exact = build(chain, BALLS)({u: value(dd.pairs(POINTS), row)})
            assert abs(value(found, row) - exact) < TOLERANCE * 8, x


def test_sums_of_many_pairs_lose_nothing():
    rng = np.random.default_rng(0)
    terms = rng.standard_normal((3, 1001)) * 10.0 ** rng.integers(-20, 1, (3, 1001))
    found = dd.total(dd.Pair(terms, np.zeros_like(terms)), np)
    for row in range(3):
        exact = sum(map(sympy.Rational, terms[row].tolist()))
        off = sympy.Rational(float(found.hi[row])) + sympy.Rational(
            float(found.lo[row])
        )
        assert abs(off - exact) < 2.0**-98


def test_what_has_no_rule_is_refused_when_built():
    with pytest.raises(NotEvaluable, match="erf"):
        build(sympy.erf(t), dd.DOUBLE_DOUBLE)
