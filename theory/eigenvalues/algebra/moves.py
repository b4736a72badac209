"""Moves: what λ_k does when the kernel is multiplied, differentiated or summed.

Each takes eigenvalues as a function of the level and returns another, and each is an
identity of the domain, not of a kernel. They combine: ``laplacian_sphere`` of a power's
eigenvalues, shifted, scaled and added to others, is the way most rules were found.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

from sympy import (
    Add,
    Eq,
    Expr,
    Integer,
    Piecewise,
    Sum,
    Symbol,
    oo,
    sympify,
    true,
)

from theory.domains import Domain
from theory.eigenvalues.rule import Levels
from theory.errors import OutOfDomain, Unsupported
from theory.notation import t


def shift_sphere(levels: Levels, d: Expr) -> Levels:
    """λ_k[t K] = ((k + d − 2) λ_{k+1} + k λ_{k−1}) / (2k + d − 2).

    The recurrence of Gegenbauer polynomials (DLMF, chapter 18.9).

    Examples
    --------
    >>> constant = lambda k: Integer(1 if k == 0 else 0)
    >>> [shift_sphere(constant, Integer(5))(Integer(k)) for k in range(3)]
    [0, 1/5, 0]
    """
    levels = lru_cache(maxsize=None)(levels)

    def shifted(k: Expr) -> Expr:
        k = sympify(k)
        if k.is_zero:
            return levels(Integer(1))
        if d == 2:
            value = (levels(k + 1) + levels(k - 1)) / 2
        else:
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
    levels = lru_cache(maxsize=None)(levels)

    def shifted(k: Expr) -> Expr:
        k = sympify(k)
        below = Integer(0) if k.is_zero else k * levels(k - 1)
        above = Integer(0) if (d - k).is_zero else (d - k) * levels(k + 1)
        return (below + above) / d

    return shifted


def shift(domain: Domain, levels: Levels) -> Levels:
    """The eigenvalues of t K from those of K, on the hypercube, the sphere and the circle.

    Examples
    --------
    >>> from theory.domains import Hypersphere
    >>> from theory.eigenvalues.sphere.monomial import levels_of
    >>> square = shift(Hypersphere(5), levels_of(1, Integer(5)))
    >>> [square(Integer(k)) for k in range(3)]
    [1/5, 0, 2/35]
    """
    if domain.is_cube:
        return shift_hypercube(levels, domain.ambient)
    if domain.is_sphere:
        return shift_sphere(levels, domain.ambient)
    if domain.by_angle:
        raise Unsupported(
            f"{domain}: no t-shift is known, as it joins levels k and M − k; use ``alias`` "
            "afterwards"
        )
    raise Unsupported(f"{domain}: no t-shift is known")


def raise_dimension(levels: Callable[[Expr, Expr], Expr], d: Expr) -> Levels:
    """λ_k of K in R^d from λ_{k−1} of K′ in R^{d+2}, for k ≥ 1: divided by d.

    ``levels(k, d)`` are the eigenvalues of the derivative K′, for any dimension.

    Examples
    --------
    >>> from theory.eigenvalues.sphere.exponential import levels_of
    >>> beta = Integer(2)
    >>> slope = lambda k, d: beta * levels_of(beta, d)(k)
    >>> raised = raise_dimension(slope, Integer(3))(Integer(2))
    >>> raised - levels_of(beta, Integer(3))(Integer(2))
    0
    """

    def raised(k: Expr) -> Expr:
        k = sympify(k)
        if k.is_zero:
            raise OutOfDomain(
                "dimension raising gives levels k ≥ 1; k = 0 is the mean of K"
            )
        return levels(k - 1, d + 2) / d

    return raised


def laplacian_sphere(levels: Levels, d: Expr) -> Levels:
    """λ_k[ΔK] = −k (k + d − 2) λ_k, where ΔK = (1 − t²) K″ − (d − 1) t K′.

    Examples
    --------
    >>> from theory.eigenvalues.sphere.monomial import levels_of
    >>> laplacian_sphere(levels_of(2, Integer(3)), Integer(3))(Integer(2))
    -4/5
    """
    return lambda k: -sympify(k) * (sympify(k) + d - 2) * levels(k)


def laplacian(e: Expr, d: Expr) -> Expr:
    """ΔK on the sphere in R^d, as a function of t.

    Examples
    --------
    >>> laplacian(t**2, Integer(3))
    2 - 6*t**2
    """
    return ((1 - t**2) * e.diff(t, 2) - (d - 1) * t * e.diff(t)).expand()


def combination(terms: Iterable[tuple[Expr, Levels]]) -> Levels:
    """Σ c λ_k of kernels with factors: linearity, and scaling with a single term.

    Examples
    --------
    >>> combination([(Integer(3), lambda k: 1 / (k + 1))])(Integer(2))
    1
    """
    terms = tuple(terms)
    return lambda k: Add(*(c * levels(k) for c, levels in terms))


def alias(levels: Levels, points: Expr) -> Levels:
    """λ_k on M points of the circle, the infinite sum Σ_j λ_{|k+jM|} of the circle's.

    Examples
    --------
    >>> rho = sympify("1/2")
    >>> on_points = alias(lambda k: rho**k, Integer(4))
    >>> on_points(Integer(1)).doit()
    2/3
    """
    j = Symbol("j", integer=True, nonnegative=True)

    def on_points(k: Expr) -> Expr:
        k = sympify(k)
        upward = Sum(levels(k + j * points), (j, 0, oo))
        downward = Sum(levels((j + 1) * points - k), (j, 0, oo))
        return upward + downward

    return on_points
