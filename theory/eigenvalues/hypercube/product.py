"""Product kernels on the hypercube: an exponential of t is a product over the bits."""

from sympy import (
    Expr,
    I,
    cos,
    cosh,
    exp,
    expand,
    pi,
    sin,
    sinh,
    symbols,
    sympify,
)

from theory.eigenvalues.algebra.linearity import affine
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.notation import d
from theory.source import OURS


def levels_of(beta: Expr, d: Expr) -> Levels:
    """λ_k of e^{βt}: cosh^{d−k}(β/d) sinh^k(β/d).

    Examples
    --------
    >>> levels_of(sympify(1), sympify(8))(3)
    sinh(1/8)**3*cosh(1/8)**5
    """
    return lambda k: cosh(beta / d) ** (d - sympify(k)) * sinh(beta / d) ** k


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
    x = beta / d
    even, odd = (exp(x) + exp(-x)) / 2, (exp(x) - exp(-x)) / 2
    trace = expand(even + odd)
    return Proof(
        "hypercube_product",
        "e^{βt} is the product over the bits of e^{β x x′/d}, whose two eigenvalues on "
        "one bit are cosh(β/d) and sinh(β/d); a parity of k bits takes sinh k times",
        (
            ProofStep(
                "one bit, even eigenvalue: the mean of e^{±β/d}",
                cosh(x).rewrite(exp),
                even,
                "simplification",
            ),
            ProofStep(
                "one bit, odd eigenvalue: half the difference",
                sinh(x).rewrite(exp),
                odd,
                "simplification",
            ),
            ProofStep(
                "trace of one bit, to the power d the trace of e^{βt} at t = 1",
                trace,
                exp(x),
                "simplification",
            ),
            ProofStep(
                "as a function of the Hamming distance: e^{βt} = e^β q^m with q = "
                "e^{−2β/d}, and (1−q)/2, (1+q)/2 times e^{β/d} are sinh, cosh",
                exp(x) * (1 - exp(-2 * x)) / 2,
                odd,
                "simplification",
            ),
        ),
    )


RULE = Rule(
    name="hypercube_product",
    says="e^{βt} has λ_k = cosh^{d−k}(β/d) sinh^k(β/d); a Gaussian kernel and every "
    "function q^m of the Hamming distance m is of this form",
    source=OURS,
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
    angle = line[1] / d
    wave = cos if isinstance(e, cos) else sin
    return lambda k: wave(pi * k / 2) * cos(angle) ** (d - k) * sin(angle) ** k


def _prove_wave() -> Proof:
    beta = symbols("beta", real=True)
    return Proof(
        "hypercube_wave",
        "real and imaginary part of the product rule at iβ, where i^k = cos(πk/2) + "
        "i sin(πk/2)",
        (
            ProofStep(
                "one bit, even: cosh(iβ/d)",
                cosh(I * beta / d),
                cos(beta / d),
                "simplification",
            ),
            ProofStep(
                "one bit, odd: sinh(iβ/d)",
                sinh(I * beta / d),
                I * sin(beta / d),
                "simplification",
            ),
        ),
    )


WAVE = Rule(
    name="hypercube_wave",
    says="cos βt and sin βt have λ_k = cos(πk/2) or sin(πk/2) times "
    "cos^{d−k}(β/d) sin^k(β/d)",
    source=OURS,
    conditions="any real β",
    match=_match_wave,
    prove=_prove_wave,
)

__all__ = ["RULE", "WAVE", "levels_of"]
