"""λ_k is linear in K: a kernel is split into terms c · t^a · f(t)."""

from collections.abc import Iterator
from math import comb, prod

from sympy import (
    Abs,
    Add,
    Expr,
    Function,
    Integer,
    Max,
    Mul,
    Pow,
    acos,
    apart,
    asin,
    binomial,
    cosh,
    exp,
    expand,
    factor,
    log,
    pi,
    powsimp,
    sinh,
)
from sympy.polys.polyerrors import PolynomialError

from theory.notation import t

MAX_OPERATIONS = 400


MAX_TERMS = 3000
MAX_INSIDE = 24


def expanded_terms(e: Expr) -> int:
    """How many terms ``expand`` would write, at most, without writing them.

    Examples
    --------
    >>> expanded_terms((1 + t) ** 10 * (t + exp(t)))
    22
    """
    if e.is_Add:
        return sum(map(expanded_terms, e.args))
    if e.is_Mul:
        return prod(map(expanded_terms, e.args))
    if isinstance(e, Pow) and e.exp.is_Integer and e.exp > 0:
        inner, n = expanded_terms(e.base), int(e.exp)
        return comb(n + inner - 1, n) if inner > 1 else 1
    inside = (expanded_terms(x) for x in e.args)
    return 1 if max(inside, default=1) <= MAX_INSIDE else MAX_TERMS + 1


def nested(e: Expr) -> Expr | None:
    """A function of t that holds another function of t, which no rule knows; or None.

    Examples
    --------
    >>> nested(asin(t) + acos(asin(t))), nested(exp(t))
    (acos(asin(t)), None)
    """
    for x in sorted(e.atoms(Function, Pow), key=lambda x: x.count_ops()):
        if isinstance(x, Pow) and x.exp.is_Integer:
            continue
        if isinstance(x, Pow) and isinstance(x.base, (Max, Abs)):
            continue
        if any(f.has(t) for part in x.args for f in part.atoms(Function)):
            return x
    return None


def affine(e: Expr) -> tuple[Expr, Expr] | None:
    """(a, b) where e = a + b t, or None.

    Examples
    --------
    >>> affine(3 - 2 * t), affine(t**2)
    ((3, -2), None)
    """
    slope = e.diff(t)
    if slope.has(t):
        slope = expand(slope)
    if slope.has(t) or not e.is_polynomial(t):
        return None
    return e.subs(t, 0), slope


def power_of_affine(e: Expr) -> tuple[Expr, Expr, Expr] | None:
    """(c, r, ν) where e = c (1 − r t)^ν, with c > 0 or ν whole; or None.

    Examples
    --------
    >>> from sympy import sqrt
    >>> power_of_affine(1 / (4 - 2 * t)), power_of_affine(sqrt(2 + 2 * t))
    ((1/4, 1/2, -1), (sqrt(2), -1, 1/2))
    """
    if not isinstance(e, Pow) or e.exp.has(t):
        return None
    line = affine(e.base)
    if line is None or line[1] == 0 or line[0].is_zero:
        return None
    start, slope = line
    if not (e.exp.is_integer or start.is_positive):
        return None
    return start**e.exp, -slope / start, e.exp


def prepared(e: Expr) -> Expr:
    """The same function in exponentials instead of hyperbolics, arcsin not arccos.

    Examples
    --------
    >>> prepared(acos(t)), prepared(2**t)
    (-asin(t) + pi/2, exp(t*log(2)))
    """
    e = e.replace(
        lambda x: isinstance(x, (cosh, sinh)) and x.has(t), lambda x: x.rewrite(exp)
    )
    e = e.replace(
        lambda x: isinstance(x, acos) and x.has(t), lambda x: pi / 2 - asin(x.args[0])
    )
    e = e.replace(
        lambda x: isinstance(x, Pow) and x.exp.has(t) and not x.base.has(t),
        lambda x: exp(x.exp * log(x.base)),
    )
    if e.is_rational_function(t) and not e.is_polynomial(t):
        try:
            e = apart(e, t)
        except (PolynomialError, NotImplementedError):
            return e
        return e
    return expand(e, log=False)


def terms(e: Expr) -> Iterator[tuple[Expr, int, Expr]]:
    """The triples (c, a, f) of which the expression is the sum of c · t^a · f(t).

    Examples
    --------
    >>> list(terms(3 * t**2 + 2 * t * exp(t)))
    [(3, 2, 1), (2, 1, exp(t))]
    """
    for term in Add.make_args(prepared(e)):
        coefficient, rest = term.as_independent(t, as_Add=False)
        power, factors = 0, []
        for part in Mul.make_args(rest):
            base, exponent = part.as_base_exp()
            if base == t and exponent.is_Integer and exponent > 0:
                power += int(exponent)
            else:
                factors.append(part)
        f = _gathered(Mul(*factors))
        scale, f = f.as_independent(t, as_Add=False)
        yield coefficient * scale, power, f


def without_power(e: Expr) -> tuple[int, Expr]:
    """(a, f) where e = t^a f and a is whole and at least 0.

    Examples
    --------
    >>> without_power(t**2 * asin(t)), without_power(asin(t))
    ((2, asin(t)), (0, asin(t)))
    """
    power, rest = 0, []
    for part in Mul.make_args(e):
        base, exponent = part.as_base_exp()
        if base == t and exponent.is_Integer and exponent > 0:
            power += int(exponent)
        else:
            rest.append(part)
    return power, Mul(*rest)


MAX_ABSORBED = 24


def absorbed(power: int, f: Expr) -> Iterator[tuple[Expr, int, Expr]]:
    """t^power f as a sum of c · t^a · g with small a, where f is a power itself.

    A power of a + b t, or of a multiple of 1 − t², takes the factor up term by term: t
    in powers of that base, by the binomial theorem.

    Examples
    --------
    >>> from sympy import sqrt
    >>> list(absorbed(1, sqrt(1 - t)))
    [(1, 0, sqrt(1 - t)), (-1, 0, (1 - t)**(3/2))]
    >>> list(absorbed(3, sqrt(1 - t**2)))
    [(1, 1, sqrt(1 - t**2)), (-1, 1, (1 - t**2)**(3/2))]
    """
    base, s = f.as_base_exp()
    if not power or power > MAX_ABSORBED or s.has(t):
        yield Integer(1), power, f
        return
    line = affine(base)
    if line is not None and line[1] != 0:
        start, slope = line
        for i in range(power + 1):
            factor_ = binomial(power, i) * (-start) ** (power - i) / slope**power
            yield factor_, 0, base ** (s + i)
        return
    if power >= 2 and not s.is_Integer and (base / (1 - t**2)).cancel().is_number:
        size, half = base.subs(t, 0), power // 2
        for i in range(half + 1):
            yield binomial(half, i) * (-1 / size) ** i, power % 2, base ** (s + i)
        return
    yield Integer(1), power, f


def _gathered(f: Expr) -> Expr:
    """A product whose denominator was multiplied out, as powers again."""
    split = any(
        isinstance(x, Pow) and x.exp == -1 and x.atoms(Pow) != {x}
        for x in Mul.make_args(f)
    )
    if not split:
        return f
    return powsimp(factor(f)).replace(
        lambda x: isinstance(x, Pow) and x.base.is_Mul and x.base.is_polynomial(t),
        lambda x: Pow(expand(x.base), x.exp),
    )
