"""Kernel regression and trained nets of a learning-curve experiment, paired by data set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from verify.experiments.base import Tell
from verify.experiments.learning.specification import LearningCurves, powers_of
from verify.experiments.measurements import Measurements
from verify.regression import Measured, problem, simulate


def measure(
    experiment: LearningCurves, folder: Path, tell: Tell, device: str | None
) -> Measurements:
    """Run what the folder does not hold yet, and summarize everything."""
    table = Measurements()
    labels = {(t, s): name for name, t, s in experiment.curves()}
    total = len(experiment.sizes) * len(experiment.noises)
    stage = f"kernel regression, {experiment.kernel_trials} data sets"
    for step, (noise, n) in enumerate(_grid(experiment, experiment.sizes)):
        tell(stage, step / total, f"n = {n}")
        found = regress(
            experiment, n, noise, folder, _share(tell, stage, step, total, n)
        )
        for column, target in enumerate(experiment.targets):
            name = labels[target, noise]
            table.add("kernel", n, name, "learnability", found.learnability[:, column])
            table.add("kernel", n, name, "test_mse", found.test_mse[:, column])
        table.add("kernel", n, "", "condition", [float(np.median(found.condition))])
        table.add("kernel", n, "", "rank", [float(found.rank.mean())])
        table.add("kernel", n, "", "lambda_max", found.lambda_max)
    tell(stage, 1.0, "done")
    if experiment.trains:
        from verify.experiments.learning.nets import train_nets

        train_nets(experiment, folder, tell, device, table)
    return table


def _grid(experiment: LearningCurves, sizes: tuple[int, ...]):
    return [(noise, n) for noise in experiment.noises for n in sizes]


def _share(tell: Tell, stage: str, step: int, total: int, n: int):
    return lambda done, of, _: tell(stage, (step + done / of) / total, f"n = {n}")


def regress(
    experiment: LearningCurves,
    n: int,
    noise: str,
    folder: Path | None,
    progress: Any = None,
) -> Measured:
    """Kernel regression at one n: cells from the folder where they are there.

    Data sets of finite domains are those that nets train on; errors are averages over
    the whole domain, without a sample of test points.
    """
    targets = [powers_of(target) for target in experiment.targets]
    kernel = experiment.data_kernel()
    what = problem(
        kernel, experiment.domain, targets, n, ridge=experiment.ridge, noise=noise
    )
    return simulate(
        what,
        experiment.kernel_trials,
        experiment.seed,
        folder=folder,
        progress=progress,
    )
