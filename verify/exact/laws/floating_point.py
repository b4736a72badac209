r"""Conservation in float64, to a rounding bound that is derived here.

Let A = K_D + δI (n × n), P = K_{xD}, the basis columns f_j with q_j = |f_j|² and
b_j = f_j restricted to D, all of them exactly the numbers that the program is given;
u = 2^−53, γ_k = ku/(1 − ku), and norms of matrices are Frobenius norms, which bound the
spectral ones.

1. Cholesky solves (A + E_j) x̂_j = b_j with |E_j| ≤ γ_{3n+1} |R̂ᵀ||R̂| for any order of
   evaluation (Higham, Accuracy and Stability, theorem 10.4), and ‖|R̂ᵀ||R̂|‖ ≤
   n ‖A‖/(1 − γ_{n+1}). With the rounding of K_D + δ (one u), ‖E_j‖ ≤ η ‖A‖,
   η = (2n(3n + 1) + 1)u, while (3n + 1)u ≤ 1/4.
2. So ‖x̂_j − x_j‖ ≤ θ ‖x_j‖ with θ = κη/(1 − κη), κ = ‖A‖‖A⁻¹‖, and ‖x_j‖ ≤ ‖A⁻¹‖|b_j|.
3. The product P x̂_j adds γ_n ‖P‖‖x̂_j‖, the inner products with f_j γ_M each, the
   division u, and the final sum γ_M Σ|L̂_j|. While θ ≤ 1/2 these add up to at most
   2(n + 4M + 4)u ρ w_j for function j, with ρ = ‖P‖‖A⁻¹‖ and w_j = |b_j|/|f_j|.
4. The given basis is orthogonal only up to rounding. With G = Σ_j f_j f_jᵀ/q_j, the
   exact sum differs from tr(K_D A⁻¹) by tr(P A⁻¹ (G − I)_{D,·}), at most ρ ‖G − I‖.

    |Σ L̂_j − (n − δ tr A⁻¹)|  ≤  ρ (Σ_j w_j [θ + 2(n + 4M + 4)u] + ‖G − I‖).

ρ, κ, w and G are computed from exact inverses in ℚ, and rounded up. The bound is of
the order n² κ u ρ √(nM). Where θ would exceed 1/2 a case says nothing,
and is not counted.
"""

from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from math import sqrt
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from scipy.linalg import cho_factor, cho_solve

from verify.exact.problems import random_problems
from verify.exact.problems.problem import Problem
from verify.exact.problems.rational_matrices import (
    block,
    columns_of,
    diagonal,
    fraction,
    frobenius,
    identity,
    matrix,
    rational,
    rows_of,
    trace,
)
from verify.exact.testing.choices import Choose
from verify.exact.testing.law import Law, Outcome

UNIT = 2.0**-53
OUTWARD = 1 + 1e-12
Total = Callable[[np.ndarray, list[int], float, np.ndarray], float]


def numpy_total(K: np.ndarray, data: list[int], ridge: float, f: np.ndarray) -> float:
    """Σ_j L_j in float64: every predictor on the whole domain, by Cholesky."""
    factor = cho_factor(K[np.ix_(data, data)] + ridge * np.eye(len(data)))
    learned = K[:, data] @ cho_solve(factor, f[data])
    return float(np.sum(np.sum(f * learned, axis=0) / np.sum(f * f, axis=0)))


def jax_total(K: np.ndarray, data: list[int], ridge: float, f: np.ndarray) -> float:
    """The same in JAX, in float64."""
    import jax
    import jax.numpy as jnp
    import jax.scipy.linalg as linalg

    double = jax.enable_x64 if hasattr(jax, "enable_x64") else _older(jax)
    with double(True):
        kernel, functions, rows = jnp.asarray(K), jnp.asarray(f), jnp.asarray(data)
        A = kernel[rows][:, rows] + ridge * jnp.eye(len(data))
        solved = linalg.cho_solve(linalg.cho_factor(A), functions[rows])
        learned = kernel[:, rows] @ solved
        each = jnp.sum(functions * learned, 0) / jnp.sum(functions * functions, 0)
        return float(jnp.sum(each))


def _older(jax: Any) -> Any:
    """The context manager's home before JAX 0.8."""
    from importlib import import_module

    return import_module(f"{jax.__name__}.experimental").enable_x64


def _upper(value: fmpq) -> float:
    """A float not below the square root of a rational number."""
    return sqrt(float(fraction(value))) * OUTWARD


def truth_and_bound(
    K: fmpq_mat, data: list[int], ridge: fmpq, f: fmpq_mat
) -> tuple[fmpq, float]:
    """The exact sum n − δ tr A⁻¹, and the bound above; ∞ where it says nothing."""
    n, M = len(data), K.nrows()
    A = block(K, data, data) + identity(n, ridge)
    inverse = A.inv()
    squares = [sum((f[x, j] ** 2 for x in range(M)), fmpq(0)) for j in range(M)]
    labels = rows_of(f, data)
    w = sum(
        _upper(sum((labels[a, j] ** 2 for a in range(n)), fmpq(0)) / squares[j])
        for j in range(M)
    )
    G = f * diagonal([1 / q for q in squares]) * f.transpose() - identity(M)
    rho = _upper(frobenius(columns_of(K, data)) * frobenius(inverse))
    kappa = _upper(frobenius(A) * frobenius(inverse))
    slope = kappa * (2 * n * (3 * n + 1) + 1) * UNIT
    if slope > 1 / 3:
        return n - ridge * trace(inverse), float("inf")
    theta = slope / (1 - slope)
    per_function = theta + 2 * (n + 4 * M + 4) * UNIT
    return n - ridge * trace(inverse), OUTWARD * rho * (
        w * per_function + _upper(frobenius(G))
    )


def floats(A: fmpq_mat) -> np.ndarray:
    """The nearest float64 matrix; a symmetric matrix stays symmetric."""
    values = [float(fraction(x)) for x in A.entries()]
    return np.array(values).reshape(A.nrows(), A.ncols())


def within_bound(problem: Problem, total: Total) -> Outcome:
    """Σ L in float64 against the exact sum for the very floats that were used."""
    K, f = floats(problem.gram.values), floats(problem.basis.columns)
    ridge = float(fraction(problem.ridge))
    given = matrix(_exact(K)), matrix(_exact(f))
    truth, bound = truth_and_bound(
        given[0], list(problem.data), rational(ridge), given[1]
    )
    if not np.isfinite(bound):
        return Outcome(checks=0)
    got = Fraction(total(K, list(problem.data), ridge, f))
    error = float(abs(got - fraction(truth)))
    failure = (
        "" if error <= bound else f"error {error:.3g} exceeds the bound {bound:.3g}"
    )
    return Outcome(failure=failure, size=error / bound)


def _exact(A: np.ndarray) -> list[list[Any]]:
    return [[Fraction(float(x)) for x in row] for row in A]


def _fixed(choose: Choose) -> Problem:
    """Problems of one size, so that JAX compiles once."""
    functions = random_problems.rotated(
        random_problems.walsh(3),
        random_problems.rotation(random_problems.skew(choose, 8)),
    )
    K = random_problems.spectral(
        functions, [random_problems.positive(choose) for _ in range(8)]
    )
    data = random_problems.data(choose, 8)
    data += [x for x in range(8) if x not in data]
    return Problem(K, data[:5], functions, random_problems.ridge(choose))


def rounding_laws(total: Total = numpy_total) -> list[tuple[Law, int]]:
    """The float laws, each with the most cases that it is worth running.

    Parameters
    ----------
    total
        The program under test: Σ_j L_j in float64.
    """
    says = "Σ L^(D) in {} is n − δ tr (K_D + δ)⁻¹ to the derived rounding bound"
    measure = "largest error over its bound"
    build = lambda choose: random_problems.problem(choose, ridged=bool(choose(0, 1)))
    first = Law(
        "conservation/float64",
        says.format("float64 (NumPy)"),
        build,
        lambda problem: within_bound(problem, total),
        measure,
    )
    found = [(first, 100_000)]
    if total is numpy_total and find_spec("jax") is not None:
        second = Law(
            "conservation/jax",
            says.format("float64 (JAX)"),
            _fixed,
            lambda problem: within_bound(problem, jax_total),
            measure,
        )
        found.append((second, 200))
    return found
