"""An experiment's picture, drawn: lines are theory, dots kernel regression, squares nets."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from learnability.figure.picture import PaperFigure
from learnability.figure.style import COLORS, HEIGHT_INCHES, WIDTH_INCHES, style

if TYPE_CHECKING:
    from verify.experiments import Axes, Picture, PlottedSeries

GRAY = "0.35"
SHADES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
PARTS = (*SHADES, "#555555", "#999999", "#C8C8C8")
"""Up to ten parts of a stack: the palette, then grays from dark to light."""


def draw(picture: Picture, title: str = "") -> PaperFigure:
    """Draw an experiment's picture for a paper.

    Parameters
    ----------
    picture
        Panels as data.
    title
        A line above them.

    Returns
    -------
    learnability.figure.PaperFigure
        Save it as PNG, PDF or SVG.

    Examples
    --------
    >>> from verify.experiments import Axes, Picture, PlottedSeries
    >>> line = PlottedSeries("k = 1", "theory", 0, (1.0, 2.0), (0.0, 0.5))
    >>> len(draw(Picture((Axes("n", "L", (line,)),))).axes)
    1
    """
    columns = min(picture.columns, len(picture.panels))
    rows = math.ceil(len(picture.panels) / columns)
    with mpl.rc_context(style().settings):
        figure = PaperFigure(
            figsize=(
                WIDTH_INCHES,
                HEIGHT_INCHES * (rows if rows == 1 else 0.85 * rows),
            ),
            layout="constrained",
        )
        axes = figure.subplots(rows, columns, squeeze=False)
        for axis, panel in zip(axes.flat, picture.panels, strict=False):
            _panel(figure, axis, panel)
        for axis in axes.flat[len(picture.panels) :]:
            axis.set_axis_off()
        _legend(figure, picture)
        if title:
            figure.suptitle(title)
    return figure


def _color(number: int) -> str:
    return GRAY if number < 0 else COLORS[number % len(COLORS)]


def _panel(figure: Any, axis: Any, panel: Axes) -> None:
    if panel.bars:
        _bars(axis, panel)
    if panel.extent is not None:
        image = axis.imshow(
            panel.image,
            origin="lower",
            aspect="auto",
            extent=panel.extent,
            cmap="cividis",
        )
        figure.colorbar(image, ax=axis)
    for series in panel.series:
        _series(axis, series)
    axis.set(xlabel=panel.x, ylabel=panel.y)
    if panel.title:
        axis.set_title(panel.title)
    if "x" in panel.log and not panel.bars:
        axis.set_xscale("log")
        _ticks(axis.xaxis)
    if "y" in panel.log:
        axis.set_yscale("log")
        _ticks(axis.yaxis)
    if panel.bottom is not None:
        axis.set_ylim(bottom=panel.bottom)
    if panel.top is not None:
        axis.set_ylim(top=panel.top)


def _ticks(axis: Any) -> None:
    """Powers of ten where there are several of them, else 1, 2, 5 as plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    low, high = axis.get_view_interval()
    axis.set_minor_formatter(NullFormatter())
    if low > 0 and high / low < 200:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _series(axis: Any, series: PlottedSeries) -> None:
    color = _color(series.color)
    if series.kind == "theory":
        axis.plot(series.x, series.y, color=color)
        return
    if series.kind == "guide":
        axis.plot(series.x, series.y, color=color, ls="--", lw=0.9)
        return
    marker = {"kernel": "o", "nets": "s", "other": "^"}[series.kind]
    filled = series.kind == "kernel"
    axis.errorbar(
        series.x,
        series.y,
        yerr=series.error,
        fmt=marker,
        color=color,
        markerfacecolor=color if filled else "white",
        markersize=3.4 if filled else 4.6,
        markeredgewidth=0.9,
        elinewidth=0.9,
        capsize=1.5,
        zorder=3 if filled else 2.5,
    )


def _bars(axis: Any, panel: Axes) -> None:
    """Stacks in groups; a dashed line over each group at its level."""
    place, ticks, names = 0.0, [], []
    for index, (group, bars) in enumerate(panel.bars):
        first = place
        for bar in bars:
            bottom = 0.0
            for number, height in enumerate(bar.parts):
                axis.bar(
                    place,
                    height,
                    bottom=bottom,
                    width=0.85,
                    color=PARTS[number % len(PARTS)],
                    edgecolor="white",
                    linewidth=0.4,
                )
                bottom += height
            place += 1.0
        middle = (first + place - 1.0) / 2
        ticks.append(middle)
        names.append(group)
        if panel.level:
            level = panel.level[index]
            axis.plot(
                [first - 0.6, place - 0.4], [level, level], color="black", ls="--", lw=1
            )
        place += 0.7
    axis.set_xticks(ticks, names)
    axis.tick_params(axis="x", length=0)


def _legend(figure: Any, picture: Picture) -> None:
    """One legend below all panels: colors for curves, marks for what is shown."""
    handles: list[Any] = []
    seen: set[tuple[str, int]] = set()
    kinds: dict[str, None] = {}
    guides: dict[str, Any] = {}
    for panel in picture.panels:
        for number, part in enumerate(panel.parts):
            if (part, number) not in seen:
                seen.add((part, number))
                color = PARTS[number % len(PARTS)]
                handles.append(Rectangle((0, 0), 1, 1, color=color, label=part))
        for series in panel.series:
            if series.kind == "guide":
                if series.label:
                    color = _color(series.color)
                    guides[series.label] = Line2D(
                        [], [], color=color, ls="--", lw=0.9, label=series.label
                    )
                continue
            kinds[series.kind] = None
            if series.label and (series.label, series.color) not in seen:
                seen.add((series.label, series.color))
                color = _color(series.color)
                handles.append(Line2D([], [], color=color, label=series.label))
    handles += guides.values()
    if len(kinds) > 1:
        names = dict(picture.names)
        handles += [_mark(kind, names.get(kind, kind)) for kind in kinds]
    if not handles:
        return
    long = sum(len(str(h.get_label())) + 7 for h in handles)
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=len(handles)
        if long < 95
        else math.ceil(len(handles) / math.ceil(long / 95)),
        frameon=False,
        handlelength=1.3,
        columnspacing=1.4,
    )


def _mark(kind: str, name: str) -> Any:
    if kind == "theory":
        return Line2D([], [], color=GRAY, label=name)
    marker = {"kernel": "o", "nets": "s", "other": "^"}[kind]
    size, face = (3.4, GRAY) if kind == "kernel" else (4.6, "white")
    return Line2D(
        [], [], color=GRAY, marker=marker, ls="", ms=size, mfc=face, label=name
    )
