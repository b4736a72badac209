"""The conserved sum as stacked bars: what each level takes of n, and the ridge."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import fmpq

from learnability.figure.picture import PaperFigure, canvas, finished, ticks
from learnability.figure.style import PAPER
from learnability.paper_tables.learned_modes import learned_modes
from learnability.subjects import one_subject, sizes
from learnability.table.cell import as_fraction
from learnability.table.table import Column, Table
from numerics import working_precision
from numerics.numbers.ball import ball_of
from numerics.numbers.precision import bits_for
from theory.errors import OutOfDomain, Unsupported

SHARE = 0.6
MOST_LEVELS = 9
"""Levels with a color of their own; those above are shown as one."""
LEAST_SHARE = 0.005


def conservation(
    *subject: Any,
    n: Any = None,
    ridge: Any = 0,
    levels: Sequence[int] | None = None,
    digits: int = 30,
    ax: Any = None,
    style: str = PAPER,
    width: Any = None,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Any:
    """The conserved sum as stacked bars: Σ g L by level, which with δ/C makes n.

    Levels above those shown, infinitely many on a sphere, make one part of each bar.

    Parameters
    ----------
    subject
        A kernel and a domain, or a spectrum.
    n
        Training points, one bar each.
    ridge
        δ ≥ 0.
    levels
        Levels with a color of their own; by default the first ones that matter.
    digits
        Proved digits of the data.
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

    Raises
    ------
    OutOfDomain
        When several subjects are given, an n is not positive, or a level does not exist.

    Examples
    --------
    >>> len(conservation("exponential", "hypercube:3", n=[1, 4]).axes[0].patches)
    8
    """
    one = one_subject(subject, "conservation")
    if one.is_data:
        raise Unsupported("conservation shows levels; a data set has modes only")
    s = one.spectrum(digits)
    places = sizes(n, s.modes, ridge)
    if any(x <= 0 for x in places):
        raise OutOfDomain(f"n = {min(places)}: shares of n need n above 0")
    positive = [x for x in s.levels if x.eigenvalue.sign]
    if levels is not None:
        shown = [s.level(k) for k in levels]
    else:
        shown = (
            positive if len(positive) <= MOST_LEVELS else positive[: MOST_LEVELS * 3]
        )
    found = []
    for done, size in enumerate(places):
        if progress is not None:
            progress(done, len(places), f"n = {size}")
        found.append(learned_modes(s, [x.index for x in shown], size, ridge, digits))
    bits = bits_for(digits) + 32
    with working_precision(bits):
        parts = [
            [ball_of(learned[x.index].at(bits) * x.multiplicity, "g L") for x in shown]
            for _, learned in found
        ]
    if levels is None and len(shown) > MOST_LEVELS:
        most = [max(float(row[i]) / float(m) for row, m in zip(parts, places, strict=True))
                for i in range(len(shown))]  # fmt: skip
        last = max((i for i, x in enumerate(most) if x > LEAST_SHARE), default=0)
        keep = min(last + 1, MOST_LEVELS)
        shown, parts = shown[:keep], [row[:keep] for row in parts]
    whole = s.is_complete and len(shown) == len(positive)
    delta = as_fraction(ridge)
    rows = []
    with working_precision(bits):
        for (c, _), size, row in zip(found, places, parts, strict=True):
            exact = as_fraction(size)
            shrunk = ball_of(fmpq(delta.numerator, delta.denominator) / c.value, "δ/C") if delta else None  # noqa: E501  # fmt: skip
            cells: list[Any] = [exact, *row]
            if not whole:
                left = fmpq(exact.numerator, exact.denominator) - sum(
                    (x.value for x in row), shrunk.value if shrunk else fmpq(0)
                )
                cells.append(ball_of(left, "n − δ/C − Σ g L"))
            if shrunk:
                cells.append(shrunk)
            rows.append(tuple(cells))
    named = [rf"$k = {x.index}$" for x in shown]
    columns = [Column("n", "n", "$n$")]
    columns += [
        Column(f"learned_{x.index}", f"g L_{x.index}",
               rf"$g_{{{x.index}}} \mathcal{{L}}_{{{x.index}}}$", "", "proved radius",
               "learnability")
        for x in shown
    ]  # fmt: skip
    if not whole:
        named.append(
            "other levels" if levels is not None else rf"$k > {shown[-1].index}$"
        )
        columns.append(Column("learned_other", "others", r"others", "", "proved radius",
                              "learnability"))  # fmt: skip
    if delta:
        named.append(r"ridge $\delta/C$")
        columns.append(Column("ridge_part", "δ/C", r"$\delta/C$", "", "proved radius",
                              "conservation"))  # fmt: skip
    table = Table(
        tuple(columns), tuple(rows),
        f"What each level takes of n: {one.words()}.", digits, 6, command,
    )  # fmt: skip
    with canvas(ax, style_name=style, width=width, share=SHARE) as (drawn, (axis,)):
        _bars(axis, rows, places, named, len(shown), whole=whole)
        axis.set(xlabel=r"training points $n$", ylim=(0, 1.02))
        axis.set_ylabel(r"share of $n$, $g_k \mathcal{L}_k / n$")
        axis.set_title(one.words(math=True), wrap=True)
        handles, names = axis.get_legend_handles_labels()
        if isinstance(drawn, PaperFigure):
            drawn.legend(handles[::-1], names[::-1], loc="outside right center")
        else:
            axis.legend(handles[::-1], names[::-1], loc="center left",
                        bbox_to_anchor=(1.0, 0.5))  # fmt: skip
    return finished(drawn, table)


def _bars(
    axis: Any, rows: Any, places: Any, named: list[str], levels: int, *, whole: bool
) -> None:
    import matplotlib as mpl

    at, bottom = np.arange(len(rows)), np.zeros(len(rows))
    hues = list(mpl.colormaps["viridis"](np.linspace(0, 0.95, levels)))
    hues += [] if whole else ["0.8"]
    hues += ["white"]
    for i, name in enumerate(named):
        ridge = name.startswith("ridge")
        part = np.array(
            [float(row[i + 1]) / float(n) for row, n in zip(rows, places, strict=True)]
        )
        axis.bar(
            at, part, 0.8, bottom, color=hues[i], label=name,
            hatch="////" if ridge else "", edgecolor="0.5" if ridge else "none",
            linewidth=0.4,
        )  # fmt: skip
        bottom += part
    texts = [str(n) if len(str(n)) < 6 else f"{float(n):.3g}" for n in places]
    ticks(axis.xaxis, texts)
