"""A rule that lives in this file alone works everywhere: docs/howto/rule.md is this."""

import json
import pickle
import sys

import numpy as np
import pytest
from sympy import Rational

# isort: split
# rule: begin
from sympy import (
    Expr,
    I,
    KroneckerDelta,
    Wild,
    cos,
    exp,
    factorial,
    sqrt,
    symbols,
    sympify,
)

from theory.eigenvalues import Proof, ProofStep, Rule, register
from theory.notation import k, t
from theory.source import Source


def match(e: Expr, d: Expr):
    """The levels of e^{ρt} cos(ρ√(1 − t²)) on the circle, or why there are none."""
    r = Wild("r", exclude=[t])
    found = e.match(exp(r * t) * cos(r * sqrt(1 - t**2)))
    if d != 2 or not found or found[r].is_zero:
        return f"{e} is not e^(ρt) cos(ρ√(1 − t²)) on the circle"
    rho = found[r]

    def levels(k):
        k = sympify(k)
        return (1 + KroneckerDelta(k, 0)) * rho**k / (2 * factorial(k))

    return levels


def prove() -> Proof:
    """It is the real part of e^{ρx} on |x| = 1, whose power series is known."""
    rho, x, y = symbols("rho x y", positive=True)
    return Proof(
        "circle_exponential_series",
        "with e^{iθ} = x + iy the kernel is (e^{ρ(x+iy)} + e^{ρ(x−iy)})/2, the real part "
        "of Σ ρ^k e^{ikθ}/k!, so cos kθ has the coefficient ρ^k/k!",
        (
            ProofStep(
                "the real part of e^{ρ(x+iy)}",
                (exp(rho * x) * cos(rho * y)).rewrite(exp).expand(),
                ((exp(rho * (x + I * y)) + exp(rho * (x - I * y))) / 2).expand(),
                "simplification",
            ),
            ProofStep(
                "the terms of the exponential series: each is the last one, times ρ/k",
                rho**k / factorial(k),
                rho / k * rho ** (k - 1) / factorial(k - 1),
            ),
        ),
    )


RULE = Rule(
    name="circle_exponential_series",
    says="e^{ρt} cos(ρ√(1 − t²)) has λ_k = ρ^k/(2 k!) for k ≥ 1, and λ_0 = 1",
    source=Source("own2026", entry="@misc{own2026,\n  title = {My own rule}\n}"),
    conditions="ρ ≠ 0",
    match=match,
    prove=prove,
)
# rule: end


@pytest.fixture(autouse=True, scope="module")
def registered():
    from theory.eigenvalues import RULES
    from theory.eigenvalues.rules_by_domain import OWN

    assert OnCircle().eigenvalue(3).rule is None
    register(RULE, "circle")
    yield
    OWN.pop("circle")
    RULES.pop(RULE.name)


class OnCircle:
    """A kernel with ρ = 1/2: λ_k = 2^−(k+1)/k! and λ_0 = 1."""

    def __init__(self) -> None:
        from theory import UnitCircle, kernels

        self.kernel, self.domain = (
            kernels.parse("expr:exp(t/2)*cos(sqrt(1 - t^2)/2)"),
            UnitCircle(),
        )

    def eigenvalue(self, level):
        return self.domain.eigenvalue(self.kernel, level)


# use: begin
def test_it_gives_closed_forms_that_are_checked():
    e = OnCircle().eigenvalue(3)
    assert e.expression == Rational(1, 96)
    assert e.rule is RULE
    assert e.check().verdict == "confirmed"
    assert RULE.proof()
    general = OnCircle().eigenvalue(k)
    assert general.check().verdict == "confirmed"
    assert [general.subs({k: j}) for j in (0, 1, 4)] == [
        1,
        Rational(1, 4),
        Rational(1, 768),
    ]


def test_sums_and_multiples_follow_by_linearity():
    from theory import UnitCircle, kernels

    e = UnitCircle().eigenvalue(
        kernels.parse("expr:t^2 + 3*exp(t/2)*cos(sqrt(1 - t^2)/2)"), 2
    )
    assert e.expression == Rational(1, 4) + Rational(3, 16)
    assert e.rule.name == "linearity: sphere_monomial + circle_exponential_series"
    assert e.check().verdict == "confirmed"


# use: end
def test_it_agrees_with_proved_enclosures():
    from numerics import spectrum

    here = OnCircle()
    s = spectrum(here.kernel, here.domain, levels=range(8), digits=20)
    for level in s.levels[1:]:
        truth = 0.5 ** (level.index + 1) / float(factorial(level.index))
        assert float(level.eigenvalue) == pytest.approx(truth, rel=1e-15)


def test_it_is_not_tried_on_kinds_it_was_not_registered_for():
    from theory import Hypersphere, UnitCircle

    kernel = OnCircle().kernel
    for domain in (Hypersphere(2), Hypersphere(3), UnitCircle(7)):
        e = domain.eigenvalue(kernel, 2)
        assert RULE.name not in dict(e.tried)
        assert e.rule is None or e.rule is not RULE


def test_code_citation_and_file_carry_it(monkeypatch):
    e = OnCircle().eigenvalue(5)
    space: dict = {}
    exec(e.code("mpmath"), space)
    assert float(space["eigenvalue"]()) == pytest.approx(1 / 7680, rel=1e-12)
    assert "circle_exponential_series" in e.cite()
    assert "@misc{own2026" in e.cite()
    # what is pickled is the module's name: as in a user's file, it can be imported
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__, _module()))
    assert pickle.loads(pickle.dumps(RULE)) is RULE


def _module():
    from types import ModuleType

    made = ModuleType(__name__)
    made.__dict__.update(globals())
    return made


def test_the_implicit_equation_and_its_sums_take_it():
    from theory import implicit_equation
    from theory.constant.implicit.levels import levels_of

    here = OnCircle()
    found = levels_of(here.domain, here.kernel)
    assert found.about == "λ_k in closed form (circle_exponential_series)"
    equation = implicit_equation(here.domain, here.kernel, ridge=0).equation
    assert equation.has(factorial)


def test_tables_say_which_rule_it_was(capsys):
    from learnability.__main__ import main

    words = [
        "eigenvalues",
        "circle",
        "expr:exp(t/2)*cos(sqrt(1 - t^2)/2)",
        "--levels",
        "1:3",
    ]
    assert main([*words, "--format", "json"]) in (0, None)
    text = json.dumps(json.loads(capsys.readouterr().out))
    assert "0.0625" in text


def test_names_and_kinds_are_needed():
    from dataclasses import replace

    with pytest.raises(ValueError, match="at least one"):
        register(RULE)
    with pytest.raises(ValueError, match="name of another rule"):
        register(replace(RULE, says="another"), "circle")
    register(RULE, "circle")  # twice is once
    from theory.eigenvalues.rules_by_domain import OWN

    assert OWN == {"circle": (RULE,)}


def test_the_rule_is_true_by_an_independent_transform():
    points = 4096
    theta = 2 * np.pi * np.arange(points) / points
    wave = np.fft.rfft(np.exp(np.cos(theta) / 2) * np.cos(np.sin(theta) / 2))
    levels = match(exp(t / 2) * cos(sqrt(1 - t**2) / 2), sympify(2))
    truth = [float(levels(j)) for j in range(12)]
    assert wave[:12].real / points == pytest.approx(truth, abs=1e-14)
