"""Judges that carry out a regression: the law, the matrix T, one mode's L, class means.

A kernel that is white on classes of points learns the mean label of each class that was
drawn, and nothing elsewhere: its errors are sums over classes, and the conjectures about
classes are exact for it.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import combinations, product
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
from verify.exact.testing.choices import Choose
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


@dataclass(frozen=True, slots=True)
class ClassMeans:
    """Signed points ±1, ±2, … of a domain, noise, and powers of either parity."""

    classes: int
    data: tuple[int, ...]
    noise: fmpq
    right: fmpq
    wrong: fmpq


def _class_means(choose: Choose) -> ClassMeans:
    classes = choose(2, 4)
    side = lambda: (1 + choose(0, classes - 1)) * (2 * choose(0, 1) - 1)
    data = tuple(side() for _ in range(choose(1, 5)))
    powers = (fmpq(choose(1, 5), choose(1, 4)) for _ in range(3))
    return ClassMeans(classes, data, *powers)


@judge(
    "class_overfitting_coefficient",
    "class_variance",
    "class_test_mse",
    "class_train_mse",
)
def means_of_classes(formula: Formula) -> Law:
    """Mean labels of classes, whose noise and signs are averaged label by label."""
    from theory.statistics import classes as letters_of

    def values(case: ClassMeans) -> dict[Any, Any] | None:
        met: dict[int, list[int]] = {}
        for x in case.data:
            met.setdefault(abs(x), []).append(1 if x > 0 else -1)
        c, M, draws = len(met), case.classes, len(case.data)
        if c == M:
            return None  # the limit of as many classes as modes
        alone = [fmpq(1, len(signs)) for signs in met.values()]
        cancelled = [fmpq(sum(signs), len(signs)) ** 2 for signs in met.values()]
        L = fmpq(c, M)
        noise_learned, wrong_learned = sum(alone, fmpq(0)), sum(cancelled, fmpq(0))
        overfitting = 1 + noise_learned / M
        seen = case.right * (1 - L) + case.wrong * (1 + wrong_learned / M)
        mse = seen + case.noise * overfitting
        bias = case.right * (1 - L) ** 2 + case.wrong
        in_data = [
            len(signs) - x * len(signs)
            for signs, x in zip(met.values(), cancelled, strict=True)
        ]
        left = sum(in_data, fmpq(0)) / draws
        train = case.noise * fmpq(draws - c, draws) + case.wrong * left
        return {
            letters.levels: 1,
            letters.lam: [3],
            letters.g: [M],
            letters.C: 3 * fmpq(M - c, c),
            letters.n: c,
            letters.noise: case.noise,
            letters_of.domain_classes: M,
            letters_of.draws: draws,
            letters_of.wrong: case.wrong,
            letters_of.noise_share: noise_learned / c,
            letters_of.wrong_share: wrong_learned / c,
            letters_of.wrong_left: left,
            letters.overfitting: overfitting,
            letters.bias: bias,
            letters.variance: mse - bias - case.noise,
            letters.test_mse: mse,
            letters.train_mse: train,
        }

    return by_values(formula, _class_means, values)


@judge("antipodal_pairs_law", "antipodal_noise_share", "antipodal_wrong_parity_share")
def counted_pairs(formula: Formula) -> Law:
    """Pairs x, −x counted in all sets of n points; labels of classes averaged."""
    from theory.statistics import classes as letters_of

    def values(case: tuple[int, int, int]) -> dict[Any, Any] | None:
        half, n, p = case
        points = [(k, sign) for k in range(half) for sign in (1, -1)]
        sets = list(combinations(points, n))
        having = [x for x in sets if n - len({k for k, _ in x}) == p]
        if not having:
            return None
        classes = Counter(k for k, _ in having[0]).values()
        return {
            letters_of.pair_law: fmpq(len(having), len(sets)),
            letters_of.noise_share: sum((fmpq(1, m) for m in classes), fmpq(0))
            / (n - p),
            letters_of.wrong_share: fmpq(sum(m == 1 for m in classes), n - p),
            letters_of.pairs: p,
            letters_of.count: n - p,
            letters.points: 2 * half,
            letters.n: n,
        }

    return by_values(
        formula,
        lambda choose: (half := choose(1, 4), choose(1, 2 * half), choose(0, 3)),
        values,
    )


@judge("distinct_classes_law")
def counted_classes(formula: Formula) -> Law:
    """Different values counted in all M^n sequences, and maps onto c classes."""
    from theory.statistics import classes as letters_of

    def onto(n: fmpq, c: fmpq) -> fmpq:
        drawn = product(range(int(c.p)), repeat=int(n.p))
        return fmpq(sum(len(set(x)) == c for x in drawn))

    def values(case: tuple[int, int, int]) -> dict[Any, Any]:
        M, n, c = case
        met = sum(len(set(x)) == c for x in product(range(M), repeat=n))
        return {
            letters_of.law: fmpq(met, M**n),
            letters_of.occupied: onto,
            letters_of.count: c,
            letters.points: M,
            letters.n: n,
        }

    return by_values(
        formula, lambda choose: (choose(1, 5), choose(1, 4), choose(1, 3)), values
    )
