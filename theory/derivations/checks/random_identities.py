"""Checks on random problems: identities modulo a prime, inequalities in fractions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from random import Random
from types import MappingProxyType
from typing import Any

from sympy import Basic, Eq, Ge, Gt, Idx, Le, Lt, MatrixSymbol, S, Sum

from theory.derivations.checks.evaluation import Point, evaluate
from theory.derivations.checks.exact_fields import Field, FieldDualNumber, Residue
from theory.derivations.checks.random_problems import EDGES, LOCAL, regression
from theory.derivations.steps.step import StepReport
from theory.errors import NotEvaluable
from theory.notation import i
from theory.verdict import Verdict

Problem = Callable[[Random, Field, tuple[int, int]], Point]
Edge = Callable[[Point], Point]
SIZES = ((2, 4), (3, 6))
DRAWS = 2
ATTEMPTS = 50
COMPARE: dict[Any, Callable[[Any, Any], bool]] = {
    Eq: lambda a, b: a == b,
    Le: lambda a, b: a <= b,
    Ge: lambda a, b: a >= b,
    Lt: lambda a, b: a < b,
    Gt: lambda a, b: a > b,
}


@dataclass(frozen=True, slots=True)
class ModularIdentity:
    """An equation holds for every problem of the given sizes, up to a tiny probability.

    It is tested modulo 2^61 − 1 at random points, for all values of its free indices.

    Both sides are rational functions of what is drawn, of degree far below 2^30; two
    independent draws modulo p = 2^61 − 1 leave a false one less than 2^−50.

    Examples
    --------
    >>> from sympy import Eq, Trace
    >>> from theory.data_set.symbols import K, R, S, Lam
    >>> print(ModularIdentity()(Eq(Trace(Lam * S), 2 * Trace(K * R))).verdict)
    refuted
    """

    problem: Problem = regression
    means: Mapping[Any, Any] = field(default_factory=dict)
    sizes: tuple[tuple[int, int], ...] = SIZES
    hidden: frozenset[Any] = frozenset()

    @property
    def how(self) -> str:
        """For which sizes, and up to which probability."""
        listed = ", ".join(str(size) for size in self.sizes)
        return f"proved for (n, M) = {listed} up to 2^-50"

    def __call__(self, statement: Basic) -> StepReport:
        """Evaluate both sides at random points modulo p."""
        if not isinstance(statement, Eq):
            return _not_a_relation(statement, self.how)
        return _try(
            statement,
            self.how,
            self.problem,
            self.means,
            self.sizes,
            Residue,
            hidden=self.hidden,
        )


@dataclass(frozen=True, slots=True)
class Sampled:
    """A relation holds, in exact fractions, on random problems; no more is claimed.

    Every problem is tried again at its ``edges``, where an inequality becomes an
    equality: a sharper one fails there, however little sharper it is.

    Examples
    --------
    >>> from sympy import Le
    >>> from theory.data_set.symbols import L_D, samples, modes
    >>> total = Sum(L_D(i), (i, 1, modes))
    >>> [Sampled()(Le(total, samples * x)).verdict for x in (1, 1 - S(1) / 10**6)]
    [<Verdict.CONFIRMED: 'confirmed'>, <Verdict.REFUTED: 'refuted'>]
    """

    problem: Problem = regression
    means: Mapping[Any, Any] = field(default_factory=dict)
    sizes: tuple[tuple[int, int], ...] = SIZES
    draws: int = 8
    at: Mapping[Any, int] = field(default_factory=dict)
    edges: tuple[Edge, ...] = EDGES

    @property
    def how(self) -> str:
        """On how many problems."""
        count = self.draws * len(self.sizes)
        return (
            f"sampled: {count} problems in exact fractions, each with "
            f"{len(self.edges)} cases of equality or close to it"
        )

    def __call__(self, statement: Basic) -> StepReport:
        """Compare both sides on random rational problems."""
        return _try(
            statement,
            self.how,
            self.problem,
            self.means,
            self.sizes,
            Fraction,
            draws=self.draws,
            at=self.at,
            edges=self.edges,
        )


def _try(
    statement: Basic,
    how: str,
    problem: Problem,
    means: Mapping[Any, Any],
    sizes: tuple[tuple[int, int], ...],
    field: Field,
    *,
    draws: int = DRAWS,
    hidden: frozenset[Any] = frozenset(),
    at: Mapping[Any, int] = MappingProxyType({}),
    edges: tuple[Edge, ...] = (),
) -> StepReport:
    compare = COMPARE.get(statement.func)
    if compare is None:
        return _not_a_relation(statement, how)
    for size in sizes:
        random = Random(f"{size}")
        cases = [edge for _ in range(draws) for edge in (_as_drawn, *edges)]
        for draw, edge in enumerate(cases):
            try:
                pairs = _sides(
                    statement, problem, means, random, field, size, hidden, at, edge
                )
            except NotEvaluable as error:
                return StepReport(Verdict.INCONCLUSIVE, how, str(error))
            if not all(compare(left, right) for left, right in pairs):
                return StepReport(
                    Verdict.REFUTED, how, f"fails at (n, M) = {size}, draw {draw + 1}"
                )
    return StepReport(Verdict.CONFIRMED, how)


def _sides(
    statement: Basic,
    problem: Problem,
    means: Mapping[Any, Any],
    random: Random,
    field: Field,
    size: tuple[int, int],
    hidden: frozenset[Any],
    at: Mapping[Any, int],
    edge: Edge,
) -> list[tuple[Any, Any]]:
    """Both sides at one random point, for all values of the free indices."""
    local = LOCAL | hidden
    indexed = {i} if statement.atoms(MatrixSymbol) & local else set()
    free = sorted((statement.atoms(Idx) | indexed) - _bound(statement), key=str)
    for _ in range(ATTEMPTS):
        try:
            point = edge(problem(random, field, size))
            point = replace(point, means={**point.means, **means}, local=local)
            return [
                tuple(
                    _values(evaluate(side, point, dict(zip(free, values, strict=True))))
                    for side in statement.args
                )
                for values in product(range(1, size[1] + 1), repeat=len(free))
                if all(
                    value == at.get(x, value)
                    for x, value in zip(free, values, strict=True)
                )
            ]
        except ZeroDivisionError:
            continue
    raise NotEvaluable(f"{statement} has a pole at every point tried")


def _as_drawn(point: Point) -> Point:
    return point


def _bound(statement: Basic) -> set[Basic]:
    return {limit[0] for total in statement.atoms(Sum) for limit in total.limits}


def _values(value: Any) -> Any:
    if isinstance(value, FieldDualNumber):
        return value.value
    return [[x.value for x in row] for row in value]


def _not_a_relation(statement: Basic, how: str) -> StepReport:
    verdict = Verdict.REFUTED if statement is S.false else Verdict.INCONCLUSIVE
    return StepReport(verdict, how, f"{statement} is not a relation this check reads")
