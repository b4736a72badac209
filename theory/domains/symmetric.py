"""Domains with so much symmetry that every dot-product kernel shares one eigenbasis.

Each carries the uniform probability measure. Its eigenfunctions come in levels k: the
parities of k bits on the hypercube, the harmonics of degree k on the sphere, cos kθ and
sin kθ on the circle. ``zonal(k, t)`` is the level's reproducing function, 1 at t = 1.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from sympy import (
    Expr,
    Integral,
    Mul,
    Rational,
    Sum,
    Symbol,
    acos,
    binomial,
    cos,
    gamma,
    gegenbauer,
    oo,
    pi,
    sin,
    sqrt,
    symbols,
    sympify,
)

from theory.domains.domain import Domain, dimension, level_of, written
from theory.domains.krawtchouk import Krawtchouk
from theory.errors import OutOfDomain
from theory.notation import m, t
from theory.numbers import integer


@dataclass(frozen=True)
class Hypercube:
    """The hypercube {±1}^d: level k holds the parities of k bits.

    Raises
    ------
    OutOfDomain
        When d is neither a positive whole number nor a symbol.

    Examples
    --------
    >>> cube = Hypercube(8)
    >>> cube.multiplicity(3), cube.size, cube.zonal(8, -1)
    (56, 256, 1)
    """

    d: Any
    name: ClassVar[str] = "hypercube"

    def __post_init__(self) -> None:
        object.__setattr__(self, "d", dimension(self.d, 1))

    @property
    def last_level(self) -> Expr:
        """The full parity, level d."""
        return self.d

    @property
    def size(self) -> Expr:
        """2^d corners."""
        return 2**self.d

    def multiplicity(self, k: Any) -> Expr:
        """C(d, k) subsets of k bits."""
        return binomial(self.d, level_of(self, k))

    def eigenfunctions(self, k: Any) -> tuple[Expr, ...]:
        """The orthonormal parities Π_{i ∈ S} x_i of all sets S of k bits, d ≤ 12.

        Examples
        --------
        >>> Hypercube(3).eigenfunctions(2)
        (x1*x2, x1*x3, x2*x3)
        """
        k, bits = level_of(self, k), integer(self.d, "d", least=1, most=12)
        names = symbols(f"x1:{bits + 1}")
        return tuple(Mul(*chosen) for chosen in combinations(names, int(k)))

    def zonal(self, k: Any, t: Any) -> Expr:
        """Krawtchouk polynomial of the Hamming distance d(1 − t)/2, over C(d, k)."""
        k = level_of(self, k)
        return Krawtchouk(k, self.d * (1 - sympify(t)) / 2, self.d) / binomial(
            self.d, k
        )

    def definition(self, kernel: Any, k: Any) -> Expr:
        """λ_k = 2^−d Σ_m C(d, m) K(1 − 2m/d) zonal_k(1 − 2m/d)."""
        k = level_of(self, k)
        value = written(kernel, 1 - 2 * m / self.d, self.d)
        weight = Krawtchouk(k, m, self.d) / binomial(self.d, k)
        return Sum(2**-self.d * binomial(self.d, m) * value * weight, (m, 0, self.d))

    def eigenvalue(self, kernel: Any, k: Any):
        """λ_k of a kernel, in closed form where one is known."""
        from theory.eigenvalues import eigenvalue

        return eigenvalue(self, kernel, level_of(self, k))

    def __str__(self) -> str:
        return f"hypercube:{self.d}"

    def _repr_latex_(self) -> str:
        return rf"$\{{\pm 1\}}^{{{self.d}}}$"


@dataclass(frozen=True)
class Hypersphere:
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
    name: ClassVar[str] = "sphere"

    def __post_init__(self) -> None:
        object.__setattr__(self, "d", dimension(self.d, 2))

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

    def eigenvalue(self, kernel: Any, k: Any):
        """λ_k of a kernel, in closed form where one is known."""
        from theory.eigenvalues import eigenvalue

        return eigenvalue(self, kernel, level_of(self, k))

    def __str__(self) -> str:
        return f"sphere:{self.d}"

    def _repr_latex_(self) -> str:
        return rf"$S^{{{self.d - 1}}} \subset \mathbb{{R}}^{{{self.d}}}$"


@dataclass(frozen=True)
class UnitCircle:
    """The circle, or M equispaced points of it: level k holds cos kθ and sin kθ.

    A kernel that names d takes d = 2 here.

    Raises
    ------
    OutOfDomain
        When ``points`` is neither None, a symbol, nor a positive whole number.

    Examples
    --------
    >>> circle = UnitCircle(points=10)
    >>> [circle.multiplicity(k) for k in range(6)]
    [1, 2, 2, 2, 2, 1]
    """

    points: Any = None
    name: ClassVar[str] = "circle"

    def __post_init__(self) -> None:
        if self.points is not None and not isinstance(self.points, Symbol):
            points = sympify(integer(self.points, "points", least=1))
            object.__setattr__(self, "points", points)

    @property
    def last_level(self) -> Expr:
        """Half the number of points, or none."""
        return oo if self.points is None else self.points // 2

    @property
    def size(self) -> Expr:
        """The number of points."""
        return oo if self.points is None else self.points

    def multiplicity(self, k: Any) -> Expr:
        """1 for k = 0 and for the alternating mode k = M/2, otherwise 2."""
        k = level_of(self, k)
        single = k.is_zero or (
            self.points is not None and (2 * k - self.points).is_zero
        )
        return sympify(1 if single else 2)

    def eigenfunctions(self, k: Any) -> tuple[Expr, ...]:
        """1, or √2 cos kθ and √2 sin kθ, or cos(Mθ/2) on an even number of points.

        Examples
        --------
        >>> UnitCircle(4).eigenfunctions(2), UnitCircle().eigenfunctions(1)
        ((cos(2*theta),), (sqrt(2)*cos(theta), sqrt(2)*sin(theta)))
        """
        k, theta = level_of(self, k), Symbol("theta", real=True)
        if self.multiplicity(k) == 1:
            return (cos(k * theta),)
        return (sqrt(2) * cos(k * theta), sqrt(2) * sin(k * theta))

    def zonal(self, k: Any, t: Any) -> Expr:
        """Cos kθ."""
        return cos(level_of(self, k) * acos(sympify(t)))

    def definition(self, kernel: Any, k: Any) -> Expr:
        """λ_k as a Fourier coefficient of K(cos θ): a mean over points, or an integral."""
        k = level_of(self, k)
        theta = Symbol("theta", real=True)
        e = written(kernel, cos(theta), sympify(2)) * cos(k * theta)
        if self.points is None:
            return Integral(e / pi, (theta, 0, pi))
        return Sum(
            e.subs(theta, 2 * pi * m / self.points) / self.points,
            (m, 0, self.points - 1),
        )

    def eigenvalue(self, kernel: Any, k: Any):
        """λ_k of a kernel, in closed form where one is known."""
        from theory.eigenvalues import eigenvalue

        return eigenvalue(self, kernel, level_of(self, k))

    def __str__(self) -> str:
        return "circle" if self.points is None else f"circle:{self.points}"

    def _repr_latex_(self) -> str:
        if self.points is None:
            return "$S^1$"
        return rf"$\{{2\pi m/{self.points} : 0 \le m < {self.points}\}} \subset S^1$"


def parse(text: str) -> Hypercube | Hypersphere | UnitCircle:
    """The domain that ``hypercube:8``, ``sphere:10``, ``circle`` or ``circle:256`` names.

    Raises
    ------
    OutOfDomain
        When the name is unknown or its number malformed.

    Examples
    --------
    >>> parse("circle:256").last_level
    128
    """
    name, colon, number = text.strip().partition(":")
    if name == "circle" and not colon:
        return UnitCircle()
    kinds = {"hypercube": Hypercube, "sphere": Hypersphere, "circle": UnitCircle}
    if name not in kinds or not colon:
        known = "hypercube:D, sphere:D, circle, circle:M, levels:FILE"
        msg = f"domain {text!r} is unknown (known: {known})"
        raise OutOfDomain(msg)
    try:
        return kinds[name](number)
    except OutOfDomain as error:
        msg = f"domain {text!r}: {error}"
        raise OutOfDomain(msg) from None


__all__ = ["Domain", "Hypercube", "Hypersphere", "UnitCircle", "parse"]
