"""Kernel matrices on all points of a domain, in rational numbers, that print as code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_mat

from theory.errors import OutOfDomain
from verify.exact.problems.bases import Basis
from verify.exact.problems.points import Points, spell
from verify.exact.problems.rational_matrices import (
    block,
    diagonal,
    identity,
    matrix,
    rational,
)


@dataclass(frozen=True, eq=False)
class Gram:
    """A symmetric kernel matrix on all points of a domain.

    Attributes
    ----------
    values
        K(x, x′).
    code
        Python code of this object.
    basis, eigenvalues
        Its eigenfunctions and eigenvalues, where it was made from them.
    """

    values: fmpq_mat
    code: str
    basis: Basis | None = None
    eigenvalues: tuple[fmpq, ...] = ()

    def __len__(self) -> int:
        return self.values.nrows()

    def __repr__(self) -> str:
        return self.code

    @property
    def is_positive_definite(self) -> bool:
        """By Sylvester: all leading minors are positive, decided exactly."""
        leading = (range(size + 1) for size in range(len(self)))
        return all(block(self.values, rows, rows).det() > 0 for rows in leading)


def gram(rows: Iterable[Sequence[Any]]) -> Gram:
    """A kernel by its matrix.

    Raises
    ------
    OutOfDomain
        When the matrix is not symmetric.
    """
    values = matrix(rows)
    if values != values.transpose():
        raise OutOfDomain("a kernel matrix must be symmetric")
    return Gram(values, f"gram({spell(values.tolist())})")


def features(rows: Iterable[Sequence[Any]], white: Any = 0) -> Gram:
    """K = A Aᵀ + w I from a row of features for each point.

    Examples
    --------
    >>> features([[1], [2]], "1/2").values.entries()
    [3/2, 2, 2, 9/2]
    """
    A, w = matrix(rows), rational(white)
    values = A * A.transpose() + identity(A.nrows(), w)
    return Gram(values, f"features({spell(A.tolist())}, {spell(w)})")


def spectral(basis: Basis, eigenvalues: Sequence[Any]) -> Gram:
    """K = Σ_i λ_i φ_i φ_iᵀ from its eigenfunctions and eigenvalues.

    Examples
    --------
    >>> from verify.exact.problems.bases import walsh
    >>> spectral(walsh(1), [3, 1]).values.entries()
    [4, 2, 2, 4]
    """
    values = tuple(rational(x) for x in eigenvalues)
    M = len(basis)
    if len(values) != M:
        raise OutOfDomain(f"eigenvalues: {len(values)} were given for {M} functions")
    weights = diagonal([M * x / basis.square(j) for j, x in enumerate(values)])
    K = basis.columns * weights * basis.columns.transpose()
    return Gram(K, f"spectral({basis}, {spell(values)})", basis, values)


def dot_product(points: Points, coefficients: Sequence[Any]) -> Gram:
    """K = Σ_p a_p t^p on points whose cosines are rational.

    Examples
    --------
    >>> from verify.exact.problems.points import cube
    >>> dot_product(cube(1), [1, "1/2"]).values.entries()
    [3/2, 1/2, 1/2, 3/2]
    """
    given = [rational(a) for a in coefficients]
    t = points.cosines
    values = [
        sum((a * x**p for p, a in enumerate(given)), fmpq(0)) for x in t.entries()
    ]
    K = fmpq_mat(t.nrows(), t.ncols(), values)
    return Gram(K, f"dot_product({points}, {spell(given)})")
