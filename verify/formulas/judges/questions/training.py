"""Judges of the two-ridge formulas and of conservation in time, in ℚ.

Two constants are chosen first; the ridges at which they solve the implicit equation
follow without a root. Sums over levels are written out, slopes are power series.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_series

from theory import notation
from theory.formula import Formula
from theory.training import filtered_regression as filtered
from theory.training import online
from theory.training import two_ridges as letters
from verify.exact.laws.filters import RUNS, cases, filter_conserved
from verify.exact.problems.random_problems import positive
from verify.exact.testing.choices import Choose
from verify.exact.testing.law import Law
from verify.formulas.registry import by_values, judge, law_of


@dataclass(frozen=True)
class TwoConstants:
    """Levels (λ, g, v²), n, two different constants and label noise."""

    levels: tuple[tuple[fmpq, int, fmpq], ...]
    n: fmpq
    first: fmpq
    second: fmpq
    noise: fmpq

    def total(self, term: Callable[[fmpq, int, fmpq], Any]) -> Any:
        """A sum over levels."""
        return sum((term(*level) for level in self.levels), fmpq(0))

    def ridge(self, c: Any) -> Any:
        """The ridge at which C is c: n less the learned modes, times c."""
        return (self.n - self.total(lambda x, g, _: g * x / (x + c))) * c

    def slope(self, of: Callable[[Any], Any]) -> fmpq:
        """The derivative at the first constant, as a power series has it."""
        return of(fmpq_series([self.first, 1], prec=3))[1]


def two_constants(choose: Choose) -> TwoConstants:
    """A random case."""
    levels = tuple(
        (positive(choose), choose(1, 5), positive(choose)) for _ in range(choose(1, 4))
    )
    first = positive(choose)
    return TwoConstants(
        levels,
        fmpq(choose(1, 9)),
        first,
        first + positive(choose),
        fmpq(choose(0, 5), 3),
    )


def _values(case: TwoConstants) -> dict[Any, Any]:
    a, b, n = case.first, case.second, case.n
    sums = {
        letters.learned_1: case.total(lambda x, g, _: g * x / (x + a)),
        letters.learned_2: case.total(lambda x, g, _: g * x / (x + b)),
        letters.resolvent_1: case.total(lambda x, _, v: v / (x + a)),
        letters.resolvent_2: case.total(lambda x, _, v: v / (x + b)),
        letters.shared: case.total(lambda x, g, _: g * x * x / ((x + a) * (x + b))),
    }
    factor = n / (n - sums[letters.shared])
    return sums | {
        letters.C_1: a,
        letters.C_2: b,
        letters.s_1: case.ridge(a),
        letters.s_2: case.ridge(b),
        letters.factor: factor,
        notation.C: a,
        notation.s: case.ridge(a),
        notation.n: n,
        notation.noise: case.noise,
        notation.levels: len(case.levels),
        notation.lam: [x for x, _, _ in case.levels],
        notation.g: [g for _, g, _ in case.levels],
        notation.power: [v for _, _, v in case.levels],
    }


def _neither(case: TwoConstants) -> fmpq:
    a, b = case.first, case.second
    return a * b * case.total(lambda x, _, v: v / ((x + a) * (x + b)))


def _factor_by_difference(case: TwoConstants) -> fmpq:
    gap = case.ridge(case.first) - case.ridge(case.second)
    return case.n * (case.first - case.second) / gap


LEFT: dict[str, Callable[[TwoConstants], fmpq]] = {
    "two_ridge_factor": _factor_by_difference,
    "two_ridge_factor_by_difference": lambda case: _values(case)[letters.factor],
    "two_ridge_error": lambda case: (
        _factor_by_difference(case) * (_neither(case) + case.noise)
    ),
    "two_ridge_signal_by_difference": lambda case: (
        _factor_by_difference(case) * _neither(case)
    ),
    "two_ridge_noise": lambda case: _factor_by_difference(case) - 1,
    "power_resolvent": lambda case: _values(case)[letters.resolvent_1],
    "power_resolvent_slope": lambda case: (
        -case.slope(lambda c: case.total(lambda x, _, v: v / (x + c)))
    ),
    "constant_by_complex_ridge": lambda case: 1 / case.slope(case.ridge),
    "ridge_of_constant": lambda case: case.ridge(case.first),
    "learned_by_two_ridges": lambda case: _values(case)[letters.shared],
    "unlearned_by_two_ridges": _neither,
}
"""Formula → its left side in the second way."""


@judge(*LEFT)
def two_ridges(formula: Formula) -> Law:
    """The ridges from the constants, sums level by level, slopes from power series."""

    def values(case: TwoConstants) -> dict[Any, Any] | None:
        if case.ridge(case.first) == case.ridge(case.second):
            return None
        return _values(case) | {formula.lhs: LEFT[formula.name](case)}

    return by_values(formula, two_constants, values)


@judge("two_ridge_factor_distinct", "two_ridge_noise_distinct", "two_ridge_pairs")
def two_ridges_of_distinct_points(formula: Formula) -> Law:
    """The ridges at which n of M points have two constants, and differences of both."""

    def values(case: TwoConstants) -> dict[Any, Any] | None:
        known, a, b, n = _values(case), case.first, case.second, case.n
        M = n + 1 + case.levels[0][1]
        z, w = known[letters.learned_1], known[letters.learned_2]
        if M in (z, w):
            return None
        ridge = lambda c, z: c * (n - z) / (1 - z / M)
        gap = ridge(a, z) - ridge(b, w)
        if gap == 0 or a * z == b * w:
            return None
        slope = (a - b) / gap
        # D − (M − n) q from the slope of C, and D from that
        free = (M - z) * (M - w) / (M * slope)
        every = free + (M - n) * known[letters.shared]
        sides = {
            "two_ridge_noise_distinct": (a * z - b * w) / gap,
            "two_ridge_factor_distinct": every / free,
            "two_ridge_pairs": every,
        }
        more = {notation.points: M}
        if formula.name != "two_ridge_pairs":
            more[letters.pairs] = every
        return known | more | {formula.lhs: sides[formula.name]}

    return by_values(formula, two_constants, values)


@judge("filtered_test_mse", "filtered_overfitting_coefficient", "filtered_variance")
def one_round_of_tikhonov(formula: Formula) -> Law:
    """Ridge regression is one round of it: its error, its variance, and E on unit noise."""

    def values(case: TwoConstants) -> dict[Any, Any] | None:
        c, n, noise = case.first, case.n, case.noise
        free = n - case.total(lambda x, g, _: g * (x / (x + c)) ** 2)
        if free == 0:
            return None
        inflated = n / free
        bias = case.total(lambda x, _, v: v * (c / (x + c)) ** 2)
        error = inflated * (bias + noise)
        sides = {
            "filtered_test_mse": error,
            "filtered_overfitting_coefficient": inflated,
            "filtered_variance": error - noise - bias,
        }
        return {
            filtered.signal: inflated * bias,
            filtered.noise_gain: inflated - 1,
            notation.noise: noise,
            notation.bias: bias,
            formula.lhs: sides[formula.name],
        }

    return by_values(formula, two_constants, values)


@judge("conservation_for_filters")
def conserved(formula: Formula) -> Law:
    """Every rational rule, run step by step on every function of a basis."""
    names = list(RUNS)
    build = lambda choose: cases(names[choose(0, len(names) - 1)])(choose)
    return law_of(formula, build, lambda case: filter_conserved(case, formula))


def _batch_mean(power: dict[int, fmpq], m: int, *, distinct: bool) -> fmpq:
    """Mean squared gradient in level 1 of the square, λ = 1, over every batch of m.

    The residual holds the power given in one function of each level 1 (x_1) and 2 (x_1 x_2).
    """
    points = list(product((-1, 1), repeat=2))
    draws = (
        list(permutations(points, m)) if distinct else list(product(points, repeat=m))
    )
    total = fmpq(0)
    for batch in draws:
        left = [power[1] * x + power[2] * x * y for x, y in batch]
        for axis in (0, 1):
            along = sum(
                (a * p[axis] for a, p in zip(left, batch, strict=True)), fmpq(0)
            )
            total += (along / m) ** 2
    return total / len(draws)


@judge("sgd_pairs", "sgd_spread", "sgd_pairs_distinct", "sgd_spread_distinct")
def every_batch_of_the_square(formula: Formula) -> Law:
    """Every batch, on residuals inside a level and outside of it: what each leaves there."""
    distinct = formula.name.endswith("distinct")

    def values(case: tuple[int, fmpq]) -> dict[Any, Any]:
        m, size = case
        spread = _batch_mean({1: fmpq(0), 2: size}, m, distinct=distinct)
        spread /= 2 * size**2  # g = 2 modes share what one point spreads
        inside = _batch_mean({1: size, 2: fmpq(0)}, m, distinct=distinct)
        kept = inside / size**2 - 2 * spread
        found = kept if "pairs" in formula.name else spread
        return {notation.batch: m, notation.points: 4, formula.lhs: found}

    build = lambda choose: (choose(1, 4), positive(choose))
    return by_values(formula, build, values)


@judge("sgd_stationary_sum", "sgd_stationary_excess")
def fixed_point(formula: Formula) -> Law:
    """The fixed point of the recursion, as a linear system over levels, with a null level."""

    def values(case: TwoConstants) -> dict[Any, Any] | None:
        rate, kept, spread, noise = case.first, fmpq(1, 2), fmpq(1, 3), case.noise + 1
        m, lost = case.n, case.second
        lam = [x for x, _, _ in case.levels]
        g = [count for _, count, _ in case.levels]
        if any(rate * x * kept == 2 for x in lam):
            return None
        size = len(lam)
        system, loads = fmpq_mat(size, size), [(rate * x) ** 2 for x in lam]
        for i, x in enumerate(lam):
            system[i, i] = 2 * rate * x - loads[i] * kept
            for j in range(size):
                system[i, j] = system[i, j] - loads[i] * g[i] * spread
        if system.det() == 0:
            return None

        def ends(null: fmpq) -> fmpq:
            force = noise / m + spread * null
            right = [loads[i] * g[i] * force for i in range(size)]
            found = system.inv() * fmpq_mat(size, 1, right)
            return sum((found[i, 0] for i in range(size)), fmpq(0)) + null

        unit, without = noise / (m * spread), ends(fmpq(0))
        if without + unit == 0:
            return None
        stationary = without / (without + unit)
        known = {
            notation.rate: rate,
            notation.levels: size,
            notation.lam: lam,
            notation.g: g,
            notation.noise: noise,
            notation.batch: m,
            online.kept: kept,
            online.spread: spread,
            online.null: lost,
            online.stationary: stationary,
        }
        known[formula.lhs] = (
            stationary if formula.name == "sgd_stationary_sum" else ends(lost)
        )
        return known

    return by_values(formula, two_constants, values)
