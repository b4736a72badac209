"""How a letter approaches its limit: which small y carries everything, and a check there."""

from dataclasses import dataclass
from random import Random
from typing import Any

from sympy import Dummy, Indexed, Integer, Rational, Symbol, oo, sympify

from theory import notation
from theory.constant.implicit.moments import Moment
from theory.constant.level_sums import total, written
from theory.derivations.workbench.letters import expanded, samples
from theory.derivations.workbench.points import drawn
from theory.errors import Disagreement, NotEvaluable
from theory.notation import C, i, modes, n, ridge

g: Any = notation.g
y = Dummy("y", positive=True)
DIGITS = 400
NEAR = Rational(1, 10**40)
CLOSE = Rational(1, 10**12)
LARGE = 10**8


@dataclass(frozen=True, slots=True)
class Approach:
    """How a letter approaches its limit.

    Attributes
    ----------
    of_y
        C as a function of the small y.
    replaced
        Letters as functions of C and the others: the equation for C is in here.
    small
        The small quantity, in the letter.
    in_y
        The same as a function of y.
    root
        1 where ``small`` is linear in y, 2 where it is quadratic.
    says
        The limit in words.
    """

    of_y: Any
    replaced: Any
    small: Any
    in_y: Any
    root: int
    says: str


def approach(x: Any, point: Any, regime: str) -> Approach | None:
    """The approach of n or the ridge to a point; ``regime``: n = N or n > N."""
    learned = samples({ridge: Integer(0)})
    any_ridge = samples({})
    if x == n and point == 0:
        return Approach(1 / y, {n: any_ridge}, n, any_ridge, 1, "n → 0")
    if x == n and point in ("N", modes):
        given = {ridge: Integer(0), n: learned}
        small = total(g[i]) - learned
        return Approach(y, given, modes - n, small, 1, "n → N without ridge")
    if x == n and point == oo:
        small = 1 / (any_ridge - modes)
        says = "n → ∞ at a ridge δ > 0, N finite"
        return Approach(y, {n: any_ridge}, 1 / (n - modes), small, 1, says)
    if x == ridge and point == oo:
        value = C * (n - learned)
        return Approach(1 / y, {ridge: value}, 1 / ridge, 1 / value, 1, "δ → ∞")
    if x == ridge and point == 0 and regime == ">":
        value = C * (n - learned)
        return Approach(y, {ridge: value}, ridge, value, 1, "δ → 0 with n > N")
    if x == ridge and point == 0 and regime == "=":
        value = C * (modes - learned)
        given = {n: modes, ridge: value}
        return Approach(y, given, ridge, value, 2, "δ → 0 at n = N")
    return None


def beside_the_limit(e: Any, found: Approach, result: Any, order: int) -> str:
    """Compare a formula at an exact point beside the limit with the series found.

    Raises
    ------
    Disagreement
        When they are further apart than what is left out.
    """
    letters = {
        x for x in (e.free_symbols | result.free_symbols) if isinstance(x, Symbol)
    }
    labels = {a.base.label for a in (e + 1).atoms(Indexed)}
    letters -= {n, C, y, notation.levels, modes, *found.replaced, *labels}
    bases = {a.base for a in e.atoms(Indexed)} | {notation.lam, g, notation.power}
    indices = [x for x in (notation.i, notation.j) if x in e.free_symbols]
    point = drawn(Random(f"{result}"), letters | {ridge, n}, bases, indices)

    def at(expression: Any) -> Any:
        for x, value in found.replaced.items():
            expression = expression.xreplace({x: value})
        expression = expression.replace(
            lambda a: isinstance(a, Moment), lambda a: a.definition
        )
        beside = written(expression).xreplace({C: found.of_y}).xreplace({y: NEAR})
        return point.value(beside).evalf(DIGITS)

    try:
        true, said, small = at(expanded(e)), at(sympify(result)), at(found.small)
    except (NotEvaluable, ArithmeticError, TypeError, ValueError):
        return "no exact point beside the limit was found"
    if result in (oo, -oo):
        good = true * (1 if result == oo else -1) > LARGE
    else:
        good = abs(true - said) <= CLOSE * abs(small) ** order * (1 + abs(said))
    if not good:
        raise Disagreement(
            f"{found.says}: {true.n(15)} beside the limit, not {said.n(15)}"
        )
    return "agrees with the formula at an exact point beside the limit"
