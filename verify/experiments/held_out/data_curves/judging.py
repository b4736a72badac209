"""Verdicts on every curve, and theories that must be refuted."""

from __future__ import annotations

from typing import Any

from verify.experiments.held_out.data_curves.specification import DataCurves
from verify.experiments.held_out.data_curves.theory import (
    predicted,
    sizes_of,
    theory_of,
    wrong_kernels,
)
from verify.experiments.judgement import Control, JudgedCurve, Judgement, difference
from verify.experiments.measurements import Measurements

KERNEL_L = "kernel − theory, learnability"
KERNEL_E = "kernel/theory − 1, held-out MSE"
SMALLEST_MSE = 1e-6


def _learned(
    experiment: DataCurves, measured: Measurements, values: Any
) -> list[JudgedCurve]:
    found = []
    for curve in experiment.curves:
        grid = sizes_of(experiment, curve.task)
        points = tuple(
            difference(
                measured.sample("kernel", n, curve.name, "learnability"),
                float(value),
                experiment.margins.learnability,
            )
            for n, value in zip(grid, values(curve), strict=True)
        )
        found.append(JudgedCurve(curve.name, KERNEL_L, grid, points))
    return found


def judge(experiment: DataCurves, measured: Measurements) -> Judgement:
    """The verdicts on every curve, and the controls."""
    right = _learned(experiment, measured, lambda c: theory_of(experiment, c)[0])
    errors = []
    for curve in experiment.curves:
        grid, values = sizes_of(experiment, curve.task), theory_of(experiment, curve)[1]
        points = tuple(
            difference(
                measured.sample("kernel", n, curve.name, "held_out_mse"),
                float(value),
                experiment.margins.mse,
                max(float(value), SMALLEST_MSE),
            )
            for n, value in zip(grid, values, strict=True)
        )
        errors.append(JudgedCurve(curve.name, KERNEL_E, grid, points))
    wrong = {"n − 5 %": (experiment.kernel, 0.95)}
    wrong |= {name: (k, 1.0) for name, k in wrong_kernels(experiment.kernel).items()}
    controls = []
    for name, (kernel, scale) in wrong.items():
        values = lambda c, k=kernel, s=scale: predicted(
            experiment, c, experiment.finite, k, s
        )[0]
        curves = _learned(experiment, measured, values)
        controls.append(Control.against(name, curves, right))
    return Judgement((*right, *errors), tuple(controls))
