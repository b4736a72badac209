"""All levels of a kernel on a finite domain: the hypercube, or points of the circle."""

from math import log2

from flint import fmpq

from numerics.numbers.ball import Ball
from numerics.numbers.memory_limit import require_memory
from numerics.numbers.precision import bits_for
from numerics.numbers.precision_search import raise_bits
from numerics.spectra.domains import circle, closed_forms, hypercube
from numerics.spectra.domains.polynomial_kernels import (
    circle_eigenvalues,
    taylor_coefficients,
)
from numerics.spectra.kernel_evaluation import evaluator
from theory.domains import Hypercube, UnitCircle
from theory.errors import NoConvergence, NotEvaluable
from theory.kernels import Kernel
from theory.kernels.vanishing_levels import vanishing_levels

OBJECT_BYTES = 600
"""What the objects that hold one level take, besides their digits."""
DECIDING = 1 << 19
"""Bits times levels that are spent on a level whose sign is open."""


def levels(kernel: Kernel, domain: Hypercube | UnitCircle, digits: int) -> list[Ball]:
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
    _check_memory(domain, size, start)
    exact = _exact(kernel, domain)
    if exact is not None:
        return exact
    run = evaluator(kernel, domain)
    zeros = vanishing_levels(kernel, domain)

    def compute(bits: int) -> list[Ball]:
        if isinstance(domain, Hypercube):
            balls = hypercube.eigenvalues(run, size - 1, bits, digits)
        else:
            balls = circle.eigenvalues(run, int(domain.points), bits)
        return [
            Ball.exact(0, "zero by parity") if any(z.covers(k) for z in zeros) else x
            for k, x in enumerate(balls)
        ]

    depth = 64 * size if isinstance(domain, Hypercube) else 32 * size
    most = start + min(depth, 200_000) + 2000
    deciding = start + DECIDING // size
    try:
        balls = raise_bits(compute, start, most, digits)
        if any(x.sign is None for x in balls):
            balls = _in_closed_form(kernel, domain, balls, start, digits)
        if any(x.sign is None for x in balls) and deciding > most:
            balls = raise_bits(compute, start, deciding, digits, deciding)
    except NoConvergence as error:
        msg = f"{kernel} on {domain}: {error}"
        raise NoConvergence(msg) from None
    return balls


def _in_closed_form(
    kernel: Kernel,
    domain: Hypercube | UnitCircle,
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


def _exact(kernel: Kernel, domain: Hypercube | UnitCircle) -> list[Ball] | None:
    """Exact rational levels of kernels with rational values or coefficients."""
    if isinstance(domain, UnitCircle):
        coefficients = taylor_coefficients(kernel, domain)
        points = int(domain.points)
        return circle_eigenvalues(coefficients, points) if coefficients else None
    run, d = evaluator(kernel, domain), int(domain.d)
    if not isinstance(run(fmpq(1, 2 * d + 1)), fmpq):
        return None
    return hypercube.exact_eigenvalues(run, d)


def _check_memory(domain: Hypercube | UnitCircle, size: int, bits: int) -> None:
    wide = bits + size if isinstance(domain, Hypercube) else bits
    needed = size * (wide // 8 * 6 + OBJECT_BYTES)
    require_memory(needed, f"{domain}: {size} levels at {wide} bits")
