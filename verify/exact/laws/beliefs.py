"""False beliefs, each refuted by a counterexample that a search finds and shrinks.

A belief is written down as it is commonly remembered. The claim that is confirmed here
is that it is false; the report holds the smallest counterexample found, as code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from flint import fmpq, fmpq_mat

from verify.exact.laws.expectations import (
    cube_orbits,
    expectation,
    mean_learning_matrix,
)
from verify.exact.problems import random_problems
from verify.exact.problems.problem import Problem, kernel_regression
from verify.exact.problems.rational_matrices import inner, rows_of
from verify.exact.testing.case_code import pasteable
from verify.exact.testing.choices import Choose, seeded, shrink
from verify.exact.testing.law import Progress
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict

TRIES = 2_000
STARTS = 5


@dataclass(frozen=True, slots=True)
class Belief:
    """A statement that is false, and how a case contradicts it (empty: it does not)."""

    name: str
    says: str
    build: Callable[[Choose], Any]
    contradiction: Callable[[Any], str]


def _in_unit_interval(problem: Problem) -> str:
    L = problem.learnability()
    return "" if 0 <= L <= 1 else f"L(f) = {L}"


def _mean_in_unit_interval(problem: Problem) -> str:
    v = fmpq_mat(problem.M, 1, list(problem.target))
    L = inner(v, 0, mean_learning_matrix(problem) * v, 0) / inner(v, 0, v, 0)
    return (
        "" if 0 <= L <= 1 else f"E L(f) = {L} over all data sets of {problem.n} points"
    )


def _grows_with_data(problem: Problem) -> str:
    left = [x for x in range(problem.M) if x not in problem.data]
    before = problem.learnability()
    for x in left[:1]:
        after = problem.with_data([*problem.data, x]).learnability()
        if after < before:
            return f"with point {x} added, L(f) falls from {before} to {after}"
    return ""


def _mean_is_diagonal(problem: Problem) -> str:
    T = mean_learning_matrix(problem)
    for i in range(problem.M):
        for j in range(problem.M):
            if i != j and T[i, j] != 0:
                return f"E T[{i}, {j}] = {T[i, j]} over all data sets"
    return ""


def _ordered_by_eigenvalue(problem: Problem) -> str:
    """The exact mean learnability of levels is ordered as their eigenvalues are."""
    d = problem.M.bit_length() - 1
    levels = [S.bit_count() for S in range(problem.M)]
    mean = expectation(problem.gram, problem.basis, levels, cube_orbits(d, problem.n))
    lam = [problem.eigenvalues[2**k - 1] for k in range(d + 1)]
    for a in range(d + 1):
        for b in range(d + 1):
            if lam[a] > lam[b] and mean.learnability[a] < mean.learnability[b]:
                La, Lb = mean.learnability[a], mean.learnability[b]
                return f"λ_{a} = {lam[a]} > λ_{b} = {lam[b]}, but E L_{a} = {La} < E L_{b} = {Lb}"
    return ""


def _error_falls(problem: Problem) -> str:
    d = problem.M.bit_length() - 1
    if problem.n == problem.M:
        return ""
    levels = [S.bit_count() for S in range(problem.M)]
    less, more = (
        expectation(problem.gram, problem.basis, levels, cube_orbits(d, n)).mse
        for n in (problem.n, problem.n + 1)
    )
    for k, (a, b) in enumerate(zip(less, more, strict=True)):
        if b > a:
            return (
                f"E MSE of level {k} rises from {a} to {b} as n goes to {problem.n + 1}"
            )
    return ""


def _error_below_one(problem: Problem) -> str:
    error = problem.mse(problem.M - 1)
    return "" if error <= 1 else f"MSE of the last mode = {error}"


def _conserved_on_a_sample(problem: Problem) -> str:
    """Σ L with inner products over half of the domain only."""
    sample = list(range(0, problem.M, 2))
    f = problem.basis.columns
    learned = rows_of(problem.predictions(f, kernel_regression), sample)
    seen = rows_of(f, sample)
    total = fmpq(0)
    for j in range(problem.M):
        square = inner(seen, j, seen, j)
        if square == 0:
            return ""
        total += inner(seen, j, learned, j) / square
    return (
        ""
        if total == problem.n
        else f"Σ L = {total} on points {sample}, n = {problem.n}"
    )


def greedy(K: fmpq_mat, data: Sequence[int], ridge: fmpq, labels: fmpq_mat) -> fmpq_mat:
    """A rule that interpolates and is not linear: off the data, the largest label."""
    del ridge
    result = fmpq_mat(K.nrows(), labels.ncols())
    for j in range(labels.ncols()):
        column = [labels[a, j] for a in range(len(data))]
        for x in range(K.nrows()):
            known = x in data
            result[x, j] = column[list(data).index(x)] if known else max(column)
    return result


def _nonlinear_conserves(problem: Problem) -> str:
    total = sum(problem.learnabilities_of(problem.basis.columns, greedy), fmpq(0))
    return "" if total == problem.n else f"Σ L = {total} with n = {problem.n}"


def _ridgeless(choose: Choose) -> Problem:
    return random_problems.modes(choose, most=8, ridged=False)


def _small(choose: Choose) -> Problem:
    return random_problems.modes(choose, most=8, ridged=None)


def _cube(choose: Choose) -> Problem:
    return random_problems.cube_modes(choose, ridged=False)


BELIEFS = (
    Belief(
        "between_0_and_1",
        "L(f) lies in [0, 1] for every function f",
        _small,
        _in_unit_interval,
    ),
    Belief(
        "mean_between_0_and_1",
        "E L(f) lies in [0, 1] for every f on every domain",
        _small,
        _mean_in_unit_interval,
    ),
    Belief(
        "grows_with_data",
        "more data never lower L(f), for every f",
        _small,
        _grows_with_data,
    ),
    Belief(
        "mean_is_diagonal",
        "E T is diagonal in the eigenbasis",
        _small,
        _mean_is_diagonal,
    ),
    Belief(
        "ordered_by_eigenvalue",
        "a larger eigenvalue means a larger exact E L, for dot-product kernels on the cube",
        _cube,
        _ordered_by_eigenvalue,
    ),
    Belief(
        "error_falls",
        "the exact E MSE of a mode never rises with n",
        _cube,
        _error_falls,
    ),
    Belief(
        "error_below_one",
        "the MSE of a mode is at most that of predicting 0",
        _ridgeless,
        _error_below_one,
    ),
    Belief(
        "conserved_on_a_sample",
        "Σ L = n on a sample of test points",
        _ridgeless,
        _conserved_on_a_sample,
    ),
    Belief(
        "nonlinear_conserves",
        "every rule that interpolates has Σ L = n, linear or not",
        _ridgeless,
        _nonlinear_conserves,
    ),
)


def refute(belief: Belief, seed: int = 0, tries: int = TRIES) -> Report:
    """Search for a counterexample, shrink it, and report it as code.

    Examples
    --------
    >>> report = refute(BELIEFS[0])
    >>> print(report.verdict, "|", report.counterexample.splitlines()[-1])
    confirmed | Problem(spectral(walsh(1), [1, 2]), data=[1], target=[-3, 4])
    """
    start, name = perf_counter(), f"beliefs/{belief.name}"
    says = f'it is false that "{belief.says}"'
    fails = lambda case: bool(belief.contradiction(case))
    found: list[Any] = []
    example = 0
    while example < tries and len(found) < STARTS:
        choices = seeded(seed, example, name)
        if fails(belief.build(choices)):
            found.append(shrink(belief.build, fails, choices.made))
        example += 1
    smallest = min(found, key=lambda case: len(repr(case)), default=None)
    return Report(
        says,
        Verdict.CONFIRMED if found else Verdict.INCONCLUSIVE,
        example,
        name,
        effect=f"{len(found)} counterexamples in {example} tries, the smallest shown",
        seed=seed,
        seconds=perf_counter() - start,
        counterexample=pasteable(smallest) if found else "",
        reason=belief.contradiction(smallest) if found else "no counterexample found",
    )


def refute_all(
    seed: int = 0, progress: Progress | None = None, tries: int = TRIES
) -> list[Report]:
    """A counterexample to every false belief."""
    reports = []
    for done, belief in enumerate(BELIEFS):
        if progress:
            progress(done, len(BELIEFS), f"beliefs/{belief.name}")
        reports.append(refute(belief, seed, tries))
    return reports
