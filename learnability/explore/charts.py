"""The explorer's three pictures, as SVG text in the colors of the page."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from learnability.explore.answers import Answer
from learnability.figure.style import COLORS, plotting, style

SIZE = (4.6, 2.9)
WIDE = 9.4
INK = "#010203"
"""Stands for the color of the page's text, which is dark or light."""
QUICK = style().settings | {
    "mathtext.fontset": "stix",
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    **dict.fromkeys(
        (
            "text.color",
            "axes.labelcolor",
            "axes.edgecolor",
            "xtick.color",
            "ytick.color",
        ),
        INK,
    ),
}


def curve_chart(answers: list[Answer]) -> str:
    """Error and learnability of the target over n, the chosen n marked."""
    with plotting().rc_context(QUICK):
        figure, axis = _axes(SIZE)
        several = len(answers) > 1
        error_name = answers[0].error_name
        learned = "learnability of the target"
        for position, answer in enumerate(answers):
            n, at = answer.curve.n, float(answer.question.n)
            colors = (COLORS[position],) * 2 if several else (COLORS[1], COLORS[0])
            for name, values, color, dash in (
                (error_name, answer.curve.error, colors[0], "-"),
                (
                    learned,
                    answer.curve.learnability,
                    colors[1],
                    "--" if several else "-",
                ),
            ):
                axis.plot(n, values, dash, color=color)
                label = name
                if several:
                    label = f"({position + 1})" if dash == "-" else None
                value = answer.statistics[name]
                axis.plot([at], [value], "o", color=color, ms=5, label=label)
            axis.axvline(at, color="0.6", lw=0.8, zorder=0)
        axis.set(xscale="log", xlabel="training points $n$")
        if several:
            axis.set_ylabel(f"{error_name} —   learnability - -")
        axis.set_ylim(-0.04, 1.25 * axis.get_ylim()[1])
        axis.legend(frameon=False, loc="upper left", ncols=6 if several else 2)
        return _svg(figure, f"{error_name} and learnability of the target over n")


def spectrum_chart(answers: list[Answer]) -> str:
    """Eigenvalues by level, with C as a line: what lies above it is learned."""
    with plotting().rc_context(QUICK):
        figure, axis = _axes(SIZE)
        several = len(answers) > 1
        for position, answer in enumerate(answers):
            color = COLORS[position]
            axis.plot(*zip(*answer.eigenvalues, strict=True), "o-", ms=3.5, color=color)
            if 0 < answer.C < np.inf:
                line = color if several else COLORS[1]
                axis.axhline(answer.C, color=line, ls="--")
                name = f"$C^{{({position + 1})}}$" if several else "$C$"
                last = answer.eigenvalues[-1][0]
                axis.annotate(
                    name, (last, answer.C), (0, 3), textcoords="offset points"
                )
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.set(yscale="log", xlabel="level $k$", ylabel=r"eigenvalue $\lambda_k$")
        return _svg(figure, "eigenvalues by level, and the constant C")


def budget_chart(answers: list[Answer]) -> str:
    """The conserved sum: what each level takes of n, stacked, a bar for each kernel."""
    plt = plotting()
    with plt.rc_context(QUICK):
        figure, axis = _axes((WIDE, 1.45 + 0.25 * len(answers)))
        every = sorted({x.level for answer in answers for x in answer.levels})
        colors = dict(
            zip(
                every,
                plt.colormaps["viridis"](np.linspace(0.08, 0.95, len(every))),
                strict=True,
            )
        )
        labelled = set()
        most = max(answer.question.n for answer in answers)
        for row, answer in enumerate(answers):
            left = 0.0
            for name, value, color in _shares(answer, colors):
                label = None if name in labelled else name
                if len(answers) == 1:
                    label = f"{name}: {value:.3g}"
                labelled.add(name)
                axis.barh([-row], [value], 0.8, [left], color=color, label=label)
                left += value
        axis.axvline(most, color=COLORS[1], ls="--")
        axis.set(xlabel=r"$\Sigma_k\, g_k \mathcal{L}_k + \delta/C = n$")
        names = [f"({row + 1})" for row in range(len(answers))]
        axis.set_yticks([-row for row in range(len(answers))], names)
        if len(answers) == 1:
            axis.set_yticks([])
        axis.set(xlim=(0, 1.02 * most), ylim=(0.55 - len(answers), 1.9))
        axis.legend(loc="upper left", ncols=6, frameon=False)
        return _svg(figure, f"what each level takes of n = {most:g}")


def _shares(answer: Answer, colors: dict[int, Any]) -> Iterator[tuple[str, float, Any]]:
    for x in answer.levels:
        yield f"$k={x.level}$", x.taken, colors[x.level]
    for name, value, color in (
        ("higher $k$", answer.rest, "0.7"),
        (r"ridge $\delta/C$", answer.ridge_share, "0.85"),
    ):
        if value > 1e-9 * answer.question.n:
            yield name, value, color


def _axes(size: tuple[float, float]) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=size)
    return figure, figure.subplots()


def _svg(figure: Any, says: str) -> str:
    memory = io.StringIO()
    for axis in figure.axes:
        axis.minorticks_off()
    wide = figure.get_figwidth() > SIZE[0]
    height = figure.get_figheight()
    left, bottom = (0.04, 0.5 / height) if wide else (0.16, 0.17)
    figure.subplots_adjust(left=left, right=0.98, bottom=bottom, top=0.97)
    figure.savefig(memory, format="svg", metadata={"Date": None})
    text = memory.getvalue().replace(INK, "currentColor")
    _, _, rest = text[text.index("<svg") :].partition("viewBox=")
    kind = "chart wide" if wide else "chart"
    return f'<svg role="img" aria-label="{says}" class="{kind}" viewBox={rest}'
