"""Monte-Carlo kernel regression: the predictor itself, on many sampled data sets.

f̂ = K_{·D}(K_DD + δ)⁻¹ y on a finite domain whose every point is a test point. Batched
over trials in blocks of stated memory; the data sets are those that the nets train on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from theory import OutOfDomain

BLOCK_BYTES = 64 << 20
DIAGNOSED = 32
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Regression:
    """One row for each data set.

    Attributes
    ----------
    learnability, test_mse, train_mse
        Shape [trial, target]. ``test_mse`` is the mean of (f − f̂)² over the whole domain
        plus the noise variance, ``train_mse`` is against the noisy labels.
    lambda_max, condition, rank
        Of the first ``DIAGNOSED`` data sets: largest eigenvalue of K_DD, condition
        number of K_DD + δ (∞ where singular), and numerical rank of K_DD.
    """

    learnability: Floats
    test_mse: Floats
    train_mse: Floats
    lambda_max: Floats
    condition: Floats
    rank: NDArray[np.int64]


def kernel_regression(
    matrix: Floats,
    indices: NDArray[np.int64],
    values: Floats,
    ridge: float = 0.0,
    noise: float = 0.0,
    seed: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> Regression:
    """Regress every target on every data set.

    Parameters
    ----------
    matrix
        Kernel matrix of the whole domain, shape [M, M].
    indices
        Training points of each trial, shape [trial, n].
    values
        Targets on the whole domain, shape [target, M].
    ridge, noise
        Absolute ridge δ, and the variance σ² of Gaussian label noise.
    seed
        Seed of the noise.
    progress
        Called with trials done and trials in all.

    Returns
    -------
    Regression
        In the order of the trials. A singular K_DD without ridge is solved in the
        minimum-norm sense.

    Raises
    ------
    OutOfDomain
        When shapes do not match, or ridge or noise is negative.

    Examples
    --------
    >>> full = kernel_regression(np.eye(2), np.array([[0, 1]]), np.array([[1.0, 2.0]]))
    >>> full.learnability, full.test_mse
    (array([[1.]]), array([[0.]]))
    """
    _check(matrix, indices, values, ridge, noise)
    trials, n = indices.shape
    block = max(1, BLOCK_BYTES // (8 * n * (4 * n + len(matrix))))
    generator = np.random.default_rng(seed)
    parts = []
    # on many small matrices BLAS threads only wait for each other
    with threadpool_limits(1):
        for start in range(0, trials, block):
            chosen = indices[start : start + block]
            labels = values[:, chosen].transpose(1, 2, 0)
            if noise:
                labels = labels + np.sqrt(noise) * generator.standard_normal(
                    labels.shape
                )
            parts.append(_block(matrix, chosen, values, labels, ridge, noise))
            if progress is not None:
                progress(min(start + block, trials), trials)
    learned, test, train = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    return Regression(learned, test, train, *_diagnose(matrix, indices, ridge))


def _block(matrix, chosen, values, labels, ridge: float, noise: float):
    """One block of trials: labels have the shape [trial, n, target]."""
    inner = matrix[chosen[:, :, None], chosen[:, None, :]]
    weights = _weights(inner, labels, ridge)
    fits = np.einsum("bnm,bnt->btm", matrix[chosen], weights, optimize=True)
    fitted = inner @ weights
    return (
        np.sum(fits * values, axis=2) / np.sum(values**2, axis=1),
        np.mean((fits - values) ** 2, axis=2) + noise,
        np.mean((fitted - labels) ** 2, axis=1),
    )


def _weights(inner: Floats, labels: Floats, ridge: float) -> Floats:
    """(K_DD + δ)⁻¹ y, or the pseudo-inverse's solution where K_DD is singular."""
    shifted = inner + ridge * np.eye(inner.shape[1])
    weights = np.empty_like(labels)
    sound = np.array([_is_sound(one) for one in shifted])
    if sound.any():
        weights[sound] = np.linalg.solve(shifted[sound], labels[sound])
    for index in np.flatnonzero(~sound):
        weights[index] = _least_norm(inner[index], labels[index], ridge)
    return weights


def _is_sound(matrix: Floats) -> bool:
    """Whether Cholesky's pivots keep the matrix away from being singular."""
    try:
        pivots = np.diagonal(np.linalg.cholesky(matrix)) ** 2
    except np.linalg.LinAlgError:
        return False
    return bool(
        pivots.min() > len(matrix) * 16 * np.finfo(np.float64).eps * pivots.max()
    )


def _least_norm(inner: Floats, labels: Floats, ridge: float) -> Floats:
    spectrum, vectors = np.linalg.eigh(inner)
    kept = spectrum > spectrum[-1] * len(inner) * np.finfo(np.float64).eps
    inverse = np.where(kept, 1 / np.where(kept, spectrum + ridge, 1.0), 0.0)
    return vectors @ (inverse[:, None] * (vectors.T @ labels))


def _diagnose(
    matrix: Floats, indices: NDArray[np.int64], ridge: float
) -> tuple[Any, Any, Any]:
    """Largest eigenvalue, condition number and rank of the first kernel matrices."""
    chosen = indices[:DIAGNOSED]
    spectra = np.linalg.eigvalsh(matrix[chosen[:, :, None], chosen[:, None, :]])
    top = spectra[:, -1]
    positive = spectra > top[:, None] * spectra.shape[1] * np.finfo(np.float64).eps
    least = spectra[:, 0] + ridge
    sound = positive.all(axis=1) | (ridge > 0)
    condition = np.where(sound, (top + ridge) / np.where(sound, least, 1.0), np.inf)
    return top, condition, positive.sum(axis=1)


def _check(matrix, indices, values, ridge, noise) -> None:
    points = len(matrix)
    if (
        matrix.shape != (points, points)
        or values.ndim != 2
        or values.shape[1] != points
    ):
        raise OutOfDomain(
            f"matrix {matrix.shape} and values {values.shape} must share their points"
        )
    if (
        indices.ndim != 2
        or indices.size == 0
        or indices.min() < 0
        or indices.max() >= points
    ):
        raise OutOfDomain(
            f"indices must be an array [trial, n] of numbers in 0..{points - 1}"
        )
    if ridge < 0 or noise < 0:
        raise OutOfDomain(f"ridge = {ridge} and noise = {noise} must be at least 0")
    if not np.all(np.sum(values**2, axis=1) > 0):
        raise OutOfDomain(
            "values: a target vanishes on the whole domain, so it has no learnability"
        )
