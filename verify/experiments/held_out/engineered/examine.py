"""From measurements to verdicts, a figure, tables, the error table and remarks."""

from __future__ import annotations

import numpy as np

from verify.experiments.findings import (
    ErrorRow,
    Findings,
    Heading,
    Rows,
    nets_cells,
    nets_headings,
)
from verify.experiments.held_out.engineered.judging import judge
from verify.experiments.held_out.engineered.specification import Engineered
from verify.experiments.held_out.engineered.theory import (
    effective_size,
    held_out,
    predicted,
    spectrum_of,
)
from verify.experiments.learning.causes import width_bound
from verify.experiments.measurements import Measurements, Sample
from verify.experiments.picture import Axes, Picture, PlottedSeries, measured_points


def examine(experiment: Engineered, measured: Measurements) -> Findings:
    """Theory, verdicts, figure."""
    return Findings(
        judge(experiment, measured),
        _picture(experiment, measured),
        _table(experiment, measured),
        _diagnostics(experiment, measured),
        _errors(experiment, measured),
        _remarks(experiment),
    )


def _picture(experiment: Engineered, measured: Measurements) -> Picture:
    points = int(experiment.place.size)
    fine = np.unique(np.round(np.geomspace(1, 0.98 * points, 60))).astype(int)
    whole, left = [], []
    for color, design in enumerate(experiment.designs):
        label = design.net.label
        values = np.array([predicted(experiment, design.net, int(n)) for n in fine])
        x = tuple(float(n) for n in fine)
        whole.append(
            PlottedSeries(label, "theory", color, x, tuple(map(float, values)))
        )
        outside = [float(held_out(v, int(n), points)) for n, v in zip(fine, values)]  # noqa: B905
        left.append(PlottedSeries(label, "theory", color, x, tuple(outside)))
        for what in ("kernel", "nets"):
            for panel, quantity in ((whole, "learnability"), (left, "held out")):
                found = [
                    (n, measured.get(what, n, label, quantity))
                    for n in experiment.sizes
                ]
                panel += measured_points(label, what, color, found)
    ends = (1.0, float(points))
    left.append(PlottedSeries("nothing learned", "guide", -1, ends, (0.0, 0.0)))
    x = r"training points $n$"
    return Picture(
        (
            Axes(x, r"learnability $\mathcal{L}$, all points", tuple(whole)),
            Axes(x, r"learnability, held-out points", tuple(left)),
        )
    )


def _table(experiment: Engineered, measured: Measurements) -> Rows:
    headings = (
        Heading("net", "net", "net"),
        Heading("n", "n", "$n$"),
        Heading("theory", "L theory", r"$\mathcal{L}$", "float64"),
        Heading("kernel", "L kernel", r"$\mathcal{L}$ kernel", "standard error"),
        Heading("nets", "L nets", r"$\mathcal{L}$ nets", "standard error"),
        Heading("held_out", "held-out L, nets", "held out", "standard error"),
        Heading("accuracy", "held-out accuracy, nets", "accuracy", "standard error"),
    )
    rows = []
    for design in experiment.designs:
        label = design.net.label
        for n in experiment.sizes:
            rows.append(
                (
                    label,
                    n,
                    predicted(experiment, design.net, n),
                    measured.get("kernel", n, label, "learnability"),
                    measured.get("nets", n, label, "learnability"),
                    measured.get("nets", n, label, "held out"),
                    measured.get("nets", n, label, "accuracy"),
                )
            )
    return Rows(headings, tuple(rows), f"Who learns parity: {experiment.domain}", 1e-12)


def _diagnostics(experiment: Engineered, measured: Measurements) -> Rows:
    headings = (Heading("net", "net", "net"), Heading("n", "n", "$n$"))
    rows = tuple(
        (design.net.label, n, *nets_cells(measured, n, design.net.label))
        for design in experiment.designs
        for n in experiment.sizes
    )
    title = "Where agreement can be expected"
    return Rows((*headings, *nets_headings()), rows, title)


def _errors(experiment: Engineered, measured: Measurements) -> tuple[ErrorRow, ...]:
    rows = []
    for design in experiment.designs:
        label = design.net.label
        for n in experiment.sizes:
            kernel = measured.get("kernel", n, label, "learnability")
            if kernel is not None:
                value = predicted(experiment, design.net, n)
                gap = Sample(kernel.mean - value, kernel.error, kernel.samples)
                rows.append(
                    ErrorRow("kernel − theory", "learnability", label, str(n), gap)
                )
            nets = measured.get("nets − kernel", n, label, "learnability")
            rho = measured.get("nets", n, label, "rho")
            if nets is not None and rho is not None:
                shares = {"width bound": width_bound(rho.mean, design.width)}
                rows.append(
                    ErrorRow(
                        "nets − kernel", "learnability", label, str(n), nets, shares
                    )
                )
    return tuple(rows)


def _remarks(experiment: Engineered) -> tuple[str, ...]:
    d = int(experiment.place.ambient)
    found = [
        "A dot-product kernel with non-negative Taylor coefficients has λ_d ≤ λ_{d−2} ≤ …: "
        "the full parity's learnability is at most n/2^(d−1), and what is learned of it on "
        "held-out points is at most n/(2^d − n).",
        "A rule that interpolates has n of the M points right for free: held-out "
        "learnability is (M L − n)/(M − n), and 0 means that nothing was learned.",
    ]
    if experiment.target != d:
        found = found[1:]
    odd = [
        design.net.label
        for design in experiment.designs
        if effective_size(
            spectrum_of(design.net, experiment.domain, "ntk"),
            2,
            2**d,
            experiment.target,
        )
        != 2
    ]
    if odd:
        words = "counts them as one" if experiment.pairs else "does not know that"
        found.append(
            f"The kernel of {', '.join(odd)} has one parity and sees x and −x as one point: "
            f"n draws hold fewer different ones. Theory here {words}."
        )
    if experiment.learning_rate is not None:
        found.append(f"The learning rate is {experiment.learning_rate}, as published.")
    return tuple(found)
