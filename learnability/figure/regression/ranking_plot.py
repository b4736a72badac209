"""A choice as a picture: predicted errors with their own error, measured ones beside."""

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
from learnability.table.choice_table import choice
from learnability.wording import short_name

SHARE = 0.6


def ranking(
    made: Any,
    ax: Any = None,
    *,
    verification: Any = None,
    style: str = PAPER,
    width: Any = None,
) -> Any:
    """Candidates by their predicted error, with floor and framework's optimum.

    Parameters
    ----------
    made
        What ``choose`` returned.
    ax
        Axes of your own.
    verification
        What ``made.verify()`` returned: measured errors beside.
    style, width
        A venue that tueplots knows; and inches.

    Returns
    -------
    PaperFigure
        With the data in ``.table``; or the axes that were given.

    Examples
    --------
    >>> from verify.choice import choose
    >>> kernels = ["polynomial:degree=1", "ntk:relu"]
    >>> drawn = ranking(choose("hypercube:5", {1: 1}, 8, kernels, more=False))
    >>> len(drawn.axes[0].containers)
    1
    """
    rows = made.candidates
    y = np.arange(len(rows))
    values = np.array([x.test_mse for x in rows])
    own = values * np.array([x.own_error for x in rows])
    with canvas(ax, style_name=style, width=width, share=SHARE) as (drawn, (axis,)):
        axis.errorbar(
            values, y, xerr=own, fmt="o", color=COLORS[0], markersize=3,
            label="predicted, with the theory's own error",
        )  # fmt: skip
        if verification is not None:
            place = {str(x.kernel): k for k, x in enumerate(rows)}
            kept = [k for k in verification.kernels if k in place]
            seen = [verification.measured[verification.kernels.index(k)] for k in kept]
            axis.errorbar(
                [x.value for x in seen], [place[k] + 0.15 for k in kept],
                xerr=[2 * x.error for x in seen], fmt="s", color=COLORS[1],
                markersize=3, label="measured, two standard errors",
            )  # fmt: skip
        if made.floor is not None:
            axis.axvspan(made.floor.lower, made.floor.upper, color="gray", alpha=0.4)
            axis.axvline(
                float(made.floor.value),
                color="gray",
                label="exact floor of linear rules",
            )
        if made.framework:
            axis.axvline(
                made.framework, color="black", linestyle=":", label="$nC_*$, no bound"
            )
        ticks(axis.yaxis, [short_name(str(x.kernel)) for x in rows])
        axis.invert_yaxis()
        axis.set(xlabel=r"test MSE $\mathcal{E}$", xscale="log")
        if isinstance(drawn, PaperFigure):
            legend_below(drawn, *axis.get_legend_handles_labels())
    return finished(drawn, choice(made, verification=verification))
