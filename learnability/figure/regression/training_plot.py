"""Learning curves over training time and over n, with the best time and the best ridge."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from learnability.figure.picture import (
    PaperFigure,
    canvas,
    colors,
    finished,
    legend_below,
)
from learnability.figure.style import PAPER
from learnability.subjects import several, subjects
from learnability.table.cell import as_fraction, from_float
from learnability.table.table import Column, Table
from theory.errors import OutOfDomain

FINE = 80
DECADES = 3
PLACE_ERROR, LEAST_ERROR = 3e-4, 1e-6
"""Of the best time or ridge, by the last grid of the search; and of the least error."""


def training_time(
    *subject: Any,
    target: Any = None,
    n: Any = None,
    noise: Any = "1/10",
    ax: Any = None,
    style: str = PAPER,
    width: Any = None,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Any:
    """The test MSE over training time for several n, and over n at the best time.

    Dots mark the time at which it is best to stop; on the right they stand beside the end
    of training and beside ridge regression at its best ridge.

    Parameters
    ----------
    subject
        A kernel and a domain, or a spectrum; e^{2t} on sphere:8 by default.
    target
        Level powers, or a function; the first level by default.
    n
        Training points, one curve each: at most 7.
    noise
        σ² ≥ 0.
    ax
        Two axes of your own.
    style, width
        A venue that tueplots knows, such as neurips2024; and inches.
    command, progress
        Words for the caption; called with (done, total, what).

    Returns
    -------
    PaperFigure
        With the best times and ridges in ``.table``; or the axes that were given.

    Raises
    ------
    OutOfDomain
        When there is more than one kernel, target or noise, or more than 7 n.

    Examples
    --------
    >>> drawn = training_time(n=[10, 40])
    >>> [text.get_text() for text in drawn.legends[0].get_texts()][:2]
    ['$n = 10$', '$n = 40$']
    """
    from numerics import predict
    from numerics.targets.target_reading import read_target
    from numerics.training.stopping import best_stopping

    found = subjects(subject or ("exponential:beta=2", "sphere:8"))
    if len(found) != 1 or found[0].is_data:
        raise OutOfDomain(
            f"{len(found)} kernels: this figure is of one kernel on one domain"
        )
    s = found[0].spectrum()
    target, noise = _one(target or {1: 1}, "target"), _one(noise, "noise")
    goal = dict(read_target(target, found[0].domain))
    sizes = several([10, 30, 100, 300] if n is None else n)
    if len(sizes) > 7:
        raise OutOfDomain(f"n has {len(sizes)} values; at most 7 curves are told apart")
    best = []
    for done, size in enumerate(sizes):
        if progress is not None:
            progress(done, len(sizes), f"best time at n = {size}")
        best.append(best_stopping(s, goal, size, noise))
    last = np.asarray(predict(s, goal, sizes, noise=noise).test_mse)
    inner = [x.time for x in best if np.isfinite(x.time)] or [1.0]
    low, high = min(inner) / 10**DECADES, max(inner) * 10**DECADES
    times = np.geomspace(low, high, FINE)
    grid = np.asarray(sizes, dtype=object)[:, None]
    curves = predict(s, goal, grid, noise=noise, time=times[None]).test_mse
    with canvas(ax, 2, style_name=style, width=width) as (drawn, axes):
        over_time, over_n = axes
        for size, row, at, color in zip(
            sizes, curves, best, colors(len(sizes)), strict=True
        ):
            over_time.plot(times, row, color=color, label=f"$n = {size}$")
            if np.isfinite(at.time):
                over_time.plot([at.time], [at.test_mse], "o", color=color, markersize=4)
        over_time.set(xlabel=r"training time $\tau$", ylabel="test MSE", xscale="log")
        places = [float(x) for x in sizes]
        lines = (
            ("trained to the end", last, "-"),
            ("best ridge", [x.ridge_test_mse for x in best], "--"),
            ("best time", [x.test_mse for x in best], "o"),
        )
        for name, values, mark in lines:
            over_n.plot(places, values, mark, color="0.25", markersize=4, label=name)
        over_n.set(xlabel="training points $n$", ylabel="test MSE", xscale="log")
        for axis in axes:
            axis.set_ylim(bottom=0)
        handles = [*over_time.get_legend_handles_labels()[0]]
        handles += over_n.get_legend_handles_labels()[0]
        if isinstance(drawn, PaperFigure):
            legend_below(drawn, handles, [x.get_label() for x in handles])
            drawn.suptitle(found[0].words(math=True), wrap=True)
    return finished(drawn, _table(sizes, best, last, found[0].words(), command))


def _one(value: Any, name: str) -> Any:
    listed = value if isinstance(value, list | tuple) else [value]
    if len(listed) != 1:
        raise OutOfDomain(f"{name} has {len(listed)} values; this figure is of one")
    return listed[0]


def _table(sizes, best, last, title: str, command: Sequence[str]) -> Table:
    heads = (
        ("n", "n", "$n$"),
        ("time", "best τ", r"best $\tau$"),
        ("test_mse", "test MSE there", r"$\mathcal{E}$ there"),
        ("ridge", "best δ", r"best $\delta$"),
        ("ridge_test_mse", "with it", r"$\mathcal{E}$ with it"),
        ("last", "at the end", r"$\mathcal{E}$ at the end"),
    )
    columns = [Column(*heads[0])]
    columns += [Column(*head, "", "float64") for head in heads[1:]]
    value = lambda x, error: from_float(float(x), error) if np.isfinite(x) else None
    rows = [
        (
            as_fraction(size),
            value(at.time, PLACE_ERROR),
            value(at.test_mse, LEAST_ERROR),
            value(at.ridge, PLACE_ERROR),
            value(at.ridge_test_mse, LEAST_ERROR),
            value(end, LEAST_ERROR),
        )
        for size, at, end in zip(sizes, best, last, strict=True)
    ]
    says = f"Early stopping beside the best ridge: {title} (no time: at the end)."
    return Table(tuple(columns), tuple(rows), says, 15, 6, command, None)
