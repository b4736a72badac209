"""The test MSE of random features over the width, as a stack of its parts."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from learnability.figure.picture import PaperFigure, canvas, finished, legend_below
from learnability.figure.style import COLORS, PAPER
from learnability.paper_tables import feature_widths as tables

SHARE = 0.6
FINE = 300
STACKED = {
    "bias": "bias and noise",
    "variance_data": "data",
    "variance_features": "features",
    "variance_both": "both",
}


def finite_width(
    *subject: Any,
    target: Any = None,
    n: Any = 100,
    ridge: Any = "1/100",
    noise: Any = "1/10",
    widths: Any = None,
    measured: int | None = None,
    seed: int = 0,
    ax: Any = None,
    style: str = PAPER,
    width: Any = None,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Any:
    """Random features over their number: bias, three parts of the variance, the law.

    Parameters
    ----------
    subject
        A kernel and a domain; a hidden layer of ReLU on sphere:16 by default.
    target
        Level powers, or a function; the first level by default.
    n
        Training points.
    ridge, noise
        δ ≥ 0 and σ² ≥ 0.
    widths
        Numbers of random features in the table; the figure is continuous.
    measured
        Trials in which features are drawn, at every width of the table.
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
    >>> drawn = finite_width(n=30, widths=[10, 100])
    >>> [x.get_label() for x in drawn.axes[0].lines]
    ['kernel', 'law in $1/w$']
    """
    table = tables.finite_width(
        *subject, target=target, n=n, ridge=ridge, noise=noise, widths=widths,
        measured=measured, seed=seed, command=command, progress=progress,
    )  # fmt: skip
    asked = tables.feature_question(subject, target, n, ridge, noise)
    listed = [int(row[0]) for row in table.rows]  # type: ignore[arg-type]
    fine = np.geomspace(min(listed), max(listed), FINE).astype(np.int64)
    fine = np.unique(np.concatenate([fine, listed]))
    p = asked.predicted(fine)
    finite = np.isfinite(p.test_mse)
    fine, parts = fine[finite], [getattr(p, name)[finite] for name in STACKED]
    parts[0] = parts[0] + np.asarray(p.noise).astype(float)[finite]
    with canvas(ax, style_name=style, width=width, share=SHARE) as (drawn, (axis,)):
        axis.stackplot(
            fine, parts, labels=list(STACKED.values()), colors=COLORS, alpha=0.6
        )
        axis.axhline(asked.kernel, color="0.3", linewidth=0.8, label="kernel")
        law = asked.law(fine)
        axis.plot(fine, law, color="0", linestyle="--", label="law in $1/w$")
        if measured is not None:
            found: list[Any] = [
                (w, row[-1])
                for w, row in zip(listed, table.rows, strict=True)
                if row[-1] is not None
            ]
            axis.errorbar(
                [w for w, _ in found], [x.value for _, x in found],
                yerr=[x.error for _, x in found],
                fmt="o", markersize=2.5, color="0", label="measured",
            )  # fmt: skip
        axis.set(xlabel="width $w$", ylabel="test MSE", xscale="log")
        axis.set_xlim(fine[0], fine[-1])
        axis.set_ylim(0, 1.1 * float(np.max(p.test_mse[finite])))
        axis.set_title(asked.subject.words(math=True), wrap=True)
        if isinstance(drawn, PaperFigure):
            legend_below(drawn, *axis.get_legend_handles_labels())
    return finished(drawn, table)
