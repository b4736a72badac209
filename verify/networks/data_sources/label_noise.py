"""Label noise: any source of data, with Gaussian noise on its training labels.

The test targets stay clean. Noise is fixed by (seed, n, trial), on any machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.networks.data_sources.examples import DataSource, Examples, Floats
from verify.networks.errors import SettingError, real


def normals(count: int, *key: int) -> Floats:
    """Draw standard normals [count] that a key of whole numbers fixes.

    Examples
    --------
    >>> bool((normals(3, 1, 2) == normals(3, 1, 2)).all())
    True
    """
    words = np.random.Philox(np.random.SeedSequence((*key, 3)))
    raw = words.random_raw(2 * count).reshape(2, count)
    uniform = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return np.sqrt(-2 * np.log(uniform[0])) * np.cos(2 * np.pi * uniform[1])


@dataclass(frozen=True)
class NoisyData:
    """A source of data with noise on the training labels, the same for all targets.

    Parameters
    ----------
    clean : DataSource
        The data without noise.
    variance : float
        Of the noise, > 0.

    Raises
    ------
    SettingError
        If the variance is out of range, or the source is noisy already.

    Examples
    --------
    >>> from verify.networks.data_sources.domain_data import HypercubeData
    >>> noisy = NoisyData(HypercubeData(3, ("parity:1",)), 0.25)
    >>> bool((abs(noisy.examples(4, (0,)).train_targets) != 1).all())
    True
    """

    clean: DataSource
    variance: float

    def __post_init__(self) -> None:
        value = real("noise", self.variance, 0, strict=True)
        object.__setattr__(self, "variance", value)
        if isinstance(self.clean, NoisyData):
            raise SettingError("noise: the source has noise already")

    @property
    def targets(self) -> tuple[str, ...]:
        """Name every target."""
        return self.clean.targets

    @property
    def description(self) -> dict[str, Any]:
        """Describe the data."""
        return {**self.clean.description, "noise": self.variance}

    def examples(self, n: int, trials: tuple[int, ...]) -> Examples:
        """Draw training sets, and noise on their labels."""
        found = self.clean.examples(n, trials)
        seed = int(self.clean.description.get("seed", 0))
        noise = np.stack([normals(n, seed, n, trial) for trial in trials])
        noisy = found.train_targets + math.sqrt(self.variance) * noise[:, None, :]
        return found._replace(train_targets=noisy)
