"""Judges of the duals of activations: Gaussian expectations, integrated with proof.

The formula is evaluated in balls, its definition by FLINT's rigorous integration. Two
balls that do not meet refute; a wide ball decides nothing.
"""

from collections.abc import Callable
from functools import lru_cache
from math import factorial
from typing import Any

from flint import acb, arb, fmpq
from sympy import Symbol
from sympy.core.function import AppliedUndef

from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import build as program
from numerics.numbers.precision import working_precision
from theory import notation
from theory.activations import arc_cosine, c, dual, q, slope_dual
from theory.formula import Formula
from verify.exact.testing.choices import Choose
from verify.exact.testing.evaluation import evaluate
from verify.exact.testing.law import Law, Outcome
from verify.formulas.registry import judge, law_of

BITS = 128
WIDEST = arb(2) ** -60
REACH = 14


@lru_cache(maxsize=512)
def arc_cosine_moment(order: int, t: fmpq) -> arb:
    """2 E[x₊^n y₊^n] for unit Gaussians of correlation t, in polar coordinates.

    It is (2^n n!/π) ∫ (cos φ cos(φ − θ))^n dφ over the angles where both are positive.
    """
    theta = arb(t).acos()
    body = lambda phi, _: (phi.cos() * (phi - acb(theta)).cos()) ** order
    total = acb.integral(body, acb(theta - arb.pi() / 2), acb(arb.pi() / 2))
    return 2**order * factorial(order) * total.real / arb.pi()


@lru_cache(maxsize=512)
def erf_moment(q: fmpq, c: fmpq) -> arb:
    """E erf(x) erf(y), with E erf(a + bw) = erf(a/√(1 + 2b²)) for the inner one."""
    first = acb(arb(q).sqrt())
    second = acb(arb(c) * (arb(q) / (1 + 2 * q * (1 - c * c))).sqrt())
    return _gaussian(lambda z: (first * z).erf() * (second * z).erf())


@lru_cache(maxsize=512)
def erf_slope_moment(q: fmpq, c: fmpq) -> arb:
    """E erf′(x) erf′(y), with E exp(−(a + bw)²) = exp(−a²/(1 + 2b²))/√(1 + 2b²)."""
    spread = 1 + 2 * q * (1 - c * c)
    rate = acb(arb(q + q * c * c / spread))
    total = _gaussian(lambda z: (-rate * z * z).exp())
    return 4 * total / arb.pi() / arb(spread).sqrt()


def _gaussian(f: Callable[[acb], acb]) -> arb:
    """E f(z) for |f| ≤ 1 on the real line: an integral, and the mass beyond it."""
    density = lambda z: (-z * z / 2).exp() / acb(2 * arb.pi()).sqrt()
    total = acb.integral(lambda z, _: f(z) * density(z), acb(-REACH), acb(REACH))
    beyond = (arb(REACH) / arb(2).sqrt()).erfc()
    return total.real + beyond * arb(0, 1)


MOMENTS: dict[Any, Callable[..., arb]] = {
    arc_cosine.kappa0: lambda t: arc_cosine_moment(0, t),
    arc_cosine.kappa1: lambda t: arc_cosine_moment(1, t),
    arc_cosine.kappa2: lambda t: arc_cosine_moment(2, t),
    dual: erf_moment,
    slope_dual: erf_slope_moment,
}


def _case(choose: Choose) -> dict[Symbol, fmpq]:
    t = fmpq(choose(0, 18) - 9, 10)
    return {
        notation.t: t,
        notation.u: (1 - t) / 2,
        q: fmpq(choose(1, 9), choose(1, 5)),
        c: t,
    }


@judge(
    "arc_cosine_0",
    "arc_cosine_1",
    "arc_cosine_2",
    "arc_cosine_0_angle",
    "arc_cosine_1_gap",
    "erf_dual",
    "erf_slope_dual",
)
def integrated(formula: Formula) -> Law:
    """The Gaussian expectation that the function stands for."""
    known = [e for e in formula.lhs.atoms(AppliedUndef) if e.func in MOMENTS]
    names = {e: Symbol(f"moment_{k}") for k, e in enumerate(known)}
    renamed: Any = formula.lhs.xreplace(names)
    left = program(renamed, BALLS)
    right = program(formula.rhs, BALLS)

    def test(case: dict[Symbol, fmpq]) -> Outcome:
        with working_precision(BITS):
            values: dict[Any, Any] = dict(case)
            for e, name in names.items():
                arguments = [evaluate(a, case) for a in e.args]
                values[name] = MOMENTS[e.func](*arguments)
            difference = as_ball(left(values)) - as_ball(right(values))
            if not difference.is_finite():
                return Outcome(failure=f"{formula.name}: no finite value")
            if not difference.contains(0):
                return Outcome(
                    failure=f"{formula.name}: sides differ by {difference.str(5)}"
                )
            if not difference.rad() < WIDEST:
                return Outcome(
                    checks=0, undecided=f"{formula.name}: {difference.str(5)}"
                )
            return Outcome()

    return law_of(formula, _case, test)
