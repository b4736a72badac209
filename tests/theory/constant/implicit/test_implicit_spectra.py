"""Power-law and geometric spectra against roots of the sum itself."""

from itertools import pairwise

import mpmath
import pytest
from sympy import Rational, pi, simplify, sin, zeta

from theory.constant.implicit.spectra import exponential, geometric, power_law
from theory.errors import OutOfDomain
from theory.notation import C, n


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workdps(30):
        yield


def learned(eigenvalue, first, constant):
    """Σ λ/(λ + C), by Euler–Maclaurin."""
    return mpmath.nsum(
        lambda i: 1 / (1 + constant / eigenvalue(i)), [first, mpmath.inf]
    )


def number(e):
    return mpmath.mpf(str(e.evalf(30)))


def root(alpha, samples):
    law = power_law(alpha)
    guess = number(law.constant.subs(n, samples))
    f = lambda c: learned(lambda i: mpmath.mpf(i) ** -alpha, 1, c) - samples
    return mpmath.findroot(
        f, (guess, guess * mpmath.mpf("1.001")), solver="secant", tol=1e-25
    )


def test_exact_for_the_second_power():
    law = power_law(2)
    f = lambda c: number(law.exact.lhs.subs(C, c)) - 1
    found = mpmath.findroot(f, (mpmath.mpf("1.1"), mpmath.mpf("1.11")), solver="secant")
    assert abs(found - mpmath.mpf("1.107891013880")) < 1e-11
    assert abs(learned(lambda i: mpmath.mpf(i) ** -2, 1, found) - 1) < 1e-12


def test_next_order_improves():
    alpha, samples = Rational(3), 5
    truth = root(3, samples)
    law = power_law(alpha)
    naive = ((mpmath.pi / 3) / mpmath.sin(mpmath.pi / 3) / samples) ** 3
    leading = (
        (mpmath.pi / 3) / mpmath.sin(mpmath.pi / 3) / (samples + mpmath.mpf(1) / 2)
    ) ** 3
    errors = [
        abs(x / truth - 1)
        for x in (naive, leading, number(law.constant.subs(n, samples)))
    ]
    assert errors[0] > 0.3
    assert errors[1] < 1e-4
    assert errors[2] < 1e-7


def test_every_order_of_the_constant_improves():
    truth = root(3, 5)
    errors = [
        abs(number(power_law(3, order=k).constant.subs(n, 5)) / truth - 1)
        for k in (0, 1, 3)
    ]
    assert all(b < a / 20 for a, b in pairwise(errors)), errors
    law = power_law(Rational(5, 2))
    half = n + Rational(1, 2)
    A = (2 * pi / 5) / sin(2 * pi / 5)
    leading = (A / half) ** Rational(5, 2)
    textbook = leading * (1 - Rational(5, 2) * zeta(-Rational(5, 2)) * leading / half)
    assert simplify(law.constant - textbook) == 0


@pytest.mark.parametrize("alpha", [Rational(3, 2), 2, 3])
def test_the_terms_are_residues_of_mellins_integrand(alpha):
    integrand = lambda z: (
        mpmath.pi / mpmath.sinpi(z) * mpmath.zeta(alpha * z) * mpmath.mpf(2) ** -z
    )
    alpha = mpmath.mpf(str(float(alpha)))
    law = power_law(Rational(str(alpha)), order=3)
    terms = [law.asymptotic.as_independent(C)[0], *_by_power(law.asymptotic)]
    for pole, term in zip((0, -1, -2, -3), terms, strict=True):
        value = lambda a, at=pole: (
            integrand(at + mpmath.expjpi(a) / 4) * mpmath.expjpi(a) / 8
        )
        circle = mpmath.quad(value, mpmath.linspace(-1, 1, 9))
        assert abs(circle - number(term)) < 1e-20


def _by_power(e):
    """The terms in C, C² and C³ at C = 2."""
    return [e.coeff(C, k) * 2**k for k in (1, 2, 3)]


def test_samples_as_a_function_of_the_constant():
    law = power_law(3, order=1)
    truth = root(3, 5)
    assert abs(number(law.asymptotic.subs(C, truth)) - 5) < 1e-8


def test_geometric():
    law = geometric("1/2")
    found = number(law.constant.subs(n, 30))
    assert abs(learned(lambda i: mpmath.mpf(2) ** -i, 0, found) - 30) < 1e-8
    shifted = geometric("1/2", first=1)
    found = number(shifted.constant.subs(n, 30))
    assert abs(learned(lambda i: mpmath.mpf(2) ** -i, 1, found) - 30) < 1e-8
    assert exponential(2).equation.rhs == n


def test_refusals():
    with pytest.raises(OutOfDomain, match="trace"):
        power_law(1)
    with pytest.raises(OutOfDomain, match="between 0 and 1"):
        geometric(2)
    with pytest.raises(OutOfDomain, match="positive"):
        exponential(0)
