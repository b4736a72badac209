"""All levels of a kernel on a finite domain, by the transform of its kind.

The hypercube and points of the circle have fast ones; any other kind is summed by its
definition.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log2
from typing import Any

from flint import fmpq

from numerics.numbers.ball import Ball
from numerics.numbers.memory_limit import require_memory
from numerics.numbers.precision import bits_for
from numerics.numbers.precision_search import raise_bits
from numerics.spectra.domains import (
    circle,
    closed_forms,
    definition_sums,
    hypercube,
)
from numerics.spectra.domains.polynomial_kernels import (
    circle_eigenvalues,
    taylor_coefficients,
)
from numerics.spectra.kernel_evaluation import evaluator
from theory.domains import Domain
from theory.errors import NoConvergence, NotEvaluable
from theory.kernels import Kernel
from theory.kernels.vanishing_levels import vanishing_levels

OBJECT_BYTES = 600
"""What the objects that hold one level take, besides their digits."""
DECIDING = 1 << 19
"""Bits times levels that are spent on a level whose sign is open."""


@dataclass(frozen=True, slots=True)
class Transform:
    """How values of a kernel become the levels of one kind of finite domain.

    Attributes
    ----------
    exact
        Kernel and domain → rational levels, or None where they are not rational.
    eigenvalues
        A function of u, domain, bits and digits → enclosures of all levels.
    depth
        Bits for each level by which the precision may be raised.
    wide
        Whether numbers grow by a bit with every level.
    """

    exact: Callable[[Kernel, Any], list[Ball] | None]
    eigenvalues: Callable[[Any, Any, int, int], list[Ball]]
    depth: int = 32
    wide: bool = False


def levels(kernel: Kernel, domain: Domain, digits: int) -> list[Ball]:
    """λ_0, λ_1, … of every level, in order.

    Raises
    ------
    Unsupported
        When they would not fit into memory.
    NoConvergence
        When the digits could not be reached.
    """
    size = int(domain.last_level) + 1
    start = bits_for(digits) + int(log2(size)) + 12
    transform = transform_of(domain)
    _check_memory(domain, size, start, transform)
    exact = transform.exact(kernel, domain)
    if exact is not None:
        return exact
    run = evaluator(kernel, domain)
    zeros = vanishing_levels(kernel, domain)

    def compute(bits: int) -> list[Ball]:
        balls = transform.eigenvalues(run, domain, bits, digits)
        return [
            Ball.exact(0, "zero by parity") if any(z.covers(k) for z in zeros) else x
            for k, x in enumerate(balls)
        ]

    most = start + min(transform.depth * size, 200_000) + 2000
    deciding = start + DECIDING // size
    try:
        balls = raise_bits(compute, start, most, digits)
        if any(x.sign is None for x in balls):
            balls = _in_closed_form(kernel, domain, balls, start, digits)
        if any(x.sign is None for x in balls) and deciding > most:
            balls = raise_bits(compute, start, deciding, digits, deciding)
    except NoConvergence as error:
        raise NoConvergence(f"{kernel} on {domain}: {error}") from None
    return balls


def _in_closed_form(
    kernel: Kernel,
    domain: Domain,
    balls: list[Ball],
    start: int,
    digits: int,
) -> list[Ball]:
    """The levels whose sign is open by theory's closed rules, which keep all digits.

    A Gaussian on the cube is a product of d factors: its eigenvalues are powers of
    sinh and cosh, positive however small they are.
    """
    unknown = [k for k, x in enumerate(balls) if x.sign is None]

    def compute(bits: int) -> list[Ball]:
        return closed_forms.levels(kernel, domain, unknown, bits)

    try:
        found = raise_bits(compute, start, 8 * start + 2000, digits)
    except (NotEvaluable, NoConvergence):
        return balls
    decided = dict(zip(unknown, found, strict=True))
    return [
        decided[k] if k in decided and decided[k].sign is not None else x
        for k, x in enumerate(balls)
    ]


def _exact_on_cube(kernel: Kernel, domain: Any) -> list[Ball] | None:
    run, d = evaluator(kernel, domain), int(domain.d)
    if not isinstance(run(fmpq(1, 2 * d + 1)), fmpq):
        return None
    return hypercube.exact_eigenvalues(run, d)


def _exact_on_points(kernel: Kernel, domain: Any) -> list[Ball] | None:
    coefficients = taylor_coefficients(kernel, domain)
    points = int(domain.points)
    return circle_eigenvalues(coefficients, points) if coefficients else None


TRANSFORMS = {
    "hypercube": Transform(
        _exact_on_cube,
        lambda run, domain, bits, digits: hypercube.eigenvalues(
            run, int(domain.d), bits, digits
        ),
        depth=64,
        wide=True,
    ),
    "circle_points": Transform(
        _exact_on_points,
        lambda run, domain, bits, _: circle.eigenvalues(run, int(domain.points), bits),
    ),
}
"""Kind of domain → its transform."""
BY_DEFINITION = Transform(
    definition_sums.exact_eigenvalues, definition_sums.eigenvalues, depth=64
)


def transform_of(domain: Domain) -> Transform:
    """The transform of the domain's kind, or the sum that defines its levels."""
    return TRANSFORMS.get(domain.kind, BY_DEFINITION)


def _check_memory(domain: Domain, size: int, bits: int, transform: Transform) -> None:
    wide = bits + size if transform.wide else bits
    needed = size * (wide // 8 * 6 + OBJECT_BYTES)
    require_memory(needed, f"{domain}: {size} levels at {wide} bits")
