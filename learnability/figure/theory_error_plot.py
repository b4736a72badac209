"""The theory's exact error over n, on domains whose data sets can all be enumerated."""

from collections.abc import Callable, Sequence
from typing import Any

from learnability.figure.picture import (
    PaperFigure,
    canvas,
    colors,
    finished,
    legend_below,
)
from learnability.figure.style import PAPER
from learnability.paper_tables.theory_tables import theory_error as table_of
from learnability.wording import domain_words, kernel_words

PANELS = {
    "learnability": "largest error of $\\mathcal{L}$",
    "mse": "largest error of MSE",
}


def theory_error(
    *,
    n: Any = None,
    ax: Any = None,
    style: str = PAPER,
    width: Any = None,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Any:
    """The theory's exact error against n: the largest |theory − truth| over levels.

    Parameters
    ----------
    n
        Training points; all that were enumerated by default.
    ax
        Two axes of your own.
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
    >>> len(theory_error(n=[1, 2]).axes)
    2
    """
    table = table_of(n=n, command=command, progress=progress)
    largest: dict[tuple[str, str, str], dict[int, float]] = {}
    for domain, kernel, size, _, statistic, _, _, gap in table.rows:
        curve = largest.setdefault((str(domain), str(kernel), str(statistic)), {})
        error = abs(float(gap))  # type: ignore[arg-type]  # a ball
        curve[int(size)] = max(curve.get(int(size), 0.0), error)  # type: ignore[call-overload, arg-type]  # a whole number
    cases = list(dict.fromkeys(key[:2] for key in largest))
    hues = colors(len(cases), "cases")
    with canvas(ax, 2, style_name=style, width=width) as (drawn, axes):
        for axis, (statistic, label) in zip(axes, PANELS.items(), strict=True):
            for color, (domain, kernel) in zip(hues, cases, strict=True):
                curve = largest[domain, kernel, statistic]
                axis.plot(
                    list(curve), list(curve.values()), marker="o", markersize=3,
                    color=color,
                    label=f"{domain_words(domain)}: {kernel_words(kernel, math=True)}",
                )  # fmt: skip
            axis.set(yscale="log", xlabel=r"training points $n$", ylabel=label)
            axis.xaxis.get_major_locator().set_params(integer=True)
        handles, names = axes[0].get_legend_handles_labels()
        if isinstance(drawn, PaperFigure):
            legend_below(drawn, handles, names)
        else:
            axes[0].legend(handles, names)
    return finished(drawn, table)
