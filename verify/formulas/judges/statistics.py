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
from theory.statistics import STATISTICS
from theory.statistics.registry import Statistic, outside, trace, unbounded, whole
from verify.exact.laws.expectations import mean_learning_matrix
from verify.exact.problems import random_problems
from verify.exact.problems.balance import Balance, balance
from verify.exact.problems.bases import walsh
from verify.exact.problems.kernel_matrix import spectral
from verify.exact.problems.problem import Problem
from verify.exact.testing.choices import Choose
from verify.exact.testing.evaluation import evaluate
from verify.exact.testing.law import Law, Outcome
from verify.formulas.judges.implicit import level_values
from verify.formulas.registry import LIMIT_JUDGES, by_values, judge, law_of

letters: Any = notation
FAR, NEAR = fmpq(10) ** 60, fmpq(1, 10**60)
CLOSE, LARGE = fmpq(1, 10**20), fmpq(10) ** 20


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


def _at_the_end(place: str, choose: Choose) -> tuple[Balance, dict[Any, Any]]:
    """A case so near to a limit that 20 digits agree, and the limit's letters.

    One level has next to no eigenvalue: it is the power outside the modes.
    """
    case = balance(choose, ridged=place == "at_none" and bool(choose(0, 1)))
    N, lam = case.N, case.eigenvalues
    C = FAR * max(lam) if place == "at_none" else NEAR * min(lam)
    more = choose(1, 9) if place == "beyond" else 0
    ridge = more * C if place != "at_none" else case.ridge
    lost = fmpq(choose(0, 2))
    out = min(min(lam), C) * NEAR
    levels = [*case.levels, (out, 1)]
    power = [*case.power, lost]
    near = Balance(levels, C, ridge, power, case.noise)
    n = fmpq(0) if place == "at_none" else fmpq(N + more)
    known = {
        letters.n: n,
        letters.ridge: ridge,
        letters.noise: case.noise,
        letters.modes: N,
        whole: sum(power, fmpq(0)),
        outside: lost,
        trace: sum((x * g for x, g in case.levels), fmpq(0)),
        unbounded: lambda x: LARGE * (x > 0),
    }
    return near, known


def limit_of(row: Statistic, place: str, formula: Formula) -> Law:
    """A row's own formula, evaluated in ℚ within 10^−60 of the end.

    What is infinite there must have grown beyond 10^20.
    """

    def test(pair: tuple[Balance, dict[Any, Any]]) -> Outcome:
        near, known = pair
        values = level_values(near)
        for one in STATISTICS.rows():
            values[one.symbol] = evaluate(one.formula.rhs, values)
        found, said = evaluate(formula.lhs, values), evaluate(formula.rhs, known)
        if said >= LARGE / 1000:
            failure = "" if found > LARGE else f"{row.name}: {found} is not large"
        else:
            gap = abs(found - said)
            good = gap <= CLOSE * (1 + abs(said))
            failure = (
                "" if good else f"{row.name}: {float(found)} against {float(said)}"
            )
        return Outcome(failure=failure)

    return law_of(formula, lambda choose: _at_the_end(place, choose), test)


LIMIT_JUDGES.append(limit_of)


@judge("least_squares_test_mse", "least_squares_variance", "least_squares_train_mse")
def beyond_all_modes(formula: Formula) -> Law:
    """The statistic's own formula at a ridge of 10^−60 and more points than modes."""
    row = next(x for x in STATISTICS.rows() if x.symbol == formula.lhs)
    return limit_of(row, "beyond", formula)
