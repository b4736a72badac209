"""Theorems on a fixed data set that are no formulas, each tested in rational numbers.

Those that are formulas, most of T1 to T11, have judges: ``formulas.judges.theorems``.

Left and right sides come from different computations: one from a regression that is
carried out on the whole domain, the other from what the theorem says.
"""

from collections.abc import Callable

from flint import fmpq, fmpq_mat

from verify.exact.laws.solvable import one_point, volume_sampling, white
from verify.exact.problems import random_problems
from verify.exact.problems.eigenmodes import (
    learnabilities,
    learning_matrix,
)
from verify.exact.problems.kernel_matrix import spectral
from verify.exact.problems.problem import Problem
from verify.exact.testing.choices import Choose, signed
from verify.exact.testing.law import Law, Outcome, at_most, equal, together

ZERO = fmpq(0)


def linear_rule(case: tuple[Problem, fmpq_mat]) -> Outcome:
    """T1′: a linear rule f̂ = Σ_a a_a(x) y_a has Σ L = Σ_a a_a(x_a)."""
    problem, weights = case
    rule = lambda _K, _data, _ridge, labels: weights * labels
    learned = problem.learnabilities_of(problem.basis.columns, rule)
    own = sum((weights[x, a] for a, x in enumerate(problem.data)), ZERO)
    return equal(sum(learned, ZERO), own, "Σ L of a linear rule")


def symmetric(problem: Problem) -> Outcome:
    """T2: without ridge Λ^-1/2 T Λ^1/2 is symmetric."""
    T, lam = learning_matrix(problem), problem.gram.eigenvalues
    scaled = all(
        T[i, j] * lam[j] == T[j, i] * lam[i] for i in range(problem.M) for j in range(i)
    )
    return equal(scaled, True, "TΛ is symmetric")


def no_data(problem: Problem) -> Outcome:
    """T4: no data learn nothing."""
    nothing = fmpq_mat(problem.M, problem.M)
    return equal(learning_matrix(problem.with_data([])), nothing, "T at n = 0")


def more_data(problem: Problem) -> Outcome:
    """T5: one more point lowers no eigenfunction's learnability."""
    before = learnabilities(problem)
    left = [x for x in range(problem.M) if x not in problem.data]
    if not left:
        return Outcome(checks=0)
    after = learnabilities(problem.with_data([*problem.data, left[0]]))
    return together(
        [
            at_most(a, b, "L with one point less")
            for a, b in zip(before, after, strict=True)
        ]
    )


def _modes(ridged: bool | None, most: int = 9) -> Callable[[Choose], Problem]:
    return lambda choose: random_problems.modes(choose, most=most, ridged=ridged)


def _with_rule(choose: Choose) -> tuple[Problem, fmpq_mat]:
    problem = random_problems.problem(choose)
    weights = [fmpq(signed(choose), choose(1, 4)) for _ in range(problem.M * problem.n)]
    return problem, fmpq_mat(problem.M, problem.n, weights)


def _characters(choose: Choose) -> Problem:
    cube = random_problems.walsh(choose(1, 3))
    K = spectral(cube, [random_problems.positive(choose) for _ in range(len(cube))])
    return Problem(K, random_problems.data(choose, len(K)), cube, choose(0, 3))


TESTS: tuple[tuple[str, Callable, Callable], ...] = (
    ("linear_rule", _with_rule, linear_rule),
    ("symmetric", _modes(False), symmetric),
    ("no_data", _modes(False), no_data),
    ("more_data", _modes(None), more_data),
    ("volume_sampling", _modes(False, 8), volume_sampling),
    ("white", _modes(None), white),
    ("one_point", _characters, one_point),
)


def laws() -> list[Law]:
    """Every theorem with its generator and its test.

    Examples
    --------
    >>> laws()[1].says
    'T2: without ridge Λ^-1/2 T Λ^1/2 is symmetric.'
    """
    return [
        Law(f"theorems/{name}", (test.__doc__ or "").strip(), build, test)
        for name, build, test in TESTS
    ]
