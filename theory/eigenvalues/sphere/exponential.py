"""Exponentials on the sphere, and with them Gaussian kernels: Bessel functions."""

from sympy import (
    Expr,
    Function,
    Integer,
    besseli,
    besselj,
    cos,
    exp,
    factorial,
    gamma,
    hyper,
    pi,
    sin,
    symbols,
)

from theory.eigenvalues.algebra.linearity import affine
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.monomial import amplitude
from theory.notation import d, k
from theory.source import Source


def levels_of(beta: Expr, d: Expr) -> Levels:
    """λ_k of e^{βt}: Γ(d/2) (2/β)^{d/2−1} I_{k+d/2−1}(β).

    Without a known sign of β the same entire function is written as 0F1.

    Examples
    --------
    >>> levels_of(Integer(1), Integer(8))(Integer(2))
    48*besseli(5, 1)
    """

    def levels(k: Expr) -> Expr:
        order = k + d / 2 - 1
        if beta.is_positive:
            return gamma(d / 2) * (2 / beta) ** (d / 2 - 1) * besseli(order, beta)
        if beta.is_negative:
            flipped = (-2 / beta) ** (d / 2 - 1) * besseli(order, -beta)
            return (-1) ** k * gamma(d / 2) * flipped
        series = hyper([], [k + d / 2], beta**2 / 4)
        return gamma(d / 2) / gamma(k + d / 2) * (beta / 2) ** k * series

    return levels


def _match(e: Expr, d: Expr) -> Levels | str:
    if not isinstance(e, exp):
        return f"{e} is not an exponential"
    line = affine(e.args[0])
    if line is None:
        return f"the exponent {e.args[0]} is not of the form a + b t"
    inner = levels_of(line[1], d)
    return lambda k: exp(line[0]) * inner(k)


def _prove() -> Proof:
    beta = symbols("beta", positive=True)
    j = symbols("j", integer=True, nonnegative=True)
    I = Function("I")
    form = lambda k, d: gamma(d / 2) * (2 / beta) ** (d / 2 - 1) * I(k + d / 2 - 1)
    term = gamma(d / 2) * (2 / beta) ** (d / 2 - 1)
    term *= (beta / 2) ** (k + d / 2 - 1 + 2 * j) / (
        factorial(j) * gamma(k + d / 2 + j)
    )
    power = amplitude(k + 2 * j, k, d) * beta ** (k + 2 * j) / factorial(k + 2 * j)
    return Proof(
        "sphere_exponential",
        "term by term: the power series of e^{βt} and of the Bessel function converge "
        "absolutely; the dimension raising is a second check",
        (
            ProofStep(
                "the term β^(k+2j) of the series of I_ν (DLMF, chapter 10.25) is the "
                "eigenvalue of (βt)^(k+2j)/(k+2j)!",
                term,
                power,
            ),
            ProofStep(
                "dimension raising: β/d times λ_{k−1} in R^(d+2)",
                form(k, d),
                beta / d * form(k - 1, d + 2),
            ),
        ),
    )


RULE = Rule(
    name="sphere_exponential",
    says="e^{βt} has λ_k = Γ(d/2) (2/β)^{d/2−1} I_{k+d/2−1}(β), I the modified Bessel "
    "function; a Gaussian kernel is an exponential on the sphere",
    source=Source("dlmf", "chapter 10"),
    conditions="any real β",
    match=_match,
    prove=_prove,
)


def _match_wave(e: Expr, d: Expr) -> Levels | str:
    if not isinstance(e, (cos, sin)):
        return f"{e} is neither a cosine nor a sine"
    line = affine(e.args[0])
    if line is None or not line[0].is_zero:
        return f"{e.args[0]} is not of the form b t"
    beta = line[1]
    if not beta.is_positive:
        return f"the frequency {beta} is not known to be positive"
    wave = cos if isinstance(e, cos) else sin

    def levels(k: Expr) -> Expr:
        bessel = gamma(d / 2) * (2 / beta) ** (d / 2 - 1) * besselj(k + d / 2 - 1, beta)
        return wave(pi * k / 2) * bessel

    return levels


def _prove_wave() -> Proof:
    j = symbols("j", integer=True, nonnegative=True)
    beta = symbols("beta", positive=True)
    size = gamma(d / 2) * (2 / beta) ** (d / 2 - 1)
    size *= (beta / 2) ** (k + d / 2 - 1 + 2 * j) / (
        factorial(j) * gamma(k + d / 2 + j)
    )
    power = amplitude(k + 2 * j, k, d) * beta ** (k + 2 * j) / factorial(k + 2 * j)
    half = symbols("h", integer=True, nonnegative=True)
    sign = Integer(-1)
    return Proof(
        "sphere_wave",
        "term by term; i^(k+2j) = i^k (−1)^j, whose real part is cos(πk/2) (−1)^j",
        (
            ProofStep("the modulus of the term β^(k+2j)", size, power),
            ProofStep(
                "its sign at k = 2h in the cosine's series",
                sign ** (half + j),
                cos(pi * half) * sign**j,
                "simplification",
            ),
        ),
    )


WAVE = Rule(
    name="sphere_wave",
    says="cos βt and sin βt have λ_k = cos(πk/2) or sin(πk/2) times "
    "Γ(d/2) (2/β)^{d/2−1} J_{k+d/2−1}(β)",
    source=Source("dlmf", "chapter 10"),
    conditions="β > 0",
    match=_match_wave,
    prove=_prove_wave,
)

__all__ = ["RULE", "WAVE", "levels_of"]
