"""Linear regression is kernel regression with the kernel x·x′, exactly.

The left side is kernel regression, in the space of the data; the right side solves the
normal equations in the space of the weights, and never sees a kernel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_mat

from verify.exact.problems.kernel_matrix import dot_product, gram
from verify.exact.problems.points import cube, spell
from verify.exact.problems.problem import Predictor, Problem, kernel_regression
from verify.exact.problems.random_problems import basis, data, positive
from verify.exact.problems.rational_matrices import (
    diagonal,
    identity,
    matrix,
    rational,
    rows_of,
    trace,
)
from verify.exact.testing.choices import Choose, signed
from verify.exact.testing.law import Law, Outcome, equal, together


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """A design matrix, with what a unit of each weight squared costs, and its kernel.

    The weights minimize |y − X w|² + δ Σ w²/p on the data; without ridge, Σ w²/p among
    those that fit best. The kernel is K(x, x′) = Σ p x x′.

    Examples
    --------
    >>> case = LeastSquares(Problem(gram([[2, 4], [4, 8]]), [0]), [[1], [2]], [2])
    >>> case.weights(matrix([[3], [7]])).entries()
    [3]
    """

    problem: Problem
    design: Sequence[Sequence[Any]]
    prior: Sequence[Any]

    def __repr__(self) -> str:
        return (
            f"LeastSquares({self.problem}, {spell(self.design)}, {spell(self.prior)})"
        )

    @property
    def X(self) -> fmpq_mat:
        """One row of features for each point of the domain."""
        return matrix(self.design)

    @property
    def P(self) -> fmpq_mat:
        """The prior variances, on a diagonal."""
        return diagonal([rational(p) for p in self.prior])

    def weights(self, functions: fmpq_mat) -> fmpq_mat:
        """By the normal equations, one column of weights for each function."""
        A, y = rows_of(self.X, self.problem.data), rows_of(functions, self.problem.data)
        P, ridge = self.P, self.problem.ridge
        if ridge:
            return (A.transpose() * A + ridge * P.inv()).solve(A.transpose() * y)
        reduced, rank = A.rref()
        rows = rows_of(reduced, range(rank))
        within = P * rows.transpose()
        fitted = A * within  # of full column rank
        return within * (fitted.transpose() * fitted).solve(fitted.transpose() * y)

    @property
    def effective(self) -> fmpq:
        """Effective dimensions: the rank, less δ tr (P½AᵀAP½ + δ)⁻¹ over all weights."""
        A, P, ridge = rows_of(self.X, self.problem.data), self.P, self.problem.ridge
        if not ridge:
            return fmpq(A.rank())
        width = A.ncols()
        gained = P * A.transpose() * A + identity(width, ridge)
        return width - ridge * trace(gained.inv())


def same_predictor(
    case: LeastSquares, predictor: Predictor = kernel_regression
) -> Outcome:
    """Kernel regression with x·x′ is ridge or minimum-norm least squares."""
    functions = case.problem.basis.columns
    fitted = case.X * case.weights(functions)
    found = case.problem.predictions(functions, predictor)
    return equal(found, fitted, "predictor at every point")


def dimensions(case: LeastSquares, predictor: Predictor = kernel_regression) -> Outcome:
    """Σ L is the rank of the data's features; with a ridge d − δ tr (AᵀA + δ)⁻¹.

    The same as n − δ tr (K_D + δ)⁻¹, which the conservation law says.
    """
    problem = case.problem
    learned = problem.learnabilities_of(problem.basis.columns, predictor)
    findings = [equal(sum(learned, fmpq(0)), case.effective, "Σ L")]
    if problem.ridge:
        dual = problem.n - problem.ridge * trace(problem.resolvent)
        findings.append(equal(dual, case.effective, "n − δ tr (K_D + δ)⁻¹"))
    return together(findings)


def linear(choose: Choose) -> LeastSquares:
    """Any features with any prior, or an affine kernel on a hypercube; some with ridge."""
    return _cube(choose) if choose(0, 2) == 2 else _designed(choose)


def _designed(choose: Choose) -> LeastSquares:
    M, width = choose(1, 8), choose(1, 4)
    design = [
        [fmpq(signed(choose, 4), choose(1, 3)) for _ in range(width)] for _ in range(M)
    ]
    prior = [positive(choose) for _ in range(width)]
    X = matrix(design)
    K = gram((X * diagonal(prior) * X.transpose()).tolist())
    return _on(choose, K, design, prior)


def _cube(choose: Choose) -> LeastSquares:
    """K = a + b t; the corners are the features, each with the prior b/d."""
    d, a, b = choose(1, 3), fmpq(choose(1, 5)), positive(choose)
    K = dot_product(cube(d), [a, b])
    corners = [[1 - 2 * (x >> i & 1) for i in range(d)] for x in range(2**d)]
    design = [[fmpq(x) for x in [1, *corner]] for corner in corners]
    return _on(choose, K, design, [a, *[b / d] * d])


def _on(choose: Choose, K: Any, design: Any, prior: Any) -> LeastSquares:
    ridge = positive(choose) * choose(0, 1)
    where, functions = data(choose, len(K)), basis(choose, len(K))
    return LeastSquares(Problem(K, where, functions, ridge), design, prior)


TESTS: tuple[tuple[str, Callable], ...] = (
    ("predictor", same_predictor),
    ("dimensions", dimensions),
)


def laws(predictor: Predictor = kernel_regression) -> list[Law]:
    """What linear regression says of a predictor with the kernel x·x′.

    Examples
    --------
    >>> laws()[0].says
    'Kernel regression with x·x′ is ridge or minimum-norm least squares.'
    """
    return [
        Law(
            f"least_squares/{name}",
            (test.__doc__ or "").split("\n\n")[0].strip(),
            linear,
            lambda case, test=test: test(case, predictor),
        )
        for name, test in TESTS
    ]
