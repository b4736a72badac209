"""Arc-cosine kernels on the sphere: every eigenvalue is a perfect square.

κ_s is twice the second moment of z_+^s, so Funk and Hecke's formula acts on each of the
two factors: λ_k is the square of the eigenvalue of t_+^s, times E|w|^{2s}, w Gaussian.
"""

from typing import Any

from sympy import (
    Expr,
    Function,
    Integer,
    Rational,
    acos,
    asin,
    cancel,
    expand,
    gamma,
    hyper,
    pi,
    sqrt,
    symbols,
    sympify,
)

from theory.activations import arc_cosine
from theory.eigenvalues.algebra.gamma_quotients import reciprocal_gamma
from theory.eigenvalues.algebra.linearity import (
    MAX_OPERATIONS,
    MAX_TERMS,
    expanded_terms,
)
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.monomial import even
from theory.notation import d, k, t
from theory.source import OURS, Source


def half_power(s: Expr, k: Expr, d: Expr) -> Expr:
    """λ_k of t_+^s: Γ(s+1) Γ(d/2) / (2^{s+1} Γ((s−k)/2+1) Γ((s+k+d)/2)).

    Examples
    --------
    >>> half_power(Integer(1), Integer(3), Integer(5))
    0
    """
    zero = reciprocal_gamma((s - k) / 2 + 1)
    head = gamma(s + 1) * gamma(d / 2) / 2 ** (s + 1)
    return head * zero * reciprocal_gamma((s + k + d) / 2)


def radial(s: Expr, d: Expr) -> Expr:
    """E|w|^{2s} = 2^s Γ(s+d/2)/Γ(d/2) of a standard Gaussian vector w in R^d."""
    return 2**s * gamma(s + d / 2) / gamma(d / 2)


def levels_of(order: Expr, d: Expr) -> Levels:
    """λ_k of the arc-cosine kernel κ_s, for real s > −1/2.

    Examples
    --------
    >>> [levels_of(Integer(1), Integer(3))(Integer(k)) for k in range(4)]
    [3/8, 1/6, 3/128, 0]
    """
    s = sympify(order)
    return lambda k: 2 * radial(s, d) * half_power(s, sympify(k), d) ** 2


def multiple_of(e: Expr, template: Expr) -> Expr | None:
    """C where e = c · template identically in t, or None.

    Examples
    --------
    >>> multiple_of(3 * arc_cosine.textbook(1), arc_cosine.textbook(1))
    3
    """
    if e.count_ops() > MAX_OPERATIONS or expanded_terms(e) > MAX_TERMS:
        return None
    if not e.has(acos):
        scale = e.subs(t, 0) / template.subs(t, 0)
        infinite = not scale.is_finite and scale.is_finite is not None
        if infinite or scale.has(t):
            return None
        if _heads(e) != _heads(template):
            return None
        return scale if expand(e - scale * template) == 0 else None
    found = multiple_and_rest(e, template)
    return found[0] if found is not None and found[1] == 0 else None


def _heads(e: Expr) -> set[Any]:
    return {f.func for f in e.atoms(Function) if f.has(t)}


def multiple_and_rest(e: Expr, template: Expr) -> tuple[Expr, Expr] | None:
    """(c, r) where e = c · template + r with a polynomial r in t, or None.

    Examples
    --------
    >>> multiple_and_rest(2 * arc_cosine.textbook(1) + t**2, arc_cosine.textbook(1))
    (2, t**2)
    """
    if e.count_ops() > MAX_OPERATIONS or expanded_terms(e) > MAX_TERMS:
        return None
    e = expand(e.replace(asin(t), pi / 2 - acos(t)))
    turn = acos(t)
    scale = cancel(e.coeff(turn) / expand(template).coeff(turn))
    if scale.has(t) or scale == 0:
        return None
    rest = expand(e - scale * template)
    return (scale, rest) if rest.is_polynomial(t) else None


def _match(e: Expr, d: Expr) -> Levels | str:
    for order in range(arc_cosine.MAX_WRITTEN_ORDER + 1):
        scale = multiple_of(e, arc_cosine.textbook(order))
        if scale is not None:
            inner = levels_of(Integer(order), d)
            return lambda k, scale=scale, inner=inner: scale * inner(k)
    for series in e.atoms(hyper):
        order = -2 * series.args[0][0]
        scale = multiple_of(e, arc_cosine.real_order(order))
        if scale is not None and (order + Rational(1, 2)).is_positive:
            inner = levels_of(order, d)
            return lambda k, scale=scale, inner=inner: scale * inner(k)
    return "the kernel is no multiple of an arc-cosine kernel κ_s of t"


def _match_arcsine(e: Expr, d: Expr) -> Levels | str:
    if e != asin(t):
        return f"{e} is not arcsin t"
    inner = levels_of(Integer(0), d)

    def levels(k: Expr) -> Expr:
        odd = even(k + 1)
        return odd if odd == 0 else pi * odd * inner(k)

    return levels


def _prove() -> Proof:
    s = symbols("s", positive=True)
    weight = gamma(d / 2) / (sqrt(pi) * gamma((d - 1) / 2))
    beta = gamma((s + 1) / 2) * gamma((d - 1) / 2) / gamma((s + d) / 2) / 2
    doubled = 2**s * gamma((s + 1) / 2) * gamma(s / 2 + 1) / sqrt(pi)
    surface = 2 * pi ** (d / 2) / gamma(d / 2) / (2 * pi) ** (d / 2)
    chi = surface * 2 ** (s + d / 2 - 1) * gamma(s + d / 2)
    form = lambda k, d, s: levels_of(s, d)(k)
    return Proof(
        "sphere_arc_cosine",
        "Funk–Hecke twice, w = |w|·direction with independent parts; t_+^s by "
        "dimension raising from its Beta integral; s = 0 follows by continuity in s",
        (
            ProofStep(
                "dimension raising of t_+^s: s/d times t_+^(s−1) at k − 1 in R^(d+2)",
                half_power(s, k, d),
                s / d * half_power(s - 1, k - 1, d + 2),
            ),
            ProofStep(
                "its k = 0: half a Beta integral (Γ(s+1) by the duplication formula)",
                half_power(s, Integer(0), d).subs(gamma(s + 1), doubled),
                weight * beta,
            ),
            ProofStep(
                "E|w|^{2s}: the radial integral ∫ r^{2s+d−1} e^{−r²/2} dr",
                radial(s, d),
                chi,
            ),
            ProofStep(
                "second check, κ_s′ = s² κ_{s−1}: dimension raising of the result",
                form(k, d, s),
                s**2 / d * form(k - 1, d + 2, s - 1),
            ),
        ),
    )


RULE = Rule(
    name="sphere_arc_cosine",
    says="κ_s has λ_k = 2 · 2^s Γ(s+d/2)/Γ(d/2) · c_k², c_k = Γ(s+1) Γ(d/2) / "
    "(2^{s+1} Γ((s−k)/2+1) Γ((s+k+d)/2)); zero for k > s with k − s even, s whole",
    source=Source("bach2017breaking"),
    conditions="K is a multiple of κ_s",
    match=_match,
    prove=_prove,
)
ARCSINE = Rule(
    name="sphere_arcsine_endpoint",
    says="arcsin t = π(κ_0 − 1/2) has π λ_k[κ_0] at odd k and 0 at even k",
    source=OURS,
    conditions="the argument of arcsin is t itself",
    match=_match_arcsine,
    prove=_prove,
)

__all__ = [
    "ARCSINE",
    "RULE",
    "half_power",
    "levels_of",
    "multiple_and_rest",
    "multiple_of",
    "radial",
]
