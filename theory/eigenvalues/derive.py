"""λ_k of a kernel: whole kernels first, then term by term, or the reasons why not."""

from collections.abc import Callable

from sympy import Add, Expr, Integer, acos, asin, count_ops

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
from theory.eigenvalues.rule import Levels, Rule
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
        joint = rules_by_domain.joint((rule, rules_by_domain.SPHERE[0]))
        return joint, lambda k: scale * inner(k) + polynomial[1](k)  # noqa: B023
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
    rule = parts[0] if len(parts) == 1 else rules_by_domain.joint(parts)
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


def sphere(e: Expr, d: Expr, k: Expr, tried: Tried):
    """A rule and its levels on the sphere in R^d, or None."""
    return (
        whole(e, d, rules_by_domain.SPHERE_WHOLE, tried)
        or whole_and_polynomial(e, d)
        or termwise(e, d, rules_by_domain.SPHERE, shift_sphere, tried, k)
        or _finite(angle_sum.RULE, angle_sum.on_sphere(e, d, k), tried)
    )


def hypercube(e: Expr, d: Expr, k: Expr, tried: Tried):
    """A rule and its levels on the hypercube, or None."""
    return termwise(
        e, d, rules_by_domain.HYPERCUBE, shift_hypercube, tried, k
    ) or _finite(finite_sum.HYPERCUBE, finite_sum.on_hypercube(e, d, k), tried)


def circle(e: Expr, points: Expr | None, k: Expr, tried: Tried):
    """A rule and its levels on the circle, or on points of it, or None."""
    if points is not None:
        return _points(e, points, k, tried)
    two = Integer(2)
    fourier = (rules_by_domain.SPHERE[0], poisson.RULE, *rules_by_domain.SPHERE[1:])
    return (
        whole(e, two, rules_by_domain.SPHERE_WHOLE, tried)
        or whole_and_polynomial(e, two)
        or termwise(e, two, fourier, shift_sphere, tried, k)
        or _finite(angle_sum.RULE, angle_sum.on_sphere(e, two, k), tried)
    )


def _points(e: Expr, points: Expr, k: Expr, tried: Tried):
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
