"""A closed form is tried against the definition, at levels 0, 1, 2, … and small d."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import mpmath
from sympy import Expr, Integer, Rational, Symbol, sympify

from theory.chain import Chain
from theory.domains import Hypercube, UnitCircle
from theory.eigenvalues import quadrature
from theory.eigenvalues.rule import Domain
from theory.kernels import Kernel
from theory.notation import d as symbol_d
from theory.notation import k as symbol_k
from theory.notation import t

Verdict = Literal["confirmed", "refuted", "inconclusive"]
DIMENSIONS = (2, 3, 5, 8)
LEVELS = (0, 1, 2, 3, 4, 5)
TOLERANCE_DIGITS = 22


@dataclass(frozen=True, slots=True)
class Checked:
    """What a comparison found.

    Attributes
    ----------
    verdict
        ``confirmed``, ``refuted`` or ``inconclusive``.
    how
        By which argument, or on how many points to how many digits.
    counterexample
        The smallest level and dimension at which the two differ, and the two values.
    """

    verdict: Verdict
    how: str
    counterexample: str = ""

    def __bool__(self) -> bool:
        return self.verdict == "confirmed"

    def __str__(self) -> str:
        tail = f" ({self.counterexample})" if self.counterexample else ""
        return f"{self.verdict}{tail}: {self.how}"


def instances(domain: Domain, level: Expr) -> Iterator[tuple[Domain, int]]:
    """Concrete domains and levels, small ones first, forbidden parities among them."""
    if isinstance(domain, UnitCircle):
        symbol = domain.points
        concrete = symbol is None or not isinstance(symbol, Symbol)
        sizes = [domain] if concrete else [UnitCircle(M) for M in (3, 4, 7, 12)]
    elif isinstance(domain.d, Symbol):
        start = 1 if isinstance(domain, Hypercube) else 2
        sizes = [replace(domain, d=n) for n in (*range(start, 2), *DIMENSIONS)]
    else:
        sizes = [domain]
    levels = [int(level)] if level.is_Integer else list(LEVELS)
    pairs = [
        (size, k)
        for size in sizes
        for k in levels
        if not (size.last_level.is_Integer and k > size.last_level)
    ]
    ambient = lambda size: 2 if isinstance(size, UnitCircle) else int(size.d)
    return iter(sorted(pairs, key=lambda pair: ambient(pair[0]) + pair[1]))


def parameters(e: Expr, kernel_form: Expr, known: set, seed: int) -> dict[Symbol, Expr]:
    """Random fractions in (0, 1) for the symbols that are no level and no dimension."""
    rng = random.Random(seed)
    free = (e.free_symbols | kernel_form.free_symbols) - known
    whole = lambda symbol: symbol.is_integer
    return {
        symbol: Integer(rng.randint(1, 4))
        if whole(symbol)
        else Rational(rng.randint(1, 8), 9)
        for symbol in sorted(free, key=str)
    }


def compare(
    domain: Domain, kernel: Kernel, level: Expr, e: Expr, *, seed: int = 0
) -> tuple[int, str]:
    """How many points agreed, and the first that did not (empty if none)."""
    agreed = 0
    level_symbols = level.free_symbols or {symbol_k}
    for size, k in instances(domain, level):
        at = {symbol: k for symbol in level_symbols}
        if isinstance(size, UnitCircle):
            at |= {symbol_d: Integer(2)}
            if isinstance(domain.points, Symbol):
                at |= {domain.points: size.points}
        else:
            at |= {symbol_d: size.d}
            if isinstance(domain.d, Symbol):
                at |= {domain.d: size.d}
        written = kernel(t)
        if isinstance(written, Chain):
            written = written.expand()
        written = written.subs({symbol_d: at[symbol_d]})
        drawn = parameters(e, written, {t, *at}, seed)
        right = quadrature.integral(size, written.subs(drawn), k)
        left = quadrature.value(e.subs(at).subs(drawn))
        scale = quadrature.scale(written.subs(drawn))
        if not abs(left - right) <= scale * mpmath.mpf(10) ** -TOLERANCE_DIGITS:
            place = f"k={k}, {size}"
            place += "".join(f", {s}={v}" for s, v in drawn.items())
            shown = f"{mpmath.nstr(left, 12)} instead of {mpmath.nstr(right, 12)}"
            return agreed, f"{place}: {shown}"
        agreed += 1
    return agreed, ""


def check_eigenvalue(e: Any, *, seed: int = 0) -> Checked:
    """Whether a closed form agrees with its definition, and how that was seen."""
    if e.rule is None:
        return Checked("confirmed", "the.expression is the definition itself")
    agreed, counterexample = compare(e.domain, e.kernel, e.level, sympify(e), seed=seed)
    how = f"the definition at {agreed} points to {TOLERANCE_DIGITS} digits"
    if counterexample:
        return Checked("refuted", how, counterexample)
    proof = e.rule.proof()
    if not proof:
        return Checked("inconclusive", f"agrees with {how}, but the proof failed")
    return Checked("confirmed", f"proof of {e.rule.name}, and {how}")
