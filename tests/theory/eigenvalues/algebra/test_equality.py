"""False closed forms are never proved equal, and many true rewritings are."""

from random import Random

import pytest
from sympy import (
    Eq,
    Integer,
    KroneckerDelta,
    Piecewise,
    Rational,
    binomial,
    cos,
    expand,
    expand_func,
    factorial,
    gamma,
    pi,
    sqrt,
    together,
)

from theory import kernels
from theory.domains import Hypercube, Hypersphere
from theory.eigenvalues import eigenvalue
from theory.eigenvalues.algebra.equality import identical
from theory.eigenvalues.algebra.proof import METHODS
from theory.eigenvalues.algebra.proof import ProofStep as ProofStep
from theory.eigenvalues.checks.definition import check_formula
from theory.eigenvalues.checks.far_levels import first_difference
from theory.notation import d, k

SPHERE, CUBE = Hypersphere(d), Hypercube(d)
CASES = {
    "sphere t^3": (SPHERE, kernels.polynomial(3)),
    "sphere J_1": (SPHERE, kernels.arc_cosine(1)),
    "sphere J_2": (SPHERE, kernels.arc_cosine(2)),
    "cube t^3": (CUBE, kernels.polynomial(3)),
    "cube e^t": (CUBE, kernels.exponential(1)),
}
FORMS = {name: eigenvalue(*pair, k).expression for name, pair in CASES.items()}
ODD, EVEN = (1 - (-1) ** k) / 2, (1 + (-1) ** k) / 2


def pole(start):
    """1/Γ(start − k): a sum over the levels below start, 0 from there on."""
    return 1 / gamma(start - k)


def additions(random):
    """Functions of k that are not 0, most of them 0 at levels 0 to 5."""
    level, size = (
        random.choice((6, 7, 11, 40, 150)),
        Rational(1, 10 ** random.randint(0, 9)),
    )
    low = (k - 1) * (k - 3) * (k - 5)
    return size * random.choice(
        (
            ODD * low,
            EVEN * k * (k - 2) * (k - 4),
            KroneckerDelta(k, level),
            KroneckerDelta(k, 2 * (level // 2)) * EVEN,
            Piecewise((0, k < level), (1, True)),
            Piecewise((1, k > level), (0, True)),
            pole(9) / pole(6) * low,
            pole(level + 1) - pole(level),
            pole(8),
            cos(pi * k / 2) ** 2 * k * (k - 2) * (k - 4),
            binomial(k, 6),
            k * (k - 1) * (k - 2) * (k - 3) * (k - 4) * (k - 5),
            KroneckerDelta(k - level, 0),
            (ODD * low + KroneckerDelta(k, level)) / d,
            ODD * low / gamma(d + k),
        )
    )


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("seed", range(5))
def test_a_false_form_is_not_proved_equal(name, seed):
    random, form = Random(f"{name} {seed}"), FORMS[name]
    added = additions(random)
    assert not identical(form, form + added, k, d), added
    if name == "cube e^t":  # no level is 0, where a wrong factor would not matter
        assert not identical(form * (1 + added), form, k, d), added


@pytest.mark.parametrize("name", FORMS)
def test_a_false_form_is_refuted_at_its_first_level(name):
    domain, _ = CASES[name]
    form = FORMS[name]
    for added, level in (
        (ODD * (k - 1) * (k - 3) * (k - 5), 7),
        (KroneckerDelta(k, 7), 7),
        (KroneckerDelta(k, 333), 333),
        (Piecewise((0, k < 100), (Rational(1, 10**9), True)), 100),
    ):
        found = first_difference(form, form + added, k, domain)
        assert found.startswith(f"k={level},"), (added, found)
    assert first_difference(form, form, k, domain) == ""


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_false_in_one_dimension_is_refuted_there(name):
    domain, _ = CASES[name]
    form = FORMS[name]
    for added, place in (
        (KroneckerDelta(d, 11), "k=0, {}:11"),
        (KroneckerDelta(d, 777) * k, "k=1, {}:777"),
        (KroneckerDelta(d, k + 30), "k=0, {}:30"),
        (KroneckerDelta(2 * d, 22) * KroneckerDelta(k, 9), "k=9, {}:11"),
        (Piecewise((1, Eq(d, 13)), (0, True)), "k=0, {}:13"),
        (Piecewise((0, d < 400), (Rational(1, 10**9), True)), "k=0, {}:400"),
    ):
        found = first_difference(form, form + added, k, domain)
        assert found.startswith(place.format(domain.kind)), (added, found)
        assert not identical(form, form + added, k, d)


def test_a_delta_in_the_dimension_is_refuted_not_left_open():
    domain, kernel = CASES["sphere t^3"]
    wrong = FORMS["sphere t^3"] + KroneckerDelta(d, 11)
    found = check_formula(domain, kernel, wrong)
    assert found.verdict == "refuted"
    assert "sphere:11" in found.counterexample


@pytest.mark.parametrize(
    "added",
    [
        KroneckerDelta(d, 11),
        KroneckerDelta(k, 7) / d,
        Piecewise((0, k < 64), (1, True)),
        KroneckerDelta(k, d),
        1 / gamma(9 - k) - 1 / gamma(8 - k),
    ],
)
@pytest.mark.parametrize("by", METHODS)
def test_no_step_of_a_proof_holds_with_a_term_that_few_points_see(added, by):
    left, right = gamma(k + d + 1), (k + d) * gamma(k + d)
    if by != "Gamma quotients":
        left, right = (k + d) ** 2, k**2 + 2 * k * d + d**2
    assert ProofStep("", left, right, by).holds()
    assert not ProofStep("", left, right + added, by).holds()
    assert not ProofStep("", left * (1 + added), right, by).holds()


def rewritings(form):
    """Other ways to write a form."""
    half = lambda x: 2 ** (x - 1) * gamma(x / 2) * gamma((x + 1) / 2) / sqrt(pi)
    yield together(form)
    yield expand(form)
    yield form.rewrite(gamma)
    yield form * gamma(k + 2) / ((k + 1) * factorial(k))
    yield form * gamma(k + d / 2 + 1) / ((k + d / 2) * gamma(k + d / 2))
    yield form * half(k + 1) / gamma(k + 1)
    yield form * (-1) ** k * cos(pi * k)
    yield form * (ODD + EVEN)
    yield form + ODD * EVEN
    yield form + KroneckerDelta(k, 3) - KroneckerDelta(3, k)
    yield form + KroneckerDelta(k, 7) * (k - 7)
    yield form + KroneckerDelta(2 * k, 7)
    yield form + Piecewise((k - 2, k < 3), (0, True)) * k * (k - 1)
    yield form + ODD * (k - 1) * pole(2)
    yield Piecewise((form.subs(k, 2), k < 3), (form, True)) + sum(
        (form.subs(k, j) - form.subs(k, 2)) * KroneckerDelta(k, j) for j in (0, 1)
    )
    yield expand_func(form)


@pytest.mark.parametrize("name", FORMS)
def test_true_rewritings_are_proved_equal(name):
    form = FORMS[name]
    other = list(rewritings(form))
    missed = [x for x in other if not identical(form, x, k, d)]
    assert len(missed) <= 4, missed
    for x in missed:  # not proved, and not refuted either
        assert first_difference(form, x, k, CASES[name][0]) == ""


def test_a_pole_above_and_below_is_not_decided():
    assert not identical(gamma(2 - k) / gamma(1 - k), 1 - k, k, d)
    assert not identical(gamma(2 - k), Integer(0), k, d)


def test_the_command_s_question():
    domain, kernel = CASES["sphere t^3"]
    form = FORMS["sphere t^3"]
    found = check_formula(domain, kernel, form + KroneckerDelta(k, 7))
    assert (found.verdict, found.counterexample[:4]) == ("refuted", "k=7,")
    assert check_formula(domain, kernel, form).verdict == "confirmed"
