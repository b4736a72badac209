"""Random problems in rational numbers, built from integer choices.

Every generator takes ``choose(low, high)``; 0 and the lower end are the simplest, so a
counterexample shrinks towards few points, small numbers and plain bases.
"""

from collections.abc import Callable
from typing import Any

from flint import fmpq

from verify.exact.problems.bases import (
    Basis,
    characters,
    deltas,
    rotated,
    rotation,
    walsh,
)
from verify.exact.problems.kernel_matrix import Gram, dot_product, features, spectral
from verify.exact.problems.points import Points, circle, cube, sphere
from verify.exact.problems.problem import Problem
from verify.exact.testing.choices import Choose, signed

LAYOUT = 9


def positive(choose: Choose) -> fmpq:
    """A positive rational: mostly tame, sometimes 10^±8 times that."""
    value = fmpq(choose(1, 9), choose(1, 9))
    scale = (0, 0, 0, 3, -3, 8, -8)[choose(0, 6)]
    return value * fmpq(10) ** scale if scale >= 0 else value / fmpq(10) ** -scale


def ridge(choose: Choose) -> fmpq:
    """A positive ridge."""
    return positive(choose)


def several(choose: Choose, make: Callable[[Choose], Any], count: int) -> list[Any]:
    """``count`` objects, by always as many choices: a smaller count shifts nothing."""
    return [make(choose) for _ in range(max(LAYOUT, count))][:count]


def skew(choose: Choose, M: int) -> list[list[Any]]:
    """The strict upper triangle of a sparse skew matrix, at least one entry not 0."""
    rows: list[list[Any]] = [[0] * (M - a - 1) for a in range(M)]
    entries = choose(1, 5)
    for number in range(5):
        a, b = choose(0, 7), choose(0, 7)
        value = fmpq(signed(choose, 4), choose(1, 3)) or fmpq(1)
        if number < entries and M > 1:
            a %= M - 1
            rows[a][b % (M - 1 - a)] = value
    return rows


def basis(choose: Choose, M: int) -> Basis:
    """A complete orthogonal basis on M points: plain, characters, or rotated."""
    plain: list[Basis] = [deltas(M)]
    if M in {1, 2, 3, 4, 6}:
        plain.append(characters(M))
    if M & (M - 1) == 0:
        plain.append(walsh(M.bit_length() - 1))
    kind = choose(0, len(plain) + 1)
    if kind < len(plain):
        return plain[kind]
    turn = rotation(skew(choose, M))
    if kind == len(plain) or M & (M - 1):
        return turn
    return rotated(plain[-1], turn)


def points(choose: Choose, most: int) -> Points:
    """A hypercube, or distinct rational points on a circle or a sphere."""
    kind = choose(0, 2)
    if kind == 0:
        return cube(choose(1, most.bit_length() - 1))
    count = choose(1, most)
    if kind == 1:
        return circle([4 * x + fmpq(signed(choose, 3), 3) for x in range(count)])
    return sphere([[x, fmpq(signed(choose), 2)] for x in range(count)])


def definite_gram(choose: Choose, most: int = 9) -> Gram:
    """A positive-definite kernel: A Aᵀ + w, a spectrum, or a dot-product kernel."""
    kind = choose(0, 2)
    if kind == 0:
        M, width = choose(1, most), choose(1, 3)
        A = [[signed(choose, 4) for _ in range(width)] for _ in range(M)]
        return features(A, positive(choose))
    if kind == 1:
        M = choose(1, most)
        return spectral(basis(choose, M), [positive(choose) for _ in range(M)])
    where = points(choose, most)
    degree = len(where) if where.code.startswith(("circle", "sphere")) else choose(1, 4)
    if where.code.startswith("cube"):
        degree = max(degree, (len(where) - 1).bit_length())
    return dot_product(
        where, [fmpq(choose(1, 9), choose(1, 4)) for _ in range(degree + 1)]
    )


def singular_gram(choose: Choose, most: int = 9) -> Gram:
    """A positive semi-definite kernel of low rank: few features, modes or powers."""
    kind = choose(0, 2)
    if kind == 0:
        M, width = choose(2, most), choose(1, 3)
        return features([[signed(choose, 4) for _ in range(width)] for _ in range(M)])
    if kind == 1:
        M = choose(2, most)
        keep = [choose(0, 1) for _ in range(M)]
        values = [positive(choose) * kept for kept in keep]
        return spectral(basis(choose, M), values)
    return dot_product(points(choose, most), [choose(0, 2), choose(1, 9)])


def drawn_features(choose: Choose, *, ridged: bool) -> tuple[Problem, int]:
    """Distinct points, and a kernel of w features drawn on them; and w."""
    M, width = choose(2, LAYOUT), choose(1, LAYOUT)
    rows = [several(choose, lambda pick: signed(pick, 9), width) for _ in range(M)]
    K, where = features(rows), data(choose, M)
    functions = basis(choose, M)
    return Problem(K, where, functions, ridge(choose) if ridged else 0), width


def data(choose: Choose, M: int, repeats: bool = False) -> list[int]:
    """A data set: distinct points in any order, or points that may repeat."""
    n = 1 + choose(0, LAYOUT - 1) % M
    keys = several(choose, lambda pick: pick(0, 60), M)
    if repeats:
        return [key % M for key in keys[:n]]
    return sorted(range(M), key=lambda x: keys[x])[:n]


def target(choose: Choose, M: int) -> list[int]:
    """Coefficients of a target function, not all 0."""
    values = several(choose, lambda pick: signed(pick, 4), M)
    return values if any(values) else [1, *values[1:]]


def problem(
    choose: Choose,
    *,
    ridged: bool = False,
    singular: bool = False,
    repeats: bool = False,
    most: int = 9,
) -> Problem:
    """A kernel, a data set, a basis that is not the kernel's own, and maybe a ridge."""
    K = singular_gram(choose, most) if singular else definite_gram(choose, most)
    where = data(choose, len(K), repeats)
    functions = basis(choose, len(K))
    return Problem(K, where, functions, ridge(choose) if ridged else 0)


def modes(choose: Choose, *, most: int = 9, ridged: bool | None = None) -> Problem:
    """A problem in the kernel's own eigenbasis, whose functions are rational.

    On 2, 4, 8 or 9 points, in a fixed layout of choices: a problem shrinks to fewer
    points with all else kept. ``ridged`` None leaves the ridge to choice.
    """
    kind = choose(0, 4 if most >= 9 else 3)
    turn = skew(choose, (2, 4, 4, 8, 9)[kind])
    plain = walsh((1, 2, 2, 3, 0)[kind])
    functions = {
        1: lambda: rotation(turn),
        2: lambda: rotated(plain, rotation(turn)),
        4: lambda: rotation(turn),
    }.get(kind, lambda: plain)()
    eigenvalues = several(choose, positive, len(functions))
    return _regression(choose, spectral(functions, eigenvalues), ridged)


def cube_modes(choose: Choose, *, d: int = 3, ridged: bool | None = None) -> Problem:
    """A dot-product kernel on a hypercube: one eigenvalue for each number of bits."""
    dimension = choose(1, d)
    by_level = several(choose, positive, dimension + 1)
    values = [by_level[S.bit_count()] for S in range(2**dimension)]
    return _regression(choose, spectral(walsh(dimension), values), ridged)


def _regression(choose: Choose, K: Gram, ridged: bool | None) -> Problem:
    """Data, ridge and target for a kernel made from its modes."""
    with_ridge = bool(choose(0, 1)) if ridged is None else ridged
    delta, where = ridge(choose), data(choose, len(K))
    return Problem(K, where, K.basis, delta * with_ridge, target(choose, len(K)))
