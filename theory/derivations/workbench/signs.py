"""The sign of an expression in level sums, decided by the signs of all coefficients.

Over one denominator the numerator is a polynomial in sums over levels. Sums with the same
cofactor become one sum, whose sign is that of its summand: Σ gL − Σ gLU = Σ gL².
"""

from typing import Any

from sympy import (
    Dummy,
    Idx,
    Indexed,
    Integer,
    Poly,
    Sum,
    Symbol,
    cancel,
    fraction,
    together,
)

from theory.constant.level_sums import written


def signs(e: Any) -> set[int]:
    """Signs of the terms of e where every letter is positive; {1} proves it positive.

    Examples
    --------
    >>> from theory.constant import L, U, total
    >>> from theory.notation import g, i
    >>> signs(total(g[i] * L) - total(g[i] * L * U))
    {1}
    """
    named, back = sums_as_letters(written(e))
    numerator, denominator = fraction(cancel(together(named)))
    above, below = _of_polynomial(numerator, back), _of_polynomial(denominator, back)
    return {a * b for a in above for b in below}


def sums_as_letters(e: Any) -> tuple[Any, dict[Any, Any]]:
    """The expression with a positive letter for every sum, and what they stand for."""
    sums = sorted(e.atoms(Sum), key=str)
    sums = [s for s in sums if not any(s in t.function.atoms(Sum) for t in sums)]
    letters = {s: Dummy(f"s{k}", positive=True) for k, s in enumerate(sums)}
    return e.xreplace(letters), {x: s for s, x in letters.items()}


def _of_polynomial(e: Any, back: dict[Any, Any]) -> set[int]:
    own = [x for x in back if e.has(x)]
    if e == 0:
        return {0}
    if not own:
        return coefficient_signs(e)
    found: set[int] = set()
    groups: dict[Any, Any] = {}
    for powers, coefficient in Poly(e, *own).terms():
        places = [k for k, p in enumerate(powers) if p]
        if not places:
            found |= coefficient_signs(coefficient)
            continue
        last = places[-1]
        rest = tuple(p - (k == last) for k, p in enumerate(powers))
        s = back[own[last]]
        key = (rest, s.limits)
        groups[key] = groups.get(key, Integer(0)) + coefficient * s.function
    for (rest, _), summand in groups.items():
        inner = signs(summand)
        for k, p in enumerate(rest):
            if p % 2:
                inner = {a * b for a in inner for b in signs(back[own[k]].function)}
        found |= inner
    return found - {0} or {0}


def coefficient_signs(e: Any) -> set[int]:
    """Signs of the coefficients of a rational function of letters."""
    numerator, denominator = fraction(cancel(together(e)))
    found = {1}
    for part in (numerator, denominator):
        letters = sorted(
            (x for x in part.atoms(Symbol, Indexed) if not isinstance(x, Idx)), key=str
        )
        labels = {x.base.label for x in letters if isinstance(x, Indexed)}
        letters = [x for x in letters if x not in labels]
        if part == 0:
            return {0}
        if letters:
            coefficients = Poly(part, *letters).coeffs()
        else:
            coefficients = [part]
        found = {a * _sign(c) for a in found for c in coefficients}
    return found


def _sign(c: Any) -> int:
    if c.is_positive:
        return 1
    if c.is_negative:
        return -1
    raise ArithmeticError(f"the sign of {c} is not known")
