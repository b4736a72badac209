"""Pairs of floats hold about 30 digits: every operation against fractions."""

from fractions import Fraction

import numpy as np
import pytest

from numerics.numbers import double_double as dd

TOLERANCE = Fraction(1, 2**98)


def exact(pair: dd.Pair, row: int) -> Fraction:
    return Fraction(float(pair.hi[row])) + Fraction(float(pair.lo[row]))


@pytest.fixture
def two() -> list[dd.Pair]:
    """Pairs of one sign each whose parts are far apart or close."""
    rng = np.random.default_rng(0)
    made = []
    for _ in range(2):
        hi = np.exp(rng.uniform(-20, 20, 50))
        made.append(dd.two_sum(hi, hi * rng.uniform(-1, 1, 50) * 2.0**-53))
    return made


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("add", lambda a, b: a + b),
        ("multiply", lambda a, b: a * b),
        ("divide", lambda a, b: a / b),
        ("subtract", lambda a, b: a - b),
    ],
)
def test_operations_are_those_of_fractions(two, name, of):
    found = getattr(dd, name)(*two)
    for row in range(50):
        a, b = (exact(x, row) for x in two)
        off = abs(exact(found, row) - of(a, b))
        size = a + b if name == "subtract" else abs(of(a, b))
        assert off <= TOLERANCE * size


def test_the_square_of_a_root_is_what_it_is_of(two):
    found = dd.root(two[0])
    for row in range(50):
        a = exact(two[0], row)
        assert abs(exact(found, row) ** 2 - a) <= TOLERANCE * a * 4


def test_a_product_of_floats_loses_nothing():
    a, b = 1 + 2.0**-40, 1 - 2.0**-35
    p = dd.two_product(np.array([a]), np.array([b]))
    assert exact(p, 0) == Fraction(a) * Fraction(b)
