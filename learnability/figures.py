"""Figures for papers: fixed widths, colors for every eye, data beside the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from theory import Unsupported

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's palette, told apart with every kind of color vision."""
WIDTH_INCHES = 6.75
HEIGHT_INCHES = 3.1


@dataclass(frozen=True)
class Points:
    """Measured points with symmetric error bars, at the curve's own n."""

    n: np.ndarray
    mean: np.ndarray
    error: np.ndarray


@dataclass(frozen=True)
class LearningCurve:
    """One target's curves: theory as lines, measurements as points.

    Attributes
    ----------
    label
        Text of the legend.
    n, learnability, test_mse
        Theory on a fine grid, shape [n].
    kernel, nets
        Points of (learnability, MSE), or None where there are none.
    """

    label: str
    n: np.ndarray
    learnability: np.ndarray
    test_mse: np.ndarray
    kernel: tuple[Points, Points] | None
    nets: tuple[Points, Points] | None


def pyplot() -> Any:
    """Matplotlib without a display, or one line that says what to install.

    Raises
    ------
    Unsupported
        When the extra ``figures`` is missing.

    Examples
    --------
    >>> pyplot().__name__
    'matplotlib.pyplot'
    """
    try:
        import matplotlib as mpl
    except ImportError:
        msg = 'figures need the extra "figures": pip install "learnability[figures]"'
        raise Unsupported(msg) from None
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    return plt


def learning_curves(curves: Sequence[LearningCurve], title: str = "") -> Figure:
    """Learnability and test MSE against n, one color for each target.

    Lines are theory, filled dots kernel regression, open squares trained nets; bars
    are standard errors over data sets.

    Parameters
    ----------
    curves
        One for each target, seven at most.
    title
        A line above both panels.

    Returns
    -------
    matplotlib.figure.Figure
        Save it as PNG, PDF or SVG.

    Examples
    --------
    >>> n = np.array([1.0, 2.0])
    >>> curve = LearningCurve("k = 0", n, n / 2, 1 - n / 2, None, None)
    >>> len(learning_curves([curve]).axes)
    2
    """
    plt = pyplot()
    with plt.rc_context(style()):
        figure, axes = plt.subplots(
            1, 2, figsize=(WIDTH_INCHES, HEIGHT_INCHES), layout="constrained"
        )
        for color, curve in zip(COLORS, curves, strict=False):
            axes[0].plot(curve.n, curve.learnability, color=color, label=curve.label)
            axes[1].plot(curve.n, curve.test_mse, color=color)
            for panel in range(2):
                _points(axes[panel], curve.kernel, panel, color, "o", True)
                _points(axes[panel], curve.nets, panel, color, "s", False)
        axes[0].set(ylabel=r"learnability $\mathcal{L}$", ylim=(-0.04, 1.04))
        axes[1].set(ylabel=r"test MSE $\mathcal{E}$", ylim=(-0.04, None))
        for axis in axes:
            axis.set_xscale("log")
            axis.set_xlabel(r"training points $n$")
        _legends(figure, curves, plt)
        if title:
            figure.suptitle(title)
        plt.close(figure)
    return figure


def _points(axis: Any, points: Any, panel: int, color: str, marker: str, filled: bool):
    if points is None:
        return
    chosen = points[panel]
    axis.errorbar(
        chosen.n,
        chosen.mean,
        yerr=chosen.error,
        fmt=marker,
        color=color,
        markerfacecolor=color if filled else "white",
        markersize=3.4 if filled else 4.6,
        markeredgewidth=0.9,
        elinewidth=0.9,
        capsize=1.5,
        zorder=3 if filled else 2.5,
    )


def _legends(figure: Any, curves: Sequence[LearningCurve], plt: Any) -> None:
    """One legend below both panels: colors for targets, marks for what is shown."""
    gray = "0.35"
    colored = [
        plt.Line2D([], [], color=color, label=curve.label)
        for color, curve in zip(COLORS, curves, strict=False)
    ]
    marks = [plt.Line2D([], [], color=gray, label="theory")]
    if any(curve.kernel for curve in curves):
        marks.append(
            plt.Line2D([], [], color=gray, marker="o", ls="", ms=3.4, label="kernel")
        )
    if any(curve.nets for curve in curves):
        marks.append(
            plt.Line2D(
                [], [], color=gray, marker="s", ls="", ms=4.6, mfc="white", label="nets"
            )
        )
    figure.legend(
        handles=[*colored, *marks],
        loc="outside lower center",
        ncols=len(colored) + len(marks),
        frameon=False,
        handlelength=1.3,
        columnspacing=1.4,
    )


def style() -> dict[str, Any]:
    """Matplotlib settings that all our figures share.

    Examples
    --------
    >>> style()["pdf.fonttype"]
    42
    """
    return {
        "font.size": 8.5,
        "axes.labelsize": 9,
        "axes.titlesize": 9,
        "figure.titlesize": 9,
        "legend.fontsize": 8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "lines.linewidth": 1.3,
        "savefig.dpi": 200,
        "mathtext.fontset": "cm",
        "pdf.fonttype": 42,
    }
