"""Matrices of nets whose activation has no closed dual: tables, and their error.

Where all points have one norm, an entry is read from the tables of each layer. Points of
different norms have a pair of variances each, and their means are integrated one by one.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sympy import Rational

from numerics.duals.numeric_kernels import NUMERIC, numeric_kernel
from numerics.interpreters.program import Program, build
from numerics.kernel_matrices.pair_angles import Cosines, PointPairs, PointSet
from theory import Kernel
from theory.activations import activation
from theory.activations.functions.breakpoints import breakpoints
from theory.kernels.unequal_norms import norm1, norm2, two_norm_form
from theory.notation import d as symbol_d
from theory.notation import u

Floats = NDArray[np.float64]
CLOSE = 2.0**-30
SMOOTH, KINKED = 2.0**-40, 2.0**-20
"""Relative errors where norms differ: a layer's u is right to rounding, its root not."""


def numeric_values(
    kernel: Kernel, dimension: int, pairs: PointPairs | Cosines
) -> tuple[Floats, Floats]:
    """K of pairs whose inputs have norm √d, and absolute errors; both [n, m].

    Examples
    --------
    >>> from theory import kernels
    >>> found, error = numeric_values(kernels.nngp("arctan"), 3, Cosines(np.array([1.0])))
    >>> found.round(6), bool(error[0, 0] < 1e-12)
    (array([[0.640892]]), True)
    """
    K = numeric_kernel(kernel, dimension)
    n, m = pairs.shape
    values, errors = np.empty((n, m)), np.full((n, m), K.error)
    symmetric = isinstance(pairs, PointPairs) and pairs.first is pairs.second
    rows = max(1, (1 << 16) // max(1, m))
    for start in range(0, n, rows):
        part = slice(start, min(n, start + rows))
        rest = slice(start if symmetric else 0, m)
        half, wide = pairs.half(part, rest)
        values[part, rest] = K(half)
        # u is right to some units of its last place but where the points are close
        close = half < CLOSE
        if np.any(close):
            low, high = half[close] - wide[close], half[close] + wide[close]
            moved = np.abs(K(high) - K(np.maximum(low, 0.0)))
            errors[part, rest][close] += moved
        if symmetric:
            values[rest, part] = values[part, rest].T
            errors[rest, part] = errors[part, rest].T
    return values, errors


def numeric_entries(
    kernel: Kernel, first: PointSet, second: PointSet, norms: str
) -> tuple[Floats, Floats]:
    """The matrix and absolute errors, for equal norms or each point's own."""
    pairs = PointPairs(first, second)
    if norms == "equal":
        return numeric_values(kernel, first.dimension, pairs)
    squares = [
        [points.square(i) for i in range(len(points.x))] for points in (first, second)
    ]
    apart = {(int(x.p), int(x.q)) for part in squares for x in part}
    if len(apart) == 1:
        ((p, q),) = apart
        scaled = dict(kernel.parameters)
        scaled["input_variance"] = scaled["input_variance"] * Rational(p, q)
        same = Kernel(kernel.family, tuple(scaled.items()))
        return numeric_values(same, first.dimension, pairs)
    half, _ = pairs.half(slice(None), slice(None))
    one, other = (
        np.array([float(int(x.p)) / float(int(x.q)) for x in part]) for part in squares
    )
    values = {u: half, norm1: one[:, None], norm2: other[None, :]}
    found = np.asarray(_pair_program(kernel, first.dimension)(values))
    wide = (
        KINKED if breakpoints(activation(kernel["activation"]).expression) else SMOOTH
    )
    return found, wide * np.maximum(np.abs(found), np.abs(found).max())


@lru_cache(maxsize=64)
def _pair_program(kernel: Kernel, dimension: int) -> Program:
    return build(two_norm_form(kernel).subs({symbol_d: dimension}), NUMERIC)
