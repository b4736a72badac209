"""How large, and how analytic, a kernel is in complex angles: the ellipses of Bernstein.

Quadrature in θ over an interval of half-length h converges like ρ^−2N when K(cos θ) is
analytic in the ellipse whose foci are the interval's ends and whose half-axes sum to ρh.
Both its analyticity there and a bound of |K| are proved by covering the ellipse with
boxes on which the kernel, evaluated step by step in complex balls, is analytic. K is real
for real θ, so the upper half suffices.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import log2, pi, sqrt
from typing import Any

from flint import acb, arb

from numerics.interpreters.half_angle import constant_on, range_of, start
from numerics.interpreters.jets import NotAnalytic
from numerics.interpreters.program import Program
from numerics.precision import working_precision
from theory.errors import NoConvergence
from theory.notation import u

COVER_BITS = 64
COLUMNS = 20
MAX_HALVINGS = 5
MAX_BOXES = 1000
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
    """

    program: Program
    label: str
    discs: dict[Any, acb] = field(default_factory=dict)
    per_unit: float = 0.0
    center: float = pi / 2
    half: float = pi / 2
    _bounds: dict[float, float | None] = field(default_factory=dict)

    def log2_bound(self, rho: float) -> float | None:
        """log2 of a bound of |K| on the ellipse, or None where nothing is proved."""
        if rho not in self._bounds:
            with working_precision(COVER_BITS):
                bound = _cover(self._box_bound(), rho, self.center, self.half)
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
            msg = (
                f"{self.label} is not proved analytic in the angle near {self.where}, "
                "so quadrature has no error bound"
            )
            raise NoConvergence(msg)
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

    def _box_bound(self) -> Callable[[acb], arb]:
        program = self.program.constants_folded()
        if not program.inputs:
            size = range_of(program({})).abs_upper()
            return lambda _: size

        def bound(theta: acb) -> arb:
            at = start(theta)
            values = {name: constant_on(at, box) for name, box in self.discs.items()}
            return range_of(program({**values, u: at})).abs_upper()

        return bound


def _cover(
    bound: Callable[[acb], arb],
    rho: float,
    center: float = pi / 2,
    half: float = pi / 2,
) -> float | None:
    """log2 of the largest |K| on boxes that cover the upper half of the ellipse."""
    a, b = half_axes(rho, half)
    a, b = a * (1 + 1e-9) + 1e-13, b * (1 + 1e-9) + 1e-13
    width = 2 * a / COLUMNS
    rows = max(1, round(b / width))
    columns = sorted(range(COLUMNS), key=lambda i: min(i, COLUMNS - 1 - i))
    boxes = [
        (center - a + i * width, width, j * b / rows, b / rows, 0)
        for i in reversed(columns)
        for j in range(rows)
    ]
    return largest_on(bound, boxes, lambda x, dx, y: _outside(x - center, dx, y, a, b))


def largest_on(
    bound: Callable[[acb], arb],
    boxes: list[tuple[float, float, float, float, int]],
    skip: Callable[[float, float, float], bool],
) -> float | None:
    """log2 of the largest bound on boxes (x, width, y, height, halvings), halved at need.

    None where one of them is still not proved after all halvings.
    """
    stack, largest, count = list(boxes), arb(1) / 2**40, 0
    while stack:
        x, dx, y, dy, halvings = stack.pop()
        if skip(x, dx, y):
            continue
        count += 1
        try:
            size = bound(_box(x, dx, y, dy))
        except (NotAnalytic, ZeroDivisionError):
            if halvings == MAX_HALVINGS or count > MAX_BOXES:
                return None
            stack += [
                (x + i * dx / 2, dx / 2, y + j * dy / 2, dy / 2, halvings + 1)
                for i in (0, 1)
                for j in (0, 1)
            ]
            continue
        if size > largest:
            largest = size
    mantissa, exponent = largest.upper().man_exp()
    return log2(int(mantissa) + 1) + int(exponent)


def _outside(x: float, dx: float, y: float, a: float, b: float) -> bool:
    """Whether a box lies outside the ellipse, with room for rounding."""
    near = 0.0 if x <= 0 <= x + dx else min(abs(x), abs(x + dx))
    return (near < a and y > b * sqrt(1 - (near / a) ** 2) * (1 + 1e-6)) or near > a


def _box(x: float, dx: float, y: float, dy: float) -> acb:
    """A box of complex numbers, a little larger than asked for."""
    grow = 1 + 1e-9
    return acb(
        arb(x + dx / 2, dx / 2 * grow + 1e-12), arb(y + dy / 2, dy / 2 * grow + 1e-12)
    )
