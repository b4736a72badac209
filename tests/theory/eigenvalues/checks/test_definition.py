"""A user's closed form is confirmed, refuted at the smallest place, or left open."""

import pytest
from sympy import Eq, Piecewise, Rational, Symbol, exp, factorial, gamma, hyper, pi

from theory import kernels
from theory.domains import Hypercube, Hypersphere, UnitCircle
from theory.eigenvalues import eigenvalue
from theory.eigenvalues.checks.definition import check_formula
from theory.notation import d, k

m = Symbol("m", integer=True, nonnegative=True)
q = exp(-2)
HALF = Rational(1, 2)
RIGHT = [
    (
        Hypercube(d),
        "gaussian:width=1",
        ((1 - q) / 2) ** k * ((1 + q) / 2) ** (d - k),
        k,
    ),
    (
        Hypersphere(d),
        "geometric:ratio=1/2",
        4**-k
        * factorial(k)
        * gamma(d / 2)
        / gamma(k + d / 2)
        * hyper([(k + 1) / 2, k / 2 + 1], [k + d / 2], Rational(1, 4)),
        k,
    ),
    (
        Hypersphere(d),
        "ntk",
        (2 * m * (2 * m + d - 2) + d + 1)
        * gamma(d / 2) ** 2
        * gamma(m - HALF) ** 2
        / (8 * pi**2 * gamma(m + (d + 1) / 2) ** 2),
        2 * m,
    ),
    (
        UnitCircle(),
        "arc_cosine:order=1",
        Piecewise(
            (Rational(1, 4), Eq(k, 1)),
            ((1 + (-1) ** k) * 2 / pi**2 / (k**2 - 1) ** 2, True),
        ),
        k,
    ),
    (Hypersphere(d), "ntk", 1 / d, 1),
]


@pytest.mark.parametrize(("domain", "text", "form", "level"), RIGHT)
def test_right_forms_are_confirmed(domain, text, form, level):
    found = check_formula(domain, kernels.parse(text), form, level=level)
    assert found.verdict == "confirmed", found
    assert found


@pytest.mark.parametrize(("domain", "text", "form", "level"), RIGHT)
def test_wrong_forms_are_refuted(domain, text, form, level):
    found = check_formula(domain, kernels.parse(text), 2 * form, level=level)
    assert found.verdict == "refuted"
    assert "instead of" in found.counterexample


def test_a_form_that_fails_late_is_refuted_where_it_fails():
    wrong = (d + 1) / (2 * d) * 0 + 1 / d + (k - 1) * (d - 2)
    found = check_formula(Hypersphere(d), kernels.polynomial(1), wrong, level=k)
    assert found.verdict == "refuted"
    assert found.counterexample.startswith("k=0, sphere:2")


def test_without_a_rule_agreement_stays_inconclusive():
    kernel = kernels.parse("expr:acos(t)^2")
    domain = Hypercube(11)
    form = eigenvalue(domain, kernel, 0).expression
    found = check_formula(domain, kernel, form.doit(), level=0)
    assert found.verdict == "inconclusive"
    assert "no rule" in found.how


def test_undefined_forms_are_not_confirmed():
    form = gamma(d / 2) / gamma(d / 2 + 1) / 2 * gamma(k) / gamma(k)
    found = check_formula(Hypersphere(d), kernels.polynomial(1), 0 * k + form, level=k)
    assert found.verdict != "confirmed"


@pytest.mark.parametrize(
    "text", ["exponential", "laplace", "ntk:erf", "expr:t*acos(t)"]
)
def test_an_eigenvalue_checks_itself(text):
    e = eigenvalue(Hypersphere(3), kernels.parse(text), k)
    assert e.check().verdict == "confirmed"


def test_a_broken_eigenvalue_is_refuted():
    from dataclasses import replace

    e = eigenvalue(Hypersphere(3), kernels.exponential(1), 2)
    assert replace(e, expression=e.expression * 2).check().verdict == "refuted"


@pytest.mark.parametrize("text", ["sign(t)", "t^2*sign(t)", "t*abs(t)"])
def test_steps_of_t_have_their_form(text):
    e = eigenvalue(Hypersphere(d), kernels.parse(f"expr:{text}"), k)
    assert e.rule.name == "sphere_half_power"
    assert e.check().verdict == "confirmed"


def test_text_is_understood():
    assert check_formula("sphere:3", "ntk:relu", "1/3", level=1).verdict == "confirmed"
    assert check_formula("ntk:relu", "sphere:3", "1/2", level=1).verdict == "refuted"
