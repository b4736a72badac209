"""The geometric kernel on the hypercube: a Beta integral with symbolic level and d."""

from typing import Any

from sympy import Expr, Integer, factorial, gamma, hyper, symbols, sympify
from sympy.functions.combinatorial.factorials import rf

from theory.eigenvalues.algebra.linearity import power_of_affine
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.offset import outside
from theory.notation import d, k
from theory.source import OURS


def levels_of(r: Expr, d: Expr) -> Levels:
    """λ_k of 1/(1 − r t), 0 < r < 1: 2^{−d} (d/2r) B(α, k+1) 2F1(α, k−d; α+k+1; −1).

    Examples
    --------
    >>> [levels_of(sympify("1/2"), Integer(2))(Integer(k)) for k in range(3)]
    [7/6, 1/3, 1/6]
    """
    alpha = (1 - r) * d / (2 * r)
    head = d / (2 * r) / 2**d

    def levels(k: Any) -> Expr:
        k = sympify(k)
        if k.is_Integer and d.is_Integer:
            terms = (
                rf(alpha, i) * rf(k - d, i) / rf(alpha + k + 1, i) / factorial(i)
                for i in range(int(d - k) + 1)
            )
            signed = sum((-1) ** i * term for i, term in enumerate(terms))
            return head * factorial(k) / rf(alpha, k + 1) * signed
        if k.is_Integer:
            beta = factorial(k) / rf(alpha, k + 1)
        else:
            beta = gamma(alpha) * gamma(k + 1) / gamma(alpha + k + 1)
        return head * beta * hyper([alpha, k - d], [alpha + k + 1], -1)

    return levels


def _match(e: Expr, d: Expr) -> Levels | str:
    found = power_of_affine(e)
    if found is None or found[2] != -1:
        return f"{e} is not of the form c/(1 − r t)"
    scale, r, _ = found
    if r.is_negative:
        inner = levels_of(-r, d)
        return outside(r) or (lambda k: scale * (-1) ** k * inner(k))
    inner = levels_of(r, d)
    return outside(r) or (lambda k: scale * inner(k))


def _prove() -> Proof:
    r, x = symbols("r x", positive=True)
    alpha = (1 - r) * d / (2 * r)
    neighbours = k * (1 + x) ** 2 + (d - k) * (1 - x) ** 2
    integrand = (1 - x**2) - r / d * neighbours
    slope = alpha * (1 - x**2) + x * ((d - k) * (1 - x) - k * (1 + x))
    return Proof(
        "hypercube_geometric",
        "F_k = 2^{−d} (d/2r) ∫ x^{α−1} (1−x)^k (1+x)^{d−k} dx over 0..1 solves the "
        "t-shift form of (1 − r t) K = 1: F_k − r (k F_{k−1} + (d−k) F_{k+1})/d "
        "= [k=0], as the integrands add up to the derivative of x^α (1−x)^k "
        "(1+x)^{d−k}; the system is diagonally dominant for |r| < 1, so it has one "
        "solution; Euler's integral (DLMF, chapter 15.6) is the 2F1",
        (
            ProofStep(
                "integrands at k, k − 1, k + 1 against the derivative, each over "
                "x^{α−1} (1−x)^{k−1} (1+x)^{d−k−1}",
                integrand,
                2 * r / d * slope,
                "rational arithmetic",
            ),
            ProofStep(
                "boundary terms at k = 0: 2^{−d} (d/2r) (2r/d) 2^d",
                2**-d * d / (2 * r) * (2 * r / d) * 2**d,
                Integer(1),
                "simplification",
            ),
        ),
    )


RULE = Rule(
    name="hypercube_geometric",
    says="1/(1−rt) has λ_k = 2^{−d} (d/2r) B(α, k+1) 2F1(α, k−d; α+k+1; −1) with α = "
    "(1−r)d/(2r); rational for rational r",
    source=OURS,
    conditions="0 < r < 1; for negative r times (−1)^k",
    match=_match,
    prove=_prove,
)

__all__ = ["RULE", "levels_of"]
