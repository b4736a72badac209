"""Inequalities between level sums, proved by a sum of squares over pairs of levels.

Lagrange's identity Σ a Σ b − (Σ c)² = ½ ΣΣ (aᵢbⱼ + aⱼbᵢ − 2 cᵢcⱼ): where the summand of
each pair is a square times what is positive, the difference is not negative.
"""

from typing import Any

from sympy import (
    Dummy,
    Idx,
    Indexed,
    Integer,
    Matrix,
    Poly,
    Symbol,
    cancel,
    factor_list,
    fraction,
    together,
)
from sympy.polys.polyerrors import PolynomialError

from theory.constant.level_sums import written
from theory.derivations.workbench.signs import coefficient_signs, sums_as_letters

QUADRATIC = 2


def sum_of_squares(e: Any) -> str:
    """How e is seen to be non-negative, or nothing.

    Examples
    --------
    >>> from theory.constant import L, total
    >>> from theory.notation import g, i
    >>> sum_of_squares(total(g[i]) * total(g[i] * L**2) - total(g[i] * L) ** 2)
    'as a sum of squares over pairs of levels'
    >>> a, b = Symbol("a", real=True), Symbol("b", real=True)
    >>> sum_of_squares(a**2 + b**2 - a * b), sum_of_squares(a**2 - a * b)
    ('as a sum of squares', '')
    """
    named, back = sums_as_letters(written(e))
    above, below = fraction(cancel(together(named)))
    if not _positive(below, back):
        return ""
    if any(above.has(x) for x in back):
        return "as a sum of squares over pairs of levels" if _pairs(above, back) else ""
    return "as a sum of squares" if _nonnegative(above) else ""


def _positive(e: Any, back: dict[Any, Any]) -> bool:
    """Whether a denominator is positive: as it stands, with every letter positive."""
    if any(x.is_positive is not True for x in _letters(e) - set(back)):
        return False
    return coefficient_signs(e) == {1}


def _pairs(e: Any, back: dict[Any, Any]) -> bool:
    """Whether a polynomial in sums is one of squares, pair by pair."""
    own = [x for x in back if e.has(x)]
    constant, pairs = Integer(0), Integer(0)
    first, second = (Idx(Dummy(name, integer=True)) for name in "ij")
    for powers, coefficient in Poly(e, *own).terms():
        sums = [back[x] for x, p in zip(own, powers, strict=True) for _ in range(p)]
        if not sums:
            constant += coefficient
            continue
        spans = {tuple(x[1:] for x in s.limits) for s in sums}
        if len(sums) != QUADRATIC or len(spans) != 1 or len(spans.pop()) > 1:
            return False
        a, b = (
            [s.function.subs(s.limits[0][0], place) for place in (first, second)]
            for s in sums
        )
        pairs += coefficient * (a[0] * b[1] + a[1] * b[0])
    return _nonnegative(pairs) and _nonnegative(constant)


def _nonnegative(e: Any) -> bool:
    """Whether a rational function is squares times what is positive."""
    return all(_never_negative(part) for part in fraction(cancel(together(e))))


def _never_negative(e: Any) -> bool:
    if e.is_number:
        return bool(e.is_nonnegative)
    named = {x: Dummy(str(k), **x.assumptions0) for k, x in enumerate(_letters(e))}
    number, factors = factor_list(e.xreplace(named))
    if not number.is_positive:
        return False
    return all(p % 2 == 0 or _factor_positive(f) for f, p in factors)


def _factor_positive(e: Any) -> bool:
    letters = sorted(e.free_symbols, key=str)
    if all(x.is_nonnegative for x in letters) and coefficient_signs(e) == {1}:
        return True
    return _quadratic_form(e, letters)


def _quadratic_form(e: Any, letters: list[Any]) -> bool:
    """Whether a quadratic polynomial is a sum of squares, by its matrix."""
    try:
        polynomial = Poly(e, *letters)
    except PolynomialError:
        return False
    if polynomial.total_degree() != QUADRATIC or not polynomial.domain.is_ZZ:
        return False
    size = len(letters) + 1
    form = Matrix.zeros(size, size)
    for powers, c in polynomial.terms():
        places = [k + 1 for k, p in enumerate(powers) for _ in range(p)]
        a, b = [*places, 0, 0][:2]
        form[a, b] += c / 2
        form[b, a] += c / 2
    return bool(form.is_positive_semidefinite)


def _letters(e: Any) -> set[Any]:
    found = {x for x in e.atoms(Symbol, Indexed) if not isinstance(x, Idx)}
    labels = {x.base.label for x in found if isinstance(x, Indexed)}
    labels |= {x.label for x in e.atoms(Idx)}
    return found - labels
