"""Levels, multiplicities, zonal functions, and the identities that join all levels."""

import mpmath
import pytest
from sympy import (
    Integer,
    Rational,
    Sum,
    binomial,
    cos,
    integrate,
    pi,
    simplify,
    symbols,
)

from theory import kernels
from theory.domains import Hypercube, Hypersphere, UnitCircle, parse
from theory.eigenvalues import parseval, trace
from theory.eigenvalues.checks.quadrature import integral
from theory.errors import OutOfDomain
from theory.notation import d, k, t


def test_multiplicities_add_up():
    assert sum(Hypercube(7).multiplicity(j) for j in range(8)) == 128
    for points in (1, 2, 5, 8):
        circle = UnitCircle(points)
        levels = range(int(circle.last_level) + 1)
        assert sum(circle.multiplicity(j) for j in levels) == points


def test_symbolic_multiplicities_at_numbers():
    for dimension in (2, 3, 4, 9):
        for level in range(5):
            at = {d: dimension, k: level}
            general = Hypersphere(d).multiplicity(k).subs(at)
            if level:
                assert general == Hypersphere(dimension).multiplicity(level)


@pytest.mark.parametrize("domain", [Hypersphere(5), Hypersphere(2)])
def test_zonal_functions_are_orthogonal(domain):
    for a in range(1, 4):
        zonal = domain.zonal(a, t).expand(func=True)
        for b in range(4):
            product = integral(domain, zonal, b)
            expected = mpmath.mpf(1) / int(domain.multiplicity(a)) if a == b else 0
            assert abs(product - expected) < 1e-14


def test_krawtchouk_polynomials_are_orthogonal():
    cube = Hypercube(6)
    for a in range(7):
        for b in range(7):
            terms = (
                binomial(6, m) * cube.zonal(a, at) * cube.zonal(b, at)
                for m, at in ((m, 1 - Rational(m, 3)) for m in range(7))
            )
            expected = Rational(1, binomial(6, a)) if a == b else 0
            assert sum(terms) / 64 == expected


def test_zonal_functions_are_one_at_one():
    for domain in (Hypercube(6), Hypersphere(5), Hypersphere(2), UnitCircle()):
        assert domain.zonal(3, Integer(1)) == 1


def test_eigenfunctions_of_the_circle_are_orthonormal():
    theta = symbols("theta", real=True)
    modes = [f for j in range(3) for f in UnitCircle().eigenfunctions(j)]
    for i, f in enumerate(modes):
        for j, g in enumerate(modes):
            mean = integrate(f * g, (theta, 0, 2 * pi)) / (2 * pi)
            assert simplify(mean - (1 if i == j else 0)) == 0


def test_eigenfunctions_of_points():
    theta = symbols("theta", real=True)
    modes = [f for j in range(3) for f in UnitCircle(4).eigenfunctions(j)]
    assert len(modes) == 4
    assert modes[-1] == cos(2 * theta)
    for i, f in enumerate(modes):
        for j, g in enumerate(modes):
            values = [(f * g).subs(theta, pi * Rational(n, 2)) for n in range(4)]
            assert simplify(sum(values) / 4 - (1 if i == j else 0)) == 0


def test_eigenfunctions_of_the_hypercube_match_the_multiplicity():
    cube = Hypercube(5)
    for level in range(6):
        assert len(cube.eigenfunctions(level)) == cube.multiplicity(level)


@pytest.mark.parametrize("identity", [trace, parseval])
@pytest.mark.parametrize(
    ("domain", "text"),
    [
        (Hypercube(6), "laplace:width=3"),
        (Hypersphere(4), "exponential:beta=2"),
        (UnitCircle(9), "ntk"),
        (UnitCircle(), "geometric:ratio=1/3"),
    ],
)
def test_trace_and_parseval(identity, domain, text):
    found = identity(domain, kernels.parse(text)).check()
    assert found.verdict == "confirmed", found


def test_slow_sums_are_left_open_not_claimed():
    found = trace(Hypersphere(3), kernels.ntk("relu")).check(levels=6)
    assert found.verdict == "inconclusive"
    assert "misses" in found.how


def test_trace_is_an_equation():
    identity = trace(Hypercube(d), kernels.exponential(1))
    assert isinstance(identity.lhs, Sum)
    assert "=" in identity.latex()


@pytest.mark.parametrize(
    "text", ["hypercube:0", "sphere:1", "circle:0", "ball:3", "sphere"]
)
def test_malformed_domains_are_refused(text):
    with pytest.raises(OutOfDomain):
        parse(text)


def test_levels_outside_are_refused():
    with pytest.raises(OutOfDomain):
        Hypercube(4).eigenvalue(kernels.polynomial(1), 5)
    with pytest.raises(OutOfDomain):
        Hypersphere(4).eigenvalue(kernels.polynomial(1), -1)
