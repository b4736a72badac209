"""Means over pairs of points whose variances differ, for whole matrices at once.

With the Hermite coefficients a_n, b_n of φ at two variances, E φ(x)φ(y) = Σ a_n b_n cⁿ
and E(φ(x) − φ(y))² = Σ (a_n − b_n)² + 2 Σ a_n b_n (1 − cⁿ), sums that do not cancel for
close points. Coefficients belong to points, so that a matrix costs a sum for each entry.
Pairs at angles where a kink's series is cut too early are integrated one by one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Lambda

from numerics.duals.hermite_series import NEGLIGIBLE, HermiteSeries, hermite_many
from numerics.duals.line_functions import line_function
from numerics.duals.pair_quadrature import ROUNDING, pair_mean
from numerics.duals.tables import angle_of, half_table, plane
from theory.activations import z
from theory.activations.functions.breakpoints import jumps
from theory.errors import Unsupported

Floats = NDArray[np.float64]
MOST_PAIRS = 4000
"""Pairs of a matrix that are integrated one by one."""
KINKED = 1024
"""Coefficients of functions with kinks: matrices have many variances."""
NOISE = 2.0**-50
_known: dict[tuple[Lambda, float], HermiteSeries | None] = {}
MOST_KNOWN = 1 << 14


def _series(phi: Lambda, variances: list[float]) -> list[HermiteSeries | None]:
    missing = [v for v in variances if (phi, v) not in _known]
    if len(_known) + len(missing) > MOST_KNOWN:
        _known.clear()
        missing = variances
    found = hermite_many([plane(phi, v) for v in missing], KINKED)
    _known.update({(phi, v): x for v, x in zip(missing, found, strict=True)})
    return [_known[phi, v] for v in variances]


def masses(phi: Lambda, variances: Any) -> Floats:
    """E φ² at variances, an array of any shape.

    Examples
    --------
    >>> from sympy.abc import x
    >>> masses(Lambda(x, x**2), np.array([[1.0, 2.0]]))
    array([[ 3., 12.]])
    """
    listed, where = np.unique(variances, return_inverse=True)
    found = _series(phi, listed.tolist())
    return _masses(phi, listed, found)[where].reshape(np.shape(variances))


def _masses(phi: Lambda, listed: Floats, found: list[HermiteSeries | None]) -> Floats:
    pairs = zip(listed.tolist(), found, strict=True)
    own = [half_table(phi, v).at_one if x is None else x.mass for v, x in pairs]
    return np.array(own)


@dataclass(frozen=True, eq=False)
class PairSums:
    """The pairs of two arrays of variances at angles, which broadcast together.

    Attributes
    ----------
    phi
        The function.
    first, second
        Variances.
    half
        u = (1 − c)/2.
    """

    phi: Lambda
    first: Floats
    second: Floats
    half: Floats

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Of the result."""
        return np.broadcast_shapes(
            np.shape(self.first), np.shape(self.second), np.shape(self.half)
        )

    @cached_property
    def _sides(self) -> list[tuple[Floats, Floats, Floats]]:
        """Coefficients [n, *variances], masses and what was cut, for both sides."""
        found, length = [], 1
        for side in (self.first, self.second):
            variances, where = np.unique(side, return_inverse=True)
            held = _series(self.phi, variances.tolist())
            found.append((variances, held, where.reshape(np.shape(side))))
            length = max(length, *(len(x.coefficients) for x in held if x), 1)
        sides = []
        for variances, held, where in found:
            table = np.zeros((length, len(held)))
            rest = np.full(len(held), np.inf)
            mass = _masses(self.phi, variances, held)
            for k, x in enumerate(held):
                if x is None:
                    continue
                table[: len(x.coefficients), k] = x.coefficients
                rest[k] = x.rest
            sides.append((table[:, where], mass[where], rest[where]))
        return sides

    @cached_property
    def masses(self) -> tuple[Floats, Floats]:
        """E φ(x)² and E φ(y)²."""
        return self._sides[0][1], self._sides[1][1]

    @cached_property
    def _cosine(self) -> Floats:
        return 1 - 2 * np.asarray(self.half, dtype=np.float64)

    @cached_property
    def open(self) -> NDArray[np.bool_]:
        """Pairs for which the sums are cut too early."""
        (a, mass, rest), (_, other_mass, other_rest) = self._sides
        power = np.abs(self._cosine) ** len(a)
        with np.errstate(invalid="ignore"):
            missing = np.sqrt(rest) * np.sqrt(other_rest) * power
        allowed = NEGLIGIBLE * np.sqrt(mass) * np.sqrt(other_mass)
        return np.broadcast_to(~(missing <= allowed), self.shape)

    def dual(self) -> Floats:
        """E φ(x)φ(y)."""
        (a, *_), (b, *_) = self._sides
        total, c = np.zeros(self.shape), self._cosine
        for n in range(len(a) - 1, -1, -1):
            total *= c
            total += a[n] * b[n]
        return self._with_open(total, lambda x, y: x * y)

    def apart(self) -> tuple[Floats, Floats]:
        """(1 − cos)/2 of the angle between φ(x) and φ(y), and a bound of its error."""
        (a, mass, rest), (b, other_mass, other_rest) = self._sides
        rest, other_rest = (np.where(np.isinf(x), 0.0, x) for x in (rest, other_rest))
        square, tails = np.zeros(self.shape), np.zeros(self.shape)
        after, c = np.zeros(self.shape), self._cosine
        for n in range(len(a) - 1, -1, -1):
            square += (a[n] - b[n]) ** 2
            if n:
                after += a[n] * b[n]
                tails *= c
                tails += after
        square += 4 * np.asarray(self.half) * tails + rest + other_rest
        square = self._with_open(square, lambda x, y: (x - y) ** 2)
        spread = np.sqrt(mass) * np.sqrt(other_mass)
        norms = (mass - other_mass) / (np.sqrt(mass) + np.sqrt(other_mass))
        found = (square - norms**2) / (4 * spread)
        share = (np.abs(square) + norms**2) / (4 * spread)
        if np.any(share > 1):
            # very different norms: there the correlation itself keeps more digits
            found = np.where(share > 1, (1 - self.dual() / spread) / 2, found)
            share = np.minimum(share, 1.0)
        found = np.clip(found, 0.0, 1.0)
        rough = ROUNDING + 4 * self._noise
        error = rough * share + NOISE * np.sqrt(share) + NOISE * NOISE
        if jumps(self.phi(z)):
            error = error + NOISE  # strips between two jumps end at floats
        same = self._same
        return np.where(same, 0.0, found), np.where(same, 0.0, error)

    @cached_property
    def _same(self) -> NDArray[np.bool_]:
        """Pairs of one point with itself."""
        return np.broadcast_to(
            (np.asarray(self.first) == self.second) & (np.asarray(self.half) == 0),
            self.shape,
        )

    @cached_property
    def _noise(self) -> float:
        ends = np.min(self.first), np.min(self.second), np.max(self.first)
        return max(plane(self.phi, float(v)).noise for v in ends)

    def _with_open(
        self, values: Floats, integrand: Callable[[Floats, Floats], Floats]
    ) -> Floats:
        """The sums, with integrals where they are cut; one point twice has its own."""
        waiting = self.open & ~self._same
        rows = np.stack(
            [
                np.broadcast_to(x, self.shape)[waiting]
                for x in (self.first, self.second, self.half)
            ],
            axis=1,
        )
        unique, where = np.unique(rows, axis=0, return_inverse=True)
        if len(unique) > MOST_PAIRS:
            raise Unsupported(
                f"{len(unique)} means over pairs at small angles, or of functions that "
                f"grow fast, integrated one by one: at most {MOST_PAIRS}; use equal "
                "norms, or fewer points"
            )
        f = line_function(self.phi)
        found = [
            pair_mean(
                plane(self.phi, v),
                plane(self.phi, w),
                lambda x, y: integrand(f(x), f(y)),
                float(angle_of(half)),
            )[0]
            for v, w, half in unique.tolist()
        ]
        values = np.array(values)
        if len(unique):
            values[waiting] = np.array(found)[np.ravel(where)]
        alone = self.open & self._same
        if alone.any():
            own = masses(self.phi, np.broadcast_to(self.first, self.shape)[alone])
            values[alone] = own * integrand(np.ones(1), np.ones(1))
        return values

    def error(self, values: Any) -> Floats:
        """A bound of the error of ``dual``."""
        mass, other = self.masses
        return (ROUNDING + 4 * self._noise) * np.maximum(
            np.abs(values), np.sqrt(mass) * np.sqrt(other)
        )


__all__ = ["MOST_PAIRS", "PairSums", "masses"]
