"""Regression on Gaussian features of a given spectrum: the world in which theory is derived.

Every mode takes an independent normal value at every point, so that nothing but finite n
stands between the theory and what is measured. Errors are exact sums over the modes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float64]


def gaussian_errors(
    eigenvalues: Floats,
    powers: Floats,
    n: int,
    ridges: Sequence[float],
    trials: int,
    seed: int,
    times: Sequence[float] = (),
) -> tuple[Floats, Floats]:
    """Test errors of regression on n points, and how much label noise they hold.

    Parameters
    ----------
    eigenvalues, powers
        λ_i and v_i², shape [mode].
    n
        Training points.
    ridges
        Values of δ.
    trials
        Data sets; all ridges share them.
    seed
        Fixes them: the draws of a trial depend on (seed, n, trial) alone.
    times
        Times τ of gradient flow, e^{−τ s} of eigenvalues s; they follow the ridges.

    Returns
    -------
    tuple of ndarray
        ‖f − f̂‖² without label noise, and 1 + E‖f̂‖² of labels that are unit noise (the
        overfitting coefficient E₀ measured), both [trial, ridge or time].

    Examples
    --------
    >>> one = np.ones(4)
    >>> error, noise = gaussian_errors(one, one, 2, [1e9], 2, seed=0)
    >>> bool(np.allclose(error, 4.0)), bool(np.allclose(noise, 1.0))
    (True, True)
    """
    lam, v = np.asarray(eigenvalues), np.sqrt(powers)
    errors, noises = [], []
    with threadpool_limits(1 if n < 200 else None):
        for trial in range(trials):
            draws = np.random.default_rng([seed, n, trial])
            features = draws.standard_normal((n, len(lam)))
            weighted = features * lam
            values, vectors = np.linalg.eigh(weighted @ features.T)
            rotated = vectors.T @ weighted
            labels = vectors.T @ (features @ v)
            # ‖v − Rᵀw‖² from R v and R Rᵀ: no ridge or time needs the modes again
            along, inner = rotated @ v, rotated @ rotated.T
            sizes = np.diagonal(inner)
            row, grown = [], []
            spread = np.maximum(values, 0.0)
            shrinks = [1 / (spread + ridge) for ridge in ridges]
            safe = np.where(spread > 0, spread, 1.0)
            for time in times:
                fitted = -np.expm1(-time * spread) / safe
                shrinks.append(np.where(spread > 0, fitted, time))
            for shrink in shrinks:
                w = shrink * labels
                row.append(v @ v - 2 * (w @ along) + w @ inner @ w)
                grown.append(1 + np.sum(shrink**2 * sizes))
            errors.append(row)
            noises.append(grown)
    return np.array(errors), np.array(noises)
