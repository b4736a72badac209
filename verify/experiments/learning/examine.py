"""From measurements of learning curves to verdicts, a figure, tables and remarks."""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.implicit_equation.float_solver import RELATIVE_ERROR
from verify.experiments.findings import (
    Findings,
    Heading,
    Rows,
    nets_cells,
    nets_headings,
)
from verify.experiments.judgement import Control, JudgedCurve, Judgement, difference
from verify.experiments.learning.causes import error_rows, remarks
from verify.experiments.learning.specification import LearningCurves, powers_of
from verify.experiments.learning.theory import (
    Curves,
    curves,
    fine_sizes,
    predicted,
    wrong_theories,
)
from verify.experiments.measurements import Measurements
from verify.experiments.picture import Axes, Picture, PlottedSeries, measured_points
from verify.verdicts.agreement import Agreement

KERNEL_L = "kernel − theory, learnability"
KERNEL_E = "kernel/theory − 1, MSE"
NETS_L = "nets − kernel, learnability"
SMALLEST_MSE = 1e-6
FEW_POINTS = 20
CONSTANT_MODE = "the constant at small n: the approximation is one of many points"


def examine(experiment: LearningCurves, measured: Measurements) -> Findings:
    """Compare kernel regression with theory, and nets with kernel regression."""
    right = curves(experiment)
    judgement = judge(experiment, right, measured)
    return Findings(
        judgement,
        _picture(experiment, right, measured),
        _table(experiment, right, measured),
        _diagnostics(experiment, measured),
        error_rows(experiment, right, measured),
        remarks(experiment, right, measured),
    )


def judge(
    experiment: LearningCurves, theory: Curves, measured: Measurements
) -> Judgement:
    """The verdicts on every curve, and the controls."""
    margins = experiment.margins
    names = [name for name, _, _ in experiment.curves()]
    learned = _against(experiment, measured, theory.learnability, margins.learnability)
    relative = [
        JudgedCurve(
            name,
            KERNEL_E,
            experiment.sizes,
            tuple(
                _relative(measured, n, name, theory.test_mse[row, column], margins.mse)
                for row, n in enumerate(experiment.sizes)
            ),
            expected=_few_points(experiment, experiment.curves()[column][1]),
        )
        for column, name in enumerate(names)
    ]
    nets = _nets(experiment, measured, "nets − kernel")
    controls = [
        Control.against(
            wrong,
            _against(experiment, measured, values, margins.learnability),
            learned,
        )
        for wrong, values in wrong_theories(experiment, theory).items()
    ]
    if nets:
        other = _nets(experiment, measured, "nets − NNGP")
        controls.append(Control.against("NNGP for NTK (nets)", other, nets))
    return Judgement((*learned, *relative, *nets), tuple(controls))


def _against(
    experiment: LearningCurves,
    measured: Measurements,
    values: np.ndarray,
    margin: float,
) -> list[JudgedCurve]:
    """Kernel regression against learnabilities [n, curve] that a theory predicts."""
    found = []
    for column, (name, target, _) in enumerate(experiment.curves()):
        points = []
        for row, n in enumerate(experiment.sizes):
            kernel = measured.sample("kernel", n, name, "learnability")
            points.append(difference(kernel, float(values[row, column]), margin))
        few = _few_points(experiment, target)
        found.append(
            JudgedCurve(name, KERNEL_L, experiment.sizes, tuple(points), expected=few)
        )
    return found


def _relative(
    measured: Measurements, n: int, name: str, value: float, margin: float
) -> Agreement:
    kernel = measured.sample("kernel", n, name, "test_mse")
    return difference(kernel, value, margin, max(float(value), SMALLEST_MSE))


def _nets(
    experiment: LearningCurves, measured: Measurements, what: str
) -> tuple[JudgedCurve, ...]:
    """Nets minus a kernel on the same data sets; a net that diverged leaves it open."""
    if not experiment.trains:
        return ()
    sizes = experiment.trained_sizes
    return tuple(
        JudgedCurve(
            name,
            NETS_L,
            sizes,
            tuple(
                difference(
                    measured.sample(what, n, name, "learnability"),
                    0.0,
                    experiment.margins.nets,
                )
                for n in sizes
            ),
            expected=_of_width(experiment, measured, name),
        )
        for name, _, _ in experiment.curves()
    )


def _few_points(experiment: LearningCurves, target: int | str) -> dict[int, str]:
    """The constant is learned from so few points that the theory, of many, is off."""
    if set(powers_of(target)) != {0}:
        return {}
    return {n: CONSTANT_MODE for n in experiment.sizes if n < FEW_POINTS}


def _of_width(
    experiment: LearningCurves, measured: Measurements, name: str
) -> dict[int, str]:
    """Where a net of this width is expected to leave its kernel, by ρ = yᵀK⁻¹y/width."""
    found = {}
    for n in experiment.trained_sizes:
        rho = measured.get("nets", n, name, "rho")
        if rho is not None and rho.mean > experiment.margins.nets:
            found[n] = (
                f"nets of width {experiment.width}: ρ = yᵀK⁻¹y/width exceeds the margin"
            )
    return found


def _picture(
    experiment: LearningCurves, theory: Curves, measured: Measurements
) -> Picture:
    fine = fine_sizes(experiment, theory.spectrum)
    lines = predicted(theory.spectrum, experiment, list(fine))
    panels = []
    for values, quantity, label in (
        (lines[0], "learnability", r"learnability $\mathcal{L}$"),
        (lines[1], "test_mse", r"test MSE $\mathcal{E}$"),
    ):
        series = []
        for color, (name, _, _) in enumerate(experiment.curves()):
            x, y = [float(n) for n in fine], [float(v) for v in values[:, color]]
            series.append(PlottedSeries(name, "theory", color, tuple(x), tuple(y)))
            for what, sizes in (
                ("kernel", experiment.sizes),
                ("nets", experiment.trained_sizes),
            ):
                found = [(n, measured.get(what, n, name, quantity)) for n in sizes]
                series += measured_points(name, what, color, found)
        top = 1.04 if quantity == "learnability" else None
        panels.append(
            Axes(r"training points $n$", label, tuple(series), bottom=-0.04, top=top)
        )
    return Picture(tuple(panels))


def _table(experiment: LearningCurves, theory: Curves, measured: Measurements) -> Rows:
    def column(key: str, text: str, latex: str, kind: str = "standard error"):
        return Heading(key, text, latex, kind)

    headings = (
        Heading("target", "target", "target"),
        Heading("n", "n", "$n$"),
        Heading("C", "C", "$C$", "proved radius", "implicit_equation"),
        column("learnability_theory", "L theory", r"$\mathcal{L}$", "float64"),
        column("learnability_kernel", "L kernel", r"$\mathcal{L}$ kernel"),
        column("learnability_nets", "L nets", r"$\mathcal{L}$ nets"),
        column("test_mse_theory", "MSE theory", r"$\mathcal{E}$", "float64"),
        column("test_mse_kernel", "MSE kernel", r"$\mathcal{E}$ kernel"),
        column("test_mse_nets", "MSE nets", r"$\mathcal{E}$ nets"),
    )
    rows = []
    for index, (name, _, _) in enumerate(experiment.curves()):
        for row, n in enumerate(experiment.sizes):
            cells: list[Any] = [name, n, theory.constants[row]]
            for quantity, values in (
                ("learnability", theory.learnability),
                ("test_mse", theory.test_mse),
            ):
                cells.append(float(values[row, index]))
                cells += [
                    measured.get(what, n, name, quantity) for what in ("kernel", "nets")
                ]
            rows.append(tuple(cells))
    return Rows(
        headings,
        tuple(rows),
        f"Theory, kernel regression and trained nets: {experiment.title or experiment.name}",
        RELATIVE_ERROR,
    )


def _diagnostics(experiment: LearningCurves, measured: Measurements) -> Rows:
    """Condition, rank, stability and ρ by n: where agreement can be expected."""
    headings = (
        Heading("n", "n", "$n$"),
        Heading("condition", "cond(K)", r"cond($K$)"),
        Heading("rank", "rank(K)", r"rank($K$)"),
        *nets_headings("stability"),
        Heading("published", "at lr 0.5", "at lr 0.5"),
        *nets_headings("rho", "steps", "train_mse", "diverged"),
    )
    names = [name for name, _, _ in experiment.curves()]
    rows = []
    for n in experiment.sizes:
        cells: list[Any] = [n]
        for quantity in ("condition", "rank"):
            cells.append(f"{measured.sample('kernel', n, '', quantity).mean:.4g}")
        top = measured.sample("kernel", n, "", "lambda_max").mean
        cells += nets_cells(measured, n, "", "stability")
        cells.append(f"{top / n:.2f}")
        rhos = [measured.get("nets", n, name, "rho") for name in names]
        known = [r.mean for r in rhos if r is not None]
        cells.append(f"{max(known):.3g}" if known else "–")
        cells += nets_cells(measured, n, "", "steps", "train_mse", "diverged")
        rows.append(tuple(cells))
    return Rows(headings, tuple(rows), "Where agreement can be expected")
