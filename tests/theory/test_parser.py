"""Text is parsed, never executed; numbers are exact."""

import pytest
from sympy import Rational, exp, sqrt

from theory import OutOfDomain
from theory.notation import d, t
from theory.numbers import exact, integer, rational
from theory.parser import parse_expression

NAMES = {"t": t, "d": d}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t^2/2", t**2 / 2),
        ("exp(-d*(1 - t))", exp(-d * (1 - t))),
        ("sqrt(1-t)", sqrt(1 - t)),
        ("-t + 0.1", -t + Rational(1, 10)),
        ("2**-3", Rational(1, 8)),
    ],
)
def test_expressions_are_read_exactly(text, expected):
    assert parse_expression(text, NAMES, "kernel") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t +",
        "__import__('os').system('echo no')",
        "t.__class__",
        "(lambda: t)()",
        "[t]",
        "t if t else t",
        "'t'",
        "open('x')",
        "exp",
        "x + 1",
        "exp(t, t, t)",
        "t == 1",
        "True",
        "1/0",
        "1/(t - t)",
        "10^10^10",
        "0^-1",
        "t;t",
        "f'{t}'",
        "1j",
        "sqrt(" * 90 + "t" + ")" * 90,
        "+" * 5000 + "t",
        "t" * 20_000,
        "1e999999",
    ],
)
def test_what_is_not_an_expression_is_refused_in_words(text):
    with pytest.raises(OutOfDomain, match="kernel"):
        parse_expression(text, NAMES, "kernel")


def test_numbers_mean_what_is_written():
    assert exact("0.01", "x") == Rational(1, 100)
    assert exact(0.1, "x") == Rational(1, 10)
    assert exact("2^100 - 1", "x") == 2**100 - 1
    assert exact("256 - 1e-20", "x") == 256 - Rational(1, 10**20)


def test_a_float_of_many_digits_warns():
    with pytest.warns(UserWarning, match="taken as exactly this decimal"):
        exact(1 / 3, "ridge")


@pytest.mark.parametrize(
    "value", ["nan", "inf", "1.2.3", "abc", float("nan"), True, None, "1/0"]
)
def test_what_is_not_a_number_names_its_argument(value):
    with pytest.raises(OutOfDomain, match="ridge"):
        rational(value, "ridge")


@pytest.mark.parametrize("value", ["2.5", "-1", "7/2", 9])
def test_whole_numbers_have_a_range(value):
    with pytest.raises(OutOfDomain, match=r"k = .* must be a whole number in 0\.\.8"):
        integer(value, "k", most=8)
