"""Judges of the duals of tanh and swish: the moments against Hermite coefficients.

The series of moments is summed in balls; the second way integrates the function times
Hermite polynomials, and knows no moment of 1/sinh.
"""

from functools import lru_cache
from typing import Any

from flint import arb, fmpq
from sympy import Add, Expr, Sum

from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import build
from numerics.numbers.precision import working_precision
from theory.activations.series_duals.softplus_dual import softplus_dual
from theory.activations.series_duals.swish_dual import swish_dual, swish_slope_dual
from theory.activations.series_duals.tanh_dual import sech_dual, tanh_dual
from theory.formula import Formula
from verify.exact.testing.choices import Choose
from verify.exact.testing.law import Law, Outcome
from verify.formulas.registry import judge, law_of
from verify.oracles.hermite import HermiteDuals, SoftplusDuals, SwishDuals, TanhDuals

BITS = 128
TERMS = 21
SUMMED = 12
REST = arb(2) ** -30
WIDEST = arb(2) ** -25
OF = {
    tanh_dual: TanhDuals,
    sech_dual: TanhDuals,
    swish_dual: SwishDuals,
    swish_slope_dual: SwishDuals,
    softplus_dual: SoftplusDuals,
}
"""Head → the second way to it."""


@lru_cache(maxsize=8)
def _pair(variance: fmpq, made: type) -> HermiteDuals:
    return made(arb(variance), TERMS)


def _summed(e: Expr) -> Expr:
    """A series by its first terms; at |c| ≤ 1/2 the others are below 2⁻³⁰."""

    def first(s: Any) -> Expr:
        index, start, _ = s.limits[0]
        return Add(*(s.function.subs(index, start + k) for k in range(SUMMED)))

    return e.replace(lambda x: isinstance(x, Sum), first)


def _case(choose: Choose) -> tuple[fmpq, fmpq]:
    """A variance and a correlation up to 1/2 either way, but for 0."""
    c = fmpq(choose(1, 4), 8)
    return fmpq(choose(1, 2), 2), -c if choose(0, 1) else c


@judge(
    "tanh_dual", "tanh_slope_dual", "swish_dual", "swish_slope_dual", "softplus_dual"
)
def by_hermite_coefficients(formula: Formula) -> Law:
    """Hermite coefficients of the function and of its slope, integrated rigorously."""
    v, c = formula.lhs.args
    slope = isinstance(formula.lhs, (sech_dual, swish_slope_dual))
    made = OF[type(formula.lhs)]
    right = build(_summed(formula.rhs), BALLS)

    def test(case: tuple[fmpq, fmpq]) -> Outcome:
        with working_precision(BITS):
            pair, at = _pair(case[0], made), arb(case[1])
            truth = pair.slope_dual(at) if slope else pair.dual(at)
            known = dict(zip((v, c), case, strict=True))
            series = as_ball(right({x: known[x] for x in right.inputs if x in known}))
            difference = series + REST * arb(0, 1) - truth
        if not difference.is_finite():
            return Outcome(failure=f"{formula.name}: no finite value")
        if not difference.contains(0):
            return Outcome(failure=f"{formula.name}: off by {difference.str(5)}")
        if not difference.rad() < WIDEST:
            return Outcome(checks=0, undecided=f"{formula.name}: {difference.str(5)}")
        return Outcome()

    return law_of(formula, _case, test)
