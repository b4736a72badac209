"""The sphere S^{d−1}: its levels are the harmonics of degree k."""

from dataclasses import dataclass
from typing import Any

from sympy import (
    Expr,
    Integral,
    Rational,
    acos,
    binomial,
    combsimp,
    cos,
    factor,
    gamma,
    gegenbauer,
    oo,
    pi,
    sqrt,
    sympify,
)

from theory.domains.domain import Domain, dimension, level_of, written
from theory.notation import t


@dataclass(frozen=True, repr=False)
class Hypersphere(Domain):
    """The sphere S^{d−1} in R^d: level k holds the harmonics of degree k.

    Raises
    ------
    OutOfDomain
        When d is neither a whole number of at least 2 nor a symbol.

    Examples
    --------
    >>> Hypersphere(3).multiplicity(4), Hypersphere(2).multiplicity(4)
    (9, 2)
    """

    d: Any
    kind = "sphere"
    spellings = ("sphere:D",)
    group = "the orthogonal group O(d)"
    antipode = True
    graded = True
    is_sphere = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "d", dimension(self.d, 2))

    @property
    def ambient(self) -> Expr:
        """R^d around it."""
        return self.d

    @property
    def last_level(self) -> Expr:
        """There is none."""
        return oo

    @property
    def size(self) -> Expr:
        """Infinitely many points."""
        return oo

    def multiplicity(self, k: Any) -> Expr:
        """N(d, k), the dimension of the harmonics of degree k."""
        k, d = level_of(self, k), self.d
        if k.is_zero:
            return sympify(1)
        return binomial(k + d - 1, k) - binomial(k + d - 3, k - 2)

    def multiplicity_above_zero(self, k: Any) -> Expr:
        """N(d, k) for k ≥ 1; for a number d a polynomial in k."""
        g = self.multiplicity(k)
        return factor(combsimp(g)) if self.d.is_number else g

    def eigenfunctions(self, k: Any) -> tuple[Expr, ...]:
        """The level's zonal harmonic √N(d, k) P_k(t) around any pole, of unit norm.

        Its rotations span the level; no other basis is singled out by the symmetry.

        Examples
        --------
        >>> Hypersphere(3).eigenfunctions(1)
        (sqrt(3)*t,)
        """
        return (sqrt(self.multiplicity(k)) * self.zonal(k, t),)

    def zonal(self, k: Any, t: Any) -> Expr:
        """Legendre polynomial in dimension d: a Gegenbauer polynomial, 1 at t = 1."""
        k, t = level_of(self, k), sympify(t)
        if self.d == 2:
            return cos(k * acos(t))
        order = Rational(1, 2) * self.d - 1
        return gegenbauer(k, order, t) / binomial(k + self.d - 3, k)

    def definition(self, kernel: Any, k: Any) -> Expr:
        """λ_k by the Funk–Hecke formula (DLMF, chapter 18.17)."""
        k, d = level_of(self, k), self.d
        weight = (
            gamma(d / 2) / (sqrt(pi) * gamma((d - 1) / 2)) * (1 - t**2) ** ((d - 3) / 2)
        )
        value = written(kernel, t, d)
        return Integral(weight * value * self.zonal(k, t), (t, -1, 1))

    def _repr_latex_(self) -> str:
        return rf"$S^{{{self.d - 1}}} \subset \mathbb{{R}}^{{{self.d}}}$"
