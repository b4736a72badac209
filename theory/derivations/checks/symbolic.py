"""Checks that prove: normal forms of level sums, positive coefficients, limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from sympy import (
    Add,
    Basic,
    Eq,
    Ge,
    Gt,
    Le,
    Limit,
    Lt,
    Poly,
    S,
    Sum,
    cancel,
    fraction,
    nan,
    oo,
    together,
    zoo,
)

from theory.constant import level_sums
from theory.constant.implicit import implicit_equation
from theory.constant.learnability import learnability, unlearned
from theory.constant.level_sums import written
from theory.data_set.symbols import slope
from theory.derivations.steps.step import StepReport
from theory.errors import EngineError
from theory.notation import C, noise, ridge
from theory.verdict import Verdict

PROVED = "proved symbolically"
MOST_PLACES = 400


@dataclass(frozen=True, slots=True)
class SymbolicIdentity:
    """An equation between sums over levels holds for every spectrum.

    Slopes follow C along the implicit equation, but for those in C itself, which are
    partial; then the difference of both sides has the normal form 0.

    Attributes
    ----------
    given
        What letters stand for: replaced on both sides before slopes are taken.
    then
        Replaced after slopes are taken; as a rule n, by the implicit equation.

    Examples
    --------
    >>> from sympy import Eq
    >>> from theory.constant import L, U
    >>> SymbolicIdentity()(Eq(L + U, 1, evaluate=False)).verdict
    <Verdict.CONFIRMED: 'confirmed'>
    """

    given: Mapping[Any, Any] = field(default_factory=dict)
    then: Mapping[Any, Any] = field(default_factory=dict)

    @property
    def how(self) -> str:
        """The way, in words."""
        return PROVED

    def __call__(self, statement: Basic) -> StepReport:
        """Bring the difference of both sides to its normal form."""
        if statement in (S.true, S.false):
            return _constant(statement)
        if not isinstance(statement, Eq):
            return StepReport(
                Verdict.INCONCLUSIVE, PROVED, f"{statement} is not an equation"
            )
        left, right = (self._read(side) for side in statement.args)
        try:
            same = level_sums.vanishes(Add(left, -right))
        except (EngineError, ArithmeticError) as error:
            return StepReport(Verdict.INCONCLUSIVE, PROVED, str(error))
        if same:
            return StepReport(Verdict.CONFIRMED, PROVED)
        return StepReport(Verdict.REFUTED, PROVED, "the sides differ")

    def _read(self, e: Any) -> Any:
        e = _replaced(e, self.given)
        return _replaced(_carried_out(e), self.then)


def _carried_out(e: Any) -> Any:
    """Slopes in C are partial; all others follow C along the implicit equation."""
    equation = implicit_equation()
    while e.has(slope):
        results = {}
        for s in e.atoms(slope):
            body, x = s.args
            if not body.has(slope):
                partial = x == C
                results[s] = (
                    level_sums.slope(body, x)
                    if partial
                    else equation.derivative_of(body, x)
                )
        e = e.xreplace(results)
    return e


def _replaced(e: Any, meanings: Mapping[Any, Any]) -> Any:
    for letter, meaning in meanings.items():
        e = e.xreplace({letter: meaning})
    return e


@dataclass(frozen=True, slots=True)
class Positive:
    """An inequality between rational functions of positive letters.

    The difference, over one denominator, has only non-negative coefficients above and
    below; so it is non-negative wherever all letters are. A strict one needs a term that
    is there without ridge and noise, which may be 0, and for a single level.

    Examples
    --------
    >>> from sympy.abc import x
    >>> Positive()(Ge((1 + x) ** 2, 1 + x)).verdict
    <Verdict.CONFIRMED: 'confirmed'>
    """

    given: Mapping[Any, Any] = field(default_factory=dict)

    @property
    def how(self) -> str:
        """The way, in words."""
        return f"{PROVED}, by the signs of all coefficients"

    def __call__(self, statement: Basic) -> StepReport:
        """Look at the signs of all coefficients of the difference."""
        if statement in (S.true, S.false):
            return _constant(statement)
        left, right = (
            _carried_out(_replaced(side, self.given)) for side in statement.args
        )
        if isinstance(statement, Le | Lt):
            left, right = right, left
        elif not isinstance(statement, Ge | Gt):
            return StepReport(
                Verdict.INCONCLUSIVE, self.how, f"{statement} is no inequality"
            )
        difference = written(Add(left, -right))
        signs = _signs(difference)
        strict = isinstance(statement, Lt | Gt)
        if signs <= {0, 1} and (not strict or _never_zero(difference)):
            return StepReport(Verdict.CONFIRMED, self.how)
        if signs <= {0, -1}:
            return StepReport(
                Verdict.REFUTED, self.how, "the difference has the other sign"
            )
        place = _negative_at(difference)
        if place:
            return StepReport(
                Verdict.REFUTED, self.how, f"the difference is negative at {place}"
            )
        return StepReport(
            Verdict.INCONCLUSIVE, self.how, "the coefficients have both signs"
        )


PLACES = tuple(S(10) ** e for e in (0, -12, 12, -1, 1, -6, 6))
"""Values of letters, among them some so small and so large that limits show."""


def _negative_at(difference: Any) -> str:
    """Values of the letters at which a difference is negative, if a few have it so."""
    letters = sorted(difference.free_symbols, key=str)
    if difference.has(Sum) or len(letters) > 4:
        return ""
    for values in islice(product(PLACES, repeat=len(letters)), MOST_PLACES):
        at = dict(zip(letters, values, strict=True))
        if difference.xreplace(at).is_negative:
            return ", ".join(f"{x} = {value}" for x, value in at.items())
    return ""


def _signs(e: Any) -> set[int]:
    """Signs of e as far as coefficients decide; a Sum has the sign of its summand."""
    if e.has(Sum):
        return set().union(*(_signs(_summand(a)) for a in Add.make_args(e)))
    numerator, denominator = fraction(cancel(together(e)))
    if numerator == 0:
        return {0}
    above, below = _coefficient_signs(numerator), _coefficient_signs(denominator)
    return {a * b for a in above for b in below}


def _never_zero(e: Any) -> bool:
    """Whether a sum of terms that are not negative has one that cannot vanish."""
    for term in Add.make_args(e) if e.has(Sum) else (e,):
        limits = [limit for x in term.atoms(Sum) for limit in x.limits]
        bare = term.subs({ridge: 0, noise: 0})
        finite = not bare.has(nan, zoo, oo)
        full = all(low == 1 and high.is_Symbol for _, low, high in limits)
        if full and finite and bare != 0 and _signs(term) == {1}:
            return True
    return False


def _summand(term: Any) -> Any:
    sums = list(term.atoms(Sum))
    if len(sums) != 1:
        return term.doit()
    return term.xreplace({sums[0]: sums[0].function})


def _coefficient_signs(e: Any) -> set[int]:
    if not e.free_symbols:
        return {1 if e > 0 else -1}
    letters = sorted(e.free_symbols, key=str)
    return {1 if c > 0 else -1 for c in Poly(e, *letters).coeffs()}


@dataclass(frozen=True, slots=True)
class RationalLimit:
    """A limit of a rational function at 0 or ∞: cancel, then insert.

    Examples
    --------
    >>> from sympy.abc import x
    >>> RationalLimit()(Eq(Limit(x / (1 + x), x, oo), 1)).verdict
    <Verdict.CONFIRMED: 'confirmed'>
    """

    given: Mapping[Any, Any] = field(default_factory=dict)

    @property
    def how(self) -> str:
        """The way, in words."""
        return PROVED

    def __call__(self, statement: Basic) -> StepReport:
        """Carry out every limit, then compare."""
        if statement in (S.true, S.false):
            return _constant(statement)
        sides: Any = statement.args
        left, right = (
            side.replace(lambda a: isinstance(a, Limit), self._insert) for side in sides
        )
        if cancel(left - right) == 0:
            return StepReport(Verdict.CONFIRMED, PROVED)
        return StepReport(Verdict.REFUTED, PROVED, f"the limit is {left}, not {right}")

    def _insert(self, limit: Any) -> Any:
        e, x, point, _ = limit.args
        e = _replaced(e, self.given).replace(
            lambda a: isinstance(a, learnability | unlearned), lambda a: a.definition
        )
        if point == oo:
            e, point = e.subs(x, 1 / x), 0
        return cancel(together(e)).subs(x, point)


def _constant(statement: Basic) -> StepReport:
    return StepReport(
        Verdict.CONFIRMED if statement == S.true else Verdict.REFUTED, PROVED
    )
