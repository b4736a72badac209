"""A phase diagram: how well one mode is learned, over the variances of weights and biases.

For bounded activations the variances decide between order, where all inputs look alike
to a deep net, and chaos, where all look different.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from learnability.figure.picture import PaperFigure, canvas, finished
from learnability.figure.style import PAPER
from learnability.subjects import one_subject
from learnability.table.cell import from_float
from learnability.table.table import Column, Table
from learnability.wording import domain_words, kernel_words
from numerics import predict, spectrum
from theory.errors import OutOfDomain
from theory.kernels.elementary import ELEMENTARY

KERNEL = "ntk:erf:depth=4"
WEIGHTS = ("0.5", "0.75", "1", "1.25", "1.5", "1.75", "2", "2.5", "3", "4", "5", "6")
BIASES = ("0", "0.01", "0.03", "0.06", "0.1", "0.2", "0.4", "0.7", "1", "1.5", "2")
FINE = 160
"""Points of each axis between which the picture's colors are interpolated."""
POINTS = 96
SHARE = 0.65
DIGITS = 8


def phase_diagram(
    *subject: Any,
    n: Any = POINTS,
    level: int = 3,
    ridge: Any = 0,
    weight_variances: Sequence[Any] = WEIGHTS,
    bias_variances: Sequence[Any] = BIASES,
    ax: Any = None,
    style: str = PAPER,
    width: Any = None,
    command: Sequence[str] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Any:
    r"""Learnability of one mode over σ_w² and σ_b², at one n.

    The table has the values of the grid; the picture's colors are interpolated between
    them by cubic splines in the standard deviations.

    Parameters
    ----------
    subject
        The kernel of a net, whose variances are varied, and a domain.
    n
        Training points.
    level
        The mode's level.
    ridge
        δ ≥ 0.
    weight_variances, bias_variances
        The grid, rising.
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
        When the kernel is not that of a net, or more than one case is asked for.

    Examples
    --------
    >>> phase_diagram("nngp:relu:depth=1", "hypercube:3", n=4, level=1,
    ...               weight_variances=[1, 2], bias_variances=[0, 1]).axes[0].get_xlabel()
    'weight variance $\\sigma_w^2$'
    """
    one = one_subject(subject, "phase-diagram", kernels=(KERNEL,))
    kernel, place = one.kernel, one.domain
    if isinstance(n, (list, tuple)):
        if len(n) != 1:
            raise OutOfDomain(f"n = {n}: phase-diagram shows one n")
        n = n[0]
    if kernel is None or kernel.family not in {"ntk", "nngp"}:
        raise OutOfDomain(
            f"kernel {kernel}: a phase diagram is that of a net, such as {KERNEL}"
        )
    for name, grid in (("weight", weight_variances), ("bias", bias_variances)):
        steps = np.diff([float(x) for x in grid])
        if len(grid) < 2 or not np.all(steps > 0):
            raise OutOfDomain(
                f"{name}_variances = {list(grid)}: at least two values, rising"
            )
    values = np.empty((len(bias_variances), len(weight_variances)))
    body = []
    for column, weights in enumerate(weight_variances):
        if progress is not None:
            progress(column, len(weight_variances), f"σ_w² = {weights}")
        for row, biases in enumerate(bias_variances):
            net = ELEMENTARY[kernel.family].read(
                kernel["activation"],
                depth=kernel["depth"],
                weight_variance=weights,
                bias_variance=biases,
                input_variance=kernel["input_variance"],
            )
            s = spectrum(net, place, digits=DIGITS)
            p = predict(s, {level: 1}, n, ridge)
            values[row, column] = p.learnability[level].item()
            cell = from_float(float(values[row, column]), p.relative_error)
            body.append((str(weights), str(biases), cell))
    columns = (
        Column("weight_variance", "σ_w²", r"$\sigma_w^2$"),
        Column("bias_variance", "σ_b²", r"$\sigma_b^2$"),
        Column("learnability", f"L_{level}", rf"$\mathcal{{L}}_{{{level}}}$", "",
               "float64", "learnability"),
    )  # fmt: skip
    head = ", ".join(kernel_words(kernel).split(", ")[:2])
    title = (
        f"Learnability of a mode of level {level} at n = {n}: {head}, "
        f"{domain_words(place)}."
    )
    table = Table(columns, tuple(body), title, 15, 6, command)
    x = np.array([float(v) for v in weight_variances])
    y = np.array([float(v) for v in bias_variances])
    with canvas(ax, style_name=style, width=width, share=SHARE) as (drawn, (axis,)):
        x, y, values = _smooth(x, y, values)
        colors = axis.contourf(x, y, values, levels=48, cmap="viridis")
        axis.set(
            xlabel=r"weight variance $\sigma_w^2$", ylabel=r"bias variance $\sigma_b^2$"
        )
        axis.set_title(f"{head}, {domain_words(place)}, $n = {n}$", wrap=True)
        figure = drawn if isinstance(drawn, PaperFigure) else axis.figure
        bar = figure.colorbar(colors, ax=axis, format="%.3g")
        bar.set_label(rf"learnability $\mathcal{{L}}_{{{level}}}$")
        if values.max() - values.min() > 1e-9:
            bar.add_lines(
                axis.contour(x, y, values, levels=8, colors="white", linewidths=0.6)
            )
    return finished(drawn, table)


def _smooth(x: Any, y: Any, values: Any) -> tuple[Any, Any, Any]:
    """A fine grid for the eye; the spline goes through every value of the grid."""
    from scipy.interpolate import RectBivariateSpline

    u, v = np.sqrt(y), np.sqrt(x)
    spline = RectBivariateSpline(
        u, v, values, kx=min(3, len(u) - 1), ky=min(3, len(v) - 1), s=0
    )
    fine_u, fine_v = np.linspace(u[0], u[-1], FINE), np.linspace(v[0], v[-1], FINE)
    found = np.clip(spline(fine_u, fine_v), values.min(), values.max())
    return fine_v**2, fine_u**2, found
