"""Kind of domain → how the levels of a kernel on it are enclosed.

A finite domain whose definition of λ_k is a finite sum needs no entry: its levels are
summed in balls. Any other kind is enclosed by the function that is registered for it.
"""

from collections.abc import Callable
from typing import Any

from sympy import oo

from numerics.numbers.ball import Ball
from numerics.spectra.domains import finite_domains, harmonics, sphere
from numerics.spectra.domains.hypercube import binomials
from numerics.spectra.tails import Tail
from theory.domains import Domain
from theory.domains.registry import nothing_registered
from theory.domains.weights import weights
from theory.errors import OutOfDomain, Unsupported
from theory.kernels import Kernel

Enclose = Callable[[Kernel, Any, int, int], tuple[list[Ball], Tail]]


def finite(
    kernel: Kernel, domain: Domain, last: int, digits: int
) -> tuple[list[Ball], Tail]:
    """All levels of a finite domain; nothing is above them."""
    del last
    return finite_domains.levels(kernel, domain, digits), Tail.empty()


ENCLOSURES: dict[str, Enclose] = {
    "hypercube": finite,
    "circle_points": finite,
    "sphere": sphere.enclose,
    "circle": sphere.enclose,
}
MULTIPLICITIES: dict[str, Callable[[Any, int], list[int]]] = {
    "hypercube": lambda _, last: list(binomials(last)),
    "sphere": lambda domain, last: harmonics.multiplicities(int(domain.d), last),
    "circle": lambda _, last: harmonics.multiplicities(2, last),
}
"""Multiplicities of many levels at once, where a recurrence is faster."""


def register(kind: str, enclose: Enclose) -> None:
    """Enclose the levels on domains of a kind by a function of one's own.

    Parameters
    ----------
    kind
        The ``kind`` of the domains.
    enclose
        (kernel, domain, last, digits) → enclosures of λ_0, …, λ_last, and the tail
        above them: Σ g λ, Σ g λ² and a bound, or ``Tail.empty()``.

    Raises
    ------
    OutOfDomain
        When the kind has an enclosure already.
    """
    if ENCLOSURES.setdefault(kind, enclose) is not enclose:
        raise OutOfDomain(f"kind = {kind!r} has an enclosure already")


def enclosure_of(domain: Domain) -> Enclose:
    """The enclosure of the domain's kind; a finite sum where that is its definition.

    Raises
    ------
    Unsupported
        When nothing is registered and the definition is no finite sum.
    """
    known = ENCLOSURES.get(domain.kind)
    if known is not None:
        return known
    where = "numerics.spectra.enclosures.register"
    if domain.last_level != oo and domain.invariant == "cosine":
        try:
            weights(domain, 0)
        except Unsupported as error:
            raise Unsupported(
                f"{error}, and no enclosure is registered; {where} adds one"
            ) from None
        return finite
    raise Unsupported(
        nothing_registered(domain, "no enclosure of levels is registered", where)
    )


def multiplicities(domain: Domain, last: int) -> list[int]:
    """g_0, …, g_last.

    Examples
    --------
    >>> from theory.domains import UnitCircle
    >>> multiplicities(UnitCircle(4), 2)
    [1, 2, 1]
    """
    many = MULTIPLICITIES.get(domain.kind)
    if many is not None:
        return many(domain, last)
    return [int(domain.multiplicity(k)) for k in range(last + 1)]
