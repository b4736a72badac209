"""A run's folder: one figure, one table, one report, one verdict for machines."""

from __future__ import annotations

import csv
import io
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from learnability.figures import LearningCurve, Points, learning_curves
from learnability.table import Column, Estimate, Table
from learnability.table.cell import from_float
from numerics.curves import RELATIVE_ERROR
from verify.experiments import Curves, Experiment, Judgement, Outcome
from verify.experiments.curves import predicted
from verify.networks.folder import write_atomically

FINE = 160


def write_report(
    experiment: Experiment,
    theory: Curves,
    outcome: Outcome,
    judgement: Judgement,
    folder: Path,
    seconds: float,
    device: str | None = None,
) -> str:
    """Write ``figure.png|pdf|csv``, ``table.csv|tex``, ``report.md``, ``verdict.json``.

    Every file is written beside its place and renamed. Returns the report's summary.
    """
    made = command(experiment)
    curves = _curves(experiment, theory, outcome)
    figure = learning_curves(curves, experiment.title)
    for suffix in ("png", "pdf"):
        memory = io.BytesIO()
        figure.savefig(memory, format=suffix)
        write_atomically(folder / f"figure.{suffix}", memory.getvalue())
    write_atomically(folder / "figure.csv", _figure_data(experiment, curves).encode())
    table = results_table(experiment, theory, outcome, made)
    write_atomically(folder / "table.csv", table.csv().encode())
    write_atomically(folder / "table.tex", table.latex().encode())
    summary = "\n".join(_summary(experiment, judgement, outcome))
    page = _page(experiment, theory, judgement, outcome, summary, seconds, device)
    write_atomically(folder / "report.md", page.encode())
    verdict = json.dumps(_verdict(experiment, judgement), indent=1, ensure_ascii=False)
    write_atomically(folder / "verdict.json", (verdict + "\n").encode())
    return summary


def command(experiment: Experiment) -> list[str]:
    """The command that makes a run again.

    Examples
    --------
    >>> from verify.experiments import fig1
    >>> " ".join(command(fig1(full=True)))
    'learnability reproduce fig1 --full'
    """
    words = ["learnability", "reproduce", experiment.name]
    if experiment.net_trials >= 30:
        words.append("--full")
    if experiment.learning_rate is not None:
        words.append("--as-published")
    if experiment.seed:
        words += ["--seed", str(experiment.seed)]
    return words


def _mean(values: np.ndarray) -> tuple[float, float]:
    sound = values[np.isfinite(values)]
    if len(sound) < 2:
        return float("nan"), float("inf")
    return float(sound.mean()), float(sound.std(ddof=1) / np.sqrt(len(sound)))


def _points(experiment: Experiment, cells: Any, column: int) -> tuple[Points, Points]:
    n = np.array(experiment.sizes, dtype=float)
    pairs = []
    for name in ("learnability", "test_mse"):
        found = [_mean(getattr(cell, name)[:, column]) for cell in cells]
        pairs.append(Points(n, *map(np.array, zip(*found, strict=True))))
    return pairs[0], pairs[1]


def _curves(
    experiment: Experiment, theory: Curves, outcome: Outcome
) -> list[LearningCurve]:
    top = min(max(experiment.sizes), theory.spectrum.modes)
    fine = [int(x) for x in np.unique(np.round(np.geomspace(1, top, FINE)))]
    learned, errors = predicted(theory.spectrum, experiment, list(fine))
    curves = []
    for column, k in enumerate(experiment.targets):
        curves.append(
            LearningCurve(
                label=f"k = {k}",
                n=np.array(fine, dtype=float),
                learnability=learned[:, column],
                test_mse=errors[:, column],
                kernel=_points(experiment, outcome.kernel, column),
                nets=_points(experiment, outcome.nets, column)
                if outcome.nets
                else None,
            )
        )
    return curves


def _figure_data(experiment: Experiment, curves: list[LearningCurve]) -> str:
    """Everything that the figure shows, one line for each curve's point."""
    memory = io.StringIO()
    writer = csv.writer(memory, lineterminator="\n")
    writer.writerow(
        ["target", "what", "n", "learnability", "error", "test_mse", "error"]
    )
    for k, curve in zip(experiment.targets, curves, strict=True):
        for n, learned, error in zip(
            curve.n, curve.learnability, curve.test_mse, strict=True
        ):
            writer.writerow(
                [k, "theory", f"{n:g}", repr(float(learned)), 0, repr(float(error)), 0]
            )
        for what, pair in (("kernel", curve.kernel), ("nets", curve.nets)):
            if pair is None:
                continue
            first, second = pair
            for row, n in enumerate(first.n):
                numbers = (first.mean, first.error, second.mean, second.error)
                writer.writerow(
                    [k, what, f"{n:g}", *(repr(float(x[row])) for x in numbers)]
                )
    return memory.getvalue()


def results_table(
    experiment: Experiment, theory: Curves, outcome: Outcome, made: list[str]
) -> Table:
    """Theory, kernel regression and nets by target and n, with standard errors."""
    columns = [
        Column("target", "k", "$k$"),
        Column("n", "n", "$n$"),
        Column(
            "C", "C", "$C$", uncertainty="proved radius", source="implicit_equation"
        ),
        _column("learnability_theory", "L theory", r"$\mathcal{L}$", "float64"),
        _column("learnability_kernel", "L kernel", r"$\mathcal{L}$ kernel"),
        _column("learnability_nets", "L nets", r"$\mathcal{L}$ nets"),
        _column("test_mse_theory", "MSE theory", r"$\mathcal{E}$", "float64"),
        _column("test_mse_kernel", "MSE kernel", r"$\mathcal{E}$ kernel"),
        _column("test_mse_nets", "MSE nets", r"$\mathcal{E}$ nets"),
    ]
    rows = []
    for column, target in enumerate(experiment.targets):
        for row, n in enumerate(experiment.sizes):
            cells: list[Any] = [target, n, theory.constants[row]]
            for name, values in (
                ("learnability", theory.learnability),
                ("test_mse", theory.test_mse),
            ):
                cells.append(from_float(float(values[row, column]), RELATIVE_ERROR))
                for measured in (outcome.kernel, outcome.nets):
                    cells.append(_estimate(measured, row, name, column))
            rows.append(tuple(cells))
    return Table(
        columns=tuple(columns),
        rows=tuple(rows),
        title=f"Theory, kernel regression and trained nets: {experiment.title}.",
        digits=30,
        show=4,
        command=made,
        seed=experiment.seed,
        notes=(
            f"{experiment.kernel} on {experiment.domain}; C has proved digits; standard "
            f"errors over {experiment.kernel_trials} data sets for the kernel and "
            f"{experiment.net_trials} for nets of width {experiment.width}.",
        ),
    )


def _column(key: str, heading: str, latex: str, kind: str = "standard error") -> Column:
    return Column(key, heading, latex, uncertainty=kind)


def _estimate(measured: Any, row: int, name: str, column: int) -> Estimate | None:
    if not measured:
        return None
    mean, error = _mean(getattr(measured[row], name)[:, column])
    return Estimate(mean, error) if np.isfinite(mean) else None


def _summary(
    experiment: Experiment, judgement: Judgement, outcome: Outcome
) -> list[str]:
    margins = experiment.margins
    lines = [
        f"{experiment.name}: {experiment.title}",
        f"margins: {margins.learnability} in learnability and {margins.mse:.0%} in MSE "
        f"(kernel against theory), {margins.nets} in learnability (nets against kernel); "
        "99 % intervals at each n",
    ]
    for comparison in dict.fromkeys(curve.comparison for curve in judgement.curves):
        lines.append(f"{comparison}:")
        for curve in judgement.curves:
            if curve.comparison == comparison:
                lines.append(
                    f"  k = {curve.target}: {curve.words} "
                    f"(would detect {curve.detectable:.2g})"
                )
    lines.append("wrong theories, refuted where the right one is confirmed:")
    for control in (*judgement.controls, *judgement.net_controls):
        where = ", ".join(f"k={k} n={n}" for k, n in control.refuted_at[:4])
        more = (
            f" and {len(control.refuted_at) - 4} more"
            if len(control.refuted_at) > 4
            else ""
        )
        told = f"refuted at {where}{more}" if control.told_apart else "NOT told apart"
        lines.append(f"  {control.name}: {told}")
    if outcome.divergences:
        lines.append(
            f"{len(outcome.divergences)} nets diverged: {outcome.divergences[0]}"
        )
    lines.append(f"verdict over all curves and n: {judgement.verdict}")
    return lines


def _page(
    experiment: Experiment,
    theory: Curves,
    judgement: Judgement,
    outcome: Outcome,
    summary: str,
    seconds: float,
    device: str | None,
) -> str:
    """The report: what was run, where, what it found, what would make it stronger."""
    body = [
        f"# {experiment.name}",
        "",
        "![figure](figure.png)",
        "",
        "```",
        summary,
        "```",
        "",
    ]
    body += ["## Diagnostics", "", _diagnostics(experiment, outcome), ""]
    body += ["## Spectrum", "", "| k | multiplicity | λ_k |", "|---|---|---|"]
    for level in theory.spectrum.levels:
        body.append(f"| {level.index} | {level.multiplicity} | {level.eigenvalue} |")
    body += [
        "",
        "Every eigenvalue is enclosed; the domain is finite, so there is no tail.",
    ]
    nets = sum(net.seconds for net in outcome.nets)
    body += [
        "",
        "## What was run",
        "",
        f"- `{' '.join(command(experiment))}`, learnability {version('learnability')}, "
        f"specification {experiment.digest[:16]}",
        f"- kernel: `{experiment.kernel}` on `{experiment.domain}`",
        f"- Python {platform.python_version()} on {platform.machine()}, JAX device "
        f"{device or 'default'}; {seconds:.0f} s in this run, nets {nets:.0f} s in all",
        "- learning rate "
        + (
            "0.8 n/λ_max, at most 0.5"
            if experiment.learning_rate is None
            else f"{experiment.learning_rate}, as published; unstable where the stability "
            "number exceeds 2"
        ),
        "- E0, bias and MSE average over the whole domain, training points included",
        "",
        "## What would make it stronger",
        "",
        _stronger(judgement),
        "",
    ]
    return "\n".join(body)


def _diagnostics(experiment: Experiment, outcome: Outcome) -> str:
    """Condition, rank, stability and ρ by n; they say where agreement can be expected."""
    head = "| n | cond(K) | rank(K) | 2·lr·λ_max/n | ρ, largest | steps, largest |"
    lines = [head, "|---|---|---|---|---|---|"]
    for row, n in enumerate(experiment.sizes):
        kernel = outcome.kernel[row]
        cells = [
            str(n),
            f"{np.median(kernel.condition):.3g}",
            f"{kernel.rank.mean():.4g}",
        ]
        if outcome.nets:
            net = outcome.nets[row]
            cells += [
                f"{np.nanmax(net.stability):.2f}",
                f"{outcome.rho[row].max():.3g}",
                str(int(net.steps.max())),
            ]
        else:
            cells += ["–"] * 3
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _stronger(judgement: Judgement) -> str:
    """The sample size at which the widest inconclusive interval would fit its margin."""
    worst: dict[str, float] = {}
    for curve in judgement.curves:
        for agreement in curve.agreements:
            room = agreement.margin - abs(agreement.difference)
            if agreement.verdict.value == "inconclusive" and room > 0:
                needed = agreement.samples * (agreement.halfwidth / room) ** 2
                worst[curve.comparison] = max(worst.get(curve.comparison, 0.0), needed)
    if not worst:
        return "No comparison was left open for want of samples."
    return "\n".join(
        f"- {name}: about {needed:.0f} data sets would settle every open point"
        if needed < 1e6
        else f"- {name}: no affordable number of data sets settles every open point"
        for name, needed in worst.items()
    )


def _verdict(experiment: Experiment, judgement: Judgement) -> dict[str, Any]:
    """The judgement for machines."""
    return {
        "experiment": experiment.name,
        "specification": experiment.digest,
        "verdict": str(judgement.verdict),
        "curves": [
            {
                "target": curve.target,
                "comparison": curve.comparison,
                "verdict": curve.words,
                "points": [
                    {
                        "n": n,
                        "difference": a.difference,
                        "standard_error": a.error,
                        "halfwidth": a.halfwidth,
                        "margin": a.margin,
                        "minimum_detectable_effect": a.detectable,
                        "samples": a.samples,
                        "verdict": str(a.verdict),
                    }
                    for n, a in zip(curve.sizes, curve.agreements, strict=True)
                ],
            }
            for curve in judgement.curves
        ],
        "controls": [
            {
                "name": c.name,
                "told_apart": c.told_apart,
                "refuted_at": list(c.refuted_at),
            }
            for c in (*judgement.controls, *judgement.net_controls)
        ],
    }
