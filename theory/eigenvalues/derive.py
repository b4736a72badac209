"""λ_k of a kernel: whole kernels first, then term by term, or the reasons why not."""

from collections.abc import Callable

from sympy import Add, Expr, Integer, count_ops

from theory.eigenvalues import book
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


def sphere(e: Expr, d: Expr, tried: Tried):
    """A rule and its levels on the sphere in R^d, or None."""
    return whole(e, d, book.SPHERE_WHOLE, tried) or termwise(
        e, d, book.SPHERE, shift_sphere, tried
    )


def hypercube(e: Expr, d: Expr, tried: Tried):
    """A rule and its levels on the hypercube, or None."""
    return termwise(e, d, book.HYPERCUBE, shift_hypercube, tried)


def circle(e: Expr, points: Expr | None, tried: Tried):
    """A rule and its levels on the circle, or None."""
    if points is None:
        return sphere(e, Integer(2), tried)
    tried.append(("circle_points", "no rule for equispaced points applies"))
    return None
