"""The law becomes exact on lazy nets: against the scale of the targets."""

from __future__ import annotations

from verify.experiments.conservation.judging import (
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

LAZY = "|Σ L − n| over n, lazy nets with one start"
LEAST = 1e-12


def examine(experiment: Conservation, measured: Measurements) -> Findings:
    """The sums against the scale, for one start and for a start for each mode."""
    return Findings(
        judge(experiment, measured),
        _picture(experiment, measured),
        table(experiment, measured),
        diagnostics(experiment, measured),
        errors(experiment, measured),
        (
            "A net that learns f times the targets and divides its outputs by f becomes "
            "linear in its parameters as f → 0, at any width: its kernel is then the one "
            "at initialization, and the law holds for every kernel.",
            "With new parameters for each mode every mode has another kernel; the law for "
            "one kernel says nothing then, however lazy the nets are.",
        ),
    )


def _groups(experiment: Conservation) -> list[tuple[str, bool, list[NetCase]]]:
    found = []
    for net in experiment.nets:
        for n in experiment.sizes:
            for width in experiment.widths:
                for shared in experiment.starts:
                    cases = [
                        c
                        for c in experiment.cases
                        if (c.net, c.n, c.width, c.shared) == (net, n, width, shared)
                    ]
                    name = f"{net.label}, n {n}, width {width}"
                    found.append((name, shared, cases))
    return found


def judge(experiment: Conservation, measured: Measurements) -> Judgement:
    """Only the smallest scale must obey; others, and other starts, are controls."""
    right: list[JudgedCurve] = []
    wrong: dict[str, list[JudgedCurve]] = {}
    least = min(experiment.scales)
    for name, shared, cases in _groups(experiment):
        for case in cases:
            lazy = case.scale == least
            gap = sample(measured, "nets", case, "Σ", "distance from n")
            margin = experiment.margins.total
            point = difference(gap, 0.0, margin, float(case.n))
            judged = JudgedCurve(name, LAZY, (f"{least:g}",), (point,), "scale")
            if lazy and shared:
                right.append(judged)
                fewer = total(experiment, measured, case, 0.95 * case.n)
                low = JudgedCurve(name, LAZY, (f"{least:g}",), (fewer,), "scale")
                wrong.setdefault("n − 5 %", []).append(low)
            elif lazy:
                wrong.setdefault("a start for each mode", []).append(judged)
    return Judgement(
        tuple(right),
        tuple(Control.against(name, curves, right) for name, curves in wrong.items()),
    )


def _picture(experiment: Conservation, measured: Measurements) -> Picture:
    series = []
    for color, (name, shared, cases) in enumerate(_groups(experiment)):
        found = [
            sample(measured, "nets", case, "Σ", "distance from n") for case in cases
        ]
        x = tuple(case.scale for case in cases)
        gaps = tuple(
            max(s.mean / case.n, LEAST) for s, case in zip(found, cases, strict=True)
        )
        start = "one start" if shared else "a start each"
        series.append(PlottedSeries(f"{name}, {start}", "nets", color, x, gaps))
    margin = (experiment.margins.total,) * 2
    ends = (min(experiment.scales), max(experiment.scales))
    series.append(PlottedSeries("margin", "guide", -1, ends, margin))
    label = r"$|\sum\,\mathcal{L}-n|/n$"
    panel = Axes("scale of the targets", label, tuple(series), log="xy")
    return Picture((panel,), columns=1)
