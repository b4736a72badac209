"""The fast transform against the textbook sum, Walsh–Hadamard and the Ehrenfest walk."""

from fractions import Fraction
from math import comb

import pytest
from flint import fmpq, fmpz
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational
from sympy.abc import t

from numerics import spectrum
from numerics.spectra.domains.hypercube import eigenvalues, exact_eigenvalues, transform
from numerics.spectra.kernel_evaluation import evaluator
from theory import Hypercube, NotPositiveDefinite, OutOfDomain, kernels

rationals = st.fractions(min_value=-3, max_value=3, max_denominator=30)


def krawtchouk(k, m, d):
    return sum((-1) ** j * comb(m, j) * comb(d - m, k - j) for j in range(k + 1))


def textbook(values, k):
    """λ_k = 2^−d Σ_m C(d, m) K_m K_k(m)/C(d, k)."""
    d = len(values) - 1
    terms = (comb(d, m) * v * krawtchouk(k, m, d) for m, v in enumerate(values))
    return Fraction(sum(terms)) / 2**d / comb(d, k)


def walsh_hadamard(values):
    """The mean of K against the parity of each set of bits, by the definition's 2^d sums."""
    d = len(values) - 1
    row = [values[x.bit_count()] for x in range(2**d)]
    step = 1
    while step < 2**d:
        for start in range(0, 2**d, 2 * step):
            for i in range(start, start + step):
                row[i], row[i + step] = row[i] + row[i + step], row[i] - row[i + step]
        step *= 2
    return [Fraction(row[2**k - 1]) / 2**d for k in range(d + 1)]


def ehrenfest(coefficients, d):
    """λ_k of Σ a_p t^p from λ_k[t K] = (k λ_{k−1} + (d − k) λ_{k+1})/d, all positive."""
    power = [Fraction(int(k == 0)) for k in range(d + 1)]
    total = [Fraction(0)] * (d + 1)
    for a in coefficients:
        total = [x + a * y for x, y in zip(total, power, strict=True)]
        padded = [Fraction(0), *power, Fraction(0)]
        power = [(k * padded[k] + (d - k) * padded[k + 2]) / d for k in range(d + 1)]
    return total


def fractions_of(balls):
    return [Fraction(int(b.rational.p), int(b.rational.q)) for b in balls]


@settings(max_examples=60, deadline=None)
@given(st.lists(rationals, min_size=2, max_size=12))
def test_transform_is_the_krawtchouk_sum(values):
    d = len(values) - 1
    table = {fmpq(m, d): fmpq(v.numerator, v.denominator) for m, v in enumerate(values)}
    found = fractions_of(exact_eigenvalues(table.__getitem__, d))
    assert found == [textbook(values, k) for k in range(d + 1)]
    assert found == walsh_hadamard(values)


@pytest.mark.parametrize("d", [1, 2, 3, 7])
def test_transform_is_the_definition_in_theory(d):
    cube, K = Hypercube(d), kernels.from_expression(1 / (2 - t) + t**3 / 7)
    found = [level.eigenvalue.midpoint for level in spectrum(K, cube).levels]
    sums = [cube.definition(K, k).doit() for k in range(d + 1)]
    assert found == [Fraction(int(x.p), int(x.q)) for x in sums]


def test_transform_of_integers():
    assert transform([fmpz(1), fmpz(0)]) == [1, 1]
    assert transform([1, 3, 3, 1]) == [8, 0, 0, 0]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 40),
    st.lists(st.fractions(0, 2, max_denominator=9), min_size=1, max_size=6),
    st.integers(20, 90),
)
def test_polynomials_of_positive_coefficients_meet_the_ehrenfest_walk(d, a, digits):
    K = kernels.from_expression(
        sum(Rational(x.numerator, x.denominator) * t**p for p, x in enumerate(a))
        + 0 * t
    )
    s = spectrum(K, Hypercube(d), digits=digits)
    assert [x.eigenvalue.midpoint for x in s.levels] == ehrenfest(a, d)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 30), st.integers(1, 60), st.sampled_from(["0", "0.01", "3"]))
def test_balls_of_two_precisions_meet_and_are_narrow(d, digits, bias):
    K = kernels.parse(f"ntk:relu:depth=2,bias_variance={bias}")
    low = spectrum(K, Hypercube(d), digits=digits)
    high = spectrum(K, Hypercube(d), digits=digits + 40)
    assert low.digits >= digits
    assert high.digits >= digits + 40
    for a, b in zip(low.levels, high.levels, strict=True):
        assert a.eigenvalue.overlaps(b.eigenvalue)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 14),
    st.lists(rationals, min_size=15, max_size=15),
    st.integers(0, 80),
)
def test_balls_contain_the_exact_eigenvalues(d, values, bits):
    """The ball path on samples whose exact transform is known."""
    K = kernels.from_expression(1 / (2 - t) + t)
    run = evaluator(K, Hypercube(d))
    exact = exact_eigenvalues(run, d)
    for ball, truth in zip(eigenvalues(run, d, bits, 20), exact, strict=True):
        assert ball.contains(truth.midpoint)
        assert (
            ball.radius
            <= Fraction(2 * d + 4, 2**d) / 2**bits * 4 + abs(truth.midpoint) / 10**19
        )


@pytest.mark.parametrize("d", [5, 24, 60])
@pytest.mark.parametrize("beta", ["1", "1/3", "7"])
def test_exponential_kernel_meets_its_closed_form(d, beta):
    from flint import arb

    from numerics.numbers.precision import working_precision

    s = spectrum(f"exponential:beta={beta}", f"hypercube:{d}", digits=35)
    with working_precision(800):
        x = arb(fmpq(*map(int, beta.split("/")))) / d
        for level in s.levels:
            closed = x.cosh() ** (d - level.index) * x.sinh() ** level.index
            assert closed.overlaps(level.eigenvalue.value)
            assert level.eigenvalue.digits >= 35


def test_relu_ntk_at_dimension_1000_keeps_all_digits():
    s = spectrum("ntk:relu:depth=4,bias_variance=0.01", "hypercube:1000")
    assert s.digits >= 30
    last = s.levels[-1].eigenvalue
    assert "3.92397218020082278946526533481" in str(last).replace("(1)", "")
    trace = sum((x.multiplicity * x.eigenvalue.midpoint for x in s.levels), Fraction(0))
    assert abs(trace - Fraction("5.07")) < Fraction(1, 10**29)


def test_parity_zeros_are_exact():
    s = spectrum("ntk:relu:depth=1", "hypercube:9")
    assert [x.index for x in s.levels if x.eigenvalue.sign == 0] == [3, 5, 7, 9]
    assert s.modes == 2**9 - comb(9, 3) - comb(9, 5) - comb(9, 7) - 1


def test_a_kernel_that_is_not_positive_names_level_and_value():
    with pytest.raises(
        NotPositiveDefinite, match=r"level 0 has eigenvalue -0.5 < 0 .proved"
    ):
        spectrum("expr:t - 1/2", "hypercube:4")


@pytest.mark.parametrize(
    ("kernel", "where"),
    [
        ("expr:1/t", "t = 0"),
        ("expr:log(1 - t)", "t = 1"),
        ("expr:sqrt(t - 1/2)", "t ="),
        ("expr:1/(1 + t)", "t = -1"),
    ],
)
def test_a_kernel_without_a_value_says_where(kernel, where):
    with pytest.raises(OutOfDomain, match=where):
        spectrum(kernel, "hypercube:4")


def test_hidden_zeros_are_balls_that_contain_0():
    s = spectrum("expr:sin(t)**2 + cos(t)**2", "hypercube:6")
    assert s.undecided == (2, 4, 6)
    assert all(s.levels[k].eigenvalue.contains(0) for k in s.undecided)
    assert str(s.levels[2].eigenvalue).startswith("0 ± ")


def test_the_levels_that_are_not_listed_are_the_tail():
    whole = spectrum("polynomial:degree=4", "hypercube:6")
    part = spectrum("polynomial:degree=4", "hypercube:6", levels=range(3))
    rest = [x for x in whole.levels if x.index > 2]
    mass = sum(x.multiplicity * x.eigenvalue.midpoint for x in rest)
    square = sum(x.multiplicity * x.eigenvalue.midpoint**2 for x in rest)
    assert part.tail_mass == mass
    assert part.tail_square == square
    assert part.tail_bound == max(x.eigenvalue.midpoint for x in rest)
    assert not part.is_complete
    assert whole.is_complete
