"""Numbers beyond the range of float64: a mantissa in float64 and an exponent of two.

Eigenvalues on the 2000-dimensional hypercube fall to 10^−603, multiplicities rise to
10^600, and their products are ordinary numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.numbers.ball import Ball

LEAST, MOST = -1000, 1000
"""Exponents between which float64 has all its 53 bits, with room for products."""


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """mantissa · 2^exponent; 1/2 ≤ |mantissa| < 1, or mantissa 0.

    Attributes
    ----------
    mantissa
        float64, any shape.
    exponent
        int64, the same shape.

    Examples
    --------
    >>> large = Scaled.of_integers([2**3000, 3])
    >>> large.mantissa.tolist(), large.exponent.tolist()
    ([0.5, 0.75], [3001, 2])
    """

    mantissa: np.ndarray
    exponent: np.ndarray

    @classmethod
    def of(cls, values: Any) -> Scaled:
        """From float64."""
        mantissa, exponent = np.frexp(np.asarray(values, dtype=np.float64))
        return cls(mantissa, exponent.astype(np.int64))

    @classmethod
    def of_integers(cls, values: Sequence[int]) -> Scaled:
        """From whole numbers of any size, correctly rounded but for one unit."""
        shifts = [max(0, int(x).bit_length() - 64) for x in values]
        heads = [float(int(x) >> e) for x, e in zip(values, shifts, strict=True)]
        found = cls.of(heads)
        return cls(found.mantissa, found.exponent + np.array(shifts, dtype=np.int64))

    @classmethod
    def of_balls(cls, balls: Sequence[Ball]) -> Scaled:
        """From the midpoints of enclosures, rounded once; 0 where the sign is open.

        Examples
        --------
        >>> float(Scaled.of_balls([Ball.exact(3)]).floats()[0])
        3.0
        """
        mantissas = np.zeros(len(balls))
        exponents = np.zeros(len(balls), dtype=np.int64)
        for i, ball in enumerate(balls):
            if not ball.sign:
                continue
            if ball.rational is not None:
                p, q = int(ball.rational.p), int(ball.rational.q)
                shift = abs(p).bit_length() - q.bit_length()
                head = (p << max(0, 64 - shift)) // (q << max(0, shift - 64))
                mantissas[i], exponents[i] = float(head), -max(0, 64 - shift)
                exponents[i] += max(0, shift - 64)
                continue
            man, exponent = ball.value.mid().man_exp()
            man, bits = int(man), abs(int(man)).bit_length()
            cut = max(0, bits - 64)
            mantissas[i] = float(man >> cut)
            exponents[i] = int(exponent) + cut
        found = cls.of(mantissas)
        return cls(found.mantissa, found.exponent + exponents)

    def __len__(self) -> int:
        return len(self.mantissa)

    def __getitem__(self, at: Any) -> Scaled:
        return Scaled(self.mantissa[at], self.exponent[at])

    def __mul__(self, other: Scaled) -> Scaled:
        found = Scaled.of(self.mantissa * other.mantissa)
        return Scaled(found.mantissa, found.exponent + self.exponent + other.exponent)

    def shifted(self, power: int) -> np.ndarray:
        """The numbers times 2^power in float64; 0 below its range, ∞ above."""
        exponent = np.clip(self.exponent + power, -1100, 1100).astype(np.int32)
        with np.errstate(over="ignore"):
            return np.ldexp(self.mantissa, exponent)

    def floats(self) -> np.ndarray:
        """The numbers in float64; 0 below its range, ∞ above."""
        return self.shifted(0)

    @property
    def log2(self) -> np.ndarray:
        """The logarithm to base 2 of the modulus; −∞ at 0."""
        with np.errstate(divide="ignore"):
            return np.log2(np.abs(self.mantissa)) + self.exponent

    def in_range(self) -> bool:
        """Whether float64 holds all of them with all its bits.

        Examples
        --------
        >>> Scaled.of([1e-300, 0.0]).in_range(), Scaled.of_integers([2**2000]).in_range()
        (True, False)
        """
        used = self.exponent[self.mantissa != 0]
        return bool(not len(used) or (used.min() >= LEAST and used.max() <= MOST))
