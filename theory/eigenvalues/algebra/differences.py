"""Where two closed forms differ: they are compared at points before equality is proved.

Points are whole numbers near and far for symbols that count, with those at which a
Kronecker delta sits, a case begins or poles of Γ begin; fractions for all others.
"""

import random
from typing import Any

from sympy import Expr, Float, Integer, Rational, Symbol
from sympy.core.evalf import PrecisionExhausted
from sympy.core.function import AppliedUndef

from theory.eigenvalues.algebra.equality import singular_levels

DIGITS = 25
MOST_DIGITS = 600
MAX_WHOLE = 1000
WHOLE = (1, 2, 3, 5, 8, 12, 31, 64, 99, 200)
"""Values of symbols that count something; the far ones are where a mistake may hide."""
POINTS = 6
MOST_SINGULAR = 4


def gap_at(a: Expr, b: Expr, at: Any) -> Expr | None:
    """A − b at a point, to 25 digits; None where it has no value that is decided.

    Examples
    --------
    >>> from sympy.abc import x
    >>> gap_at(x**2, x, {x: 3}), gap_at(1 / x, 1 / x, {x: 0}) is None
    (6.000000000000000000000000, True)
    """
    try:
        left, right = (e.subs(at) for e in (a, b))
        gap = (left - right).doit().evalf(DIGITS, maxn=MOST_DIGITS, strict=True)
    except (PrecisionExhausted, ValueError, TypeError, OverflowError):
        return None
    return gap if gap.is_number and gap.is_finite else None


def drawn(symbols: Any, seed: int) -> dict[Symbol, Expr]:
    """A fraction in (0, 1) for every symbol, a small whole number where it counts."""
    rng = random.Random(seed)
    return {
        symbol: Integer(rng.randint(1, 4))
        if symbol.is_integer
        else Rational(rng.randint(1, 8), 9)
        for symbol in sorted(symbols, key=str)
    }


def singular_values(forms: tuple[Expr, ...], symbol: Symbol) -> list[int]:
    """Whole numbers at which a symbol meets a delta, a condition or a pole of Γ.

    Examples
    --------
    >>> from sympy import KroneckerDelta
    >>> from theory.notation import d
    >>> singular_values((d, d + KroneckerDelta(d, 11)), d)
    [11]
    """
    found = {x for e in forms for x in singular_levels(e, symbol) if x <= MAX_WHOLE}
    return sorted(found)[:MOST_SINGULAR]


def points(a: Expr, b: Expr) -> list[dict[Symbol, Expr]]:
    """Points at which two forms in any symbols are compared."""
    free = a.free_symbols | b.free_symbols
    whole = sorted((x for x in free if x.is_integer), key=str)
    rng = random.Random(len(free))
    found = []
    for place in range(POINTS):
        at = drawn(free, place)
        at |= {x: Integer(rng.choice(WHOLE)) for x in whole}
        found.append(at)
        for x in whole:
            others = {y: value for y, value in at.items() if y != x}
            forms = (a.subs(others), b.subs(others))
            met = singular_values(forms, x)
            found += [{**at, x: Integer(value)} for value in met]
    return found


def differ(a: Expr, b: Expr) -> bool:
    """Whether two forms have different values at one of many points.

    Examples
    --------
    >>> from sympy import KroneckerDelta
    >>> from theory.notation import d, k
    >>> differ(k, k + KroneckerDelta(d, 11)), differ(k * (k + 1), k**2 + k)
    (True, False)
    """
    if a == b or a.atoms(AppliedUndef) or b.atoms(AppliedUndef):
        return False
    return any(apart(a.subs(at), b.subs(at)) for at in points(a, b))


def apart(left: Expr, right: Expr) -> bool:
    """Whether two numbers differ: first by 25 digits of each, which is fast, then surely."""
    if left == right:
        return False
    try:
        x, y = left.evalf(DIGITS), right.evalf(DIGITS)
        near = abs(x - y) <= Float(10) ** (8 - DIGITS) * (abs(x) + abs(y))
    except (ValueError, TypeError, OverflowError):
        return False
    if near in (True, False) and near:
        return False
    gap = gap_at(left, right, {})
    return gap is not None and gap != 0
