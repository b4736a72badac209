"""A figure that shows itself in a notebook, once, and has its data beside it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from learnability.figure.style import (
    COLORS,
    DASHES,
    HEIGHT_INCHES,
    PAPER,
    plotting,
    style,
    width_of,
)
from theory.errors import OutOfDomain

if TYPE_CHECKING:
    from learnability.table.table import Table

plotting()

import matplotlib as mpl  # noqa: E402  (its absence is said in one line)
from matplotlib.figure import Figure  # noqa: E402

SUFFIXES = (".png", ".pdf", ".svg", ".eps")


class PaperFigure(Figure):
    """A Matplotlib figure of a paper, outside of plotting's list of open figures.

    A notebook shows what its last line returns, and shows every figure of plotting once
    more; this one it shows once, with any backend or with none.

    Attributes
    ----------
    table
        The numbers that it shows.
    """

    table: Table | None = None
    venue: str = PAPER

    def draw(self, renderer: Any) -> None:
        """Draw with the fonts of the style, whoever asks."""
        with mpl.rc_context(style(self.venue).settings):
            super().draw(renderer)

    def savefig(self, *args: Any, **options: Any) -> None:
        """Write a file as Matplotlib does, with fonts that can be edited (type 42)."""
        with mpl.rc_context(style(self.venue).settings):
            super().savefig(*args, **options)

    def save(self, path: Path | str) -> None:
        """Write the figure (.png .pdf .svg .eps) or its data (.csv .tex .md .txt .json).

        Raises
        ------
        OutOfDomain
            When the suffix is none of these.
        """
        from learnability.atomic_writing import check_writable, write_bytes

        suffix = Path(path).suffix
        if suffix not in SUFFIXES:
            if self.table is None:
                raise OutOfDomain(
                    f"{path}: the suffix must be one of {', '.join(SUFFIXES)}"
                )
            self.table.save(path)
            return
        check_writable(Path(path))
        write_bytes(Path(path), self.image(suffix[1:]))

    def image(self, form: str) -> bytes:
        """The figure as the bytes of a file of that format."""
        memory = io.BytesIO()
        self.savefig(memory, format=form)
        return memory.getvalue()

    def _repr_png_(self) -> bytes:
        return self.image("png")

    def __repr__(self) -> str:
        title = self.table.title if self.table is not None else ""
        return f"<PaperFigure: {title} save(path) writes it>"


@contextmanager
def canvas(
    ax: Any,
    panels: int = 1,
    *,
    style_name: str = PAPER,
    width: Any = None,
    share: float = 1.0,
    height: float = HEIGHT_INCHES,
) -> Iterator[tuple[Any, list[Any]]]:
    """A new picture with axes, or the axes that were given, under the style.

    Parameters
    ----------
    ax
        Axes of the caller's, as many as there are panels, or None.
    panels
        Panels side by side.
    style_name, width
        A venue, and inches; the figure's usual share of the page by default.
    share, height
        The usual width as a share of the page, and the height in inches.

    Yields
    ------
    tuple
        What the figure's function returns (the picture, or the given axes) and the axes.

    Raises
    ------
    OutOfDomain
        When the axes are not as many as the panels.
    """
    chosen = style(style_name)
    with mpl.rc_context(chosen.settings):
        if ax is not None:
            axes = list(ax.flat) if hasattr(ax, "flat") else ax
            axes = list(axes) if isinstance(axes, (list, tuple)) else [axes]
            if len(axes) != panels:
                raise OutOfDomain(
                    f"ax has {len(axes)} axes; this figure has {panels} panels"
                )
            yield ax, axes
            return
        inches = width_of(width, share, chosen.page)
        narrow = min(1.0, inches / (share * chosen.page))
        picture = PaperFigure(
            figsize=(inches, height * max(narrow, 0.75)), layout="constrained"
        )
        picture.venue = style_name
        axes = picture.subplots(1, panels, squeeze=False)
        yield picture, list(axes.flat)


def finished(drawn: Any, table: Table) -> Any:
    """The picture with its data; the caller's axes as they are."""
    if isinstance(drawn, PaperFigure):
        drawn.table = table
    return drawn


def colors(count: int, what: str = "curves") -> list[str]:
    """As many colors as can be told apart.

    Raises
    ------
    OutOfDomain
        When there are more.
    """
    if count > len(COLORS):
        raise OutOfDomain(f"{count} {what}; at most {len(COLORS)} can be told apart")
    return list(COLORS[:count])


def dashes(count: int, what: str = "curves") -> list[str]:
    """As many kinds of lines as can be told apart.

    Raises
    ------
    OutOfDomain
        When there are more.
    """
    if count > len(DASHES):
        raise OutOfDomain(
            f"{count} {what}; at most {len(DASHES)} kinds of lines can be told apart"
        )
    return list(DASHES[:count])


def pairs(count: int) -> list[tuple[str, str]]:
    """As many pairs of a color and a kind of line as can be told apart.

    Raises
    ------
    OutOfDomain
        When there are more.

    Examples
    --------
    >>> pairs(8)[-1]
    ('#0072B2', '--')
    """
    if count > len(COLORS) * len(DASHES):
        most = len(COLORS) * len(DASHES)
        raise OutOfDomain(f"{count} curves; at most {most} can be told apart")
    return [(color, dash) for dash in DASHES for color in COLORS][:count]


def ticks(axis: Any, names: list[str]) -> None:
    """Names at the places 0, 1, 2, …, thinned out until none touches the next."""
    across = axis.axis_name == "x"
    size = axis.axes.bbox.width if across else axis.axes.bbox.height
    inches = 0.8 * size / axis.axes.figure.dpi
    longest = max(map(len, names))
    each = 0.075 * longest + 0.1 if across else 0.17
    step = max(1, -(-len(names) // max(1, int(inches / each))))
    at = list(range(0, len(names), step))
    axis.set_ticks(at, [names[i] for i in at])


def legend_below(picture: PaperFigure, handles: Any, names: Any) -> None:
    """A legend below all panels, in as few rows as fit; the picture grows by them."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    handles, names = list(handles), list(names)
    if not handles:
        return
    renderer = FigureCanvasAgg(picture).get_renderer()
    room, box = picture.bbox.width * 0.98, picture.bbox
    for columns in range(len(handles), 0, -1):
        rows = -(-len(handles) // columns)
        legend = picture.legend(
            handles, names, loc="outside lower center", ncols=-(-len(handles) // rows),
            handlelength=1.6, columnspacing=1.4,
        )  # fmt: skip
        box = legend.get_window_extent(renderer)
        if box.width <= room or columns == 1:
            break
        legend.remove()
    width, height = picture.get_size_inches()
    grown = max(0.0, box.height / picture.dpi - 0.25)
    picture.set_size_inches(width, height + grown)
