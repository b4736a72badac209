"""From measurements to verdicts, a figure, tables, the error table and remarks."""

from __future__ import annotations

from typing import Any

import numpy as np

from theory.numbers import rational
from verify.experiments.findings import ErrorRow, Findings, Heading, Rows
from verify.experiments.held_out.data_curves.judging import SMALLEST_MSE, judge
from verify.experiments.held_out.data_curves.specification import DataCurves
from verify.experiments.held_out.data_curves.theory import (
    predicted,
    sizes_of,
    spectrum_of,
    theory_of,
)
from verify.experiments.measurements import Measurements, Sample
from verify.experiments.picture import Axes, Picture, PlottedSeries, measured_points


def examine(experiment: DataCurves, measured: Measurements) -> Findings:
    """Theory from the data's spectrum, verdicts, figure."""
    return Findings(
        judge(experiment, measured),
        _picture(experiment, measured),
        _table(experiment, measured),
        _diagnostics(experiment),
        _errors(experiment, measured),
        _remarks(experiment, measured),
    )


def _picture(experiment: DataCurves, measured: Measurements) -> Picture:
    panels = []
    for row, quantity, label in (
        (0, "learnability", r"learnability $\mathcal{L}$"),
        (1, "held_out_mse", "held-out MSE"),
    ):
        series = []
        for color, curve in enumerate(experiment.curves):
            grid = sizes_of(experiment, curve.task)
            x = tuple(float(n) for n in grid)
            y = tuple(float(v) for v in theory_of(experiment, curve)[row])
            series.append(PlottedSeries(curve.name, "theory", color, x, y))
            found = [(n, measured.get("kernel", n, curve.name, quantity)) for n in grid]
            series += measured_points(curve.name, "kernel", color, found)
        log = "x" if row == 0 else "xy"
        panels.append(Axes(r"training points $n$", label, tuple(series), log=log))
    return Picture(tuple(panels))


def _table(experiment: DataCurves, measured: Measurements) -> Rows:
    headings = (
        Heading("curve", "task", "task"),
        Heading("n", "n", "$n$"),
        Heading("learnability_theory", "L theory", r"$\mathcal{L}$", "float64"),
        Heading("learnability_kernel", "L kernel", r"$\mathcal{L}$ kernel", "s.e."),
        Heading("mse_theory", "held-out MSE theory", "held-out MSE", "float64"),
        Heading("mse_kernel", "held-out MSE kernel", "held-out MSE kernel", "s.e."),
    )
    rows = []
    for curve in experiment.curves:
        learned, errors = theory_of(experiment, curve)
        for row, n in enumerate(sizes_of(experiment, curve.task)):
            cells: list[Any] = [curve.name, n]
            for values, quantity in (
                (learned, "learnability"),
                (errors, "held_out_mse"),
            ):
                cells.append(float(values[row]))
                cells.append(measured.get("kernel", n, curve.name, quantity))
            rows.append(tuple(cells))
    title = f"Theory from the data's spectrum, and kernel regression: {experiment.data}"
    return Rows(headings, tuple(rows), title, 1e-10)


def _diagnostics(experiment: DataCurves) -> Rows:
    """Points, rank and localization of the modes: where the theory can be expected."""
    rows = []
    for task in experiment.tasks:
        s = spectrum_of(experiment, task)
        at = s.localization[: s.rank]
        rows.append(
            (
                task,
                s.size,
                s.rank,
                f"{np.median(at[:20]):.3g}",
                f"{np.median(at):.3g}",
                f"{at.max():.3g}",
            )
        )
    headings = (
        Heading("task", "task", "task"),
        Heading("points", "points", "points"),
        Heading("rank", "rank", "rank"),
        Heading("first", "E φ⁴, first 20 modes", "first 20"),
        Heading("median", "E φ⁴, median", "median"),
        Heading("largest", "E φ⁴, largest", "largest"),
    )
    return Rows(headings, tuple(rows), "Modes of the data (3 for Gaussian values)")


def _errors(experiment: DataCurves, measured: Measurements) -> tuple[ErrorRow, ...]:
    """Kernel − theory; the share ``finite domain`` is what the usual formula misses."""
    rows = []
    for curve in experiment.curves:
        used = theory_of(experiment, curve)
        known = predicted(experiment, curve, True, experiment.kernel, 1.0)
        for row, n in enumerate(sizes_of(experiment, curve.task)):
            for index, name, quantity in (
                (0, "learnability", "learnability"),
                (1, "MSE", "held_out_mse"),
            ):
                found = measured.get("kernel", n, curve.name, quantity)
                if found is None:
                    continue
                value = float(used[index][row])
                scale = max(value, SMALLEST_MSE) if index else 1.0
                gap = Sample(
                    (found.mean - value) / scale, found.error / scale, found.samples
                )
                share = {"finite domain": (float(known[index][row]) - value) / scale}
                rows.append(
                    ErrorRow("kernel − theory", name, curve.name, str(n), gap, share)
                )
    return tuple(rows)


def _remarks(experiment: DataCurves, measured: Measurements) -> tuple[str, ...]:
    del measured
    found = [
        "The data's M points are the domain, with the uniform measure; eigenvalues and "
        "coefficients are those of the kernel matrix over M, nothing is fitted.",
        "Errors are on the points that were not drawn. Localized modes (E φ⁴ far above 3) "
        "are where the theory's Gaussian picture fails.",
    ]
    if any(rational(r, "ridges", least=0) for r in experiment.ridges):
        words = "knows" if experiment.finite else "does not know"
        found.append(
            f"With a ridge, theory here {words} that n of M points are drawn without "
            "replacement; the usual formula is off where n nears M."
        )
    for task in experiment.tasks:
        if sizes_of(experiment, task) != experiment.sizes:
            s = spectrum_of(experiment, task)
            found.append(f"Task {task} has {s.size} points; larger n are left out.")
    return tuple(found)
