"""The learned function along a path: its mean, and bands of its spread."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from learnability.figure.picture import (
    PaperFigure,
    canvas,
    finished,
    legend_below,
    ticks,
)
from learnability.figure.style import COLORS, PAPER
from learnability.paper_tables import function_path as tables
from learnability.subjects import one_subject

SHARE = 0.7
QUARTERS = ("0", "π/2", "π", "3π/2", "2π")


def learned_function(
    *subject: Any,
    target: Any = None,
    n: Any = None,
    ridge: Any = 0,
    noise: Any = 0,
    points: int = 41,
    measured: int | None = None,
    seed: int = 0,
    ax: Any = None,
    style: str = PAPER,
    width: Any = None,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Any:
    """The learned function along a path: mean, and bands of one and two spreads.

    Parameters
    ----------
    subject
        A kernel and a domain.
    target
        Level powers, or a function such as expr:exp(cos(theta)).
    n, ridge, noise
        Training points, δ and σ².
    points
        How many points of the path.
    measured
        Data sets on which regression is evaluated: points with their spread.
    seed
        Of what is measured.
    ax
        Axes of your own.
    style, width
        A venue that tueplots knows, such as neurips2024; and inches.
    command, progress
        Words for the caption; called with (done, total, what).

    Returns
    -------
    PaperFigure
        With the data in ``.table``; or the axes that were given.

    Examples
    --------
    >>> drawn = learned_function("gaussian:width=2", "hypercube:4", target="expr:x1*x2", n=8)
    >>> len(drawn.axes[0].collections), len(drawn.table.rows)
    (2, 5)
    """
    table = tables.learned_function(
        *subject, target=target, n=n, ridge=ridge, noise=noise, points=points,
        measured=measured, seed=seed, command=command, progress=progress,
    )  # fmt: skip
    one = one_subject(subject, "learned-function")
    number: Any = lambda cell: float(getattr(cell, "value", cell))
    cells = [[number(cell) for cell in row[1:]] for row in table.rows]
    data = np.array(cells).T
    truth, mean, spread = data[:3]
    along = table.columns[0]
    turning = along.heading == "θ"
    places = [str(row[0]) for row in table.rows]
    x = np.array([float(t) for t in places]) if turning else np.arange(len(mean))
    with canvas(ax, style_name=style, width=width, share=SHARE) as (drawn, (axis,)):
        for times, alpha in ((2, 0.15), (1, 0.25)):
            axis.fill_between(
                x, mean - times * spread, mean + times * spread, color=COLORS[0],
                alpha=alpha, linewidth=0,
            )  # fmt: skip
        axis.plot(x, truth, color="black", linestyle="--", label="target $f$")
        axis.plot(x, mean, color=COLORS[0], label=r"mean of $\hat f$, and its spread")
        if len(data) > 3:
            axis.errorbar(
                x, data[3], yerr=data[4], fmt="o", markersize=2, color=COLORS[1],
                label="regression, mean and spread",
            )  # fmt: skip
        if turning:
            quarters = range(round(2 * x[-1] / np.pi) + 1)
            names = [QUARTERS[k] for k in quarters]
            axis.set_xticks([k * np.pi / 2 for k in quarters], names)
        else:
            ticks(axis.xaxis, places)
        axis.set(xlabel=along.latex, ylabel="value")
        axis.set_title(one.words(math=True), wrap=True)
        if isinstance(drawn, PaperFigure):
            legend_below(drawn, *axis.get_legend_handles_labels())
    return finished(drawn, table)
