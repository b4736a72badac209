"""Selected levels of an infinite domain, those above 1000 one by one by expansion."""

from collections.abc import Callable, Sequence

from numerics.numbers.ball import Ball
from numerics.numbers.memory_limit import require_memory
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra.domains import harmonics
from numerics.spectra.domains.polynomial_kernels import taylor_coefficients
from numerics.spectra.high_levels.expansion import MAX_TERMS, levels_by_expansion
from numerics.spectra.high_levels.tail_sums import sums_above
from numerics.spectra.levels import Spectrum
from numerics.spectra.one_level import Level
from numerics.spectra.positivity import why_positive
from numerics.spectra.tails import Tail
from theory.domains import Domain
from theory.errors import NoConvergence, NotEvaluable
from theory.kernels import Kernel
from theory.kernels.vanishing_levels import vanishing_levels

EXPANSION = "expansion at t = ±1"
EXPANDED_FROM = 1000
"""Levels above this one are computed from the expansion of the kernel at t = ±1."""
MAX_FULL = 10_000
GUARD_BITS = 64


def enclose_selected(
    kernel: Kernel,
    domain: Domain,
    wanted: Sequence[int],
    digits: int,
    full: Callable[[int], Spectrum],
) -> Spectrum:
    """Some levels, in order, the last of them high.

    Parameters
    ----------
    full
        Last level → the spectrum with all levels up to it.

    Raises
    ------
    NoConvergence
        When a high level has no expansion that proves the digits.
    Unsupported
        When so many digits would not fit into memory.
    """
    degree = len(taylor_coefficients(kernel, domain) or ())
    bits = bits_for(digits)
    needed = bits // 8 * (len(wanted) + 8 * MAX_TERMS)
    require_memory(needed, f"{domain}: {len(wanted)} levels at {bits} bits")
    if degree:
        whole = full(degree)
        zero = Ball.exact(0, whole.levels[-1].eigenvalue.method)
        rows = [
            whole.levels[k] if k <= degree else Level(k, zero, _multiplicity(domain, k))
            for k in wanted
        ]
        return Spectrum(tuple(rows), Tail.empty(), kernel, domain, digits)
    low = [k for k in wanted if k <= EXPANDED_FROM]
    high = [k for k in wanted if k > EXPANDED_FROM]
    try:
        found, tail = enclose_high(kernel, domain, high, digits)
    except (NoConvergence, NotEvaluable):
        if high[-1] > MAX_FULL:
            raise
        whole = full(high[-1])
        rows = [whole.levels[k] for k in wanted]
        return Spectrum(tuple(rows), whole.tail, kernel, domain, digits)
    first = full(low[-1]).levels if low else ()
    rows = [first[k] for k in low] + [
        Level(k, x, _multiplicity(domain, k)) for k, x in zip(high, found, strict=True)
    ]
    result = Spectrum(tuple(rows), tail, kernel, domain, digits)
    result.require_positive()
    return result


def _multiplicity(domain: Domain, k: int) -> int:
    return harmonics.multiplicity(int(domain.ambient), k)


def enclose_high(
    kernel: Kernel, domain: Domain, levels: Sequence[int], digits: int
) -> tuple[list[Ball], Tail]:
    """High levels, one by one, and the tail above the last of them.

    Raises
    ------
    NoConvergence
        When the kernel has no expansion at the ends of the angles, when a level is too
        low for it, or when nothing but a ball around 0 is left of a level.
    """
    d = int(domain.ambient)
    zeros = vanishing_levels(kernel, domain)
    asked = [k for k in levels if not any(z.covers(k) for z in zeros)]
    values = dict(
        zip(asked, levels_by_expansion(kernel, domain, asked, digits), strict=True)
    )
    for k, x in values.items():
        if x.contains(0):
            raise NoConvergence(
                f"kernel {kernel} on {domain}: level {k} is below {x.abs_upper().str(3)}, "
                "smaller than any power of k that its expansion at t = ±1 holds"
            )
    balls = [
        Ball(values[k], None, EXPANSION)
        if k in values
        else Ball.exact(0, "zero by parity")
        for k in levels
    ]
    sums = sums_above(kernel, domain, max(levels), bits_for(digits) + GUARD_BITS)
    positive = why_positive(kernel, d)
    with working_precision(sums.bits):
        mass, square = sums.moment(1), sums.moment(2).nonnegative_part()
        mass = mass.nonnegative_part() if positive else mass
    name = "Hurwitz zetas of the levels above"
    tail = Tail(
        Ball(mass, None, name),
        Ball(square, None, name),
        Ball(sums.bound(), None, "no eigenvalue of the tail is larger"),
        positive,
        sums,
    )
    return balls, tail
