"""The eigensystem of a kernel on a data set, or of a kernel matrix of one's own."""

from typing import Any

import numpy as np

from numerics.kernel_matrices.entries import kernel_matrix
from numerics.kernel_matrices.pair_angles import PointPairs, points_of
from theory import Kernel, OutOfDomain, kernels
from verify.data.labelled_points import DataSet, check_size
from verify.data.spectrum import EPS, DataSpectrum, eigensystem


def spectrum_of_data(
    kernel: Kernel | str, data: DataSet, *, norms: str = "own"
) -> DataSpectrum:
    """The eigensystem of a kernel on the points of a data set.

    Parameters
    ----------
    kernel
        A kernel, or its text.
    data
        Points and targets.
    norms
        ``own``: every point keeps its norm; ``equal``: every point is brought to norm
        √d, so only directions count.

    Returns
    -------
    DataSpectrum
        Eigenvalues within ``rounding``.

    Raises
    ------
    NotPositiveDefinite
        When the kernel matrix has a negative eigenvalue; the message gives it.
    OutOfDomain
        When norms are unknown, or two points coincide after ``equal``.
    Unsupported
        When the kernel is defined for equal norms only.

    Examples
    --------
    >>> from verify.data.load import load_data
    >>> s = spectrum_of_data("ntk:relu:depth=1", load_data("wine"))
    >>> s.size, s.rank, float((s.eigenvalues * s.localization).sum()) > 0
    (178, 178, True)
    """
    K = kernels.parse(kernel) if isinstance(kernel, str) else kernel
    if norms == "equal":
        _refuse_rays(data)
    matrix = kernel_matrix(K, data.points, norms=norms)
    name = f"{K} on {data.name}, norms {'√d' if norms == 'equal' else 'of the data'}"
    return eigensystem(matrix, data.targets, name)


def spectrum_of_matrix(
    matrix: Any, targets: Any = None, *, name: str = "matrix"
) -> DataSpectrum:
    """The eigensystem of a kernel matrix of your own.

    Parameters
    ----------
    matrix
        Symmetric, positive semi-definite, shape [M, M].
    targets
        Functions on the points, shape [M] or [target, M], or None.
    name
        How messages call it.

    Raises
    ------
    NotPositiveDefinite
        When it has a negative eigenvalue; the message gives it.
    OutOfDomain
        When it is not square, finite and symmetric, or targets do not fit.

    Examples
    --------
    >>> spectrum_of_matrix([[2, 1], [1, 2]]).eigenvalues
    array([1.5, 0.5])
    """
    try:
        K = np.array(matrix, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise OutOfDomain(f"{name} is not an array of numbers ({error})") from None
    given = getattr(matrix, "dtype", K.dtype)
    if given.kind == "c":
        raise OutOfDomain(f"{name} is complex; a kernel matrix has real entries")
    unit = float(np.finfo(given).eps) if given.kind == "f" else EPS
    if K.ndim != 2 or K.shape[0] != K.shape[1] or not np.all(np.isfinite(K)):
        raise OutOfDomain(
            f"{name} must be a finite square array, not of shape {K.shape}"
        )
    check_size(len(K), name)
    gap = np.abs(K - K.T)
    if gap.max() > 8 * unit * np.abs(K).max():
        row, column = np.unravel_index(int(gap.argmax()), gap.shape)
        raise OutOfDomain(
            f"{name} is not symmetric: entries ({row}, {column}) and ({column}, {row}) "
            f"are {K[row, column]!r} and {K[column, row]!r}"
        )
    functions = None
    if targets is not None:
        functions = np.atleast_2d(np.array(targets, dtype=np.float64))
        if functions.shape[1] != len(K) or not np.all(np.isfinite(functions)):
            raise OutOfDomain(
                f"targets of shape {functions.shape} do not fit {len(K)} points"
            )
        if not np.all(np.any(functions != 0, axis=1)):
            raise OutOfDomain(
                "targets: one vanishes on every point, so there is nothing to learn"
            )
    return eigensystem(K / 2 + K.T / 2, functions, name, unit)


def _refuse_rays(data: DataSet) -> None:
    """Points of one direction are one point where norms are equal."""
    size = np.max(np.abs(data.points), axis=1, keepdims=True)
    points = data.points / size
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    order = np.lexsort(points.round(9).T)
    near = np.flatnonzero(np.all(np.abs(np.diff(points[order], axis=0)) < 1e-8, axis=1))
    pairs = PointPairs(given := points_of(data.points, data.name), given)
    found = [
        (i, j)
        for i, j in zip(order[near], order[near + 1], strict=True)
        if pairs.is_one_point(int(i), int(j))
    ]
    if found:
        one, other = sorted((int(found[0][0]) + 1, int(found[0][1]) + 1))
        raise OutOfDomain(
            f"{data.name}: rows {one} and {other} point in one direction, so with "
            f"norms = 'equal' they are one point ({len(found)} such rows); "
            "norms = 'own' keeps them apart"
        )
