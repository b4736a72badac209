"""Kernel regression on n of M points, tested on all of them and on those held out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve, lapack
from threadpoolctl import threadpool_limits

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from theory import OutOfDomain, notation
from theory.methods import install
from theory.numbers import integer
from theory.numbers import rational as exact_rational
from theory.statistics import finite_population
from verify.data.spectrum import DataSpectrum

Floats = NDArray[np.float64]
_off_sample = build(finite_population.off_sample_mse.rhs, ARRAYS)
BLAS_THREADS_ABOVE = 400


@dataclass(frozen=True)
class HeldOut:
    """One row for each data set.

    Attributes
    ----------
    n
        Points drawn.
    distinct
        Different points among them, shape [trial].
    learnability, test_mse, train_mse, held_out_mse
        Shape [trial, target]; ``test_mse`` averages over all M points,
        ``held_out_mse`` over those that were not drawn.
    inverse_trace
        tr (K_DD + δ)⁻¹, shape [trial].
    """

    n: int
    distinct: NDArray[np.int64]
    learnability: Floats
    test_mse: Floats
    train_mse: Floats
    held_out_mse: Floats
    inverse_trace: Floats


def measure(
    spectrum: DataSpectrum,
    n: int,
    ridge: Any = 0,
    *,
    trials: int = 100,
    seed: int = 0,
    replacement: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> HeldOut:
    """Regress the targets on n random points, again and again.

    Parameters
    ----------
    spectrum
        Kernel matrix and targets.
    n
        Training points, from 1 to M − 1.
    ridge
        Absolute ridge δ.
    trials
        Data sets.
    seed
        Fixes them; each (seed, n, trial) has a stream of its own.
    replacement
        Draw points with replacement; with ``ridge = 0`` each counts once.
    progress
        Called with trials done and trials in all.

    Raises
    ------
    OutOfDomain
        When an argument is out of range, there are no labels, or the kernel matrix of
        a data set is singular and there is no ridge.

    Examples
    --------
    >>> from verify.data.kernel_spectra import spectrum_of_matrix
    >>> white = spectrum_of_matrix(np.eye(6), [1, -1, 1, -1, 1, -1])
    >>> found = measure(white, 3, trials=4)
    >>> found.learnability.ravel().tolist(), found.held_out_mse.ravel().tolist()
    ([0.5, 0.5, 0.5, 0.5], [1.0, 1.0, 1.0, 1.0])
    """
    functions = spectrum.functions()
    n = integer(n, "n", least=1, most=spectrum.size - 1)
    trials = integer(trials, "trials", least=1)
    seed = integer(seed, "seed")
    delta = float(exact_rational(ridge, "ridge", least=0))
    rows = []
    # many small systems are slower on several threads
    with threadpool_limits(1 if n < BLAS_THREADS_ABOVE else None):
        for trial in range(trials):
            generator = np.random.default_rng([seed, n, trial])
            if replacement:
                drawn = generator.integers(spectrum.size, size=n)
            else:
                drawn = generator.permutation(spectrum.size)[:n]
            rows.append(_regress(spectrum, functions, np.sort(drawn), delta))
            if progress is not None:
                progress(trial + 1, trials)
    distinct, *columns = (np.array(column) for column in zip(*rows, strict=True))
    return HeldOut(n, distinct, *columns)


def _measured_on(
    spectrum: DataSpectrum, n: int, ridge: Any = 0, *, trials: int = 100, seed: int = 0
) -> HeldOut:
    """Regress the targets on n random points; ``measure`` has more options."""
    return measure(spectrum, n, ridge, trials=trials, seed=seed)


def _regress(spectrum: DataSpectrum, functions: Floats, drawn: np.ndarray, ridge):
    matrix, points = spectrum.matrix, spectrum.size
    different = np.unique(drawn)
    data = different if ridge == 0 else drawn
    inner = matrix[np.ix_(data, data)]
    factor = _factor(inner + ridge * np.eye(len(data)), spectrum.name)
    weights = cho_solve(factor, functions[:, data].T, check_finite=False)
    fits = (matrix[:, data] @ weights).T
    squares = (fits - functions) ** 2
    inverse, _ = lapack.dtrtri(factor[0], lower=1)
    test = squares.mean(axis=1)
    held = _off_sample(
        {
            notation.test_mse: test,
            notation.train_mse: squares[:, different].mean(axis=1),
            notation.points: float(points),
            notation.n: float(len(different)),
        }
    )
    return (
        len(different),
        np.sum(fits * functions, axis=1) / np.sum(functions**2, axis=1),
        test,
        squares[:, data].mean(axis=1),
        held,
        float(np.sum(np.tril(inverse) ** 2)),
    )


def _factor(matrix: Floats, name: str) -> tuple[Floats, bool]:
    try:
        factor = cho_factor(matrix, lower=True, check_finite=False)
    except LinAlgError:
        factor = None
    if factor is not None:
        pivots = np.diagonal(factor[0]) ** 2
        least = 16 * len(matrix) * np.finfo(np.float64).eps * pivots.max()
        if pivots.min() > least:
            return factor
    raise OutOfDomain(
        f"{name}: the kernel matrix of {len(matrix)} of its points is singular to "
        "rounding; pass a ridge"
    )


install("DataSpectrum.measure", _measured_on)
