"""Means over the symmetries of the square, and over all data sets on it, in fractions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, permutations, product
from random import Random
from typing import Any

from sympy import Basic, Function, Matrix, Rational, eye

from theory.choice.floor import learned
from theory.data_set.symbols import Rotation, g, power, v
from theory.derivations.checks.evaluation import Point, evaluate
from theory.derivations.checks.random_identities import COMPARE
from theory.derivations.checks.random_problems import draw, regression
from theory.derivations.steps.step import StepReport
from theory.notation import i, j, levels, noise
from theory.notation import test_mse as E
from theory.verdict import Verdict

CORNERS = tuple(product((1, -1), repeat=2))
SETS = ((), (0,), (1,), (0, 1))
LEVELS = (0, 1, 1, 2)
WALSH = Matrix([[(x[0] if 0 in S else 1) * (x[1] if 1 in S else 1) for S in SETS]
                for x in CORNERS])  # fmt: skip
"""The orthonormal parities of the square, [corner, mode]."""


class group_mean(Function):
    """The mean over all symmetries U of the domain of a number that depends on U."""

    nargs = 1
    is_commutative = True

    def _latex(self, printer, exp=None):
        body = rf"\mathbb{{E}}_U\left[{printer._print(self.args[0])}\right]"
        return body if exp is None else f"{body}^{{{exp}}}"


def symmetries() -> list[list[list[Fraction]]]:
    """The eight symmetries of the square as matrices that act on the four parities.

    Examples
    --------
    >>> len(symmetries())
    8
    """
    found = []
    for order, signs in product(permutations(range(2)), CORNERS):
        rows = [[Fraction(0)] * 4 for _ in SETS]
        for column, S in enumerate(SETS):
            moved = tuple(sorted(order[b] for b in S))
            sign = 1
            for b in S:
                sign *= signs[b]
            rows[SETS.index(moved)][column] = Fraction(sign)
        found.append(rows)
    return found


@dataclass(frozen=True, slots=True)
class OverSymmetries:
    """An equation with a mean over the symmetries of the square, for all i and j."""

    draws: int = 2

    @property
    def how(self) -> str:
        """Where, and on how many functions."""
        return f"proved on the square for {self.draws} random functions, in fractions"

    def __call__(self, statement: Basic) -> StepReport:
        """Evaluate both sides, the left one at every symmetry."""
        compare = COMPARE.get(statement.func)
        if compare is None:
            return StepReport(
                Verdict.INCONCLUSIVE, self.how, f"{statement} is no relation"
            )
        random = Random("square")
        for _ in range(self.draws):
            at = _function(regression(random, Fraction, (2, 4)))
            for places in product(range(1, 5), repeat=2):
                sides = [
                    _mean(side, at, dict(zip((i, j), places, strict=True)))
                    for side in statement.args
                ]
                if not compare(*sides):
                    detail = f"modes {places}: {sides[0]} and {sides[1]}"
                    return StepReport(Verdict.REFUTED, self.how, detail)
        return StepReport(Verdict.CONFIRMED, self.how)


def _function(at: Point) -> Point:
    """Powers and multiplicities of the levels of a random function's modes."""
    own = [row[0] for row in at.matrices[v]]
    numbers = dict(at.numbers)
    for place, level in enumerate(LEVELS, 1):
        same = [x for x, k in zip(own, LEVELS, strict=True) if k == level]
        numbers[power, place] = sum((x * x for x in same), Fraction(0))
        numbers[g, place] = Fraction(len(same))
    return replace(at, numbers=numbers, seen={})


def _mean(side: Any, at: Point, places: dict[Any, int]) -> Fraction:
    """A side with its means carried out, symmetry by symmetry."""
    total, turns = Fraction(0), symmetries() if side.has(group_mean) else [None]
    body = side.replace(group_mean, lambda inner: inner)
    for U in turns:
        here = at
        if U is not None:
            here = replace(at, matrices={**at.matrices, Rotation: U}, seen={})
        value: Any = evaluate(body, here, places)
        total += value.value
    return total / len(turns)


Rule = Callable[[Sequence[int]], Matrix]
"""Data, by corner → weights [corner, datum]."""


def kernel_rule(eigenvalues: Sequence[Any], ridge: Any) -> Rule:
    """Ridge regression with one eigenvalue for each level."""
    values = Matrix.diag(*(eigenvalues[k] for k in LEVELS))
    K = WALSH * values * WALSH.T

    def weights(data: Sequence[int]) -> Matrix:
        inner = K.extract(list(data), list(data)) + ridge * eye(len(data))
        return K.extract(list(range(4)), list(data)) * inner.inv()

    return weights


def nearest_neighbor(data: Sequence[int]) -> Matrix:
    """The label of the nearest point, ties averaged."""
    rows = []
    for x in CORNERS:
        far = [sum(a != b for a, b in zip(x, CORNERS[c], strict=True)) for c in data]
        near = [m == min(far) for m in far]
        rows.append([Rational(int(one), sum(near)) for one in near])
    return Matrix(rows)


def smoothing(data: Sequence[int]) -> Matrix:
    """A weighted mean of labels, with weights that halve with each step."""
    rows = []
    for x in CORNERS:
        far = [sum(a != b for a, b in zip(x, CORNERS[c], strict=True)) for c in data]
        total = sum(Rational(1, 2**m) for m in far)
        rows.append([Rational(1, 2**m) / total for m in far])
    return Matrix(rows)


def mean_error(rule: Rule, target: Matrix, n: int, noise: Any) -> Any:
    """E |f − f̂|² + σ² over all sets of n corners, exactly.

    Examples
    --------
    >>> mean_error(nearest_neighbor, Matrix([0, 1, 0, 0]), 4, 0)
    0
    """
    values, total = WALSH * target, Rational(0)
    sets = list(combinations(range(4), n))
    for data in sets:
        W = rule(data)
        left = values - W * values.extract(list(data), [0])
        total += ((left.T * left)[0] + noise * (W * W.T).trace()) / 4
    return total / len(sets) + noise


def _mean_learned(eigenvalues: Sequence[Any], ridge: Any, n: int) -> list[Any]:
    """Mean learnability of each level over all data sets and its modes."""
    rule, sets = kernel_rule(eigenvalues, ridge), list(combinations(range(4), n))
    found = [Rational(0)] * 3
    for data in sets:
        T = WALSH.T * rule(data) * WALSH.extract(list(data), list(range(4))) / 4
        for mode, k in enumerate(LEVELS):
            found[k] += T[mode, mode] / (LEVELS.count(k) * len(sets))
    return found


@dataclass(frozen=True, slots=True)
class OnAllDataSets:
    """A bound on the mean error of equivariant rules, on all data sets of the square.

    Rules are regression with random kernels and ridges, nearest neighbor, smoothing, and
    regression with the best kernel, for which the bound is an equality.
    """

    draws: int = 2

    @property
    def how(self) -> str:
        """On how many problems."""
        count = 3 * self.draws
        return (
            f"sampled: {count} problems on all data sets of the square, four rules each"
        )

    def __call__(self, statement: Basic) -> StepReport:
        """Compare the bound with every rule's mean error."""
        compare = COMPARE.get(statement.func)
        if compare is None:
            return StepReport(
                Verdict.INCONCLUSIVE, self.how, f"{statement} is no relation"
            )
        random = Random("data sets of the square")
        some = lambda: Rational(str(draw(random, Fraction)))
        for n, turn in product((1, 2, 3), range(self.draws)):
            # errors below 1 and above
            unit = Rational(1, 100) if turn % 2 else Rational(1)
            f, sigma = Matrix([some() * unit for _ in SETS]), some() * unit**2
            powers = [
                sum((x**2 for x, k in zip(f, LEVELS, strict=True) if k == level),
                    Rational(0))
                for level in range(3)
            ]  # fmt: skip
            best = [p / LEVELS.count(k) for k, p in enumerate(powers)]
            rules = (
                kernel_rule(best, sigma),
                kernel_rule([some() for _ in best], some()),
                nearest_neighbor,
                smoothing,
            )
            known = _mean_learned(best, sigma, n)
            for rule in rules:
                values: dict[Any, Any] = {
                    E: mean_error(rule, f, n, sigma),
                    noise: sigma,
                }
                sides = [
                    _number(side, values, powers, known) for side in statement.args
                ]
                if not compare(*sides):
                    detail = f"n = {n}, target {list(f)}: {sides[0]} and {sides[1]}"
                    return StepReport(Verdict.REFUTED, self.how, detail)
        return StepReport(Verdict.CONFIRMED, self.how)


def _number(side: Any, values: dict[Any, Any], powers: Any, known: Any) -> Any:
    listed = {power[k + 1]: x for k, x in enumerate(powers)}
    listed |= {learned[k + 1]: x for k, x in enumerate(known)}
    return side.subs(levels, 3).doit().xreplace({**values, **listed})
