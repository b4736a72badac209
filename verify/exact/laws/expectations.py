"""Exact expectations over all data sets of n distinct points, by symmetry, in ℚ.

A symmetry of the domain moves data sets without moving what is averaged, so one data
set stands for its whole orbit. On the hypercube {±1}^d translations bring a point of D
to the corner 0, and permutations of the bits identify what is left; on M equispaced
points of the circle, rotations and the reflection do. Learnabilities and errors are
averaged over the modes of a level, which permutations and reflections mix.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, permutations
from math import comb
from typing import Any

from flint import fmpq, fmpq_mat

from theory.errors import OutOfDomain
from verify.exact.problems.bases import Basis, characters, walsh
from verify.exact.problems.eigenmodes import learning_matrix
from verify.exact.problems.kernel_matrix import Gram, dot_product
from verify.exact.problems.points import cube
from verify.exact.problems.problem import Problem, kernel_regression
from verify.exact.problems.rational_matrices import inner, rational

MAX_SETS = 2_000_000
Orbits = tuple[tuple[tuple[int, ...], int], ...]


def _smallest(moved: Iterable[Sequence[int]]) -> tuple[int, ...]:
    return min(tuple(sorted(points)) for points in moved)


@lru_cache(maxsize=64)
def cube_orbits(d: int, n: int) -> Orbits:
    """Representatives of the n-sets of corners that hold corner 0, with their numbers.

    Examples
    --------
    >>> cube_orbits(2, 2)
    (((0, 1), 2), ((0, 3), 1))
    """
    if comb(2**d - 1, n - 1) > MAX_SETS:
        raise OutOfDomain(
            f"n = {n}: {comb(2**d - 1, n - 1)} data sets; at most {MAX_SETS}"
        )
    moves = [
        [sum((x >> b & 1) << to for b, to in enumerate(order)) for x in range(2**d)]
        for order in permutations(range(d))
    ]
    found: Counter[tuple[int, ...]] = Counter()
    for rest in combinations(range(1, 2**d), n - 1):
        found[_smallest([(0, *(move[x] for x in rest)) for move in moves])] += 1
    return tuple(sorted(found.items()))


@lru_cache(maxsize=64)
def circle_orbits(M: int, n: int) -> Orbits:
    """The same for M equispaced points: sets that hold point 0, up to reflection."""
    found: Counter[tuple[int, ...]] = Counter()
    for rest in combinations(range(1, M), n - 1):
        data = (0, *rest)
        found[_smallest([data, [-x % M for x in data]])] += 1
    return tuple(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Exact:
    """Expectations at one n, exactly: for each level, a unit target of that level.

    Attributes
    ----------
    learnability, mse
        E L and E |φ − f̂|², averaged over the modes of each level.
    """

    n: int
    learnability: tuple[fmpq, ...]
    mse: tuple[fmpq, ...]


def expectation(
    gram: Gram, basis: Basis, levels: Sequence[int], orbits: Orbits, ridge: Any = 0
) -> Exact:
    """Average over orbits of data sets, and over the modes of a level.

    Parameters
    ----------
    gram, basis
        The kernel on all points, and an orthogonal basis of its eigenfunctions.
    levels
        The level of each basis function.
    orbits
        Data sets with their numbers.
    ridge
        The ridge δ.
    """
    top = max(levels) + 1
    learned, errors = [fmpq(0)] * top, [fmpq(0)] * top
    total = sum(count for _, count in orbits)
    sizes = Counter(levels)
    f = basis.columns
    squares = [basis.square(j) for j in range(len(basis))]
    for data, count in orbits:
        problem = Problem(gram, data, basis, ridge)
        predicted = problem.predictions(f, kernel_regression)
        for j, level in enumerate(levels):
            weight = fmpq(count, total * sizes[level]) / squares[j]
            own = inner(f, j, predicted, j)
            square = inner(predicted, j, predicted, j)
            learned[level] += weight * own
            errors[level] += weight * (squares[j] - 2 * own + square)
    n = len(orbits[0][0]) if orbits else 0
    return Exact(n, tuple(learned), tuple(errors))


def on_cube(d: int, coefficients: Sequence[Any], n: int, ridge: Any = 0) -> Exact:
    """Kernel Σ_p a_p t^p on {±1}^d with n distinct points.

    Examples
    --------
    >>> exact = on_cube(3, ["4/3", 3, 3, 1], 4)          # (1 + t)³ + 1/3
    >>> exact.learnability[3]
    155237205019/870187442950
    """
    K = dot_product(cube(d), coefficients)
    levels = [S.bit_count() for S in range(2**d)]
    return expectation(K, walsh(d), levels, cube_orbits(d, n), ridge)


def on_circle(M: int, coefficients: Sequence[Any], n: int, ridge: Any = 0) -> Exact:
    """Kernel Σ_p a_p t^p on M = 1, 2, 3, 4 or 6 equispaced points of the circle."""
    basis = characters(M)
    t = [basis.columns[x, 1] for x in range(M)] if M > 1 else [fmpq(1)]
    a = [rational(x) for x in coefficients]
    row = [sum((c * x**p for p, c in enumerate(a)), fmpq(0)) for x in t]
    values = fmpq_mat(M, M, [row[(x - y) % M] for x in range(M) for y in range(M)])
    levels = [(j + 1) // 2 for j in range(M)]
    return expectation(
        Gram(values, f"circle of {M}"), basis, levels, circle_orbits(M, n), ridge
    )


def mean_learning_matrix(problem: Problem) -> fmpq_mat:
    """E T over all data sets of the problem's size, without any use of symmetry."""
    total, count = fmpq_mat(problem.M, problem.M), 0
    for data in combinations(range(problem.M), problem.n):
        total, count = total + learning_matrix(problem.with_data(data)), count + 1
    return total * fmpq(1, count)
