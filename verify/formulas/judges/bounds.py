"""Judges of the bounds on C: below or above the root, and no weaker than stated.

F falls, so x ≥ C exactly when F(x) ≤ n: no root is ever computed. That alone would let
a weaker bound pass; so half of the cases come from a family in which the bound is an
equality up to a small tolerance, and there both sides are tested.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_poly

from theory import notation
from theory.formula import Formula
from verify.exact.problems.random_problems import positive
from verify.exact.testing.choices import Choose
from verify.exact.testing.evaluation import evaluate
from verify.exact.testing.law import Law, Outcome
from verify.formulas.registry import judge, law_of

letters: Any = notation

HUGE, TINY = fmpq(10) ** 60, fmpq(1, 10**60)
TOLERANCE, ZERO = fmpq(1, 1000), fmpq(0)


@dataclass(frozen=True, slots=True)
class Bounded:
    """Levels, n and ridge of an equation; p or m; the tolerance where it is tight."""

    levels: tuple[tuple[fmpq, int], ...]
    n: fmpq
    ridge: fmpq = ZERO
    place: int = 0
    tolerance: fmpq | None = None

    def left(self, C: fmpq) -> fmpq:
        """F(C)."""
        return sum((g * x / (x + C) for x, g in self.levels), self.ridge / C)

    @property
    def modes(self) -> list[fmpq]:
        """Eigenvalues mode by mode, falling."""
        return sorted((x for x, g in self.levels for _ in range(g)), reverse=True)


def _values(case: Bounded, *, by_mode: bool) -> dict[Any, Any]:
    from theory.constant import bounds

    modes = case.modes
    product = fmpq_poly([1])
    for x, g in case.levels:
        product *= fmpq_poly([1, x]) ** g
    return {
        letters.n: case.n,
        letters.ridge: case.ridge,
        letters.levels: len(case.levels),
        letters.modes: len(modes),
        letters.lam: modes if by_mode else [x for x, _ in case.levels],
        letters.g: [g for _, g in case.levels],
        bounds.p: case.place,
        bounds.m: case.place,
        bounds.elementary: lambda k: product[int(k.p)],
    }


def _spectrum(choose: Choose) -> tuple[tuple[fmpq, int], ...]:
    return tuple((positive(choose), choose(1, 4)) for _ in range(choose(1, 4)))


def _share(choose: Choose, whole: int) -> fmpq:
    """A fraction of a whole number, never 0 nor all."""
    parts = choose(2, 9)
    return fmpq(whole * choose(1, parts - 1), parts)


def _random(choose: Choose, *, ridged: bool, kind: str) -> Bounded:
    levels = _spectrum(choose)
    N = sum(g for _, g in levels)
    if kind == "whole":
        levels = (*levels, (positive(choose), 1))
        return Bounded(levels, fmpq(choose(1, N)))
    n = _share(choose, N)
    place = 0
    if kind == "below":
        place = choose(0, max(0, -int(-n.p // n.q) - 1))
    if kind == "above":
        place = choose(int(n.p // n.q) + 1, N)
    return Bounded(levels, n, positive(choose) if ridged else fmpq(0), place)


def _few_points(choose: Choose) -> Bounded:
    return Bounded(_spectrum(choose), fmpq(1, 10**9), positive(choose), 0, TOLERANCE)


def _huge_modes(choose: Choose) -> Bounded:
    p = choose(1, 3)
    levels = (*((x, g) for x, g in _spectrum(choose)), (HUGE, p))
    return Bounded(levels, p + fmpq(1, 10**9), positive(choose), p, TOLERANCE)


def _ridge_alone(choose: Choose) -> Bounded:
    return Bounded(((TINY, 3),), positive(choose), positive(choose), 0, TOLERANCE)


def _equal_modes(choose: Choose) -> Bounded:
    m = choose(2, 5)
    levels = ((positive(choose), m), (TINY, choose(1, 3)))
    return Bounded(levels, _share(choose, m), fmpq(0), m, TOLERANCE)


def _white(choose: Choose) -> Bounded:
    g = choose(2, 6)
    return Bounded(((positive(choose), g),), _share(choose, g), tolerance=TOLERANCE)


def _many_white(choose: Choose) -> Bounded:
    level = (fmpq(choose(1, 9), choose(1, 9)), 150)
    return Bounded((level,), fmpq(choose(60, 90)), tolerance=fmpq(1, 40))


FAMILIES: dict[str, tuple[bool, str, Callable[[Choose], Bounded]]] = {
    "trace_bound": (True, "", _few_points),
    "partial_trace_bound": (True, "below", _huge_modes),
    "ridge_bound": (True, "", _ridge_alone),
    "single_eigenvalue_bound": (True, "above", _equal_modes),
    "arithmetic_mean_bound": (False, "", _white),
    "harmonic_mean_bound": (False, "", _white),
    "elementary_upper_bound": (False, "whole", _many_white),
    "elementary_lower_bound": (False, "whole", _many_white),
}


@judge(*FAMILIES)
def bounded(formula: Formula) -> Law:
    """On the right side of the root, and close to it where it should be."""
    ridged, kind, tight = FAMILIES[formula.name]

    def build(choose: Choose) -> Bounded:
        if choose(0, 1):
            return tight(choose)
        return _random(choose, ridged=ridged, kind=kind)

    def test(case: Bounded) -> Outcome:
        x = evaluate(formula.rhs, _values(case, by_mode=formula.name != "trace_bound"))
        above = formula.relation == "<="
        if x <= 0:
            wrong = above or case.tolerance is not None
            return Outcome(failure=f"{formula.name}: {x} ≤ 0" if wrong else "")
        holds = case.left(x) <= case.n if above else case.left(x) >= case.n
        if not holds:
            return Outcome(failure=f"{formula.name}: C is on the wrong side of {x}")
        if case.tolerance is None:
            return Outcome()
        closer = x * (1 - case.tolerance) if above else x * (1 + case.tolerance)
        reached = case.left(closer) >= case.n if above else case.left(closer) <= case.n
        return Outcome(2, "" if reached else f"{formula.name}: {x} is far from C")

    return law_of(formula, build, test)
