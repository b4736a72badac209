"""Problems whose learnabilities have a closed form, tested in rational numbers.

Data drawn with probability ∝ det K_D, kernels with one eigenvalue, and a single point.
"""

from itertools import combinations
from math import factorial

from flint import fmpq, fmpq_poly

from verify.exact.problems.eigenmodes import learnabilities, squared_error
from verify.exact.problems.kernel_matrix import spectral
from verify.exact.problems.problem import Problem
from verify.exact.problems.rational_matrices import inner, rows_of
from verify.exact.testing.law import Outcome, equal, together

ZERO = fmpq(0)


def volume_sampling(problem: Problem) -> Outcome:
    """P(D) ∝ det K_D: Σ det = M^n e_n, and E L_i = λ_i e_{n−1}(λ_∖i)/e_n(λ)."""
    lam, M = problem.gram.eigenvalues, problem.M
    n = min(problem.n, 2 if M > 4 else M)
    total, learned = ZERO, [ZERO] * M
    for D in combinations(range(M), n):
        chosen = problem.with_data(D)
        weight = chosen.K_D.det()
        total += weight
        learned = [
            a + weight * L for a, L in zip(learned, learnabilities(chosen), strict=True)
        ]
    e_n = elementary(lam, n)
    findings = [
        equal(
            total * factorial(n) / M**n,
            factorial(n) * e_n,
            "E det K_D over i.i.d. data",
        )
    ]
    for i in range(M):
        rest = elementary([*lam[:i], *lam[i + 1 :]], n - 1)
        findings.append(equal(learned[i] / total, lam[i] * rest / e_n, f"E L_{i}"))
    return together(findings)


def elementary(values: list[fmpq] | tuple[fmpq, ...], k: int) -> fmpq:
    """The elementary symmetric polynomial e_k, as a coefficient of Π(1 + λx)."""
    product = fmpq_poly([1])
    for value in values:
        product *= fmpq_poly([1, value])
    return product[k]


def white(problem: Problem) -> Outcome:
    """All eigenvalues equal: L_i = λ Σ_D φ_i²/(Mλ + δ), n λ/(Mλ + δ) for characters."""
    lam = problem.gram.eigenvalues[0]
    K = spectral(problem.basis, [lam] * problem.M)
    flat = Problem(K, problem.data, problem.basis, problem.ridge)
    values = rows_of(problem.basis.normalized(), problem.data)
    return together(
        [
            equal(
                L,
                lam * inner(values, i, values, i) / (problem.M * lam + problem.ridge),
                f"L_{i}",
            )
            for i, L in enumerate(learnabilities(flat))
        ]
    )


def one_point(problem: Problem) -> Outcome:
    """One point on the hypercube: L = λ/T, E = 1 − 2λ/T + S₂/T², T = S₁ + δ."""
    lam, single = problem.gram.eigenvalues, problem.with_data(problem.data[:1])
    trace, square = sum(lam, ZERO), sum((x * x for x in lam), ZERO)
    T = trace + problem.ridge
    L = learnabilities(single)
    findings = [equal(L[i], x / T, f"L_{i}") for i, x in enumerate(lam)]
    for i, x in enumerate(lam):
        said = 1 - 2 * x / T + square / T**2
        findings.append(equal(squared_error(single, i), said, f"E of mode {i}"))
    return together(findings)
