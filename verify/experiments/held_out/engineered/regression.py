"""Kernel regression of the designs, without nets."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from verify.experiments.held_out.engineered.specification import Engineered
from verify.experiments.net import Net
from verify.experiments.resolution import refuse_too_few
from verify.regression import problem, simulate


def preflight(experiment: Engineered) -> tuple[str, ...]:
    """Refuse a margin that kernel regression cannot resolve, by a pilot."""
    n, seed = min(experiment.sizes), experiment.seed + 1
    pilots = [
        regress(experiment, d.net, n, None, 12, seed)[0] for d in experiment.designs
    ]
    spread = min(float(pilot.std(ddof=1)) for pilot in pilots)
    why = f"learnability spreads by {spread:.2g}"
    refuse_too_few(experiment, "learnability", "kernel_trials", spread, why)
    return ()


def regress(
    experiment: Engineered,
    net: Net,
    n: int,
    folder: Path | None,
    trials: int,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Learnability and MSE of kernel regression [trial]."""
    what = problem(net.kernel(), experiment.domain, {experiment.target: 1}, n)
    found = simulate(what, trials, seed, folder=folder)
    return found.learnability[:, 0], found.test_mse[:, 0]
