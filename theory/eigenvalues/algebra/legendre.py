"""Legendre polynomials in any dimension, as polynomials with exact coefficients."""

from sympy import Expr, Integer, cancel, expand

from theory.notation import t


def legendre(n: int, size: Expr) -> Expr:
    """P_n in R^size as a polynomial in t, by its three-term recurrence.

    Examples
    --------
    >>> legendre(2, Integer(3))
    3*t**2/2 - 1/2
    """
    below, here = Integer(1), t
    if n == 0:
        return below
    for j in range(1, n):
        above = ((2 * j + size - 2) * t * here - j * below) / (j + size - 2)
        below, here = here, expand(cancel(above))
    return here
