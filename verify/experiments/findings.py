"""What comes of an experiment: verdicts, a figure, tables, and what explains them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from verify.experiments.judgement import Judgement
from verify.experiments.measurements import Measurements, Sample
from verify.experiments.picture import Picture


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its key for machines, its text, its LaTeX, and where numbers come from."""

    key: str
    text: str
    latex: str
    uncertainty: str = ""
    source: str = ""


@dataclass(frozen=True)
class Rows:
    """A table as data; entries are text, whole numbers, Balls, floats, Samples or None.

    A float comes with the relative error that its column's ``relative_error`` states.
    """

    headings: tuple[Heading, ...]
    rows: tuple[tuple[Any, ...], ...]
    title: str = ""
    relative_error: float = 0.0


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One line of the error table: how far two things are apart, and why.

    Attributes
    ----------
    comparison
        ``kernel − theory`` or ``nets − kernel``.
    quantity
        ``learnability``, or ``MSE`` (relative).
    target, at
        Which mode, and n (or width).
    error
        The difference with its standard error.
    shares
        Cause → the part of it that is known, or its predicted size.
    """

    comparison: str
    quantity: str
    target: str
    at: str
    error: Sample
    shares: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Findings:
    """Everything that a report shows.

    Attributes
    ----------
    judgement
        Verdicts and controls.
    picture
        The figure, as data.
    table
        The main table.
    diagnostics
        What says where agreement can be expected: ρ, stability, condition, tail.
    errors
        The error table.
    remarks
        Sentences that explain: traps, differences between forms, what was left out.
    """

    judgement: Judgement
    picture: Picture
    table: Rows
    diagnostics: Rows
    errors: tuple[ErrorRow, ...] = ()
    remarks: tuple[str, ...] = ()


OF_NETS = {
    "rho": (Heading("rho", "ρ, largest", r"$\rho$, largest"), ".3g"),
    "stability": (
        Heading("stability", "2·lr·λ_max/n", r"$2\,\mathrm{lr}\,\lambda_{\max}/n$"),
        ".2f",
    ),
    "steps": (Heading("steps", "steps, largest", "steps, largest"), ".0f"),
    "train_mse": (
        Heading("train_mse", "train MSE, largest", "train MSE, largest"),
        ".1e",
    ),
    "diverged": (Heading("diverged", "diverged", "diverged"), ".0f"),
}
"""Diagnostics of trained nets: heading, and how numbers are printed."""


def nets_headings(*names: str) -> tuple[Heading, ...]:
    """The columns of diagnostics of nets; all of them without names."""
    return tuple(OF_NETS[name][0] for name in names or OF_NETS)


def nets_cells(
    measured: Measurements, at: Any, target: str, *names: str
) -> tuple[str, ...]:
    """What was measured for these columns; a dash where no net was trained."""
    cells = []
    for name in names or OF_NETS:
        found = measured.get("nets", at, target, name)
        cells.append("–" if found is None else f"{found.mean:{OF_NETS[name][1]}}")
    return tuple(cells)
