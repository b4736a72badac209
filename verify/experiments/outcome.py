"""What an experiment measured: kernel regression and trained nets, paired by data set."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from theory import Kernel
from verify.experiments.kernel_cells import data_of, domain_matrix, run_kernel_cell
from verify.experiments.specification import Experiment
from verify.networks import Architecture, CellResult, Folder, Training, run_cells, sweep
from verify.networks import Progress as NetProgress
from verify.sampling.regression import Regression

Tell = Callable[[str, float, str], object]
"""Called with the stage, the fraction done, and a line of text."""


@dataclass(frozen=True)
class NetCurve:
    """Nets at one n, in the order of trials; shapes [trial, target]."""

    learnability: np.ndarray
    test_mse: np.ndarray
    train_mse: np.ndarray
    steps: np.ndarray
    stability: np.ndarray
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """Measurements by n, in the order of the experiment's sizes.

    Attributes
    ----------
    kernel
        Regression with the NTK.
    nngp
        Regression with the NNGP on the nets' data sets, a control; empty without nets.
    nets
        Trained nets; empty where none were asked for.
    rho
        yᵀK⁻¹y/width for the nets' data sets, shape [n, trial, target].
    divergences
        One line for each net that diverged.
    """

    kernel: tuple[Regression, ...]
    nngp: tuple[Regression, ...]
    nets: tuple[NetCurve, ...]
    rho: np.ndarray
    divergences: tuple[str, ...]


def measure(
    experiment: Experiment,
    folder: Path,
    tell: Tell | None = None,
    device: str | None = None,
) -> Outcome:
    """Run what the folder does not hold yet, and read everything back.

    May be interrupted at any moment; the next call goes on from there.
    """
    say = tell or (lambda *_: None)
    kernel = tuple(
        _regress(experiment, experiment.kernel, experiment.kernel_trials, folder, say)
    )
    if not experiment.net_trials:
        return Outcome(kernel, (), (), np.zeros((0, 0, 0)), ())
    other = experiment.net_kernel("nngp", experiment.depth)
    nngp = tuple(_regress(experiment, other, experiment.net_trials, folder, say))
    nets, lines = _train(experiment, folder, say, device)
    return Outcome(kernel, nngp, nets, _rho(experiment), lines)


def _regress(
    experiment: Experiment, kernel: Kernel, trials: int, folder: Path, say: Tell
):
    total = len(experiment.sizes)
    label = f"{kernel.family} regression, {trials} data sets"
    for row, n in enumerate(experiment.sizes):
        say(label, row / total, f"n = {n}")
        yield run_kernel_cell(experiment, kernel, n, trials, folder)
    say(label, 1.0, "done")


def _train(
    experiment: Experiment, folder: Path, say: Tell, device: str | None
) -> tuple[tuple[NetCurve, ...], tuple[str, ...]]:
    net = Architecture(
        experiment.depth,
        experiment.width,
        "relu",
        float(experiment.kernel["weight_variance"]),
        float(experiment.kernel["bias_variance"]),
    )
    training = Training(
        learning_rate=experiment.learning_rate,
        max_steps=experiment.max_steps,
        stop_mse=experiment.stop_mse,
        shared_initialization=False,
    )
    source = data_of(experiment)
    cells = sweep(
        net,
        training,
        source,
        experiment.sizes,
        trials=experiment.net_trials,
        seed=experiment.seed,
        lambda_max=lambda n, trials: _largest(experiment, n, trials),
    )
    label = f"nets of width {experiment.width}, {experiment.net_trials} data sets"

    def progress(p: NetProgress) -> None:
        part = p.nets / p.nets_total if p.nets_total else 0.0
        say(label, (p.finished + part) / max(1, p.total), str(p))

    run_cells(cells, folder, progress=progress, device=device)
    store = Folder(folder)
    results = {n: [] for n in experiment.sizes}
    for cell in cells:
        result = store.load(cell.digest)
        if result is None:
            msg = f"cell {cell.digest[:12]} of n = {cell.n} is missing from {folder}"
            raise FileNotFoundError(msg)
        results[cell.n].append(result)
    lines = [
        line for group in results.values() for r in group for line in r.divergences()
    ]
    return tuple(_joined(results[n]) for n in experiment.sizes), tuple(lines)


def _joined(parts: list[CellResult]) -> NetCurve:
    names = ("learnability", "test_mse", "train_mse", "steps", "stability")
    columns = {
        name: np.concatenate([getattr(p, name) for p in parts]) for name in names
    }
    seconds = sum(float(p.provenance.get("seconds", 0.0)) for p in parts)
    return NetCurve(**columns, seconds=seconds)


def _blocks(experiment: Experiment, n: int, trials: tuple[int, ...]):
    examples = data_of(experiment).examples(n, trials)
    matrix = domain_matrix(experiment.kernel, experiment.domain)
    assert examples.indices is not None
    for rows, labels in zip(examples.indices, examples.train_targets, strict=True):
        yield matrix[np.ix_(rows, rows)], labels


def _largest(experiment: Experiment, n: int, trials: tuple[int, ...]) -> list[float]:
    return [float(np.linalg.eigvalsh(k)[-1]) for k, _ in _blocks(experiment, n, trials)]


def _rho(experiment: Experiment) -> np.ndarray:
    """yᵀK⁻¹y/width, which predicts how far a net of that width is from its kernel."""
    trials = tuple(range(experiment.net_trials))
    return np.array(
        [
            [
                np.einsum("ti,it->t", y, np.linalg.lstsq(k, y.T, rcond=None)[0])
                / experiment.width
                for k, y in _blocks(experiment, n, trials)
            ]
            for n in experiment.sizes
        ]
    )
