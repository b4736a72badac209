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
from verify.experiments.conservation.parts import as_features
from verify.experiments.conservation.specification import Conservation, NetCase
from verify.experiments.findings import Findings, Heading, Rows
from verify.experiments.judgement import Control, JudgedCurve, Judgement, difference
from verify.experiments.measurements import Measurements
from verify.experiments.picture import Axes, Picture, PlottedSeries
from verify.regression.mean import Mean

START = "exponent of the deviation at initialization in the width"
SLOPE = "exponent of the deviation in the width"
COVERED = "share of nets within max(0.4 ρ^0.4, 1.5/√width), less 1"
EXPONENT = -0.5
LITTLE = 0.2
"""Where drift is a smaller share of the squares of both, random features describe nets."""


def examine(experiment: Conservation, measured: Measurements) -> Findings:
    """The exponent, the bound's coverage, the sums at every width."""
    return Findings(
        judge(experiment, measured),
        _picture(experiment, measured),
        _table(experiment, measured),
        diagnostics(experiment, measured),
        errors(experiment, measured),
        (
            "The deviation of a net is the root mean square over modes of its learnability "
            "minus that of the infinitely wide net under the same stopping rule, on the "
            "same data set; the kernel at initialization fluctuates like 1/√width.",
            "Of the squared deviation in function, the start is what regression with the "
            "net's own tangent kernel at initialization has, under the same stopping rule; "
            "the drift is what training adds to it. Both and twice their product make up "
            "the whole exactly.",
            *_where(experiment, measured),
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
    slopes, starts, covered, sums = [], [], [], []
    wrong: dict[float, list[JudgedCurve]] = {0.0: [], -1.0: []}
    widths = experiment.widths
    for name, cases in _groups(experiment):
        found = sample(measured, "nets", name, "", "slope")
        margin = experiment.margins.slope
        point = difference(found, EXPONENT, margin)
        slopes.append(JudgedCurve(name, SLOPE, ("all",), (point,), "width"))
        found = sample(measured, "nets", name, "", "slope start")
        point = difference(found, EXPONENT, margin)
        starts.append(JudgedCurve(name, START, ("all",), (point,), "width"))
        for exponent, curves in wrong.items():
            point = difference(found, exponent, margin)
            curves.append(JudgedCurve(name, START, ("all",), (point,), "width"))
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
        (*starts, *slopes, *covered, *sums),
        tuple(
            Control.against(f"exponent {exponent:g}", curves, starts)
            for exponent, curves in wrong.items()
        ),
    )


def _drift_share(measured: Measurements, case: NetCase) -> float:
    """Squared drift over squared start and drift."""
    start, drift = (
        sample(measured, "nets", case, "", x).mean for x in ("start", "drift")
    )
    return drift / (start + drift)


def _where(experiment: Conservation, measured: Measurements) -> list[str]:
    """Where the law of random features in 1/w may be used, by net and n."""
    told = []
    for name, cases in _groups(experiment):
        features = as_features(experiment, cases[0].net, cases[0].n)
        starts = [sample(measured, "nets", c, "", "start") for c in cases]
        many = [
            float(x) / s.mean for x, s in zip(features, starts, strict=True) if s.sound
        ]
        if not many:
            continue
        shares = [_drift_share(measured, c) for c in cases]
        slopes = [
            sample(measured, "nets", name, "", f"slope {x}") for x in ("start", "drift")
        ]
        exponents = [Mean(x.mean, x.error, x.samples) for x in slopes]
        told.append(
            f"{name}: the start falls like width^{exponents[0]} and is that of "
            f"{min(many):.2g} to {max(many):.2g} random features for each unit of width; "
            f"the drift falls like width^{exponents[1]} and is {min(shares):.0%} to "
            f"{max(shares):.0%} of the squares of both."
        )
        good = [str(c.width) for c, x in zip(cases, shares, strict=True) if x < LITTLE]
        told.append(
            f"{name}: the law in 1/w of random features may be used at widths "
            f"{', '.join(good)}, where drift is below {LITTLE:.0%}."
            if good
            else f"{name}: the law in 1/w of random features describes the start alone: "
            f"drift is {LITTLE:.0%} or more at every width measured, so for these trained "
            "nets it may not be used; scaling targets down makes nets lazy."
        )
    return told


def _table(experiment: Conservation, measured: Measurements) -> Rows:
    """Sums and deviations, the deviation's parts, and the law of random features."""
    known = table(experiment, measured)
    laws = {
        (case.net, case.n, case.width): law
        for _, cases in _groups(experiment)
        for case, law in zip(
            cases, as_features(experiment, cases[0].net, cases[0].n), strict=True
        )
    }
    headings = (
        *known.headings,
        Heading("rms_start", "rms at start", "rms at start"),
        Heading("rms_drift", "rms of drift", "rms of drift"),
        Heading("drift_share", "drift, share", "drift, share"),
        Heading("rms_features", "rms, w features", "rms, $w$ features"),
        Heading("rho", "mean ρ", r"mean $\rho$"),
    )
    rows = []
    for row, case in zip(known.rows, experiment.cases, strict=True):
        rms = lambda name, c=case: sample(measured, "nets", c, "", name).mean ** 0.5
        rho = [
            sample(measured, "nets", case, mode, "rho").mean
            for mode in experiment.modes
        ]
        rows.append(
            (
                *row,
                f"{rms('start'):.4f}",
                f"{rms('drift'):.4f}",
                f"{_drift_share(measured, case):.2f}",
                f"{laws[case.net, case.n, case.width] ** 0.5:.4f}",
                f"{sum(rho) / len(rho):.3g}",
            )
        )
    return Rows(headings, tuple(rows), known.title)


def _picture(experiment: Conservation, measured: Measurements) -> Picture:
    lines, parts, sums = [], [], []
    widths = tuple(float(w) for w in experiment.widths)
    for color, (name, cases) in enumerate(_groups(experiment)):
        found = [sample(measured, "nets", case, "", "deviation") for case in cases]
        means = tuple(s.mean for s in found)
        spread = tuple(s.error for s in found)
        lines.append(PlottedSeries(name, "nets", color, widths, means, spread))
        middle = len(widths) // 2
        guide = tuple(means[middle] * (w / widths[middle]) ** EXPONENT for w in widths)
        lines.append(PlottedSeries("", "guide", color, widths, guide))
        for shift, (part, kind) in enumerate((("start", "kernel"), ("drift", "other"))):
            found = [sample(measured, "nets", c, "", part).mean ** 0.5 for c in cases]
            label, color_of = f"{name}, {part}", 2 * color + shift
            parts.append(PlottedSeries(label, kind, color_of, widths, tuple(found)))
        law = as_features(experiment, cases[0].net, cases[0].n) ** 0.5
        label = f"{name}, w random features"
        parts.append(PlottedSeries(label, "theory", 2 * color, widths, tuple(law)))
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
            Axes("width", "rms parts, in function", tuple(parts), log="xy"),
            Axes("width", r"$\sum\,\mathcal{L}/n$", tuple(sums)),
        )
    )
