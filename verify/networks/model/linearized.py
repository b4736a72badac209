"""The linearized net: gradient descent on a fixed kernel, in closed form.

With K = U diag(ev) Uᵀ on n training points and the loss (1/n) Σ (y − ŷ)², the outputs
after t steps are f_t = K_* U (1 − (1 − 2·lr·ev/n)^t)/ev Uᵀ y, and after time t of
gradient flow f_t = K_* U (1 − exp(−2·ev·t/n))/ev Uᵀ y. A net that is wide, or lazy, or
both follows them step by step when K is its own tangent kernel at initialization.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from verify.networks.errors import SettingError, real, whole

Floats = NDArray[np.float64]


def _spectrum(kernel: ArrayLike, targets: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return eigenvalues [n], eigenvectors [n, n] and Uᵀy of a kernel matrix."""
    matrix, y = np.asarray(kernel, np.float64), np.asarray(targets, np.float64)
    if y.ndim != 1 or matrix.shape != (len(y), len(y)):
        raise SettingError(
            f"kernel {matrix.shape}, targets {y.shape}: must be [n, n] and [n]"
        )
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return values, vectors, vectors.T @ y


def _outputs(
    cross: ArrayLike, factors: Floats, vectors: Floats, modes: Floats
) -> Floats:
    """Return K_* U (factor · Uᵀy) for each row of factors."""
    matrix = np.asarray(cross, np.float64)
    if matrix.ndim != 2 or matrix.shape[1] != len(modes):
        raise SettingError(f"cross {matrix.shape}: must be [m, {len(modes)}]")
    return (factors * modes[None, :]) @ vectors.T @ matrix.T


def linearized_descent(
    kernel: ArrayLike,
    cross: ArrayLike,
    targets: ArrayLike,
    learning_rate: float,
    steps: Sequence[int],
) -> Floats:
    """Return the outputs of gradient descent after given numbers of steps.

    Parameters
    ----------
    kernel : array_like
        K [n, n] on the training points.
    cross : array_like
        K_* [m, n] between test points and training points.
    targets : array_like
        Training targets y [n].
    learning_rate : float
        Step size, > 0.
    steps : sequence of int
        Numbers of steps t ≥ 0.

    Returns
    -------
    ndarray
        Outputs [len(steps), m] in float64.

    Raises
    ------
    SettingError
        If shapes don't fit or a number is out of range.

    Examples
    --------
    One point, K = 1: the residual shrinks by 1 − 2·lr a step.

    >>> linearized_descent([[1.0]], [[1.0]], [1.0], 0.25, [0, 1, 2]).tolist()
    [[0.0], [0.5], [0.75]]
    """
    rate = real("learning_rate", learning_rate, 0, strict=True)
    times = np.array([whole("steps", t, 0) for t in steps], np.float64)[:, None]
    values, vectors, modes = _spectrum(kernel, targets)
    z = 2 * rate * values[None, :] / len(modes)
    # (1 − (1 − z)^t)/z loses digits where z is small; expm1 doesn't, and t is the limit
    small = np.abs(z) < 0.5
    gentle = -np.expm1(times * np.log1p(-np.where(small, z, 0)))
    with np.errstate(over="ignore"):
        rough = 1 - np.where(small, 0, 1 - z) ** times
    nonzero = np.where(z == 0, 1, z)
    ratio = np.where(z == 0, times, np.where(small, gentle, rough) / nonzero)
    return _outputs(cross, ratio * 2 * rate / len(modes), vectors, modes)


def linearized_flow(
    kernel: ArrayLike, cross: ArrayLike, targets: ArrayLike, times: Sequence[float]
) -> Floats:
    """Return the outputs of gradient flow after given times.

    Parameters
    ----------
    kernel : array_like
        K [n, n] on the training points.
    cross : array_like
        K_* [m, n] between test points and training points.
    targets : array_like
        Training targets y [n].
    times : sequence of float
        Times t ≥ 0; a step of descent lasts its learning rate.

    Returns
    -------
    ndarray
        Outputs [len(times), m] in float64.

    Raises
    ------
    SettingError
        If shapes don't fit or a time is negative.

    Examples
    --------
    >>> f = linearized_flow([[1.0]], [[1.0]], [1.0], [0.0, np.log(2) / 2])
    >>> np.allclose(f, [[0.0], [0.5]])
    True
    """
    t = np.array([real("times", time, 0) for time in times])[:, None]
    values, vectors, modes = _spectrum(kernel, targets)
    z = 2 * values[None, :] / len(modes)
    ratio = np.where(z == 0, t, -np.expm1(-z * t) / np.where(z == 0, 1, z))
    return _outputs(cross, ratio * 2 / len(modes), vectors, modes)


def steps_to_stop(
    kernel: ArrayLike,
    targets: ArrayLike,
    learning_rate: float,
    *,
    stop_mse: float = 1e-5,
    check_every: int = 10,
    max_steps: int = 10_000,
) -> int:
    """Return the number of steps after which descent on a kernel stops.

    Parameters
    ----------
    kernel, targets : array_like
        K [n, n] and y [n].
    learning_rate : float
        Step size, > 0.
    stop_mse, check_every, max_steps : float, int, int
        The rule of `Training`.

    Returns
    -------
    int
        The first multiple of ``check_every`` with a training MSE below ``stop_mse``,
        or ``max_steps`` if there is none before.

    Examples
    --------
    >>> steps_to_stop([[1.0]], [1.0], 0.25, stop_mse=2e-3)   # 4^-t is below at t = 5
    10
    """
    rate = real("learning_rate", learning_rate, 0, strict=True)
    values, _, modes = _spectrum(kernel, targets)
    squares = np.abs(1 - 2 * rate * values / len(modes)) ** 2
    checks = np.arange(0, max_steps + 1, whole("check_every", check_every, 1))
    for block in np.array_split(checks, max(1, len(checks) // 100)):
        with np.errstate(over="ignore"):
            mse = squares[None, :] ** block[:, None] @ modes**2 / len(modes)
        below = np.flatnonzero(mse < stop_mse)
        if len(below):
            return int(block[below[0]])
    return max_steps
