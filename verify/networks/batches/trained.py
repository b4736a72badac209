"""What became of nets that were trained together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.networks.errors import DivergenceError
from verify.networks.model.training_rule import OUTCOMES


@dataclass(frozen=True, slots=True)
class Trained:
    """What became of nets, one entry per trial and target.

    Attributes
    ----------
    predictions : ndarray
        [trials, targets, m]: centered outputs on the test inputs, in units of the
        targets.
    train_mse : ndarray
        [trials, targets] at the end.
    steps : ndarray
        [trials, targets]: updates of the parameters (of a flow: attempted steps).
    outcome : ndarray
        [trials, targets]: index into `OUTCOMES`.
    time : ndarray
        [trials, targets]: training time, Σ learning rate.
    flow_error : ndarray
        [trials, targets]: sum of the local errors of a flow, relative to the root mean
        square of the targets; 0 for descent.
    learning_rate, lambda_max, stability : ndarray
        [trials, targets]: step size (of a flow: the first), largest eigenvalue of the
        kernel, and 2·lr·λ_max/n.
    """

    predictions: NDArray[np.float64]
    train_mse: NDArray[np.float64]
    steps: NDArray[np.int64]
    outcome: NDArray[np.int64]
    time: NDArray[np.float64]
    flow_error: NDArray[np.float64]
    learning_rate: NDArray[np.float64]
    lambda_max: NDArray[np.float64]
    stability: NDArray[np.float64]

    @property
    def diverged(self) -> NDArray[np.bool_]:
        """Which nets diverged [trials, targets]."""
        return self.outcome == OUTCOMES.index("diverged")

    def divergences(self) -> list[str]:
        """Name every net that diverged, with its step, loss and stability number."""
        return [
            f"trial {i}, target {j} diverged at step {self.steps[i, j]}: training MSE "
            f"{self.train_mse[i, j]:.3g}, 2·lr·λ_max/n = {self.stability[i, j]:.3g} "
            f"(edge 2), learning rate {self.learning_rate[i, j]:.3g}"
            for i, j in np.argwhere(self.diverged)
        ]

    def check(self) -> Trained:
        """Return these nets if none diverged.

        Raises
        ------
        DivergenceError
            If one did; the message names each.
        """
        if self.diverged.any():
            raise DivergenceError("; ".join(self.divergences()))
        return self
