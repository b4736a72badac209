"""Points and eigenfunctions of the hypercube, the circle and the sphere, as arrays.

Nets learn these functions and kernel regression measures them: both take them from here.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def corners(numbers: Any, d: int) -> NDArray[np.int64]:
    """Corners of the cube by number, as vectors of ±1, shape [..., d].

    The first coordinate is the highest bit of the number, and the last changes fastest.

    Examples
    --------
    >>> corners(np.arange(4), 2).tolist()
    [[1, 1], [1, -1], [-1, 1], [-1, -1]]
    """
    bits = np.asarray(numbers)[..., None] >> np.arange(d)[::-1]
    return 1 - 2 * (bits & 1)


def angles(numbers: Any, points: int) -> Floats:
    """The angles θ = 2πj/M of equispaced points."""
    return 2 * np.pi * np.asarray(numbers) / points


def wave(level: int, theta: Any, *, single: bool, sine: bool = False) -> Floats:
    """√2 cos kθ or √2 sin kθ; cos kθ where the level has a single mode.

    Examples
    --------
    >>> wave(2, np.array([0.0, np.pi / 4]), single=True).round(12).tolist()
    [1.0, 0.0]
    """
    phase = level * np.asarray(theta)
    if single:
        return np.cos(phase)
    return np.sqrt(2) * (np.sin(phase) if sine else np.cos(phase))


def legendre(d: int, top: int, t: Any) -> Floats:
    """P_0(t), …, P_top(t) in dimension d, each 1 at t = 1; shape [level, ...].

    The recurrence (k + d − 2) P_{k+1} = (2k + d − 2) t P_k − k P_{k−1} is stable on
    [−1, 1] (DLMF, chapter 18.9).

    Examples
    --------
    >>> legendre(3, 2, np.array([0.0, 1.0]))[2]
    array([-0.5,  1. ])
    """
    rows = [np.ones_like(t), np.asarray(t, dtype=np.float64)]
    for k in range(1, top):
        rows.append(((2 * k + d - 2) * t * rows[k] - k * rows[k - 1]) / (k + d - 2))
    return np.stack(rows[: top + 1])


def zonal_harmonic(d: int, level: int, t: Any) -> Floats:
    """√N(d, k) P_k(t), of mean square 1 on the sphere in R^d.

    Examples
    --------
    >>> zonal_harmonic(3, 1, np.array([1.0])).round(9).tolist()
    [1.732050808]
    """
    k = level
    count = math.comb(k + d - 1, k) - (math.comb(k + d - 3, k - 2) if k >= 2 else 0)
    return math.sqrt(count) * legendre(d, k, t)[k]
