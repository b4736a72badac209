"""The law as stacked bars: every mode's learnability, kernel left, net right, up to n."""

from __future__ import annotations

from verify.experiments.conservation.judging import (
    TOTAL,
    diagnostics,
    errors,
    sample,
    table,
    total,
)
from verify.experiments.conservation.specification import Conservation
from verify.experiments.findings import Findings
from verify.experiments.judgement import Control, JudgedCurve, Judgement, difference
from verify.experiments.measurements import Measurements
from verify.experiments.picture import Axes, Bar, Picture

KERNEL = "Σ L − n, kernel"
MODES = "nets − kernel, learnability by mode"
ROUNDING = 1e-9


def examine(experiment: Conservation, measured: Measurements) -> Findings:
    """Whether kernels obey the law exactly, nets nearly, and mode by mode the same."""
    return Findings(
        judge(experiment, measured),
        _picture(experiment, measured),
        table(experiment, measured),
        diagnostics(experiment, measured),
        errors(experiment, measured),
        _remarks(experiment, measured),
    )


def judge(experiment: Conservation, measured: Measurements) -> Judgement:
    """Verdicts by net and n, with laws and kernels that are wrong as controls."""
    exact, nets, modes, nngp, fewer, lacking = [], [], [], [], [], []
    for net in experiment.nets:
        cases = [c for c in experiment.cases if c.net == net]
        grid = tuple(case.n for case in cases)
        several = len(cases) > len(experiment.sizes)
        if several:
            grid = tuple(case.label for case in cases)  # type: ignore[assignment]  # names
        name = "case" if several else "n"
        sums = [sample(measured, "kernel", c, "Σ", "learnability") for c in cases]
        kept = tuple(
            difference(s, c.n, ROUNDING) for s, c in zip(sums, cases, strict=True)
        )
        exact.append(JudgedCurve(net.label, KERNEL, grid, kept, name))
        for found, target, share in (
            (nets, "Σ", 1.0),
            (fewer, "Σ", 0.9),
            (lacking, "Σ without the constant", 1.0),
        ):
            points = tuple(
                total(experiment, measured, c, share * c.n, target) for c in cases
            )
            found.append(JudgedCurve(net.label, TOTAL, grid, points, name))
        for case in cases:
            subject = f"{net.label}, {name} = {case.n if name == 'n' else case.label}"
            for found, what in ((modes, "nets − kernel"), (nngp, "nets − NNGP")):
                points = tuple(
                    difference(
                        sample(measured, what, case, mode, "learnability"),
                        0.0,
                        experiment.margins.nets,
                    )
                    for mode in experiment.modes
                )
                found.append(
                    JudgedCurve(subject, MODES, experiment.modes, points, "mode")
                )
    return Judgement(
        (*exact, *nets, *modes),
        (
            Control.against("n − 10 %", fewer, nets),
            Control.against("the constant mode left out", lacking, nets),
            Control.against("NNGP for NTK (nets)", nngp, modes),
        ),
    )


def _picture(experiment: Conservation, measured: Measurements) -> Picture:
    panels = []
    for n in experiment.sizes:
        groups = []
        for case in experiment.cases:
            if case.n != n:
                continue
            bars = tuple(
                Bar(
                    what,
                    tuple(
                        sample(measured, what, case, mode, "learnability").mean
                        for mode in experiment.modes
                    ),
                )
                for what in ("kernel", "nets")
            )
            name = case.net.label.replace(", ", "\n")
            groups.append((name, bars))
        panels.append(
            Axes(
                "kernel left, net right",
                r"$\sum\,\mathcal{L}$",
                bars=tuple(groups),
                level=(float(n),) * len(groups),
                parts=tuple(_name(mode) for mode in experiment.modes),
                log="",
                bottom=0.0,
                top=max(experiment.sizes) * 1.1,
                title=f"n = {n}",
            )
        )
    return Picture(tuple(panels))


def _name(mode: str) -> str:
    wave, _, k = mode.partition(":")
    return "1" if mode == "cos:0" else f"{wave} {k}θ" if k != "1" else f"{wave} θ"


def _remarks(experiment: Conservation, measured: Measurements) -> tuple[str, ...]:
    found = [
        f"Bars are means over {experiment.trials} data sets, the same for kernel and nets; "
        "every data set obeys the law by itself, so their mean does.",
        "The law holds for every kernel, so that sums alone tell no kernel from another: "
        "single modes do.",
    ]
    kernels = [
        sample(measured, "kernel", case, "Σ", "learnability").mean - case.n
        for case in experiment.cases
    ]
    found.append(
        f"Kernel regression misses n by at most {max(map(abs, kernels)):.1g}, rounding."
    )
    if False in experiment.starts:
        found.append(
            "As published, every mode starts from parameters of its own. Each net is then "
            "another kernel, and the law, which holds for one kernel, only on average."
        )
    else:
        found.append(
            "All modes of a data set start from the same parameters; --as-published draws "
            "new ones for each mode, which alone already breaks the sum."
        )
    if any(not net.closed for net in experiment.nets):
        found.append(
            "Kernels without a closed form (tanh) are proved and then rounded; the "
            "published quadrature with 40 points is wrong by up to 1e-3."
        )
    if experiment.learning_rate is not None:
        found.append(f"The learning rate is {experiment.learning_rate}, as published.")
    return tuple(found)
