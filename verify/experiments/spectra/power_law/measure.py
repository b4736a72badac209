"""Regression on Gaussian features of a power law, from the folder if it is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from verify.experiments.base import Tell
from verify.experiments.measurements import Measurements
from verify.experiments.resolution import refuse_too_few
from verify.experiments.spectra.gaussian import gaussian_errors
from verify.experiments.spectra.power_law.specification import PowerLaw
from verify.experiments.spectra.power_law.theory import law
from verify.storage.arrays import stored


def preflight(experiment: PowerLaw) -> tuple[str, ...]:
    """Theory needs no sample; the margin of what is sampled is checked by a pilot."""
    n = max(experiment.sampled_sizes)
    lam = law(experiment.alphas[-1], experiment.sampled_modes)
    _, pilot = gaussian_errors(lam, 0 * lam, n, [0.0], 12, experiment.seed + 1)
    spread = float(pilot.std(ddof=1) / pilot.mean())
    why = f"E₀ spreads by {spread:.2g} at n = {n}"
    refuse_too_few(experiment, "measured", "trials", spread, why, times=4)
    return ()


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
