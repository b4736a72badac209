"""The nets of a learning-curve experiment, and what their deviations can come from."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from theory.numbers import rational
from verify.experiments.base import Tell
from verify.experiments.learning.data import blocks, kernel_text, source_of
from verify.experiments.learning.specification import LearningCurves, powers_of
from verify.experiments.measurements import Measurements
from verify.experiments.net_cells import join, run_and_load
from verify.networks import Architecture, Training, sweep
from verify.networks.model.linearized import linearized_descent, steps_to_stop
from verify.storage.arrays import stored


def architecture(experiment: LearningCurves) -> Architecture:
    """The net at the experiment's width."""
    net = experiment.net
    assert net is not None
    kernel = net.kernel(experiment.input_variance)
    return Architecture(
        net.depth,
        experiment.width,
        net.activation,
        float(kernel["weight_variance"]),
        float(kernel["bias_variance"]),
    )


def training(experiment: LearningCurves) -> Training:
    """How the nets are trained; each target has an initialization of its own."""
    return Training(
        learning_rate=experiment.learning_rate,
        max_steps=experiment.max_steps,
        stop_mse=experiment.stop_mse,
        shared_initialization=False,
    )


def train_nets(
    experiment: LearningCurves,
    folder: Path,
    tell: Tell,
    device: str | None,
    table: Measurements,
) -> None:
    """Train what is missing; enter nets, and nets minus kernel regression, by n."""
    count = experiment.net_trials
    trials = tuple(range(count))
    labels = {(t, s): name for name, t, s in experiment.curves()}
    for noise in experiment.noises:
        cells = sweep(
            architecture(experiment),
            training(experiment),
            source_of(experiment, noise),
            experiment.trained_sizes,
            trials=count,
            seed=experiment.seed,
            lambda_max=lambda n, which: _largest(experiment, n, which),
        )
        stage = f"nets of width {experiment.width}, {count} data sets"
        if len(experiment.noises) > 1:
            stage += f", σ² = {noise}"
        results = run_and_load(cells, folder, stage, tell, device)
        for n in experiment.trained_sizes:
            nets = join([r for c, r in zip(cells, results, strict=True) if c.n == n])
            pairs = {
                family: paired_learnability(
                    experiment, n, noise, trials, family, folder
                )
                for family in ("ntk", "nngp")
            }
            stopped = stopped_learnability(experiment, n, noise, trials, folder)
            rho = _rho(experiment, n, noise, trials)
            test = source_of(experiment).examples(n, (0,)).test_targets
            for column, target in enumerate(experiment.targets):
                name = labels[target, noise]
                learned = nets.learnability[:, column]
                kernel = pairs["ntk"][:, column]
                table.add("nets", n, name, "learnability", learned)
                # a sample of test points need not have the target's power
                power = float(np.mean(test[column] ** 2)) / power_of(target)
                mse = nets.test_mse[:, column] / power + float(Fraction(noise))
                table.add("nets", n, name, "test_mse", mse)
                table.add("nets − kernel", n, name, "learnability", learned - kernel)
                table.add(
                    "nets − NNGP",
                    n,
                    name,
                    "learnability",
                    learned - pairs["nngp"][:, column],
                )
                table.add(
                    "stopped − kernel",
                    n,
                    name,
                    "learnability",
                    stopped[:, column] - kernel,
                )
                table.add("nets", n, name, "rho", rho[:, column])
            for quantity, value in (
                ("stability", np.nanmax(nets.stability)),
                ("steps", nets.steps.max()),
                ("train_mse", np.nanmax(nets.train_mse)),
                ("diverged", len(nets.divergences)),
                ("seconds", nets.seconds),
            ):
                table.add("nets", n, "", quantity, [float(value)])


def power_of(target: int | str) -> float:
    """Mean square of a target over the whole domain."""
    return float(sum(powers_of(target).values()))


def _largest(experiment: LearningCurves, n: int, trials: tuple[int, ...]):
    return [
        float(np.linalg.eigvalsh(inner)[-1])
        for inner, *_ in blocks(experiment, n, trials)
    ]


def _rho(
    experiment: LearningCurves, n: int, noise: str, trials: tuple[int, ...]
) -> np.ndarray:
    """yᵀK⁻¹y/width [trial, target], which predicts how far a net is from its kernel."""
    return np.array(
        [
            np.einsum("ti,it->t", y, np.linalg.lstsq(inner, y.T, rcond=None)[0])
            / experiment.width
            for inner, _, y, _ in blocks(experiment, n, trials, noise)
        ]
    )


def stopped_learnability(
    experiment: LearningCurves,
    n: int,
    noise: str,
    trials: tuple[int, ...],
    folder: Path,
) -> np.ndarray:
    """Learnability of the infinitely wide net under the nets' own stopping rule.

    What it lacks of kernel regression is the share of the stopping rule: descent has not
    arrived when it ends. Shape [trial, target].
    """
    rule = training(experiment)
    settings = {
        "kernel": kernel_text(experiment, "ntk"),
        "data": source_of(experiment, noise).description,
        "n": n,
        "stopped": list(trials),
        "rule": [rule.learning_rate, rule.max_steps, rule.stop_mse],
    }

    def compute() -> dict[str, np.ndarray]:
        rows = []
        for inner, cross, labels, test in blocks(experiment, n, trials, noise):
            rate = rule.rate(n, float(np.linalg.eigvalsh(inner)[-1]))
            row = []
            for y, f in zip(labels, test, strict=True):
                steps = steps_to_stop(
                    inner, y, rate, stop_mse=rule.stop_mse, max_steps=rule.max_steps
                )
                fit = linearized_descent(inner, cross, y, rate, [steps])[0]
                row.append(float(fit @ f / (f @ f)))
            rows.append(row)
        return {"learnability": np.array(rows)}

    return stored(folder, "stopped", settings, compute)["learnability"]


def paired_learnability(
    experiment: LearningCurves,
    n: int,
    noise: str,
    trials: tuple[int, ...],
    family: str,
    folder: Path,
) -> np.ndarray:
    """Learnability of kernel regression on the nets' data and test points [trial, target]."""
    ridge = float(rational(experiment.ridge, "ridge", least=0))
    settings = {
        "kernel": kernel_text(experiment, family),
        "data": source_of(experiment, noise).description,
        "ridge": experiment.ridge,
        "n": n,
        "paired": list(trials),
    }

    def compute() -> dict[str, np.ndarray]:
        rows = []
        for inner, cross, y, test in blocks(experiment, n, trials, noise, family):
            weights = np.linalg.lstsq(inner + ridge * np.eye(n), y.T, rcond=None)[0]
            fits = (cross @ weights).T
            rows.append(np.sum(fits * test, axis=1) / np.sum(test**2, axis=1))
        return {"learnability": np.array(rows)}

    return stored(folder, f"paired-{family}", settings, compute)["learnability"]
