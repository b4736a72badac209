"""What regression needs of a domain, and the arrays behind every kind.

Every kernel here is a function of a pair's *code*: the Hamming distance on the cube, the
difference of numbers on M points of the circle, the number of a cosine on other finite
domains, and u = (1 − t)/2 on the circle and the sphere. A mode is a level and a number: 0
for the published target of that level (the parity of the first k bits, cos kθ, the zonal
harmonic about the first axis), 1 for another, orthogonal to it.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from theory import OutOfDomain, Unsupported
from theory.domains import Domain
from theory.domains.registry import nothing_registered
from verify.regression.domains.circle import CircleArrays, CirclePointsArrays
from verify.regression.domains.hypercube import MAX_BITS, CubeArrays
from verify.regression.domains.listed import ListedArrays
from verify.regression.domains.sphere import SphereArrays

Floats = NDArray[np.float64]


class DomainArrays(Protocol):
    """What regression needs of a domain."""

    @property
    def points(self) -> int | None:
        """M, or None where there are infinitely many."""
        ...

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of what a target function written as text depends on."""
        ...

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Training points of each trial, with leading shape [trial, n]."""
        ...

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Codes of all pairs, shape [trial, n, m], in NumPy or JAX (``xp``)."""
        ...

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """An orthonormal eigenfunction at points, shape [trial, n]."""
        ...

    def modes_of(self, level: int) -> int:
        """How many modes of a level are named here: 1 or 2."""
        ...

    def vectors(self, x: Any) -> Floats:
        """Points as vectors of equal norm, shape [..., dimension]."""
        ...


class FiniteArrays(DomainArrays, Protocol):
    """What it needs besides of a finite domain, whose points are numbered."""

    @property
    def half(self) -> Floats:
        """U = (1 − t)/2 of every code."""
        ...

    @property
    def zonal(self) -> Floats:
        """The zonal function of every level at every code, shape [level, code]."""
        ...

    def coordinates(self, x: Any) -> Any:
        """What a target function is called with, at points by number."""
        ...

    def powers(self, values: Floats) -> Floats:
        """Power of a function on all points, by level."""
        ...

    def smooth(self, eigenvalues: Floats, values: Floats) -> Floats:
        """∫ K(x, z) f(z): every level of a function times its eigenvalue."""
        ...


def _cube(domain: Any) -> CubeArrays:
    d = int(domain.d)
    if d > MAX_BITS:
        raise Unsupported(
            f"domain = {domain}: data sets are drawn for at most {MAX_BITS} bits"
        )
    return CubeArrays(d)


def _sphere(domain: Any) -> CircleArrays | SphereArrays:
    return CircleArrays() if domain.d == 2 else SphereArrays(int(domain.d))


ARRAYS: dict[str, Callable[[Any], DomainArrays]] = {
    "hypercube": _cube,
    "circle_points": lambda domain: CirclePointsArrays(int(domain.points)),
    "circle": lambda _: CircleArrays(),
    "sphere": _sphere,
}
"""Kind of domain → its arrays."""


def register(kind: str, arrays: Callable[[Any], DomainArrays]) -> None:
    """Draw points and modes of domains of a kind by arrays of one's own.

    A finite domain that lists its points (``vectors``) needs none.

    Raises
    ------
    OutOfDomain
        When the kind has arrays already.
    """
    if ARRAYS.setdefault(kind, arrays) is not arrays:
        raise OutOfDomain(f"kind = {kind!r} has arrays already")


def arrays_of(domain: Domain) -> DomainArrays:
    """The arrays behind a domain with numbers in it.

    Raises
    ------
    OutOfDomain
        When its size is a symbol.
    Unsupported
        When the cube has more than 62 bits, or nothing is registered for the kind of the
        domain and it does not list its points.

    Examples
    --------
    >>> from theory import domains
    >>> arrays_of(domains.parse("circle:12")).modes_of(6)
    1
    """
    if domain.free_symbols:
        raise OutOfDomain(f"domain = {domain} has a symbol in place of a number")
    known = ARRAYS.get(domain.kind)
    if known is not None:
        return known(domain)
    try:
        return ListedArrays(domain)
    except Unsupported as error:
        where = "verify.regression.domains.arrays.register"
        lacking = nothing_registered(domain, "no draws and modes are registered", where)
        raise Unsupported(f"{error}; {lacking}") from None
