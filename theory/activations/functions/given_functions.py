"""Activations that a user gives as code: a function of arrays behind a name."""

from collections.abc import Callable
from typing import Any, ClassVar

from sympy import Expr, Function


class GivenFunction(Function):
    """A function of z known by its values alone; make one with ``given``.

    Attributes
    ----------
    values
        Takes and returns arrays.
    slope
        The class of its derivative, if it is one of a given function itself.
    """

    nargs = 1
    values: ClassVar[Callable[[Any], Any]]
    slope: ClassVar[Any] = None
    breaks: ClassVar[tuple[float, ...]] = ()

    def fdiff(self, argindex: int = 1) -> Expr:  # noqa: ARG002
        """The derivative, a given function of its own."""
        return type(self).slope(self.args[0])


def given(
    name: str,
    values: Callable[[Any], Any],
    slope: Callable[[Any], Any],
    breaks: tuple[float, ...] = (),
) -> type[GivenFunction]:
    """A SymPy function with these values and this slope.

    Examples
    --------
    >>> from theory.activations.hermite import z
    >>> f = given("cube", lambda x: x**3, lambda x: 3 * x**2)
    >>> f(z).diff(z)
    cube'(z)
    """
    wrap = lambda f: staticmethod(f)
    prime = type(
        f"{name}'", (GivenFunction,), {"values": wrap(slope), "breaks": breaks}
    )
    return type(
        name,
        (GivenFunction,),
        {"values": wrap(values), "slope": prime, "breaks": breaks},
    )
