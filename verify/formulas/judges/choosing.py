"""Judges of what a choice can reach: two equations at one n, and all data sets of a cube.

The best kernel's constant is chosen first, so that n and its error follow in ℚ; any other
kernel is put at the same n by its ridge. The floor is compared with the mean error of
regression over all data sets of the square, where both are rational.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_poly, fmpq_series

from theory import notation
from theory.formula import Formula
from verify.exact.problems import random_problems
from verify.exact.problems.balance import EPSILON, Balance, balance
from verify.exact.problems.bases import walsh
from verify.exact.problems.problem import Problem
from verify.exact.problems.random_problems import positive
from verify.exact.problems.rational_matrices import (
    columns_of,
    diagonal,
    identity,
    rows_of,
    trace,
)
from verify.exact.testing.choices import Choose, signed
from verify.exact.testing.law import Law
from verify.formulas.judges.implicit import level_values
from verify.formulas.judges.theorems import TheoremCase, values_of
from verify.formulas.registry import by_values, judge

letters: Any = notation
ZERO = fmpq(0)


@dataclass(frozen=True)
class Two:
    """The best kernel of a target at its best ridge, and another kernel at the same n."""

    best: Balance
    other: Balance

    @property
    def values(self) -> dict[Any, Any]:
        """What the letters mean; E and C are those of the other kernel."""
        from theory.choice import best_kernel

        optimum = self.best.error
        return level_values(self.other) | {
            best_kernel.optimum: optimum,
            best_kernel.regret: self.other.error / optimum,
            best_kernel.best: self.best.eigenvalues,
        }


def two(choose: Choose, *, tight: bool = False) -> Two:
    """A target and noise; λ = v²/g, δ = σ² with any C; and another spectrum at that n."""
    counts = [choose(1, 4) for _ in range(choose(1, 3))]
    own = [positive(choose) for _ in counts]
    power = [x * g for x, g in zip(own, counts, strict=True)]
    noise = fmpq(choose(1, 5), 3)
    best = Balance(zip(own, counts, strict=True), positive(choose), noise, power, noise)
    if tight:
        return Two(best, best)
    lam = [positive(choose) for _ in counts]
    C = positive(choose)
    learned = sum((g * x / (x + C) for x, g in zip(lam, counts, strict=True)), ZERO)
    ridge = C * (best.n - learned)
    other = Balance(zip(lam, counts, strict=True), C, ridge, power, noise)
    return Two(best, other)


def _free(case: Two) -> fmpq:
    """N − Σ g L²: at 0 the error has a pole."""
    other = case.other
    squares = ((x / (x + other.C)) ** 2 * g for x, g in other.levels)
    return case.best.n - sum(squares, ZERO)


@judge("framework_optimum_equation", "framework_optimum", "regret")
def against_the_best(formula: Formula) -> Law:
    """Both errors from theorem T11, at one n that two constants share."""
    return by_values(formula, two, lambda case: case.values if _free(case) else None)


@judge("framework_optimum_bound")
def never_below(formula: Formula) -> Law:
    """Both errors from theorem T11, equal where the kernel is the best one."""

    def build(choose: Choose) -> Two:
        tight = bool(choose(0, 1))
        while _free(case := two(choose, tight=tight)) <= 0:
            pass
        return case

    return _both_ways(formula, build, lambda case: case.values, _is_best)


def _is_best(case: Two) -> bool:
    return case.best is case.other


@judge("optimal_kernel")
def vertex(formula: Formula) -> Law:
    """L at the vertex of a parabola through three of its points, then λ = C L/(1 − L)."""

    def values(case: Two) -> dict[Any, Any]:
        best = case.best
        optimum, n = best.error, best.n
        v, g = best.power[0], best.multiplicities[0]
        at = lambda L: n * v * (1 - L) ** 2 + optimum * g * L**2
        low, middle, high = (at(fmpq(x)) for x in (-1, 0, 1))
        L = (low - high) / (2 * (low + high - 2 * middle))
        return {
            formula.lhs: optimum / n * L / (1 - L),
            letters.i: 1,
            letters.power: best.power,
            letters.g: best.multiplicities,
        }

    return by_values(formula, two, values)


def _error(case: Balance, n: Any, C: Any, noise: Any) -> Any:
    """The test MSE n (B + σ²)/(n − Σ g L²) in the arithmetic of n and C."""
    bias, squares = noise + 0 * C, 0 * C
    for (x, g), v in zip(case.levels, case.power, strict=True):
        bias = bias + v * (C / (x + C)) * (C / (x + C))
        squares = squares + g * (x / (x + C)) * (x / (x + C))
    return n * bias / (n - squares)


def _noise_at_optimum(case: Balance) -> fmpq:
    """σ² at which the case's own ridge is a stationary point of the error."""
    C = case.C + EPSILON
    signal, noise = (_error(case, case.n, C, fmpq(x)) for x in (0, 1))
    rise = noise - signal
    return -signal[1] / rise[1]


def _stationary(case: Balance) -> Balance | None:
    if len(case.levels) < 2:
        return None
    rise = _error(case, case.n, case.C + EPSILON, fmpq(1)) - _error(
        case, case.n, case.C + EPSILON, fmpq(0)
    )
    if rise[1] == 0:
        return None
    noise = _noise_at_optimum(case)
    return Balance(case.levels, case.C, case.ridge, case.power, noise)


def _slope(case: Balance, *, along_n: bool) -> fmpq:
    """∂E along n at a fixed ridge, or along C at a fixed n, as a power series has it."""
    if not along_n:
        return _error(case, case.n, case.C + EPSILON, case.noise)[1]
    step = case.slopes(n=1)[0]
    found: fmpq_series = _error(
        case, case.n + EPSILON, case.C + step * EPSILON, case.noise
    )
    return found[1]


@judge("test_mse_by_constant", "test_mse_by_samples")
def slopes_of_the_error(formula: Formula) -> Law:
    """Power series to first order; C follows n by its own equation."""

    def values(case: Balance) -> dict[Any, Any]:
        slope = _slope(case, along_n=formula.lhs.has(letters.n))
        return level_values(case) | {formula.lhs: slope}

    return by_values(formula, balance, values)


@judge("optimal_ridge", "optimal_ridge_slope")
def at_the_best_ridge(formula: Formula) -> Law:
    """σ² is chosen so that the ridge is stationary; then slopes from power series."""

    def values(case: Balance) -> dict[Any, Any] | None:
        found = _stationary(case)
        if found is None or found.error == 0:
            return None
        known = level_values(found)
        if formula.name == "optimal_ridge_slope":
            slope = _slope(found, along_n=True)
            known[formula.lhs] = found.n * slope / found.error
        return known

    return by_values(formula, balance, values)


@judge("least_admissible_ridge")
def where_the_ridge_turns(formula: Formula) -> Law:
    """δ(C) through the polynomial Π (λ + x)^g, at the n at which its slope is 0."""

    def values(case: Balance) -> dict[Any, Any]:
        P = fmpq_poly([1])
        for x, g in case.levels:
            P *= fmpq_poly([x, 1]) ** g
        C = case.C + EPSILON
        top, bottom = (_series(Q, case.C) for Q in (P.derivative(), P))
        rest = C * (C * top / bottom - case.N)  # δ without C n
        n = -rest[1]
        return level_values(case) | {letters.n: n, formula.lhs: case.C * n + rest[0]}

    return by_values(formula, balance, values)


def _series(P: fmpq_poly, at: fmpq) -> fmpq_series:
    return fmpq_series([P(at), P.derivative()(at)], prec=3)


@judge("mean_error_of_a_linear_rule")
def mode_by_mode(formula: Formula) -> Law:
    """Every mode through a random rule, one by one, and the rule's weights squared."""

    def build(choose: Choose) -> tuple[Problem, list[fmpq]]:
        problem = random_problems.modes(choose, most=6, ridged=True)
        size = problem.M * problem.n
        return problem, [fmpq(signed(choose), choose(1, 3)) for _ in range(size)]

    def values(case: tuple[Problem, list[fmpq]]) -> dict[Any, Any]:
        from theory.choice import floor

        problem, entries = case
        rule = fmpq_mat(problem.M, problem.n, entries)
        phi = rows_of(problem.basis.normalized(), problem.data)
        total = problem.ridge * sum((x * x for x in entries), ZERO)
        for j, x in enumerate(problem.eigenvalues):
            left = columns_of(identity(problem.M), [j]) - rule * columns_of(phi, [j])
            total += x * (left.transpose() * left)[0, 0]
        known = values_of(TheoremCase(problem, 0, 0))
        return known | {floor.Rule: rule, formula.lhs: total}

    return by_values(formula, build, values)


LEVELS = (0, 1, 1, 2)
"""Levels of the Walsh functions of the square."""


@dataclass(frozen=True)
class OnTheSquare:
    """A target and noise on {±1}², n points, and the kernel and ridge that learn it."""

    target: tuple[fmpq, ...]
    noise: fmpq
    n: int
    eigenvalues: tuple[fmpq, ...]
    ridge: fmpq
    is_best: bool

    @property
    def power(self) -> list[fmpq]:
        """v² of each level."""
        pairs = list(zip(self.target, LEVELS, strict=True))
        return [sum((x * x for x, k in pairs if k == j), ZERO) for j in range(3)]

    def means(
        self, eigenvalues: tuple[fmpq, ...], ridge: fmpq
    ) -> tuple[list[fmpq], fmpq]:
        """Mean learnability of each level, and the mean error, over all data sets."""
        f = walsh(2).normalized()
        Lam = diagonal([eigenvalues[k] for k in LEVELS])
        v = fmpq_mat(4, 1, list(self.target))
        sets = list(combinations(range(4), self.n))
        learned, error = [ZERO] * 3, ZERO
        for data in sets:
            phi = rows_of(f, data)
            inner = phi * Lam * phi.transpose() + identity(self.n, ridge)
            rule = Lam * phi.transpose() * inner.inv()
            T = rule * phi
            for j, k in enumerate(LEVELS):
                learned[k] += T[j, j] / (LEVELS.count(k) * len(sets))
            left = v - T * v
            fitted = self.noise * trace(rule * rule.transpose())
            error += ((left.transpose() * left)[0, 0] + fitted) / len(sets)
        return learned, error + self.noise


def _on_the_square(choose: Choose) -> OnTheSquare:
    target = [fmpq(signed(choose, 4), choose(1, 3)) for _ in range(4)]
    target[choose(0, 3)] += 5
    made = OnTheSquare(
        tuple(target), fmpq(choose(1, 6), 4), choose(1, 3), (), ZERO, True
    )
    best = tuple(v / LEVELS.count(k) for k, v in enumerate(made.power))
    if choose(0, 1):
        lam, ridge = best, made.noise
    else:
        lam = tuple(positive(choose) for _ in best)
        ridge = positive(choose)
    is_best = lam == best
    return OnTheSquare(made.target, made.noise, made.n, lam, ridge, is_best)


@judge("error_floor")
def on_all_data_sets(formula: Formula) -> Law:
    """Regression on all data sets of the square; with the best kernel it is an equality."""
    from theory.choice import floor

    def values(case: OnTheSquare) -> dict[Any, Any]:
        power = case.power
        best = tuple(v / LEVELS.count(k) for k, v in enumerate(power))
        learned, least = case.means(best, case.noise)
        error = case.means(case.eigenvalues, case.ridge)[1]
        known = {
            letters.noise: case.noise,
            letters.levels: 3,
            letters.power: power,
            floor.learned: learned,
            letters.test_mse: error,
        }
        return known | ({formula.lhs: least} if case.is_best else {})

    return _both_ways(formula, _on_the_square, values, lambda case: case.is_best)


@dataclass(frozen=True)
class PureLevel:
    """n points of a cube, a level, and any weights of a rule or the level's projector."""

    d: int
    data: tuple[int, ...]
    level: int
    entries: tuple[fmpq, ...] | None


def _pure_level(choose: Choose) -> PureLevel:
    d = choose(2, 3)
    data = tuple({choose(0, 2**d - 1) for _ in range(choose(1, 4))})
    entries = tuple(fmpq(signed(choose), choose(1, 3)) for _ in range(2**d * len(data)))
    return PureLevel(d, data, choose(0, d), entries if choose(0, 1) else None)


@judge("level_rank_bound")
def on_a_pure_level(formula: Formula) -> Law:
    """Any weights on any points of a small cube; the projector gives equality."""
    from theory.choice import floor

    def values(case: PureLevel) -> dict[Any, Any]:
        f = walsh(case.d).normalized()
        own = [j for j in range(2**case.d) if j.bit_count() == case.level]
        phi = columns_of(rows_of(f, case.data), own)
        inner = phi * phi.transpose()
        size = len(own)
        shape = 2**case.d, len(case.data)
        weights = fmpq_mat(*shape, list(case.entries or [ZERO] * (shape[0] * shape[1])))
        if case.entries is None:
            kept: list[int] = []
            for a in range(len(case.data)):
                some = [*kept, a]
                if rows_of(phi, some).rank() == len(some):
                    kept = some
            part = rows_of(phi, kept)
            found = part.transpose() * (part * part.transpose()).inv()
            for column, a in enumerate(kept):
                for row, j in enumerate(own):
                    weights[j, a] = found[row, column]
        learned = weights * phi  # also what the rule puts into other levels
        for row, j in enumerate(own):
            learned[j, row] = learned[j, row] - 1
        error = trace(learned * learned.transpose()) / size
        return {floor.level_error: error, floor.rank: inner.rank(), floor.size: size}

    return _both_ways(formula, _pure_level, values, lambda case: case.entries is None)


def _both_ways(
    formula: Formula,
    build: Callable[[Choose], Any],
    values: Callable[[Any], dict[Any, Any]],
    tight: Callable[[Any], bool],
) -> Law:
    """An inequality that is an equality in the tight cases."""
    equal = by_values(replace(formula, relation="="), build, values)
    bound = by_values(formula, build, values)
    return replace(bound, test=lambda x: equal.test(x) if tight(x) else bound.test(x))
