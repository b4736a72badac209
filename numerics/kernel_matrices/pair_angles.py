"""How far apart points are in direction: u = (1 − cos)/2 of many pairs, with its error.

The scalar products are sums of exact products: every coordinate is split into a head of
few bits, whose products and sums a matrix multiplication makes without rounding, and a
rest. So u keeps its relative accuracy for neighbors too; pairs that are closer still are
computed again from x/‖x‖ − y/‖y‖ in pairs of floats, or exactly.
"""

from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, log2
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpz
from numpy.typing import NDArray

from numerics.interpreters.balls import Value
from numerics.numbers.double_double import (
    Pair,
    add,
    divide,
    multiply,
    negative,
    root,
    two_product,
)
from theory import OutOfDomain

Floats = NDArray[np.float64]
UNIT = 2.0**-53


@dataclass(frozen=True)
class PointSet:
    """PointSet, and what their pairs need of each of them.

    Attributes
    ----------
    x
        The points, shape [n, d], finite and none of them 0.
    """

    x: Floats
    name: str = "X"
    exponents: NDArray[np.int64] = field(init=False, repr=False)
    scaled: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        largest = np.max(np.abs(self.x), axis=1)
        exponents = np.frexp(largest)[1].astype(np.int64)
        object.__setattr__(self, "exponents", exponents)
        # ldexp in two steps: 2^-exponent alone may overflow
        half = -exponents // 2
        scaled = np.ldexp(self.x, half[:, None])
        scaled = np.ldexp(scaled, (-exponents - half)[:, None])
        object.__setattr__(self, "scaled", scaled)

    @property
    def dimension(self) -> int:
        """D."""
        return self.x.shape[1]

    @cached_property
    def bits(self) -> int:
        """Bits of the heads: sums of d products of two of them stay below 2^53."""
        return (53 - ceil(log2(max(self.dimension, 2)))) // 2

    @cached_property
    def heads(self) -> tuple[Floats, Floats]:
        """The coordinates' heads and rests, whose sum they are."""
        shift = 1.5 * 2.0 ** (52 - self.bits)
        head = (self.scaled + shift) - shift
        return head, self.scaled - head

    @cached_property
    def norms(self) -> Pair:
        """‖x‖ of the scaled points, in pairs of floats."""
        return root(self.squares)

    @cached_property
    def squares(self) -> Pair:
        """‖x‖² of the scaled points, in pairs of floats."""
        total = Pair(np.zeros(len(self.x)), np.zeros(len(self.x)))
        for column in self.scaled.T:
            total = add(total, two_product(column, column))
        return total

    @cached_property
    def whole(self) -> list[tuple[list[int], int, int]]:
        """Every point as whole numbers times a power of two, and their sum of squares."""
        found = []
        for row in self.x:
            ratios = [float(value).as_integer_ratio() for value in row]
            bits = max(q.bit_length() for _, q in ratios) - 1
            numbers = [p * (1 << bits) // q for p, q in ratios]
            found.append((numbers, -bits, sum(m * m for m in numbers)))
        return found

    def square(self, i: int) -> fmpq:
        """‖x_i‖²/d, exactly."""
        _, exponent, total = self.whole[i]
        power = fmpq(2) ** (2 * exponent)
        return fmpq(total) * power / self.dimension

    def mean_squares(self) -> Floats:
        """‖x‖²/d, rounded."""
        with np.errstate(over="ignore", under="ignore"):
            return np.ldexp(self.squares.hi / self.dimension, 2 * self.exponents)


def points_of(x: Any, name: str) -> PointSet:
    """PointSet from an array [n, d].

    Raises
    ------
    OutOfDomain
        When they are not a finite array [n, d], or a point is 0.
    """
    try:
        given = np.asarray(x)
        if given.dtype.kind == "c":
            raise TypeError("complex numbers")
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise OutOfDomain(f"{name} is not an array of real numbers ({error})") from None
    if array.ndim != 2 or 0 in array.shape:
        raise OutOfDomain(
            f"{name} must be an array [n, d] of points, not of shape {array.shape}"
        )
    if not np.all(np.isfinite(array)):
        row = int(np.flatnonzero(~np.isfinite(array).all(axis=1))[0])
        raise OutOfDomain(
            f"points must be finite, a finite array [n, d]: {name}[{row}] is not"
        )
    zero = ~array.any(axis=1)
    if zero.any():
        row = int(np.flatnonzero(zero)[0])
        raise OutOfDomain(
            f"points must not vanish, {name}[{row}] does: only directions enter a "
            "dot-product kernel"
        )
    return PointSet(array, name)


@dataclass(frozen=True)
class PointPairs:
    """All pairs of two sets of points."""

    first: PointSet
    second: PointSet

    @property
    def shape(self) -> tuple[int, int]:
        """[n, m]."""
        return len(self.first.x), len(self.second.x)

    def half(self, rows: slice, columns: slice) -> tuple[Floats, Floats]:
        """U of a block of pairs, and a bound of its error; both [rows, columns]."""
        x, y = self.first, self.second
        (xh, xl), (yh, yl) = x.heads, y.heads
        (xh, xl), (yh, yl) = (xh[rows], xl[rows]), (yh[columns].T, yl[columns].T)
        head, rest = xh @ yh, xh @ yl + xl @ (yh + yl)
        p = two_product(x.norms.hi[rows, None], y.norms.hi[None, columns])
        low = (
            p.lo
            + x.norms.hi[rows, None] * y.norms.lo[None, columns]
            + x.norms.lo[rows, None] * y.norms.hi[None, columns]
        )
        gap = (p.hi - head) + (low - rest)
        u = np.clip(gap / (2 * p.hi), 0.0, 1.0)
        # norms are at least 1/2 here; the rests' products are rounded
        absolute = 16 * x.dimension * UNIT * 2.0**-x.bits
        return u, 6 * UNIT * u + absolute

    def refined(
        self, i: NDArray[np.int64], j: NDArray[np.int64]
    ) -> tuple[Floats, Floats]:
        """U of some pairs from ‖x ‖y‖ − y ‖x‖‖², and a bound of its error.

        Exact, with the error 0, where the points are equal or opposite.
        """
        x, y = self.first, self.second
        a, b = x.scaled[i], y.scaled[j]
        nx = Pair(x.norms.hi[i][:, None], x.norms.lo[i][:, None])
        ny = Pair(y.norms.hi[j][:, None], y.norms.lo[j][:, None])
        left, right = _scaled(ny, a), _scaled(nx, b)
        opposite = np.sum(a * b, axis=1) < 0
        sign = np.where(opposite, -1.0, 1.0)[:, None]
        z = add(left, negative(Pair(sign * right.hi, sign * right.lo)))
        square = Pair(np.zeros(len(i)), np.zeros(len(i)))
        for column in range(x.dimension):
            part = Pair(z.hi[:, column], z.lo[:, column])
            square = add(square, multiply(part, part))
        norm = multiply(Pair(nx.hi[:, 0], nx.lo[:, 0]), Pair(ny.hi[:, 0], ny.lo[:, 0]))
        norm = multiply(norm, norm)
        near = divide(square, Pair(4 * norm.hi, 4 * norm.lo)).hi
        same = ~np.any(z.hi, axis=1)
        error = np.where(
            same, 0.0, 4 * UNIT * near + 2.0**-100 * np.sqrt(near) + 2.0**-200
        )
        u = np.where(opposite, 1 - near, near)
        return u, np.where(opposite & ~same, error + UNIT, error)

    def exact(self, i: int, j: int) -> Value:
        """U of one pair at the working precision, a rational where it is one."""
        numbers, _, one = self.first.whole[i]
        others, _, other = self.second.whole[j]
        inner = sum(m * k for m, k in zip(numbers, others, strict=True))
        product = fmpz(one * other)
        root = fmpz(product.isqrt())
        if root * root == product:
            return (1 - fmpq(inner) / root) / 2
        return (1 - arb(inner) / arb(product).sqrt()) / 2

    def is_one_point(self, i: int, j: int) -> bool:
        """Whether both have one direction, exactly."""
        numbers, _, one = self.first.whole[i]
        others, _, other = self.second.whole[j]
        inner = sum(m * k for m, k in zip(numbers, others, strict=True))
        return inner > 0 and inner * inner == one * other

    def key(self, i: int, j: int) -> tuple[int, ...]:
        """What the exact kernel depends on, so that equal pairs are computed once."""
        numbers, e, one = self.first.whole[i]
        others, f, other = self.second.whole[j]
        inner = sum(m * k for m, k in zip(numbers, others, strict=True))
        return (inner, one, e, other, f)


def _scaled(norm: Pair, x: Floats) -> Pair:
    """A column of pairs of floats times a matrix of floats."""
    p = two_product(norm.hi, x)
    low = p.lo + norm.lo * x
    s = p.hi + low
    return Pair(s, low - (s - p.hi))


@dataclass(frozen=True)
class Cosines:
    """Cosines t, or u = (1 − t)/2, as they are given: one row, exact."""

    values: Floats
    halves: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """[1, m]."""
        return 1, len(self.values)

    def half(self, rows: slice, columns: slice) -> tuple[Floats, Floats]:
        """U and a bound of its error."""
        del rows
        part = self.values[None, columns]
        if self.halves:
            return part, np.zeros_like(part)
        u = (1 - part) / 2
        return u, np.where((part >= 0.5) | (part == -1) | (part == 0), 0.0, UNIT * u)

    def refined(
        self, i: NDArray[np.int64], j: NDArray[np.int64]
    ) -> tuple[Floats, Floats]:
        """The same: nothing is lost between t and u."""
        u, error = self.half(slice(None), slice(None))
        return u[i, j], error[i, j]

    def exact(self, i: int, j: int) -> Value:
        """u, exactly."""
        del i
        value = fmpq(*float(self.values[j]).as_integer_ratio())
        return value if self.halves else (1 - value) / 2

    def is_one_point(self, i: int, j: int) -> bool:
        """Whether the cosine is 1."""
        del i
        return bool(self.values[j] == (0.0 if self.halves else 1.0))

    def key(self, i: int, j: int) -> tuple[float, ...]:
        """The value itself."""
        del i
        return (float(self.values[j]),)
