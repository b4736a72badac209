"""A run's folder: one figure, one table, one report, one verdict for machines.

``specification.json``, ``measurements.csv`` and ``run.json`` are the run; everything else
is made from them, and can be made again without running anything.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learnability.figure.experiment_figure import draw
from learnability.reproduction.experiment_tables import as_table, error_table
from learnability.reproduction.grid import LEGEND, grid_of, reading
from verify.experiments import Experiment, Findings, Rows, digest
from verify.storage.files import write_atomically

ERROR_ROWS_SHOWN = 12


@dataclass(frozen=True)
class Run:
    """Where and how an experiment was run.

    Attributes
    ----------
    command
        The words of the command that makes it again.
    version, python, platform, device, cores, date
        What it ran on, and when it ended.
    seconds
        Of the last session alone; a run that was resumed took longer.
    """

    command: tuple[str, ...]
    version: str
    python: str
    platform: str
    device: str
    cores: int
    date: str
    seconds: float

    @classmethod
    def from_json(cls, text: str, where: str) -> Run:
        """Read ``run.json``.

        Raises
        ------
        OutOfDomain
            When it is something else.
        """
        from theory import OutOfDomain

        try:
            values = json.loads(text)
            return cls(**{**values, "command": tuple(values["command"])})
        except (ValueError, TypeError, KeyError):
            raise OutOfDomain(f"{where} is no record of a run") from None


def write_report(
    experiment: Experiment, findings: Findings, run: Run, folder: Path
) -> str:
    """Write figure, tables, report and verdict; every file beside its place, renamed.

    Returns
    -------
    str
        The report's summary.
    """
    figure = draw(findings.picture, experiment.title)
    for suffix in ("png", "pdf"):
        memory = io.BytesIO()
        figure.savefig(memory, format=suffix)
        write_atomically(folder / f"figure.{suffix}", memory.getvalue())
    write_atomically(folder / "figure.csv", findings.picture.csv().encode())
    made, seed = run.command, experiment.seed
    table = as_table(findings.table, made, seed, findings.remarks)
    write_atomically(folder / "table.csv", table.csv().encode())
    write_atomically(folder / "table.tex", table.latex().encode())
    if findings.errors:
        errors = error_table(findings.errors, experiment.name, made, seed)
        write_atomically(folder / "errors.csv", errors.csv().encode())
        write_atomically(folder / "errors.tex", errors.latex().encode())
    summary = "\n".join(_summary(experiment, findings))
    page = _page(experiment, findings, run, summary)
    write_atomically(folder / "report.md", page.encode())
    verdict = {"experiment": experiment.name, "specification": digest(experiment)}
    verdict |= findings.judgement.as_json()
    text = json.dumps(verdict, indent=1, ensure_ascii=False, allow_nan=False)
    write_atomically(folder / "verdict.json", (text + "\n").encode())
    return summary


def _summary(experiment: Experiment, findings: Findings) -> list[str]:
    judgement = findings.judgement
    lines = [f"{experiment.name}: {experiment.title}"]
    for comparison in dict.fromkeys(curve.comparison for curve in judgement.curves):
        curves = judgement.of(comparison)
        margins = sorted({a.margin for c in curves for a in c.agreements})
        shown = ", ".join(f"{m:g}" for m in margins[:4])
        sampled = any(a.samples > 1 for c in curves for a in c.agreements)
        interval = "; 99 % intervals" if sampled else ""
        lines.append(f"{comparison} (margin {shown}{interval}):")
        lines += [
            f"  {curve.subject}: {curve.words} (would detect {curve.detectable:.2g})"
            for curve in curves
        ]
    if judgement.controls:
        lines.append("wrong theories, refuted where the right one is confirmed:")
    for control in judgement.controls:
        where = "; ".join(control.refuted_at[:3])
        more = len(control.refuted_at) - 3
        told = f"refuted at {where}" + (f" and {more} more places" if more > 0 else "")
        lines.append(
            f"  {control.name}: {told if control.told_apart else 'NOT told apart'}"
        )
    lines.append(f"verdict over all curves: {judgement.verdict}")
    if judgement.curves:
        lines += ["", LEGEND]
        for comparison in dict.fromkeys(curve.comparison for curve in judgement.curves):
            lines += [f"{comparison}:", *grid_of(judgement.of(comparison))]
        lines += ["", *reading(judgement)]
    return lines


def _page(experiment: Experiment, findings: Findings, run: Run, summary: str) -> str:
    """The report: what was run, where, what it found, what would make it stronger."""
    body = [f"# {experiment.name}", "", "![figure](figure.png)", ""]
    body += ["```", summary, "```", ""]
    body += ["## Remarks", "", *(f"- {line}" for line in findings.remarks), ""]
    if findings.diagnostics.rows:
        body += [f"## {findings.diagnostics.title or 'Diagnostics'}", ""]
        body += [*markdown(findings.diagnostics), ""]
    if findings.errors:
        body += ["## Largest errors", "", *_largest_errors(findings), ""]
    body += ["## What was run", ""]
    body += [
        f"- `{' '.join(run.command)}`, learnability {run.version}, specification "
        f"{digest(experiment)[:16]}, seed {experiment.seed}",
        f"- Python {run.python} on {run.platform}, {run.cores} cores, nets on "
        f"{run.device}; {run.date}",
        f"- {run.seconds:.0f} s in the last session; finished cells of earlier ones are "
        "not counted",
        "",
        "## What would make it stronger",
        "",
        _stronger(findings),
        "",
    ]
    return "\n".join(body)


def markdown(rows: Rows) -> list[str]:
    """Rows as lines of a Markdown table.

    Examples
    --------
    >>> from verify.experiments import Heading
    >>> markdown(Rows((Heading("n", "n", "$n$"),), ((2,),)))
    ['| n |', '|---|', '| 2 |']
    """
    head = "| " + " | ".join(h.text for h in rows.headings) + " |"
    line = "|" + "---|" * len(rows.headings)
    return [head, line, *("| " + " | ".join(map(str, r)) + " |" for r in rows.rows)]


def _largest_errors(findings: Findings) -> list[str]:
    known = [row for row in findings.errors if row.error.samples]
    known.sort(key=lambda row: -abs(row.error.mean))
    lines = [
        "| comparison | quantity | target | at | error | known causes |",
        "|---|---|---|---|---|---|",
    ]
    for row in known[:ERROR_ROWS_SHOWN]:
        causes = ", ".join(f"{name} {value:.2g}" for name, value in row.shares.items())
        error = f"{row.error.mean:+.4f} ± {row.error.error:.1g}"
        lines.append(
            f"| {row.comparison} | {row.quantity} | {row.target} | {row.at} | {error} "
            f"| {causes} |"
        )
    return [*lines, "", f"All {len(known)} rows are in `errors.csv`."]


def _stronger(findings: Findings) -> str:
    """The sample size at which the widest inconclusive interval would fit its margin."""
    worst: dict[str, float] = {}
    for curve in findings.judgement.curves:
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


def as_json(run: Run) -> str:
    """The text of ``run.json``."""
    values: Mapping[str, Any] = {**run.__dict__, "command": list(run.command)}
    return json.dumps(values, indent=1, ensure_ascii=False) + "\n"
