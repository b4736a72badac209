"""Figures by name, drawn from the rows of a table that is written beside them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from learnability.figure.style import COLORS, HEIGHT_INCHES, WIDTH_INCHES, pyplot, style
from learnability.paper_tables.by_name import DEPTHS, eigenvalues, learnability
from learnability.paper_tables.settings import Settings
from learnability.table import Column, Table
from learnability.table.constants import as_fraction
from learnability.table.eigenvalues import short_name
from learnability.table.predictions import prediction
from numerics import Ball, predict, spectrum, working_precision
from numerics.numbers.ball import ball_of
from numerics.numbers.precision import bits_for
from theory.errors import OutOfDomain

FINE_GRID = 60
SHORT_WIDTH = WIDTH_INCHES / 2 + 0.6
Drawn = tuple[Any, Table]


def learning_curves(settings: Settings) -> Drawn:
    """Learnability and test MSE of single-level targets against n, in theory."""
    kernel, place = _one(settings)
    s = spectrum(kernel, place, digits=20)
    levels = _few(settings, s)
    sizes = _grid(settings, s)
    tables = {}
    for done, k in enumerate(levels):
        settings.tell(done, len(levels), f"level {k}")
        tables[k] = predict(s, {k: 1}, sizes, settings.ridge)
    plt = pyplot()
    with plt.rc_context(style()):
        figure, axes = plt.subplots(
            1, 2, figsize=(WIDTH_INCHES, HEIGHT_INCHES), layout="constrained"
        )
        n = np.array([float(x) for x in sizes])
        for color, (k, p) in zip(_colors(levels), tables.items(), strict=True):
            axes[0].plot(n, p.learnability[k], color=color, label=f"k = {k}")
            axes[1].plot(n, p.test_mse, color=color)
        axes[0].set(ylabel=r"learnability $\mathcal{L}$", ylim=(-0.04, 1.04))
        axes[1].set(ylabel=r"test MSE $\mathcal{E}$", ylim=(-0.04, None))
        for axis in axes:
            axis.set(xscale="log", xlabel=r"training points $n$")
        axes[0].legend(frameon=False)
        plt.close(figure)
    rows = [(k, *row) for k, p in tables.items() for row in _rows(prediction(p))]
    columns = (Column("target", "k", "$k$"), *_kept(prediction(tables[levels[0]])))
    title = f"Learning curves of {short_name(kernel)} on {place}."
    return figure, _table(columns, rows, title, settings)


def spectra(settings: Settings) -> Drawn:
    """Eigenvalues against the level, one line for each kernel."""
    table = eigenvalues(settings)
    plt = pyplot()
    with plt.rc_context(style()):
        figure, axis = plt.subplots(
            figsize=(SHORT_WIDTH, HEIGHT_INCHES), layout="constrained"
        )
        lines = [i for i, column in enumerate(table.columns) if column.uncertainty]
        for color, i in zip(_colors(lines), lines, strict=True):
            points = [
                (row[0], row[i]) for row in table.rows if isinstance(row[i], Ball)
            ]
            known = [(k, float(x)) for k, x in points if isinstance(x, Ball) and x.sign]
            axis.plot(
                [k for k, _ in known],
                [x for _, x in known],
                marker="o",
                markersize=3,
                color=color,
                label=table.columns[i].heading,
            )
        axis.set(yscale="log", xlabel="level $k$", ylabel=r"eigenvalue $\lambda_k$")
        axis.legend(frameon=False)
        plt.close(figure)
    return figure, table


def conservation(settings: Settings) -> Drawn:
    """The conserved sum as stacked bars: Σ g L by level, which with δ/C makes n."""
    kernel, place = _one(settings)
    s = spectrum(kernel, place, digits=settings.digits)
    sizes = settings.sizes(s.modes)
    levels = [x for x in s.levels if x.eigenvalue.sign]
    target = {x.index: 1 for x in levels}
    body, shares = [], []
    for done, n in enumerate(sizes):
        settings.tell(done, len(sizes), f"n = {n}")
        p = predict(s, target, n, settings.ridge, digits=settings.digits)
        with working_precision(bits_for(settings.digits) + 32):
            row = [
                ball_of(p.learnability[x.index].item().value * x.multiplicity, "g L")
                for x in levels
            ]
        body.append((as_fraction(n), *row))
        shares.append([float(x) / float(n) for x in row])
    plt = pyplot()
    with plt.rc_context(style()):
        figure, axis = plt.subplots(
            figsize=(SHORT_WIDTH, HEIGHT_INCHES), layout="constrained"
        )
        bottom = np.zeros(len(sizes))
        ticks = np.arange(len(sizes))
        colors = plt.get_cmap("viridis")(np.linspace(0, 0.95, len(levels)))
        for i, level in enumerate(levels):
            part = np.array([share[i] for share in shares])
            name = f"k = {level.index}"
            axis.bar(ticks, part, 0.8, bottom, color=colors[i], label=name)
            bottom += part
        axis.set(xlabel=r"training points $n$", ylim=(0, 1.02))
        axis.set_ylabel(r"share of $n$, $\sum g_k \mathcal{L}_k / n$")
        axis.set_xticks(ticks, [str(n) for n in sizes])
        axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
        plt.close(figure)
    columns = [Column("n", "n", "$n$")]
    columns += [
        Column(
            f"learned_{x.index}",
            f"g L_{x.index}",
            rf"$g_{{{x.index}}} \mathcal{{L}}_{{{x.index}}}$",
            "",
            "proved radius",
            "learnability",
        )
        for x in levels
    ]
    title = (
        f"Learnabilities of {short_name(kernel)} on {place}, summed over each level."
    )
    return figure, _table(tuple(columns), body, title, settings)


def heatmap(settings: Settings) -> Drawn:
    """Learnability over n and level, as colors."""
    kernel, place = _one(settings)
    pyplot()
    table = learnability(settings)
    values = np.array([[float(cell) for cell in row[1:]] for row in table.rows])  # type: ignore[arg-type]  # balls
    plt = pyplot()
    with plt.rc_context(style()):
        figure, axis = plt.subplots(
            figsize=(SHORT_WIDTH, HEIGHT_INCHES), layout="constrained"
        )
        image = axis.imshow(
            values.T, origin="lower", aspect="auto", cmap="viridis", vmin=0, vmax=1
        )
        axis.set_xticks(np.arange(len(table.rows)), [str(row[0]) for row in table.rows])
        names = [column.heading.removeprefix("L_") for column in table.columns[1:]]
        axis.set_yticks(np.arange(len(names)), names)
        axis.set(xlabel=r"training points $n$", ylabel="level $k$")
        axis.set_title(f"{short_name(kernel)} on {place}")
        figure.colorbar(image, label=r"learnability $\mathcal{L}_k$")
        plt.close(figure)
    return figure, table


def _phase_diagram(settings: Settings) -> Drawn:
    from learnability.figure.phase_plot import phase_diagram

    return phase_diagram(settings)


def _theory_error(settings: Settings) -> Drawn:
    from learnability.figure.theory_error_plot import theory_error

    return theory_error(settings)


FIGURES: dict[str, Callable[[Settings], Drawn]] = {
    "learning-curves": learning_curves,
    "spectra": spectra,
    "conservation": conservation,
    "heatmap": heatmap,
    "phase-diagram": _phase_diagram,
    "theory-error": _theory_error,
}


def draw(name: str, settings: Settings) -> Drawn:
    """The figure of that name, and the table of what it shows.

    Raises
    ------
    OutOfDomain
        When there is none; the message lists the known ones.
    """
    if name not in FIGURES:
        msg = f"figure {name!r} is unknown (known: {', '.join(FIGURES)})"
        raise OutOfDomain(msg)
    return FIGURES[name](settings)


def _one(settings: Settings) -> tuple[Any, Any]:
    """The one kernel and domain of a figure that shows no more."""
    pairs = settings.pairs(DEPTHS[-1:])
    if len(pairs) != 1:
        msg = f"{len(pairs)} pairs of kernel and domain; this figure shows one"
        raise OutOfDomain(msg)
    return pairs[0]


def _few(settings: Settings, s: Any) -> list[int]:
    if settings.levels is not None:
        chosen = list(settings.levels)
        if len(chosen) > len(COLORS):
            msg = (
                f"{len(chosen)} levels; at most {len(COLORS)} curves can be told apart"
            )
            raise OutOfDomain(msg)
        return chosen
    positive = [x.index for x in s.levels if x.eigenvalue.sign]
    return sorted({*positive[:3], positive[-1]} if len(positive) < 20 else positive[:4])


def _grid(settings: Settings, s: Any) -> list[Any]:
    if settings.n is not None:
        return list(settings.n)
    from learnability.cli.lists import numbers

    most = min(s.modes, 1000)
    return numbers(f"log:1:{most - 1}:{FINE_GRID}", "n", whole=True)


def _colors(items: Any) -> list[str]:
    items = list(items)
    if len(items) > len(COLORS):
        msg = f"{len(items)} curves; at most {len(COLORS)} can be told apart"
        raise OutOfDomain(msg)
    return list(COLORS[: len(items)])


def _kept(table: Table) -> list[Column]:
    """Columns that every level's table has; its own learnability is L(f)."""
    return [c for c in table.columns if not c.key.startswith("learnability_")]


def _rows(table: Table) -> list[tuple[Any, ...]]:
    kept = {c.key for c in _kept(table)}
    at = [i for i, column in enumerate(table.columns) if column.key in kept]
    return [tuple(row[i] for i in at) for row in table.rows]


def _table(columns: Any, rows: Any, title: str, settings: Settings) -> Table:
    return Table(
        tuple(columns),
        tuple(map(tuple, rows)),
        title,
        settings.digits,
        settings.show,
        settings.command,
    )
