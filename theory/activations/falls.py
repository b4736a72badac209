"""How far a dual falls from c = 1, as a function of u = (1 − c)/2 in which nothing cancels.

D(1) − D(c) is O(u) or O(√u), and the difference of the two values would lose all digits
below that. Each function in D has its own difference, in which the difference of its
argument is a factor: e^a − e^b = 2 e^{(a+b)/2} sinh((a − b)/2), and so on down to 1 − c = 2u.
"""

from sympy import (
    Add,
    Dummy,
    Expr,
    Integer,
    Mul,
    Poly,
    PolynomialError,
    Pow,
    S,
    asin,
    atan,
    cos,
    cosh,
    exp,
    expand,
    factor,
    pi,
    sin,
    sinh,
    sqrt,
)

from theory.activations.angle import angle, sine_lag
from theory.activations.gaussian_pairs import c
from theory.notation import u


def in_half_angle(e: Expr) -> Expr:
    """An expression in c rewritten in u: arcsines, arccosines and √(1 − c²) by the angle.

    Examples
    --------
    >>> in_half_angle(asin(c)), in_half_angle(1 - c**2)
    (-angle(u) + pi/2, 4*u*(1 - u))
    """
    from sympy import acos

    circle = {1 - c**2: S.One, c**2 - 1: S.NegativeOne}
    e = e.replace(lambda x: x == acos(c), lambda _: angle(u))
    e = e.replace(lambda x: x == asin(c), lambda _: pi / 2 - angle(u))
    e = e.replace(
        lambda x: isinstance(x, Pow) and x.base == 1 - c**2,
        lambda x: (
            (4 * u * (1 - u)) ** x.exp
            if x.exp.is_Integer or x.exp.is_negative
            else sin(angle(u)) ** (2 * x.exp)
        ),
    )
    e = e.replace(lambda x: x in circle, lambda x: circle[x] * 4 * u * (1 - u))
    return e.subs(c, 1 - 2 * u)


def fall(e: Expr) -> Expr | None:
    """E at c = 1 minus e at c = 1 − 2u, or None where no form is known.

    Examples
    --------
    >>> fall(c**2), fall(exp(c))
    (-4*u**2 + 4*u, 2*exp(1 - u)*sinh(u))
    """
    arc, root = Dummy("arc"), Dummy("root")

    def mark(x: Expr) -> Expr:
        if x == asin(c):
            return arc
        whole = (x.exp - S.Half) if isinstance(x, Pow) else None
        if whole is None or not whole.is_Integer or whole < 0:
            return x
        return root * (1 - c**2) ** whole

    is_root = lambda x: isinstance(x, Pow) and x.base == 1 - c**2
    marked = e.replace(lambda x: x == asin(c) or is_root(x), mark)
    if not marked.has(arc, root):
        return _difference(e)
    try:
        parts = Poly(expand(marked), arc, root)
    except PolynomialError:
        return None
    if parts.total_degree() > 1:
        return None
    level, first, second = (expand(parts.coeff_monomial(x)) for x in (S.One, arc, root))
    falls = [_difference(x) for x in (level, first)]
    if any(x is None for x in falls):
        return None
    # arcsin c = π/2 − θ, and √(1 − c²) = θ c + (sin θ − θ cos θ)
    turned = _expanded((first - c * second).subs(c, 1 - 2 * u))
    return (
        falls[0]
        + pi / 2 * falls[1]
        + angle(u) * turned
        - second.subs(c, 1 - 2 * u) * sine_lag(u)
    )


def _expanded(e: Expr) -> Expr:
    return expand(e) if e.is_polynomial(u) else e


def _difference(e: Expr) -> Expr | None:
    if not e.has(c):
        return S.Zero
    if e.is_polynomial(c):
        return expand(e.subs(c, 1) - expand(e.subs(c, 1 - 2 * u)))
    if isinstance(e, Add):
        falls = [_difference(x) for x in e.args]
        return None if any(x is None for x in falls) else Add(*falls)
    if isinstance(e, Mul):
        return _of_product(e.args)
    if isinstance(e, Pow) and e.base.has(c) and not e.exp.has(c):
        return _of_power(e.base, e.exp)
    if len(e.args) != 1:
        return None
    (inner,) = e.args
    change = _difference(inner)
    if change is None:
        return None
    one, here = inner.subs(c, 1), in_half_angle(inner)
    middle, half = (one + here) / 2, change / 2
    if isinstance(e, asin):
        # tan((a − b)/2) = (sin a − sin b)/(cos a + cos b)
        below = factor(1 - one**2)
        square = _difference(inner**2)
        if square is None:
            return None
        return 2 * atan(change / (sqrt(below) + sqrt(below + square)))
    forms = {
        exp: lambda: 2 * exp(middle) * sinh(half),
        sinh: lambda: 2 * cosh(middle) * sinh(half),
        cosh: lambda: 2 * sinh(middle) * sinh(half),
        sin: lambda: 2 * cos(middle) * sin(half),
        cos: lambda: -2 * sin(middle) * sin(half),
    }
    return forms[e.func]() if e.func in forms else None


def _of_product(factors: tuple[Expr, ...]) -> Expr | None:
    """F g at 1 minus f g at c is (f(1) − f(c)) g(1) + f(c) (g(1) − g(c))."""
    first, rest = factors[0], factors[1:]
    change = _difference(first)
    if change is None or not rest:
        return change
    others = _of_product(rest)
    if others is None:
        return None
    return change * Mul(*rest).subs(c, 1) + in_half_angle(first) * others


def _of_power(base: Expr, power: Expr) -> Expr | None:
    one, here = base.subs(c, 1), in_half_angle(base)
    if power.is_negative:
        change = _of_power(base, -power)
        return None if change is None else -change * (one * here) ** power
    change = _difference(base)
    if change is None:
        return None
    if power.is_Integer:
        n = int(power)
        return change * Add(*(one ** (n - 1 - k) * here**k for k in range(n)))
    if (2 * power).is_Integer:
        n = Integer(2 * power)
        root = change / (sqrt(one) + sqrt(here))
        return root * Add(
            *(sqrt(one) ** (n - 1 - k) * sqrt(here) ** k for k in range(n))
        )
    return None
