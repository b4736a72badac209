"""How far nets are from their kernel, against the width: 1/√width, and a bound by ρ."""

from __future__ import annotations

from verify.experiments.conservation.judging import (
    TOTAL,
    diagnostics,
    errors,
    sample,
    table,
    total,
)
from verify.experiments.conservation.specification import Conservation, NetCase
from verify.experiments.findings import Findings
from verify.experiments.judgement import Control, JudgedCurve, Judgement, difference
from verify.experiments.measurements import Measurements
from verify.experiments.picture import Axes, Picture, PlottedSeries

SLOPE = "exponent of the deviation in the width"
COVERED = "share of nets within max(0.4 ρ^0.4, 1.5/√width), less 1"
EXPONENT = -0.5


def examine(experiment: Conservation, measured: Measurements) -> Findings:
    """The exponent, the bound's coverage, the sums at every width."""
    return Findings(
        judge(experiment, measured),
        _picture(experiment, measured),
        table(experiment, measured),
        diagnostics(experiment, measured),
        errors(experiment, measured),
        (
            "The deviation of a net is the root mean square over modes of its learnability "
            "minus that of the infinitely wide net under the same stopping rule, on the "
            "same data set; the kernel at initialization fluctuates like 1/√width, and "
            "training moves it by 1/width.",
            "ρ = yᵀK⁻¹y/width; the bound was chosen on other data, and is tested here.",
            "A net with one hidden layer at the published scale need not be lazy at any "
            "width, because it stops early in the kernel's small directions.",
        ),
    )


def _groups(experiment: Conservation) -> list[tuple[str, list[NetCase]]]:
    return [
        (
            f"{net.label}, n {n}",
            [c for c in experiment.cases if c.net == net and c.n == n],
        )
        for net in experiment.nets
        for n in experiment.sizes
    ]


def judge(experiment: Conservation, measured: Measurements) -> Judgement:
    """Verdicts by net and n; exponents 0 and −1 are controls."""
    slopes, covered, sums = [], [], []
    wrong: dict[float, list[JudgedCurve]] = {0.0: [], -1.0: []}
    widths = experiment.widths
    for name, cases in _groups(experiment):
        found = sample(measured, "nets", name, "", "slope")
        margin = experiment.margins.slope
        point = difference(found, EXPONENT, margin)
        slopes.append(JudgedCurve(name, SLOPE, ("all",), (point,), "width"))
        for exponent, curves in wrong.items():
            point = difference(found, exponent, margin)
            curves.append(JudgedCurve(name, SLOPE, ("all",), (point,), "width"))
        points = tuple(
            difference(
                sample(measured, "nets", case, "", "covered"),
                1.0,
                experiment.margins.covered,
            )
            for case in cases
        )
        covered.append(JudgedCurve(name, COVERED, widths, points, "width"))
        totals = tuple(total(experiment, measured, c, c.n) for c in cases)
        sums.append(JudgedCurve(name, TOTAL, widths, totals, "width"))
    return Judgement(
        (*slopes, *covered, *sums),
        tuple(
            Control.against(f"exponent {exponent:g}", curves, slopes)
            for exponent, curves in wrong.items()
        ),
    )


def _picture(experiment: Conservation, measured: Measurements) -> Picture:
    lines, sums = [], []
    widths = tuple(float(w) for w in experiment.widths)
    for color, (name, cases) in enumerate(_groups(experiment)):
        found = [sample(measured, "nets", case, "", "deviation") for case in cases]
        means = tuple(s.mean for s in found)
        spread = tuple(s.error for s in found)
        lines.append(PlottedSeries(name, "nets", color, widths, means, spread))
        middle = len(widths) // 2
        guide = tuple(means[middle] * (w / widths[middle]) ** EXPONENT for w in widths)
        lines.append(PlottedSeries("", "guide", color, widths, guide))
        whole = [sample(measured, "nets", case, "Σ", "learnability") for case in cases]
        over = tuple(s.mean / case.n for s, case in zip(whole, cases, strict=True))
        bars = tuple(s.error / case.n for s, case in zip(whole, cases, strict=True))
        sums.append(PlottedSeries(name, "nets", color, widths, over, bars))
    sums.append(PlottedSeries("", "guide", -1, widths, (1.0,) * len(widths)))
    return Picture(
        (
            Axes(
                "width", "rms deviation from the infinite net", tuple(lines), log="xy"
            ),
            Axes("width", r"$\sum\,\mathcal{L}/n$", tuple(sums)),
        )
    )
