"""The suite that compares float64 kernels with 60 digits, in a small form."""

import numpy as np
import pytest
from mpmath import mp

from verify.floats import recursion
from verify.floats.recursion import ReferenceNet
from verify.floats.suite import run
from verify.suites import Request
from verify.verdicts.verdict import Verdict


def test_no_entry_is_off_by_more_than_it_states():
    reports = run(Request(examples=18, seed=3))
    assert {r.name.split("/")[-1] for r in reports} == set(recursion.DUALS)
    for report in reports:
        assert report.verdict is Verdict.CONFIRMED, str(report)
    assert sum(r.checks for r in reports) > 1500


def test_a_wrong_formula_is_refuted(monkeypatch):
    dual, slope = recursion.DUALS["relu"]
    wrong = (lambda a, b, s: dual(a, b, s) * (1 + mp.mpf(10) ** -12), slope)
    monkeypatch.setitem(recursion.DUALS, "relu", wrong)
    reports = {r.name: r for r in run(Request(examples=1, seed=5))}
    found = reports["floats/entries/relu"]
    assert found.verdict is Verdict.REFUTED
    assert "is off by" in found.counterexample


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
