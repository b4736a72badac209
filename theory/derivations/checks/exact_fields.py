"""Exact arithmetic at a point: integers modulo a large prime, fractions, and slopes.

An identity between rational functions that holds at a random point modulo p = 2^61 − 1
is false with probability at most degree/p (Schwartz and Zippel). A jet a + b ε with
ε² = 0 carries a derivative along, so identities between derivatives are checked too.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mpmath import mpf

PRIME = 2**61 - 1


class Residue:
    """An integer modulo p = 2^61 − 1.

    Examples
    --------
    >>> (Residue(1) / Residue(3) * Residue(3)).value
    1
    """

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value % PRIME

    def __add__(self, other: "Residue") -> "Residue":
        return Residue(self.value + other.value)

    def __sub__(self, other: "Residue") -> "Residue":
        return Residue(self.value - other.value)

    def __mul__(self, other: "Residue") -> "Residue":
        return Residue(self.value * other.value)

    def __truediv__(self, other: "Residue") -> "Residue":
        if other.value == 0:
            raise ZeroDivisionError
        return Residue(self.value * pow(other.value, -1, PRIME))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Residue) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __bool__(self) -> bool:
        return self.value != 0


Field = type[Residue] | type[Fraction] | type[mpf]


def constant(field: Field, numerator: int, denominator: int = 1) -> Any:
    """A rational number as an element of the field."""
    if field is Residue:
        return Residue(numerator) / Residue(denominator)
    kind: Any = field
    return kind(numerator) / kind(denominator)


@dataclass(frozen=True, slots=True)
class FieldDualNumber:
    """A value and its slope along one direction: a + b ε with ε² = 0.

    Examples
    --------
    >>> x = FieldDualNumber(Fraction(2), Fraction(1))
    >>> (x * x / (x + x)).slope
    Fraction(1, 2)
    """

    value: Any
    slope: Any

    def __add__(self, other: "FieldDualNumber") -> "FieldDualNumber":
        return FieldDualNumber(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: "FieldDualNumber") -> "FieldDualNumber":
        return FieldDualNumber(self.value - other.value, self.slope - other.slope)

    def __mul__(self, other: "FieldDualNumber") -> "FieldDualNumber":
        return FieldDualNumber(
            self.value * other.value,
            self.value * other.slope + self.slope * other.value,
        )

    def __truediv__(self, other: "FieldDualNumber") -> "FieldDualNumber":
        value = self.value / other.value
        return FieldDualNumber(value, (self.slope - value * other.slope) / other.value)


Matrix = list[list[FieldDualNumber]]


def transposed(a: Matrix) -> Matrix:
    """Rows become columns."""
    return [list(row) for row in zip(*a, strict=True)]


def product(a: Matrix, b: Matrix) -> Matrix:
    """The matrix product."""
    columns = transposed(b)
    return [[_dot(row, column) for column in columns] for row in a]


def _dot(row: list[FieldDualNumber], column: list[FieldDualNumber]) -> FieldDualNumber:
    total = row[0] * column[0]
    for x, y in zip(row[1:], column[1:], strict=True):
        total = total + x * y
    return total


def identity(size: int, field: Field) -> Matrix:
    """The identity matrix over a field."""
    zero, one = constant(field, 0), constant(field, 1)
    return [
        [FieldDualNumber(one if r == c else zero, zero) for c in range(size)]
        for r in range(size)
    ]


def inverse(a: Matrix, field: Field) -> Matrix:
    """The inverse, by Gauss and Jordan.

    Raises
    ------
    ZeroDivisionError
        When the matrix is singular.
    """
    size = len(a)
    rows = [[*row, *unit] for row, unit in zip(a, identity(size, field), strict=True)]
    for column in range(size):
        pivot = next((r for r in range(column, size) if rows[r][column].value), None)
        if pivot is None:
            raise ZeroDivisionError
        rows[column], rows[pivot] = rows[pivot], rows[column]
        scale = rows[column][column]
        rows[column] = [x / scale for x in rows[column]]
        for r in range(size):
            if r != column:
                factor = rows[r][column]
                rows[r] = [
                    x - factor * y for x, y in zip(rows[r], rows[column], strict=True)
                ]
    return [row[size:] for row in rows]


def determinant(a: Matrix, field: Field) -> FieldDualNumber:
    """The determinant, by expansion along the first row; for the sizes of a check."""
    zero = constant(field, 0)
    if not a:
        return FieldDualNumber(constant(field, 1), zero)
    total = FieldDualNumber(zero, zero)
    for column, entry in enumerate(a[0]):
        minor = [row[:column] + row[column + 1 :] for row in a[1:]]
        term = entry * determinant(minor, field)
        total = total + term if column % 2 == 0 else total - term
    return total
