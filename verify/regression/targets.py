"""Targets: a function becomes level powers, and level powers become a function.

On these domains the theory's averages see a target through its level powers alone, and
so do the exact averages over data sets: a whole level transforms irreducibly under the
domain's symmetries. So any function with these powers measures the same means.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Rational

from numerics.targets.target_function import TargetFunction
from numerics.targets.target_reading import read_target
from numerics.targets.written_functions import WrittenFunction
from theory import OutOfDomain, Unsupported
from verify.regression.domains.arrays import DomainArrays
from verify.regression.pair_functions import Pairs

MAX_VALUES = 1 << 20
ROUNDING = 1e-13
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Target:
    """A target function, in terms of the domain's modes or by its values.

    Attributes
    ----------
    powers
        Level → power: the sum of squared coefficients over the level.
    values
        The function on all points of a finite domain, or None where it is
        Σ √power · (mode 0 of the level).
    label
        What to call a function in tables.
    """

    powers: Mapping[int, Any]
    values: Floats | None = field(default=None, repr=False)
    label: str = ""

    @property
    def power(self) -> float:
        """Mean square of the function."""
        return float(sum(self.powers.values()))

    @property
    def text(self) -> str:
        """The powers as text, such as ``1=1,3=1/2``; a function carries a hash."""
        listed = ",".join(f"{k}={p}" for k, p in self.powers.items())
        if self.values is None:
            return listed
        return f"function:{hashlib.sha256(self.values.tobytes()).hexdigest()[:16]}"

    def __str__(self) -> str:
        return self.label or self.text

    def at(self, place: DomainArrays, x: Any) -> Floats:
        """The function at points of the domain."""
        if self.values is not None:
            return self.values[x]
        return self._mixed(place, x, lambda _: 1.0)

    def smoothed(self, place: DomainArrays, pairs: Pairs, x: Any) -> Floats:
        """∫ K(x, z) f(z): every level times its eigenvalue."""
        if self.values is None:
            return self._mixed(place, x, lambda k: float(pairs.eigenvalues[k]))
        finite: Any = place
        return finite.smooth(pairs.eigenvalues, self.values)[x]

    def _mixed(
        self, place: DomainArrays, x: Any, factor: Callable[[int], float]
    ) -> Floats:
        total = 0.0
        for level, power in self.powers.items():
            wave = place.mode(level, 0, x)
            total = total + factor(level) * sqrt(float(power)) * wave
        return np.asarray(total)

    def amplitude(self, place: DomainArrays, level: int, number: int) -> float:
        """The coefficient of one mode."""
        if self.values is None:
            return sqrt(float(self.powers.get(level, 0))) if number == 0 else 0.0
        assert place.points is not None
        wave = place.mode(level, number, np.arange(place.points))
        return float(np.mean(wave * self.values))


def target(given: Any, domain: Any, place: DomainArrays) -> Target:
    """A target from level powers or from a function.

    Parameters
    ----------
    given
        What ``read_target`` takes: level → power, text such as ``1=1,3=1/2`` or
        ``expr:Max(x1, x2)``, a function of a point, or values on all points. On infinite
        domains only its level powers are used.

    Raises
    ------
    OutOfDomain
        When a level does not exist, a power is negative, or nothing is left.
    Unsupported
        When a function on an infinite domain has no finite list of level powers.

    Examples
    --------
    >>> from theory import domains
    >>> from verify.regression.domains.arrays import arrays_of
    >>> cube = domains.parse("hypercube:3")
    >>> target(lambda x: x[0] * x[1] + 2 * x[2], cube, arrays_of(cube)).powers
    {1: 4, 2: 1}
    >>> target("expr:Max(x1, x2)", cube, arrays_of(cube)).powers
    {0: 1/4, 1: 1/2, 2: 1/4}
    """
    if isinstance(given, Target):
        return given
    goal = read_target(given, domain)
    if goal.function is not None:
        return _from_function(goal, domain, place)
    kept = {k: p for k, p in sorted(goal.items()) if p != 0}
    return Target(kept, label=goal.label)


def _from_function(goal: TargetFunction, domain: Any, place: DomainArrays) -> Target:
    if place.points is None:
        return Target(goal.powers, label=goal.label)
    if place.points > MAX_VALUES:
        raise Unsupported(
            f"a function on {domain}: at most {MAX_VALUES} points are evaluated"
        )
    finite: Any = place
    points = finite.coordinates(np.arange(place.points))
    f: Any = goal.function
    if not isinstance(f, WrittenFunction):
        values = np.array([float(f(x)) for x in points])
    elif domain.by_angle:
        values = f.on_circle(place.points)
    else:
        values = f.at_points(points).astype(np.float64)
    if not np.all(np.isfinite(values)):
        where = points[int(np.argmin(np.isfinite(values)))]
        raise OutOfDomain(f"target at {where} is not a finite number")
    energies = finite.powers(values)
    kept = {k: e for k, e in enumerate(energies) if e > ROUNDING * energies.sum()}
    if not kept:
        raise OutOfDomain("target: the function vanishes on the whole domain")
    powers = {k: Rational(*float(e).as_integer_ratio()) for k, e in kept.items()}
    return Target(_plain(powers), values, goal.label)


def _plain(powers: dict[int, Rational]) -> dict[int, Rational]:
    """Powers that are a short fraction but for rounding become that fraction."""
    result = {}
    for k, value in powers.items():
        near = value.limit_denominator(1 << 16)
        close = abs(float(near - value)) <= 1e-14 * max(1.0, float(value))
        result[k] = near if close else value
    return result
