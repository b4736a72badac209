"""Regression on Gaussian features of a power law, from the folder if it is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from verify.experiments.experiment import Tell
from verify.experiments.measurements import Measurements
from verify.experiments.spectra.gaussian import gaussian_errors
from verify.experiments.spectra.power_law.specification import PowerLaw
from verify.experiments.spectra.power_law.theory import law
from verify.storage.kernel_cells import stored


def measure(
    experiment: PowerLaw, folder: Path, tell: Tell, device: str | None
) -> Measurements:
    """The overfitting coefficient of regression on Gaussian features."""
    del device
    table = Measurements()
    stage = f"regression on Gaussian features, {experiment.trials} data sets"
    grid = [(a, n) for a in experiment.alphas for n in experiment.sampled_sizes]
    for step, (alpha, n) in enumerate(grid):
        tell(stage, step / len(grid), f"α = {alpha}, n = {n}")
        settings = {
            "features": "gaussian",
            "law": [alpha, experiment.sampled_modes],
            "n": n,
            "trials": experiment.trials,
            "seed": experiment.seed,
        }

        def compute(alpha: str = alpha, n: int = n) -> dict[str, np.ndarray]:
            lam = law(alpha, experiment.sampled_modes)
            zero = np.zeros_like(lam)
            _, noise = gaussian_errors(
                lam, zero, n, [0.0], experiment.trials, experiment.seed
            )
            return {"noise": noise[:, 0]}

        noise = stored(folder, "gaussian", settings, compute)["noise"]
        table.add("regression", n, f"α = {alpha}", "E0", noise)
    tell(stage, 1.0, "done")
    return table
