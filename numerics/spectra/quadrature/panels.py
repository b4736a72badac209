"""The angles from 0 to π in panels, each inside an ellipse on which the kernel is analytic.

One panel is best where the kernel is analytic well around [0, π]. Nearer singularities,
as small biases bring them to the ends, shrink the ellipse and with it the rate of
convergence; there the interval is halved until each half keeps its distance from them
(so panels shrink geometrically toward a singularity, and their number grows with the
logarithm of its distance). A kernel with kinks has a panel of its own for every piece.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi

from flint import arb, fmpq

from numerics.interpreters.complex_angles.half_angle import HALF_ANGLE
from numerics.interpreters.program import Program, build
from numerics.numbers.precision import working_precision
from numerics.spectra.kernel_evaluation import (
    Domain,
    Evaluator,
    Samples,
    bound_chain,
    evaluator,
)
from numerics.spectra.quadrature.bernstein_ellipse import FIRST, RADII, Ellipses
from numerics.spectra.quadrature.box_bounds import MAX_BOXES
from numerics.spectra.quadrature.piecewise_kernels import Switch, has_kinks, pieces
from theory.chain import Chain
from theory.errors import NoConvergence
from theory.kernels import Kernel, from_expression
from theory.notation import d as symbol_d
from theory.notation import t

WHOLE_RADII = (RADII[FIRST], RADII[2])
PART_RADII = (RADII[6],)
PART_BOXES = 32
"""A panel that would take more is divided: its halves are easier."""
MAX_HALVINGS = 36
LOCATE_BITS = 128

Edge = fmpq | Switch
"""An angle: a rational multiple of π, or the arccosine of a root."""


@dataclass(frozen=True, slots=True)
class Panel:
    """An interval of angles, where its integrand is analytic, and its values."""

    low: Edge
    high: Edge
    shape: Ellipses
    samples: Samples

    @property
    def is_symmetric(self) -> bool:
        """Whether it lies symmetrically about π/2, so that its nodes do."""
        return self.low == fmpq(0) and self.high == fmpq(1)

    def interval(self) -> tuple[arb, arb]:
        """Midpoint and half-length, at the working precision."""
        low, high = angle_of(self.low), angle_of(self.high)
        return (low + high) / 2, (high - low) / 2


def angle_of(edge: Edge) -> arb:
    """The angle as a ball, at the working precision.

    Examples
    --------
    >>> round(float(angle_of(fmpq(1, 2))), 6)
    1.570796
    """
    return arb.pi() * edge if isinstance(edge, fmpq) else edge.cosine().acos()


def whole(shape: Ellipses, samples: Samples) -> list[Panel]:
    """One panel from 0 to π."""
    return [Panel(fmpq(0), fmpq(1), shape, samples)]


@lru_cache(maxsize=64)
def panels(kernel: Kernel, domain: Domain) -> tuple[Panel, ...]:
    """The panels of a kernel on a sphere or the circle, shared by all who ask.

    Raises
    ------
    NoConvergence
        When the kernel is not proved analytic between its kinks.
    NotEvaluable
        When it holds a function without a rule, or kinks at unknown places.
    """
    found: list[Panel] = []
    for low, high, part in _smooth_parts(kernel, domain):
        program = build(bound_chain(part, domain), HALF_ANGLE)
        samples = evaluator(part, domain)
        found += _divided(low, high, program, samples, f"kernel {kernel}")
    return tuple(found)


def _smooth_parts(
    kernel: Kernel, domain: Domain
) -> Iterator[tuple[Edge, Edge, Kernel]]:
    written = kernel(t) if kernel.family not in {"ntk", "nngp"} else None
    if written is None or isinstance(written, Chain) or not has_kinks(written):
        yield fmpq(0), fmpq(1), kernel
        return
    dimension = domain.ambient
    for piece in reversed(pieces(written.subs(symbol_d, dimension))):
        yield (
            fmpq(0) if piece.above is None else piece.above,
            fmpq(1) if piece.below is None else piece.below,
            from_expression(piece.expression),
        )


def _divided(
    low: Edge, high: Edge, program: Program, samples: Evaluator, label: str
) -> Iterator[Panel]:
    """One interval as panels whose ellipses are proved to be large enough."""
    stack = [(low, high, 0)]
    while stack:
        low, high, halvings = stack.pop()
        with working_precision(LOCATE_BITS):
            first, last = angle_of(low), angle_of(high)
            middle, reach = float((first + last) / 2), float((last - first) / 2)
        is_whole = low == fmpq(0) and high == fmpq(1)
        if is_whole:
            middle, reach = pi / 2, pi / 2
        enough, most = (
            (WHOLE_RADII, MAX_BOXES) if is_whole else (PART_RADII, PART_BOXES)
        )
        shape = Ellipses(program, label, center=middle, half=reach, most=most)
        if any(shape.log2_bound(rho) is not None for rho in enough):
            yield Panel(low, high, shape, samples)
            continue
        if halvings == MAX_HALVINGS:
            raise NoConvergence(
                f"{label} is not proved analytic in the angle near {middle:.12g} "
                f"(t near {cos(middle):.12g}), so quadrature has no error bound"
            )
        inner = fmpq(round(middle / pi * 2**60), 2**60)
        stack += [(inner, high, halvings + 1), (low, inner, halvings + 1)]
