"""How nets are trained: the loss, the learning rate and when to stop."""

from __future__ import annotations

import math
from dataclasses import dataclass

from verify.networks.errors import SettingError, one_of, real, whole

DTYPES = ("float32", "float64")
DYNAMICS = ("descent", "flow")
OUTCOMES = ("running", "converged", "max_steps", "max_time", "diverged")
"""What can become of a net; results hold the position in this list."""


@dataclass(frozen=True, slots=True)
class Training:
    """Full-batch training on the mean over the n training points of (y − ŷ)².

    Parameters
    ----------
    learning_rate : float, optional
        Step size; by default `stable_rate`, which is 0.8·n/λ_max but at most 0.5.
    max_steps : int
        No more steps than this (with ``dynamics="flow"``: attempted steps).
    stop_mse : float
        Stop when the training MSE is below this, in units of the targets as given.
    check_every : int
        Steps between two looks at the training MSE.
    max_time : float, optional
        No more training time than this; a step of descent lasts ``learning_rate``.
    dtype : {"float32", "float64"}
        Precision.
    centered : bool
        Whether the function at initialization is subtracted from the output.
    dynamics : {"descent", "flow"}
        Gradient descent, or gradient flow by an adaptive third-order method.
    flow_tolerance : float
        Largest error of one step of the flow: root mean square over the training
        outputs, relative to that of the targets. Results hold the sum over steps.
    target_scale : float
        Nets learn ``target_scale``·y and their outputs are divided by it: 1e-3 makes a
        narrow net lazy.
    shared_initialization : bool
        Whether all targets of a trial start from the same parameters.
    divergence_factor : float
        A training MSE above this multiple of the mean of y² (or a NaN) is a divergence.

    Raises
    ------
    SettingError
        If a setting is out of range.

    Examples
    --------
    >>> Training().rate(n=4, lambda_max=16.0)     # 0.8·4/16
    0.2
    >>> Training().stability(n=4, lambda_max=16.0)
    1.6
    """

    learning_rate: float | None = None
    max_steps: int = 10_000
    stop_mse: float = 1e-5
    check_every: int = 10
    max_time: float | None = None
    dtype: str = "float32"
    centered: bool = True
    dynamics: str = "descent"
    flow_tolerance: float = 1e-4
    target_scale: float = 1.0
    shared_initialization: bool = True
    divergence_factor: float = 1e6

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name in ("learning_rate", "max_time"):
            value = getattr(self, name)
            if value is not None:
                put(self, name, real(name, value, 0, strict=True))
        for name in ("flow_tolerance", "target_scale", "divergence_factor"):
            put(self, name, real(name, getattr(self, name), 0, strict=True))
        put(self, "stop_mse", real("stop_mse", self.stop_mse, 0))
        put(self, "max_steps", whole("max_steps", self.max_steps, 0, 2**31 - 1))
        put(self, "check_every", whole("check_every", self.check_every, 1, 2**31 - 1))
        one_of("dtype", self.dtype, DTYPES)
        one_of("dynamics", self.dynamics, DYNAMICS)
        for name in ("centered", "shared_initialization"):
            if not isinstance(getattr(self, name), bool):
                raise SettingError(
                    f"{name} = {getattr(self, name)!r}: must be True or False"
                )

    def rate(self, n: int, lambda_max: float) -> float:
        """Return the learning rate for n points and a kernel's largest eigenvalue."""
        if self.learning_rate is not None:
            return self.learning_rate
        return stable_rate(n, lambda_max)

    def stability(self, n: int, lambda_max: float) -> float:
        """Return 2·lr·λ_max/n; above 2 the linearized net diverges."""
        return 2 * self.rate(n, lambda_max) * lambda_max / n


def stable_rate(n: int, lambda_max: float) -> float:
    """Return the learning rate 0.8·n/λ_max, but at most 0.5.

    Descent on the mean squared error with kernel K contracts the mode of eigenvalue λ
    by 1 − 2·lr·λ/n, so it's stable for lr < n/λ_max: this is 0.8 of that edge.

    Parameters
    ----------
    n : int
        Number of training points.
    lambda_max : float
        Largest eigenvalue of the kernel matrix [n, n].

    Raises
    ------
    SettingError
        If ``lambda_max`` is not positive.

    Examples
    --------
    >>> stable_rate(100, 10.0)
    0.5
    """
    if not (math.isfinite(lambda_max) and lambda_max > 0):
        raise SettingError(f"lambda_max = {lambda_max!r}: must be a finite number > 0")
    return min(0.8 * n / lambda_max, 0.5)
