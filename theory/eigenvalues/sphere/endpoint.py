"""Powers of 1 − t on the sphere: the singularity that governs how λ_k decays."""

from sympy import Expr, Integer, Rational, gamma, pi, sqrt, symbols, sympify
from sympy.functions.combinatorial.factorials import rf

from theory.eigenvalues.algebra.linearity import power_of_affine
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.notation import d, k
from theory.source import OURS


def amplitude(nu: Expr, d: Expr) -> Expr:
    """2^{ν+d−2} Γ(d/2) Γ(ν+(d−1)/2) / √π: all that does not depend on the level."""
    head = 2 ** (nu + d - 2) * gamma(d / 2) * gamma(nu + (d - 1) / 2)
    return head / sqrt(pi)


def levels_of(nu: Expr, d: Expr) -> Levels:
    """λ_k of (1 − t)^ν: (−ν)_k 2^{ν+d−2} Γ(d/2) Γ(ν+(d−1)/2) / (√π Γ(ν+k+d−1)).

    Examples
    --------
    >>> [levels_of(Rational(1, 2), Integer(3))(Integer(k)) for k in range(3)]
    [2*sqrt(2)/3, -2*sqrt(2)/15, -2*sqrt(2)/105]
    """
    nu = sympify(nu)

    def levels(k: Expr) -> Expr:
        k = sympify(k)
        if k.is_Integer and k >= 0:
            rising = rf(-nu, k)
        elif nu.is_integer and nu.is_nonnegative:
            rising = (-1) ** k * gamma(nu + 1) / gamma(nu - k + 1)
        else:
            rising = gamma(k - nu) / gamma(-nu)
        return rising * amplitude(nu, d) / gamma(nu + k + d - 1)

    return levels


def integrable(nu: Expr, d: Expr) -> str:
    """Empty where (1 − t)^ν is integrable on the sphere; else why it is not known."""
    margin = nu + (d - 1) / 2
    if margin.is_positive or (nu + Rational(1, 2)).is_positive:
        return ""
    return f"(1 − t)^({nu}) is not known to be integrable in d = {d}"


def _match(e: Expr, d: Expr) -> Levels | str:
    found = power_of_affine(e)
    if found is None:
        return f"{e} is not a power of a + b t"
    scale, slope, nu = found
    if slope not in (1, -1):
        return f"the singularity of {e} is not at t = ±1"
    problem = integrable(nu, d)
    if problem:
        return problem
    inner = levels_of(nu, d)
    if slope == 1:
        return lambda k: scale * inner(k)
    return lambda k: scale * (-1) ** k * inner(k)


def _prove() -> Proof:
    nu = symbols("nu", positive=True)
    form = lambda k, d, nu: levels_of(nu, d)(k)
    weight = gamma(d / 2) / (sqrt(pi) * gamma((d - 1) / 2))
    a, b = nu + (d - 1) / 2, (d - 1) / 2
    beta = 2 ** (nu + d - 2) * gamma(a) * gamma(b) / gamma(a + b)
    return Proof(
        "sphere_endpoint",
        "dimension raising to k = 0, where the integral is a Beta function; both sides "
        "are analytic in ν, so ν down to −(d−1)/2 follows",
        (
            ProofStep(
                "dimension raising: −ν/d times λ_{k−1}[(1−t)^(ν−1)] in R^(d+2)",
                form(k, d, nu),
                -nu / d * form(k - 1, d + 2, nu - 1),
            ),
            ProofStep(
                "k = 0: a Beta integral", form(Integer(0), d, nu).doit(), weight * beta
            ),
        ),
    )


RULE = Rule(
    name="sphere_endpoint",
    says="(1−t)^ν has λ_k = (−ν)_k 2^{ν+d−2} Γ(d/2) Γ(ν+(d−1)/2) / (√π Γ(ν+k+d−1)); "
    "(1+t)^ν the same times (−1)^k",
    source=OURS,
    conditions="ν > −(d−1)/2",
    match=_match,
    prove=_prove,
)
