"""One level of a spectrum, and levels read from a user's numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, fmpq

from numerics.interpreters.balls import rational
from numerics.numbers.ball import Ball
from theory import OutOfDomain
from theory.numbers import integer, shortened
from theory.numbers import rational as exact_rational


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One eigenvalue, shared by ``multiplicity`` orthonormal eigenfunctions.

    Two levels are equal when index, multiplicity and enclosure are the same.

    Raises
    ------
    OutOfDomain
        When the eigenvalue is no Ball, or a whole number is none or too small.
    """

    index: int
    eigenvalue: Ball
    multiplicity: int

    def at(self, bits: int) -> arb:
        """The eigenvalue for use in sums at a working precision.

        The theory holds for kernels without negative eigenvalues; so one whose sign is
        open lies between 0 and its upper end.
        """
        value = self.eigenvalue.at(bits)
        return value if self.eigenvalue.sign is not None else value.nonnegative_part()

    def __post_init__(self) -> None:
        if not isinstance(self.eigenvalue, Ball):
            raise OutOfDomain(
                f"eigenvalue = {self.eigenvalue!r:.80}: must be a Ball; "
                "Spectrum.from_levels takes numbers"
            )
        integer(self.index, "index", least=0)
        integer(self.multiplicity, "multiplicity", least=1)

    def __repr__(self) -> str:
        count = shortened(self.multiplicity)
        return f"Level({self.index}, {self.eigenvalue}, multiplicity={count})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Level):
            return NotImplemented
        return (
            (self.index, self.multiplicity) == (other.index, other.multiplicity)
        ) and self.eigenvalue.same_enclosure(other.eigenvalue)

    def __hash__(self) -> int:
        return hash((self.index, self.multiplicity, self.eigenvalue.midpoint))


def read_levels(levels: Iterable[tuple[Any, Any]]) -> tuple[Level, ...]:
    """Levels 0, 1, 2, … from pairs (λ, g) of exact numbers or Balls.

    Raises
    ------
    OutOfDomain
        When there is none, or a multiplicity is not a positive whole number.
    """
    rows = []
    for index, pair in enumerate(levels):
        value, count = _pair(pair, index)
        eigenvalue = value if isinstance(value, Ball) else _exact_ball(value, index)
        multiplicity = integer(count, f"multiplicity of level {index}", least=1)
        rows.append(Level(index, eigenvalue, multiplicity))
    if not rows:
        raise OutOfDomain("levels = []: a spectrum needs at least one level")
    return tuple(rows)


def read_eigenvalues(eigenvalues: Any) -> list[Any]:
    """Numbers of an array [mode]; floats are taken exactly as they are.

    Raises
    ------
    OutOfDomain
        When it is no array of one axis, empty, or an entry is not finite.
    """
    array = np.asarray(eigenvalues)
    if array.dtype.kind == "f":
        if not np.all(np.isfinite(array)):
            at = int(np.flatnonzero(~np.isfinite(array.ravel()))[0])
            raise OutOfDomain(
                f"eigenvalue {at} = {array.ravel()[at]} is not a finite number"
            )
        ratios = (float(x).as_integer_ratio() for x in array.ravel())
        values: list[Any] = [Ball.exact(fmpq(*ratio)) for ratio in ratios]
    else:
        values = list(array.ravel().tolist())
    if array.ndim != 1 or not values:
        raise OutOfDomain(
            f"eigenvalues must be an array [mode], not of shape {array.shape}"
        )
    return values


def _pair(given: Any, index: int) -> tuple[Any, Any]:
    if not isinstance(given, str):
        try:
            value, count = given
        except (TypeError, ValueError):
            pass
        else:
            return value, count
    raise OutOfDomain(
        f"level {index} = {given!r} is not a pair (eigenvalue, multiplicity)"
    )


def _exact_ball(value: Any, index: int) -> Ball:
    number = exact_rational(value, f"eigenvalue of level {index}")
    return Ball.exact(rational(number))
