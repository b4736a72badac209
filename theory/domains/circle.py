"""The circle, or equispaced points of it: its levels are cos kθ and sin kθ."""

from dataclasses import dataclass
from typing import Any

from sympy import (
    Expr,
    Integer,
    Integral,
    KroneckerDelta,
    Rational,
    Sum,
    Symbol,
    acos,
    cos,
    oo,
    pi,
    sin,
    sqrt,
    sympify,
)

from theory.domains.domain import Domain, level_of, written
from theory.notation import m
from theory.numbers import integer


@dataclass(frozen=True)
class UnitCircle(Domain):
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
    spellings = ("circle", "circle:M")
    graded = True
    by_angle = True
    sizes = (3, 4, 7, 12)

    def __post_init__(self) -> None:
        if self.points is not None and not isinstance(self.points, Symbol):
            points = sympify(integer(self.points, "points", least=1))
            object.__setattr__(self, "points", points)

    @classmethod
    def read(cls, number: str | None) -> "UnitCircle":
        """``circle`` is the whole circle, ``circle:M`` are M points."""
        return cls() if number is None else cls(number)

    @property
    def kind(self) -> str:
        """``circle``, or ``circle_points``."""
        return "circle" if self.points is None else "circle_points"

    @property
    def group(self) -> str:
        """Rotations and reflections."""
        if self.points is None:
            return "the orthogonal group O(2)"
        return f"the dihedral group of order {2 * self.points}"

    @property
    def is_sphere(self) -> bool:
        """The whole circle is S^1."""
        return self.points is None

    @property
    def antipode(self) -> bool:
        """An even number of points has one."""
        return self.points is None or bool(self.points.is_even)

    @property
    def ambient(self) -> Expr:
        """R^2."""
        return Integer(2)

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

    def multiplicity_above_zero(self, k: Any) -> Expr:
        """2, or 1 for the alternating mode k = M/2."""
        if self.points is None:
            return Integer(2)
        return 2 - KroneckerDelta(2 * k, self.points)

    def vectors(self) -> tuple[tuple[Expr, ...], ...]:
        """The points (cos θ, sin θ), θ = 2πm/M.

        Examples
        --------
        >>> UnitCircle(4).vectors()
        ((1, 0), (0, 1), (-1, 0), (0, -1))
        """
        count = integer(self.points, "points", least=1)
        angles = [2 * pi * Rational(j, count) for j in range(count)]
        return tuple((cos(x), sin(x)) for x in angles)

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

    def __str__(self) -> str:
        return "circle" if self.points is None else f"circle:{self.points}"

    def _repr_latex_(self) -> str:
        if self.points is None:
            return "$S^1$"
        return rf"$\{{2\pi m/{self.points} : 0 \le m < {self.points}\}} \subset S^1$"
