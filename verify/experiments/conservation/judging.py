"""What the three views of conservation share: samples, diagnostics, errors, tables."""

from __future__ import annotations

from verify.experiments.conservation.specification import Conservation, NetCase
from verify.experiments.findings import (
    ErrorRow,
    Heading,
    Rows,
    nets_cells,
    nets_headings,
)
from verify.experiments.judgement import difference
from verify.experiments.learning.causes import width_bound
from verify.experiments.measurements import Measurements, Sample
from verify.verdicts.agreement import Agreement

TOTAL = "Σ L − n over n, nets"


def sample(
    measured: Measurements, what: str, case: NetCase | str, target: str, quantity: str
) -> Sample:
    """A sample, or one that decides nothing where there is none."""
    at = case.label if isinstance(case, NetCase) else case
    return measured.sample(what, at, target, quantity)


def total(
    experiment: Conservation,
    measured: Measurements,
    case: NetCase,
    n: float,
    target: str = "Σ",
) -> Agreement:
    """Whether the nets' learnabilities sum to n."""
    found = sample(measured, "nets", case, target, "learnability")
    return difference(found, n, experiment.margins.total, float(case.n))


def diagnostics(experiment: Conservation, measured: Measurements) -> Rows:
    """ρ, stability, steps and the training error of every case."""
    rows = tuple(
        (case.label, *nets_cells(measured, case.label, "")) for case in experiment.cases
    )
    headings = (Heading("case", "nets", "nets"), *nets_headings())
    return Rows(headings, rows, "Where agreement can be expected")


def errors(experiment: Conservation, measured: Measurements) -> tuple[ErrorRow, ...]:
    """Nets − kernel by mode, and the sums, with what finite width may explain."""
    rows = []
    for case in experiment.cases:
        stability = sample(measured, "nets", case, "", "stability").mean
        for mode in experiment.modes:
            rho = sample(measured, "nets", case, mode, "rho").mean
            shares = {
                "width bound": width_bound(rho, case.width),
                "stability": stability,
            }
            stop = sample(measured, "stopped − kernel", case, mode, "learnability")
            shares["stop rule"] = stop.mean
            gap = sample(measured, "nets − kernel", case, mode, "learnability")
            rows.append(
                ErrorRow("nets − kernel", "learnability", mode, case.label, gap, shares)
            )
        whole = sample(measured, "nets", case, "Σ", "learnability")
        gap = Sample(whole.mean - case.n, whole.error, whole.samples)
        shares = {"stability": stability}
        rows.append(ErrorRow("Σ − n", "learnability", "Σ", case.label, gap, shares))
    return tuple(rows)


def table(experiment: Conservation, measured: Measurements) -> Rows:
    """The sums of nets and kernels, and the nets' deviation from their kernel."""
    headings = (
        Heading("net", "net", "net"),
        Heading("width", "width", "width"),
        Heading("scale", "scale", "scale"),
        Heading("start", "start", "start"),
        Heading("n", "n", "$n$"),
        Heading("sum_kernel", "Σ L kernel", r"$\sum\mathcal{L}$ kernel"),
        Heading("sum_nets", "Σ L nets", r"$\sum\mathcal{L}$ nets", "standard error"),
        Heading("deviation", "rms deviation", "rms deviation", "standard error"),
        Heading("covered", "within bound", "within bound"),
    )
    rows = []
    for case in experiment.cases:
        kernel = sample(measured, "kernel", case, "Σ", "learnability")
        rows.append(
            (
                case.net.label,
                case.width,
                f"{case.scale:g}",
                "shared" if case.shared else "a new one for each mode",
                case.n,
                f"{kernel.mean:.12g}",
                sample(measured, "nets", case, "Σ", "learnability"),
                sample(measured, "nets", case, "", "deviation"),
                f"{sample(measured, 'nets', case, '', 'covered').mean:.3f}",
            )
        )
    title = "Sums of learnabilities over all modes, and nets against their kernel"
    return Rows(headings, tuple(rows), title)
