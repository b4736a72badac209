"""Kernel matrices in float64, from the kernel that theory defines."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from theory import Kernel, OutOfDomain
from theory.notation import d as symbol_d
from theory.notation import u

BLOCK = 1 << 16


@lru_cache(maxsize=64)
def _program(kernel: Kernel, dimension: int) -> Program:
    chain = kernel.half().subs({symbol_d: dimension})
    loose = chain.free_symbols - {u}
    if loose:
        names = ", ".join(sorted(map(str, loose)))
        msg = f"kernel {kernel} has the symbols {names}; numbers are needed"
        raise OutOfDomain(msg)
    return build(chain, ARRAYS)


def gram(
    kernel: Kernel, x: NDArray[np.float64], y: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """The kernel matrix K(x_a, y_b) of points of equal norm.

    Only directions matter: the kernel is a function of the cosine, and the inputs' norm
    is the kernel's ``input_variance``. The kernel is evaluated once for every different
    value of (1 − t)/2, that from |x̂ − ŷ|²/4, which loses nothing for close points.

    Parameters
    ----------
    kernel
        A kernel without free symbols; d is bound to the dimension of the points.
    x, y
        Points, shapes [n, d] and [m, d]; y is x by default.

    Returns
    -------
    numpy.ndarray
        Shape [n, m], float64, accurate to some units of the last place of K.

    Examples
    --------
    >>> from theory import kernels
    >>> gram(kernels.polynomial(2), np.array([[1.0, 1.0], [1.0, -1.0]]))
    array([[1., 0.],
           [0., 1.]])
    """
    first = _directions(x)
    second = first if y is None else _directions(y)
    if first.shape[1] != second.shape[1]:
        msg = f"points of dimensions {first.shape[1]} and {second.shape[1]} do not meet"
        raise OutOfDomain(msg)
    half = np.zeros((len(first), len(second)))
    for axis in range(first.shape[1]):
        half += (first[:, axis, None] - second[None, :, axis]) ** 2
    values, where = np.unique(
        np.clip(half / 4, 0.0, 1.0).round(15), return_inverse=True
    )
    program = _program(kernel, first.shape[1])
    at = np.empty_like(values)
    # a deep kernel's program holds hundreds of intermediate arrays at once
    for start in range(0, len(values), BLOCK):
        part = slice(start, start + BLOCK)
        at[part] = program({u: values[part]})
    return at[where.reshape(half.shape)]


def _directions(x: NDArray[np.float64]) -> NDArray[np.float64]:
    points = np.asarray(x, dtype=np.float64)
    if points.ndim != 2 or not np.all(np.isfinite(points)):
        msg = f"points must be a finite array [n, d], not of shape {points.shape}"
        raise OutOfDomain(msg)
    norms = np.linalg.norm(points, axis=1, keepdims=True)
    if not np.all(norms > 0):
        msg = "points must not vanish: only directions enter a dot-product kernel"
        raise OutOfDomain(msg)
    return points / norms
