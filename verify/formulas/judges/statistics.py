"""Judges of the statistics.

Errors come from theorem T11, which is exact on every data set and needs only first
derivatives; L = λ/(λ + C) is put into it and the slopes are taken as power series.
Averages over modes come from all data sets of a small hypercube, where they are exact.
"""

from typing import Any

from flint import fmpq, fmpq_mat

from theory import notation
from theory.constant.learnability import learnability, unlearned
from theory.formula import Formula
from verify.exact.laws.expectations import mean_learning_matrix
from verify.exact.problems import random_problems
from verify.exact.problems.balance import Balance, balance
from verify.exact.problems.bases import walsh
from verify.exact.problems.kernel_matrix import spectral
from verify.exact.problems.problem import Problem
from verify.exact.testing.choices import Choose
from verify.exact.testing.law import Law
from verify.formulas.judges.implicit import level_values
from verify.formulas.registry import by_values, judge

letters: Any = notation


@judge("test_mse", "train_mse", "variance", "bias")
def errors_by_theorem(formula: Formula) -> Law:
    """Test and train MSE from T11; the variance is what is left of the test MSE."""

    def values(case: Balance) -> dict[Any, Any]:
        rest = case.error - case.bias - case.noise
        return level_values(case) | {letters.variance: rest}

    return by_values(formula, balance, values)


def _cube_problem(choose: Choose) -> Problem:
    """Dot-product kernels on the square or the 3-cube, with any target."""
    d = choose(1, 3)
    by_level = [random_problems.positive(choose) for _ in range(d + 1)]
    K = spectral(walsh(d), [by_level[S.bit_count()] for S in range(2**d)])
    data = range(choose(1, min(2**d, 3)))
    return Problem(K, data, target=random_problems.target(choose, 2**d))


@judge("target_learnability", "bias")
def averages_over_data(formula: Formula) -> Law:
    """E L(f) and |f − E f̂|², over all data sets, from the exact E L of every mode."""

    def values(problem: Problem) -> dict[Any, Any] | None:
        v = fmpq_mat(problem.M, 1, list(problem.target))
        mean = mean_learning_matrix(problem)
        learned = mean * v
        square = (v.transpose() * v)[0, 0]
        gap = v - learned
        lam = list(problem.gram.eigenvalues)
        if len(set(lam)) <= problem.M.bit_length() - 1:
            return None  # two levels share an eigenvalue: L is no function of λ
        power = [x * x for x in problem.target]
        anything = fmpq(3)
        own = {x: mean[i, i] for i, x in enumerate(lam)}
        return {
            letters.levels: problem.M,
            letters.lam: lam,
            letters.power: power,
            letters.g: [1] * problem.M,
            letters.C: anything,
            learnability: lambda x, C: own[x] if anything == C else fmpq(7),
            unlearned: lambda x, C: 1 - own[x] if anything == C else fmpq(7),
            letters.target_learnability: (v.transpose() * learned)[0, 0] / square,
            letters.bias: (gap.transpose() * gap)[0, 0],
        }

    return by_values(formula, _cube_problem, values)
