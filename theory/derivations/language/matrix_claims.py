"""Statements about one data set: proved modulo a prime, refuted by a small data set."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from sympy import Eq, Idx, Indexed, MatrixSymbol, Rational, Sum

from theory.data_set.conservation import Phi
from theory.data_set.symbols import C_D, L_D, entry, lam, ridge, scalar, sign_mean
from theory.derivations.checks import exact_fields
from theory.derivations.checks.evaluation import Point, evaluate
from theory.derivations.checks.exact_fields import Field
from theory.derivations.checks.random_identities import (
    COMPARE,
    ModularIdentity,
    Sampled,
)
from theory.derivations.checks.random_problems import LOCAL, regression
from theory.derivations.workbench.claims import JudgedStatement
from theory.derivations.workbench.premises import Premises
from theory.errors import NotEvaluable
from theory.notation import i
from theory.verdict import Verdict

SMALL = ((1, 1), (1, 2), (2, 2), (2, 3), (2, 4))
DRAWS = 40
HEADS = (MatrixSymbol, entry, scalar, sign_mean)


def about_a_data_set(statement: Any) -> bool:
    """Whether a statement holds matrices of a data set, or its learnabilities.

    Examples
    --------
    >>> about_a_data_set(Eq(L_D(i), 1)), about_a_data_set(Eq(lam[i], 1))
    (True, False)
    """
    if statement.has(*HEADS):
        return True
    return any(a.func in (L_D, C_D) for a in statement.atoms(L_D, C_D))


def judged_on_data(
    statement: Any, given: Premises, means: Mapping[Any, Any]
) -> JudgedStatement:
    """The verdict on a statement about one data set.

    An equation is proved for its sizes modulo a prime; an inequality that no problem
    refutes stays open, since only problems were tried.
    """
    try:
        numbers = _numbers(given)
    except NotEvaluable as error:
        return JudgedStatement(statement, Verdict.INCONCLUSIVE, "not read", str(error))

    def problem(random: Random, field: Field, size: tuple[int, int]) -> Point:
        return _put(regression(random, field, size), numbers)

    hidden = frozenset(x for x in means if isinstance(x, MatrixSymbol))
    small = _smallest(statement, numbers, means)
    if small:
        how = "on a small data set"
        return JudgedStatement(statement, Verdict.REFUTED, how, small)
    if isinstance(statement, Eq):
        found = ModularIdentity(problem, means, hidden=hidden)(statement)
        return JudgedStatement(statement, found.verdict, found.how, found.detail)
    found = Sampled(problem, means)(statement)
    open_ = found.verdict == Verdict.CONFIRMED
    verdict = Verdict.INCONCLUSIVE if open_ else found.verdict
    return JudgedStatement(statement, verdict, found.how, found.detail)


def _numbers(given: Premises) -> dict[Any, Any]:
    """Values of the ridge and the eigenvalues that are given."""
    found = {}
    for x, value in given.facts.items():
        known = x == ridge or (isinstance(x, Indexed) and x.base == lam)
        if not known or not isinstance(value, Rational):
            raise NotEvaluable(
                f"{x} = {value} is not used in statements about one data set"
            )
        found[x] = value
    return found


def _put(point: Point, numbers: Mapping[Any, Any]) -> Point:
    values = dict(point.numbers)
    for x, value in numbers.items():
        number = exact_fields.constant(point.field, int(value.p), int(value.q))
        keys = [
            k for k in values if isinstance(k, tuple) and k[0] == getattr(x, "base", 0)
        ]
        values |= dict.fromkeys(keys if isinstance(x, Indexed) else [x], number)
    return replace(point, numbers=values, seen={})


def _smallest(statement: Any, numbers: Any, means: Any) -> str:
    """The smallest data set found on which a statement fails, in words."""
    compare = COMPARE.get(statement.func)
    if compare is None:
        return ""
    bound = {limit[0] for total in statement.atoms(Sum) for limit in total.limits}
    local = LOCAL | {x for x in means if isinstance(x, MatrixSymbol)}
    indexed = {i} if statement.atoms(MatrixSymbol) & local else set()
    free = sorted((statement.atoms(Idx) | indexed) - bound, key=str)
    for size in SMALL:
        random = Random(f"small {size}")
        for _ in range(DRAWS if size[1] < 3 else 6):
            try:
                point = _put(_plain(random, size), numbers)
                point = replace(point, means={**point.means, **means}, local=local)
                for values in product(range(1, size[1] + 1), repeat=len(free)):
                    at = dict(zip(free, values, strict=True))
                    left, right = (
                        _value(evaluate(e, point, at)) for e in statement.args
                    )
                    if not compare(left, right):
                        return _words(point, size, at, left, right)
            except ZeroDivisionError:
                continue
            except NotEvaluable:
                return ""
    return ""


def _plain(random: Random, size: tuple[int, int]) -> Point:
    """A problem of small whole numbers."""
    point = regression(random, Fraction, size)
    values = {k: Fraction(random.choice((1, 1, 2, 3))) for k in point.numbers}
    rows = [
        [Fraction(random.choice((1, 1, -1, 2, 0))) for _ in range(size[1])]
        for _ in range(size[0])
    ]
    return replace(
        point, numbers=values, matrices={**point.matrices, Phi: rows}, seen={}
    )


def _value(value: Any) -> Any:
    if hasattr(value, "value"):
        return value.value
    return [[x.value for x in row] for row in value]


def _words(point: Point, size: Any, at: Any, left: Any, right: Any) -> str:
    rows = "; ".join(" ".join(map(str, row)) for row in point.matrices[Phi])
    values = ", ".join(str(point.numbers[lam, k]) for k in range(1, size[1] + 1))
    parts = [f"n = {size[0]}, N = {size[1]}", f"Φ = [{rows}]", f"λ = ({values})"]
    parts.append(f"δ = {point.numbers[ridge]}")
    parts += [f"{index} = {k}" for index, k in at.items()]
    shown = [str(x) if not isinstance(x, list) else _matrix(x) for x in (left, right)]
    return f"{', '.join(parts)}: {' and '.join(shown)}"


def _matrix(rows: Any) -> str:
    return "[" + "; ".join(" ".join(map(str, row)) for row in rows) + "]"
