"""λ_k of a kernel: whole kernels first, then term by term, or the reasons why not."""

from collections.abc import Callable
from typing import Any

from sympy import Add, Expr, Integer, acos, asin, count_ops

from theory.domains.domain import Domain
from theory.domains.registry import nothing_registered
from theory.eigenvalues import finite_sum, rules_by_domain
from theory.eigenvalues.algebra.linearity import (
    MAX_OPERATIONS,
    MAX_TERMS,
    absorbed,
    expanded_terms,
    nested,
    terms,
)
from theory.eigenvalues.algebra.moves import shift_hypercube, shift_sphere
from theory.eigenvalues.circle import aliasing, poisson
from theory.eigenvalues.rule import Levels, Rule, joint
from theory.eigenvalues.sphere import angle_sum
from theory.eigenvalues.sphere.arc_cosine import multiple_and_rest
from theory.notation import t

MAX_SHIFTS = 60
MAX_SYMBOLIC_SHIFTS = 8
Tried = list[tuple[str, str]]
Shift = Callable[[Levels, Expr], Levels]


SHOWN = 60


def short(e: Expr) -> str:
    """An expression's text, cut where it is long.

    Examples
    --------
    >>> short(acos(Integer(1) / 3))
    'acos(1/3)'
    """
    text = str(e)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def whole(e: Expr, d: Expr, rules: tuple[Rule, ...], tried: Tried):
    """The first rule that knows the whole function, with its levels; or None."""
    for rule in rules:
        levels = rule.match(e, d)
        if isinstance(levels, str):
            tried.append((rule.name, levels))
        else:
            return rule, levels
    return None


def whole_and_polynomial(e: Expr, d: Expr):
    """A tangent or arc-cosine kernel plus a polynomial, as leaky ReLU has it; or None."""
    if not e.has(acos, asin):
        return None
    for template, rule, levels_of in rules_by_domain.templates():
        found = multiple_and_rest(e, template)
        if found is None:
            continue
        scale, rest = found
        polynomial = termwise(
            rest, d, rules_by_domain.SPHERE, shift_sphere, [], Integer(0)
        )
        if polynomial is None:
            return None
        inner = levels_of(d)
        both = joint((rule, rules_by_domain.SPHERE[0]))
        return both, lambda k: scale * inner(k) + polynomial[1](k)  # noqa: B023
    return None


def termwise(
    e: Expr,
    d: Expr,
    rules: tuple[Rule, ...],
    shift: Shift,
    tried: Tried,
    k: Expr,
):
    """The sum over the terms c · t^a · f(t), when rules know every f; or None."""
    if count_ops(e) > MAX_OPERATIONS:
        tried.append(
            ("linearity", f"the kernel has more than {MAX_OPERATIONS} operations")
        )
        return None
    inner = nested(e)
    if inner is not None:
        reason = f"{short(inner)} is a function of a function of t"
        tried.extend((rule.name, reason) for rule in rules)
        return None
    if expanded_terms(e) > MAX_TERMS:
        tried.append(("linearity", f"the kernel expands to over {MAX_TERMS} terms"))
        return None
    power_rule = rules[0]
    found: list[tuple[Expr, Levels]] = []
    used: dict[Rule, None] = {}
    for coefficient, power, f in terms(e):
        if f == 1:
            levels = power_rule.match(t**power, d)
            if isinstance(levels, str):
                tried.append((power_rule.name, levels))
                return None
            used[power_rule] = None
            found.append((coefficient, levels))
            continue
        for scale, left, g in absorbed(power, f):
            match = _with_power(left, g, d, rules, shift, tried, k)
            if match is None:
                return None
            used[match[0]] = None
            found.append((coefficient * scale, match[1]))
    parts = tuple(used) or (power_rule,)
    rule = parts[0] if len(parts) == 1 else joint(parts)
    return rule, lambda k: Add(*(c * levels(k) for c, levels in found))


def _with_power(
    power: int,
    f: Expr,
    d: Expr,
    rules: tuple[Rule, ...],
    shift: Shift,
    tried: Tried,
    k: Expr,
):
    """A rule for t^power f: one that knows the product, else f's and the t-shift."""
    if power:
        for rule in rules:
            levels = rule.match(t**power * f, d)
            if not isinstance(levels, str):
                return rule, levels
    reasons: Tried = []
    match = whole(f, d, rules, reasons)
    if match is None:
        tried.extend(reasons)
        return None
    rule, levels = match
    most = MAX_SHIFTS if k.is_Integer else MAX_SYMBOLIC_SHIFTS
    if power > most:
        reason = f"{power} t-shifts of {f} are left out above {most}"
        tried.append((rule.name, reason))
        return None
    for _ in range(power):
        levels = shift(levels, d)
    return rule, levels


def _finite(rule: Rule, value: Expr | str, tried: Tried):
    """A sum evaluated at one level, as a rule and a constant function of the level."""
    if isinstance(value, str):
        tried.append((rule.name, value))
        return None
    return rule, lambda _: value


def by_terms(e: Expr, domain: Domain, rules: tuple[Rule, ...], tried: Tried):
    """The sum over the terms of a function, when one of the rules knows each; or None."""
    d: Any = domain if domain.ambient is None else domain.ambient
    found = whole(e, d, rules, tried)
    if found is not None or expanded_terms(e) > MAX_TERMS:
        return found
    parts: list[tuple[Expr, Rule, Levels]] = []
    for coefficient, power, f in terms(e):
        known = whole(t**power * f, d, rules, [])
        if known is None:
            return None
        parts.append((coefficient, *known))
    used = tuple(dict.fromkeys(rule for _, rule, _ in parts))
    rule = used[0] if len(used) == 1 else joint(used)
    return rule, lambda k: Add(*(c * levels(k) for c, _, levels in parts))


def sphere(e: Expr, domain: Domain, k: Expr, tried: Tried):
    """A rule and its levels on the sphere or the circle, or None."""
    d, rules = domain.ambient, rules_by_domain.all_of(domain.kind)
    return (
        whole(e, d, rules_by_domain.SPHERE_WHOLE, tried)
        or whole_and_polynomial(e, d)
        or termwise(e, d, rules, shift_sphere, tried, k)
        or _finite(angle_sum.RULE, angle_sum.on_sphere(e, d, k), tried)
    )


def hypercube(e: Expr, domain: Any, k: Expr, tried: Tried):
    """A rule and its levels on the hypercube, or None."""
    d, rules = domain.ambient, rules_by_domain.all_of("hypercube")
    return termwise(e, d, rules, shift_hypercube, tried, k) or _finite(
        finite_sum.HYPERCUBE, finite_sum.on_hypercube(e, d, k), tried
    )


def circle_points(e: Expr, domain: Any, k: Expr, tried: Tried):
    """A rule and its levels on points of the circle, or None."""
    points = domain.points
    levels = aliasing.match(e, points, k)
    if not isinstance(levels, str):
        return aliasing.RULE, levels
    tried.append((aliasing.RULE.name, levels))
    split = list(terms(e))
    if len(split) == 1 and split[0][1] == 0:
        scale, _, f = split[0]
        levels = poisson.match(f, points)
        if not isinstance(levels, str):
            return poisson.RULE, lambda k: scale * levels(k)
        tried.append((poisson.RULE.name, levels))
    return _finite(finite_sum.CIRCLE, finite_sum.on_points(e, points, k), tried)


Search = Callable[[Expr, Any, Expr, Tried], "tuple[Rule, Levels] | None"]
SEARCHES: dict[str, Search] = {
    "hypercube": hypercube,
    "sphere": sphere,
    "circle": sphere,
    "circle_points": circle_points,
}
"""Kind of domain → how its rules are combined; on other kinds term by term."""


def by_rules(e: Expr, domain: Domain, k: Expr, tried: Tried):
    """A rule of the domain's kind and its levels, or None.

    Examples
    --------
    >>> from theory.domains import Hypersphere
    >>> rule, levels = by_rules(t, Hypersphere(5), Integer(1), [])
    >>> rule.name, levels(Integer(1))
    ('sphere_monomial', 1/5)
    """
    search = SEARCHES.get(domain.kind)
    found = None if search is None else search(e, domain, k, tried)
    own = rules_by_domain.OWN.get(domain.kind, ())
    if found is None and own:
        # functions of functions of t, which are split into no terms, among them
        return by_terms(e, domain, own, tried)
    if search is None:
        where = "theory.eigenvalues.register"
        sentence = nothing_registered(domain, "no rule is registered", where)
        tried.append(("closed forms", sentence))
    return found
