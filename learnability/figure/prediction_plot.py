"""A prediction's own numbers over n: one line for each ridge and noise."""

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
from learnability.table.predictions import prediction as table_of
from theory.errors import Unsupported

PANELS = (
    ("target_learnability", r"learnability $\mathcal{L}(f)$"),
    ("test_mse", r"test MSE $\mathcal{E}$"),
)


def prediction_curves(
    p: Any, *, ax: Any = None, style: str = PAPER, width: Any = None
) -> Any:
    """Learnability and test MSE of a prediction against n.

    Parameters
    ----------
    p
        What ``predict`` returned for one spectrum and one target.
    ax
        Two axes of your own.
    style, width
        A venue that tueplots knows, such as neurips2024; and inches.

    Raises
    ------
    Unsupported
        When it holds several spectra or targets.

    Examples
    --------
    >>> from numerics import Spectrum, predict
    >>> p = predict(Spectrum.from_levels([(1, 8)]), {0: 1}, [1, 2, 4])
    >>> prediction_curves(p).axes[1].lines[0].get_xdata().tolist()
    [1.0, 2.0, 4.0]
    """
    if p.spectra is not None or p.targets is not None:
        raise Unsupported(
            "a figure shows one spectrum and one target: .select(0, 0).plot()"
        )
    n, ridge, noise = (
        np.ravel(np.asarray(x).astype(float)) for x in (p.n, p.ridge, p.noise)
    )
    cases = list(dict.fromkeys(zip(ridge.tolist(), noise.tolist(), strict=True)))
    hues = colors(len(cases), "ridges and noises")
    with canvas(ax, 2, style_name=style, width=width) as (drawn, axes):
        for (delta, sigma2), color in zip(cases, hues, strict=True):
            here = (ridge == delta) & (noise == sigma2)
            order = np.argsort(n[here], kind="stable")
            label = rf"$\delta = {delta:g}$, $\sigma^2 = {sigma2:g}$"
            for axis, (name, _) in zip(axes, PANELS, strict=True):
                y = np.ravel(np.asarray(getattr(p, name)).astype(float))[here][order]
                marker = "o" if len(y) < 12 else ""
                axis.plot(
                    n[here][order], y, color=color, label=label, marker=marker,
                    markersize=3,
                )  # fmt: skip
        for axis, (_, name) in zip(axes, PANELS, strict=True):
            axis.set(xlabel=r"training points $n$", ylabel=name)
            if n.min() > 0:
                axis.set_xscale("log")
        if len(cases) > 1 and isinstance(drawn, PaperFigure):
            legend_below(drawn, *axes[0].get_legend_handles_labels())
    return finished(drawn, table_of(p))
