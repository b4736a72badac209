"""C in closed form: the one positive root of a polynomial whose roots are all real.

Multiplied by C Π(λ_k + C), the implicit equation is a polynomial of degree
ℓ + [δ > 0]. Between two poles −λ_k the left side runs from ∞ to −∞, so all roots are
real, and C is the largest. Real roots make the cubic and the quartic trigonometric.
"""

from collections.abc import Sequence
from typing import Any

from sympy import (
    Expr,
    Mul,
    Poly,
    Rational,
    acos,
    cos,
    fraction,
    pi,
    sign,
    sqrt,
    together,
)

from theory.errors import OutOfDomain, Unsupported
from theory.notation import C

Levels = Sequence[tuple[Expr, Expr]]


def polynomial(levels: Levels, n: Any, ridge: Any) -> Poly:
    """The implicit equation as a polynomial in C, after clearing denominators.

    Examples
    --------
    >>> from sympy import Integer
    >>> polynomial([(Integer(1), Integer(3))], Integer(2), Integer(0)).as_expr()
    2*C - 1
    """
    products = [m * lam * Mul(*_others(levels, k)) for k, (lam, m) in enumerate(levels)]
    everything = Mul(*(lam + C for lam, _ in levels))
    if ridge == 0:
        e = n * everything - sum(products)
    else:
        e = n * C * everything - C * sum(products) - ridge * everything
    numerator, _ = fraction(together(e))
    return Poly(numerator, C)


def _others(levels: Levels, k: int) -> list[Expr]:
    return [lam + C for j, (lam, _) in enumerate(levels) if j != k]


def largest_root(p: Poly) -> Any:
    """The largest root of a polynomial of degree at most 4 whose roots are all real.

    Degrees 1 and 2 are radicals; 3 and 4 use the cosine of a third of an angle, which
    stays real where Cardano's radicals would not (Viète; Euler for the quartic).

    Raises
    ------
    Unsupported
        Above degree 4.

    Examples
    --------
    >>> from sympy import Symbol
    >>> x = Symbol("x")
    >>> largest_root(Poly((x - 1) * (x + 2), x))
    1
    """
    a, *rest = p.all_coeffs()
    monic = [c / a for c in rest]
    match len(monic):
        case 1:
            return -monic[0]
        case 2:
            return (-monic[0] + sqrt(monic[0] ** 2 - 4 * monic[1])) / 2
        case 3:
            return _cubic(*monic)[0]
        case 4:
            return _quartic(*monic)
    raise Unsupported(
        f"no radicals for degree {p.degree()}: use the minimal polynomial"
    )


def _cubic(b: Any, c: Any, d: Any) -> list[Any]:
    """All three real roots of x³ + b x² + c x + d, largest first (Viète)."""
    p = c - b**2 / 3
    q = 2 * b**3 / 27 - b * c / 3 + d
    if p.is_zero:
        return [-b / 3] * 3
    radius = 2 * sqrt(-p / 3)
    third = acos(3 * q / (p * radius)) / 3
    return [-b / 3 + radius * cos(third - 2 * pi * k / 3) for k in (0, 1, 2)]


def _quartic(b: Any, c: Any, d: Any, e: Any) -> Any:
    """The largest root of x⁴ + b x³ + c x² + d x + e, all roots real (Euler)."""
    p = c - Rational(3, 8) * b**2
    q = d - b * c / 2 + b**3 / 8
    r = e - b * d / 4 + b**2 * c / 16 - Rational(3, 256) * b**4
    one, two, three = _cubic(2 * p, p**2 - 4 * r, -(q**2))
    largest, middle, least = one, two, three
    if middle != least:
        middle, least = two, three
    last = sign(q) * sqrt(least) if q != 0 else 0
    return -b / 4 + (sqrt(largest) + sqrt(middle) - last) / 2


def isolated_root(p: Poly) -> Any:
    """The positive root as an algebraic number with an isolating interval.

    Raises
    ------
    OutOfDomain
        When a coefficient is a symbol.

    Examples
    --------
    >>> from sympy.abc import x
    >>> isolated_root(Poly(x**2 - 2, x)).n(5)
    1.4142
    """
    if p.free_symbols_in_domain:
        raise OutOfDomain(
            f"an isolated root needs numbers; {p.free_symbols_in_domain} are symbols"
        )
    return p.real_roots()[-1]
