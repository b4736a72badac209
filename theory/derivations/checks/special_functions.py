"""Checks with special functions: quotients of Γ, all small cases, arcs and roots."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sympy import (
    Basic,
    Eq,
    Poly,
    Rational,
    S,
    Symbol,
    acos,
    cancel,
    expand,
    fraction,
    powsimp,
    sqrt,
    together,
)

from theory.derivations.checks.symbolic import PROVED
from theory.derivations.steps.step import StepReport
from theory.verdict import Verdict


def _unreadable(statement: Basic, how: str) -> StepReport | None:
    if isinstance(statement, Eq):
        return None
    verdict = Verdict.REFUTED if statement == S.false else Verdict.INCONCLUSIVE
    return StepReport(verdict, how, f"{statement} is not an equation")


@dataclass(frozen=True, slots=True)
class GammaIdentity:
    """Both sides have the same quotient of Gamma functions, for symbols in them too.

    Examples
    --------
    >>> from sympy import gamma
    >>> from sympy.abc import x
    >>> GammaIdentity()(Eq(gamma(x + 1), x * gamma(x), evaluate=False)).verdict
    <Verdict.CONFIRMED: 'confirmed'>
    """

    @property
    def how(self) -> str:
        """The way, in words."""
        return f"{PROVED}, by quotients of Gamma functions"

    def __call__(self, statement: Basic) -> StepReport:
        """Reduce the quotient of both sides."""
        from theory.eigenvalues.algebra.gamma_quotients import ratio

        refusal = _unreadable(statement, self.how)
        if refusal is not None:
            return refusal
        left, right = statement.args
        quotient = ratio(left, right)
        if quotient == 1:
            return StepReport(Verdict.CONFIRMED, self.how)
        return StepReport(
            Verdict.REFUTED, self.how, f"the quotient is {str(quotient)[:120]}"
        )


@dataclass(frozen=True, slots=True)
class SmallCases:
    """An equation holds for all listed values of its whole letters, other letters free.

    Attributes
    ----------
    values
        For each letter the values, in order; a pair of letters is bound by ``where``.
    where
        Which combinations are meant.

    Examples
    --------
    >>> from sympy import Sum, binomial
    >>> from sympy.abc import d, k
    >>> check = SmallCases({d: range(1, 5)})
    >>> check(Eq(Sum(binomial(d, k), (k, 0, d)), 2**d, evaluate=False)).verdict
    <Verdict.CONFIRMED: 'confirmed'>
    """

    values: Mapping[Any, Any]
    where: Any = field(default=None)

    @property
    def how(self) -> str:
        """For which values."""
        spans = ", ".join(f"{x} = {min(r)}..{max(r)}" for x, r in self.values.items())
        return f"proved for {spans}, other letters free"

    def __call__(self, statement: Basic) -> StepReport:
        """Insert all values; what is left must vanish identically."""
        refusal = _unreadable(statement, self.how)
        if refusal is not None:
            return refusal
        for chosen in product(*self.values.values()):
            at = dict(zip(self.values, chosen, strict=True))
            if self.where is not None and not self.where(
                **{str(x): c for x, c in at.items()}
            ):
                continue
            sides: Any = [side.subs(at).doit() for side in statement.args]
            if not _same(*sides):
                return StepReport(Verdict.REFUTED, self.how, f"fails at {at}")
        return StepReport(Verdict.CONFIRMED, self.how)


def _same(left: Any, right: Any) -> bool:
    from theory.eigenvalues.algebra.gamma_quotients import normal_form

    difference = expand(left - right)
    return (
        difference == 0
        or cancel(together(difference)) == 0
        or normal_form(difference) == 0
    )


@dataclass(frozen=True, slots=True)
class Powers:
    """An equation between sums of powers with symbolic exponents.

    Both sides are divided by a common power, then it is rational arithmetic.

    Attributes
    ----------
    divisor
        What both sides are divided by.
    """

    divisor: Any

    @property
    def how(self) -> str:
        """The way, in words."""
        return PROVED

    def __call__(self, statement: Basic) -> StepReport:
        """Divide, merge powers, cancel."""
        refusal = _unreadable(statement, self.how)
        if refusal is not None:
            return refusal
        sides: Any = statement.args
        difference = expand((sides[0] - sides[1]).doit())
        terms = [
            powsimp(term / self.divisor, force=True)
            for term in difference.as_ordered_terms()
        ]
        rest = cancel(together(sum(terms)))
        if rest == 0:
            return StepReport(Verdict.CONFIRMED, PROVED)
        return StepReport(
            Verdict.REFUTED, PROVED, f"the sides differ by {str(rest)[:120]}"
        )


@dataclass(frozen=True, slots=True)
class Arcs:
    """An equation in t, √(1 − t²) and arccos t, derivatives carried out.

    The root is a letter r with r² = 1 − t² and arccos t a letter of its own: they are
    algebraically independent otherwise, so the remainder decides.

    Examples
    --------
    >>> from sympy import Derivative
    >>> from theory.notation import t
    >>> Arcs()(Eq(Derivative(acos(t), t), -1 / sqrt(1 - t**2), evaluate=False)).verdict
    <Verdict.CONFIRMED: 'confirmed'>
    """

    @property
    def how(self) -> str:
        """The way, in words."""
        return PROVED

    def __call__(self, statement: Basic) -> StepReport:
        """Reduce the difference modulo r² = 1 − t²."""
        from theory.notation import d, t

        refusal = _unreadable(statement, self.how)
        if refusal is not None:
            return refusal
        r, angle = Symbol("r", positive=True), Symbol("theta", positive=True)
        sides: Any = statement.args
        value = (sides[0] - sides[1]).doit().subs({t: Rational(1, 3), d: 7}).evalf(30)
        if abs(value) > Rational(1, 10**20):
            return StepReport(
                Verdict.REFUTED, PROVED, f"the sides differ by {value.n(3)} at t = 1/3"
            )
        e = (
            (sides[0] - sides[1])
            .doit()
            .replace(acos, lambda x: angle if x == t else acos(x))
        )
        e = e.subs(sqrt(1 - t**2), r)
        e = e.replace(
            lambda a: a.is_Pow and a.base == 1 - t**2, lambda a: r ** (2 * a.exp)
        )
        numerator, _ = fraction(together(e))
        rest = Poly(expand(numerator), r, t, angle).rem(
            Poly(r**2 - 1 + t**2, r, t, angle)
        )
        if rest.is_zero:
            return StepReport(Verdict.CONFIRMED, PROVED)
        return StepReport(Verdict.REFUTED, PROVED, "a remainder is left")
