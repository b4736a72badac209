"""What every domain answers, and what it says to a level that it does not have."""

from typing import Any, Protocol

from sympy import Expr, Symbol, sympify

from theory.errors import OutOfDomain
from theory.notation import d as symbol_d
from theory.numbers import integer


class Domain(Protocol):
    """What every domain answers, with integers or with symbols."""

    @property
    def last_level(self) -> Any:
        """The highest level, or ∞."""
        ...

    @property
    def size(self) -> Any:
        """The number of points, or ∞."""
        ...

    def multiplicity(self, k: Any) -> Expr:
        """How many orthonormal eigenfunctions share level k."""
        ...

    def zonal(self, k: Any, t: Any) -> Expr:
        """The level's zonal function of the cosine, equal to 1 at t = 1."""
        ...

    def definition(self, kernel: Any, k: Any) -> Expr:
        """λ_k as the sum or integral that defines it."""
        ...


def level_of(domain: Any, k: Any) -> Expr:
    """A level as SymPy has it, where the domain has one.

    Raises
    ------
    OutOfDomain
        When it is no whole number, negative, or above the last level.
    """
    k = sympify(k)
    top = domain.last_level
    if k.is_number and not k.is_Integer:
        msg = f"level = {k} must be a whole number"
        raise OutOfDomain(msg)
    if k.is_negative or (k.is_Integer and top.is_number and k > top):
        msg = f"level = {k} is outside 0..{top} of {domain}"
        raise OutOfDomain(msg)
    return k


def dimension(value: Any, least: int) -> Expr:
    """A symbol, or a whole number of at least ``least``.

    Raises
    ------
    OutOfDomain
        When it is neither.
    """
    if isinstance(value, Symbol):
        return value
    return sympify(integer(value, "d", least=least))


def written(kernel: Any, at: Expr, dimension: Expr | None) -> Expr:
    """K at a cosine as one expression, with the symbol d bound by the domain."""
    from theory.chain import Chain

    e = kernel(at)
    e = e.expand() if isinstance(e, Chain) else e
    return e if dimension is None else e.subs(symbol_d, dimension)
