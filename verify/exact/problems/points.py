"""Finite domains whose cosines are rational: hypercubes, rational points on spheres."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flint import fmpq, fmpq_mat

from verify.exact.problems.rational_matrices import matrix, rational


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points of one common norm, and the code that makes them.

    Attributes
    ----------
    cosines
        The matrix of t = x·x′/(|x||x′|).
    code
        Python code of this object.
    """

    cosines: fmpq_mat
    code: str

    def __len__(self) -> int:
        return self.cosines.nrows()

    def __repr__(self) -> str:
        return self.code


def _cosines(vectors: Sequence[Sequence[fmpq]]) -> fmpq_mat:
    """Inner products, over the common squared norm."""
    X = matrix(vectors)
    products = X * X.transpose()
    return products * (1 / products[0, 0])


def cube(d: int) -> Points:
    """The hypercube {±1}^d; bit b of a point's index gives its sign.

    Examples
    --------
    >>> cube(1).cosines.entries()
    [1, -1, -1, 1]
    """
    vectors = [[1 - 2 * (x >> b & 1) for b in range(d)] for x in range(2**d)]
    return Points(_cosines([list(map(rational, v)) for v in vectors]), f"cube({d})")


def circle(slopes: Iterable[Any]) -> Points:
    """Rational points ((1 − s²)/(1 + s²), 2s/(1 + s²)) of the circle.

    Examples
    --------
    >>> circle([0, "1/2"]).cosines.entries()
    [1, 3/5, 3/5, 1]
    """
    slopes = list(slopes)
    return replace(sphere([s] for s in slopes), code=f"circle({spell(slopes)})")


def sphere(slopes: Iterable[Sequence[Any]]) -> Points:
    """Rational points of a sphere, by stereographic projection.

    Examples
    --------
    >>> sphere([[0, 0], [1, 1]]).cosines.entries()
    [1, -1/3, -1/3, 1]
    """
    vectors, given = [], []
    for row in slopes:
        s = [rational(x) for x in row]
        square = sum((x * x for x in s), fmpq(0))
        vectors.append(
            [(1 - square) / (1 + square), *[2 * x / (1 + square) for x in s]]
        )
        given.append(s)
    return Points(_cosines(vectors), f"sphere({spell(given)})")


def spell(value: Any) -> str:
    """Numbers and lists of them as Python code; fractions become texts.

    Examples
    --------
    >>> spell([1, fmpq(1, 2), [0]])
    "[1, '1/2', [0]]"
    """
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(spell, value)) + "]"
    number = rational(value)
    return str(number.p) if number.q == 1 else repr(str(number))
