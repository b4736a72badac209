"""Powers and logarithms of 1 − r t on the sphere, singular off the interval."""

from typing import Any

from sympy import (
    Eq,
    Expr,
    Integer,
    Piecewise,
    Rational,
    factorial,
    gamma,
    hyper,
    log,
    symbols,
    sympify,
    true,
)
from sympy.functions.combinatorial.factorials import rf

from theory.eigenvalues.algebra.linearity import affine, power_of_affine
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.monomial import amplitude
from theory.eigenvalues.sphere.series import reduced
from theory.notation import d, k
from theory.source import OURS


def outside(r: Expr) -> str:
    """Empty unless 1 − r t is known to vanish somewhere in −1 ≤ t ≤ 1."""
    if (abs(r) - 1).is_nonnegative:
        return f"1 − ({r}) t vanishes in −1 ≤ t ≤ 1"
    return ""


def levels_of(r: Expr, nu: Expr, d: Expr) -> Levels:
    """λ_k of (1 − r t)^ν, |r| < 1.

    Examples
    --------
    >>> levels_of(Rational(1, 2), Integer(-1), Integer(3))(Integer(1))
    hyper((1, 3/2), (5/2,), 1/4)/6
    """

    def levels(k: Any) -> Expr:
        k = sympify(k)
        rising = rf(-nu, k) if k.is_Integer else gamma(k - nu) / gamma(-nu)
        head = rising * r**k * gamma(d / 2) / (2**k * gamma(k + d / 2))
        return head * reduced([(k - nu) / 2, (k - nu + 1) / 2], [k + d / 2], r**2)

    return levels


def logarithm(r: Expr, d: Expr) -> Levels:
    """λ_k of log(1 − r t), |r| < 1: the power's derivative at ν = 0.

    Examples
    --------
    >>> logarithm(Rational(1, 2), Integer(3))(Integer(1))
    -hyper((1/2, 1), (5/2,), 1/4)/6
    """
    half = Rational(1, 2)
    lowest = -(r**2) / (2 * d)
    lowest *= hyper([1, 1, 3 * half], [2, 1 + d / 2], r**2)

    def levels(k: Any) -> Expr:
        k = sympify(k)
        if k.is_zero:
            return lowest
        head = -(r**k) * gamma(k) * gamma(d / 2) / (2**k * gamma(k + d / 2))
        above = head * reduced([k / 2, (k + 1) / 2], [k + d / 2], r**2)
        if k.is_positive:
            return above
        return Piecewise((lowest, Eq(k, 0)), (above, true))

    return levels


def _match(e: Expr, d: Expr) -> Levels | str:
    if isinstance(e, log):
        line = affine(e.args[0])
        if line is None or not line[0].is_positive:
            return f"{e} is not the logarithm of a + b t with a > 0"
        r = -line[1] / line[0]
        inner, constant = logarithm(r, d), log(line[0])
        from theory.eigenvalues.sphere.monomial import levels_of as power

        one = power(Integer(0), d)
        return outside(r) or (lambda k: constant * one(k) + inner(k))
    found = power_of_affine(e)
    if found is None:
        return f"{e} is not a power of a + b t"
    scale, r, nu = found
    inner = levels_of(r, nu, d)
    return outside(r) or (lambda k: scale * inner(k))


def _prove() -> Proof:
    nu, r = symbols("nu r", real=True)
    i = symbols("i", integer=True, nonnegative=True)
    rising = lambda p: gamma(p - nu) / gamma(-nu)
    term = lambda i: (
        rising(k + 2 * i)
        * r ** (k + 2 * i)
        / factorial(k + 2 * i)
        * amplitude(k + 2 * i, k, d)
    )
    log_term = lambda i: -(r ** (k + 2 * i)) / (k + 2 * i) * amplitude(k + 2 * i, k, d)
    p = 2 + 2 * i
    log_zero = lambda i: (
        -(r ** (2 + 2 * i)) / (2 + 2 * i) * amplitude(2 + 2 * i, Integer(0), d)
    )
    del p
    return Proof(
        "sphere_offset",
        "the binomial series (DLMF, chapter 4.6) and the logarithm's, term by term: "
        "the first term and the ratio of two terms are those of the 2F1",
        (
            ProofStep(
                "first term at p = k",
                term(Integer(0)),
                rising(k) * r**k * gamma(d / 2) / (2**k * gamma(k + d / 2)),
            ),
            ProofStep(
                "ratio of the terms p + 2 and p, p = k + 2i",
                term(i + 1) / term(i),
                r**2
                * ((k - nu) / 2 + i)
                * ((k - nu + 1) / 2 + i)
                / ((k + d / 2 + i) * (i + 1)),
            ),
            ProofStep(
                "the same for the logarithm, k ≥ 1",
                log_term(i + 1) / log_term(i),
                r**2 * (k / 2 + i) * ((k + 1) / 2 + i) / ((k + d / 2 + i) * (i + 1)),
            ),
            ProofStep(
                "and at k = 0, where the series starts at p = 2",
                log_zero(i + 1) / log_zero(i),
                r**2
                * (1 + i) ** 2
                * (Rational(3, 2) + i)
                / ((2 + i) * (1 + d / 2 + i) * (i + 1)),
            ),
        ),
    )


RULE = Rule(
    name="sphere_offset",
    says="(1−rt)^ν has λ_k = (−ν)_k r^k Γ(d/2)/(2^k Γ(k+d/2)) 2F1((k−ν)/2, (k−ν+1)/2; "
    "k+d/2; r²); log(1−rt) is its derivative at ν = 0",
    source=OURS,
    conditions="|r| < 1",
    match=_match,
    prove=_prove,
)
