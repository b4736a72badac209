"""The rules of each domain, in the order in which they are tried."""

from dataclasses import replace

from theory.eigenvalues import finite_sum, parity_zero
from theory.eigenvalues.circle import aliasing, poisson
from theory.eigenvalues.hypercube import geometric
from theory.eigenvalues.hypercube import monomial as cube_monomial
from theory.eigenvalues.hypercube import product as cube_product
from theory.eigenvalues.rule import Rule
from theory.eigenvalues.sphere import (
    arc_cosine,
    endpoint,
    exponential,
    half_power,
    laplace,
    monomial,
    offset,
    series,
    tangent,
    weight,
)

SPHERE_WHOLE = (arc_cosine.RULE, tangent.RULE)
SPHERE = (
    monomial.RULE,
    exponential.RULE,
    exponential.WAVE,
    endpoint.RULE,
    arc_cosine.ARCSINE,
    half_power.RULE,
    weight.RULE,
    offset.RULE,
    series.RULE,
    laplace.RULE,
)
HYPERCUBE = (
    cube_monomial.RULE,
    cube_product.RULE,
    cube_product.WAVE,
    geometric.RULE,
)
CIRCLE = (aliasing.RULE, poisson.RULE)
FINITE = (finite_sum.HYPERCUBE, finite_sum.CIRCLE)
RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        parity_zero.RULE,
        *SPHERE_WHOLE,
        *SPHERE,
        *HYPERCUBE,
        *CIRCLE,
        *FINITE,
    )
}


def restore(name: str, parts: tuple[str, ...]) -> Rule:
    """The rule of that name, or the joint rule of its parts."""
    if name in RULES:
        return RULES[name]
    return joint(tuple(RULES[part] for part in parts))


def joint(parts: tuple[Rule, ...]) -> Rule:
    """The rule that sums what its parts give for the terms of a kernel."""
    first = parts[0]
    return replace(
        first,
        name="linearity: " + " + ".join(part.name for part in parts),
        says="λ_k is linear in K; a factor t is the t-shift. " + first.says,
        conditions="; ".join(dict.fromkeys(part.conditions for part in parts)),
        prove=None,
        parts=parts,
    )
