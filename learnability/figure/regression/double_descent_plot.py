"""Test MSE of least squares over n, through the peak at the number of modes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from learnability.figure.picture import PaperFigure, canvas, finished, legend_below
from learnability.figure.style import COLORS, PAPER
from learnability.paper_tables import least_squares as tables

SHARE = 0.6
FINE = 200
"""Points of the curve on each side of the peak."""
CLOSEST, NEAR = 1e-3, 0.5
"""How near the peak the curve is computed, and how near it is shown, in points."""


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
    >>> drawn = double_descent(n=[10, 20, 30])
    >>> below, above, peak = drawn.axes[0].lines
    >>> print(round(max(below.get_xdata()), 9), round(min(above.get_xdata()), 9))
    19.999 20.001
    """
    table = tables.double_descent(
        *subject, target=target, n=n, noise=noise, measured=measured, seed=seed,
        command=command, progress=progress,
    )  # fmt: skip
    fit = tables.least_squares(subject, target, noise)
    sizes = [float(row[0]) for row in table.rows]  # type: ignore[arg-type]
    with canvas(ax, style_name=style, width=width, share=SHARE) as (drawn, (axis,)):
        label, top = "theory", 0.0
        for side in _sides(sizes, fit.modes):
            curve = fit.predicted(side).test_mse
            axis.plot(side, curve, color=COLORS[0], label=label)
            label, top = None, max(top, np.max(curve[abs(side - fit.modes) >= NEAR]))
        axis.axvline(fit.modes, color="0.5", linewidth=0.6, linestyle=":")
        if len(table.columns) > 3:
            seen = [
                (n, row[3])
                for n, row in zip(sizes, table.rows, strict=True)
                if row[3] is not None
            ]
            axis.errorbar(
                [n for n, _ in seen], [c.value for _, c in seen],  # type: ignore[union-attr]
                yerr=[c.error for _, c in seen], fmt="o", markersize=2.5,  # type: ignore[union-attr]
                color=COLORS[1], label="least squares",
            )  # fmt: skip
            top = max([top, *(c.value for _, c in seen)])  # type: ignore[union-attr]
        axis.set(
            xlabel=r"training points $n$", ylabel="test MSE", xscale="log", yscale="log"
        )
        # both branches leave through the top: the peak itself is infinite
        axis.set_ylim(top=2 * top)
        axis.set_title(fit.subject.words(math=True), wrap=True)
        if isinstance(drawn, PaperFigure):
            legend_below(drawn, *axis.get_legend_handles_labels())
    return finished(drawn, table)


def _sides(sizes: list[float], modes: int) -> list[np.ndarray]:
    """Points below and above the peak, the finer the closer, with those of the table."""
    found = []
    for sign, end in ((-1, min(sizes)), (1, max(sizes))):
        if sign * (end - modes) <= CLOSEST:
            continue
        gap = np.geomspace(CLOSEST, sign * (end - modes), FINE)
        near = modes + sign * gap
        far = np.geomspace(end, near[0], FINE)[:-1] if end > 0 else [end]
        here = [n for n in sizes if sign * (n - modes) > 0]
        found.append(np.unique([*near, *far, *here]))
    return found
