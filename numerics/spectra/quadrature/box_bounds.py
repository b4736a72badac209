"""The largest bound of a function on pieces that cover a region, or the boundary of one.

A piece is enclosed in a box of complex numbers. Where a box does not prove its bound, the
piece is divided.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import cos, log2, pi, sin
from typing import Any, Protocol

from flint import acb, arb

from numerics.interpreters.complex_angles.jets import NotAnalytic

MAX_BOXES = 1000
HALVINGS = 5
ARCS = 12
BOUNDARY_HALVINGS = 9
LEAST = 2.0**-40
GROWTH = 1e-9
MARGIN = 1e-12


class Region(Protocol):
    """A part of the complex plane."""

    @property
    def halvings(self) -> int:
        """How often it may still be divided."""
        ...

    def box(self) -> acb:
        """A box that holds the piece."""
        ...

    def divided(self) -> Iterable["Region"]:
        """Smaller pieces that make it up."""
        ...


@dataclass(frozen=True, slots=True)
class Rectangle:
    """x to x + width and y to y + height; of no width or no height it is a line."""

    x: float
    width: float
    y: float
    height: float
    halvings: int

    def box(self) -> acb:
        """The rectangle itself, a little larger."""
        return acb(_stretch(self.x, self.width), _stretch(self.y, self.height))

    def divided(self) -> list["Rectangle"]:
        """Halves of a line, quarters of all others."""
        columns, rows = 1 + (self.width > 0), 1 + (self.height > 0)
        width, height = self.width / columns, self.height / rows
        return [
            Rectangle(
                self.x + i * width,
                width,
                self.y + j * height,
                height,
                self.halvings - 1,
            )
            for i in range(columns)
            for j in range(rows)
        ]


@dataclass(frozen=True, slots=True)
class Arc:
    """center + a cos φ + i b sin φ for 0 ≤ start ≤ φ ≤ stop ≤ π."""

    center: float
    a: float
    b: float
    start: float
    stop: float
    halvings: int

    def box(self) -> acb:
        """The smallest box around the arc, a little larger."""
        left, right = self.a * cos(self.stop), self.a * cos(self.start)
        low, high = sorted((self.b * sin(self.start), self.b * sin(self.stop)))
        if self.start < pi / 2 < self.stop:
            high = self.b
        return acb(
            _stretch(self.center + left, right - left), _stretch(low, high - low)
        )

    def divided(self) -> list["Arc"]:
        """Both halves."""
        half = (self.start + self.stop) / 2
        rest = (self.center, self.a, self.b)
        return [
            Arc(*rest, self.start, half, self.halvings - 1),
            Arc(*rest, half, self.stop, self.halvings - 1),
        ]


def largest_on(
    bound: Callable[[acb], arb],
    pieces: Iterable[Region],
    skip: Callable[[Any], bool] = lambda _: False,
    most: int = MAX_BOXES,
) -> float | None:
    """log2 of the largest bound on the pieces, the last of which comes first.

    None where some piece is not proved after all its halvings, or more than ``most`` boxes
    would be needed. ``skip`` tells which pieces lie outside the region.
    """
    stack, largest, count = list(pieces), arb(LEAST), 0
    while stack:
        piece = stack.pop()
        if skip(piece):
            continue
        count += 1
        try:
            size = bound(piece.box())
        except (NotAnalytic, ZeroDivisionError):
            stack += piece.divided()
            if piece.halvings == 0 or count + len(stack) > most:
                return None
            continue
        if size > largest:
            largest = size
    mantissa, exponent = largest.upper().man_exp()
    return log2(int(mantissa) + 1) + int(exponent)


def _stretch(start: float, length: float) -> arb:
    return arb(start + length / 2, length / 2 * (1 + GROWTH) + MARGIN)
