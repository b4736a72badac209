"""An experiment's numbers as curves for a figure and as rows of a table."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np

from learnability.figures import LearningCurve, Points
from learnability.table import Column, Estimate, Table
from learnability.table.cell import from_float
from numerics.curves import RELATIVE_ERROR
from verify.experiments import Curves, Experiment, Outcome
from verify.experiments.curves import predicted

FINE = 160


def figure_curves(
    experiment: Experiment, theory: Curves, outcome: Outcome
) -> list[LearningCurve]:
    """Theory on a fine grid, with the measured points, one curve for each target.

    Examples
    --------
    >>> from verify.experiments import curves, fig1
    >>> empty = Outcome((), (), (), np.zeros(0), ())
    >>> [c.label for c in figure_curves(fig1(), curves(fig1()), empty)][:2]
    ['k = 0', 'k = 1']
    """
    top = min(max(experiment.sizes), theory.spectrum.modes)
    fine = [int(x) for x in np.unique(np.round(np.geomspace(1, top, FINE)))]
    learned, errors = predicted(theory.spectrum, experiment, list(fine))
    curves = []
    for column, k in enumerate(experiment.targets):
        curves.append(
            LearningCurve(
                label=f"k = {k}",
                n=np.array(fine, dtype=float),
                learnability=learned[:, column],
                test_mse=errors[:, column],
                kernel=_points(experiment, outcome.kernel, column)
                if outcome.kernel
                else None,
                nets=_points(experiment, outcome.nets, column)
                if outcome.nets
                else None,
            )
        )
    return curves


def figure_data(experiment: Experiment, curves: list[LearningCurve]) -> str:
    """Everything that the figure shows, one line for each curve's point."""
    memory = io.StringIO()
    writer = csv.writer(memory, lineterminator="\n")
    writer.writerow(
        ["target", "what", "n", "learnability", "error", "test_mse", "error"]
    )
    for k, curve in zip(experiment.targets, curves, strict=True):
        for n, learned, error in zip(
            curve.n, curve.learnability, curve.test_mse, strict=True
        ):
            writer.writerow(
                [k, "theory", f"{n:g}", repr(float(learned)), 0, repr(float(error)), 0]
            )
        for what, pair in (("kernel", curve.kernel), ("nets", curve.nets)):
            if pair is None:
                continue
            first, second = pair
            for row, n in enumerate(first.n):
                numbers = (first.mean, first.error, second.mean, second.error)
                writer.writerow(
                    [k, what, f"{n:g}", *(repr(float(x[row])) for x in numbers)]
                )
    return memory.getvalue()


def results_table(
    experiment: Experiment, theory: Curves, outcome: Outcome, made: list[str]
) -> Table:
    """Theory, kernel regression and nets by target and n, with standard errors."""
    columns = [
        Column("target", "k", "$k$"),
        Column("n", "n", "$n$"),
        Column(
            "C", "C", "$C$", uncertainty="proved radius", source="implicit_equation"
        ),
        _column("learnability_theory", "L theory", r"$\mathcal{L}$", "float64"),
        _column("learnability_kernel", "L kernel", r"$\mathcal{L}$ kernel"),
        _column("learnability_nets", "L nets", r"$\mathcal{L}$ nets"),
        _column("test_mse_theory", "MSE theory", r"$\mathcal{E}$", "float64"),
        _column("test_mse_kernel", "MSE kernel", r"$\mathcal{E}$ kernel"),
        _column("test_mse_nets", "MSE nets", r"$\mathcal{E}$ nets"),
    ]
    rows = []
    for column, target in enumerate(experiment.targets):
        for row, n in enumerate(experiment.sizes):
            cells: list[Any] = [target, n, theory.constants[row]]
            for name, values in (
                ("learnability", theory.learnability),
                ("test_mse", theory.test_mse),
            ):
                cells.append(from_float(float(values[row, column]), RELATIVE_ERROR))
                for measured in (outcome.kernel, outcome.nets):
                    cells.append(_estimate(measured, row, name, column))
            rows.append(tuple(cells))
    return Table(
        columns=tuple(columns),
        rows=tuple(rows),
        title=f"Theory, kernel regression and trained nets: {experiment.title}.",
        digits=30,
        show=4,
        command=made,
        seed=experiment.seed,
        notes=(
            f"{experiment.kernel} on {experiment.domain}; C has proved digits; standard "
            f"errors over {experiment.kernel_trials} data sets for the kernel and "
            f"{experiment.net_trials} for nets of width {experiment.width}.",
        ),
    )


def _column(key: str, heading: str, latex: str, kind: str = "standard error") -> Column:
    return Column(key, heading, latex, uncertainty=kind)


def _estimate(measured: Any, row: int, name: str, column: int) -> Estimate | None:
    if not measured:
        return None
    mean, error = _mean(getattr(measured[row], name)[:, column])
    return Estimate(mean, error) if np.isfinite(mean) else None


def _points(experiment: Experiment, cells: Any, column: int) -> tuple[Points, Points]:
    n = np.array(experiment.sizes, dtype=float)
    pairs = []
    for name in ("learnability", "test_mse"):
        found = [_mean(getattr(cell, name)[:, column]) for cell in cells]
        pairs.append(Points(n, *map(np.array, zip(*found, strict=True))))
    return pairs[0], pairs[1]


def _mean(values: np.ndarray) -> tuple[float, float]:
    sound = values[np.isfinite(values)]
    if len(sound) < 2:
        return float("nan"), float("inf")
    return float(sound.mean()), float(sound.std(ddof=1) / np.sqrt(len(sound)))
