"""A run's folder: one figure, one table, one report, one verdict for machines."""

from __future__ import annotations

import io
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from learnability.figures import learning_curves
from learnability.results import figure_curves, figure_data, results_table
from verify.experiments import Curves, Experiment, Judgement, Outcome
from verify.networks.folder import write_atomically


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
    curves = figure_curves(experiment, theory, outcome)
    figure = learning_curves(curves, experiment.title)
    for suffix in ("png", "pdf"):
        memory = io.BytesIO()
        figure.savefig(memory, format=suffix)
        write_atomically(folder / f"figure.{suffix}", memory.getvalue())
    write_atomically(folder / "figure.csv", figure_data(experiment, curves).encode())
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
