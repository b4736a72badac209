"""What a spectrum says, what it refuses, and that it never changes."""

from dataclasses import FrozenInstanceError
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from sympy import Symbol

from numerics import Spectrum, constant, spectrum
from numerics.spectra import refinement
from theory import (
    Hypercube,
    NoConvergence,
    NotEvaluable,
    NotPositiveDefinite,
    OutOfDomain,
    Unsupported,
    kernels,
)
from theory.notation import d


def test_arguments_come_in_either_order_and_as_text():
    a = spectrum("polynomial:degree=2", "hypercube:4")
    b = spectrum(Hypercube(4), kernels.polynomial(2))
    assert a == b
    assert [str(x.eigenvalue) for x in a.levels] == ["0.25", "0", "0.125", "0", "0"]


def test_a_spectrum_is_immutable_and_cached():
    s = spectrum("laplace:width=1", "hypercube:6")
    with pytest.raises(FrozenInstanceError):
        s.asked = 3  # type: ignore[misc]
    assert spectrum("laplace:width=1", "hypercube:6") is s
    assert spectrum("laplace:width=1", "hypercube:6", digits=31) is not s


@pytest.mark.parametrize("digits", [0, -3, "1/2", float("nan"), float("inf"), True])
def test_digits_must_be_a_positive_whole_number(digits):
    with pytest.raises(OutOfDomain, match="digits"):
        spectrum("laplace:width=1", "hypercube:3", digits=digits)


@pytest.mark.parametrize(
    ("levels", "domain"),
    [([9], "hypercube:3"), ([-1], "sphere:3"), ([], "sphere:3"), ([6], "circle:10")],
)
def test_levels_that_do_not_exist_are_refused(levels, domain):
    with pytest.raises(OutOfDomain, match="level"):
        spectrum("laplace:width=1", domain, levels=levels)


def test_symbols_are_refused_by_name():
    with pytest.raises(OutOfDomain, match="symbol"):
        spectrum("laplace:width=1", Hypercube(d))
    with pytest.raises(OutOfDomain, match="symbols w"):
        spectrum(kernels.gaussian(Symbol("w", positive=True)), Hypercube(3))


def test_two_kernels_or_two_domains_are_refused():
    with pytest.raises(OutOfDomain, match="a kernel and a domain"):
        spectrum("hypercube:3", "hypercube:4")
    with pytest.raises(OutOfDomain, match="a kernel and a domain"):
        spectrum(3, Hypercube(3))


def test_a_spectrum_too_large_for_memory_is_announced():
    with pytest.raises(Unsupported, match="GiB"):
        spectrum("laplace:width=1", "hypercube:1000000")


@pytest.mark.parametrize("domain", ["hypercube:4", "circle:7", "sphere:4", "circle"])
def test_negative_kernels_name_level_and_value(domain):
    with pytest.raises(NotPositiveDefinite, match=r"level 0 has eigenvalue -0.5 < 0"):
        spectrum("expr:t - 1/2", domain)
    with pytest.raises(NotPositiveDefinite, match=r"level 1 has eigenvalue -"):
        spectrum("exponential:beta=-1", domain)


def test_a_negative_level_above_those_listed_is_found():
    with pytest.raises(NotPositiveDefinite, match="level 3 has eigenvalue"):
        spectrum("expr:1 + t - t**3", "sphere:5", levels=range(2))


@pytest.mark.parametrize("kernel", ["expr:1/t", "expr:log(1 - t)", "expr:sqrt(t)"])
def test_kernels_without_values_on_the_sphere_are_refused(kernel):
    with pytest.raises((OutOfDomain, NoConvergence, NotEvaluable)):
        spectrum(kernel, "sphere:3", levels=range(3))


def test_a_subset_of_levels_knows_what_it_leaves_out():
    s = spectrum("laplace:width=1", "hypercube:6", levels=[1, 3])
    assert [x.index for x in s.levels] == [1, 3]
    assert not s.is_contiguous
    assert refinement.completed(s) == spectrum("laplace:width=1", "hypercube:6")
    assert s.level(3).multiplicity == 20
    with pytest.raises(OutOfDomain, match="level = 2"):
        s.level(2)


def test_refining_and_extending_keep_what_was_known():
    s = spectrum("laplace:width=1", "sphere:3", levels=range(4), digits=20)
    finer, longer = s.refine(50), s.extend()
    assert finer.digits >= 50
    assert len(longer.levels) > len(s.levels)
    for a, b, c in zip(s.levels, finer.levels, longer.levels, strict=False):
        assert a.eigenvalue.overlaps(b.eigenvalue)
        assert a.eigenvalue.overlaps(c.eigenvalue)
    assert s.extend(1).levels[-1].index == 1


def test_given_levels():
    s = Spectrum.from_levels([("1e-3000", 1), ("1e3000", 2**100), (0, 7)])
    assert s.modes == 1 + 2**100
    assert s.is_complete
    assert s.refine(99) is s
    assert s.levels[1].eigenvalue == Fraction(10) ** 3000


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([], OutOfDomain),
        ([(1, 0)], OutOfDomain),
        ([(1, "1/2")], OutOfDomain),
        ([(float("nan"), 1)], OutOfDomain),
        ([(float("inf"), 1)], OutOfDomain),
        ([(-1, 1)], NotPositiveDefinite),
    ],
)
def test_bad_levels_are_refused(rows, error):
    with pytest.raises(error):
        Spectrum.from_levels(rows)


def test_printing_is_short():
    s = spectrum("ntk:relu:depth=2", "hypercube:30")
    assert len(str(s).splitlines()) == 14
    assert "<table>" in s._repr_html_()


@pytest.mark.parametrize("domain", ["hypercube:5", "sphere:4", "circle", "circle:6"])
@pytest.mark.parametrize(
    ("kernel", "side"),
    [("ntk:erf:depth=6", 0), ("nngp:sin:depth=3", 0), ("ntk:cos:depth=2", 1)],
)
def test_levels_of_deep_odd_and_even_nets_are_exactly_zero(kernel, side, domain):
    last = 3 if domain == "circle:6" else 5
    s = spectrum(kernel, domain, levels=range(last + 1), digits=12)
    assert [x.index for x in s.levels if x.eigenvalue.sign == 0] == list(
        range(side, last + 1, 2)
    )
    assert not s.undecided
    # beside it, the same kernel without a parity keeps those levels as small balls
    nearly = spectrum(
        kernel + ",bias_variance=1e-9", domain, levels=range(last + 1), digits=3
    )
    assert nearly.levels[side].eigenvalue < 1e-6


@pytest.mark.parametrize("levels", [[(1,)], [1, 2], "ab", ["ab"], [(1, 2, 3)], [None]])
def test_what_is_not_a_list_of_pairs_is_refused_by_name(levels):
    with pytest.raises(OutOfDomain, match=r"level 0 = .* is not a pair"):
        Spectrum.from_levels(levels)


@pytest.mark.parametrize("levels", [float("nan"), "0:3", 1.5])
def test_levels_that_are_no_list_are_refused_by_name(levels):
    with pytest.raises(OutOfDomain, match="levels = "):
        spectrum("exponential:beta=1", "sphere:3", levels=levels)


@pytest.mark.parametrize("domain", ["circle:100000000", "hypercube:2000000"])
def test_spectra_too_large_for_memory_are_announced_before(domain):
    with pytest.raises(Unsupported, match=r"need about \d+ GiB"):
        spectrum("exponential:beta=1", domain)


def test_too_many_levels_are_refused_before_any_work():
    with pytest.raises(Unsupported, match="at most 100000 are listed"):
        spectrum("exponential:beta=1", "sphere:3", levels=range(200_000))


def test_a_constant_of_no_spectrum_is_refused():
    with pytest.raises(OutOfDomain, match="no spectrum"):
        constant("sphere:3", 2)


def test_an_array_of_eigenvalues_is_taken_exactly_and_without_a_warning():
    values = 1 / np.arange(1, 2001) ** 1.5
    s = Spectrum.from_eigenvalues(values)
    assert [x.multiplicity for x in s.levels] == [1] * 2000
    assert all(float(x.eigenvalue) == v for x, v in zip(s.levels, values, strict=True))
    assert s.levels[2].eigenvalue.rational == fmpq(*values[2].as_integer_ratio())
    with pytest.raises(OutOfDomain, match="eigenvalue 1 = nan"):
        Spectrum.from_eigenvalues([1.0, np.nan])
    with pytest.raises(OutOfDomain, match=r"not of shape \(2, 2\)"):
        Spectrum.from_eigenvalues(np.eye(2))
    with pytest.raises(NotPositiveDefinite, match="level 1"):
        Spectrum.from_eigenvalues([1.0, -1.0])


@pytest.mark.parametrize("domain", ["hypercube:4", "sphere:4", "circle:6"])
def test_a_net_of_exponentials_that_grows_beyond_reason_is_refused_at_once(domain):
    with pytest.raises(Unsupported, match=r"reaches about 10\^122"):
        spectrum("ntk:exp:depth=3", domain, range(3))


def test_a_list_of_kernels_gives_what_each_of_them_gives():
    names = [f"ntk:relu:depth=2,bias_variance=1/{b}" for b in (3, 30, 300)]
    seen = []
    found = spectrum(names, "hypercube:5", progress=lambda *x: seen.append(x[:2]))
    assert found == [spectrum(name, "hypercube:5") for name in names]
    assert seen == [(0, 3), (1, 3), (2, 3)]
    with pytest.raises(OutOfDomain):
        spectrum([*names, "hypercube:5"], "hypercube:5", progress=seen.clear)


def test_numbers_of_any_length_are_shown_and_quoted():
    """Python writes 4300 digits; objects and messages shorten what is longer."""
    many = 10**6000
    s = Spectrum.from_levels([(1, many), ("1e-6000", many)])
    shown = [repr(s.levels[0]), str(s), s._repr_html_(), repr(Hypercube(many))]
    assert all("(6001 characters)" in text for text in shown)
    assert str(Hypercube(many)).endswith("000")
    with pytest.raises(OutOfDomain, match=r"6001 characters\) is outside 0\.\.1"):
        s.level(many)
    for digits in (10**6, many):
        with pytest.raises(OutOfDomain, match=r"in 1\.\.100000"):
            spectrum(kernels.gaussian(1), Hypercube(3), digits=digits)
