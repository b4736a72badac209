import itertools
import math
from fractions import Fraction

import pytest

from numerics.targets.level_powers import level_powers
from theory import Hypercube, Hypersphere, UnitCircle
from theory.errors import OutOfDomain, Unsupported
from theory.notation import d


def by_definition(f, size):
    """Σ over sets S of (mean of f(x) Π_S x)², by level, in rational arithmetic."""
    corners = list(itertools.product((1, -1), repeat=size))
    powers = {}
    for chosen in itertools.product((0, 1), repeat=size):
        total = Fraction(0)
        for x in corners:
            sign = math.prod(x[i] for i in range(size) if chosen[i])
            total += Fraction(f(x)) * sign
        power = (total / 2**size) ** 2
        if power:
            powers[sum(chosen)] = powers.get(sum(chosen), 0) + power
    return powers


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x[0] * x[2] * x[3] - 3 * x[1],
        lambda x: Fraction(1, 3) if x[0] + x[1] + x[2] > 0 else Fraction(-2, 7),
        lambda x: 0.1 * x[0] + 2.5,
        lambda x: int(max(x[0], x[1])) ** 3 + int(x[3] > 0),
    ],
)
def test_powers_are_those_of_the_definition(f):
    assert level_powers(f, Hypercube(4)) == by_definition(f, 4)


def test_powers_sum_to_the_mean_square():
    f = lambda x: abs(x.sum()) ** 3 + x[0]
    powers = level_powers(f, Hypercube(9))
    corners = itertools.product((1, -1), repeat=9)
    mean = Fraction(sum((abs(sum(x)) ** 3 + x[0]) ** 2 for x in corners), 2**9)
    assert sum(powers.values()) == mean


@pytest.mark.parametrize("points", [9, 16])
def test_waves_on_the_circle(points):
    top = points // 2
    f = lambda x: 1 + 3 * math.cos(2 * x) + 4 * math.sin(2 * x) + math.cos(top * x)
    powers = level_powers(f, UnitCircle(points))
    last = 1 if points % 2 == 0 else 0.5
    assert set(powers) == {0, 2, top}
    for level, expected in {0: 1, 2: 12.5, top: last}.items():
        assert abs(float(powers[level]) - expected) < 1e-13


def test_nothing_has_no_power():
    assert level_powers(lambda _: 0, Hypercube(3)) == {}
    assert level_powers(lambda _: 0, UnitCircle(5)) == {}


def test_they_are_targets_of_predictions():
    from numerics import Spectrum, predict

    powers = level_powers(lambda x: math.sin(x), UnitCircle(4))
    p = predict(Spectrum.from_levels([(1, 1), ("1/2", 2), ("1/9", 1)]), powers, 2)
    assert 0 < float(p.target_learnability) < 1


def test_a_symbolic_domain_is_refused():
    with pytest.raises(Unsupported, match="in place of its symbol"):
        level_powers(lambda _: 1, Hypercube(d))


@pytest.mark.parametrize("domain", [UnitCircle(), Hypersphere(3)])
def test_a_constant_has_its_power_in_level_0(domain):
    assert level_powers(lambda _: 3, domain) == {0: 9}


def test_a_huge_hypercube_is_refused():
    with pytest.raises(Unsupported, match="at most 20"):
        level_powers(lambda _: 1, Hypercube(21))


def test_values_must_be_finite_numbers():
    with pytest.raises(OutOfDomain, match="not a finite number"):
        level_powers(lambda _: math.nan, Hypercube(2))
