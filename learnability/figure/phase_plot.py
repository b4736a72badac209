"""A phase diagram: how well one mode is learned, over the variances of weights and biases.

For bounded activations the variances decide between order, where all inputs look alike
to a deep net, and chaos, where all look different.
"""

from typing import Any

import numpy as np

from learnability.figure.style import HEIGHT_INCHES, pyplot, style
from learnability.paper_tables.settings import Settings
from learnability.table import Column, Table
from learnability.table.cell import from_float
from learnability.table.eigenvalues import short_name
from numerics import predict, spectrum
from theory.errors import OutOfDomain
from theory.kernels.families import ELEMENTARY

KERNEL = "ntk:erf:depth=4"
WEIGHTS = ("0.5", "0.75", "1", "1.25", "1.5", "2", "2.5", "3", "4", "5", "6")
BIASES = ("0", "0.01", "0.03", "0.1", "0.2", "0.4", "0.7", "1", "1.5", "2")
LEVEL = 3
POINTS = 96
WIDTH_INCHES = 4.4
DIGITS = 8


def phase_diagram(settings: Settings) -> tuple[Any, Table]:
    """Learnability of a mode over σ_w² and σ_b², at one n, as colors with contours.

    Raises
    ------
    OutOfDomain
        When the kernel is not that of a net, or more than one case is asked for.
    """
    (kernel, place), *more = settings.pairs((KERNEL,))
    level, *others = settings.levels or (LEVEL,)
    size, *sizes = settings.n or (POINTS,)
    if more or others or sizes:
        msg = "phase-diagram shows one kernel, one domain, one level and one n"
        raise OutOfDomain(msg)
    if kernel.family not in {"ntk", "nngp"}:
        msg = f"kernel {kernel}: a phase diagram is that of a net, such as {KERNEL}"
        raise OutOfDomain(msg)
    values = np.empty((len(BIASES), len(WEIGHTS)))
    body = []
    for column, weights in enumerate(WEIGHTS):
        settings.tell(column, len(WEIGHTS), f"σ_w² = {weights}")
        for row, biases in enumerate(BIASES):
            net = ELEMENTARY[kernel.family].read(
                kernel["activation"],
                depth=kernel["depth"],
                weight_variance=weights,
                bias_variance=biases,
                input_variance=kernel["input_variance"],
            )
            s = spectrum(net, place, digits=DIGITS)
            p = predict(s, {level: 1}, size, settings.ridge)
            values[row, column] = p.learnability[level].item()
            cell = from_float(float(values[row, column]), p.relative_error)
            body.append((weights, biases, cell))
    columns = (
        Column("weight_variance", "σ_w²", r"$\sigma_w^2$"),
        Column("bias_variance", "σ_b²", r"$\sigma_b^2$"),
        Column(
            "learnability",
            f"L_{level}",
            rf"$\mathcal{{L}}_{{{level}}}$",
            "",
            "float64",
            "learnability",
        ),
    )
    head = f"{kernel.family} of {kernel['activation']}, depth {kernel['depth']}"
    title = (
        f"Learnability of a mode of level {level} at n = {size}: {head}, on {place}."
    )
    table = Table(
        columns, tuple(body), title, settings.digits, settings.show, settings.command
    )
    return _drawn(values, level, f"{short_name(kernel)} on {place}, n = {size}"), table


def _drawn(values: np.ndarray, level: int, title: str) -> Any:
    """Colors at the places of the variances, with contours and their values."""
    plt = pyplot()
    x, y = np.array(WEIGHTS, float), np.array(BIASES, float)
    with plt.rc_context(style()):
        figure, axis = plt.subplots(
            figsize=(WIDTH_INCHES, HEIGHT_INCHES), layout="constrained"
        )
        colors = axis.contourf(x, y, values, levels=24, cmap="viridis")
        if values.max() - values.min() > 1e-9:
            lines = axis.contour(x, y, values, levels=6, colors="white", linewidths=0.6)
            axis.clabel(lines, fontsize=7, fmt="%.3g")
        axis.set(xlabel=r"$\sigma_w^2$", ylabel=r"$\sigma_b^2$", title=title)
        bar = figure.colorbar(colors)
        bar.set_label(rf"learnability $\mathcal{{L}}_{{{level}}}$")
        plt.close(figure)
    return figure
