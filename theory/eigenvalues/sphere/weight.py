"""Powers of 1 − t² on the sphere: Gauss's sum turns the 2F1 into Gammas."""

from typing import Any

from sympy import Expr, Integer, Pow, cos, factorial, gamma, pi, sqrt, symbols, sympify
from sympy.functions.combinatorial.factorials import rf

from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.endpoint import integrable
from theory.eigenvalues.sphere.monomial import even
from theory.notation import d, k, t
from theory.source import OURS


def levels_of(nu: Expr, d: Expr) -> Levels:
    """λ_k of (1 − t²)^ν, which is 0 at odd k.

    Examples
    --------
    >>> [levels_of(sympify("1/2"), Integer(2))(Integer(k)) for k in range(3)]
    [2/pi, 0, -2/(3*pi)]
    """

    def levels(k: Any) -> Expr:
        k = sympify(k)
        parity = even(k)
        if parity == 0:
            return Integer(0)
        if k.is_Integer:
            rising = rf(-nu, k / 2)
        elif nu.is_integer and nu.is_negative:
            rising = parity * gamma(k / 2 - nu) / gamma(-nu)
        else:
            rising = cos(pi * k / 2) * gamma(nu + 1) / gamma(nu + 1 - k / 2)
        top = gamma((k + 1) / 2) * rising * gamma(d / 2) * gamma(nu + (d - 1) / 2)
        bottom = sqrt(pi) * gamma(nu + (k + d) / 2) * gamma((k + d - 1) / 2)
        return top / bottom

    return levels


def _match(e: Expr, d: Expr) -> Levels | str:
    if not isinstance(e, Pow) or e.exp.has(t):
        return f"{e} is not a power of 1 − t²"
    base, nu = e.args
    scale = base.subs(t, 0)
    if (base - scale * (1 - t**2)).expand() != 0:
        return f"{base} is not a multiple of 1 − t²"
    if not (scale.is_positive or nu.is_integer):
        return f"{scale} is not known to be positive"
    problem = integrable(nu, d)
    inner = levels_of(nu, d)
    return problem or (lambda k: scale**nu * inner(k))


def _prove() -> Proof:
    nu = symbols("nu", positive=True)
    half = k / 2
    form = lambda nu: (
        gamma((k + 1) / 2)
        * gamma(half - nu)
        / gamma(-nu)
        * gamma(d / 2)
        * gamma(nu + (d - 1) / 2)
        / (sqrt(pi) * gamma(nu + (k + d) / 2) * gamma((k + d - 1) / 2))
    )
    a, b, c = half - nu, (k + 1) / 2, k + d / 2
    gauss = gamma(c) * gamma(c - a - b) / (gamma(c - a) * gamma(c - b))
    first = gamma(half - nu) / gamma(-nu) / gamma(half + 1)
    first *= factorial(k) * gamma(d / 2) / (2**k * gamma(k + d / 2))
    doubled = 2**k * gamma((k + 1) / 2) * gamma(half + 1) / sqrt(pi)
    eigen = 2 * nu * (2 * nu + d - 2) - k * (k + d - 2)
    w = 1 - t**2
    slope = nu * w.diff(t) / w
    laplacian = w * (slope.diff(t) + slope**2) - (d - 1) * t * slope
    combined = 2 * nu * (2 * nu + d - 3) / w - 2 * nu * (2 * nu + d - 2)
    return Proof(
        "sphere_weight",
        "the series rule at c = 1, where Gauss's sum of the 2F1 (DLMF, chapter 15.4) "
        "applies; the Laplacian, which steps ν by one, as a second check",
        (
            ProofStep(
                "series rule times Gauss's sum (k! by the duplication formula)",
                form(nu),
                first.subs(factorial(k), doubled) * gauss,
            ),
            ProofStep(
                "Δf = 2ν(2ν+d−3) f/(1−t²) − 2ν(2ν+d−2) f for f = (1−t²)^ν, by f′/f",
                laplacian,
                combined,
                "rational arithmetic",
            ),
            ProofStep(
                "hence λ_k at ν − 1 from λ_k at ν, as the Laplacian is −k(k+d−2)",
                form(nu - 1),
                form(nu) * eigen / (2 * nu * (2 * nu + d - 3)),
            ),
        ),
    )


RULE = Rule(
    name="sphere_weight",
    says="(1−t²)^ν has λ_k = Γ((k+1)/2) (−ν)_{k/2} Γ(d/2) Γ(ν+(d−1)/2) / (√π "
    "Γ(ν+(k+d)/2) Γ((k+d−1)/2)) at even k, else 0",
    source=OURS,
    conditions="ν > −(d−1)/2",
    match=_match,
    prove=_prove,
)
