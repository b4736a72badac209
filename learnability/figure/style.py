"""Figures for papers: fixed widths, colors for every eye, data beside the picture."""

from __future__ import annotations

from typing import Any

from theory import Unsupported

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's palette, told apart with every kind of color vision."""
WIDTH_INCHES = 6.75
HEIGHT_INCHES = 3.1


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
