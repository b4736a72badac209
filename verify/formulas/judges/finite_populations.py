"""Judges of finite populations and of multiplicities: averages that are exact.

A white kernel, all of whose eigenvalues are equal, has every expectation in closed form
on any data set of distinct points; the formulas for finite populations are conjectured
in general and exact there. Its level may be split into any number of levels.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

from flint import fmpq

from theory import notation
from theory.constant.learnability import learnability
from theory.formula import Formula
from verify.exact.laws.expectations import cube_orbits, expectation
from verify.exact.problems import random_problems
from verify.exact.problems.bases import walsh
from verify.exact.problems.eigenmodes import (
    learnabilities,
    noise_error,
    squared_error,
    train_error,
)
from verify.exact.problems.kernel_matrix import spectral
from verify.exact.problems.problem import Problem
from verify.exact.problems.rational_matrices import rational, trace
from verify.exact.testing.choices import Choose
from verify.exact.testing.evaluation import evaluate
from verify.exact.testing.law import Law, Outcome, equal
from verify.formulas.registry import by_values, judge, law_of

letters: Any = notation
TINY, TIGHT = fmpq(1, 10**60), fmpq(1, 10**20)


@dataclass(frozen=True, slots=True)
class White:
    """A white kernel on a hypercube, its level split in two, and label noise."""

    problem: Problem
    split: int
    noise: fmpq


def _white(choose: Choose) -> White:
    d = choose(1, 3)
    lam = random_problems.positive(choose)
    K = spectral(walsh(d), [lam] * 2**d)
    data = random_problems.data(choose, 2**d)
    problem = Problem(K, data[: max(1, 2**d - 1)], ridge=random_problems.ridge(choose))
    return White(problem, choose(1, 2**d - 1), fmpq(choose(1, 5), 3))


@judge(
    "finite_population_equation",
    "finite_population_inverse_trace",
    "finite_population_constant_by_ridge",
    "finite_population_test_mse",
    "finite_population_noise",
    "finite_population_train_mse",
    "finite_population_noise_train_mse",
    "finite_population_overfitting_coefficient",
    "finite_population_variance",
    "finite_population_whole_test_mse",
    "finite_population_whole_train_mse",
    "overfitting_of_distinct_points",
)
def white_population(formula: Formula) -> Law:
    """The white kernel regressed; C from L = λ/(λ + C), which is linear in δ."""
    from theory.statistics import finite_population as population
    from theory.statistics import learned_coefficients as fitted

    def values(case: White) -> dict[Any, Any]:
        problem = case.problem
        lam, M, n = problem.eigenvalues[0], problem.M, problem.n
        L = learnabilities(problem)[0]
        noisy = case.noise * (1 + noise_error(problem))
        mse, bias = squared_error(problem, 0) + noisy, (1 - L) ** 2
        train = train_error(problem, 0) + case.noise * _noise_left(problem)
        return {
            letters.C: lam * (1 - L) / L,
            letters.n: n,
            letters.points: M,
            letters.ridge: problem.ridge,
            letters.levels: 2,
            letters.lam: [lam, lam],
            letters.g: [case.split, M - case.split],
            letters.j: 1,
            letters.noise: case.noise,
            population.slope_of_C: fmpq(1, n),
            population.inverse_trace: trace(problem.resolvent),
            population.mode_mse: squared_error(problem, 0),
            population.noise_mse: noisy,
            letters.overfitting: 1 + noise_error(problem),
            letters.bias: bias,
            letters.variance: mse - bias - case.noise,
            letters.test_mse: mse,
            letters.train_mse: train,
            # a white kernel's modes share what a unit target's variance is
            fitted.pooled_overfitting: n
            * (squared_error(problem, 0) - bias)
            / (M * L**2 * bias),
            population.mode_train_mse: train_error(problem, 0),
            population.noise_train_mse: case.noise * _noise_left(problem),
        }

    return by_values(formula, _white, values)


def _noise_left(problem: Problem) -> fmpq:
    """The train error of unit noise: δ² tr R²/n."""
    R = problem.resolvent
    return problem.ridge**2 * trace(R * R) / problem.n


@judge("off_sample_mse")
def off_sample(formula: Formula) -> Law:
    """Squared errors counted on the data, off the data, and everywhere."""
    from theory.statistics import finite_population as population

    def values(problem: Problem) -> dict[Any, Any] | None:
        if problem.n == problem.M:
            return None
        learned = problem.predictions(problem.basis.normalized(), _rule())
        f = problem.basis.normalized()
        gaps = [(f[x, 0] - learned[x, 0]) ** 2 for x in range(problem.M)]
        off = [x for x in range(problem.M) if x not in problem.data]
        mean = lambda where: sum((gaps[x] for x in where), fmpq(0)) / len(where)
        return {
            population.off_sample: mean(off),
            letters.test_mse: mean(range(problem.M)),
            letters.train_mse: mean(problem.data),
            letters.points: problem.M,
            letters.n: problem.n,
        }

    return by_values(formula, random_problems.modes, values)


def _rule() -> Any:
    from verify.exact.problems.problem import kernel_regression

    return kernel_regression


@judge("distinct_points")
def counted(formula: Formula) -> Law:
    """The mean number of different values in all M^n sequences."""
    from theory.statistics import finite_population as population

    def values(case: tuple[int, int]) -> dict[Any, Any]:
        M, n = case
        total = sum(len(set(drawn)) for drawn in product(range(M), repeat=n))
        return {
            population.distinct: fmpq(total, M**n),
            letters.points: M,
            letters.n: n,
        }

    return by_values(formula, lambda choose: (choose(1, 5), choose(1, 4)), values)


def _cube(choose: Choose) -> tuple[int, list[fmpq], int, bool]:
    """Dimension, eigenvalues by level, n; or one level above nothing else, and n = 1."""
    d = choose(1, 3)
    by_level = [random_problems.positive(choose) for _ in range(d + 1)]
    tight = bool(choose(0, 1))
    k = choose(0, 3) % (d + 1)
    if tight:
        by_level = [by_level[k] if level == k else TINY for level in range(d + 1)]
    return d, [*by_level, fmpq(k)], 1 if tight else choose(1, min(2**d, 3)), tight


@judge("multiplicity_bound")
def shared_level(formula: Formula) -> Law:
    """Exact means on the hypercube; an equality for one level and one point."""

    def test(case: tuple[int, list[fmpq], int, bool]) -> Outcome:
        d, (*by_level, level), n, tight = case
        k = int(level.p)
        L = _mean(d, by_level, n).learnability[k]
        values = {
            learnability: lambda *_: L,
            letters.lam: by_level,
            letters.C: 1,
            letters.i: k + 1,
            letters.n: n,
            letters.g: [comb(d, m) for m in range(d + 1)],
        }
        return _bounded(formula, values, tight=tight)

    return law_of(formula, _cube, test)


def _mean(d: int, by_level: list[fmpq], n: int) -> Any:
    K = spectral(walsh(d), [by_level[S.bit_count()] for S in range(2**d)])
    levels = [S.bit_count() for S in range(2**d)]
    return expectation(K, walsh(d), levels, cube_orbits(d, n))


def _bounded(formula: Formula, values: dict[Any, Any], *, tight: bool) -> Outcome:
    """An inequality; to 20 digits an equality where it is tight."""
    left, right = evaluate(formula.lhs, values), evaluate(formula.rhs, values)
    holds = left <= right if formula.relation == "<=" else left >= right
    if holds and tight:
        holds = abs(left - right) <= TIGHT * abs(right)
    return Outcome(failure="" if holds else f"{formula.name}: {left} and {right}")


@judge("multiplicity_error_bound")
def from_the_bound(formula: Formula) -> Law:
    """T7 says E ≥ (1 − L)², and L ≤ n/g: the right side is (g − n)²/g²."""

    def test(case: tuple[int, int]) -> Outcome:
        g, n = case
        said = evaluate(formula.rhs, {letters.g: [g], letters.i: 1, letters.n: n})
        return equal(said, rational(Fraction(g - n, g) ** 2), formula.name)

    return law_of(formula, lambda choose: (choose(1, 9), choose(1, 9)), test)


@judge("parity_bound")
def smallest_parity(formula: Formula) -> Law:
    """Every data set, λ_d the smallest; an equality where all are equal."""
    return _parity(formula, lambda d: [True] * (d + 1))


@judge("parity_bound_of_dot_product_kernels")
def same_parity(formula: Formula) -> Law:
    """λ_d ≤ λ_{d−2} ≤ …; an equality where the other parity has nothing."""
    return _parity(formula, lambda d: [(d - k) % 2 == 0 for k in range(d + 1)])


def _parity(formula: Formula, kept: Any) -> Law:
    from theory.statistics import multiplicity

    def build(choose: Choose) -> tuple[Problem, bool]:
        d, tight = choose(1, 3), bool(choose(0, 1))
        lowest = random_problems.positive(choose)
        by_level = [
            lowest * (1 if tight or k == d else choose(1, 5)) if keep else TINY
            for k, keep in enumerate(kept(d))
        ]
        if not tight:
            by_level = sorted(by_level, reverse=True)
        K = spectral(walsh(d), [by_level[S.bit_count()] for S in range(2**d)])
        data = random_problems.data(choose, 2**d)
        half = [x for x in data if x < 2 ** (d - 1)] or [0]  # no x beside its −x
        return Problem(K, half if tight else data), tight

    def test(case: tuple[Problem, bool]) -> Outcome:
        problem, tight = case
        values = {
            multiplicity.parity_learnability: learnabilities(problem)[-1],
            letters.d: problem.M.bit_length() - 1,
            letters.n: problem.n,
        }
        return _bounded(formula, values, tight=tight)

    return law_of(formula, build, test)
