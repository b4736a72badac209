"""Monomials on the sphere: λ_k[t^p] is a quotient of Gamma functions."""

from sympy import (
    Expr,
    Integer,
    KroneckerDelta,
    expand,
    factorial,
    gamma,
    pi,
    sqrt,
    symbols,
    sympify,
)

from theory.eigenvalues.algebra.gamma_quotients import reciprocal_gamma
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.notation import d, k, t
from theory.source import Source


def even(n: Expr) -> Expr:
    """1 where n is even and 0 where it is odd, for symbols too.

    Examples
    --------
    >>> even(Integer(3)), even(k)
    (0, (-1)**k/2 + 1/2)
    """
    n = expand(n)
    if n.is_even is not None:
        return Integer(1 if n.is_even else 0)
    return (1 + Integer(-1) ** n) / 2


def amplitude(p: Expr, k: Expr, d: Expr) -> Expr:
    """P! Γ(d/2) / (2^p ((p − k)/2)! Γ((p + k + d)/2)), where p − k is even.

    Examples
    --------
    >>> amplitude(Integer(6), Integer(2), Integer(5))
    2/77
    """
    return (
        factorial(p)
        * gamma(d / 2)
        / 2**p
        * reciprocal_gamma((p - k) / 2 + 1)
        * reciprocal_gamma((p + k + d) / 2)
    )


def levels_of(p: Expr, d: Expr) -> Levels:
    """λ_k of t^p on the sphere in R^d.

    Examples
    --------
    >>> [levels_of(Integer(2), Integer(3))(Integer(k)) for k in range(4)]
    [1/3, 0, 2/15, 0]
    """
    p = sympify(p)

    def levels(k: Expr) -> Expr:
        k = sympify(k)
        if p.is_zero:
            return KroneckerDelta(0, k)
        parity = even(p - k)
        return parity if parity == 0 else parity * amplitude(p, k, d)

    return levels


def _match(e: Expr, d: Expr) -> Levels | str:
    base, exponent = e.as_base_exp()
    if e == 1:
        return levels_of(Integer(0), d)
    if base != t or exponent.has(t):
        return f"{e} is not a power of t"
    if not (exponent.is_integer and exponent.is_nonnegative):
        return f"the exponent {exponent} is not known to be a whole number ≥ 0"
    return levels_of(exponent, d)


def _prove() -> Proof:
    p = symbols("p", integer=True, positive=True)
    raised = amplitude(p - 1, k - 1, d + 2) * p / d
    moment = (
        gamma(d / 2)
        / (sqrt(pi) * gamma((d - 1) / 2))
        * gamma((p + 1) / 2)
        * gamma((d - 1) / 2)
        / gamma((p + d) / 2)
    )
    doubled = 2**p * gamma((p + 1) / 2) * gamma(p / 2 + 1) / sqrt(pi)
    base = amplitude(p, Integer(0), d).subs(factorial(p), doubled)
    return Proof(
        "sphere_monomial",
        "dimension raising to k = 0, where the integral is a Beta function; at p < k "
        "the derivatives have reached 0, as the reciprocal Gamma function has",
        (
            ProofStep(
                "dimension raising: λ_k[t^p] in R^d is p/d times λ_{k−1}[t^(p−1)] in "
                "R^(d+2)",
                amplitude(p, k, d),
                raised.subs(factorial(p - 1), factorial(p) / p),
            ),
            ProofStep(
                "k = 0, p even: the moment of t^p, a Beta integral (p! by Γ's "
                "duplication formula)",
                base,
                moment,
            ),
        ),
    )


RULE = Rule(
    name="sphere_monomial",
    says="t^p has λ_k = p! Γ(d/2) / (2^p ((p−k)/2)! Γ((p+k+d)/2)) where p − k ≥ 0 is "
    "even, else 0",
    source=Source("azevedo2014sharp"),
    conditions="p = 0, 1, 2, …",
    match=_match,
    prove=_prove,
)

__all__ = ["RULE", "amplitude", "even", "levels_of"]
