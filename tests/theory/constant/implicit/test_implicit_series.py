"""Series, roots and bounds of C against roots to sixty digits found by bisection."""

from random import Random

import mpmath
import pytest
from sympy import Rational, oo, sqrt

from theory.constant.implicit import implicit_equation
from theory.errors import OutOfDomain
from theory.notation import C, n, ridge

LEVELS = [(Rational(5, 2), 1), (1, 3), (Rational(1, 3), 2), (Rational(1, 7), 4)]
TOTAL = 10
DIGITS = 60


def root(levels, samples, delta):
    """C by bisection in log C, with no other code of ours."""
    with mpmath.workdps(DIGITS):
        pairs = [(mpmath.mpf(x.p) / x.q, int(m)) for x, m in exact(levels)]
        samples, delta = mpmath.mpmathify(samples), mpmath.mpmathify(delta)

        def excess(s):
            c = mpmath.exp(s)
            return sum(m * x / (x + c) for x, m in pairs) + delta / c - samples

        low, high = mpmath.mpf(-200), mpmath.mpf(200)
        for _ in range(230):
            middle = (low + high) / 2
            low, high = (middle, high) if excess(middle) > 0 else (low, middle)
        return mpmath.exp(low)


def exact(levels):
    return [(Rational(x), m) for x, m in levels]


def value(e, at):
    with mpmath.workdps(DIGITS):
        return mpmath.mpmathify(e.subs(at).evalf(DIGITS))


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workdps(DIGITS):
        yield


CASES = {
    "few samples": (n, 0, 1, lambda x: (x, 1)),
    "few samples, no ridge": (n, 0, 0, lambda x: (x, 0)),
    "large ridge": (ridge, oo, 1, lambda x: (3, 1 / x)),
    "nearly all modes": (n, "N", 0, lambda x: (TOTAL - x, 0)),
    "many samples": (n, oo, 1, lambda x: (TOTAL + 1 / x, 1)),
    "as many as modes": (ridge, "N", None, lambda x: (TOTAL, x)),
    "more than modes": (ridge, 0, None, lambda x: (TOTAL + 2, x)),
}


@pytest.mark.parametrize("order", [1, 2, 4])
@pytest.mark.parametrize("case", CASES)
def test_remainder_has_the_order_claimed(case, order):
    variable, point, delta, place = CASES[case]
    xs = [Rational(1, 10**6), Rational(1, 10**7)]
    errors = []
    for x in xs:
        samples, strength = place(x)
        fixed_n = variable == ridge
        I = implicit_equation(
            LEVELS,
            n=samples if fixed_n else None,
            ridge=delta if not fixed_n else None,
        )
        expansion = I.series(variable, point, order)
        at = {n: samples, ridge: strength}
        truth = root(
            LEVELS,
            mpmath.mpf(Rational(samples).p) / Rational(samples).q,
            mpmath.mpf(Rational(strength).p) / Rational(strength).q,
        )
        errors.append(abs(value(expansion.expression, at) - truth))
    power = float(mpmath.log(errors[0] / errors[1]) / mpmath.log(10))
    claimed = order + 1
    if case == "as many as modes":
        claimed = (order + 1) / 2
    assert power == pytest.approx(claimed, abs=0.05) or power > claimed


def test_high_orders_are_derived_in_a_moment():
    I = implicit_equation(ridge=0)
    assert len(I.series(n, "N", 8).terms) == 8


def test_taylor_series_in_the_ridge():
    I = implicit_equation(LEVELS, n=4)
    at_zero = root(LEVELS, 4, 0)
    e = I.series(ridge, 0, 3).expression
    with mpmath.workdps(DIGITS):
        got = e.subs({C: mpmath.nstr(at_zero, 50), ridge: Rational(1, 1000)}).evalf(40)
    truth = root(LEVELS, 4, mpmath.mpf("0.001"))
    assert abs(mpmath.mpf(str(got)) - truth) < 1e-11


def test_closed_forms_match_roots():
    random = Random(7)
    for trial in range(40):
        count = random.randint(1, 4)
        levels = [
            (
                Rational(random.randint(1, 40), random.randint(1, 20)),
                random.randint(1, 5),
            )
            for _ in range(count)
        ]
        total = sum(m for _, m in levels)
        delta = Rational(random.randint(0, 1) * random.randint(1, 9), 7)
        samples = Rational(random.randint(1, 20 * total - 1), 20)
        found = implicit_equation(levels, n=samples, ridge=delta).closed_form()
        truth = root(
            levels, mpmath.mpf(samples.p) / samples.q, mpmath.mpf(delta.p) / delta.q
        )
        assert mpmath.almosteq(
            mpmath.mpf(str(found.evalf(30))), truth, rel_eps=mpmath.mpf(10) ** -13
        ), (trial, levels, samples, delta)


def test_symbolic_closed_forms():
    from sympy import symbols

    a, b = symbols("a b", positive=True)
    form = implicit_equation([(a, 2), (b, 3)], n=3, ridge=0).closed_form()
    truth = root([(2, 2), (Rational(1, 5), 3)], 3, 0)
    got = form.subs({a: 2, b: Rational(1, 5)}).evalf(30)
    assert abs(mpmath.mpf(str(got)) - truth) < 1e-25
    one = implicit_equation([(a, 4)], n=3, ridge=0).closed_form()
    assert (one - a / 3).simplify() == 0


def test_interpolation_threshold_and_beyond():
    assert implicit_equation([(1, 2), (3, 1)], n=3, ridge=0).closed_form() == 0
    with pytest.raises(OutOfDomain, match="between 0 and N"):
        implicit_equation([(1, 2), (3, 1)], n=4, ridge=0).closed_form()
    with pytest.raises(OutOfDomain, match="negative"):
        implicit_equation([(-1, 2)])


def test_bounds_enclose_the_root_and_ratio_bound_is_tight():
    random = Random(3)
    for _ in range(30):
        levels = [
            (
                Rational(random.randint(1, 60), random.randint(1, 30)),
                random.randint(1, 4),
            )
            for _ in range(random.randint(1, 5))
        ]
        total = sum(m for _, m in levels)
        delta = Rational(random.randint(0, 1), 3)
        samples = random.randint(1, max(1, total - 1))
        if delta == 0 and samples >= total:
            continue
        truth = root(levels, samples, mpmath.mpf(delta.p) / delta.q)
        for bound in implicit_equation(levels, n=samples, ridge=delta).bounds():
            edge = mpmath.mpf(bound.expression.p) / bound.expression.q
            slack = mpmath.mpf(10) ** -15 * truth
            if bound.relation == "<=":
                assert truth <= edge + slack, (bound, levels, samples)
            else:
                assert truth >= edge - slack, (bound, levels, samples)


def test_a_kernel_on_a_domain():
    from theory import Hypercube, kernels

    I = implicit_equation(Hypercube(4), kernels.polynomial(2), n=3, ridge=0)
    assert I.modes == 7
    assert I.closed_form().evalf() > 0
    assert sqrt(2) not in I.polynomial().all_coeffs()


def test_many_levels_give_an_isolated_root():
    levels = [(Rational(1, k), k) for k in range(1, 9)]
    found = implicit_equation(levels, n=5, ridge=0).closed_form()
    assert mpmath.almosteq(
        mpmath.mpf(str(found.evalf(30))),
        root(levels, 5, 0),
        rel_eps=mpmath.mpf(10) ** -25,
    )
