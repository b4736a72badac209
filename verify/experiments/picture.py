"""A figure as plain data: panels of series, drawn by the front door.

The same numbers that a figure shows lie beside it as a file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.experiments.measurements import Sample

KINDS = ("theory", "kernel", "nets", "other", "guide")
"""Theory is a line, kernel regression dots, nets squares, guides thin and dashed."""


@dataclass(frozen=True)
class PlottedSeries:
    """Points of one curve, with a color's number and the kind that says how it looks.

    Attributes
    ----------
    label
        Text of the legend; series that share a color share it.
    kind
        One of ``KINDS``.
    color
        0, 1, 2, …; −1 is gray.
    x, y, error
        Shape [point]; ``error`` None where there is none.
    """

    label: str
    kind: str
    color: int
    x: tuple[float, ...]
    y: tuple[float, ...]
    error: tuple[float, ...] | None = None


def measured_points(
    label: str, kind: str, color: int, found: Iterable[tuple[Any, Sample | None]]
) -> list[PlottedSeries]:
    """Means with their standard errors at each x; no series where nothing is sound.

    Examples
    --------
    >>> found = [(2, Sample(0.5, 0.1, 9)), (4, None)]
    >>> measured_points("k = 1", "kernel", 0, found)[0].x
    (2.0,)
    """
    sound = [(float(x), s) for x, s in found if s is not None and s.sound]
    if not sound:
        return []
    xs = tuple(x for x, _ in sound)
    means, errors = tuple(s.mean for _, s in sound), tuple(s.error for _, s in sound)
    return [PlottedSeries(label, kind, color, xs, means, errors)]


@dataclass(frozen=True)
class Bar:
    """A stack: parts from the bottom, one color each."""

    label: str
    parts: tuple[float, ...]


@dataclass(frozen=True)
class Axes:
    """One pair of axes.

    Attributes
    ----------
    x, y
        Labels.
    series
        Curves and points.
    bars
        Stacked bars in groups; (group, bars of the group), side by side.
    level
        Height of a dashed horizontal line at each group of bars, or none.
    parts
        Names of the bars' parts.
    image
        Values on a grid, rows from the bottom, with ``extent`` (x0, x1, y0, y1).
    log
        Which axes are logarithmic: "", "x", "y" or "xy".
    bottom, top
        Limits of y, or None.
    """

    x: str
    y: str
    series: tuple[PlottedSeries, ...] = ()
    bars: tuple[tuple[str, tuple[Bar, ...]], ...] = ()
    level: tuple[float, ...] = ()
    parts: tuple[str, ...] = ()
    image: tuple[tuple[float, ...], ...] = ()
    extent: tuple[float, float, float, float] | None = None
    log: str = "x"
    bottom: float | None = None
    top: float | None = None
    title: str = ""


@dataclass(frozen=True)
class Picture:
    """Panels side by side, in rows of at most ``columns``.

    ``names`` are pairs of a kind and what the legend calls it, where that is not itself.
    """

    panels: tuple[Axes, ...]
    columns: int = 2
    names: tuple[tuple[str, str], ...] = ()

    def csv(self) -> str:
        """Everything that the figure shows, one line a number.

        Examples
        --------
        >>> line = PlottedSeries("k = 1", "theory", 0, (1.0,), (0.5,))
        >>> print(Picture((Axes("n", "L", (line,)),)).csv().splitlines()[1])
        L,k = 1,theory,1.0,0.5,
        """
        memory = io.StringIO()
        writer = csv.writer(memory, lineterminator="\n")
        writer.writerow(["panel", "label", "what", "x", "y", "error"])
        for panel in self.panels:
            writer.writerows(_lines(panel))
        return memory.getvalue()


def _lines(panel: Axes) -> list[list[Any]]:
    name = " ".join(word for word in (panel.title, panel.y) if word)
    rows: list[list[Any]] = []
    for series in panel.series:
        errors: Sequence[Any] = series.error or [""] * len(series.x)
        for x, y, error in zip(series.x, series.y, errors, strict=True):
            rows.append([name, series.label, series.kind, repr(x), repr(y), error])
    for group, bars in panel.bars:
        for bar in bars:
            for part, height in zip(panel.parts, bar.parts, strict=True):
                rows.append([f"{name} {group}", part, bar.label, "", repr(height), ""])
    if panel.extent is not None:
        x0, x1, y0, y1 = panel.extent
        ys = np.linspace(y0, y1, len(panel.image))
        for y, line in zip(ys, panel.image, strict=True):
            for x, value in zip(np.linspace(x0, x1, len(line)), line, strict=True):
                rows.append([name, "image", "", repr(float(x)), repr(float(y)), value])
    return rows
