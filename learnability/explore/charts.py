"""The explorer's three pictures, as SVG text."""

import io
from typing import Any

import numpy as np

from learnability.explore.question import Answer
from learnability.figure.style import COLORS, plotting, style

SIZE = (4.4, 2.9)
WIDE = (9.0, 1.7)
QUICK = style().settings | {"svg.fonttype": "none", "mathtext.fontset": "dejavusans"}


def _svg(figure: Any, says: str) -> str:
    memory = io.StringIO()
    for axis in figure.axes:
        axis.minorticks_off()
    wide = figure.get_figwidth() > SIZE[0]
    left, bottom = (0.02, 0.3) if wide else (0.16, 0.17)
    figure.subplots_adjust(left=left, right=0.98, bottom=bottom, top=0.97)
    figure.savefig(memory, format="svg", metadata={"Date": None})
    text = memory.getvalue()
    text = text[text.index("<svg") :]
    return text.replace("<svg", f'<svg role="img" aria-label="{says}"', 1)


def _axes(size: tuple[float, float] = SIZE) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=size)
    return figure, figure.subplots()


def spectrum_chart(answer: Answer) -> str:
    """Eigenvalues by level, with C as a line: what lies above it is learned."""
    with plotting().rc_context(QUICK):
        figure, axis = _axes()
        known = [
            (x.index, float(x.eigenvalue))
            for x in answer.spectrum.levels[:26]
            if x.eigenvalue.sign
        ]
        axis.plot(*zip(*known, strict=True), "o-", ms=3.5, color=COLORS[0])
        c = float(answer.constant)
        if 0 < c < np.inf:
            axis.axhline(c, color=COLORS[1], ls="--")
            axis.annotate("C", (known[-1][0], c), (0, 3), textcoords="offset points")
        axis.set(yscale="log", xlabel="level k", ylabel="eigenvalue λ_k")
        return _svg(figure, "eigenvalues by level, and the constant C")


def curve_chart(answer: Answer) -> str:
    """Test MSE and learnability of the target over n, the chosen n marked."""
    with plotting().rc_context(QUICK):
        figure, axis = _axes()
        n = answer.curve.n.astype(float)
        at = float(answer.question.n)
        for color, name, label in (
            (COLORS[1], "test_mse", "test MSE"),
            (COLORS[0], "target_learnability", "learnability of the target"),
        ):
            axis.plot(n, getattr(answer.curve, name).astype(float), color=color)
            value = float(getattr(answer.prediction, name).item())
            axis.plot([at], [value], "o", color=color, ms=5, label=label)
        axis.axvline(at, color="0.7", lw=0.8, zorder=0)
        axis.set(xscale="log", xlabel="training points n")
        axis.set_ylim(-0.04, 1.25 * axis.get_ylim()[1])
        axis.legend(frameon=False, loc="upper left", ncols=2)
        return _svg(figure, "test MSE and learnability of the target over n")


def budget_chart(answer: Answer) -> str:
    """The conserved sum: what each level takes of n, stacked."""
    plt = plotting()
    with plt.rc_context(QUICK):
        figure, axis = _axes(WIDE)
        n = float(answer.question.n)
        left = 0.0
        parts = [(f"k = {k}", x) for k, x in answer.learned.items()]
        colors = list(plt.colormaps["viridis"](np.linspace(0, 0.95, len(parts))))
        for name, value, color in (
            ("higher k", answer.rest, "0.75"),
            ("ridge δ/C", answer.ridge_share, "0.9"),
        ):
            if value > 1e-9 * n:
                parts.append((name, value))
                colors.append(color)
        for (name, value), color in zip(parts, colors, strict=True):
            label = f"{name}: {value:.3g}"
            axis.barh([0], [value], 1, [left], color=color, label=label)
            left += value
        axis.axvline(n, color=COLORS[1], ls="--")
        axis.set(xlabel="Σ g L + δ/C = n", yticks=[])
        axis.set(xlim=(0, 1.02 * n), ylim=(-0.5, 1.9))
        axis.legend(loc="upper left", ncols=6, frameon=False)
        return _svg(figure, f"what each level takes of n = {n:g}")
