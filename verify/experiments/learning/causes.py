"""Where the differences of learning curves come from, as far as each cause can be known."""

from __future__ import annotations

import math

import numpy as np

from verify.experiments.findings import ErrorRow
from verify.experiments.learning.specification import LearningCurves
from verify.experiments.learning.theory import (
    Curves,
    constant_mode,
    full_spectrum,
    predicted,
)
from verify.experiments.measurements import Measurements, Sample

SMALLEST_MSE = 1e-6


def error_rows(
    experiment: LearningCurves, theory: Curves, measured: Measurements
) -> tuple[ErrorRow, ...]:
    """The error table: kernel − theory and nets − kernel, by target and n, with shares.

    Shares of kernel − theory: ``spectrum``, what the theory's cut or other norm adds (0
    where it took the data's own spectrum with its tail), and ``constant mode``, what the
    law of the constant mode explains. Shares of nets − kernel: ``stop rule``, how far the
    infinitely wide net is from its kernel under the same rule; ``width bound``, the size
    0.4 ρ^0.4, at least 1.5/√width, that finite width of one net may have; ``stability``,
    2·lr·λ_max/n, which explains anything above 2.
    """
    rows = []
    truth = _with_own_spectrum(experiment, theory)
    lone = constant_mode(experiment, theory)
    for column, (name, target, _) in enumerate(experiment.curves()):
        for row, n in enumerate(experiment.sizes):
            for quantity, values, own in (
                ("learnability", theory.learnability, truth[0]),
                ("MSE", theory.test_mse, truth[1]),
            ):
                key = "learnability" if quantity == "learnability" else "test_mse"
                kernel = measured.get("kernel", n, name, key)
                if kernel is None:
                    continue
                value = float(values[row, column])
                scale = 1.0 if quantity == "learnability" else max(value, SMALLEST_MSE)
                error = Sample(
                    (kernel.mean - value) / scale, kernel.error / scale, kernel.samples
                )
                shares = {"spectrum": float(own[row, column] - value) / scale}
                if target == 0 and quantity == "learnability" and lone is not None:
                    shares["constant mode"] = float(lone[row]) - value
                rows.append(
                    ErrorRow("kernel − theory", quantity, name, str(n), error, shares)
                )
            nets = measured.get("nets − kernel", n, name, "learnability")
            if nets is not None:
                shares = _net_shares(experiment, measured, n, name)
                rows.append(
                    ErrorRow(
                        "nets − kernel", "learnability", name, str(n), nets, shares
                    )
                )
    return tuple(rows)


def _net_shares(
    experiment: LearningCurves, measured: Measurements, n: int, name: str
) -> dict[str, float]:
    shares: dict[str, float] = {}
    stopped = measured.get("stopped − kernel", n, name, "learnability")
    if stopped is not None:
        shares["stop rule"] = stopped.mean
    rho = measured.get("nets", n, name, "rho")
    if rho is not None:
        shares["width bound"] = width_bound(rho.mean, experiment.width)
    stability = measured.get("nets", n, "", "stability")
    if stability is not None:
        shares["stability"] = stability.mean
    return shares


def width_bound(rho: float, width: int) -> float:
    """The deviation in learnability that one net of finite width may have.

    Found by experiment over 1080 nets of other data: it covered 99 % of them.

    Examples
    --------
    >>> width_bound(0.0, 225)
    0.1
    """
    return max(0.4 * rho**0.4, 1.5 / math.sqrt(width))


def _with_own_spectrum(experiment: LearningCurves, theory: Curves):
    """What theory says with the data's own spectrum, tail included."""
    if experiment.theory_levels is None and experiment.theory_input_variance is None:
        return theory.learnability, theory.test_mse
    s = full_spectrum(experiment, experiment.data_kernel())
    return predicted(s, experiment, list(experiment.sizes))


def remarks(
    experiment: LearningCurves, theory: Curves, measured: Measurements
) -> tuple[str, ...]:
    """Sentences on traps, on what differs from the published run, on what is not there."""
    found = []
    edges = []
    for n in experiment.sizes:
        top = measured.get("kernel", n, "", "lambda_max")
        if top is not None and top.mean / n > 2:
            edges.append(f"n = {n} ({top.mean / n:.1f})")
    if experiment.learning_rate is not None:
        text = f"The learning rate is {experiment.learning_rate}, as published."
        if edges:
            text += (
                f" It lies beyond the edge of linear stability, 2·lr·λ_max/n = 2, at "
                f"{', '.join(edges)}: nets there leave the lazy regime before they "
                "converge, so that they need not follow the kernel."
            )
        found.append(text)
    elif experiment.trains and edges:
        found.append(
            "The learning rate is 0.8 n/λ_max, at most 0.5. The published 0.5 lies beyond "
            f"the edge of linear stability (2·lr·λ_max/n) at {', '.join(edges)}; "
            "--as-published keeps it."
        )
    if experiment.theory_levels is not None or experiment.theory_input_variance:
        found.append(_spectrum_remark(experiment, theory))
    if not experiment.is_finite:
        found.append(
            "Kernel regression is tested on the whole sphere, by the eigenvalues: no "
            f"sample of test points enters. Nets, and the kernel that they are paired "
            f"with, are tested on {experiment.test_points} fresh points, the same for "
            "all data sets."
        )
    if experiment.trained_sizes and experiment.trained_sizes != experiment.sizes:
        absent = sorted(set(experiment.sizes) - set(experiment.trained_sizes))
        found.append(
            "No nets were trained at n = "
            + ", ".join(map(str, absent))
            + " in this form."
        )
    found.append(_tail_remark(theory))
    return tuple(found)


def _spectrum_remark(experiment: LearningCurves, theory: Curves) -> str:
    own = _with_own_spectrum(experiment, theory)[0]
    shift = np.abs(own - theory.learnability)
    row, column = np.unravel_index(int(shift.argmax()), shift.shape)
    name = experiment.curves()[int(column)][0]
    words = []
    if experiment.theory_input_variance:
        words.append(
            f"takes input variance {experiment.theory_input_variance} where the data has "
            f"{experiment.input_variance}"
        )
    if experiment.theory_levels is not None:
        words.append(f"drops all levels above {experiment.theory_levels - 1}")
    return (
        f"As published, the theory {' and '.join(words)}; with the data's own spectrum "
        f"and its tail, learnability differs by up to {shift[row, column]:.4f} "
        f"({name}, n = {experiment.sizes[int(row)]})."
    )


def _tail_remark(theory: Curves) -> str:
    s = theory.spectrum
    if s.is_complete:
        return "The spectrum is complete: nothing is left out of C."
    listed = sum(float(x.eigenvalue) * float(x.multiplicity) for x in s.levels)
    mass = float(s.tail_mass)
    return (
        f"Levels above {s.levels[-1].index} hold {100 * mass / (listed + mass):.2f} % of "
        "the trace; they enter C as an enclosed tail."
    )
