"""Predictions: balls hold the rationals, floats stay within their error statement."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, Symbol

from numerics import Spectrum, predict
from numerics.implicit_equation.float_solver import RELATIVE_ERROR
from theory import OutOfDomain, Unsupported, formulas, notation, statistics

NAMES = ("C", "E0", "target_learnability", "bias", "variance", "test_mse", "train_mse")


def by_hand(levels, target, n, c, ridge, noise):
    """The statistics in rationals at a given rational C, typed from the paper."""
    learned = [lam / (lam + c) for lam, _ in levels]
    e0 = n / (n - sum(g * x**2 for (_, g), x in zip(levels, learned, strict=True)))
    bias = sum(p * (1 - learned[k]) ** 2 for k, p in target.items())
    mse = e0 * (bias + noise)
    return {
        "E0": e0,
        "bias": bias,
        "test_mse": mse,
        "variance": mse - bias - noise,
        "train_mse": (ridge / (n * c)) ** 2 * mse,
        "target_learnability": sum(p * learned[k] for k, p in target.items())
        / sum(target.values()),
    }


@given(
    st.lists(
        st.tuples(st.fractions(Fraction(1, 99), 99), st.integers(1, 50)),
        min_size=2,
        max_size=4,
    ),
    st.fractions(Fraction(1, 50), 50, max_denominator=50),
    st.fractions(0, 20, max_denominator=50),
    st.fractions(0, 2, max_denominator=9),
)
@settings(max_examples=60)
def test_balls_hold_the_papers_formulas_in_rationals(levels, c, ridge, noise):
    # C is chosen, and n follows from it: then everything is rational
    n = sum(g * lam / (lam + c) for lam, g in levels) + ridge / c
    target = {0: Fraction(2), 1: Fraction(1, 3)}
    p = predict(Spectrum.from_levels(levels), target, n, ridge, noise, digits=20)
    assert p.C[()].contains(c)
    for name, value in by_hand(levels, target, n, c, ridge, noise).items():
        ball = getattr(p, name)[()]
        assert ball.contains(value), name
        assert ball.digits >= 20 or value == 0


@given(
    st.lists(
        st.tuples(
            st.builds(
                lambda m, e: f"{m}e{e}", st.integers(1, 99), st.integers(-90, 90)
            ),
            st.integers(1, 10**6),
        ),
        min_size=1,
        max_size=6,
    ),
    st.fractions(Fraction(1, 10**6), Fraction(10**6 - 1, 10**6)),
    st.sampled_from(["0", "1e-30", "1"]),
)
@settings(max_examples=60)
def test_floats_keep_their_error_statement_on_wild_spectra(levels, share, ridge):
    s = Spectrum.from_levels(levels)
    n, target = share * s.modes, {0: 1}
    fast = predict(s, target, n, ridge, "1/10")
    proved = predict(s, target, n, ridge, "1/10", digits=20)
    for name in NAMES:
        value, ball = float(getattr(fast, name)), getattr(proved, name)[()]
        exact = float(ball)
        if 1e-290 < abs(exact) < 1e290:
            assert abs(value - exact) <= RELATIVE_ERROR * abs(exact), name


def test_floats_keep_their_digits_near_the_number_of_modes():
    s = Spectrum.from_levels([("1/2", 100), ("1e-5", 2900)])
    n = ["3000 - 1e-12", "3000 - 1e-3", 2999]
    fast, proved = predict(s, {1: 1}, n), predict(s, {1: 1}, n, digits=20)
    for name in ("C", "E0", "test_mse"):
        exact = np.array([float(ball) for ball in getattr(proved, name)])
        assert np.all(np.abs(getattr(fast, name) / exact - 1) <= RELATIVE_ERROR)


def test_the_ends_are_limits():
    s = Spectrum.from_levels([(1, 2), (0, 3)])
    p = predict(s, {0: 1, 1: 1}, [0, 2])
    assert list(p.test_mse) == [2, np.inf]
    assert list(predict(s, {0: 1}, [0, 2]).test_mse) == [1, 0]
    assert list(predict(s, {0: 1}, [0, 2], noise="1/2").test_mse) == [1.5, np.inf]
    assert list(p.E0) == [1, np.inf]


def test_shapes_broadcast_and_keep_their_order():
    s = Spectrum.from_levels([(1, 9), ("1/9", 9)])
    p = predict(s, {0: 1}, np.array([[1], [5]], dtype=object), ["0", "1/2", "2"])
    assert p.test_mse.shape == (2, 3)
    assert p.test_mse[1, 2] == predict(s, {0: 1}, 5, 2).test_mse


def test_the_mse_formula_is_written_once():
    """Changing theory's expression changes what is typeset, enclosed, plotted, traced."""
    import sympy

    from numerics.interpreters.arrays import ARRAYS
    from numerics.interpreters.balls import BALLS
    from numerics.interpreters.jax_arrays import TRACED
    from numerics.interpreters.program import build
    from theory.printing import latex

    formula = formulas["test_mse"]
    assert formula.latex() == latex(formula.lhs) + " = " + latex(formula.rhs)
    mutated = formula.rhs + Symbol("sigma2", nonnegative=True)
    values = {notation.overfitting: 2, notation.bias: 3, notation.noise: 5}
    assert formula.rhs.subs(values) == 16
    for arithmetic in (BALLS, ARRAYS, TRACED):
        from flint import fmpq

        given = {
            k: fmpq(v) if arithmetic is BALLS else float(v) for k, v in values.items()
        }
        assert float(build(formula.rhs, arithmetic)(given)) == 16
        assert float(build(mutated, arithmetic)(given)) == 21
    chain = statistics.chain("test_mse")
    assert chain.result == formula.rhs
    assert isinstance(chain.expand(), sympy.Expr)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (({5: 1}, 1), OutOfDomain, r"level = 5 is outside 0\.\.1"),
        (({0: 0}, 1), OutOfDomain, "power is 0"),
        (({0: -1}, 1), OutOfDomain, "power of target level 0 = -1"),
        (({}, 1), OutOfDomain, "at least one level"),
        (({0: 1}, []), OutOfDomain, "empty"),
        (({0: 1}, [1, 2], [0, 1, 2]), OutOfDomain, r"n \(2,\), ridge \(3,\)"),
        (({0: 1}, 1, 0, -1), OutOfDomain, "noise = -1"),
    ],
)
def test_bad_input_is_named(call, error, match):
    with pytest.raises(error, match=match):
        predict(Spectrum.from_levels([(1, 9), ("1/9", 9)]), *call)
    with pytest.raises(OutOfDomain, match="digits = 0"):
        predict(Spectrum.from_levels([(1, 9)]), {0: 1}, 1, digits=0)


def test_what_float64_cannot_hold_is_said():
    s = Spectrum.from_levels([(1, 9), ("1e-400", 9)])
    with pytest.raises(Unsupported, match="digits=15"):
        predict(s, {0: 1}, 10)
    assert predict(s, {0: 1}, 10, digits=15).C[()].sign == 1


def test_closed_forms_of_one_level():
    s = Spectrum.from_levels([(Rational(3, 7), 12)])
    p = predict(s, {0: 1}, [1, 5, 11], digits=25)
    for n, mse, e0 in zip((1, 5, 11), p.test_mse, p.E0, strict=True):
        assert mse.contains(1 - Fraction(n, 12))
        assert e0.contains(Fraction(12, 12 - n))


def test_tails_of_infinite_spectra_enter_the_errors():
    """The sphere's spectrum is never cut: few listed levels or many, the same answer."""
    from numerics import spectrum

    kernel, place = "ntk:relu:depth=2,bias_variance=0.1", "sphere:6"
    short = spectrum(kernel, place, levels=range(12), digits=20)
    long = spectrum(kernel, place, levels=range(80), digits=20)
    few = predict(short, {1: 1, 2: "1/2"}, [3, 60], "1/10", "1/5", digits=12)
    many = predict(long, {1: 1, 2: "1/2"}, [3, 60], "1/10", "1/5", digits=12)
    cut = Spectrum.from_levels([(x.eigenvalue, x.multiplicity) for x in short.levels])
    wrong = predict(cut, {1: 1, 2: "1/2"}, [3, 60], "1/10", "1/5", digits=12)
    for name in NAMES:
        for a, b in zip(getattr(few, name), getattr(many, name), strict=True):
            assert a.overlaps(b)
            assert a.digits >= 12
    assert not wrong.test_mse[1].overlaps(few.test_mse[1])
    closing = [e - b - Fraction(1, 5) for e, b in _middles(few, "test_mse", "bias")]
    assert np.allclose([float(v) for v in few.variance], [float(x) for x in closing])
    floats = predict(short, {1: 1, 2: "1/2"}, [3, 60], "1/10", "1/5")
    for value, ball in zip(floats.test_mse, few.test_mse, strict=True):
        assert float(value) == pytest.approx(float(ball), rel=1e-11)


def _middles(p, *names):
    return zip(*([x.midpoint for x in getattr(p, name)] for name in names), strict=True)
