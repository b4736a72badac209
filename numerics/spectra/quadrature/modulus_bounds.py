"""|K| on boxes of complex angles, at a precision of which the layers leave something.

Each layer of a net can lose bits: where it drives equal inputs apart, every layer
multiplies the rounding errors of those before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import acb, arb

from numerics.interpreters.complex_angles.half_angle import (
    constant_on,
    has_poles,
    range_of,
    start,
)
from numerics.interpreters.complex_angles.jets import NotAnalytic
from numerics.interpreters.program import Program
from numerics.numbers.precision import working_precision
from theory.errors import NoConvergence
from theory.notation import u

LEAST_BITS = 64
MOST_BITS = 1024
ENOUGH_BITS = 16


@dataclass(frozen=True, slots=True)
class Modulus:
    """A bound of |K| on boxes of θ; call it at ``bits`` of precision.

    Attributes
    ----------
    program
        The kernel in the half-angle arithmetic, its constants folded.
    discs
        Boxes for further inputs of the program: the bound holds for every value in them.
    bits
        The precision to call it at.
    poles
        Whether some step of the kernel may have a pole.
    """

    program: Program
    discs: Mapping[Any, acb]
    bits: int
    poles: bool

    def __call__(self, theta: acb) -> arb:
        """An upper bound of |K| on the box.

        Raises
        ------
        NotAnalytic
            When K is not analytic on the box, or not proved to be.
        """
        return self._values(theta, self.discs).abs_upper()

    def _values(self, theta: acb, others: Mapping[Any, acb]) -> acb:
        at = start(theta)
        values = {name: constant_on(at, box) for name, box in others.items()}
        return range_of(self.program({**values, u: at}))

    def is_sharp(self, angles: Sequence[float]) -> bool:
        """Whether rounding leaves the kernel known well at real angles."""
        middles = {name: box.mid() for name, box in self.discs.items()}
        for theta in angles:
            try:
                value = self._values(acb(theta), middles)
            except (NotAnalytic, ZeroDivisionError):
                return False
            spread = arb(value.real.rad()) + value.imag.rad()
            if not spread * 2**ENOUGH_BITS < value.abs_upper() + 1:
                return False
        return True


def modulus(
    program: Program, angles: Sequence[float], discs: Mapping[Any, acb] | None = None
) -> Modulus:
    """The modulus of a program, at the first precision that is sharp at real angles.

    Where none is, as at angles where K is not analytic, it is the least one that knows
    the program's constants.

    Raises
    ------
    NoConvergence
        When no precision knows these.

    Examples
    --------
    >>> from numerics.interpreters.complex_angles.half_angle import HALF_ANGLE
    >>> from numerics.interpreters.program import build
    >>> found = modulus(build(u, HALF_ANGLE), [0.0, 3.0])
    >>> found.bits, round(float(found(acb(arb.pi()))), 9)
    (64, 1.0)
    """
    poles, least, bits = has_poles(program), None, LEAST_BITS
    while bits <= MOST_BITS:
        with working_precision(bits):
            try:
                folded = program.constants_folded()
            except (NotAnalytic, ZeroDivisionError):
                bits *= 2
                continue
            found = Modulus(folded, discs or {}, bits, poles)
            if found.is_sharp(angles):
                return found
        least, bits = least or found, 2 * bits
    if least is None:
        raise NoConvergence(
            f"constants of the kernel are not known at {MOST_BITS} bits"
        )
    return least
