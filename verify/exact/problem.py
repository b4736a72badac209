"""A regression problem on M points, in rational numbers, that prints as code.

The kernel is given on all M points, the measure is uniform, and the predictor is
computed everywhere. ``eval(repr(problem))`` makes the problem again, with the names of
``verify.exact``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flint import fmpq, fmpq_mat

from theory.errors import OutOfDomain
from verify.exact.bases import Basis, deltas
from verify.exact.points import Points, spell
from verify.exact.rational import (
    block,
    columns_of,
    diagonal,
    identity,
    inner,
    matrix,
    rational,
    rows_of,
    solve,
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
        msg = "a kernel matrix must be symmetric"
        raise OutOfDomain(msg)
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
    >>> from verify.exact.bases import walsh
    >>> spectral(walsh(1), [3, 1]).values.entries()
    [4, 2, 2, 4]
    """
    values = tuple(rational(x) for x in eigenvalues)
    M = len(basis)
    if len(values) != M:
        msg = f"eigenvalues: {len(values)} were given for {M} functions"
        raise OutOfDomain(msg)
    weights = diagonal([M * x / basis.square(j) for j, x in enumerate(values)])
    K = basis.columns * weights * basis.columns.transpose()
    return Gram(K, f"spectral({basis}, {spell(values)})", basis, values)


def dot_product(points: Points, coefficients: Sequence[Any]) -> Gram:
    """K = Σ_p a_p t^p on points whose cosines are rational.

    Examples
    --------
    >>> from verify.exact.points import cube
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


Predictor = Callable[[fmpq_mat, Sequence[int], fmpq, fmpq_mat], fmpq_mat]


def kernel_regression(
    K: fmpq_mat, data: Sequence[int], ridge: fmpq, labels: fmpq_mat
) -> fmpq_mat:
    """f̂ = K_{xD} (K_DD + δI)⁻¹ y at every point; minimum-norm where singular."""
    resolved = solve(block(K, data, data) + identity(len(data), ridge), labels)
    return columns_of(K, data) * resolved


@dataclass(frozen=True, eq=False)
class Problem:
    """A kernel, a data set, an orthogonal basis, a ridge and a target.

    Examples
    --------
    >>> from verify.exact.bases import walsh
    >>> problem = Problem(spectral(walsh(1), [3, 1]), data=[0], ridge=0)
    >>> problem
    Problem(spectral(walsh(1), [3, 1]), data=[0])
    >>> problem.learnabilities
    [3/4, 1/4]
    """

    gram: Gram
    data: Sequence[int]
    basis: Basis
    ridge: fmpq = field(default_factory=fmpq)
    target: Sequence[Any] = ()

    def __init__(
        self,
        gram: Gram,
        data: Sequence[int],
        basis: Basis | None = None,
        ridge: Any = 0,
        target: Sequence[Any] = (),
    ) -> None:
        basis = basis or gram.basis or deltas(len(gram))
        data = [int(x) for x in data]
        if any(not 0 <= x < len(gram) for x in data):
            msg = f"data = {data}: points are numbered 0..{len(gram) - 1}"
            raise OutOfDomain(msg)
        if len(basis) != len(gram):
            msg = f"basis: {len(basis)} functions on {len(gram)} points"
            raise OutOfDomain(msg)
        if len(target) not in {0, len(gram)}:
            msg = f"target: {len(target)} coefficients for {len(gram)} functions"
            raise OutOfDomain(msg)
        ridge = rational(ridge)
        if ridge < 0:
            msg = f"ridge = {ridge} must be at least 0"
            raise OutOfDomain(msg)
        object.__setattr__(self, "gram", gram)
        object.__setattr__(self, "data", data)
        object.__setattr__(self, "basis", basis)
        object.__setattr__(self, "ridge", ridge)
        object.__setattr__(self, "target", tuple(rational(v) for v in target))

    def __repr__(self) -> str:
        parts = [repr(self.gram), f"data={list(self.data)}"]
        if self.basis is not self.gram.basis:
            parts.append(f"basis={self.basis}")
        if self.ridge:
            parts.append(f"ridge={spell(self.ridge)}")
        if self.target:
            parts.append(f"target={spell(self.target)}")
        return f"Problem({', '.join(parts)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    @property
    def n(self) -> int:
        """The number of training points."""
        return len(self.data)

    @property
    def M(self) -> int:
        """The number of points of the domain."""
        return len(self.gram)

    @cached_property
    def K_D(self) -> fmpq_mat:
        """The kernel matrix of the data."""
        return block(self.gram.values, self.data, self.data)

    @cached_property
    def resolvent(self) -> fmpq_mat:
        """R = (K_D + δI)⁻¹.

        Raises
        ------
        ZeroDivisionError
            When the matrix is singular.
        """
        return (self.K_D + identity(self.n, self.ridge)).inv()

    def predictions(self, functions: fmpq_mat, predictor: Predictor) -> fmpq_mat:
        """The predictor of every column of functions, at every point."""
        labels = rows_of(functions, self.data)
        return predictor(self.gram.values, self.data, self.ridge, labels)

    def learnabilities_of(
        self, functions: fmpq_mat, predictor: Predictor = kernel_regression
    ) -> list[fmpq]:
        """⟨f, f̂⟩/⟨f, f⟩ of every column, with f̂ computed on the whole domain."""
        learned = self.predictions(functions, predictor)
        return [
            inner(functions, j, learned, j) / inner(functions, j, functions, j)
            for j in range(functions.ncols())
        ]

    @cached_property
    def learnabilities(self) -> list[fmpq]:
        """L^(D) of the basis functions, by kernel regression."""
        return self.learnabilities_of(self.basis.columns)

    @property
    def eigenvalues(self) -> list[fmpq]:
        """The kernel's eigenvalues, where it was made from them."""
        return list(self.gram.eigenvalues)

    @property
    def T(self) -> fmpq_mat:
        """The matrix that takes a target's coefficients to the predictor's."""
        from verify.exact.modes import learning_matrix

        return learning_matrix(self)

    def _coefficients(self, of: int | Sequence[Any] | None) -> fmpq_mat:
        """A mode by its number, a function by its coefficients, or the target."""
        if isinstance(of, int):
            of = [int(i == of) for i in range(self.M)]
        given = list(self.target if of is None else of)
        if not any(given):
            msg = f"target = {given}: a function that is not zero is needed"
            raise OutOfDomain(msg)
        return fmpq_mat(self.M, 1, [rational(v) for v in given])

    def learnability(self, of: int | Sequence[Any] | None = None) -> fmpq:
        """⟨f, f̂⟩/⟨f, f⟩ of a mode, of coefficients, or of the target.

        Examples
        --------
        >>> from verify.exact.bases import walsh
        >>> problem = Problem(spectral(walsh(1), [3, 1]), data=[0], target=[2, 1])
        >>> problem.learnability(0), problem.learnability()
        (3/4, 21/20)
        """
        v = self._coefficients(of)
        return inner(v, 0, self.T * v, 0) / inner(v, 0, v, 0)

    def mse(self, of: int | Sequence[Any] | None = None) -> fmpq:
        """|f − f̂|²/|f|², averaged over the whole domain."""
        v = self._coefficients(of)
        gap = v - self.T * v
        return inner(gap, 0, gap, 0) / inner(v, 0, v, 0)

    def with_data(self, data: Sequence[int]) -> "Problem":
        """The same problem on another data set."""
        return Problem(self.gram, data, self.basis, self.ridge, self.target)


__all__ = [
    "Gram",
    "Problem",
    "dot_product",
    "features",
    "gram",
    "kernel_regression",
    "spectral",
]
