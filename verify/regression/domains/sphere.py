"""The sphere by unit vectors."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import lgamma
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.networks.data_sources import modes
from verify.networks.data_sources.sampling import sphere_points

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SphereArrays:
    """The sphere S^{d−1}, d ≥ 3, by unit vectors."""

    d: int
    points: None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """A target is a polynomial of the coordinates x1, …, xd."""
        return tuple(f"x{i + 1}" for i in range(self.d))

    def draw(self, n: int, trials: Iterable[int], seed: int, *, replace: bool) -> Any:
        """Uniform unit vectors, shape [trial, n, d]."""
        del replace
        return np.stack([sphere_points(n, self.d, trial=t, seed=seed) for t in trials])

    def pair(self, x: Any, y: Any, xp: Any) -> Any:
        """Values of u = |x − y|²/4, which loses nothing for close points."""
        total = 0.0
        for axis in range(self.d):
            total = total + (x[..., :, None, axis] - y[..., None, :, axis]) ** 2
        return xp.clip(total / 4, 0.0, 1.0)

    def mode(self, level: int, number: int, x: Any) -> Floats:
        """The zonal harmonic about the first axis, or the sectoral one Re (x₂ + i x₃)^k."""
        if number == 0:
            return modes.zonal_harmonic(self.d, level, x[..., 0])
        # E |x₂ + i x₃|^{2k} = k! Γ(d/2)/Γ(d/2 + k), half of it in the real part
        mean = lgamma(level + 1) + lgamma(self.d / 2) - lgamma(self.d / 2 + level)
        wave = ((x[..., 1] + 1j * x[..., 2]) ** level).real
        return np.sqrt(2) * np.exp(-mean / 2) * wave

    def modes_of(self, level: int) -> int:
        """Two, except for the constant."""
        return 1 if level == 0 else 2

    def vectors(self, x: Any) -> Floats:
        """Unit vectors, as they are."""
        return np.asarray(x)
