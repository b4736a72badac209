"""A problem seen from its eigenmodes: the matrix T, slopes, and errors, in ℚ.

Everything comes from regressions that are carried out; nothing from the closed forms
that the theorems are about. Slopes in an eigenvalue come from three regressions, since
L is a Möbius function of each eigenvalue.
"""

from collections.abc import Callable

from flint import fmpq, fmpq_mat

from verify.exact.problems.kernel_matrix import spectral
from verify.exact.problems.problem import Problem, kernel_regression, learning_matrix


def learnabilities(problem: Problem) -> list[fmpq]:
    """T_ii."""
    T = learning_matrix(problem)
    return [T[i, i] for i in range(problem.M)]


def squared_error(problem: Problem, j: int) -> fmpq:
    """|φ_j − f̂|², averaged over the whole domain."""
    T = learning_matrix(problem)
    return sum(((i == j) - T[i, j]) ** 2 for i in range(problem.M)) + fmpq(0)


def train_error(problem: Problem, j: int) -> fmpq:
    """The mean of (φ_j − f̂)² over the data."""
    functions = problem.basis.normalized()
    learned = problem.predictions(functions, kernel_regression)
    gaps = (functions[x, j] - learned[x, j] for x in problem.data)
    return sum((gap * gap for gap in gaps), fmpq(0)) / problem.n


def noise_error(problem: Problem) -> fmpq:
    """Variance of the predictor, over the domain, for labels of pure unit noise."""
    one = fmpq_mat(problem.M, problem.n)
    for a, x in enumerate(problem.data):
        one[x, a] = fmpq(1)
    learned = problem.predictions(one, kernel_regression)
    return sum((x * x for x in learned.entries()), fmpq(0)) / problem.M


def with_eigenvalue(problem: Problem, i: int, value: fmpq) -> Problem:
    """The same problem with one eigenvalue changed."""
    values = list(problem.gram.eigenvalues)
    values[i] = value
    K = spectral(problem.basis, values)
    return Problem(K, problem.data, problem.basis, problem.ridge, problem.target)


def with_ridge(problem: Problem, ridge: fmpq) -> Problem:
    """The same problem with another ridge."""
    return Problem(problem.gram, problem.data, problem.basis, ridge, problem.target)


def mobius_slope(f: Callable[[fmpq], fmpq], at: fmpq) -> fmpq:
    """f′ of f(x) = (a + bx)/(c + ex), exactly, from three of its values.

    Examples
    --------
    >>> mobius_slope(lambda x: x / (x + 3), fmpq(1))
    3/16
    """
    h = at
    y0, y1, y2 = f(at), f(at + h), f(at + 2 * h)
    # with f(at + s) = (y0 + b s)/(1 + e s): b − e y_k = (y_k − y0)/s_k
    if y1 == y2:
        return fmpq(0)
    e = ((y2 - y0) / (2 * h) - (y1 - y0) / h) / (y1 - y2)
    b = (y1 - y0) / h + e * y1
    return b - e * y0
