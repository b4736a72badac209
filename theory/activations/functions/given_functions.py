"""Activations that a user gives as code: a function of arrays behind a name."""

import sys
from collections.abc import Callable
from typing import Any, ClassVar

from sympy import Expr, Function

from theory.errors import OutOfDomain

STEP = 2.0**-10
"""Of differences; a slope by them is right to about its fourth power."""
REACH = 16
"""How far from 0 a given function is looked at."""
TOLERATED = 1e-7
NEAR = 1e-6
"""Differences so close to a break lose digits."""


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


def in_float64(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function, which keeps NumPy's float64 also where it is JAX's.

    JAX alone would compute in float32; its own arrays and tracers pass as they are.

    Examples
    --------
    >>> import numpy as np
    >>> in_float64(np.sin)(np.array([0.0]))
    array([0.])
    """

    def values(x: Any) -> Any:
        jax = sys.modules.get("jax")
        if jax is None or type(x).__module__ != "numpy":
            return f(x)
        # the name since JAX 0.8, or the older one
        new = hasattr(jax, "enable_x64")
        wide = jax.enable_x64 if new else jax.experimental.enable_x64
        with wide(True):
            found = f(x)
            return found.__array__() if isinstance(found, jax.Array) else found

    return values


def differences(
    f: Callable[[Any], Any], breaks: tuple[float, ...], step: float = STEP
) -> Callable[[Any], Any]:
    """f′ by differences of fourth order that never reach across a break.

    Examples
    --------
    >>> import numpy as np
    >>> slope = differences(abs, (0.0,))
    >>> slope(np.array([-1e-5, 1e-5, 2.0])).round(6).tolist()
    [-1.0, 1.0, 1.0]
    """

    def slope(x: Any) -> Any:
        h = step + 0 * x
        for at in breaks:
            room = abs(x - at) * 0.4
            h = (h + room - abs(h - room)) / 2  # the smaller one, of JAX's arrays too
        h = h + 2.0**-60  # at a break itself
        near = (f(x + h) - f(x - h)) / ((x + h) - (x - h))
        far = (f(x + 2 * h) - f(x - 2 * h)) / ((x + 2 * h) - (x - 2 * h))
        return (4 * near - far) / 3

    return slope


def require_slope(
    f: Callable[[Any], Any], slope: Callable[[Any], Any], breaks: tuple[float, ...]
) -> None:
    """Refuse a function with a break that is not named, or a slope that is not its own.

    Integrals take f and f′ for smooth between the breaks; where they are not, no error
    that is stated of them would hold.

    Raises
    ------
    OutOfDomain
        When f does not keep arrays of float64, or naming the place where the slope and
        differences of a small step disagree.

    Examples
    --------
    >>> import numpy as np
    >>> require_slope(np.sin, np.cos, ())
    >>> require_slope(abs, differences(abs, (0.0,)), (0.0,))
    """
    import numpy as np

    x = np.arange(STEP / 3 - REACH, REACH, STEP / 2)
    with np.errstate(all="ignore"):
        values = np.asarray(f(x))
        if values.shape != x.shape or values.dtype != np.float64:
            raise OutOfDomain(
                f"the function makes {values.dtype} of shape {values.shape} of float64 of "
                f"shape {x.shape}; it must keep both"
            )
        stated = np.asarray(slope(x), float)
        found = np.asarray(differences(f, breaks, STEP / 4)(x), float)
        size = np.maximum(np.maximum(abs(values), abs(stated)), 1.0)
        off = abs(stated - found) / size
    near = [abs(x - at) < NEAR for at in breaks]
    off[~np.isfinite(off) | np.any([*near, np.zeros(len(x), bool)], axis=0)] = 0
    if off.max() > TOLERATED:
        raise OutOfDomain(
            f"the function is not smooth near z = {x[off.argmax()]:.4g}, or its slope is "
            "another one: name kinks and jumps by breaks=(…), and give f′ by slope= where "
            "it is steep"
        )
