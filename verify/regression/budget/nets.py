"""From the kernel's regression to trained nets: when training stops, and width."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory import OutOfDomain
from verify.networks.model.linearized import linearized_descent, steps_to_stop
from verify.regression.budget.error_budget import Budget, Part
from verify.regression.mean import Mean

Floats = NDArray[np.float64]


def stopped(
    matrix: Floats,
    indices: NDArray[np.int64],
    values: Floats,
    learning_rates: Sequence[float] | Floats,
    *,
    stop_mse: float = 1e-5,
    check_every: int = 10,
    max_steps: int = 10_000,
) -> tuple[Floats, Floats]:
    """Gradient descent on an infinitely wide net, ended by a net's stop rule.

    Parameters
    ----------
    matrix
        Kernel matrix of a finite domain, shape [M, M].
    indices
        Training points, shape [trial, n].
    values
        Targets on the whole domain, shape [target, M].
    learning_rates
        One for each trial.
    stop_mse, check_every, max_steps
        The rule of ``verify.networks.Training``.

    Returns
    -------
    tuple of ndarray
        Learnability and test MSE, each [trial, target].

    Raises
    ------
    OutOfDomain
        When there is not one learning rate for each trial.

    Examples
    --------
    >>> L, mse = stopped(np.eye(2), np.array([[0]]), np.array([[1.0, 0.0]]), [0.25])
    >>> bool(0.99 < L[0, 0] < 1)
    True
    """
    rates = np.asarray(learning_rates, dtype=np.float64)
    if rates.shape != (len(indices),):
        raise OutOfDomain(
            f"learning_rates: {rates.shape}, one for each of {len(indices)} trials"
        )
    power = np.sum(values**2, axis=1)
    learned, errors = [], []
    for chosen, rate in zip(indices, rates, strict=True):
        inner, cross = matrix[np.ix_(chosen, chosen)], matrix[:, chosen]
        fits = []
        for row in values:
            steps = steps_to_stop(
                inner,
                row[chosen],
                float(rate),
                stop_mse=stop_mse,
                check_every=check_every,
                max_steps=max_steps,
            )
            fits.append(
                linearized_descent(inner, cross, row[chosen], float(rate), [steps])[0]
            )
        fit = np.array(fits)
        learned.append(np.sum(fit * values, axis=1) / power)
        errors.append(np.mean((fit - values) ** 2, axis=1))
    return np.array(learned), np.array(errors)


def net_budget(
    statistic: str,
    target: str,
    theory: float,
    nets: Any,
    stopped_kernel: Any,
    kernel: Any,
    before: Sequence[Part] = (),
) -> Budget:
    """The budget of trained nets, paired with the kernel on the same data sets.

    Parameters
    ----------
    statistic, target
        Names for the table.
    theory
        What the theory said.
    nets, stopped_kernel, kernel
        The statistic of trained nets, of ``stopped``, and of kernel regression, one for
        each data set and in the same order.
    before
        Parts between theory and kernel regression, from ``regression_budget``. Without
        them the budget starts at kernel regression: pass its mean as ``theory``.

    Raises
    ------
    OutOfDomain
        When the three do not belong to the same data sets, or a value is not finite.

    Examples
    --------
    >>> found = net_budget("learnability", "1", 0.4, [0.5, 0.6], [0.55, 0.5], [0.5, 0.3])
    >>> [part.cause for part in found.parts]
    ['stop rule', 'finite width']
    """
    rows = [np.asarray(x, dtype=np.float64) for x in (nets, stopped_kernel, kernel)]
    if len({x.shape for x in rows}) != 1 or rows[0].ndim != 1 or len(rows[0]) < 2:
        shapes = ", ".join(str(x.shape) for x in rows)
        raise OutOfDomain(
            f"nets, stopped_kernel, kernel: shapes {shapes} must be one [trial], at least 2"
        )
    if not all(np.all(np.isfinite(x)) for x in rows):
        raise OutOfDomain(
            "nets, stopped_kernel, kernel: a value is not finite; diverged nets count as far"
        )
    trained, ended, exact = rows
    stop, width = Mean.of(ended - exact), Mean.of(trained - ended)
    count = f"{len(trained)} data sets, paired"
    parts = (
        *before,
        Part("stop rule", stop.value, stop.error, f"infinite width, {count}"),
        Part("finite width", width.value, width.error, f"trained nets, {count}"),
    )
    return Budget(statistic, target, theory, Mean.of(trained), parts)
