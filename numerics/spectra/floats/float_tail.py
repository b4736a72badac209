"""The tail of an infinite spectrum in float64, as one level with its two exact sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from theory.errors import NotPositiveDefinite

if TYPE_CHECKING:
    from numerics.spectra.tails import Tail

EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class FloatTail:
    """The levels not listed, as one level that has their Σ g λ and Σ g λ².

    By Jensen's inequality it is the lower end of what they can add to n; the chord is
    the upper end (``numerics.spectra.tails``).

    Attributes
    ----------
    mass
        Σ g λ.
    mean
        Σ g λ² / Σ g λ, the eigenvalue of that one level.
    bound
        No eigenvalue of the tail exceeds it.
    mass_error, mean_error
        Absolute errors of the two.
    """

    mass: float
    mean: float
    bound: float
    mass_error: float = 0.0
    mean_error: float = 0.0

    @classmethod
    def of(cls, tail: Tail) -> FloatTail:
        """From a tail of balls.

        Raises
        ------
        NotPositiveDefinite
            When negative eigenvalues in the tail are not excluded.
        """
        if tail.positive is None:
            raise NotPositiveDefinite(
                "the levels above the listed ones are not proved to be non-negative; "
                "C has no value without that"
            )
        mass, square = tail.mass.midpoint, tail.square.midpoint
        bound = float(tail.bound.upper)
        mean = min(float(square / mass), bound)
        spread = float(tail.square.radius / mass) + EPS * mean
        if not mean > 0:
            mean, spread = bound / 2, bound / 2
        return cls(
            float(mass),
            mean,
            bound,
            float(tail.mass.radius) + EPS * float(mass),
            spread,
        )

    def spread(self, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far Σ g L and Σ g L (1 − L) of the tail may be from those of the one level.

        Examples
        --------
        >>> exact = FloatTail(2.0, 1.0, 1.0)            # twice λ = 1
        >>> [float(x) for x in exact.spread(np.array(1.0))]
        [0.0, 0.0]
        """
        x, m = self.mean, self.bound
        chord = self.mass * x * (m - x) / (c * (c + x) * (c + m))
        rough = self.mass_error / c + self.mass * self.mean_error / (c * (c + x))
        slope = lambda y: (2 * c + y) / (c + y) ** 2
        steep = self.mass * x / c * np.maximum(slope(x) - slope(m), 0.0)
        return chord + rough, steep + 2 * rough
