"""The verdict on a statement: exact points can refute it, normal forms can prove it."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

from sympy import (
    Add,
    Eq,
    Ge,
    Gt,
    Idx,
    Indexed,
    Integer,
    Le,
    Limit,
    Lt,
    Sum,
    Symbol,
    expand_log,
    log,
    nan,
    oo,
    zoo,
)
from sympy.core.relational import Relational
from sympy.polys.polyerrors import PolynomialError

from theory.constant import level_sums
from theory.derivations.checks.symbolic import PROVED
from theory.derivations.workbench.claims import JudgedStatement
from theory.derivations.workbench.letters import read
from theory.derivations.workbench.points import ExactPoint, drawn, shrunk
from theory.derivations.workbench.premises import BASES, Premises
from theory.derivations.workbench.signs import signs
from theory.derivations.workbench.squares import sum_of_squares
from theory.eigenvalues.algebra.equality import identical
from theory.errors import EngineError, OutOfDomain
from theory.notation import d, i, k, levels, modes, ridge
from theory.verdict import Verdict

FAILURES = (EngineError, ArithmeticError, PolynomialError, TypeError, ValueError)
EQUATION_POINTS = 30
INEQUALITY_POINTS = 160
ATTEMPTS = 40
"""Draws for one point, where conditions turn most of them down."""
HOPELESS = 400
"""Draws after which there is no point to be found, where none was."""
SURE = Integer(10) ** -25
DIGITS = 60
ROUNDS = 4
FACTORS = tuple(Integer(2) ** e for e in (-7, -2, -1, 1, 2, 7))


def proved_equal(a: Any, b: Any, given: Iterable[Any] = ()) -> JudgedStatement:
    """Whether two formulas are equal for every spectrum, target, ridge and noise.

    Parameters
    ----------
    a, b
        Formulas, names of formulas, or expressions in the letters of ``notation``.
        C is the constant, E₀, B, V and E mean what the theory says.
    given
        Equations and inequalities under which they are compared: ``Eq(ridge, 0)``.

    Returns
    -------
    JudgedStatement
        Confirmed (and true) where it is proved; refuted with a counterexample that was
        made as small as possible; inconclusive where neither succeeded.

    Raises
    ------
    OutOfDomain
        When one of them is no formula.

    Examples
    --------
    >>> from theory.notation import overfitting as E0, bias as B, noise
    >>> print(proved_equal("variance", (E0 - 1) * (B + noise)).verdict)
    confirmed
    >>> print(proved_equal("test_mse", "bias").proof())
    refuted, at an exact point: fails at λ = (1), g = (1), v² = (1), C = 1, δ = 1, \
σ² = 1: 3/2 and 1/4
    """
    return judged(Eq(read(a), read(b), evaluate=False), given)


def judged(statement: Any, given: Iterable[Any] | Premises = ()) -> JudgedStatement:
    """The verdict on an equation or an inequality, under what is given."""
    if statement in (True, False):
        verdict = Verdict.CONFIRMED if statement else Verdict.REFUTED
        return JudgedStatement(statement, verdict, "by SymPy")
    if not isinstance(statement, Relational):
        raise OutOfDomain(f"statement = {statement} is no equation and no inequality")
    premises = given if isinstance(given, Premises) else Premises.of(given)
    try:
        own = [premises.in_own_letters(side) for side in statement.args]
        always = ridge in premises.facts or premises.knows_C(*own)
        sides = tuple(premises.closed(side, always=always) for side in own)
    except FAILURES as error:
        return JudgedStatement(statement, Verdict.INCONCLUSIVE, "not read", str(error))
    search = _Counterexamples(statement, sides, premises)
    found = search.counterexample()
    if found is not None:
        values = " and ".join(str(_shown(search.at(found, e))) for e in sides)
        where = f"{found.text()}: {values}"
        return JudgedStatement(statement, Verdict.REFUTED, "at an exact point", where)
    how = _proof(statement, sides, search.letters)
    if how and statement.has(Limit):
        how = f"{PROVED}, by series around the limit that agree with the formula beside it"
    if how and (search.tried or sides[0] == sides[1]):
        return JudgedStatement(statement, Verdict.CONFIRMED, how)
    points = f"no counterexample at {search.tried} exact points, and no proof"
    return JudgedStatement(statement, Verdict.INCONCLUSIVE, points)


def agreeing_points(a: Any, b: Any) -> int:
    """At how many exact points two expressions agree; 0 where they differ at one."""
    statement, given = Eq(a, b, evaluate=False), Premises()
    sides = tuple(given.closed(e, always=True) for e in (a, b))
    search = _Counterexamples(statement, sides, given)
    return search.tried if search.counterexample() is None else 0


def _proof(statement: Any, sides: Any, letters: set[Any]) -> str:
    """How the statement is proved, or nothing."""
    left, right = sides
    if isinstance(statement, Eq):
        return _equality(left, right)
    if isinstance(statement, Le | Lt):
        left, right = right, left
    difference = Add(left, -right)
    strict = isinstance(statement, Lt | Gt)
    if all(x.is_nonnegative for x in letters) and _by_signs(difference, strict=strict):
        return f"{PROVED}, by the signs of all coefficients"
    try:
        squares = "" if strict else sum_of_squares(difference)
    except FAILURES:
        squares = ""
    return f"{PROVED}, {squares}" if squares else ""


def _by_signs(difference: Any, *, strict: bool) -> bool:
    try:
        if not strict:
            return signs(difference) <= {0, 1}
        # a letter that may be 0 must not be what makes the difference
        zero = {x: Integer(0) for x in _may_vanish(difference)}
        return signs(difference) == {1} == signs(difference.xreplace(zero))
    except FAILURES:
        return False


def _may_vanish(e: Any) -> set[Any]:
    found = {x for x in e.atoms(Symbol, Indexed) if x.is_positive is not True}
    labels = {x.label for x in e.atoms(Idx)}
    return {x for x in found - labels if not isinstance(x, Idx)}


def _equality(left: Any, right: Any) -> str:
    if left == right:
        return f"{PROVED}: both sides are the same"
    if {k, d} & (left.free_symbols | right.free_symbols):
        try:
            if identical(left, right, k, d):
                return f"{PROVED}, for all levels and dimensions"
        except FAILURES:
            pass
    difference = Add(left, -right)
    if difference.has(log):
        difference = expand_log(difference)
    try:
        if level_sums.vanishes(difference):
            return f"{PROVED}, by partial fractions of every sum over levels"
    except FAILURES:
        pass
    return ""


class _Counterexamples:
    """Points at which a statement may fail."""

    def __init__(self, statement: Any, sides: tuple[Any, Any], given: Premises) -> None:
        self.statement, self.sides, self.given = statement, sides, given
        self.conditions = tuple(
            c.func(*(given.closed(x, always=True) for x in c.args), evaluate=False)
            for c in given.conditions
        )
        self.solved = {
            x: given.closed(x, always=True) for x in given.solved if x.is_nonnegative
        }
        read_from = [*sides, *(a for c in self.conditions for a in c.args)]
        read_from += self.solved.values()
        free: set[Any] = set()
        for e in read_from:
            free |= e.free_symbols
        self.bases = {a.base for e in read_from for a in e.atoms(Indexed)} | BASES
        labels = {base.label for base in self.bases}
        self.indices = sorted({x for x in free if isinstance(x, Idx)}, key=str)
        self.letters = {
            x
            for x in free
            if isinstance(x, Symbol)
            and not isinstance(x, Idx)
            and x not in labels
            and x not in {levels}
        }
        counted = any(e.has(Sum, Indexed) for e in read_from)
        if counted:
            self.letters -= {modes}
        self.tried = 0

    def counterexample(self) -> ExactPoint | None:
        """A point at which the statement fails, made small; or None."""
        random = Random(f"{self.statement}")
        equation = isinstance(self.statement, Eq)
        wanted = EQUATION_POINTS if equation else INEQUALITY_POINTS
        near: list[tuple[Any, int, ExactPoint]] = []
        missed = 0
        for _ in range(wanted * ATTEMPTS):
            if self.tried >= wanted:
                break
            point = drawn(random, self.letters, self.bases, self.indices)
            gap = self._gap(point)
            if gap is None:
                missed += 1
                if not self.tried and missed > HOPELESS:
                    break
                continue
            self.tried += 1
            if self._bad(gap):
                return shrunk(point, self._fails)
            if not equation:
                near.append((gap, self.tried, point))
        near.sort(key=lambda entry: entry[:2])
        for _, _, point in near[:ROUNDS]:
            found = self._descended(point)
            if found is not None:
                return shrunk(found, self._fails)
        return None

    def _descended(self, point: ExactPoint) -> ExactPoint | None:
        """Letters are changed one by one while an inequality becomes tighter."""
        best = self._gap(point)
        for _ in range(3):
            for changed in _neighbours(point):
                gap = self._gap(changed)
                if gap is None:
                    continue
                self.tried += 1
                if self._bad(gap):
                    return changed
                if gap < best:
                    point, best = changed, gap
        return None

    def at(self, point: ExactPoint, e: Any) -> Any:
        """The value of an expression at a point."""
        return point.value(e)

    def _fails(self, point: ExactPoint) -> bool:
        gap = self._gap(point)
        return gap is not None and self._bad(gap)

    def _bad(self, gap: Any) -> bool:
        if isinstance(self.statement, Eq):
            return bool(gap != 0)
        strict = isinstance(self.statement, Lt | Gt)
        return bool(gap <= 0 if strict else gap < 0)

    def _gap(self, point: ExactPoint) -> Any:
        """How far the sides are apart, relatively; None where the point is none."""
        try:
            if not all(self._holds(c, point) for c in self.conditions):
                return None
            for x, value in self.solved.items():
                least = point.value(value)
                if not (least > 0 if x.is_positive else least >= 0):
                    return None
            left, right = (point.value(e) for e in self.sides)
        except FAILURES:
            return None
        if any(v.has(nan, zoo, oo, -oo) or v.free_symbols for v in (left, right)):
            return None
        if isinstance(self.statement, Ge | Gt):
            left, right = right, left
        return _number(left, right)

    def _holds(self, condition: Any, point: ExactPoint) -> bool:
        left, right = (point.value(e) for e in condition.args)
        return condition.func(left, right) == True  # noqa: E712


def _number(left: Any, right: Any) -> Any:
    """What right − left is, over their size: exact where rational, 0 where it cannot be told."""
    if left.is_Rational and right.is_Rational:
        size = abs(left) + abs(right)
        return (right - left) / size if size else Integer(0)
    low, high = left.evalf(DIGITS), right.evalf(DIGITS)
    if not (low.is_real and high.is_real):
        return None
    gap, size = high - low, abs(low) + abs(high)
    return Integer(0) if abs(gap) <= SURE * size else gap / size


def _neighbours(point: ExactPoint) -> Iterable[ExactPoint]:
    for x, value in point.letters.items():
        for factor in FACTORS:
            if not x.is_integer:
                yield replace(point, letters={**point.letters, x: value * factor})
    for place, row in enumerate(point.rows):
        for base, value in row.items():
            for factor in FACTORS:
                if not base[i].is_integer or factor > 1:
                    rows = list(point.rows)
                    rows[place] = {**row, base: value * factor}
                    yield replace(point, rows=tuple(rows))


def _shown(value: Any) -> Any:
    return value if value.is_Rational else value.evalf(6)
