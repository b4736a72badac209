"""Two closed forms in k and d are equal for all k and d, or it is not known.

Levels at which a Kronecker delta or a case of a Piecewise sits, and all below them, are
compared one by one. Above them even and odd levels are treated apart, k = 2m + … and
k = 2m + 1 + …, where deltas vanish, cases are settled and (−1)^k is a sign. Each side is
then a sum of products, and a product with 1/Γ at a whole number that falls with m is 0:
that product, not the side. Γ's formulas of reflection and duplication bring all
arguments to one sign and scale; then quotients are rational. What has no such form, such
as a pole above and below in one product, is not known.
"""

from typing import Any

from sympy import (
    Abs,
    Add,
    DiracDelta,
    Expr,
    Heaviside,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mod,
    Mul,
    Piecewise,
    Pow,
    Symbol,
    binomial,
    ceiling,
    cos,
    exp,
    expand,
    factorial,
    floor,
    gamma,
    nan,
    oo,
    pi,
    piecewise_fold,
    powsimp,
    sign,
    simplify,
    sin,
    sqrt,
    sympify,
    zoo,
)
from sympy.core.relational import Relational
from sympy.functions.combinatorial.factorials import ff, rf

from theory.eigenvalues.algebra.gamma_quotients import as_gammas, normal_form

MAX_OPERATIONS = 400
SMALL = 6
MOST_SINGLE = 80
"""Levels that are compared one by one, at most."""
STEPPED = (floor, ceiling, Mod, Abs, sign, Max, Min, Heaviside, DiracDelta)
CAREFUL = (gamma, factorial, binomial, KroneckerDelta, Piecewise)
"""Heads whose poles and single levels SymPy's simplification takes no care of."""
m = Symbol("m", integer=True, nonnegative=True)
half_dimension = Symbol("D", positive=True)


class NotDecided(Exception):
    """This algebra has no form for an expression."""


def _falls(x: Expr) -> bool:
    """Whether Γ(x) has a pole at every m, because x is whole and falls below 1."""
    x = expand(x)
    slope = x.coeff(m)
    rest = x.subs(m, 0)
    whole = slope.is_Integer and rest.is_Integer
    return bool(
        whole and slope.is_negative and rest <= 0 and not (x - slope * m).has(m)
    )


def _reflected(x: Expr) -> Expr:
    """Γ(x) with m growing in its argument."""
    x = expand(x)
    slope = x.coeff(m)
    if not slope.is_negative:
        return gamma(x)
    rest = x.subs(m, 0)
    if rest.is_integer:  # poles, from some m on
        raise NotDecided
    wave = sin(pi * rest) * (-1) ** (-slope * m)
    return pi / (wave * gamma(1 - x)) if slope.is_Integer else gamma(x)


def _halved(x: Expr) -> Expr:
    """Γ(2y) = 2^{2y−1} Γ(y) Γ(y + 1/2)/√π, while every symbol has an even factor."""
    x = expand(x)
    factors = [x.coeff(symbol) for symbol in x.free_symbols]
    if not factors or not all(f.is_Integer and f % 2 == 0 for f in factors):
        return gamma(x)
    y = x / 2
    return 2 ** (x - 1) * _halved(y) * _halved(y + sympify("1/2")) / sqrt(pi)


def _without_zeros(e: Expr) -> Expr:
    """A sum of products without those that are 0 by a pole of Γ below the line."""
    return Add(*(x for x in Add.make_args(e) if not _vanishes(x)))


def _vanishes(term: Expr) -> bool:
    """Whether a product is 0 by 1/Γ(0, −1, −2, …).

    Raises
    ------
    NotDecided
        When poles stand above the line, or anywhere but in a power.
    """
    below = above = 0
    rest = []
    for factor in Mul.make_args(term):
        base, power = factor.as_base_exp()
        if isinstance(base, gamma) and _falls(base.args[0]):
            if not power.is_Integer:
                raise NotDecided
            below, above = below - min(power, 0), above + max(power, 0)
        else:
            rest.append(factor)
    if above or any(_falls(x.args[0]) for f in rest for x in f.atoms(gamma)):
        raise NotDecided
    return bool(below)


def _settled(e: Expr) -> Expr:
    """The expression for all m: no delta is met, and one case of a Piecewise holds."""
    e = e.replace(KroneckerDelta, _far_delta)
    e = piecewise_fold(e).replace(Piecewise, _case)
    if e.has(KroneckerDelta, Piecewise, *STEPPED) or e.atoms(Relational):
        raise NotDecided
    return e


def _case(*pairs: Any) -> Expr:
    for value, condition in pairs:
        holds = condition.simplify() if condition not in (True, False) else condition
        if holds not in (True, False):
            break
        if holds:
            return value
    raise NotDecided


def _far_delta(*places: Expr) -> Expr:
    met = _crossing(places[0] - places[1], m)
    if met is None or (met.is_Integer and met >= 0):
        raise NotDecided
    return Integer(0)


def _crossing(e: Expr, k: Symbol) -> Expr | None:
    """The k at which an expression α k + β without other symbols is 0, or None."""
    e = expand(e)
    slope = e.coeff(k)
    if e.free_symbols != {k} or not slope.is_Rational or (e - slope * k).has(k):
        return None
    return -e.subs(k, 0) / slope if slope != 0 else None


def singular_levels(e: Expr, k: Symbol) -> list[int]:
    """The levels at which a delta sits, a condition on k changes, or poles of Γ begin.

    Examples
    --------
    >>> from theory.notation import k
    >>> singular_levels(KroneckerDelta(k, 7) + Piecewise((1, k < 3), (0, True)), k)
    [3, 7]
    """
    gaps = [x.args[0] - x.args[1] for x in e.atoms(KroneckerDelta)]
    gaps += [x.lhs - x.rhs for x in e.atoms(Relational)]
    gaps += [x.exp for x in e.atoms(Pow) if x.base == 0]
    gaps += [x.args[0] for x in as_gammas(e).atoms(gamma)]
    places = [_crossing(gap, k) for gap in gaps if gap.has(k)]
    found = {int(floor(x)) for x in places if x is not None and x.is_Rational}
    return sorted(x for x in found if x >= 0)


def _brought(e: Expr, k: Symbol, d: Symbol | None, start: int) -> Expr:
    e = as_gammas(_settled(e.subs(k, 2 * m + start)))
    if d is not None:
        e = e.subs(d, 2 * half_dimension)
    if any(_falls(x.args[0]) for x in e.atoms(gamma)):
        e = _without_zeros(expand(e, func=False))
    e = e.replace(cos, lambda x: cos(expand(x)).expand(trig=True))
    e = e.replace(gamma, _reflected)
    e = powsimp(e.replace(gamma, _halved))
    if e.has(nan, zoo, oo):
        raise NotDecided
    return e


def _equal(a: Expr, b: Expr, k: Symbol, d: Symbol | None, start: int) -> bool:
    left, right = (_brought(e, k, d, start) for e in (a, b))
    if left == right:
        return True
    if left == 0 or right == 0:
        return normal_form(powsimp(left - right)) == 0
    quotient = normal_form(powsimp(expand(left / right, power_exp=True)))
    return quotient == 1 or normal_form(powsimp(left - right)) == 0


def identical(a: Expr, b: Expr, k: Symbol, d: Symbol | None) -> bool:
    """Whether two expressions in k and d are proved equal, for all k = 0, 1, 2, ….

    The first levels, and those at which deltas and cases sit, are compared one by one,
    as expressions in d.

    Examples
    --------
    >>> from sympy import factorial
    >>> from theory.notation import d, k
    >>> identical(factorial(k), 2**k * gamma((k + 1) / 2) * gamma(k / 2 + 1) / sqrt(pi),
    ...           k, d)
    True
    >>> identical(1 / gamma(3 - k), 1 / gamma(3 - k) + KroneckerDelta(k, 7), k, d)
    False
    """
    if a == b:
        return True
    if max(a.count_ops(), b.count_ops()) > MAX_OPERATIONS:
        return False
    try:
        places = [*singular_levels(a, k), *singular_levels(b, k)]
        start = max([SMALL - 1, *places]) + 1
        if start > MOST_SINGLE:
            return False
        if not places and _steps_equal(a, b, k, d):
            return True
        above = all(_equal(a, b, k, d, start + odd) for odd in (0, 1))
    except NotDecided:
        return False
    return above and all(_same_at(a, b, k, j) for j in range(start))


def _same_at(a: Expr, b: Expr, k: Symbol, j: int) -> bool:
    return _same_number(a.subs(k, j), b.subs(k, j))


def _same_number(a: Expr, b: Expr) -> bool:
    if a.has(nan, zoo) or b.has(nan, zoo):
        return False
    return normal_form(a - b) == 0 or simplify(a - b) == 0


def _steps_equal(a: Expr, b: Expr, k: Symbol, d: Symbol | None) -> bool:
    """Induction on k and d, for products of powers: equal at the start and per step."""
    heads = (gamma, factorial, binomial, rf, ff, Piecewise, KroneckerDelta, *STEPPED)
    if a.has(*heads) or b.has(*heads) or 0 in (a, b):
        return False
    quotient = powsimp(a / b)
    start = quotient.subs(k, 0)
    steps = [quotient.subs(k, k + 1) / quotient]
    if d is not None:
        steps.append(start.subs(d, d + 1) / start)
        start = start.subs(d, 1)
    return all(simplify(simplify(e).rewrite(exp)) == 1 for e in (*steps, start))
