"""Moves: what λ_k does when the kernel is multiplied, differentiated or summed.

Each takes eigenvalues as a function of the level and returns another, and each is an
identity of the domain, not of a kernel.
"""

from sympy import Eq, Expr, Integer, Piecewise, sympify, true

from theory.eigenvalues.rule import Levels


def shift_sphere(levels: Levels, d: Expr) -> Levels:
    """λ_k[t K] = ((k + d − 2) λ_{k+1} + k λ_{k−1}) / (2k + d − 2).

    The recurrence of Gegenbauer polynomials (DLMF, chapter 18.9).

    Examples
    --------
    >>> constant = lambda k: Integer(1 if k == 0 else 0)
    >>> [shift_sphere(constant, Integer(5))(Integer(k)) for k in range(3)]
    [0, 1/5, 0]
    """

    def shifted(k: Expr) -> Expr:
        k = sympify(k)
        if k.is_zero:
            return levels(k + 1)
        if d == 2:
            return (levels(k + 1) + levels(k - 1)) / 2
        rise, fall = (k + d - 2) * levels(k + 1), k * levels(k - 1)
        value = (rise + fall) / (2 * k + d - 2)
        if k.is_positive:
            return value
        return Piecewise((levels(Integer(1)), Eq(k, 0)), (value, true))

    return shifted


def shift_hypercube(levels: Levels, d: Expr) -> Levels:
    """λ_k[t K] = (k λ_{k−1} + (d − k) λ_{k+1}) / d.

    Multiplying by t = Σ x_i x′_i / d flips one bit of the parity.

    Examples
    --------
    >>> constant = lambda k: Integer(1 if k == 0 else 0)
    >>> [shift_hypercube(constant, Integer(5))(Integer(k)) for k in range(3)]
    [0, 1/5, 0]
    """

    def shifted(k: Expr) -> Expr:
        k = sympify(k)
        below = Integer(0) if k.is_zero else k * levels(k - 1)
        above = Integer(0) if (d - k).is_zero else (d - k) * levels(k + 1)
        return (below + above) / d

    return shifted
