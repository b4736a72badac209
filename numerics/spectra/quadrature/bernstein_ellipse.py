"""How large, and how analytic, a kernel is in complex angles: the ellipses of Bernstein.

Quadrature in θ over an interval of half-length h converges like ρ^−2N when K(cos θ) is
analytic in the ellipse whose foci are the interval's ends and whose half-axes sum to ρh.
Both its analyticity there and a bound of |K| are proved by covering the ellipse with
boxes on which the kernel, evaluated step by step in complex balls, is analytic. K is real
for real θ, so the upper half suffices. Where no step of the kernel has poles, boxes around
the ellipse's boundary suffice: docs/proofs.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from math import pi, sqrt
from typing import Any

from flint import acb, arb

from numerics.interpreters.program import Program
from numerics.numbers.precision import working_precision
from numerics.spectra.quadrature.box_bounds import (
    ARCS,
    BOUNDARY_HALVINGS,
    HALVINGS,
    MAX_BOXES,
    Arc,
    Rectangle,
    largest_on,
)
from numerics.spectra.quadrature.modulus_bounds import Modulus, modulus
from theory.errors import NoConvergence

COLUMNS = 20
RADII = (1.02, 1.05, 1.1, 1.18, 1.3, 1.5, 1.8, 2.3, 3.2, 5.0, 8.0, 15.0)
FIRST = 4
WORTH_NODES = 200


def half_axes(rho: float, half: float = pi / 2) -> tuple[float, float]:
    """The half-axes of the ellipse, real and imaginary, around a half-length.

    Examples
    --------
    >>> [round(axis, 3) for axis in half_axes(2.0)]
    [1.963, 1.178]
    """
    return half / 2 * (rho + 1 / rho), half / 2 * (rho - 1 / rho)


@dataclass
class Ellipses:
    """Proved bounds of |K| on ellipses, found when they are asked for.

    Attributes
    ----------
    program
        The kernel in the half-angle arithmetic.
    label
        How errors call it.
    discs
        Complex disks, as boxes, for further inputs of the program: the bounds hold for
        every value in them.
    per_unit
        log2 of a factor that every bound is multiplied by; with the disks' radius in the
        denominator, Cauchy's estimate makes it a bound of the derivative.
    center, half
        Midpoint and half-length of the interval of angles, [0, π] by default.
    most
        How many boxes a boundary may take.
    """

    program: Program
    label: str
    discs: dict[Any, acb] = field(default_factory=dict)
    per_unit: float = 0.0
    center: float = pi / 2
    half: float = pi / 2
    most: int = MAX_BOXES
    _bounds: dict[float, float | None] = field(default_factory=dict)
    _size: Modulus | None = None

    def log2_bound(self, rho: float) -> float | None:
        """log2 of a bound of |K| on the ellipse, or None where nothing is proved."""
        if rho not in self._bounds:
            size = self._modulus()
            where = (rho, self.center, self.half)
            with working_precision(size.bits):
                poles = size.poles
                bound = _cover(size, *where) if poles else _rim(size, *where, self.most)
            self._bounds[rho] = None if bound is None else bound + self.per_unit
        return self._bounds[rho]

    @property
    def where(self) -> str:
        """The interval of angles, in words."""
        if self.half == pi / 2:
            return "[0, π]"
        return f"[{self.center - self.half:.6g}, {self.center + self.half:.6g}]"

    def best(self, nodes: Callable[[float, float], float]) -> tuple[float, float]:
        """An ellipse, and log2 of its bound of |K|, for few quadrature nodes.

        Parameters
        ----------
        nodes
            How many nodes a ρ and a log2 bound need. Larger ellipses are tried while
            they could save more nodes than their proof costs.

        Raises
        ------
        NoConvergence
            When no ellipse is proved.
        """
        proved = [i for i, rho in enumerate(RADII) if self._bounds.get(rho) is not None]
        low = max([FIRST, *proved])
        while low >= 0 and self.log2_bound(RADII[low]) is None:
            low -= 1
        if low < 0:
            raise NoConvergence(
                f"{self.label} is not proved analytic in the angle near {self.where}, "
                "so quadrature has no error bound"
            )
        found = [(rho, self._known(rho)) for rho in RADII[: low + 1]]
        for rho in RADII[low + 1 :] if low >= FIRST else ():
            rho_now, bound_now = min(found, key=lambda pair: nodes(*pair))
            hoped = nodes(rho, self._known(RADII[low]))
            if nodes(rho_now, bound_now) - hoped < WORTH_NODES:
                break
            bound = self.log2_bound(rho)
            if bound is None:
                break
            found.append((rho, bound))
        return min(found, key=lambda pair: nodes(*pair))

    def _known(self, rho: float) -> float:
        """A proved bound at ρ from any proved ellipse that contains it."""
        bounds = [b for r, b in self._bounds.items() if r >= rho and b is not None]
        return min(bounds)

    def _modulus(self) -> Modulus:
        if self._size is None:
            ends = (self.center - self.half, self.center + self.half)
            self._size = modulus(self.program, ends, self.discs)
        return self._size


def _cover(
    bound: Callable[[acb], arb],
    rho: float,
    center: float = pi / 2,
    half: float = pi / 2,
) -> float | None:
    """log2 of the largest |K| on boxes that cover the upper half of the ellipse."""
    a, b = _stretched_axes(rho, half)
    width = 2 * a / COLUMNS
    rows = max(1, round(b / width))
    columns = sorted(range(COLUMNS), key=lambda i: min(i, COLUMNS - 1 - i))
    boxes = [
        Rectangle(center - a + i * width, width, j * b / rows, b / rows, HALVINGS)
        for i in reversed(columns)
        for j in range(rows)
    ]
    return largest_on(
        bound, boxes, lambda box: _outside(box.x - center, box.width, box.y, a, b)
    )


def _rim(
    bound: Callable[[acb], arb],
    rho: float,
    center: float = pi / 2,
    half: float = pi / 2,
    most: int = MAX_BOXES,
) -> float | None:
    """log2 of the largest |K| on boxes around the upper half of the ellipse's boundary."""
    a, b = _stretched_axes(rho, half)
    edges = [pi * i / ARCS for i in range(ARCS)] + [pi]
    ends = sorted(pairwise(edges), key=lambda pair: abs(sum(pair) - pi))
    arcs = [Arc(center, a, b, *pair, BOUNDARY_HALVINGS) for pair in ends]
    return largest_on(bound, arcs, most=most)


def _stretched_axes(rho: float, half: float) -> tuple[float, float]:
    """The half-axes with room for the rounding of the center and of themselves."""
    a, b = half_axes(rho, half)
    return a * (1 + 1e-9) + 1e-13, b * (1 + 1e-9) + 1e-13


def _outside(x: float, dx: float, y: float, a: float, b: float) -> bool:
    """Whether a box lies outside the ellipse, with room for rounding."""
    near = 0.0 if x <= 0 <= x + dx else min(abs(x), abs(x + dx))
    return (near < a and y > b * sqrt(1 - (near / a) ** 2) * (1 + 1e-6)) or near > a
