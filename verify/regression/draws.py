"""Which points and which noise a data set has: fixed by (seed, n, trial), anywhere.

Domains of up to 2^14 points use the draws that nets train on: the two are paired.
Only raw Philox words are used, which NumPy promises for ever.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from verify.networks.data_sources.sampling import sample_indices

SORTED_POINTS = 1 << 14
"""Above so many points a permutation of all of them is too much for n draws."""
_ANGLES, _NOISE, _BITS = 4, 5, 6
Floats = NDArray[np.float64]


def _words(*key: int) -> np.random.Philox:
    return np.random.Philox(np.random.SeedSequence(key))


def _uniform(raw: NDArray[np.uint64]) -> Floats:
    """Between 0 and 1, neither included."""
    return ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def finite_draws(
    bits: int | None,
    points: int,
    n: int,
    trials: Iterable[int],
    seed: int,
    *,
    replace: bool,
) -> NDArray[np.int64]:
    """Numbers of the points of each trial, shape [trial, n].

    Parameters
    ----------
    bits
        log2 of the number of points where that is a power of two, else None.
    points
        How many points there are.

    Examples
    --------
    >>> finite_draws(40, 2**40, 3, [0, 1], seed=0, replace=False).shape
    (2, 3)
    """
    if points <= SORTED_POINTS or bits is None:
        rows = [sample_indices(points, n, t, seed, replace=replace) for t in trials]
    else:
        rows = [_many_bits(bits, n, t, seed, replace) for t in trials]
    return np.stack(rows)


def _many_bits(
    bits: int, n: int, trial: int, seed: int, replace: bool
) -> NDArray[np.int64]:
    """N numbers below 2^bits; a number that was drawn already is drawn again."""
    source = _words(seed, n, trial, int(replace), bits, _BITS)
    found = np.empty(0, dtype=np.int64)
    while len(found) < n:
        raw = source.random_raw(n) >> np.uint64(64 - bits)
        found = np.concatenate([found, raw.astype(np.int64)])
        if not replace:
            _, first = np.unique(found, return_index=True)
            found = found[np.sort(first)]
    return found[:n]


def angles(n: int, trials: Iterable[int], seed: int) -> Floats:
    """Uniform angles on the circle, shape [trial, n].

    Examples
    --------
    >>> bool(np.all(angles(4, [0], seed=0) < 2 * np.pi))
    True
    """
    rows = [_uniform(_words(seed, n, t, _ANGLES).random_raw(n)) for t in trials]
    return 2 * np.pi * np.stack(rows)


def noises(n: int, trials: Iterable[int], seed: int) -> Floats:
    """Standard normal label noise of each data set, shape [trial, n].

    All targets of a data set share it.

    Examples
    --------
    >>> noises(3, [5], seed=1).shape
    (1, 3)
    """
    rows = []
    for trial in trials:
        a, b = _uniform(_words(seed, n, trial, _NOISE).random_raw(2 * n)).reshape(2, n)
        # Box and Muller: normals from uniforms, the same in every NumPy
        rows.append(np.sqrt(-2 * np.log(a)) * np.cos(2 * np.pi * b))
    return np.stack(rows)
