"""The bounds of an equation: formulas where it is symbolic, else their best values."""

from dataclasses import dataclass
from typing import Any, Literal

from sympy import Expr, Rational, ceiling

from theory.constant import bounds
from theory.notation import C


@dataclass(frozen=True, slots=True)
class Bound:
    """C ≤ or ≥ an expression, and why."""

    name: str
    relation: Literal["<=", ">=", "="]
    expression: Expr
    given: str = ""

    def __str__(self) -> str:
        return f"{C} {self.relation} {self.expression}  ({self.name})"


def bounds_of(equation: Any) -> tuple[Bound, ...]:
    """All bounds that apply; with numbers, the best over p and m."""
    numbers = [equation.n, equation.ridge]
    numbers += [x for pair in equation.levels or () for x in pair]
    if equation.levels is None or not all(x.is_Rational for x in numbers):
        applicable = [
            formula
            for formula in bounds.ALL
            if equation.ridge == 0 or "ridge 0" not in formula.given
        ]
        return tuple(Bound(f.name, f.relation, f.rhs, f.given) for f in applicable)
    return tuple(_of_numbers(equation))


def _of_numbers(equation: Any) -> list[Bound]:
    n, ridge, total = equation.n, equation.ridge, equation.modes
    levels = sorted((level for level in equation.levels if level[0] != 0), reverse=True)
    found = [
        Bound("partial_trace", "<=", min(_partial_traces(levels, n, ridge))),
        Bound("ridge", ">=", ridge / n),
    ]
    single = max(_single_eigenvalues(levels, n), default=Rational(0))
    found.append(Bound("single_eigenvalue", ">=", single))
    if ridge != 0 or n >= total:
        return found
    trace = sum((m * lam for lam, m in levels), Rational(0))
    inverse = sum((m / lam for lam, m in levels), Rational(0))
    found.append(Bound("arithmetic_mean", "<=", trace / total * (total - n) / n))
    found.append(Bound("harmonic_mean", ">=", total / inverse * (total - n) / n))
    whole = n.is_Integer and all(m.is_Integer for _, m in levels)
    if whole and total <= MOST_MODES:
        e = [bounds.elementary.over(levels, int(n) + k) for k in (-1, 0, 1)]
        found.append(Bound("elementary_upper", "<=", e[1] / e[0]))
        found.append(Bound("elementary_lower", ">=", e[2] / e[1]))
    return found


MOST_MODES = 400


def _partial_traces(levels: list[Any], n: Any, ridge: Any):
    """(δ + Σ_{i>p} λ_i)/(n − p): within a level it is monotone, so its ends suffice."""
    for p in _corners(levels, ceiling(n) - 1):
        taken, rest = p, ridge
        for lam, m in levels:
            skipped = min(taken, m)
            taken -= skipped
            rest += (m - skipped) * lam
        yield rest / (n - p)


def _corners(levels: list[Any], last: Any):
    reached = Rational(0)
    yield reached
    for _, m in levels:
        reached += m
        if reached >= last:
            break
        yield reached
    yield max(last, Rational(0))


def _single_eigenvalues(levels: list[Any], n: Any):
    """λ_m (m − n)/n: best at the last mode of each level."""
    reached = Rational(0)
    for lam, m in levels:
        reached += m
        if reached > n:
            yield lam * (reached - n) / n
