from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnability.cli.lists import levels, numbers, target
from theory.errors import OutOfDomain


def test_a_range_includes_both_ends():
    assert numbers("2:5", "n") == [2, 3, 4, 5]
    assert numbers("0:1:1/4", "n") == [
        0,
        Fraction(1, 4),
        Fraction(1, 2),
        Fraction(3, 4),
        1,
    ]
    assert numbers("0:5:2,7", "n") == [0, 2, 4, 7]


def test_numbers_are_exact():
    assert numbers("1e-40,2^100-1,256 - 1e-20", "n") == [
        Fraction(1, 10**40),
        2**100 - 1,
        256 - Fraction(1, 10**20),
    ]


@given(st.integers(1, 500), st.integers(1, 10**6), st.integers(2, 40))
def test_logarithmic_points_are_rounded_down_exactly(start, width, count):
    stop = start + width
    found = numbers(f"log:{start}:{stop}:{count}", "n", whole=True)
    expected = []
    for i in range(count):
        power = start ** (count - 1 - i) * stop**i
        value = found[min(len(expected), len(found) - 1)]
        if value ** (count - 1) <= power < (value + 1) ** (count - 1):
            expected.append(value)
        else:
            before = expected[-1]
            assert before ** (count - 1) <= power < (before + 1) ** (count - 1)
    assert list(dict.fromkeys(expected)) == found
    assert (found[0], found[-1]) == (start, stop)


def test_logarithmic_ridges_keep_their_powers_of_ten():
    assert numbers("log:1e-6:1:4", "ridge") == [
        Fraction(1, 10**6), Fraction(1, 10**4), Fraction(1, 100), 1,
    ]  # fmt: skip
    assert numbers("log:1:2:3", "ridge")[1] == Fraction(141421, 100000)


def test_a_target_gives_powers_to_levels():
    assert target("1=1,3=1/2,5") == {1: 1, 3: Fraction(1, 2), 5: 1}
    assert levels("0:3,8") == [0, 1, 2, 3, 8]


@pytest.mark.parametrize("text", ["", "1:", ":", "log:2:1:3", "log:1:2:1", "a"])
def test_malformed_lists_are_refused(text):
    with pytest.raises(OutOfDomain):
        numbers(text, "n", whole=True)
