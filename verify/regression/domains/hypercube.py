"""The corners of the hypercube as whole numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory.domains.krawtchouk import Krawtchouk
from verify.networks.data_sources import modes
from verify.regression import draws

MAX_BITS = 62
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CubeArrays:
    """Corners of {±1}^d as whole numbers, the first coordinate in the highest bit."""

    d: int

    @property
    def points(self) -> int:
        """2^d."""
        return 1 << self.d

    @property
    def variables(self) -> tuple[str, ...]:
        """A target is a function of the coordinates x1, …, xd."""
        return tuple(f"x{i + 1}" for i in range(self.d))

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Numbers of corners."""
        return draws.finite_draws(self.d, self.points, n, trials, seed, replace=replace)

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Hamming distances."""
        return xp.bitwise_count(x[..., :, None] ^ y[..., None, :])

    @property
    def half(self) -> Floats:
        """U = m/d of every distance m."""
        return np.arange(self.d + 1) / self.d

    @cached_property
    def zonal(self) -> Floats:
        """The zonal function of every level at every distance."""
        top, rows = self.d, range(self.d + 1)
        value = lambda k, h: float(Krawtchouk(k, h, top) / Krawtchouk(k, 0, top))
        return np.array([[value(k, h) for h in rows] for k in rows])

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """The parity of the first bits, or of the last."""
        low = (1 << level) - 1
        mask = low if number else low << (self.d - level)
        return 1.0 - 2.0 * (np.bitwise_count(x & mask) & 1)

    def modes_of(self, level: int) -> int:
        """Two, except for the constant and the full parity."""
        return 1 if level in (0, self.d) else 2

    def coordinates(self, x: Any) -> NDArray[np.int64]:
        """Corners as vectors of ±1, shape [..., d]."""
        return modes.corners(x, self.d)

    def vectors(self, x: Any) -> Floats:
        """Corners."""
        return self.coordinates(x).astype(np.float64)

    def powers(self, values: Floats) -> Floats:
        """Power of a function in every level, by the Walsh–Hadamard transform."""
        energies = np.abs(self._transform(values)) ** 2
        return np.bincount(self._levels, energies).astype(np.float64)

    def smooth(self, eigenvalues: Floats, values: Floats) -> Floats:
        """The function with every level times its eigenvalue."""
        scaled = self._transform(values) * eigenvalues[self._levels]
        return self._transform(scaled) * self.points

    @cached_property
    def _levels(self) -> NDArray[np.int64]:
        return np.bitwise_count(np.arange(self.points)).astype(np.int64)

    def _transform(self, values: Floats) -> Floats:
        row, half = np.array(values, dtype=np.float64), 1
        while half < len(row):
            pairs = row.reshape(-1, 2, half)
            sums = [pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]]
            row, half = np.stack(sums, axis=1).reshape(-1), 2 * half
        return row / self.points
