"""Kernels that are not analytic in the angle: closed forms meet integrals of mpmath."""

import pytest
from mpmath import mp, mpf

from numerics import constant, spectrum
from numerics.spectra.positivity import positive_by_structure
from theory import NoConvergence, NotPositiveDefinite
from theory.notation import t
from theory.parser import parse_expression


def zonal(d, k, x):
    """The Legendre polynomial P_k of dimension d, by its three-term recurrence."""
    before, here = mpf(0), mpf(1)
    for j in range(k):
        step = (2 * j + d - 2) * x * here - j * before if j or d > 2 else x * here
        before, here = here, step / (j + d - 2 if j or d > 2 else 1)
    return here


def funk_hecke(K, d, k):
    """E[K P_k] over the angle by double-exponential quadrature, which powers at 0 suit.

    K is a function of t and of 1 − t, which loses no digits at the end.
    """
    lead = mp.gamma(mpf(d) / 2) / mp.sqrt(mp.pi) / mp.gamma(mpf(d - 1) / 2)

    def at(theta):
        x = mp.cos(theta)
        value = K(x, 2 * mp.sin(theta / 2) ** 2) * zonal(d, k, x)
        return value * mp.sin(theta) ** (d - 2)

    return lead * mp.quad(at, [0, mp.pi / 2, mp.pi])


def contains(ball, truth, digits):
    middle = mpf(ball.midpoint.numerator) / ball.midpoint.denominator
    return abs(truth - middle) <= abs(truth) * mpf(10) ** -digits


CASES = [
    ("2 - (1 - t)**(1/3)", 3, lambda _, v: 2 - mp.cbrt(v)),
    (
        "2 - (1 - t)**(2/5)/3 + t*(1 - t)**(9/2)/5000",
        5,
        lambda x, v: 2 - v ** mpf("0.4") / 3 + x * v ** mpf("4.5") / 5000,
    ),
    (
        "exp(t) - (1 - t)**(3/4)/9 + 1e-30*t",
        8,
        lambda x, v: mp.exp(x) - v ** mpf("0.75") / 9 + mpf(10) ** -30 * x,
    ),
    ("3 - (1 - t)**(1/7)", 2, lambda _, v: 3 - v ** (mpf(1) / 7)),
]


@pytest.mark.parametrize(("text", "d", "K"), CASES)
def test_powers_at_the_end_meet_double_exponential_quadrature(text, d, K):
    name = "circle" if d == 2 else f"sphere:{d}"
    s = spectrum(f"expr:{text}", name, levels=range(8), digits=30)
    with mp.workdps(45):
        for k in (0, 1, 2, 7):
            assert contains(s.level(k).eigenvalue, funk_hecke(K, d, k), 29)
        listed = mp.fsum(
            x.multiplicity
            * mpf(x.eigenvalue.midpoint.numerator)
            / x.eigenvalue.midpoint.denominator
            for x in s.levels
        )
        assert contains(s.tail_mass, K(mpf(1), mpf(0)) - listed, 25)
    longer = s.extend(20)
    assert longer.levels[8].eigenvalue < s.tail_bound
    assert longer.tail_square.upper < s.tail_square.upper


@pytest.mark.parametrize("order", ["1/2", "5/2"])
def test_arc_cosine_kernels_of_half_orders(order):
    # 2 E|w|^2s E[(u·x)_+^s (u·y)_+^s] for u uniform on the sphere: squares of 1-D integrals
    d, s = 4, mpf(int(order[0])) / 2
    listed = spectrum(f"arc_cosine:order={order}", f"sphere:{d}", range(6), digits=30)
    with mp.workdps(45):
        norm = 2**s * mp.gamma(s + mpf(d) / 2) / mp.gamma(mpf(d) / 2)
        for k in range(6):

            def ridge_at(theta, k=k):
                x = mp.cos(theta)
                return x**s * zonal(d, k, x) * mp.sin(theta) ** 2

            ridge = mp.quad(ridge_at, [0, mp.pi / 2])
            assert contains(
                listed.level(k).eigenvalue, 2 * norm * (2 / mp.pi * ridge) ** 2, 28
            )


def test_arc_cosine_kernels_of_half_orders_on_corners():
    # E over the plane of two inputs, in polar coordinates
    s, listed = mpf(3) / 2, spectrum("arc_cosine:order=3/2", "hypercube:3", digits=30)
    with mp.workdps(40):
        values = []
        for m in range(4):
            angle = mp.acos(1 - mpf(2 * m) / 3)
            plane = mp.quad(
                lambda x, a=angle: (mp.cos(x) * mp.cos(x - a)) ** s,
                [angle - mp.pi / 2, angle / 2, mp.pi / 2],
            )
            values.append(2 * 2**s * mp.gamma(s + 1) * plane / (2 * mp.pi))
        a, b, c, e = values
        assert contains(listed.level(0).eigenvalue, (a + 3 * b + 3 * c + e) / 8, 28)
        assert contains(listed.level(1).eigenvalue, (a + b - c - e) / 8, 28)


def test_a_level_far_up_is_as_cheap():
    s = spectrum("expr:2 - (1 - t)**(1/3)", "sphere:3", levels=range(120), digits=20)
    ratio = float(s.levels[118].eigenvalue) / float(s.levels[59].eigenvalue)
    assert ratio == pytest.approx(0.5 ** (8 / 3), rel=0.03)
    assert s.modes == float("inf")
    assert constant(s, 5, digits=4).digits >= 4


def test_signs_of_powers_at_the_end():
    def positive(text):
        return positive_by_structure(parse_expression(text, {"t": t}, "kernel"))

    assert positive("2 - (1 - t)**(1/3)")
    assert positive("exp(-(1 - t)**(2/3))")
    assert positive("1 - sqrt(1 - t)")
    assert not positive("2 - (1 - t)**(4/3)")
    assert not positive("2 - (1 - 2*t)**(1/3)")
    assert not positive("1/2 - (1 - t)**(1/3)")
    with pytest.raises(NotPositiveDefinite, match=r"level 1 .*proved"):
        spectrum("expr:(1 - t)**(1/3)", "sphere:3", levels=range(3))


def test_products_without_a_rule_are_refused():
    with pytest.raises(NoConvergence, match="no closed rule"):
        spectrum("expr:sqrt(1 - t**2)*exp(-(1 - t)**(1/3))", "sphere:3", levels=[0])
