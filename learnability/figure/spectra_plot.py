"""Eigenvalues against the level, or against the mode where data have no levels."""

from collections.abc import Sequence
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
from learnability.paper_tables.theory_tables import DEPTHS, eigenvalues
from learnability.subjects import subjects
from learnability.table.cell import as_fraction, from_float
from learnability.table.table import Column, Table
from learnability.wording import domain_words
from theory.errors import OutOfDomain

SHARE = 0.6
MARKERS = 40


def spectra(
    *subject: Any,
    levels: Sequence[int] | None = None,
    digits: int = 30,
    ax: Any = None,
    style: str = PAPER,
    width: Any = None,
    command: Sequence[str] = (),
) -> Any:
    """Eigenvalues by level, one line for each kernel; a data set's by falling size.

    Parameters
    ----------
    subject
        Kernels and domains (objects or text), spectra (also of data), in any order.
    levels
        Levels to show; 0 to 10 by default.
    digits
        Proved digits of the data.
    ax
        Axes of your own.
    style, width
        A venue that tueplots knows, such as neurips2024; and inches.
    command
        Words for the caption.

    Returns
    -------
    PaperFigure
        With the data in ``.table``; or the axes that were given.

    Raises
    ------
    OutOfDomain
        When more kernels are given than can be told apart, or levels of data.

    Examples
    --------
    >>> len(spectra(["exponential", "laplace"], "hypercube:3").axes[0].lines)
    2
    """
    chosen = subjects(subject, DEPTHS)
    hues = colors(len(chosen), "kernels")
    given = [one for one in chosen if one.kernel is None]
    if given and levels is not None:
        raise OutOfDomain(
            "levels: spectra that were given are shown whole, mode by mode"
        )
    places = {str(one.domain) for one in chosen}
    if given:
        lines = [_by_mode(one) for one in chosen]
        table = _table_of_modes(chosen, lines, command)
    else:
        pairs = [(one.kernel, one.domain) for one in chosen]
        table = eigenvalues(*subject, levels=levels, digits=digits, command=command)
        lines = []
        at = [i for i, c in enumerate(table.columns) if c.uncertainty]
        for i in at:
            points = [
                (row[0], float(row[i]))  # type: ignore[arg-type]  # a ball
                for row in table.rows
                if row[i] is not None and row[i].sign  # type: ignore[union-attr]
            ]
            lines.append(([k for k, _ in points], [x for _, x in points]))
        assert len(lines) == len(pairs)
    with canvas(ax, style_name=style, width=width, share=SHARE) as (drawn, (axis,)):
        for one, color, (x, y) in zip(chosen, hues, lines, strict=True):
            few = len(x) <= MARKERS
            axis.plot(
                x, y, color=color, marker="o" if few else "", markersize=3,
                label=one.words(math=True, domain=len(places) > 1),
            )  # fmt: skip
        axis.set_yscale("log")
        if given:
            axis.set(xscale="log", xlabel="mode $i$", ylabel=r"eigenvalue $\lambda_i$")
        else:
            axis.set(xlabel="level $k$", ylabel=r"eigenvalue $\lambda_k$")
            axis.xaxis.get_major_locator().set_params(integer=True)
        if len(places) == 1 and chosen[0].domain is not None:
            axis.set_title(domain_words(chosen[0].domain))
        handles, names = axis.get_legend_handles_labels()
        if isinstance(drawn, PaperFigure):
            legend_below(drawn, handles, names)
        else:
            axis.legend()
    return finished(drawn, table)


def _by_mode(one: Any) -> tuple[list[Any], list[Any]]:
    """Positive eigenvalues in falling order, each as often as it occurs, as steps."""
    if one.is_data:
        values = [x for x in one.given.eigenvalues.tolist() if x > 0]
        return list(range(1, len(values) + 1)), values
    s = one.spectrum()
    floats = s.floats() if hasattr(s, "floats") else s
    order = np.argsort(-floats.eigenvalue, kind="stable")
    x: list[float] = []
    y: list[float] = []
    done = 0.0
    for i in order:
        value, count = float(floats.eigenvalue[i]), float(floats.multiplicity[i])
        if value > 0:
            x += [done + 1, done + count] if count > 1 else [done + 1]
            y += [value, value] if count > 1 else [value]
            done += count
    return x, y


def _table_of_modes(chosen: Any, lines: Any, command: Any) -> Table:
    columns = (
        Column("spectrum", "spectrum", "spectrum"),
        Column("mode", "mode", "$i$"),
        Column("eigenvalue", "λ_i", r"$\lambda_i$", "", "float64"),
    )
    rows = []
    for one, (x, y) in zip(chosen, lines, strict=True):
        rounding = one.given.rounding if one.is_data else 0.0
        rows += [
            (one.words(), as_fraction(int(i)), from_float(v, max(rounding / v, 2**-52)))
            for i, v in zip(x, y, strict=True)
        ]
    title = "Eigenvalues, mode by mode in falling order."
    return Table(columns, tuple(rows), title, 15, 6, command)
