"""A regression problem on M points, in rational numbers, that prints as code.

The kernel is given on all M points, the measure is uniform, and the predictor is
computed everywhere. ``eval(repr(problem))`` makes the problem again, with the names of
``verify.exact``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from flint import fmpq, fmpq_mat

from theory.errors import OutOfDomain
from verify.exact.problems.bases import Basis, deltas
from verify.exact.problems.kernel_matrix import Gram
from verify.exact.problems.points import spell
from verify.exact.problems.rational_matrices import (
    block,
    columns_of,
    identity,
    inner,
    rational,
    rows_of,
    solve,
)

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
    >>> from verify.exact.problems.bases import walsh
    >>> from verify.exact.problems.kernel_matrix import spectral
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
            raise OutOfDomain(f"data = {data}: points are numbered 0..{len(gram) - 1}")
        if len(basis) != len(gram):
            raise OutOfDomain(f"basis: {len(basis)} functions on {len(gram)} points")
        if len(target) not in {0, len(gram)}:
            raise OutOfDomain(
                f"target: {len(target)} coefficients for {len(gram)} functions"
            )
        ridge = rational(ridge)
        if ridge < 0:
            raise OutOfDomain(f"ridge = {ridge} must be at least 0")
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
        return learning_matrix(self)

    def _coefficients(self, of: int | Sequence[Any] | None) -> fmpq_mat:
        """A mode by its number, a function by its coefficients, or the target."""
        if isinstance(of, int):
            of = [int(i == of) for i in range(self.M)]
        given = list(self.target if of is None else of)
        if not any(given):
            raise OutOfDomain(
                f"target = {given}: a function that is not zero is needed"
            )
        return fmpq_mat(self.M, 1, [rational(v) for v in given])

    def learnability(self, of: int | Sequence[Any] | None = None) -> fmpq:
        """⟨f, f̂⟩/⟨f, f⟩ of a mode, of coefficients, or of the target.

        Examples
        --------
        >>> from verify.exact.problems.bases import walsh
        >>> from verify.exact.problems.kernel_matrix import spectral
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


@lru_cache(maxsize=64)
def learning_matrix(problem: Problem) -> fmpq_mat:
    """T_ij = ⟨φ_i, f̂[φ_j]⟩, the coefficients of each mode's predictor.

    Examples
    --------
    >>> from verify.exact.problems.bases import walsh
    >>> from verify.exact.problems.kernel_matrix import spectral
    >>> problem = Problem(spectral(walsh(1), [3, 1]), [0])
    >>> learning_matrix(problem).entries()
    [3/4, 3/4, 1/4, 1/4]
    """
    functions = problem.basis.normalized()
    learned = problem.predictions(functions, kernel_regression)
    return functions.transpose() * learned * fmpq(1, problem.M)
