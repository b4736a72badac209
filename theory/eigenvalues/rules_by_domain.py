"""The rules of each domain, in the order in which they are tried."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sympy import Expr, Integer

from theory.eigenvalues import finite_sum, parity_zero
from theory.eigenvalues.circle import aliasing, poisson
from theory.eigenvalues.hypercube import geometric
from theory.eigenvalues.hypercube import monomial as cube_monomial
from theory.eigenvalues.hypercube import product as cube_product
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere import (
    angle_sum,
    arc_cosine,
    endpoint,
    exponential,
    half_power,
    laplace,
    monomial,
    offset,
    power_series,
    series,
    tangent,
    weight,
)
from theory.notation import t

MAX_TEMPLATE = 3
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
    power_series.RULE,
)
HYPERCUBE = (
    cube_monomial.RULE,
    cube_product.RULE,
    cube_product.WAVE,
    geometric.RULE,
)
CIRCLE = (aliasing.RULE, poisson.RULE)
FINITE = (finite_sum.HYPERCUBE, finite_sum.CIRCLE, angle_sum.RULE)
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


def templates() -> Iterator[tuple[Expr, Rule, Callable[[Expr], Levels]]]:
    """κ_s + s² t κ_{s−1} and κ_s of the first orders, with their rules and levels."""
    from theory.activations.arc_cosine import textbook

    for order in range(1, MAX_TEMPLATE + 1):
        s = Integer(order)
        yield (
            textbook(order) + s**2 * t * textbook(order - 1),
            tangent.RULE,
            lambda d, s=s: tangent.levels_of(s, d),
        )
    for order in range(MAX_TEMPLATE + 1):
        s = Integer(order)
        yield (
            textbook(order),
            arc_cosine.RULE,
            lambda d, s=s: arc_cosine.levels_of(s, d),
        )


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
