"""Sampling: laws by enumeration, both arithmetics, regression, and what is refused."""

from collections import Counter
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest

from numerics import FloatSpectrum, Spectrum, predict, spectrum
from numerics.statistics.questions.class_law import antipodal, repeated
from theory import OutOfDomain, Unsupported, formulas, notation
from theory.statistics import classes
from verify.regression.regression_problem import problem
from verify.regression.simulation import simulate

EVEN = "expr:t^2 + 3/10*t^6 + 1/50"
QUARTIC = "expr:t^4 + t^2/10 + 1/100"


@pytest.mark.parametrize(("points", "n"), [(2, 1), (4, 3), (6, 4), (8, 5), (8, 8)])
def test_the_law_of_antipodal_classes_is_that_of_all_sets(points, n):
    places = [(k, sign) for k in range(points // 2) for sign in (1, -1)]
    counted = Counter(len({k for k, _ in x}) for x in combinations(places, n))
    total = sum(counted.values())
    found = {x.count: x.chance for x in antipodal(points, n)}
    assert found == {c: Fraction(k, total) for c, k in counted.items()}
    formula = formulas["antipodal_pairs_law"].rhs
    for x in antipodal(points, n):
        at = {notation.points: points, notation.n: n, classes.pairs: n - x.count}
        assert formula.subs(at) == x.chance


@pytest.mark.parametrize(("places", "n"), [(1, 3), (2, 3), (4, 3), (3, 5)])
def test_the_law_of_distinct_points_is_that_of_all_sequences(places, n):
    chance, share = Counter(), Counter()
    for drawn in product(range(places), repeat=n):
        times = Counter(drawn)
        mean = sum(Fraction(1, k) for k in times.values()) / len(times)
        chance[len(times)] += Fraction(1, places**n)
        share[len(times)] += mean * Fraction(1, places**n)
    exact = {
        x.count: (x.chance, x.noise_share) for x in repeated(places, n, exact=True)
    }
    assert exact == {c: (chance[c], share[c] / chance[c]) for c in chance}
    for x in repeated(places, n):
        assert x.chance == pytest.approx(float(chance[x.count]), rel=1e-13)
        assert x.noise_share == pytest.approx(float(exact[x.count][1]), rel=1e-13)


@pytest.mark.parametrize(
    ("kernel", "cube", "target", "n", "noise", "said"),
    [
        ("ntk:relu:depth=4,bias_variance=1/100", 8, {1: 1}, 128, 1, None),
        (QUARTIC, 8, {2: "1/2", 4: "1/2"}, 96, 0, 0.190069623),
        (EVEN, 7, {1: "1/2", 2: "1/2"}, 50, 0, 0.850716),
    ],
)
def test_numbers_that_were_found_before(kernel, cube, target, n, noise, said):
    p = predict(
        spectrum(kernel, f"hypercube:{cube}"),
        target,
        n,
        noise=noise,
        sampling="distinct",
    )
    if said is None:
        assert float(p.E0) == pytest.approx(1.6196, abs=5e-5)  # and not 2.239
        assert p.equation == "finite_population_equation"
    else:
        assert float(p.test_mse) == pytest.approx(said, rel=2e-6)


@pytest.mark.parametrize("ridge", ["0", "1/10"])
def test_both_arithmetics_agree_on_distinct_points(ridge):
    s = spectrum("ntk:relu:depth=2,bias_variance=1/10", "hypercube:4")
    ask = {"n": [0, 1, 7, 15, 16], "ridge": ridge, "noise": "1/5"}
    p = predict(s, {1: 1, 3: 2}, sampling="distinct", **ask)
    q = predict(s, {1: 1, 3: 2}, sampling="distinct", digits=15, **ask)
    for name, values in p.statistics.items():
        proved = q.statistics[name].astype(float)
        assert np.allclose(values, proved, rtol=p.relative_error, atol=1e-15), name
    assert np.allclose(p.C, q.C.astype(float), rtol=p.relative_error)


@pytest.mark.parametrize("sampling", ["distinct", "replacement"])
def test_both_arithmetics_agree_on_classes(sampling):
    s = spectrum("expr:t^2 + t^4/3 + 1/9", "hypercube:5")
    ask = {"n": [0, 1, 2, 9], "noise": "1/5", "sampling": sampling}
    p = predict(s, {1: 1, 2: 2}, **ask)
    q = predict(s, {1: 1, 2: 2}, digits=15, **ask)
    for name, values in p.statistics.items():
        proved = q.statistics[name].astype(float)
        assert np.allclose(values, proved, rtol=1e-12, atol=1e-15), name


def test_limits_on_finite_domains_are_approached():
    s = spectrum("expr:(1+t)^2", "hypercube:4")  # 11 of 16 modes
    target, noise = {1: 1, 4: "1/3"}, "1/5"
    ask = {"noise": noise, "sampling": "distinct"}
    for n in (12, 14, 16):
        limit = predict(s, target, n, **ask)
        near = predict(s, target, n, "1e-25", digits=12, **ask)
        for name, values in limit.statistics.items():
            proved = near.statistics[name].astype(float)
            assert np.allclose(values, proved, rtol=1e-12), (name, n)
    assert float(predict(s, target, 11, **ask).E0) == np.inf
    whole = spectrum("exponential", "hypercube:4")
    p, near = (
        predict(whole, target, 16, **ask),
        predict(whole, target, 16, "1e-25", digits=12, **ask),
    )
    for name, values in p.statistics.items():
        assert np.allclose(values, near.statistics[name].astype(float), rtol=1e-12), (
            name
        )


@pytest.mark.parametrize(
    ("kernel", "cube", "target", "n", "sampling", "drawn"),
    [
        ("exponential", 6, {1: 1}, 40, "distinct", "without_replacement"),
        ("exponential", 6, {1: 1}, 40, "replacement", "with_replacement"),
        (EVEN, 7, {1: "1/2", 2: "1/2"}, 50, "distinct", "without_replacement"),
        (EVEN, 7, {1: "1/2", 2: "1/2"}, 50, "replacement", "with_replacement"),
        (
            "expr:(1+t)^2",
            6,
            {2: "1/2", 4: "1/2"},
            40,
            "distinct",
            "without_replacement",
        ),
    ],
)
def test_regression_confirms_each_sampling_and_refutes_the_published_one(
    kernel, cube, target, n, sampling, drawn
):
    place, noise = f"hypercube:{cube}", "1/2"
    found = simulate(problem(kernel, place, target, n, 0, noise, drawn), 400)
    s, mean = spectrum(kernel, place), found.mean("test_mse")
    said = float(predict(s, target, n, noise=noise, sampling=sampling).test_mse)
    other = float(predict(s, target, n, noise=noise).test_mse)
    assert abs(said - mean.value) < 4 * mean.error + 0.03 * mean.value
    assert abs(other - mean.value) > 4 * mean.error + 0.03 * mean.value
    train = predict(s, target, n, noise=noise, sampling=sampling).train_mse
    assert float(train) == pytest.approx(
        found.mean("train_mse").value, rel=0.1, abs=1e-9
    )


def test_remarks_say_what_another_sampling_moves_and_which_regime_holds():
    s = spectrum("exponential", "hypercube:4")
    assert any(
        "'distinct' would move" in x for x in predict(s, {1: 1}, 8, noise=1).remarks
    )
    quiet = predict(spectrum("exponential", "sphere:4"), {1: 1}, 8)
    assert quiet.remarks == ()
    over = predict(Spectrum.from_levels([(1, 3)]), {0: 1}, [2, 3, 5]).remarks
    assert "exceeds the 3 modes" in over[0]
    assert "n = 3 is the number of modes" in over[0]
    odd = spectrum("expr:t + t^2/100 + t^3/10", "hypercube:4")
    told = predict(odd, {1: 1}, 5, noise=1, sampling="distinct").remarks
    assert any("parity ratio" in x for x in told)


@pytest.mark.parametrize(
    ("s", "n", "ridge", "error", "match"),
    [
        (
            ("exponential", "sphere:4"),
            3,
            0,
            Unsupported,
            "a number of points is needed",
        ),
        (("exponential", "hypercube:3"), 9, 0, OutOfDomain, "has 8 points"),
        (("exponential", "hypercube:3"), "5/2", 0, OutOfDomain, "whole number"),
        (("expr:t^2+1", "hypercube:3"), 3, 1, Unsupported, "does not tell x from −x"),
        (("expr:t^2", "hypercube:4"), 16, 0, Unsupported, "more than the 7 modes"),
    ],
)
def test_what_no_formula_covers_is_refused(s, n, ridge, error, match):
    with pytest.raises(error, match=match):
        predict(spectrum(*s), {1: 1}, n, ridge, sampling="distinct")


def test_a_spectrum_without_a_domain_has_no_distinct_points():
    for s in (Spectrum.from_levels([(1, 3)]), FloatSpectrum.from_arrays([1.0], [3.0])):
        with pytest.raises(Unsupported, match="without a domain"):
            predict(s, {0: 1}, 2, sampling="distinct")
    with pytest.raises(OutOfDomain, match="sampling = 'twice' must be one of"):
        predict(Spectrum.from_levels([(1, 3)]), {0: 1}, 2, sampling="twice")
