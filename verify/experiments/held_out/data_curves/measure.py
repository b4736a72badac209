"""Kernel regression on a data set's own points, from the folder if it is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from theory import kernels
from verify.experiments.experiment import Tell
from verify.experiments.held_out.data_curves.specification import Curve, DataCurves
from verify.experiments.held_out.data_curves.theory import spectrum_of
from verify.experiments.measurements import Measurements
from verify.storage.kernel_cells import stored


def measure(
    experiment: DataCurves, folder: Path, tell: Tell, device: str | None
) -> Measurements:
    """Kernel regression on random halves of the data, from the folder if there."""
    del device
    table = Measurements()
    cells = [(c, n) for c in experiment.curves for n in experiment.grid(c.task)]
    for step, (curve, n) in enumerate(cells):
        stage = f"kernel regression, {experiment.trials} data sets"
        tell(stage, step / len(cells), f"{curve.name}, n = {n}")
        settings = {
            "data": [experiment.data, curve.task],
            "kernel": str(kernels.parse(experiment.kernel)),
            "n": n,
            "ridge": curve.ridge,
            "trials": experiment.trials,
            "seed": experiment.seed,
        }

        def compute(curve: Curve = curve, n: int = n) -> dict[str, np.ndarray]:
            s = spectrum_of(experiment, curve.task)
            found = s.measure(
                n, curve.ridge, trials=experiment.trials, seed=experiment.seed
            )
            return {
                "learnability": found.learnability[:, 0],
                "held_out": found.held_out_mse[:, 0],
            }

        found = stored(folder, "data", settings, compute)
        table.add("kernel", n, curve.name, "learnability", found["learnability"])
        table.add("kernel", n, curve.name, "held_out_mse", found["held_out"])
    tell(f"kernel regression, {experiment.trials} data sets", 1.0, "done")
    return table
