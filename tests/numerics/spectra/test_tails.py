"""C of an infinite spectrum: whatever is listed, its enclosure holds the same number."""

from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import exp, log
from sympy.abc import t

from numerics import constant, spectrum
from numerics.numbers.ball import Ball
from numerics.numbers.precision import working_precision
from numerics.spectra.positivity import positive_by_structure
from numerics.spectra.tails import Tail
from theory import NoConvergence, NotPositiveDefinite, kernels

levels = st.lists(
    st.tuples(st.fractions(0, 1, max_denominator=1000), st.integers(1, 9)),
    min_size=1,
    max_size=8,
)


def ball(x):
    return Ball.exact(fmpq(x.numerator, x.denominator))


@settings(max_examples=200, deadline=None)
@given(levels, st.fractions(Fraction(1, 10**6), 100))
def test_a_tail_encloses_what_its_levels_add(rows, c):
    mass = sum((g * x for x, g in rows), Fraction(0))
    square = sum((g * x * x for x, g in rows), Fraction(0))
    bound = max(x for x, _ in rows)
    tail = Tail(ball(mass), ball(square), ball(bound))
    learned = sum((g * x / (x + c) for x, g in rows), Fraction(0))
    slope = sum((g * x * c / (x + c) ** 2 for x, g in rows), Fraction(0))
    with working_precision(128):
        at = arb(fmpq(c.numerator, c.denominator))
        assert Ball(tail.learned(at, 128)).contains(learned)
        assert Ball(tail.slope(at, 128)).contains(slope)


@pytest.mark.parametrize("n", [1, 3, 7, "1/2"])
def test_listing_fewer_levels_of_a_polynomial_widens_nothing_but_the_work(n):
    K = kernels.parse("expr:1 + t + t**2/3 + t**5/7")
    whole = spectrum(K, "sphere:4", levels=range(6))
    part = spectrum(K, "sphere:4", levels=range(2))
    truth = constant(whole, n)
    found = constant(part, n)
    assert truth.overlaps(found)
    assert found.digits >= 30


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("ntk:relu:depth=4,bias_variance=0.01", "sphere:10"),
        ("nngp:erf:depth=1", "sphere:4"),
        ("gaussian:width=2", "circle"),
    ],
)
def test_few_levels_and_many_enclose_one_constant(name, domain):
    few = constant(spectrum(name, domain, levels=range(5)), 20, digits=12)
    many = constant(spectrum(name, domain, levels=range(90)), 20, digits=12)
    ridge = constant(spectrum(name, domain), 20, ridge="1/1000", digits=12)
    assert few.overlaps(many)
    assert few.digits >= 12
    assert few < ridge


def test_too_many_digits_say_what_was_reached(monkeypatch):
    monkeypatch.setattr("numerics.spectra.refinement.MAX_LAST", 100)
    s = spectrum("laplace:width=1", "sphere:3", levels=range(40))
    with pytest.raises(
        NoConvergence, match=r"of 200 digits are proved with levels 0 to"
    ):
        constant(s, 10, digits=200)


def test_a_tail_of_unknown_sign_gives_no_constant():
    s = spectrum("expr:2 + cos(t - 1)", "sphere:3", levels=range(1), digits=5)
    assert s.tail.positive is None
    with pytest.raises(NotPositiveDefinite):
        constant(s, Fraction(1, 2), digits=5)


@pytest.mark.parametrize(
    "e",
    [
        1 / (2 - t),
        exp(t**2 / 3 + t) + 1,
        -log(3 - t - t**3) + 2,
        (5 - exp(t)) ** -2,
        (1 + t) ** 7,
    ],
)
def test_structure_finds_positive_kernels(e):
    K = kernels.from_expression(e)
    from theory.notation import t as cosine

    assert positive_by_structure(K(cosine))
    s = spectrum(K, "sphere:5", levels=range(9), digits=15)
    assert all(x.eigenvalue.sign in {0, 1} for x in s.levels)


@pytest.mark.parametrize("e", [1 - t, exp(-t), 1 / (1 - 2 * t), exp(t) - 2, log(2 + t)])
def test_structure_claims_nothing_for_others(e):
    from theory.notation import t as cosine

    assert not positive_by_structure(kernels.from_expression(e)(cosine))


@pytest.mark.parametrize("at", [fmpq(1, 9), fmpq(1), fmpq(20)], ids=str)
def test_both_ends_of_a_tail_are_attained(at):
    """Levels that are all equal attain the lower ends; levels at 0 and m the upper."""
    mass, m, small = fmpq(3), fmpq(1, 2), fmpq(1, 10**12)
    with working_precision(200):
        x = arb(at)
        # half of the mass at m, half in modes of tiny λ
        rows = [(m, mass / 2 / m), (small, mass / 2 / small)]
        square = sum((g * y * y for y, g in rows), fmpq(0))
        split = Tail(Ball.exact(mass), Ball.exact(square), Ball.exact(m))
        learned = sum((g * y / (y + at) for y, g in rows), fmpq(0))
        slope = sum((g * y * at / (y + at) ** 2 for y, g in rows), fmpq(0))
        gap = split.learned(x, 200).upper() / learned - 1
        assert 0 <= gap < arb("1e-8")
        assert 0 <= split.slope(x, 200).upper() / slope - 1 < arb("1e-8")
        # all of the mass at m/3, below the bound m
        equal = Tail(Ball.exact(mass), Ball.exact(mass * m / 3), Ball.exact(m))
        y, g = m / 3, mass / (m / 3)
        gap = 1 - equal.learned(x, 200).lower() / (g * y / (y + at))
        assert 0 <= gap < arb("1e-8")
        gap = 1 - equal.slope(x, 200).lower() / (g * y * at / (y + at) ** 2)
        assert 0 <= gap < arb("1e-8")


class Listed:
    """Sums over a few levels."""

    rows = ((fmpq(1), 2), (fmpq(1, 4), 12), (fmpq(1, 10), 30))

    def moment(self, m):
        return arb(self.over(lambda y: y**m))

    def bound(self):
        return arb(1)

    def over(self, f):
        return sum((g * f(y) for y, g in self.rows), fmpq(0))


@pytest.mark.parametrize("c", [3, 7, 100])
@pytest.mark.parametrize("most", [2, 3, 4])
def test_a_series_cut_anywhere_holds_the_sum(monkeypatch, most, c):
    """Cut after one, two or three sums, the alternating series still encloses."""
    monkeypatch.setattr("numerics.spectra.tails.MAX_POWER", most)
    sums = Listed()
    first, second = (Ball.exact(sums.over(lambda y, m=m: y**m)) for m in (1, 2))
    tail = Tail(first, second, Ball.exact(1), "given", sums)
    with working_precision(120):
        for found, truth in (
            (tail.learned(arb(c), 120), sums.over(lambda y: y / (y + c))),
            (tail.slope(arb(c), 120), sums.over(lambda y: y * c / (y + c) ** 2)),
        ):
            assert found.contains(truth)
            # the first power left out, with the bound for one of its factors
            rest = most * sums.over(lambda y: y ** (most - 1)) / fmpq(c) ** most
            assert 0 < found.rad() < rest
