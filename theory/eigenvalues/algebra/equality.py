"""Two closed forms in k and d are equal for all k and d, or it is not known.

Even and odd levels are treated apart, k = 2m and k = 2m + 1. Γ's formulas of reflection
and duplication bring all arguments to one sign and scale; then quotients are rational.
"""

from sympy import (
    Expr,
    Integer,
    Piecewise,
    Symbol,
    cos,
    exp,
    expand,
    factorial,
    gamma,
    nan,
    pi,
    piecewise_fold,
    powsimp,
    simplify,
    sin,
    sqrt,
    sympify,
    zoo,
)

from theory.eigenvalues.algebra.gamma_quotients import as_gammas, normal_form

MAX_OPERATIONS = 400
SMALL = 6
m = Symbol("m", integer=True, nonnegative=True)
half_dimension = Symbol("D", positive=True)


class Zero(Exception):
    """A product contains 1/Γ at a whole number that falls with m, so it ends in 0."""


def _reflected(x: Expr) -> Expr:
    """Γ(x) with m growing in its argument."""
    x = expand(x)
    slope = x.coeff(m)
    if not slope.is_negative:
        return gamma(x)
    rest = x.subs(m, 0)
    if rest.is_Integer:
        raise Zero
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


def _brought(e: Expr, k: Symbol, d: Symbol | None, odd: int) -> Expr:
    e = as_gammas(piecewise_fold(e.subs(k, 2 * m + SMALL + odd)))
    if d is not None:
        e = e.subs(d, 2 * half_dimension)
    e = e.replace(cos, lambda x: cos(expand(x)).expand(trig=True))
    e = e.replace(gamma, _reflected)
    return powsimp(e.replace(gamma, _halved))


def _equal(a: Expr, b: Expr, k: Symbol, d: Symbol | None, odd: int) -> bool:
    sides = []
    for e in (a, b):
        try:
            sides.append(_brought(e, k, d, odd))
        except Zero:
            sides.append(Integer(0))
    left, right = sides
    if left == right:
        return True
    if left == 0 or right == 0:
        return normal_form(powsimp(left - right)) == 0
    quotient = normal_form(powsimp(expand(left / right, power_exp=True)))
    return quotient == 1 or normal_form(powsimp(left - right)) == 0


def identical(a: Expr, b: Expr, k: Symbol, d: Symbol | None) -> bool:
    """Whether two expressions in k and d are proved equal, for all k = 0, 1, 2, ….

    The first levels are compared one by one, as expressions in d.

    Examples
    --------
    >>> from sympy import factorial
    >>> from theory.notation import d, k
    >>> identical(factorial(k), 2**k * gamma((k + 1) / 2) * gamma(k / 2 + 1) / sqrt(pi),
    ...           k, d)
    True
    """
    if a == b:
        return True
    if max(a.count_ops(), b.count_ops()) > MAX_OPERATIONS:
        return False
    if _steps_equal(a, b, k, d):
        return True
    return all(_equal(a, b, k, d, odd) for odd in (0, 1)) and all(
        _same_number(a.subs(k, j), b.subs(k, j)) for j in range(SMALL)
    )


def _same_number(a: Expr, b: Expr) -> bool:
    if a.has(nan, zoo) or b.has(nan, zoo):
        return False
    return normal_form(a - b) == 0 or simplify(a - b) == 0


def _steps_equal(a: Expr, b: Expr, k: Symbol, d: Symbol | None) -> bool:
    """Induction on k and d, for products of powers: equal at the start and per step."""
    if a.has(gamma, factorial, Piecewise) or b.has(gamma, factorial, Piecewise):
        return False
    quotient = powsimp(a / b)
    start = quotient.subs(k, 0)
    steps = [quotient.subs(k, k + 1) / quotient]
    if d is not None:
        steps.append(start.subs(d, d + 1) / start)
        start = start.subs(d, 1)
    return all(simplify(simplify(e).rewrite(exp)) == 1 for e in (*steps, start))
