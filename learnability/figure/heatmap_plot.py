"""Learnability over n and level, as colors."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from learnability.figure.picture import PaperFigure, canvas, finished, ticks
from learnability.figure.style import PAPER
from learnability.paper_tables.theory_tables import learnability
from learnability.subjects import one_subject

SHARE = 0.6


def heatmap(
    *subject: Any,
    n: Any = None,
    levels: Sequence[int] | None = None,
    ridge: Any = 0,
    digits: int = 30,
    ax: Any = None,
    style: str = PAPER,
    width: Any = None,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Any:
    """Learnability over level and n, as colors.

    Parameters
    ----------
    subject
        A kernel and a domain.
    n
        Training points, a column each.
    levels
        Levels, a row each; the first nine with a positive eigenvalue by default.
    ridge
        δ ≥ 0.
    digits
        Proved digits of the data.
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

    Raises
    ------
    OutOfDomain
        When several subjects are given, or a level does not exist.

    Examples
    --------
    >>> heatmap("exponential", "hypercube:3", n=[1, 4]).axes[0].images[0].get_array().shape
    (4, 2)
    """
    one = one_subject(subject, "heatmap")
    table = learnability(
        *subject, n=n, levels=levels, ridge=ridge, digits=digits, command=command,
        progress=progress,
    )  # fmt: skip
    values = np.array([[float(cell) for cell in row[1:]] for row in table.rows])  # type: ignore[arg-type]  # balls
    with canvas(ax, style_name=style, width=width, share=SHARE) as (drawn, (axis,)):
        image = axis.imshow(
            values.T, origin="lower", aspect="auto", cmap="viridis", vmin=0, vmax=1
        )
        ticks(axis.xaxis, [str(row[0]) for row in table.rows])
        ticks(axis.yaxis, [c.heading.removeprefix("L_") for c in table.columns[1:]])
        axis.set(xlabel=r"training points $n$", ylabel="level $k$")
        axis.set_title(one.words(math=True), wrap=True)
        figure = drawn if isinstance(drawn, PaperFigure) else axis.figure
        figure.colorbar(image, ax=axis, label=r"learnability $\mathcal{L}_k$")
    return finished(drawn, table)
