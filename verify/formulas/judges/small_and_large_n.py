"""Judges at the ends: one point, few points, infinitely many, and modes that get worse.

The first point is a regression that is carried out. Infinite data are an exact solution
with a ridge of 10^60, and so nearly as many points.
"""

from math import comb
from typing import Any

from flint import fmpq

from theory import notation
from theory.formula import Formula
from verify.exact.problems import random_problems
from verify.exact.problems.balance import Balance, balance
from verify.exact.problems.eigenmodes import learnabilities, noise_error, squared_error
from verify.exact.problems.problem import Problem
from verify.exact.testing.choices import Choose
from verify.exact.testing.evaluation import evaluate
from verify.exact.testing.law import Law, Outcome, at_most, equal
from verify.formulas.judges.implicit import level_values
from verify.formulas.registry import by_values, judge, law_of

letters: Any = notation
FAR, CLOSE = fmpq(10) ** 60, fmpq(1, 10**30)


def _one_point(choose: Choose) -> tuple[Problem, fmpq]:
    problem = random_problems.cube_modes(choose)
    return problem.with_data(problem.data[:1]), fmpq(choose(0, 5), 3)


@judge("test_mse_slope_at_zero", "learnability_from_one_sample")
def first_point(formula: Formula) -> Law:
    """One point of a hypercube: what it changes of the error, and what it teaches."""
    from theory.statistics import small_and_large_n

    def values(case: tuple[Problem, fmpq]) -> dict[Any, Any]:
        problem, noise = case
        d, last = problem.M.bit_length() - 1, problem.M - 1
        change, power = noise * noise_error(problem), [fmpq(0)] * (d + 1)
        for j, v in enumerate(problem.target):
            change += v * v * (squared_error(problem, j) - 1)
            power[j.bit_count()] += v * v
        return {
            small_and_large_n.first_slope: change,
            small_and_large_n.first_learnability: learnabilities(problem)[last],
            letters.j: d + 1,
            letters.levels: d + 1,
            letters.lam: [problem.eigenvalues[2**k - 1] for k in range(d + 1)],
            letters.g: [comb(d, k) for k in range(d + 1)],
            letters.power: power,
            letters.noise: noise,
            letters.ridge: problem.ridge,
        }

    return by_values(formula, _one_point, values)


@judge("low_mode_rise")
def above_one_or_not(formula: Formula) -> Law:
    """Where it says so the error is ≤ 1; elsewhere it is > 1 at small n; near the edge."""

    def build(choose: Choose) -> tuple[Balance, int]:
        tame = lambda: fmpq(choose(1, 9), choose(1, 9))
        levels = [(tame(), choose(1, 4)) for _ in range(choose(1, 3))]
        case = Balance(levels, tame())
        j = choose(0, 2) % len(case.levels)
        lam = case.eigenvalues[j]
        first = sum((g * x for x, g in case.levels), fmpq(0))
        second = sum((g * x * x for x, g in case.levels), fmpq(0))
        near = second / (2 * lam) * (1 + fmpq(choose(0, 2) - 1, 200)) - first
        ridge = near if near > 0 else fmpq(choose(0, 3))
        power = [int(k == j) for k in range(len(case.levels))]
        return Balance(case.levels, case.C, ridge, power), j

    def test(pair: tuple[Balance, int]) -> Outcome:
        case, j = pair
        values = level_values(case) | {letters.j: j + 1}
        if evaluate(formula.lhs, values) >= evaluate(formula.rhs, values):
            worst = max(case.error, _far(case).error)
            return at_most(worst, 1, "E where it should never exceed 1")
        return equal(_far(case).error > 1, True, "E > 1 at small n")

    return law_of(formula, build, test)


def _far(case: Balance) -> Balance:
    return Balance(case.levels, FAR * max(case.eigenvalues), case.ridge, case.power)


@judge("infinite_data_learnability", "infinite_data_mse")
def many_points(formula: Formula) -> Law:
    """A ridge of 10^60 and τ = n/δ: learnability and error agree to 30 digits."""
    from theory.statistics import small_and_large_n

    def test(case: Balance) -> Outcome:
        many = Balance(case.levels, case.C, FAR, case.power, case.noise)
        j = len(case.levels) - 1
        lam = case.eigenvalues[j]
        values = level_values(many) | {
            small_and_large_n.time: many.n / many.ridge,
            small_and_large_n.late_learnability: lam / (lam + many.C),
            small_and_large_n.late_mse: many.error,
            letters.j: j + 1,
        }
        left, right = evaluate(formula.lhs, values), evaluate(formula.rhs, values)
        return at_most(abs(left - right), CLOSE * abs(left), formula.name)

    return law_of(formula, balance, test)
