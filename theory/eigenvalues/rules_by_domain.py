"""The rules of each kind of domain, in the order in which they are tried."""

from collections.abc import Callable, Iterator

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
from theory.errors import OutOfDomain
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
TERMWISE: dict[str, tuple[Rule, ...]] = {
    "hypercube": HYPERCUBE,
    "sphere": SPHERE,
    "circle": (SPHERE[0], poisson.RULE, *SPHERE[1:]),
}
"""Kind of domain → the rules that are tried on each term of a kernel."""
OWN: dict[str, tuple[Rule, ...]] = {}
"""Kind of domain → what was registered for it."""
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


def all_of(kind: str) -> tuple[Rule, ...]:
    """The rules that are tried on each term of a kernel, registered ones last."""
    return (*TERMWISE[kind], *OWN.get(kind, ()))


def register(rule: Rule, *kinds: str) -> Rule:
    """Try a rule on the domains of some kinds, after the rules that they have.

    Sums and constant factors of functions that it knows follow by linearity, and on the
    hypercube, the sphere and the circle factors t^a by the t-shift. A kind of one's own
    has no other rules than those that are registered for it.

    Raises
    ------
    OutOfDomain
        When no kind is given, or another rule has its name.

    Examples
    --------
    >>> register(poisson.RULE, "circle") is poisson.RULE     # known already: nothing new
    True
    """
    if not kinds:
        raise OutOfDomain(
            f"kinds: rule {rule.name} needs at least one, such as 'hypercube'"
        )
    if RULES.setdefault(rule.name, rule) is not rule:
        raise OutOfDomain(f"name = {rule.name!r} is the name of another rule")
    for kind in kinds:
        known = OWN.get(kind, ())
        if rule not in (*known, *TERMWISE.get(kind, ())):
            OWN[kind] = (*known, rule)
    return rule
