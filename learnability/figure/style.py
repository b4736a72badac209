"""Figures for papers: venues' fonts and widths, colors for every eye, fonts of type 42."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from inspect import signature
from typing import Any

from theory.errors import OutOfDomain, Unsupported, meant

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's palette, told apart with every kind of color vision."""
DASHES = ("-", "--", ":", "-.")
WIDTH_INCHES = 6.75
HEIGHT_INCHES = 3.1
LEAST_WIDTH, MOST_WIDTH = 2.0, 30.0
PAPER = "paper"
OURS: dict[str, Any] = {
    "font.size": 8.5,
    "axes.labelsize": 9,
    "axes.titlesize": 9,
    "figure.titlesize": 9,
    "legend.fontsize": 8,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "lines.linewidth": 1.3,
    "mathtext.fontset": "dejavusans",
}
ALWAYS: dict[str, Any] = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "savefig.dpi": 200,
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "svg.fonttype": "path",
    "text.usetex": False,
    "legend.frameon": False,
    "axes.formatter.useoffset": False,
}


@dataclass(frozen=True)
class Style:
    """Matplotlib's settings, and the width of a figure in inches."""

    settings: dict[Any, Any]
    page: float


def plotting() -> Any:
    """Matplotlib without a display, or one line that says what to install.

    Raises
    ------
    Unsupported
        When the extra ``figures`` is missing.

    Examples
    --------
    >>> plotting().__name__
    'matplotlib'
    """
    try:
        import matplotlib as mpl
    except ImportError:
        raise Unsupported(
            'figures need the extra "figures": pip install "learnability[figures]"'
        ) from None
    return mpl


def venues() -> list[str]:
    """The styles that ``--style`` knows: our own, and those of tueplots.

    Examples
    --------
    >>> {"paper", "neurips2024", "icml2024"} <= set(venues())
    True
    """
    try:
        from tueplots import bundles
    except ImportError:
        return [PAPER]
    names = [name for name in vars(bundles) if name[-4:].isdigit()]
    return [PAPER, *sorted(names)]


@lru_cache(maxsize=64)
def style(name: str = PAPER) -> Style:
    """The settings of a venue, or our own.

    Raises
    ------
    OutOfDomain
        When the venue is unknown; the message lists those that are known.
    Unsupported
        When a venue is named and tueplots is missing.

    Examples
    --------
    >>> style().settings["pdf.fonttype"], style("icml2024").page
    (42, 6.75)
    """
    if name == PAPER:
        return Style(OURS | ALWAYS, WIDTH_INCHES)
    try:
        from tueplots import bundles
    except ImportError:
        raise Unsupported(
            f"style = {name}: venues need tueplots: pip install 'learnability[figures]'"
        ) from None
    if name not in venues():
        known = venues()
        raise OutOfDomain(
            f"style = {name} is unknown{meant(name, known)} (known: {', '.join(known)})"
        )
    make = getattr(bundles, name)
    known = signature(make).parameters
    wanted = {"usetex": False, "column": "full"}
    found = make(**{key: value for key, value in wanted.items() if key in known})
    page = float(found["figure.figsize"][0])
    found = {
        key: value
        for key, value in found.items()
        if not key.startswith(("figure.", "text."))
    }
    # where the venue's own font is not installed, one that comes with Matplotlib
    for kind, ours in (("serif", "STIXGeneral"), ("sans-serif", "DejaVu Sans")):
        fonts = found.get(f"font.{kind}", [])
        fonts = [fonts] if isinstance(fonts, str) else list(fonts)
        found[f"font.{kind}"] = [font for font in fonts if _installed(font)] + [ours]
    if found.get("font.family", "serif") == "serif":
        found["mathtext.fontset"] = "stix"
    return Style({"legend.fontsize": 7} | found | ALWAYS, page)


def width_of(width: Any, share: float, page: float) -> float:
    """The width of a figure in inches: as asked for, or its usual share of the page.

    Raises
    ------
    OutOfDomain
        When it is no number, or no width of a page.
    """
    if width is None:
        return share * page
    try:
        inches = float(width)
    except (TypeError, ValueError):
        inches = float("nan")
    if not LEAST_WIDTH <= inches <= MOST_WIDTH:
        raise OutOfDomain(
            f"width = {width}: from {LEAST_WIDTH:g} to {MOST_WIDTH:g} inches"
        )
    return inches


@lru_cache(maxsize=64)
def _installed(font: str) -> bool:
    from matplotlib import font_manager

    return font in set(font_manager.get_font_names())
