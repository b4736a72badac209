"""Kernel regression of every design, and its nets on the first of the same data sets."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from verify.experiments.base import Tell
from verify.experiments.held_out.engineered.regression import regress
from verify.experiments.held_out.engineered.specification import Engineered
from verify.experiments.held_out.engineered.theory import held_out
from verify.experiments.measurements import Measurements
from verify.experiments.net import Net
from verify.experiments.net_cells import join, run_and_load
from verify.networks import Architecture, HypercubeData, Training, sweep


def measure(
    experiment: Engineered, folder: Path, tell: Tell, device: str | None
) -> Measurements:
    """Kernel regression of every design, and its nets on the first data sets."""
    table = Measurements()
    points = int(experiment.place.size)
    cells = [(d, n) for d in experiment.designs for n in experiment.sizes]
    for step, (design, n) in enumerate(cells):
        label = design.net.label
        stage = f"kernel regression, {experiment.kernel_trials} data sets"
        tell(stage, step / len(cells), f"{label}, n = {n}")
        learned, _ = regress(
            experiment, design.net, n, folder, experiment.kernel_trials, experiment.seed
        )
        table.add("kernel", n, label, "learnability", learned)
        table.add("kernel", n, label, "held out", held_out(learned, n, points))
    tell(f"kernel regression, {experiment.kernel_trials} data sets", 1.0, "done")
    if experiment.trains:
        _train(experiment, folder, tell, device, table)
    return table


def _train(
    experiment: Engineered,
    folder: Path,
    tell: Tell,
    device: str | None,
    table: Measurements,
) -> None:
    """Train the nets of every design, and pair them with their kernels."""
    count = experiment.net_trials
    data = HypercubeData(
        int(experiment.place.ambient), (f"parity:{experiment.target}",), experiment.seed
    )
    for design in experiment.designs:
        net, label = design.net, design.net.label
        kernel = net.kernel()
        cells = sweep(
            Architecture(
                net.depth,
                design.width,
                net.activation,
                float(kernel["weight_variance"]),
                float(kernel["bias_variance"]),
            ),
            Training(
                learning_rate=experiment.learning_rate,
                stop_mse=experiment.stop_mse,
                max_steps=experiment.max_steps,
            ),
            data,
            experiment.sizes,
            trials=count,
            block=2,
            seed=experiment.seed,
        )
        stage = f"{label} of width {design.width}, {count} data sets"
        results = run_and_load(cells, folder, stage, tell, device)
        for n in experiment.sizes:
            own = [r for c, r in zip(cells, results, strict=True) if c.n == n]
            nets = join(own)
            learned = nets.learnability[:, 0]
            pair, energy = _paired(experiment, net, n)
            table.add("nets", n, label, "learnability", learned)
            table.add("nets − kernel", n, label, "learnability", learned - pair)
            outside = _outside(own, nets.predictions)
            table.add("nets", n, label, "held out", outside[0])
            table.add("nets", n, label, "accuracy", outside[1])
            rho = energy / design.width
            for quantity, value in (
                ("stability", np.nanmax(nets.stability)),
                ("steps", nets.steps.max()),
                ("train_mse", np.nanmax(nets.train_mse)),
                ("rho", rho.max()),
                ("diverged", len(nets.divergences)),
            ):
                table.add("nets", n, label, quantity, [float(value)])


@lru_cache(maxsize=4)
def _full(net: Net, d: int) -> np.ndarray:
    examples = HypercubeData(d, ("parity:0",)).examples(1, (0,))
    return net.gram(examples.test_inputs)


def _paired(experiment: Engineered, net: Net, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Learnability by kernel regression and yᵀK⁻¹y on the nets' data sets."""
    d = int(experiment.place.ambient)
    data = HypercubeData(d, (f"parity:{experiment.target}",), experiment.seed)
    examples = data.examples(n, tuple(range(experiment.net_trials)))
    assert examples.indices is not None
    full, f = _full(net, d), examples.test_targets[0]
    learned, energy = [], []
    for rows, y in zip(examples.indices, examples.train_targets[:, 0], strict=True):
        weights = np.linalg.lstsq(full[np.ix_(rows, rows)], y, rcond=None)[0]
        learned.append(float(f @ (full[:, rows] @ weights) / (f @ f)))
        energy.append(float(y @ weights))
    return np.array(learned), np.array(energy)


def _outside(results: Any, predictions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Held-out learnability and share of right signs of nets [trial]."""
    targets = results[0].test_targets[0]
    indices = np.concatenate([r.indices for r in results])
    learned, right = [], []
    for rows, fit in zip(indices, predictions[:, 0], strict=True):
        left = np.setdiff1d(np.arange(len(targets)), rows)
        y, f = targets[left], fit[left]
        learned.append(float(y @ f / (y @ y)))
        right.append(float(np.mean(np.sign(f) == np.sign(y))))
    return np.array(learned), np.array(right)
