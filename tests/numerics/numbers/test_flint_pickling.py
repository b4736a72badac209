"""What is pickled or copied is the same ball, and holds in a process of its own."""

import copy
import pickle
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import pytest
import sympy
from flint import arb, fmpq, fmpz
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import (
    Ball,
    Level,
    Prediction,
    Spectrum,
    constant,
    predict,
    spectrum,
)
from numerics.numbers.flint_pickling import arb_of, dyadic
from numerics.numbers.precision import working_precision
from theory import Disagreement, OutOfDomain, formulas
from theory.domains import Hypercube, parse
from theory.kernels import ntk
from theory.notation import d, k

ends = st.tuples(
    st.integers(-(2**200), 2**200).map(lambda m: m | 1), st.integers(-9999, 9999)
)
radii = st.tuples(st.integers(1, 2**30 - 1), st.integers(-9999, 9999)) | st.just((0, 0))


@settings(max_examples=200, deadline=None)
@given(ends, radii)
def test_a_ball_is_rebuilt_bit_by_bit_at_any_precision(middle, radius):
    ball = arb_of(middle, radius)
    with working_precision(30):
        again = pickle.loads(pickle.dumps(ball))
    assert dyadic(again.mid()) == dyadic(ball.mid()) == middle
    assert dyadic(again.rad()) == dyadic(ball.rad())
    mantissa, exponent = radius
    while mantissa and mantissa % 2 == 0:
        mantissa, exponent = mantissa // 2, exponent + 1
    assert dyadic(ball.rad()) == (mantissa, exponent)


@pytest.mark.parametrize(
    "number", [arb("inf"), arb("-inf"), arb("nan"), fmpq(2, 3), fmpz(7)]
)
def test_every_number_of_flint_survives(number):
    assert str(pickle.loads(pickle.dumps(number))) == str(number)


KERNEL = "ntk:relu:depth=2"


@pytest.mark.parametrize(
    "made",
    [
        lambda: spectrum(KERNEL, "hypercube:4"),
        lambda: spectrum("gaussian:width=2", "sphere:4"),
        lambda: spectrum(KERNEL, "hypercube:4").levels[0],
        lambda: predict(spectrum(KERNEL, "hypercube:4"), {1: 1}, [1, 2, 3]),
        lambda: predict(spectrum(KERNEL, "hypercube:4"), {1: 1}, [1, 2], digits=8),
        lambda: ntk("relu", depth=5),
        lambda: parse("circle:12"),
        lambda: Hypercube(d),
        lambda: Hypercube(d).eigenvalue(ntk("relu"), k),
        lambda: formulas["test_mse"],
        lambda: formulas,
    ],
)
def test_objects_are_equal_to_their_copies(made):
    one = made()
    for copied in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one)):
        assert copied == one
        assert one is not None
        assert one != "one"
        assert one not in [None, 1, "x"]


def test_another_process_reads_a_spectrum_and_finds_the_same_constant():
    s = spectrum("gaussian:width=2", "sphere:4")
    program = (
        "import pickle, sys\n"
        "s = pickle.load(sys.stdin.buffer)\n"
        "from numerics import constant\n"
        "sys.stdout.buffer.write(pickle.dumps(constant(s, 3)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(s),
        capture_output=True,
        check=True,
    )
    assert pickle.loads(found.stdout).same_enclosure(constant(s, 3))


def test_a_ball_compares_with_numbers_and_is_unequal_to_all_else():
    third = Ball(arb(1) / 3)
    for stranger in (None, "1/3", [1], object(), 1j, float("nan")):
        assert not third == stranger
        assert third != stranger
        with pytest.raises(TypeError):
            third < stranger  # noqa: B015
    assert third != sympy.pi
    assert third < float("inf")
    assert third > float("-inf")
    assert Ball.infinite("a limit") == float("inf")
    assert third < sympy.Rational(1, 2)
    assert third < Decimal("0.5") < Fraction(2)
    with pytest.raises(Disagreement):
        _ = third == Fraction(1, 3)
    with pytest.raises(Disagreement):
        _ = third == Ball(arb(1) / 3)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Ball(0.5),
        lambda: Ball(arb(1), fmpq(2)),
        lambda: Level(0, 0.5, 1),
        lambda: Level(0, Ball.exact(1), 0),
        lambda: Level(-1, Ball.exact(1), 1),
        lambda: Spectrum([1, 0.5, 0.25]),
        lambda: Spectrum(()),
        lambda: Spectrum((Level(1, Ball.exact(1), 1), Level(0, Ball.exact(1), 1))),
        lambda: Spectrum((Level(0, Ball.exact(1), 1),), tail=0),
        lambda: Prediction(*[1] * 4, {}, {}, None, 0.0),
    ],
)  # fmt: skip
def test_constructors_refuse_what_would_build_a_broken_object(build):
    with pytest.raises(OutOfDomain):
        build()


def test_a_mapping_of_formulas_has_the_methods_of_a_mapping():
    assert formulas.get("test_mse") is formulas["test_mse"]
    assert formulas.get("x") is None
    assert formulas.get("x", 1) == 1
    assert formulas.get(None) is None
    assert [] not in formulas
    with pytest.raises(OutOfDomain, match="did you mean"):
        formulas["test_mze"]
