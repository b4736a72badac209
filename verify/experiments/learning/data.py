"""Data sets of a learning-curve experiment: the same for kernel regression and nets."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from theory.numbers import rational
from verify.experiments.learning.specification import LearningCurves, powers_of
from verify.networks.data_sources.domain_data import (
    CircleData,
    HypercubeData,
    SphereData,
)
from verify.networks.data_sources.examples import DataSource, TableData
from verify.networks.data_sources.label_noise import NoisyData


def source_of(experiment: LearningCurves, noise: str = "0") -> DataSource:
    """The source of data that kernel regression and nets share, so that they pair.

    Examples
    --------
    >>> from verify.experiments.net import Net
    >>> mine = LearningCurves("mine", domain="hypercube:3", targets=(0, 2), sizes=(2,),
    ...                       net=Net())
    >>> source_of(mine).targets
    ('parity:0', 'parity:2')
    """
    variance = float(rational(noise, "noises", least=0))
    clean = _clean(experiment)
    return NoisyData(clean, variance) if variance else clean


def _clean(experiment: LearningCurves) -> DataSource:
    levels = [t for t in experiment.targets if isinstance(t, int)]
    if len(levels) == len(experiment.targets):
        return _plain(experiment, tuple(levels))
    needed = sorted({k for t in experiment.targets for k in powers_of(t)})
    examples = _plain(experiment, tuple(needed)).examples(1, (0,))
    basis = dict(zip(needed, examples.test_targets, strict=True))
    values = [
        sum(np.sqrt(float(p)) * basis[k] for k, p in powers_of(t).items())
        for t in experiment.targets
    ]
    names = tuple(str(t) for t in experiment.targets)
    return TableData(examples.test_inputs, np.array(values), names, experiment.seed)


def _plain(experiment: LearningCurves, levels: tuple[int, ...]) -> DataSource:
    place, seed = experiment.place, experiment.seed
    if place.is_cube:
        names = tuple(f"parity:{k}" for k in levels)
        return HypercubeData(int(place.ambient), names, seed)
    if place.is_sphere:
        names = tuple(f"zonal:{k}" for k in levels)
        return SphereData(
            int(place.ambient), names, seed, experiment.test_points, experiment.norm
        )
    names = tuple(f"cos:{k}" for k in levels)
    return CircleData(int(place.size), names, seed, norm=experiment.norm)


@lru_cache(maxsize=8)
def domain_matrix(experiment: LearningCurves, family: str) -> np.ndarray:
    """The kernel matrix of a whole finite domain, in the order of its data source."""
    everything = source_of(experiment).examples(1, (0,)).test_inputs
    return matrix_of(experiment, everything, family)


def matrix_of(experiment: LearningCurves, x: np.ndarray, family: str) -> np.ndarray:
    """The regression's kernel matrix of any points of the domain, shape [n, n]."""
    if experiment.net is not None:
        return experiment.net.gram(x, experiment.input_variance, family)
    from numerics.kernel_matrices.entries import kernel_matrix

    return kernel_matrix(experiment.data_kernel(), x, norms="equal")


def kernel_text(experiment: LearningCurves, family: str) -> str:
    """What the files of kernel regression call the kernel."""
    return str(experiment.data_kernel(family))


def blocks(
    experiment: LearningCurves,
    n: int,
    trials: tuple[int, ...],
    noise: str = "0",
    family: str = "ntk",
) -> Any:
    """For each trial: K on its points, K between all test points and them, targets.

    Yields
    ------
    tuple of ndarray
        K_DD [n, n], K_*D [m, n], train targets [target, n], test targets [target, m].
    """
    examples = source_of(experiment, noise).examples(n, trials)
    for row in range(len(trials)):
        if examples.indices is not None:
            full = domain_matrix(experiment, family)
            chosen = examples.indices[row]
            inner, cross = full[np.ix_(chosen, chosen)], full[:, chosen]
        else:
            inner, cross = _grams(experiment, examples, row, family)
        yield inner, cross, examples.train_targets[row], examples.test_targets


def _grams(
    experiment: LearningCurves, examples: Any, row: int, family: str
) -> tuple[np.ndarray, np.ndarray]:
    """K_DD and K_*D of one trial whose test points are not its training points."""
    x = np.concatenate([examples.train_inputs[row], examples.test_inputs])
    n = examples.train_inputs.shape[1]
    whole = matrix_of(experiment, x, family)
    return whole[:n, :n], whole[n:, :n]
