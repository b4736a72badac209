"""λ_k of a kernel: whole kernels first, then term by term, or the reasons why not."""

from collections.abc import Callable

from sympy import Add, Expr, Integer, count_ops

from theory.eigenvalues import book, finite_sum
from theory.eigenvalues.circle import aliasing, poisson
from theory.eigenvalues.linear import MAX_OPERATIONS, terms
from theory.eigenvalues.moves import shift_hypercube, shift_sphere
from theory.eigenvalues.rule import Levels, Rule
from theory.notation import t

Tried = list[tuple[str, str]]
Shift = Callable[[Levels, Expr], Levels]


def whole(e: Expr, d: Expr, rules: tuple[Rule, ...], tried: Tried):
    """The first rule that knows the whole function, with its levels; or None."""
    for rule in rules:
        levels = rule.match(e, d)
        if isinstance(levels, str):
            tried.append((rule.name, levels))
        else:
            return rule, levels
    return None


def termwise(e: Expr, d: Expr, rules: tuple[Rule, ...], shift: Shift, tried: Tried):
    """The sum over the terms c · t^a · f(t), when rules know every f; or None."""
    if count_ops(e) > MAX_OPERATIONS:
        tried.append(
            ("linearity", f"the kernel has more than {MAX_OPERATIONS} operations")
        )
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
        reasons: Tried = []
        match = whole(f, d, rules, reasons)
        if match is None:
            tried.extend(reasons)
            return None
        rule, levels = match
        used[rule] = None
        for _ in range(power):
            levels = shift(levels, d)
        found.append((coefficient, levels))
    parts = tuple(used) or (power_rule,)
    rule = parts[0] if len(parts) == 1 else book.joint(parts)
    return rule, lambda k: Add(*(c * levels(k) for c, levels in found))


def _finite(rule: Rule, value: Expr | str, tried: Tried):
    """A sum evaluated at one level, as a rule and a constant function of the level."""
    if isinstance(value, str):
        tried.append((rule.name, value))
        return None
    return rule, lambda _: value


def sphere(e: Expr, d: Expr, k: Expr, tried: Tried):  # noqa: ARG001
    """A rule and its levels on the sphere in R^d, or None."""
    return whole(e, d, book.SPHERE_WHOLE, tried) or termwise(
        e, d, book.SPHERE, shift_sphere, tried
    )


def hypercube(e: Expr, d: Expr, k: Expr, tried: Tried):
    """A rule and its levels on the hypercube, or None."""
    return termwise(e, d, book.HYPERCUBE, shift_hypercube, tried) or _finite(
        finite_sum.HYPERCUBE, finite_sum.on_hypercube(e, d, k), tried
    )


def circle(e: Expr, points: Expr | None, k: Expr, tried: Tried):
    """A rule and its levels on the circle, or on points of it, or None."""
    if points is not None:
        return _points(e, points, k, tried)
    two = Integer(2)
    fourier = (book.SPHERE[0], poisson.RULE, *book.SPHERE[1:])
    return whole(e, two, book.SPHERE_WHOLE, tried) or termwise(
        e, two, fourier, shift_sphere, tried
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
