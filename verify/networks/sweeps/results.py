"""What a cell's nets came to, with all that's needed to know where it came from."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from verify.networks.batches.trained import Trained
from verify.networks.data_sources.examples import Examples
from verify.networks.errors import DivergenceError, SettingError
from verify.networks.model.training_rule import OUTCOMES
from verify.networks.steps.precision import find_device

ARRAYS = (
    "predictions",
    "train_mse",
    "steps",
    "outcome",
    "time",
    "flow_error",
    "learning_rate",
    "lambda_max",
    "stability",
    "learnability",
    "test_mse",
    "test_targets",
    "indices",
)


def learnability(predictions: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
    """Return Σ y ŷ / Σ y² over the last axis, the test points.

    Examples
    --------
    >>> y = np.array([1.0, -1.0])
    >>> float(learnability(0.5 * y, y))
    0.5
    """
    return (predictions * targets).sum(axis=-1) / (targets**2).sum(axis=-1)


def mean_squared_error(
    predictions: NDArray[Any], targets: NDArray[Any]
) -> NDArray[Any]:
    """Return the mean of (y − ŷ)² over the last axis, the test points."""
    return ((predictions - targets) ** 2).mean(axis=-1)


@dataclass(frozen=True, slots=True)
class CellResult:
    """The numbers of one cell; axes are [trials, targets] unless said otherwise.

    Attributes
    ----------
    settings : dict
        The cell's description: everything that determines the numbers.
    provenance : dict
        Versions, device, platform, date and seconds: what should not determine them.
    predictions : ndarray
        [trials, targets, m], float64 in units of the targets; NaN if diverged.
    learnability, test_mse : ndarray
        On the test set; NaN if diverged.
    train_mse, steps, outcome, time, flow_error, learning_rate, lambda_max, stability
        As in `Trained`.
    test_targets : ndarray
        [targets, m]
    indices : ndarray
        [trials, n]: test points that are trained on; [trials, 0] if the training
        points are not among the test points.

    Notes
    -----
    A target that vanishes on the whole test set has learnability NaN.
    """

    settings: dict[str, Any]
    provenance: dict[str, Any]
    predictions: NDArray[np.float64]
    train_mse: NDArray[np.float64]
    steps: NDArray[np.int64]
    outcome: NDArray[np.int64]
    time: NDArray[np.float64]
    flow_error: NDArray[np.float64]
    learning_rate: NDArray[np.float64]
    lambda_max: NDArray[np.float64]
    stability: NDArray[np.float64]
    learnability: NDArray[np.float64]
    test_mse: NDArray[np.float64]
    test_targets: NDArray[np.float64]
    indices: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        settings: dict[str, Any],
        trained: Trained,
        examples: Examples,
        device: str | None,
    ) -> CellResult:
        """Put trained nets and their data together."""
        y = examples.test_targets
        trials = len(examples.train_inputs)
        with np.errstate(invalid="ignore", divide="ignore"):
            learned = learnability(trained.predictions, y[None])
        indices = examples.indices
        if indices is None:
            indices = np.zeros((trials, 0), np.int64)
        where = find_device(device)
        provenance = {
            "jax": jax.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
            "platform": platform.platform(),
            "device": f"{where.platform}:{where.id} {where.device_kind}",
            "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        fields = {name: getattr(trained, name) for name in ARRAYS[:9]}
        return cls(
            settings,
            provenance,
            **fields,
            learnability=learned,
            test_mse=mean_squared_error(trained.predictions, y[None]),
            test_targets=y,
            indices=indices,
        )

    @property
    def diverged(self) -> NDArray[np.bool_]:
        """Which nets diverged [trials, targets]."""
        return self.outcome == OUTCOMES.index("diverged")

    def divergences(self) -> list[str]:
        """Name every net that diverged: trial, target, step, loss, stability number."""
        trials, targets = self.settings["trials"], self.settings["data"]["targets"]
        return [
            f"trial {trials[i]}, target {targets[j]} at n = {self.settings['n']} "
            f"diverged at step {self.steps[i, j]}: training MSE "
            f"{self.train_mse[i, j]:.3g}, 2·lr·λ_max/n = {self.stability[i, j]:.3g} "
            f"(edge 2), learning rate {self.learning_rate[i, j]:.3g}"
            for i, j in np.argwhere(self.diverged)
        ]


def ensemble(members: Sequence[CellResult]) -> NDArray[np.float64]:
    """Average the predictions of an ensemble's members.

    Parameters
    ----------
    members : sequence of CellResult
        Cells that differ in ``member`` only.

    Returns
    -------
    ndarray
        Mean predictions [trials, targets, m].

    Raises
    ------
    SettingError
        If there is no member, or cells differ in something else.
    DivergenceError
        If a net diverged: an average over the others would hide that.
    """
    settings = [{**result.settings, "member": None} for result in members]
    if not settings or any(other != settings[0] for other in settings):
        raise SettingError(
            "ensemble: must be one or more cells that differ in member only"
        )
    lost = [line for result in members for line in result.divergences()]
    if lost:
        raise DivergenceError("; ".join(lost))
    return np.mean([result.predictions for result in members], axis=0)
