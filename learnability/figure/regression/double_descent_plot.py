"""Test MSE of least squares over n, through the peak at the number of modes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from learnability.figure.picture import PaperFigure, canvas, finished, legend_below
from learnability.figure.style import COLORS, PAPER
from learnability.paper_tables import regression_tables as tables

SHARE = 0.6


def double_descent(
    *subject: Any,
    target: Any = None,
    n: Any = None,
    noise: Any = "1/10",
    measured: int | None = None,
    seed: int = 0,
    ax: Any = None,
    style: str = PAPER,
    width: Any = None,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Any:
    """Linear or polynomial regression without ridge: test MSE down, up to n = N, down.

    Parameters
    ----------
    subject
        A kernel of finitely many modes and a domain; linear regression on 20 bits by
        default.
    target
        Level powers, or a function; the first level by default.
    n
        Training points, on both sides of the number of modes.
    noise
        σ² ≥ 0.
    measured
        Data sets on which numpy.linalg.lstsq is run.
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
    >>> double_descent(n=[10, 20, 30]).axes[0].get_yscale()
    'log'
    """
    table = tables.double_descent(
        *subject, target=target, n=n, noise=noise, measured=measured, seed=seed,
        command=command, progress=progress,
    )  # fmt: skip
    sizes = np.array([float(row[0]) for row in table.rows])  # type: ignore[arg-type]
    number = lambda cell: (
        np.nan if cell is None else float(getattr(cell, "value", cell))
    )
    theory = np.array([number(row[2]) for row in table.rows])
    with canvas(ax, style_name=style, width=width, share=SHARE) as (drawn, (axis,)):
        for side in (
            np.flatnonzero(sizes <= _peak(table)),
            np.flatnonzero(sizes > _peak(table)),
        ):
            label = "theory" if side.size and side[0] == 0 else None
            axis.plot(sizes[side], theory[side], color=COLORS[0], label=label)
        axis.axvline(_peak(table), color="black", linewidth=0.6, linestyle=":")
        if len(table.columns) > 3:
            seen = [(float(row[0]), row[3]) for row in table.rows if row[3] is not None]  # type: ignore[arg-type]
            axis.errorbar(
                [x for x, _ in seen], [c.value for _, c in seen],  # type: ignore[union-attr]
                yerr=[c.error for _, c in seen], fmt="o", markersize=2.5,  # type: ignore[union-attr]
                color=COLORS[1], label="least squares",
            )  # fmt: skip
        axis.set(
            xlabel=r"training points $n$", ylabel="test MSE", xscale="log", yscale="log"
        )
        if isinstance(drawn, PaperFigure):
            legend_below(drawn, *axis.get_legend_handles_labels())
    return finished(drawn, table)


def _peak(table: Any) -> float:
    """The number of modes, as the table's title says it."""
    return float(table.title.split(" modes")[0].rpartition(" ")[2])
