"""Domains of published experiments: the hypercube, the circle and the sphere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from verify.networks.data_sources import modes
from verify.networks.data_sources.examples import (
    Examples,
    Floats,
    check_sampling,
    draw_from,
    level_of,
    target_names,
)
from verify.networks.data_sources.sampling import sphere_points
from verify.networks.errors import real, whole


@dataclass(frozen=True)
class HypercubeData:
    """The cube {±1}^dimension with parities of its first k bits as targets.

    Parameters
    ----------
    dimension : int
        From 1 to 20; all 2^dimension points are the test set, training points
        included.
    targets : tuple of str
        ``"parity:K"``, the product of the first K coordinates.
    seed : int
        Seed of the draws of training sets.
    sampling : {"without_replacement", "with_replacement"}
        How training points are drawn.

    Examples
    --------
    >>> data = HypercubeData(3, ("parity:0", "parity:2"))
    >>> example = data.examples(n=4, trials=(0, 1))
    >>> example.train_inputs.shape, example.train_targets.shape
    ((2, 4, 3), (2, 2, 4))
    >>> float(example.test_targets[1].sum())
    0.0
    """

    dimension: int
    targets: tuple[str, ...]
    seed: int = 0
    sampling: str = "without_replacement"

    def __post_init__(self) -> None:
        whole("dimension", self.dimension, 1, 20)
        object.__setattr__(self, "targets", target_names(self.targets))
        whole("seed", self.seed, 0)
        check_sampling(self.sampling)
        for name in self.targets:
            level_of(name, "parity", 0, self.dimension)

    @property
    def description(self) -> dict[str, Any]:
        """Describe the data."""
        return {
            "domain": f"hypercube:{self.dimension}",
            "targets": list(self.targets),
            "sampling": self.sampling,
            "seed": self.seed,
        }

    @cached_property
    def points(self) -> Floats:
        """All points [2^dimension, dimension]; the last coordinate changes fastest."""
        return modes.corners(np.arange(2**self.dimension), self.dimension).astype(float)

    def examples(self, n: int, trials: tuple[int, ...]) -> Examples:
        """Draw the training sets of some trials."""
        levels = [level_of(name, "parity", 0, None) for name in self.targets]
        values = np.stack([self.points[:, :k].prod(axis=1) for k in levels])
        return draw_from(self.points, values, n, trials, self.seed, self.sampling)


@dataclass(frozen=True)
class CircleData:
    """M equally spaced points on the circle with cosines and sines as targets.

    Parameters
    ----------
    points : int
        M, at least 1; all of them are the test set.
    targets : tuple of str
        ``"cos:K"`` (0 ≤ K ≤ M/2) and ``"sin:K"`` (0 < K < M/2), normalized to mean
        square 1.
    seed : int
        Seed of the draws of training sets.
    sampling : {"without_replacement", "with_replacement"}
        How training points are drawn.
    norm : float
        ‖x‖; √2 is the convention ‖x‖² = d, and 1 that of published runs.

    Examples
    --------
    >>> data = CircleData(10, ("cos:0", "cos:5", "sin:2"))
    >>> y = data.examples(n=3, trials=(0,)).test_targets
    >>> np.allclose(y @ y.T / 10, np.eye(3))
    True
    """

    points: int
    targets: tuple[str, ...]
    seed: int = 0
    sampling: str = "without_replacement"
    norm: float = math.sqrt(2)

    def __post_init__(self) -> None:
        whole("points", self.points, 1)
        object.__setattr__(self, "targets", target_names(self.targets))
        whole("seed", self.seed, 0)
        real("norm", self.norm, 0, strict=True)
        check_sampling(self.sampling)
        for name in self.targets:
            self._wave(name)

    def _wave(self, name: str) -> Floats:
        if name.startswith("sin:"):
            k, sine = level_of(name, "sin", 1, (self.points - 1) // 2), True
        else:
            k, sine = level_of(name, "cos", 0, self.points // 2), False
        single = 2 * k in (0, self.points)
        return modes.wave(k, self.angles, single=single, sine=sine)

    @property
    def angles(self) -> Floats:
        """The angles [M] of the points."""
        return modes.angles(np.arange(self.points), self.points)

    @property
    def description(self) -> dict[str, Any]:
        """Describe the data."""
        return {
            "domain": f"circle:{self.points}",
            "targets": list(self.targets),
            "sampling": self.sampling,
            "seed": self.seed,
            "norm": self.norm,
        }

    def examples(self, n: int, trials: tuple[int, ...]) -> Examples:
        """Draw the training sets of some trials."""
        ring = np.stack([np.cos(self.angles), np.sin(self.angles)], axis=1)
        values = np.stack([self._wave(name) for name in self.targets])
        return draw_from(self.norm * ring, values, n, trials, self.seed, self.sampling)


@dataclass(frozen=True)
class SphereData:
    """The sphere S^{dimension−1} with zonal harmonics about the first axis as targets.

    Parameters
    ----------
    dimension : int
        Dimension of the space around the sphere, at least 3.
    targets : tuple of str
        ``"zonal:K"``, normalized to mean square 1 over the sphere.
    seed : int
        Seed of the training sets and of the test set.
    test_points : int
        Size of the test set, which is drawn afresh.
    norm : float, optional
        ‖x‖; √dimension by default.

    Examples
    --------
    >>> data = SphereData(3, ("zonal:0", "zonal:1"))
    >>> example = data.examples(n=2, trials=(0,))
    >>> np.allclose(example.test_targets[1], example.test_inputs[:, 0])  # √3 x₁
    True
    """

    dimension: int
    targets: tuple[str, ...]
    seed: int = 0
    test_points: int = 256
    norm: float | None = None

    def __post_init__(self) -> None:
        whole("dimension", self.dimension, 3)
        object.__setattr__(self, "targets", target_names(self.targets))
        whole("seed", self.seed, 0)
        whole("test_points", self.test_points, 1)
        if self.norm is not None:
            real("norm", self.norm, 0, strict=True)
        for name in self.targets:
            level_of(name, "zonal", 0, None)

    @property
    def description(self) -> dict[str, Any]:
        """Describe the data."""
        return {
            "domain": f"sphere:{self.dimension}",
            "targets": list(self.targets),
            "sampling": "uniform",
            "seed": self.seed,
            "test_points": self.test_points,
            "norm": self.norm,
        }

    def _values(self, cosine: Floats) -> Floats:
        levels = (level_of(name, "zonal", 0, None) for name in self.targets)
        return np.stack(
            [modes.zonal_harmonic(self.dimension, k, cosine) for k in levels]
        )

    def examples(self, n: int, trials: tuple[int, ...]) -> Examples:
        """Draw the training sets of some trials and the test set."""
        d = self.dimension
        norm = math.sqrt(d) if self.norm is None else self.norm
        test = sphere_points(self.test_points, d, trial=0, seed=self.seed, purpose=1)
        train = np.stack([sphere_points(n, d, trial=t, seed=self.seed) for t in trials])
        values = np.stack([self._values(x[:, 0]) for x in train])
        return Examples(
            norm * train, values, norm * test, self._values(test[:, 0]), None
        )
