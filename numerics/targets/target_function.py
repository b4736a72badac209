"""A target: its power by level, and where it is known its part in each level at points."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, fmpq

from numerics.targets.zonal_functions import first_mode, points_on
from theory.errors import Unsupported

Part = Callable[[int, np.ndarray], np.ndarray]
SHORT = 1 << 16
ROUNDING = 1e-14


@dataclass(frozen=True, eq=False, repr=False)
class TargetFunction(Mapping[int, Any]):
    """Level → power, without empty levels; a mapping that predictions take.

    Attributes
    ----------
    powers
        The squared coefficients, summed over each level.
    domain
        Where the target lives; None where it has no points.
    label
        The text it was written as, or nothing.
    left_out
        Share of the power that lies above the listed levels and counts at the last one.
    part
        (level, points) → the target's part in that level there. None: the root of the
        level's power times its first mode, which is what a target of powers means.
    function
        The function of a point that was given, or None.

    Examples
    --------
    >>> from theory import Hypercube
    >>> f = TargetFunction({1: 4, 2: 1}, Hypercube(3))
    >>> f, f.at([1, -1, 1]).tolist()
    ({1: 4, 2: 1}, 1.0)
    """

    powers: Mapping[int, Any]
    domain: Any = None
    label: str = ""
    left_out: float = 0.0
    part: Part | None = field(default=None, repr=False)
    function: Callable[[Any], Any] | None = field(default=None, repr=False)

    def __getitem__(self, level: int) -> Any:
        return self.powers[level]

    def __iter__(self) -> Iterator[int]:
        return iter(self.powers)

    def __len__(self) -> int:
        return len(self.powers)

    def __repr__(self) -> str:
        return repr(dict(self.powers))

    def __hash__(self) -> int:
        return hash(tuple(self.powers.items()))

    def __reduce__(self) -> Any:
        """Without its parts: functions of a session are not stored."""
        return TargetFunction, (
            dict(self.powers),
            self.domain,
            self.label,
            self.left_out,
        )

    @property
    def text(self) -> str:
        """Level powers as text, such as ``1=3/4,3=1/4``: shown, with short fractions."""
        return ",".join(f"{k}={_short(p)}" for k, p in self.powers.items())

    def at_level(self, level: int, x: Any, *, proved: bool = False) -> np.ndarray:
        """The target's part in one level, at points as ``at`` takes them.

        Raises
        ------
        Unsupported
            When the target has no points, or its parts are known in float64 only.
        """
        if self.domain is None:
            raise Unsupported(f"target {self}: given levels have no points")
        array, _ = points_on(self.domain, x)
        if self.part is not None:
            if proved:
                raise Unsupported(
                    f"target {self.label or self}: the values of a function are computed "
                    "in float64; proved ones are those of level powers"
                )
            return np.asarray(self.part(level, array), dtype=np.float64)
        wave = first_mode(self.domain, level, array, proved=proved)
        power = Fraction(str(self.powers.get(level, 0)))
        if not proved:
            return float(power) ** 0.5 * wave
        scale = arb(fmpq(power.numerator, power.denominator)).sqrt()
        return np.array([scale * v for v in wave] + [None], dtype=object)[:-1]

    def at(self, x: Any) -> np.ndarray:
        """The target at points, from its parts.

        Parameters
        ----------
        x
            One point or several: corners ±1, vectors, or angles.
        """
        _, single = points_on(self.domain, x)
        total = sum(self.at_level(k, x) for k in self.powers)
        return np.asarray(total)[0] if single else np.asarray(total)


def _short(power: Any) -> str:
    """A power as a short fraction where that is it but for rounding, else as a decimal."""
    value = Fraction(str(power))
    near = value.limit_denominator(SHORT)
    if value == near or abs(near - value) <= ROUNDING * max(1, abs(value)):
        return str(near)
    return f"{float(value):.6g}"
