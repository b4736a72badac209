"""Text is parsed, never executed; numbers are exact."""

import signal
import sys
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Rational, exp, sqrt

from theory import OutOfDomain
from theory.notation import d, t
from theory.numbers import exact, integer, rational, text_of
from theory.parser import parse_expression
from theory.printing import latex

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


@pytest.mark.parametrize(
    "whole",
    [1, 10**4299, 10**5000 + 7, (10**6300 - 1) // 9],
    ids=["1", "4300 digits", "5001 digits", "6300 digits"],
)
def test_numbers_of_any_length_are_read_and_written(whole):
    assert exact(text_of(whole), "x") == whole
    assert exact(f"-{text_of(whole)}/3", "x") == Rational(-whole, 3)
    assert exact(f"0.{text_of(whole)}", "x") * 10 ** len(text_of(whole)) == whole
    assert exact(fmpq(whole, 7), "x") == exact(text_of(Fraction(whole, 7)), "x")
    assert exact(text_of(whole * sqrt(2) + 1), "x") == whole * sqrt(2) + 1
    assert text_of(whole) in latex(exp(t) + whole)


def test_the_length_of_a_number_stays_python_s_affair():
    before = sys.get_int_max_str_digits()
    assert exact("1" * 5000, "x") % 10 == 1
    assert sys.get_int_max_str_digits() == before


def test_messages_quote_a_long_number_by_its_ends():
    with pytest.raises(OutOfDomain, match=r"n = -1/10+\.\.\.0000 \(6004 characters\)"):
        rational(-Rational(1, 10**6000), "n", least=0)


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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("factorial(10^7)*t", "factorial of a number up to 1e\\+07"),
        ("gamma(10^8)", "gamma of a number"),
        ("gamma(t + 10^8)", "gamma of a number"),
        ("factorial(factorial(12))", "factorial of a number"),
        ("exp(10^9*t)", "a value up to"),
        ("sinh(1e20000)", "a value up to"),
        ("exp(exp(exp(exp(9))))*t", "a value up to"),
        ("exp((t + 1)^1000)", "a value up to"),
        ("2^(2^(2^(2^(2^2))))", "an exponent above"),
        ("10^(0.5^999)", "an exponent with a denominator"),
        ("((t + 1)^100)^100", "a polynomial of degree 10000"),
        ("(t + d)^900*(t - d)^900", "a polynomial of about"),
        ("(10^1000)^1000*t", "a number of about"),
        ("besseli(10^9, t)", "besseli of an order"),
        ("besselj(d, t)", "besselj of an order"),
        ("erf(10^8)", "erf of a number"),
        ("sqrt(1e5000 + 1)", "a root of a number"),
        ("sqrt(t, t)", "takes 1 argument"),
        ("log(t, 2, 3)", "takes 1 to 2 argument"),
        (
            "Max(" + ",".join(f"t+{i}" for i in range(200)) + ")",
            "more than 24|takes 1 to",
        ),
    ],
)
def test_what_would_grow_too_large_is_refused_before_it_is_computed(text, reason):
    with pytest.raises(OutOfDomain, match=reason):
        parse_expression(text, NAMES, "kernel")


@pytest.mark.parametrize(
    "text",
    ["exp(10^4*t)", "(1 + t)^1000", "factorial(1000)*t", "besseli(7/2, t)", "1e-20000"],
)
def test_what_is_large_and_bearable_is_read(text):
    assert parse_expression(text, NAMES, "kernel") is not None


leaves = st.sampled_from(
    ["t", "d", "1/3", "0.5", "7", "1000", "10^9", "1e300", "1e-9000", "pi", "e", "-2"]
)
UNARY = "sqrt exp log sin cos atan sinh tanh asinh erf gamma factorial Abs sign".split()


def wider(inner):
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map(
            lambda x: f"({x[0]}){x[1]}({x[2]})"
        ),
        st.tuples(st.sampled_from(UNARY), inner).map(lambda x: f"{x[0]}({x[1]})"),
        st.tuples(st.sampled_from(["besseli", "besselj", "Max"]), inner, inner).map(
            lambda x: f"{x[0]}({x[1]},{x[2]})"
        ),
    )


def too_long(*_):
    raise TimeoutError


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.recursive(leaves, wider, max_leaves=9))
def test_every_text_of_the_grammar_is_read_or_refused_within_seconds(text):
    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(8)
    try:
        parse_expression(text, NAMES, "kernel")
    except OutOfDomain:
        pass
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
