"""Kernel regression on a data set's own points, from the folder if it is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from theory import kernels
from verify.experiments.base import Tell
from verify.experiments.held_out.data_curves.specification import Curve, DataCurves
from verify.experiments.held_out.data_curves.theory import sizes_of, spectrum_of
from verify.experiments.measurements import Measurements
from verify.experiments.resolution import refuse_too_few
from verify.storage.arrays import stored


def preflight(experiment: DataCurves) -> tuple[str, ...]:
    """Refuse a margin that the trials cannot resolve, by a pilot of few draws."""
    spreads = []
    for task in experiment.tasks:
        s, grid = spectrum_of(experiment, task), sizes_of(experiment, task)
        n = max((x for x in grid if x <= 256), default=grid[0])
        pilot = s.measure(n, experiment.ridges[0], trials=12, seed=experiment.seed + 1)
        spreads.append(float(pilot.learnability.std(ddof=1)))
    why = f"learnability spreads by {min(spreads):.2g} or more"
    refuse_too_few(experiment, "learnability", "trials", min(spreads), why)
    return ()


def measure(
    experiment: DataCurves, folder: Path, tell: Tell, device: str | None
) -> Measurements:
    """Kernel regression on random halves of the data, from the folder if there."""
    del device
    table = Measurements()
    cells = [(c, n) for c in experiment.curves for n in sizes_of(experiment, c.task)]
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
