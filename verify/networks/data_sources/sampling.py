"""Which points a trial trains on: fixed by (seed, n, trial), on any machine.

Only raw Philox words are used, since NumPy promises those for ever and its permutations
only for one version. A kernel regression that calls the same function is paired with
the nets: same points, same order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verify.networks.errors import SettingError, whole


def _words(*key: int) -> np.random.Philox:
    return np.random.Philox(np.random.SeedSequence(key))


def sample_indices(
    m: int, n: int, trial: int, seed: int, *, replace: bool = False
) -> NDArray[np.int64]:
    """Draw the training set of one trial: n of m points.

    Parameters
    ----------
    m : int
        Number of points of the domain.
    n : int
        Number of training points; at most m without replacement.
    trial, seed : int
        Which draw, both ≥ 0. Equal (m, n, trial, seed) gives equal points.
    replace : bool
        Whether a point may be drawn twice.

    Returns
    -------
    ndarray
        Indices [n] from 0 to m − 1, in random order, uniform over ordered draws.

    Raises
    ------
    SettingError
        If a number is out of range.

    Examples
    --------
    >>> sorted(sample_indices(5, 5, trial=0, seed=0).tolist())
    [0, 1, 2, 3, 4]
    >>> draw = sample_indices(256, 3, trial=7, seed=0)
    >>> bool((draw == sample_indices(256, 3, trial=7, seed=0)).all())
    True
    """
    m = whole("m", m, 1)
    n = whole("n", n, 1)
    words = _words(
        whole("seed", seed, 0), n, whole("trial", trial, 0), int(bool(replace))
    )
    if replace:
        uniform = (words.random_raw(n) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return np.floor(uniform * m).astype(np.int64)
    if n > m:
        raise SettingError(
            f"n = {n}: there are {m} points; draw fewer or with replacement"
        )
    return np.argsort(words.random_raw(m), kind="stable")[:n].astype(np.int64)


def sphere_points(
    count: int, dim: int, *, trial: int, seed: int, purpose: int = 0
) -> NDArray[np.float64]:
    """Draw points of norm 1, uniform on the sphere S^{dim−1}.

    Parameters
    ----------
    count, dim : int
        Number of points and dimension of the space around the sphere.
    trial, seed : int
        Which draw, both ≥ 0.
    purpose : int
        0 for training sets, 1 for test sets: independent draws.

    Returns
    -------
    ndarray
        Points [count, dim].

    Examples
    --------
    >>> x = sphere_points(4, 3, trial=0, seed=0)
    >>> np.allclose((x**2).sum(axis=1), 1)
    True
    """
    words = _words(seed, count, trial, dim, purpose, 2)
    raw = words.random_raw(2 * count * dim).reshape(2, count, dim)
    uniform = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    # Box and Muller: exact normals from uniforms, the same in every NumPy
    normal = np.sqrt(-2 * np.log(uniform[0])) * np.cos(2 * np.pi * uniform[1])
    return normal / np.linalg.norm(normal, axis=1, keepdims=True)
