"""When to stop: the time at which the test error is least, and what time a trainer's is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Rational

from numerics.statistics.predict import predict
from theory import Unsupported
from theory.numbers import rational
from theory.training.rules import read_rule

LOOKED_AT = 81
DECADES = 4
ROUNDS = 3
FLAT = 1e-9
"""A minimum that is deeper than the end by less is the end: the curve is flat there."""


@dataclass(frozen=True, slots=True)
class Stopping:
    """The best time, the best ridge, and the errors there.

    Attributes
    ----------
    time, ridge
        Where the test MSE is least; time ∞ and ridge 0: at the end of training.
    test_mse, ridge_test_mse
        The test MSE there.
    """

    time: float
    test_mse: float
    ridge: float
    ridge_test_mse: float


def best_stopping(
    s: Any,
    target: Mapping[int, Any] | np.ndarray,
    n: Any,
    noise: Any = 0,
    *,
    rule: Any = "flow",
    sampling: str = "independent",
) -> Stopping:
    """The best time to stop, beside the best ridge.

    Both are searched over eight decades, from all local minima of a fine grid: errors can
    have several.

    Parameters
    ----------
    s, target, n, noise, sampling
        As ``predict`` takes them, for one problem.
    rule
        A rule whose time is continuous: "flow", "weight_decay:decay=…", or a function.

    Raises
    ------
    Unsupported
        When the rule counts steps.

    Examples
    --------
    >>> from numerics import FloatSpectrum
    >>> lam = np.arange(1, 301) ** -1.5
    >>> power = np.arange(1, 301) ** -2.0
    >>> found = best_stopping(FloatSpectrum.from_arrays(lam), power / power.sum(), 60, "0.1")
    >>> round(found.time, 3), round(found.test_mse, 6), round(found.ridge_test_mse, 6)
    (1.024, 0.160745, 0.161955)
    """
    if read_rule(rule).unit != "time":
        raise Unsupported(f"rule = '{rule}' counts steps; ask predict for all of them")
    ask = {"noise": noise, "sampling": sampling}
    timed = lambda x: predict(s, target, n, time=x, rule=rule, **ask).test_mse
    ridged = lambda x: predict(s, target, n, ridge=x, **ask).test_mse
    floats = s if hasattr(s, "mass") else s.floats()
    scale = float(floats.mass.sum() + floats.tail_mass)
    time, error = _least(timed, 1 / scale)
    ridge, other = _least(ridged, scale)
    last = float(predict(s, target, n, **ask).test_mse)
    if last <= error * (1 + FLAT):
        time, error = np.inf, last
    if last <= other * (1 + FLAT):
        ridge, other = 0.0, last
    return Stopping(time, error, ridge, other)


def _least(error: Any, unit: float) -> tuple[float, float]:
    """The least value on a logarithmic axis, refined around the best of a grid."""
    low, high = -DECADES, DECADES
    at, best = 0.0, np.inf
    for _ in range(ROUNDS):
        grid = np.linspace(low, high, LOOKED_AT)
        values = np.asarray(error(unit * 10.0**grid))
        k = int(np.argmin(values))
        at, best = float(grid[k]), float(values[k])
        step = grid[1] - grid[0]
        low, high = at - step, at + step
    return unit * 10.0**at, best


def flow_time(
    rate: Any, steps: Any, n: Any, *, mean: bool = True, half: bool = False
) -> Rational:
    """The time of gradient flow that a trainer's steps make.

    The engine's flow descends ½ Σ (f̂ − y)²: in the time τ an eigenvalue s of K_DD leaves
    e^{−τ s}. A loss that is a mean over n points goes n times slower, one without the
    factor ½ twice as fast: τ = rate · steps · (1 or 2) / (1 or n). An epoch of full
    batches is one step.

    Parameters
    ----------
    rate, steps
        Learning rate, and steps (epochs of full batches).
    n
        Training points.
    mean
        Whether the loss is the mean over points, not the sum.
    half
        Whether it has the factor ½.

    Raises
    ------
    OutOfDomain
        When one is negative, or n is 0.

    Examples
    --------
    >>> flow_time("1/2", 100, 50)                   # the project's nets: mean squared error
    2
    >>> flow_time("1/2", 100, 50, mean=False, half=True)
    50
    """
    size = rational(n, "n", positive=True)
    steps = rational(steps, "steps", least=0)
    rate = rational(rate, "rate", least=0)
    return rate * steps * (1 if half else 2) / (size if mean else 1)
