"""What theory says from the spectrum of the data, and from wrong kernels."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from theory import OutOfDomain, kernels
from verify.data.kernel_spectra import spectrum_of_data
from verify.data.load import load_data
from verify.data.spectrum import DataSpectrum
from verify.experiments.held_out.data_curves.specification import Curve, DataCurves
from verify.regression.comparison.wrong_kernels import changed


@lru_cache(maxsize=12)
def _spectrum(data: str, task: str, kernel: str) -> DataSpectrum:
    return spectrum_of_data(kernel, load_data(data, task=task), norms="equal")


def spectrum_of(experiment: DataCurves, task: str) -> DataSpectrum:
    """The kernel's eigensystem on a task's points."""
    return _spectrum(experiment.data, task, experiment.kernel)


def sizes_of(experiment: DataCurves, task: str) -> tuple[int, ...]:
    """The experiment's sizes that a task's points allow, at most 90 % of them.

    Raises
    ------
    OutOfDomain
        When the task has points for none of them.
    """
    points = spectrum_of(experiment, task).size
    found = tuple(n for n in experiment.sizes if n <= int(0.9 * points))
    if not found:
        raise OutOfDomain(
            f"sizes = {list(experiment.sizes)}: task {task!r} has only {points} points"
        )
    return found


@lru_cache(maxsize=64)
def predicted(
    experiment: DataCurves, curve: Curve, finite: bool, kernel: str, scale: float
):
    """Learnability and held-out MSE by n; ``scale`` multiplies n, as a control."""
    s = _spectrum(experiment.data, curve.task, kernel)
    sizes = [max(1, round(scale * n)) for n in sizes_of(experiment, curve.task)]
    p = s.predict(sizes, curve.ridge, target=0, finite=finite)
    return np.asarray(p.target_learnability), np.asarray(p.held_out_mse)


def theory_of(experiment: DataCurves, curve: Curve) -> Any:
    """What the theory says, in the form that the specification asks for."""
    return predicted(experiment, curve, experiment.finite, experiment.kernel, 1.0)


def wrong_kernels(text: str) -> dict[str, str]:
    """Kernels of nets that differ in family or depth."""
    kernel = kernels.parse(text)
    if kernel.family != "ntk":
        return {}
    deeper = changed(kernel, depth=int(kernel["depth"]) + 2)
    return {
        "NNGP for NTK": str(changed(kernel, "nngp")),
        "two layers more": str(deeper),
    }
