"""Complete orthogonal bases of the functions on M points, in rational numbers.

Learnability does not depend on the scale of a function, so a basis is kept as
orthogonal columns of any length: the characters of six equispaced points hold √3 only
as a factor of whole columns, and are rational here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_mat

from theory.errors import OutOfDomain
from verify.exact.problems.points import spell
from verify.exact.problems.rational_matrices import (
    cayley,
    identity,
    inner,
    matrix,
    rational,
    square_root,
)

COSINES = {1: [1], 2: [1, -1], 3: [1, "-1/2", "-1/2"], 4: [1, 0, -1, 0]}
COSINES[6] = [1, "1/2", "-1/2", -1, "-1/2", "1/2"]
SINES = {3: [0, 1, -1], 4: [0, 1, 0, -1], 6: [0, 1, 1, 0, -1, -1]}


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """Orthogonal columns, one function each, and the code that makes them."""

    columns: fmpq_mat
    code: str

    def __len__(self) -> int:
        return self.columns.ncols()

    def __repr__(self) -> str:
        return self.code

    def square(self, j: int) -> fmpq:
        """Σ_x f_j(x)²."""
        return inner(self.columns, j, self.columns, j)

    @property
    def is_orthogonal(self) -> bool:
        """Whether the columns are complete and orthogonal, decided exactly."""
        M = self.columns.nrows()
        grams = self.columns.transpose() * self.columns
        return self.columns.ncols() == M and all(
            (grams[a, b] == 0) != (a == b) for a in range(M) for b in range(M)
        )

    def normalized(self) -> fmpq_mat:
        """The functions φ_i with mean square 1, where these are rational.

        Raises
        ------
        OutOfDomain
            When M/|f|² is not the square of a rational number.
        """
        M = self.columns.nrows()
        result = fmpq_mat(self.columns)
        for j in range(len(self)):
            scale = square_root(M / self.square(j))
            if scale is None:
                raise OutOfDomain(
                    f"basis {self}: no rational multiple of column {j} has norm 1"
                )
            for x in range(M):
                result[x, j] *= scale
        return result


def deltas(M: int) -> Basis:
    """One function for each point: 1 there and 0 elsewhere."""
    return Basis(identity(M), f"deltas({M})")


def walsh(d: int) -> Basis:
    """The parities of the hypercube; bit b of a column's index puts bit b into it.

    Examples
    --------
    >>> walsh(1).columns.entries()
    [1, 1, 1, -1]
    """
    size = range(2**d)
    rows = [[1 - 2 * ((x & S).bit_count() % 2) for S in size] for x in size]
    return Basis(matrix(rows), f"walsh({d})")


def characters(M: int) -> Basis:
    """Cos kθ and sin kθ on M = 1, 2, 3, 4 or 6 equispaced points, up to scale.

    Examples
    --------
    >>> characters(6).is_orthogonal
    True
    """
    if M not in COSINES:
        raise OutOfDomain(
            f"M = {M}: the characters are rational up to scale for M = 1, 2, 3, 4, 6"
        )
    columns = []
    for k in range(M // 2 + 1):
        columns.append([COSINES[M][k * x % M] for x in range(M)])
        if k and 2 * k != M:
            columns.append([SINES[M][k * x % M] for x in range(M)])
    return Basis(matrix(columns).transpose(), f"characters({M})")


def rotation(upper: Iterable[Sequence[Any]]) -> Basis:
    """Cayley's orthogonal matrix of the skew matrix with this strict upper triangle.

    Examples
    --------
    >>> rotation([["1/2"], []]).columns.entries()
    [3/5, -4/5, 4/5, 3/5]
    """
    rows = [[rational(x) for x in row] for row in upper]
    M = len(rows)
    skew = fmpq_mat(M, M)
    for a, row in enumerate(rows):
        for b, value in enumerate(row, start=a + 1):
            skew[a, b], skew[b, a] = value, -value
    return Basis(cayley(skew), f"rotation({spell(rows)})")


def rotated(basis: Basis, by: Basis) -> Basis:
    """New functions as orthogonal combinations of the normalized old ones.

    Examples
    --------
    >>> rotated(walsh(1), rotation([["1/2"], []])).is_orthogonal
    True
    """
    return Basis(basis.normalized() * by.columns, f"rotated({basis}, {by})")
