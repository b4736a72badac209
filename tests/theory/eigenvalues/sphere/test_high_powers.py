"""Eigenvalues of high powers of t, against moments in whole numbers."""

from dataclasses import replace
from fractions import Fraction
from math import comb

import pytest

from numerics import spectrum
from theory import Hypersphere, kernels
from theory.eigenvalues.sphere.monomial import RULE, even, levels_of
from theory.notation import k as symbol_k


def legendre_moment(p, k):
    """½ ∫ t^p P_k(t) dt, from the coefficients of P_k."""
    total = Fraction(0)
    for j in range(k // 2 + 1):
        c = Fraction((-1) ** j * comb(k, j) * comb(2 * k - 2 * j, k), 2**k)
        if (p + k) % 2 == 0:
            total += c / (p + k - 2 * j + 1)
    return total


def cosine_moment(p, k):
    """The mean of cos(θ)^p cos(kθ)."""
    return Fraction(comb(p, (p - k) // 2), 2**p) if (p - k) % 2 == 0 and k <= p else 0


@pytest.mark.parametrize("p", [0, 1, 2, 3, 8, 13, 50, 101])
@pytest.mark.parametrize(("d", "moment"), [(3, legendre_moment), (2, cosine_moment)])
def test_closed_forms_of_powers(p, d, moment):
    form = levels_of(p, Hypersphere(d).d)
    for k in {0, 1, 2, 3, p // 2, p // 2 + 1, p - 1, p, p + 1, p + 2} - {-1}:
        assert Fraction(str(form(k))) == moment(p, k), (p, k)


@pytest.mark.parametrize("p", [13, 50])
@pytest.mark.parametrize(("d", "moment"), [(3, legendre_moment), (2, cosine_moment)])
def test_enclosures_of_powers(p, d, moment):
    s = spectrum(kernels.parse(f"expr:t**{p}"), Hypersphere(d), range(p + 1), digits=20)
    for level in s.levels:
        assert level.eigenvalue.contains(moment(p, level.index))


def test_the_rule_is_proved_for_every_power():
    proof = RULE.proof()
    assert proof
    assert len(proof.steps) == 2
    [raised, moment] = proof.steps
    assert not replace(raised, rhs=2 * raised.rhs).holds()
    assert not replace(moment, lhs=-moment.lhs).holds()


def test_parity_of_a_symbol_is_an_expression():
    assert [even(symbol_k).subs(symbol_k, number) for number in range(4)] == [
        1,
        0,
        1,
        0,
    ]
