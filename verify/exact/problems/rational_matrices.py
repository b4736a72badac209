"""Matrices of rational numbers (FLINT): orthogonal ones, and minimum-norm solutions."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import fmpq, fmpq_mat, fmpz

Rational = int | str | Fraction | fmpq


def rational(value: Any) -> fmpq:
    """An exact rational: from an int, a Fraction, a text such as "3/7", or a float.

    A float means the binary fraction that it is.

    Examples
    --------
    >>> rational("3/7"), rational(0.5)
    (3/7, 1/2)
    """
    if isinstance(value, fmpq):
        return value
    if isinstance(value, fmpz | int):
        return fmpq(value)
    number = Fraction(value)
    return fmpq(number.numerator, number.denominator)


def fraction(value: fmpq) -> Fraction:
    """The same number as a Python fraction."""
    return Fraction(int(value.p), int(value.q))


def matrix(rows: Iterable[Iterable[Any]]) -> fmpq_mat:
    """A matrix from its rows.

    Examples
    --------
    >>> matrix([[1, "1/2"]]).entries()
    [1, 1/2]
    """
    listed = [[rational(x) for x in row] for row in rows]
    width = len(listed[0]) if listed else 0
    return fmpq_mat(len(listed), width, [x for row in listed for x in row])


def identity(size: int, scale: Any = 1) -> fmpq_mat:
    """A multiple of the identity."""
    return diagonal([scale] * size)


def diagonal(values: Sequence[Any]) -> fmpq_mat:
    """A diagonal matrix."""
    size = len(values)
    return fmpq_mat(
        size,
        size,
        [
            rational(values[a]) if a == b else 0
            for a in range(size)
            for b in range(size)
        ],
    )


def rows_of(A: fmpq_mat, rows: Sequence[int]) -> fmpq_mat:
    """Some rows of a matrix, in the order given."""
    width = A.ncols()
    return fmpq_mat(len(rows), width, [A[a, b] for a in rows for b in range(width)])


def columns_of(A: fmpq_mat, columns: Sequence[int]) -> fmpq_mat:
    """Some columns of a matrix, in the order given."""
    height = A.nrows()
    return fmpq_mat(
        height, len(columns), [A[a, b] for a in range(height) for b in columns]
    )


def block(A: fmpq_mat, rows: Sequence[int], columns: Sequence[int]) -> fmpq_mat:
    """The entries at some rows and columns."""
    return fmpq_mat(len(rows), len(columns), [A[a, b] for a in rows for b in columns])


def trace(A: fmpq_mat) -> fmpq:
    """The sum of the diagonal."""
    return sum((A[a, a] for a in range(A.nrows())), fmpq(0))


def inner(A: fmpq_mat, a: int, B: fmpq_mat, b: int) -> fmpq:
    """The inner product of column a of A with column b of B."""
    return sum((A[x, a] * B[x, b] for x in range(A.nrows())), fmpq(0))


def frobenius(A: fmpq_mat) -> fmpq:
    """The sum of squared entries."""
    return sum((x * x for x in A.entries()), fmpq(0))


def square_root(value: fmpq) -> fmpq | None:
    """The rational square root, where there is one.

    Examples
    --------
    >>> square_root(fmpq(4, 9)), square_root(fmpq(2))
    (2/3, None)
    """
    p, q = int(value.p), int(value.q)
    if p < 0 or isqrt(p) ** 2 != p or isqrt(q) ** 2 != q:
        return None
    return fmpq(isqrt(p), isqrt(q))


def cayley(skew: fmpq_mat) -> fmpq_mat:
    """The orthogonal matrix (I − S)(I + S)⁻¹ of a skew-symmetric S.

    I + S is always invertible: xᵀ(I + S)x = |x|² for real x.

    Examples
    --------
    >>> cayley(matrix([[0, "1/2"], ["-1/2", 0]])).entries()
    [3/5, -4/5, 4/5, 3/5]
    """
    one = identity(skew.nrows())
    return (one - skew) * (one + skew).inv()


def pseudo_inverse(A: fmpq_mat) -> fmpq_mat:
    """Moore and Penrose's inverse, exactly: A = B C of full rank gives
    A⁺ = Cᵀ (C Cᵀ)⁻¹ (Bᵀ B)⁻¹ Bᵀ.

    Examples
    --------
    >>> pseudo_inverse(matrix([[1, 1], [1, 1]])).entries()
    [1/4, 1/4, 1/4, 1/4]
    """
    reduced, rank = A.rref()
    if rank == 0:
        return fmpq_mat(A.ncols(), A.nrows())
    pivots = []
    for row in range(rank):
        pivots.append(next(c for c in range(A.ncols()) if reduced[row, c] != 0))
    B, C = columns_of(A, pivots), rows_of(reduced, range(rank))
    Bt, Ct = B.transpose(), C.transpose()
    return Ct * (C * Ct).inv() * (Bt * B).inv() * Bt


def solve(A: fmpq_mat, labels: fmpq_mat) -> fmpq_mat:
    """A⁻¹ y, or the minimum-norm solution A⁺ y where A is singular."""
    if A.nrows() == 0:
        return fmpq_mat(0, labels.ncols())
    try:
        return A.solve(labels)
    except ZeroDivisionError:
        return pseudo_inverse(A) * labels
