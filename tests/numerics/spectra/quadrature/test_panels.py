"""Panels of angles: kinks are split where they are, near singularities are kept apart."""

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from sympy import Abs, Integer, Max, Min, Rational, sign

from numerics import spectrum
from numerics.numbers.precision import working_precision
from numerics.spectra.domains import harmonics
from numerics.spectra.quadrature.angle_quadrature import moments
from numerics.spectra.quadrature.panels import angle_of, panels
from numerics.spectra.quadrature.piecewise_kernels import pieces
from theory import Hypersphere, NoConvergence, NotEvaluable, kernels
from theory.notation import t

cosines = st.fractions(Fraction(-1), Fraction(1), max_denominator=20)


def funk_hecke(K, d, k, breaks):
    """λ_k by tanh-sinh quadrature in t between given cosines."""
    a = mpf(d) / 2 - 1
    lead = mp.gamma(mpf(d) / 2) / mp.sqrt(mp.pi) / mp.gamma(mpf(d - 1) / 2)

    def zonal(x):
        if d == 2:
            return mp.cos(k * mp.acos(x))
        return mp.gegenbauer(k, a, x) / mp.gegenbauer(k, a, 1)

    weight = lambda th: K(mp.cos(th)) * zonal(mp.cos(th)) * mp.sin(th) ** (d - 2)
    edges = [0, *sorted(mp.acos(x) for x in breaks), mp.pi]
    return lead * mp.quad(weight, edges)


@pytest.mark.parametrize("d", [2, 5])
@pytest.mark.parametrize(
    ("text", "K", "breaks"),
    [
        ("2 + t - abs(t - 1/3)/9", lambda x: 2 + x - abs(x - mpf(1) / 3) / 9, ["1/3"]),
        (
            "max(t, t**2 - 1/2, 0)*exp(t)",
            lambda x: max(x, x * x - mpf(1) / 2, 0) * mp.exp(x),
            [-mp.sqrt(mpf(1) / 2), 0],
        ),
        (
            "3 + abs(abs(t) - 1/2)*sign(t) + min(t, t**3)",
            lambda x: 3 + abs(abs(x) - mpf(1) / 2) * mp.sign(x) + min(x, x**3),
            ["-1/2", 0, "1/2"],
        ),
    ],
)
def test_kernels_with_kinks_meet_integrals_between_them(text, K, breaks, d):
    K_panels = panels(kernels.parse(f"expr:{text}"), Hypersphere(d))
    assert len(K_panels) > 1
    found = moments(K_panels, d, 3, 120)
    with working_precision(160):
        values = harmonics.eigenvalues(found.cosine, d, range(4))
    for k in (0, 3):
        with mp.workdps(30):
            fractions = [Fraction(x) if isinstance(x, str) else x for x in breaks]
            edges = [mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else x
                     for x in fractions]  # fmt: skip
            truth = funk_hecke(K, d, k, edges)
            middle, radius = (
                mpf(str(values[k].mid().str(40, radius=False))),
                values[k].rad(),
            )
        assert abs(truth - middle) < mpf(10) ** -25
        assert radius < arb(10) ** -33


@settings(max_examples=15, deadline=None)
@given(cosines, cosines, cosines)
def test_pieces_are_the_expression(a, b, x):
    a, b, x = (Rational(v.numerator, v.denominator) for v in (a, b, x))
    e = Max(Abs(t - a), t**2 - b) + sign(t - b) * Min(t, a, t**3 - b)
    for piece in pieces(e):
        with working_precision(100):
            low = -1 if piece.below is None else piece.below.cosine()
            high = 1 if piece.above is None else piece.above.cosine()
            at = arb(fmpq(int(x.p), int(x.q)))
            inside = at > low and at < high
        if inside:
            assert piece.expression.subs(t, x) == e.subs(t, x)


def test_pieces_cover_the_interval():
    found = pieces(Abs(Abs(3 * t) - 1) + Max(t, Integer(0)))
    assert found[0].below is None
    assert found[-1].above is None
    assert all(p.above == q.below for p, q in pairwise(found))
    assert len(found) == 4


def test_kinks_at_unknown_places_are_refused_by_name():
    with pytest.raises(NotEvaluable, match="Max in a kernel: where"):
        pieces(Max(t.func("x") + t, 0))
    with pytest.raises(NoConvergence, match=r"Abs in a kernel: where exp\(t\) - 2"):
        spectrum("expr:2 + abs(exp(t) - 2)", "sphere:3")


@pytest.mark.parametrize("bias", ["1e-3", "1e-9"])
def test_panels_shrink_towards_branch_points_beside_the_interval(bias):
    # c_1 = −1 + O(bias) at t = −1: branch points at a distance of √bias from θ = π
    K = kernels.parse(f"ntk:relu:depth=2,bias_variance={bias}")
    found = panels(K, Hypersphere(3))
    with working_precision(100):
        angles = [angle_of(p.high) - angle_of(p.low) for p in found]
        assert (sum(angles, arb(0)) - arb.pi()).contains(0)
    assert len(found) < 40
    assert spectrum(K, Hypersphere(3), levels=range(4), digits=25).digits >= 25


def test_a_small_bias_moves_eigenvalues_as_little_as_it_should():
    # λ_k is monotone in the bias: between b = 0 and twice b, all by other panels
    levels = {}
    for bias in ("0", "1e-9", "2e-9"):
        K = f"nngp:relu:depth=2,bias_variance={bias}"
        levels[bias] = spectrum(K, "sphere:4", levels=range(3), digits=20).levels
    for none, one, two in zip(*levels.values(), strict=True):
        first = one.eigenvalue.midpoint - none.eigenvalue.midpoint
        second = two.eigenvalue.midpoint - one.eigenvalue.midpoint
        assert abs(first) < Fraction(1, 10**7)
        assert second == pytest.approx(first, rel=1e-3)
