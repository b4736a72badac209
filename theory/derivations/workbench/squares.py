"""Inequalities between level sums, proved by a sum of squares over pairs of levels.

Lagrange's identity Σ a Σ b − (Σ c)² = ½ ΣΣ (aᵢbⱼ + aⱼbᵢ − 2 cᵢcⱼ): where the summand of
each pair is a square times what is positive, the difference is not negative.
"""

from collections.abc import Callable
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

from theory.constant.level_sums import independent_sums
from theory.derivations.workbench.signs import coefficient_signs, signs

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
    above, below, back = independent_sums(e)
    pairs = []

    def positive(factor: Any) -> bool:
        own = {x: s for x, s in back.items() if factor.has(x)}
        if not own:
            return _factor_positive(factor)
        if signs(factor.xreplace(own)) <= {0, 1}:
            return True
        if _pairs(factor, own):
            pairs.append(factor)
            return True
        return False

    if not _product_positive(above / below, positive):
        return ""
    return "as a sum of squares" + (" over pairs of levels" if pairs else "")


def _product_positive(e: Any, positive: Callable[[Any], bool]) -> bool:
    """Whether all factors that occur to an odd power have a sign, and together +."""
    number, factors = _factored(e)
    sign = bool(number.is_positive)
    for factor, power in factors:
        if power % 2 == 0 or positive(factor):
            continue
        if not positive(-factor):
            return False
        sign = not sign
    return sign


def _factored(e: Any) -> tuple[Any, list[Any]]:
    """Number, and factors with their powers; indexed letters are symbols meanwhile."""
    named = {x: Dummy(str(x), **x.assumptions0) for x in _letters(e)}
    back = {letter: x for x, letter in named.items()}
    number, found = Integer(1), []
    for part in fraction(e.xreplace(named)):
        own, factors = factor_list(part)
        number *= own
        found += [(f.xreplace(back), p) for f, p in factors]
    return number, found


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
    e = cancel(together(e))
    return (
        bool(e.is_nonnegative)
        if e.is_number
        else _product_positive(e, _factor_positive)
    )


def _factor_positive(e: Any) -> bool:
    letters = sorted(_letters(e), key=str)
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
