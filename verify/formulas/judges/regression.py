"""Judges that carry out a kernel regression: the law, the matrix T, one mode's L."""

from typing import Any

from flint import fmpq

from theory import notation
from theory.data_set import conservation as law
from theory.formula import Formula
from verify.exact.laws.conservation import conserved
from verify.exact.problems import random_problems
from verify.exact.problems.eigenmodes import (
    learnabilities,
    learning_matrix,
    with_eigenvalue,
)
from verify.exact.problems.problem import Problem
from verify.exact.problems.rational_matrices import diagonal, inner, rows_of
from verify.exact.testing.law import Law
from verify.formulas.registry import by_values, judge, law_of

letters: Any = notation


@judge("conservation")
def regressed(formula: Formula) -> Law:
    """Every function of a basis regressed and predicted, the learnabilities summed."""
    return law_of(
        formula,
        lambda choose: random_problems.problem(choose, ridged=bool(choose(0, 1))),
        lambda problem: conserved(problem, formula=formula),
    )


@judge("learning_matrix")
def coefficients(formula: Formula) -> Law:
    """T by its columns: the coefficients of each mode's predictor."""

    def values(problem: Problem) -> dict[Any, Any]:
        return {
            formula.lhs: learning_matrix(problem),
            law.Phi: rows_of(problem.basis.normalized(), problem.data),
            law.Lam: diagonal(problem.gram.eigenvalues),
            law.K: problem.K_D,
            law.samples: problem.n,
            letters.modes: problem.M,
            letters.ridge: problem.ridge,
        }

    return by_values(formula, random_problems.modes, values)


@judge("learnability", "unlearned")
def without_the_mode(formula: Formula) -> Law:
    """T10: L = λ/(λ + C) is exact when C comes from the regression without the mode."""

    def values(problem: Problem) -> dict[Any, Any] | None:
        i = problem.M - 1
        phi = rows_of(problem.basis.normalized(), problem.data)
        R = with_eigenvalue(problem, i, fmpq(0)).resolvent
        inverse = inner(phi, i, R * phi, i)
        if inverse == 0:
            return None
        L = learnabilities(problem)[i]
        said = L if formula.name == "learnability" else 1 - L
        index = letters.i
        return {
            formula.lhs: said,
            index: i + 1,
            letters.lam: list(problem.gram.eigenvalues),
            letters.C: 1 / inverse,
        }

    return by_values(
        formula, lambda choose: random_problems.modes(choose, ridged=True), values
    )
