"""Two closed forms at levels up to 200 in several dimensions, and where deltas sit."""

from typing import Any

import mpmath
from sympy import Expr, Integer, Symbol

from theory.domains import Domain
from theory.eigenvalues.algebra.differences import (
    MAX_WHOLE,
    apart,
    drawn,
    singular_values,
)
from theory.eigenvalues.algebra.equality import singular_levels
from theory.eigenvalues.checks import quadrature

NEAR_LEVELS = tuple(range(6))
"""Levels that the definition is compared at; here only where the dimension is special."""
FAR_LEVELS = (*range(6, 21), 31, 50, 51, 99, 100, 150, 199, 200)
MOST_FAR = 120


def far_instances(domain: Domain, level: Expr, forms: tuple[Expr, ...]) -> list:
    """Values of the level's symbol up to 200, and domains that have these levels."""
    if not level.free_symbols:
        values = [(Integer(0), int(level))]
    else:
        (symbol,) = level.free_symbols
        singular = {j for e in forms for j in singular_levels(e, symbol)}
        far = {j for j in singular if j <= MAX_WHOLE}
        chosen = sorted({*NEAR_LEVELS, *FAR_LEVELS, *far})
        values = [(Integer(j), int(level.subs(symbol, j))) for j in chosen]
    found = []
    for place, (j, k) in enumerate(values):
        is_near = bool(level.free_symbols) and int(j) in NEAR_LEVELS
        if not domain.free_symbols:
            sizes = [] if is_near else [domain]
        else:
            (number,) = domain.free_symbols
            at_level = tuple(
                e.subs(dict.fromkeys(level.free_symbols, j)) for e in forms
            )
            special = [n for n in singular_values(at_level, number) if n >= 1]
            # some small, some as small as the level allows, some with room above it
            tried = (2 + place % 5, 17, k + place % 3, k + 7, 2 * k + 1 + place % 3)
            usual = [n for n in tried if n > 1 and not is_near]
            sizes = _having(domain, number, k, usual)[:2]
            sizes += _having(domain, number, k, special)
        found += [(size, j, k) for size in sizes if k >= 0 and not k > size.last_level]
    return found[:MOST_FAR]


def _having(domain: Domain, number: Symbol, k: int, sizes: Any) -> list[Domain]:
    """The domains of these sizes that have a level k."""
    made = [domain.subs({number: n}) for n in sizes]
    return [size for size in made if not k > size.last_level]


def first_difference(known: Expr, mine: Expr, level: Expr, domain: Domain) -> str:
    """The first of many levels up to 200 at which two forms differ, in words, or "".

    A level counts where both forms have a value there, and the difference is not 0 by
    more than its error.
    """
    symbols = {n: x for n, x in domain.parameters.items() if isinstance(x, Symbol)}
    named = {*level.free_symbols, *symbols.values()}
    values = drawn((known - mine).free_symbols - named, 0)
    for size, j, k in far_instances(domain, level, (known, mine)):
        at: dict[Any, Any] = dict.fromkeys(level.free_symbols, j)
        at |= {symbol: size.parameters[name] for name, symbol in symbols.items()}
        left, right = (e.subs(at).subs(values) for e in (known, mine))
        if apart(left, right):
            shown = [quadrature.value(x) for x in (right, left)]
            texts = ["?" if x is None else mpmath.nstr(x, 12) for x in shown]
            return f"k={k}, {size}: {texts[0]} instead of {texts[1]}"
    return ""
