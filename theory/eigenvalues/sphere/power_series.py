"""Any power series Σ a_p t^p on the sphere, with symbols for its coefficients.

λ_k is linear in K and λ_k[t^p] a quotient of Γ's: the sum over p = k + 2j stays a sum
where a_p is a letter, and is one pFq where a_{p+2}/a_p is rational in p.
"""

from typing import Any

from sympy import (
    Expr,
    Integer,
    Poly,
    Sum,
    Symbol,
    cancel,
    expand,
    factor,
    factor_list,
    factorial,
    gamma,
    oo,
    symbols,
    sympify,
)

from theory.eigenvalues.algebra import gamma_quotients
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.monomial import amplitude
from theory.eigenvalues.sphere.series import reduced
from theory.notation import d, k, t
from theory.source import OURS

j = Symbol("j", integer=True, nonnegative=True)
CHECKED = 8


def ratio(coefficient: Expr, p: Symbol) -> Expr | None:
    """a_{p+2}/a_p where it is rational in p, proved at p = 0 to 7 in exact numbers too.

    Examples
    --------
    >>> p = Symbol("p", integer=True, nonnegative=True)
    >>> ratio(1 / factorial(p), p)
    1/((p + 1)*(p + 2))
    """
    found = cancel(gamma_quotients.ratio(coefficient.subs(p, p + 2), coefficient))
    if not found.is_rational_function(p):
        return None
    for n in range(CHECKED):
        here, there = coefficient.subs(p, n), coefficient.subs(p, n + 2)
        below = found.as_numer_denom()[1].subs(p, n)
        if below == 0 or here == 0 or (there - found.subs(p, n) * here).simplify() != 0:
            return None
    return found.factor()


def roots(e: Expr, p: Symbol) -> list[Expr] | None:
    """The roots of a polynomial in p, where all its factors are linear; else None."""
    found: list[Expr] = []
    for f, times in factor_list(e, p)[1]:
        poly = Poly(f, p)
        if poly.degree() != 1:
            return None
        slope, start = poly.all_coeffs()
        found += [-start / slope] * times
    return found


def hypergeometric(coefficient: Expr, p: Symbol, d: Expr) -> Levels | None:
    """λ_k as one pFq, or None where a_{p+2}/a_p is not rational with rational roots.

    Examples
    --------
    >>> p = Symbol("p", integer=True, nonnegative=True)
    >>> hypergeometric(1 / factorial(p), p, Integer(3))(Integer(0))
    hyper((), (3/2,), 1/4)
    """
    found = ratio(coefficient, p)
    if found is None:
        return None
    above, below = found.as_numer_denom()
    tops, bottoms = roots(above, p), roots(below, p)
    if tops is None or bottoms is None:
        return None
    if any(root.is_integer and root.is_nonnegative for root in bottoms):
        return None
    size = Poly(above, p).LC() / Poly(below, p).LC()
    z = size * Integer(2) ** (len(tops) - len(bottoms))

    def levels(k: Any) -> Expr:
        k = sympify(k)
        head = coefficient.subs(p, k) * factorial(k) * gamma(d / 2)
        head /= 2**k * gamma(k + d / 2)
        upper = [(k - root) / 2 for root in tops] + [(k + 1) / 2, (k + 2) / 2]
        lower = [(k - root) / 2 for root in bottoms] + [k + d / 2]
        return head * reduced(upper, lower, z)

    return levels


def as_sum(coefficient: Expr, p: Symbol, d: Expr) -> Levels:
    """λ_k as the sum over p = k + 2j, with any coefficients.

    Examples
    --------
    >>> from sympy import IndexedBase
    >>> p = Symbol("p", integer=True, nonnegative=True)
    >>> as_sum(IndexedBase("a")[p], p, Integer(2))(Integer(0))
    Sum(factorial(2*j)*a[2*j]/(2**(2*j)*factorial(j)*gamma(j + 1)), (j, 0, oo))
    """

    def levels(k: Any) -> Expr:
        k = sympify(k)
        power = k + 2 * j
        term = coefficient.subs(p, power) * factorial(power) * gamma(d / 2)
        term /= 2**power * factorial(j) * gamma(k + j + d / 2)
        return Sum(term, (j, 0, oo))

    return levels


def _match(e: Expr, d: Expr) -> Levels | str:
    scale, series = e.as_independent(t, as_Add=False)
    if not isinstance(series, Sum) or len(series.limits) != 1:
        return f"{e} is no power series Σ a_p t^p"
    p, low, high = series.limits[0]
    coefficient = factor(expand(series.function / t**p))
    if coefficient.has(t) or low != 0 or high != oo:
        return f"{e} is no power series Σ a_p t^p from p = 0 to ∞"
    inner = hypergeometric(coefficient, p, d) or as_sum(coefficient, p, d)
    return lambda k: scale * inner(k)


def _prove() -> Proof:
    i = symbols("i", integer=True, nonnegative=True)
    at = lambda i: amplitude(k + 2 * i, k, d)
    first = factorial(k) * gamma(d / 2) / 2**k / gamma(k + d / 2)
    root = symbols("rho")
    return Proof(
        "sphere_power_series",
        "term by term by the monomial rule; Σ |a_p| < ∞ is assumed, so the sums may be "
        "exchanged; only p = k + 2j remain",
        (
            ProofStep("the term at p = k", at(Integer(0)), first),
            ProofStep(
                "every term: (k+2j)! Γ(d/2)/(2^{k+2j} j! Γ(k+j+d/2))",
                at(i),
                factorial(k + 2 * i)
                * gamma(d / 2)
                / (2 ** (k + 2 * i) * factorial(i) * gamma(k + i + d / 2)),
            ),
            ProofStep(
                "a linear factor p − ρ of a_{p+2}/a_p is 2 ((k−ρ)/2 + j)",
                k + 2 * i - root,
                2 * ((k - root) / 2 + i),
                "rational arithmetic",
            ),
            ProofStep(
                "the ratio of two λ_k[t^p] gives the parameters (k+1)/2, (k+2)/2 above "
                "and k + d/2 below",
                at(i + 1) / at(i),
                ((k + 1) / 2 + i) * ((k + 2) / 2 + i) / ((k + d / 2 + i) * (i + 1)),
            ),
        ),
    )


RULE = Rule(
    name="sphere_power_series",
    says="Σ a_p t^p has λ_k = Γ(d/2) Σ_j a_{k+2j} (k+2j)!/(2^{k+2j} j! Γ(k+j+d/2)), one "
    "pFq where a_{p+2}/a_p is rational in p",
    source=OURS,
    conditions="Σ |a_p| < ∞",
    match=_match,
    prove=_prove,
)
