"""The circle by angles, and its equispaced points by number."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.networks.data_sources import modes
from verify.regression import draws

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CirclePointsArrays:
    """M equispaced points of the circle, by number."""

    points: int
    variables: tuple[str, ...] = ("theta",)

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Numbers of points."""
        return draws.finite_draws(None, self.points, n, trials, seed, replace=replace)

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Differences of numbers, modulo M."""
        del xp
        return (x[..., :, None] - y[..., None, :]) % self.points

    @property
    def half(self) -> Floats:
        """U = sin²(πm/M) of every difference m."""
        return np.sin(np.pi * np.arange(self.points) / self.points) ** 2

    @cached_property
    def zonal(self) -> Floats:
        """Cos kθ of every level at every difference."""
        turns = np.outer(range(self.points // 2 + 1), np.arange(self.points))
        return np.cos(2 * np.pi * (turns % self.points) / self.points)

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """√2 cos kθ or √2 sin kθ; cos kθ where the level has one mode."""
        # whole numbers first, so that the angle is reduced without rounding
        theta = modes.angles((level * np.asarray(x)) % self.points, self.points)
        single = self.modes_of(level) == 1
        return modes.wave(1, theta, single=single, sine=bool(number))

    def modes_of(self, level: int) -> int:
        """One for the constant and for the alternating mode."""
        return 1 if level == 0 or 2 * level == self.points else 2

    def coordinates(self, x: Any) -> Floats:
        """Angles θ."""
        return modes.angles(x, self.points)

    def vectors(self, x: Any) -> Floats:
        """Points of the unit circle."""
        return _on_circle(self.coordinates(x))

    def powers(self, values: Floats) -> Floats:
        """Power of a function in every level, by the Fourier transform."""
        energies = np.abs(self._transform(values)) ** 2
        return np.bincount(self._levels, energies).astype(np.float64)

    def smooth(self, eigenvalues: Floats, values: Floats) -> Floats:
        """The function with every level times its eigenvalue."""
        scaled = self._transform(values) * eigenvalues[self._levels]
        return np.fft.ifft(scaled).real * self.points

    @cached_property
    def _levels(self) -> NDArray[np.int64]:
        numbers = np.arange(self.points)
        return np.minimum(numbers, self.points - numbers)

    def _transform(self, values: Floats) -> Any:
        return np.fft.fft(values) / self.points


@dataclass(frozen=True)
class CircleArrays:
    """The circle, by angles."""

    points: None = None
    variables: tuple[str, ...] = ("theta",)

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Uniform angles."""
        del replace
        return draws.angles(n, trials, seed)

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Values of u = sin²(Δθ/2)."""
        return xp.sin((x[..., :, None] - y[..., None, :]) / 2) ** 2

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """√2 cos kθ or √2 sin kθ."""
        if level == 0:
            return np.ones(np.shape(x))
        return modes.wave(level, x, single=False, sine=bool(number))

    def modes_of(self, level: int) -> int:
        """Two, except for the constant."""
        return 1 if level == 0 else 2

    def vectors(self, x: Any) -> Floats:
        """Points of the unit circle."""
        return _on_circle(x)


def _on_circle(angles: Any) -> Floats:
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)
