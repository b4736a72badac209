"""Learning curves: theory as lines over continuous n, measured errors as points."""

from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.lines import Line2D

from learnability.figure.curve_data import CurveCase, LearningCurve, cases, curve
from learnability.figure.picture import (
    PaperFigure,
    canvas,
    colors,
    dashes,
    finished,
    legend_below,
    pairs,
)
from learnability.figure.style import COLORS, DASHES, PAPER
from learnability.subjects import Several, subjects
from learnability.table.cell import Estimate, as_fraction, from_float
from learnability.table.table import Column, Table
from learnability.wording import domain_words
from theory.errors import OutOfDomain
from theory.numbers import integer

Progress = Callable[[int, int, str], None]
PANELS = {
    "target_learnability": r"learnability $\mathcal{L}(f)$",
    "test_mse": r"test MSE $\mathcal{E}$",
}
AXES = ("subject", "target", "ridge", "noise")


def learning_curves(
    *subject: Any,
    target: Any = None,
    levels: Sequence[int] | None = None,
    n: Any = None,
    ridge: Several = 0,
    noise: Several = 0,
    measured: Any = None,
    seed: int = 0,
    ax: Any = None,
    style: str = PAPER,
    width: Any = None,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Any:
    """Learnability and test MSE against n: theory as lines, regression as points.

    Parameters
    ----------
    subject
        Kernels and domains (objects or text), spectra (also of data), in any order.
    target
        {level: power}, or a list of such targets; one curve each.
    levels
        In place of targets: one target of power 1 in each of these levels.
    n
        Training points: rows of the table and ends of the curves, which are continuous.
    ridge, noise
        δ ≥ 0 and σ² ≥ 0; a list makes a curve for each.
    measured
        Data sets (an even number) on which kernel regression is run at whole n; or
        points of your own, {"n": …, "test_mse": …, "error": …}.
    seed
        Of what is measured.
    ax
        Two axes of your own, or one for the test MSE alone.
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
        When an argument is malformed, or more curves are asked for than can be told
        apart: at most 28, of 7 colors and 4 kinds of lines.

    Examples
    --------
    >>> len(learning_curves("exponential", "hypercube:3", levels=[1]).axes)
    2
    >>> drawn = learning_curves("hypercube:4", ["laplace", "gaussian"], target={1: 1})
    >>> [text.get_text() for text in drawn.legends[0].get_texts()]
    ['Laplace, width 1', 'Gaussian, width 1']
    """
    tell = progress or (lambda *_: None)
    own: Any = measured if hasattr(measured, "keys") else None
    trials = None
    if own is None and measured is not None:
        trials = integer(measured, "measured", least=4)
    asked = cases(subjects(subject), target, levels, ridge, noise)
    looks, keys, title = _looks(asked)
    curves = []
    for done, case in enumerate(asked):
        tell(done, len(asked), title or "learning curves")
        curves.append(curve(case, n, trials, seed, tell))
    alone = ax is not None and not hasattr(ax, "__len__")
    panels = ["test_mse"] if alone else list(PANELS)
    with canvas(ax, len(panels), style_name=style, width=width) as (drawn, axes):
        for axis, name in zip(axes, panels, strict=True):
            for one, (color, dash) in zip(curves, looks, strict=True):
                _draw(axis, one, name, color, dash)
            if own is not None and name in own:
                _points(axis, own["n"], own[name], own.get("error"), "0.25", "s")
            axis.set(xlabel=r"training points $n$", ylabel=PANELS[name])
            positive = min(float(one.grid["n"][0]) for one in curves) > 0
            axis.set_xscale("log" if positive else "linear")
            if name == "target_learnability":
                axis.set_ylim(-0.04, 1.04)
            else:
                axis.set_ylim(bottom=0)
        if own is not None:
            keys.append((_key("0.25", "", "s"), "measured"))
        elif any(one.measured for one in curves):
            keys.append(
                (_key("0.25", "", "o"), f"kernel regression, {trials} data sets")
            )
        _legend(drawn, axes, keys, title)
    return finished(drawn, _table(curves, title, command, seed if trials else None))


def _looks(asked: Sequence[CurveCase]) -> tuple[list[tuple[str, str]], list[Any], str]:
    """Color and dash of each curve, the legend's entries, and what all share."""
    names = {axis: [_of(case, axis) for case in asked] for axis in AXES}
    varied = [axis for axis in AXES if len(set(names[axis])) > 1]
    places = {str(case.subject.domain) for case in asked}
    domain = len(places) > 1
    shared = ["subject"] if "subject" not in varied else []
    shared += [
        x for x in ("ridge", "noise") if x not in varied and _of(asked[0], x) != "0"
    ]
    title = asked[0].words([x for x in shared], domain=True)
    if "subject" in varied and not domain and asked[0].subject.domain is not None:
        title = ", ".join(filter(None, [domain_words(asked[0].subject.domain), title]))
    if "target" not in varied:
        goal = asked[0].words(["target"], domain=False)
        title = ", ".join(filter(None, [title, f"target {goal}"]))
    many = len({tuple(_of(case, x) for x in AXES) for case in asked})
    lines = varied[-1:] if len(varied) > 1 else []
    first = [x for x in varied if x not in lines]
    hues = list(dict.fromkeys(tuple(_of(case, x) for x in first) for case in asked))
    kinds = list(dict.fromkeys(tuple(_of(case, x) for x in lines) for case in asked))
    if len(kinds) > 4 >= len(hues):
        first, lines, hues, kinds = lines, first, kinds, hues
    if many > len(asked):
        raise OutOfDomain("curves are given twice")
    if len(hues) > len(COLORS) or len(kinds) > len(DASHES):
        # more than colors for one and dashes for another: a pair for every curve
        looks = pairs(len(asked))
        named = [case.words(varied, domain=domain) for case in asked]
        return (
            looks,
            [(_key(*x), name) for x, name in zip(looks, named, strict=True)],
            title,
        )
    hue = dict(zip(hues, colors(len(hues)), strict=True))
    kind = dict(zip(kinds, dashes(len(kinds)), strict=True))
    looks, keys = [], {}
    for case in asked:
        here = hue[tuple(_of(case, x) for x in first)]
        dash = kind[tuple(_of(case, x) for x in lines)]
        looks.append((here, dash))
        if first:
            keys.setdefault(case.words(first, domain=domain), _key(here, "-"))
    for case in asked if lines else ():
        dash = kind[tuple(_of(case, x) for x in lines)]
        keys.setdefault(case.words(lines, domain=domain), _key("0.25", dash))
    return looks, [(handle, name) for name, handle in keys.items()], title


def _of(case: CurveCase, axis: str) -> str:
    if axis == "subject":
        return case.subject.words() + str(case.subject.domain)
    return str(getattr(case, axis))


def _key(color: str, dash: str, marker: str = "") -> Line2D:
    return Line2D([], [], color=color, ls=dash or "none", marker=marker, markersize=4)


def _draw(axis: Any, one: LearningCurve, name: str, color: str, dash: str) -> None:
    axis.plot(one.grid["n"], one.grid[name], color=color, ls=dash)
    if len(one.grid["n"]) == 1:
        axis.plot(one.grid["n"], one.grid[name], color=color, marker="D", markersize=4)
    if name in one.measured:
        n, mean, error = one.measured[name]
        _points(axis, n, mean, error, color, "o")


def _points(axis: Any, n: Any, y: Any, error: Any, color: str, marker: str) -> None:
    axis.errorbar(
        list(n), list(y), yerr=None if error is None else list(error), fmt=marker,
        color=color, markersize=3.4, elinewidth=0.9, capsize=1.5, zorder=3,
    )  # fmt: skip


def _legend(drawn: Any, axes: list[Any], keys: list[Any], title: str) -> None:
    """One row of names below, as many a row as fit; the subject above."""
    if not isinstance(drawn, PaperFigure):
        if keys:
            axes[-1].legend(*zip(*keys, strict=True))
        return
    if keys:
        legend_below(drawn, *zip(*keys, strict=True))
    if title:
        drawn.suptitle(title, wrap=True)


def _table(
    curves: Sequence[LearningCurve], title: str, command: Any, seed: Any
) -> Table:
    several_axes = [
        axis
        for axis in AXES
        if axis == "target" or len({_of(one.case, axis) for one in curves}) > 1
    ]
    heads = {
        "subject": Column("subject", "kernel", "kernel"),
        "target": Column("target", "target", "target"),
        "ridge": Column("ridge", "ridge", r"$\delta$"),
        "noise": Column("noise", "noise", r"$\sigma^2$"),
    }
    columns = [heads[axis] for axis in several_axes]
    columns += [
        Column("n", "n", "$n$"),
        Column("C", "C", "$C$", "", "float64", "implicit_equation"),
        Column("target_learnability", "L(f)", r"$\mathcal{L}(f)$", "", "float64",
               "target_learnability"),
        Column("test_mse", "test MSE", r"$\mathcal{E}$", "", "float64", "test_mse"),
        Column("train_mse", "train MSE", r"$\mathcal{E}_{\mathrm{tr}}$", "", "float64",
               "train_mse"),
    ]  # fmt: skip
    seen = any(one.measured for one in curves)
    if seen:
        columns.append(
            Column("test_mse_measured", "measured", "measured", "", "standard error",
                   "kernel regression")
        )  # fmt: skip
    rows = []
    for one in curves:
        head = {
            "subject": one.case.subject.words(),
            "target": _plain(one.case.target),
            "ridge": one.case.ridge,
            "noise": one.case.noise,
        }
        found = dict(
            zip(one.measured.get("test_mse", ((), (), ()))[0],
                zip(*one.measured.get("test_mse", ((), (), ()))[1:], strict=True),
                strict=True)
        )  # fmt: skip
        places = sorted({*one.rows["n"], *found})
        for n in places:
            cells = [head[axis] for axis in several_axes]
            cells.append(as_fraction(int(n) if n == int(n) else repr(float(n))))
            at = (one.rows["n"] == n).nonzero()[0]
            for name in ("C", "target_learnability", "test_mse", "train_mse"):
                known = len(at) > 0
                cells.append(
                    from_float(float(one.rows[name][at[0]]), one.relative_error)
                    if known
                    else None
                )
            if seen:
                cells.append(Estimate(*found[n]) if n in found else None)
            rows.append(tuple(cells))
    plain = title.replace("$", "").replace("\\", "")
    return Table(
        tuple(columns), tuple(rows), f"Learning curves: {plain or 'theory'}.",
        15, 6, command, seed,
    )  # fmt: skip


def _plain(target: Any) -> str:
    if isinstance(target, str):
        return target
    return ",".join(f"{k}={v}" for k, v in target.items())
