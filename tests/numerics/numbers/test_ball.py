"""A printed decimal with its printed radius contains the truth, at every scale."""

from fractions import Fraction
from math import inf, log10

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.numbers.ball import Ball
from numerics.numbers.magnitudes import fraction, magnitude
from numerics.numbers.precision import working_precision
from theory import Disagreement, NoConvergence, Unsupported

mantissas = st.integers(-(2**150), 2**150) | st.integers(-1100, 1100)
exponents = st.integers(-4000, 4000) | st.integers(-70, 70)
many = settings(max_examples=300, deadline=None)


def ball(mid: int, e: int, rad: int, f: int) -> Ball:
    """[mid 2^e ± rad 2^(e + f)], exactly: nothing is rounded."""
    with working_precision(6000):
        center = arb(mid) * arb(2) ** e
        spread = arb(rad) * arb(2) ** (e + f)
        return Ball(arb(center, spread))


balls = st.builds(
    ball, mantissas, exponents, st.integers(0, 2**29), st.integers(-200, 200)
)


def read(text: str) -> tuple[Fraction, Fraction]:
    """Midpoint and radius of a printed ball."""
    if "±" in text:
        middle, radius = text.split("±")
        return Fraction(middle.strip()), Fraction(radius.strip())
    if "(" not in text:
        return Fraction(text), Fraction(0)
    head, rest = text.split("(")
    units, tail = rest.split(")")
    places = len(head.partition(".")[2])
    scale = Fraction(f"1{tail}") if tail else Fraction(1)
    return Fraction(head) * scale, Fraction(int(units), 10**places) * scale


@many
@given(balls)
def test_printed_balls_contain_the_ball(x):
    middle, radius = read(str(x))
    assert middle - radius <= x.lower
    assert x.upper <= middle + radius


@many
@given(balls, st.integers(1, 60))
def test_decimal_and_radius_contain_the_ball_and_are_no_wider_than_the_digits(
    x, digits
):
    middle, radius = map(Fraction, x.decimal(digits))
    assert middle - radius <= x.lower
    assert x.upper <= middle + radius
    scale = max(abs(x.midpoint), x.radius)
    assert radius <= 3 * x.radius + scale * Fraction(10) ** (2 - digits)


@many
@given(st.fractions())
def test_exact_rationals_print_within_their_radius(value):
    x = Ball.exact(fmpq(value.numerator, value.denominator))
    middle, radius = read(str(x))
    assert abs(middle - value) <= radius
    assert radius <= abs(value) * Fraction(1, 10**28)


@pytest.mark.parametrize("e", [*range(-45, 46), -3013, 3013])
@pytest.mark.parametrize("sign", [1, -1])
def test_powers_of_ten_are_printed_exactly(e, sign):
    value = sign * Fraction(10) ** e
    text = str(Ball.exact(fmpq(value.numerator, value.denominator)))
    assert read(text) == (value, 0)


@many
@given(balls)
def test_digits_are_proved_and_not_far_below_the_truth(x):
    if x.radius == 0:
        assert x.digits == inf
        return
    nearest = abs(x.midpoint) - x.radius
    if nearest <= 0:
        assert x.digits == 0
        return
    relative = x.radius / nearest
    exponent = magnitude(relative)
    true = -exponent - log10(float(relative / Fraction(10) ** exponent))
    assert max(0.0, true - 1e-8) <= x.digits + 2e-8
    assert x.digits <= max(0.0, true) + 1e-9


@many
@given(balls)
def test_sign_is_that_of_every_number_inside(x):
    expected = None
    if x.lower > 0:
        expected = 1
    elif x.upper < 0:
        expected = -1
    elif x.lower == x.upper:
        expected = 0
    assert x.sign == expected


@many
@given(balls, balls)
def test_comparisons_are_proved_or_refused(a, b):
    if a.upper < b.lower:
        assert a < b
        assert b > a
        assert a != b
    elif a.overlaps(b) and not (a.radius == 0 == b.radius):
        for compare in (a.__lt__, a.__gt__, a.__eq__, a.__le__, a.__ge__):
            with pytest.raises(Disagreement, match="undecided"):
                compare(b)


@given(st.fractions(min_value=Fraction(1, 10**40), max_value=10**40))
def test_magnitude_is_the_leading_decimal_place(value):
    e = magnitude(value)
    assert Fraction(10) ** e <= value < Fraction(10) ** (e + 1)


def test_comparison_with_numbers():
    x = ball(3, 0, 1, -10)
    assert x > 2
    assert x < Fraction(7, 2)
    with pytest.raises(Disagreement):
        assert x == 3
    assert Ball.exact(3) == 3
    assert Ball.infinite("limit") > x


@pytest.mark.parametrize("value", ["nan", "-inf"])
def test_a_ball_that_encloses_nothing_finite_is_refused(value):
    with pytest.raises(NoConvergence, match="no finite enclosure"):
        Ball(arb(value))
    with pytest.raises(NoConvergence):
        Ball(arb(0, arb("inf")))


def test_float_of_extreme_values():
    assert float(ball(1, -4000, 0, 0)) == 0.0
    assert float(ball(1, 4000, 0, 0)) == inf
    assert float(ball(-1, 4000, 0, 0)) == -inf


def test_endpoints_are_exact():
    assert fraction(arb(0.75)) == Fraction(3, 4)
    assert fraction(arb(0)) == 0


def test_a_radius_far_below_every_digit_is_rounded_up():
    tiny = arb(2) ** -(10**9)  # its fraction would fill 100 MB
    radius = Ball(arb(1, tiny), None, "").radius
    assert radius.numerator == 1
    assert 999_000 < radius.denominator.bit_length() < 1_001_000
    with pytest.raises(Unsupported, match="too small"):
        assert Ball(arb(2) ** -(10**12), None, "").midpoint
