"""Fractional variances g_k λ_k/K(1) of deep nets on the hypercube, many at once."""

from functools import lru_cache
from math import comb

import numpy as np
from sympy import Rational

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from theory import Chain, activations, notation
from theory.domains import Hypercube
from theory.kernels.layers import half_angle_chain


def fractional_variances(
    dimension: int,
    degrees: tuple[int, ...],
    name: str,
    family: str,
    depth: int,
    w: np.ndarray,
    b: np.ndarray,
) -> np.ndarray:
    """g_k λ_k/K(1) on the hypercube in float64, for arrays of variances [case].

    Returns
    -------
    ndarray
        [degree, case]; NaN where the kernel leaves float64.

    Examples
    --------
    >>> one = np.ones(1)
    >>> f = fractional_variances(4, tuple(range(5)), "erf", "ntk", 2, one, 0 * one)
    >>> bool(abs(f.sum() - 1) < 1e-12)
    True
    """
    program = build(_chain(name, depth, family == "ntk"), ARRAYS)
    steps = np.arange(dimension + 1)
    with np.errstate(all="ignore"):
        values = program(
            {
                notation.u: (steps / dimension)[None, :],
                notation.weight_variance: w[:, None],
                notation.bias_variance: b[:, None],
            }
        )
        values = np.broadcast_to(values, (len(w), dimension + 1))
        share = values / values[:, :1]
        found = _transform(dimension, degrees) @ share.T
    return np.where(np.isfinite(found), found, -np.inf)


@lru_cache(maxsize=64)
def _chain(name: str, depth: int, tangent: bool) -> Chain:
    weights = {notation.input_variance: 1}
    return half_angle_chain(activations.activation(name), depth, tangent, weights)


@lru_cache(maxsize=8)
def _transform(dimension: int, degrees: tuple[int, ...]) -> np.ndarray:
    """The matrix that takes K at t = 1 − 2m/d to g_k λ_k, rounded from exact numbers."""
    rows = []
    cube = Hypercube(dimension)
    for k in degrees:
        zonal = [
            cube.zonal(k, 1 - Rational(2 * m, dimension)) for m in range(dimension + 1)
        ]
        row = [
            float(comb(dimension, k) * comb(dimension, m) * z / 2**dimension)
            for m, z in enumerate(zonal)
        ]
        rows.append(row)
    return np.array(rows)
