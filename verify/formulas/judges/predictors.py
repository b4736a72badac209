"""Judges of the predictor and of linear rules: regressions carried out on all points."""

from dataclasses import replace
from itertools import combinations
from math import factorial
from typing import Any

from flint import fmpq, fmpq_mat

from theory import notation
from theory.formula import Formula
from verify.exact.laws.solvable import elementary
from verify.exact.problems import random_problems
from verify.exact.problems.eigenmodes import learning_matrix
from verify.exact.problems.problem import Problem, kernel_regression
from verify.exact.problems.rational_matrices import block, identity, inner, rows_of
from verify.exact.testing.choices import Choose, signed
from verify.exact.testing.law import Law
from verify.formulas.judges.theorems import TheoremCase, values_of
from verify.formulas.registry import by_values, judge

letters: Any = notation


def _labels(problem: Problem) -> fmpq_mat:
    return fmpq_mat(problem.n, 1, [fmpq(3 * a - 1, 2) for a in range(problem.n)])


@judge("resolvent", "predictor", "predictor_coefficients", "learnability_of_a_target")
def predicted(formula: Formula) -> Law:
    """R times K + δ is 1; f̂ from a solve; its coefficients by inner products."""
    from theory.data_set import predictor, symbols

    def values(problem: Problem) -> dict[Any, Any]:
        y, K, D = _labels(problem), problem.gram.values, problem.data
        f = problem.basis.normalized()
        fitted = kernel_regression(K, D, problem.ridge, y)
        x = problem.M - 1
        own = f * fmpq_mat(problem.M, 1, list(problem.target))
        learned = problem.predictions(own, kernel_regression)
        A = block(K, D, D) + identity(problem.n, problem.ridge)
        known = values_of(TheoremCase(problem, 0, 0))
        known |= {symbols.R: A.solve(identity(problem.n)), symbols.Y: y}
        return known | {
            predictor.prediction: fitted[x, 0],
            predictor.cross: block(K, D, [x]),
            predictor.coefficients: f.transpose() * fitted * fmpq(1, problem.M),
            predictor.learned: inner(own, 0, learned, 0) / inner(own, 0, own, 0),
        }

    return by_values(formula, random_problems.modes, values)


@judge("conservation_for_linear_rules")
def any_rule(formula: Formula) -> Law:
    """A rule with random weights, applied to every function of a rotated basis."""
    from theory.data_set import predictor, symbols

    def build(choose: Choose) -> tuple[Problem, list[fmpq]]:
        problem = random_problems.modes(choose, most=8)
        size = problem.M * problem.n
        return problem, [fmpq(signed(choose), choose(1, 3)) for _ in range(size)]

    def values(case: tuple[Problem, list[fmpq]]) -> dict[Any, Any]:
        problem, entries = case
        weights = fmpq_mat(problem.M, problem.n, entries)
        rotation = random_problems.rotation(
            [[1] * m for m in range(problem.M)][::-1]
        ).columns
        rule = lambda _K, _D, _r, labels: weights * labels
        total = sum(problem.learnabilities_of(rotation, rule), fmpq(0))
        return values_of(TheoremCase(problem, 0, 0)) | {
            formula.lhs: total,
            predictor.Select: rows_of(identity(problem.M), problem.data),
            predictor.Weights: weights,
            symbols.Rotation: rotation,
        }

    return by_values(formula, build, values)


@judge("learnability_grows_with_data")
def one_row_less(formula: Formula) -> Law:
    """L with and without the last point; equal where that point shows nothing."""
    from theory.data_set import theorems

    def values(case: TheoremCase) -> dict[Any, Any] | None:
        if case.problem.n < 2:
            return None
        known = values_of(case)
        before = case.problem.with_data(case.problem.data[:-1])
        known[theorems.fewer] = rows_of(before.basis.normalized(), before.data)
        if case.tight:  # the formula's right side is the learnability without the point
            known[formula.lhs] = learning_matrix(before)[case.i, case.i]
        return known

    def build(choose: Choose) -> TheoremCase:
        problem = random_problems.modes(choose, most=8)
        return TheoremCase(
            problem, choose(0, 7) % problem.M, 0, tight=bool(choose(0, 1))
        )

    law = by_values(formula, build, values)
    tight = by_values(replace(formula, relation="="), build, values)
    return Law(
        law.name,
        law.says,
        build,
        lambda case: (tight if case.tight else law).test(case),
    )


@judge("mean_determinant", "volume_sampling_learnability")
def volumes(formula: Formula) -> Law:
    """All data sets, weighted with det K_D; e_n as a coefficient of Π (1 + λx)."""
    from theory.constant import bounds
    from theory.statistics import volume_sampling

    def values(problem: Problem) -> dict[Any, Any]:
        lam, M, i = problem.eigenvalues, problem.M, problem.data[0]
        n = min(problem.n, 2 if M > 4 else M)
        total, learned = fmpq(0), fmpq(0)
        for D in combinations(range(M), n):
            chosen = problem.with_data(D)
            weight = chosen.K_D.det()
            total += weight
            learned += weight * learning_matrix(chosen)[i, i]
        rest = [*lam[:i], *lam[i + 1 :]]
        meaning = fmpq(factorial(n)) * total / M**n
        known = {letters.n: n, letters.i: i + 1, letters.lam: lam}
        mean = formula.name == "mean_determinant"
        return known | {
            bounds.elementary: lambda k: elementary(lam, int(k.p)),
            volume_sampling.others: lambda k, _: elementary(rest, int(k.p)),
            formula.lhs: meaning if mean else learned / total,
        }

    return by_values(
        formula, lambda c: random_problems.modes(c, most=8, ridged=False), values
    )
