"""High levels from the ends of the angles: they meet quadrature, closed forms and sums."""

import pytest
from flint import arb, ctx, fmpq

from numerics import constant, spectrum
from numerics.interpreters.program import build
from numerics.interpreters.series.endpoint_series import GERMS, coefficients, germ
from numerics.numbers.precision import working_precision
from numerics.spectra.domains.harmonics import multiplicity
from numerics.spectra.domains.polynomial_kernels import sphere_eigenvalues
from numerics.spectra.high_levels.expansion import (
    analytic_height,
    ends,
    levels_by_expansion,
    rule_terms,
)
from numerics.spectra.high_levels.tail_sums import multiplicity_model, sums_above
from numerics.spectra.kernel_evaluation import bound_chain, evaluator
from theory import Hypersphere, NoConvergence, NotEvaluable, UnitCircle, kernels
from theory.notation import u

KERNELS = [
    ("ntk:relu:depth=3,bias_variance=0.1", 3),
    ("nngp:relu:depth=2", 4),
    ("laplace:width=1", 2),
    ("arc_cosine:order=2", 7),
    ("expr:exp(-sqrt(1 - t)) + exp(t)", 5),
]


def sphere(d):
    return UnitCircle() if d == 2 else Hypersphere(d)


@pytest.mark.parametrize(("name", "d"), KERNELS)
def test_high_levels_meet_quadrature(name, d):
    K, levels = kernels.parse(name), [251, 252, 300]
    listed = spectrum(K, sphere(d), levels=range(301), digits=30)
    found = levels_by_expansion(K, sphere(d), levels, 20)
    for k, x in zip(levels, found, strict=True):
        truth = listed.level(k).eigenvalue.value
        assert x.overlaps(truth)
        if not x.contains(0):
            assert x.rad() < abs(truth) * arb(10) ** -19


def test_high_levels_in_high_dimension_meet_quadrature():
    K, D = kernels.parse("ntk:relu:depth=2,bias_variance=0.1"), Hypersphere(40)
    listed = spectrum(K, D, levels=range(601), digits=20)
    for k in (500, 600):
        x, truth = (
            levels_by_expansion(K, D, [k], 8)[0],
            listed.level(k).eigenvalue.value,
        )
        assert x.overlaps(truth)
        assert x.rad() < abs(truth) * arb(10) ** -8
    # as low as the bound holds at all, wide but true
    found = ends(K, D, 20, 200)
    for k in (150, 300):
        with working_precision(200):
            assert found.level(k).overlaps(listed.level(k).eigenvalue.value)


def test_zero_coefficients_do_not_hide_small_levels():
    # the first odd coefficients of smooth kernels are 0, so few bits see no level at all
    s = spectrum("arc_cosine:order=2", "sphere:4", levels=[21049], digits=5)
    assert s.levels[0].eigenvalue.sign == 1


@pytest.mark.parametrize(("name", "d"), KERNELS)
def test_sums_of_high_levels_meet_what_listed_ones_leave(name, d):
    K, domain = kernels.parse(name), sphere(d)
    for after in (239, 240):
        s = spectrum(K, domain, levels=range(after + 1), digits=30)
        sums = sums_above(K, domain, after, 100)
        assert sums.moment(1).overlaps(s.tail_mass.value)
        assert sums.moment(2).overlaps(s.tail_square.value)
        with working_precision(200):
            listed = sum(
                (
                    x.multiplicity * x.eigenvalue.value**3
                    for x in spectrum(K, domain, range(481), 30).levels[after + 1 :]
                ),
                arb(0),
            )
            rest = sums_above(K, domain, 480, 100).moment(3)
            assert sums.moment(3).overlaps(listed + rest)
            assert sums.moment(3).rel_accuracy_bits() > 30
            assert sums.bound() >= abs(s.extend(after + 1).levels[-1].eigenvalue.value)


@pytest.mark.parametrize("d", [2, 3, 6, 11])
def test_rule_terms_are_eigenvalues_of_whole_powers_too(d):
    # the recurrence in ν, entered at ν = 1/2, is the ratio of exact eigenvalues at whole ν
    with working_precision(200):
        for k in (0, 1, 4):
            found = rule_terms(d, k, 3)
            for j, value in enumerate(found):
                nu = fmpq(2 * j + 1, 2)
                ratio = (nu + 1) * (nu + fmpq(d - 1, 2))
                ratio = ratio / ((nu + 1 - k) * (nu + d - 1 + k))
                if j < 2:
                    assert (value * ratio).overlaps(found[j + 1])
        # E_k(1) by the exact eigenvalues of (1 − t)/2
        exact = sphere_eigenvalues([fmpq(1, 2), fmpq(-1, 2)], d)
        for k in (0, 1):
            rising = fmpq(1) if k == 0 else fmpq(-1)
            value = (
                rising * arb.gamma_fmpq(fmpq(d - 1)) * arb.gamma_fmpq(fmpq(d + 1, 2))
            )
            value = value / arb.gamma_fmpq(fmpq(d - 1, 2))
            value = value / arb.gamma_fmpq(fmpq(d + k))
            assert value.contains(exact[k])


@pytest.mark.parametrize("name", [name for name, _ in KERNELS])
@pytest.mark.parametrize("far_end", [False, True])
def test_germs_are_the_kernel_near_the_ends(name, far_end):
    K, length = kernels.parse(name), 24
    with working_precision(200):
        ctx.cap, before = length + 12, ctx.cap
        try:
            program = build(bound_chain(K, Hypersphere(3)), GERMS)
            at = germ([1, 0, -1] if far_end else [0, 0, 1], length + 12)
            row = coefficients(program({u: at}), length)
        finally:
            ctx.cap = before
        s = fmpq(1, 1000)
        value = evaluator(K, Hypersphere(3))(1 - s * s if far_end else s * s)
        total = arb(0)
        for c in reversed(row):
            total = total * s + c
        assert abs(total - value) < arb(10) ** -50


def test_multiplicities_are_polynomials_in_the_shifted_level():
    for d in (2, 3, 4, 5, 8, 9, 30):
        with working_precision(200):
            x = arb(40) + fmpq(d, 2) - 1
            sums = sums_above(kernels.laplace(width=1), sphere(d), 500, 60)
            model = multiplicity_model(d, sums.model)
            y, total = 1 / (x * x), arb(0)
            for c in reversed(model.even):
                total = total * y + c
            if d < 2 * len(model.even):
                assert (total * x ** (d - 2)).contains(multiplicity(d, 40))


def test_one_level_at_a_million_stands_alone():
    s = spectrum("ntk:relu:depth=4,bias_variance=0.01", "sphere:3", levels=[2, 10**6])
    assert [x.index for x in s.levels] == [2, 10**6]
    assert s.levels[-1].multiplicity == 2 * 10**6 + 1
    assert s.digits >= 30
    # 10^12 in place of the level: an inverse cube, to the next order in 1/x²
    far = spectrum("ntk:relu:depth=4,bias_variance=0.01", "sphere:3", levels=10**9)
    ratio = s.levels[-1].eigenvalue.midpoint / far.levels[0].eigenvalue.midpoint
    assert float(ratio) == pytest.approx(10**9, rel=1e-5)
    assert far.tail_mass < s.tail_mass


def test_laplace_on_the_circle_far_up_is_its_asymptotic_series():
    # e^(−√(2(1−t)) d/…): with d = 2, K = exp(−2√2 s), so c_1 = −2√2 and λ_k ≈ c_1 E_k(1/2)
    k = 10**6
    level = spectrum("laplace:width=1", "circle", levels=k).levels[0].eigenvalue
    first = float(-(2 * 2**0.5) * float(rule_terms(2, k, 1)[0]))
    assert float(level) == pytest.approx(first, rel=1e-9)


def test_levels_of_analytic_kernels_far_up_are_refused_by_size():
    with pytest.raises(NoConvergence, match="smaller than any power of k"):
        spectrum("ntk:erf:depth=1,bias_variance=0.1", "sphere:3", levels=[10**6])
    with pytest.raises((NoConvergence, NotEvaluable), match="Abs"):
        spectrum("expr:2 + abs(t)", "circle", levels=[10**6])


def test_polynomials_vanish_far_up():
    s = spectrum("polynomial:degree=3", "sphere:4", levels=[1, 3, 10**8])
    assert [x.eigenvalue.sign for x in s.levels] == [1, 1, 0]
    assert s.is_complete


def test_a_level_too_low_is_refused():
    K = kernels.parse("laplace:width=1")
    found = ends(K, Hypersphere(30), 5, 100)
    with pytest.raises(NoConvergence, match="too low"):
        found.remainder(4)
    assert analytic_height(K, Hypersphere(30)) > 0.5


@pytest.mark.parametrize(
    ("kernel", "domain", "digits"),
    [("ntk:relu:depth=1", "sphere:3", 30), ("laplace:width=1", "circle", 40)],
)
def test_constants_on_slow_spectra_have_their_digits(kernel, domain, digits):
    s = spectrum(kernel, domain, digits=digits)
    c = constant(s, 10, digits=digits)
    assert c.digits >= digits
    # without the sums over high levels, an enclosure that is wide but proved too
    wide = constant(spectrum(kernel, domain, digits=12), 10, digits=8)
    assert wide.overlaps(c)


def test_long_lists_go_on_with_high_levels():
    s = spectrum("laplace:width=1", "sphere:3", levels=range(1101), digits=20)
    methods = {x.eigenvalue.method for x in s.levels}
    assert len(methods) == 2
    assert s.digits >= 20
    assert (s.levels[1000].eigenvalue > s.levels[1001].eigenvalue) is True
