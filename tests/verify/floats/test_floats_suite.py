"""The suite that compares float64 kernels with 60 digits, in a small form."""

from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq
from mpmath import mp

from verify.floats import recursion
from verify.floats.draws import draw_numeric
from verify.floats.gaussian_means import InPieces, Smooth, Stretch
from verify.floats.numeric_activations import TYPED
from verify.floats.recursion import ReferenceNet
from verify.floats.suite import Count, compare, run
from verify.suites import Request
from verify.verdicts.verdict import Verdict


def test_no_entry_is_off_by_more_than_it_states():
    reports = run(Request(examples=9, seed=3))
    named = {r.name.removeprefix("floats/entries/") for r in reports}
    assert set(recursion.DUALS) <= named
    assert sum(r.name.startswith("floats/numeric/") for r in reports) == 2
    for report in reports:
        assert report.verdict is Verdict.CONFIRMED, str(report)
    assert sum(r.checks for r in reports) > 700


def test_a_wrong_formula_is_refuted(monkeypatch):
    dual, slope = recursion.DUALS["relu"]
    wrong = (lambda a, b, s: dual(a, b, s) * (1 + mp.mpf(10) ** -12), slope)
    monkeypatch.setitem(recursion.DUALS, "relu", wrong)
    reports = {r.name: r for r in run(Request(examples=1, seed=5))}
    found = reports["floats/entries/relu"]
    assert found.verdict is Verdict.REFUTED
    assert "is off by" in found.counterexample


@pytest.mark.parametrize("number", [14, 20, 22])
def test_numeric_activations_are_within_their_stated_errors(number):
    """Kinks and jumps against 22 digits by another integral."""
    case, count = draw_numeric(5, number), Count()
    compare(case, count)
    assert count.entries == 21
    assert count.failures == []
    assert 0 < count.largest < 1


def test_a_dual_that_is_off_by_one_part_in_a_billion_is_refuted(monkeypatch):
    typed = TYPED["hard_tanh"]
    wrong = lambda a, b, s: typed.dual(a, b, s) * (1 + mp.mpf(10) ** -9)
    monkeypatch.setitem(TYPED, "hard_tanh", replace(typed, dual=wrong))
    count = Count()
    compare(draw_numeric(5, 11), count)
    assert count.failures


@pytest.mark.parametrize(("covariance", "digits"), [("0.7", 60), ("-1.2", 22)])
def test_means_in_pieces_are_the_closed_form_of_relu(covariance, digits):
    relu = InPieces(
        (
            Stretch(None, fmpq(0), (fmpq(0), fmpq(0)), fmpq(0)),
            Stretch(fmpq(0), None, (fmpq(0), fmpq(1)), fmpq(0)),
        )
    )
    with mp.workdps(80):
        at = mp.mpf("1.3"), mp.mpf("1.4"), mp.mpf(covariance)
        for mine, known in zip(
            (relu, relu.slope), recursion.DUALS["relu"], strict=True
        ):
            assert abs(mine.mean(*at, digits) - known(*at)) < mp.mpf(10) ** -digits


def test_smooth_means_are_the_closed_form_of_erf():
    phi = Smooth(lambda x: x.erf(), 1.0)
    with mp.workdps(50):
        at = mp.mpf("0.3"), mp.mpf("0.4"), mp.mpf("0.2")
        dual, slope = recursion.DUALS["erf"]
        assert abs(phi.mean(*at, 30) - dual(*at)) < mp.mpf(10) ** -28
        assert abs(phi.slope_mean(*at, 30) - slope(*at)) < mp.mpf(10) ** -28


@pytest.mark.parametrize(
    ("activation", "phi", "slope"),
    [
        ("gelu", lambda z: z * mp.ncdf(z), lambda z: mp.ncdf(z) + z * mp.npdf(z)),
        ("erf", mp.erf, lambda z: 2 / mp.sqrt(mp.pi) * mp.exp(-z * z)),
        ("sin", mp.sin, mp.cos),
    ],
)
def test_the_duals_typed_again_are_gaussian_means(activation, phi, slope):
    """By Gauss–Hermite quadrature in two directions."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    a, b, s = 0.7, 1.3, 0.4
    left = np.sqrt(a) * nodes
    right = s / a * left[:, None] + np.sqrt(b - s * s / a) * nodes[None, :]
    for function, dual in zip((phi, slope), recursion.DUALS[activation], strict=True):
        many = np.vectorize(lambda z, f=function: float(f(z)))
        mean = (weights * many(left)) @ many(right) @ weights
        assert mean == pytest.approx(float(dual(*map(mp.mpf, (a, b, s)))), rel=1e-10)


def test_the_recursion_is_right_where_a_sum_of_eigenvalues_is_known():
    """λ_0 + λ_1 on {−1, 1}, proved by the engine, is K(1) by the recursion."""
    from numerics import spectrum

    levels = spectrum("ntk:gelu:depth=13,weight_variance=16", "hypercube:1").levels
    net = ReferenceNet("gelu", 13, "16", "0", tangent=True)
    (x,) = net.points([[1.0]], own=False)
    proved = sum(float(x.eigenvalue) for x in levels)
    assert float(net.kernel(x, x)) == pytest.approx(proved, rel=1e-14)
