"""Refine a spectrum: fill missing levels, add levels, add sums over its tail."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sympy import oo

from numerics.numbers.precision import bits_for
from numerics.spectra.high_levels.tail_sums import sums_above
from numerics.spectra.levels import Spectrum
from theory.domains import Domain
from theory.errors import NoConvergence, NotEvaluable, OutOfDomain

TAIL_SUMS_FROM = 200
MAX_LAST = 3000
MAX_REFINEMENTS = 2


def with_tail_sums(s: Spectrum) -> Spectrum:
    """The same spectrum with Σ g λ^m over its tail for every power m.

    Raises
    ------
    NoConvergence
        When the kernel's high levels have no expansion, or the last level listed is too
        low for it; on domains that are no spheres.

    Examples
    --------
    >>> from numerics import spectrum
    >>> s = spectrum("laplace:width=1", "circle", levels=range(201), digits=10)
    >>> sums = with_tail_sums(s).tail.sums
    >>> bool(sums.moment(1).overlaps(s.tail_mass.value))
    True
    """
    if s.kernel is None or s.domain is None or s.is_complete:
        return s
    if not s.domain.is_sphere:
        raise NoConvergence(
            f"{s.domain}: sums over its tail are known on spheres and the circle only"
        )
    after, bits = s.levels[-1].index, bits_for(s.asked) + 64
    sums = sums_above(s.kernel, s.domain, after, bits)
    return replace(s, tail=replace(s.tail, sums=sums))


def refined(s: Spectrum) -> Spectrum | None:
    """The spectrum with more known of its tail, or None where that has an end.

    Sums over the tail are tried before levels are added once many are listed.
    """
    last = s.levels[-1].index
    if s.is_complete or s.recompute is None:
        return None
    high = last >= TAIL_SUMS_FROM and s.domain is not None and s.domain.is_sphere
    if high and s.tail.sums is None:
        try:
            return with_tail_sums(s)
        except (NoConvergence, NotEvaluable):
            high = False
    if last >= MAX_LAST:
        return None
    longer = s.extend(min(MAX_LAST, 2 * last + 10))
    return with_tail_sums(longer) if high else longer


def completed(s: Spectrum) -> Spectrum:
    """The spectrum without gaps: all levels of a finite domain, 0 to last otherwise."""
    if s.recompute is None or s.domain is None:
        return s
    top = last_level(s.domain)
    if s.is_contiguous and (top is None or len(s.levels) == top + 1):
        return s
    last = s.levels[-1].index if top is None else top
    return s.recompute(levels=range(last + 1), digits=s.asked)


def counted(s: Spectrum, n: Any) -> Spectrum:
    """The spectrum with digits enough to see whether n is below N, if they can be had.

    Examples
    --------
    >>> one = Spectrum.from_levels([(1, 3)])
    >>> counted(one, 3) is one
    True
    """
    for _ in range(MAX_REFINEMENTS):
        if n < s.modes or not s.is_open:
            break
        finer = s.refine(2 * s.asked + 20)
        if finer is s:
            break
        s = finer
    return s


@lru_cache(maxsize=256)
def last_level(domain: Domain) -> int | None:
    """The last level of a finite domain, None for an infinite one.

    Raises
    ------
    OutOfDomain
        When the domain has a symbol in place of a number.

    Examples
    --------
    >>> from theory import Hypersphere, UnitCircle
    >>> last_level(UnitCircle(9)), last_level(Hypersphere(3))
    (4, None)
    """
    if domain.free_symbols:
        raise OutOfDomain(
            f"{domain} has a symbol in place of a number; numbers are needed"
        )
    top = domain.last_level
    return None if top == oo else int(top)
