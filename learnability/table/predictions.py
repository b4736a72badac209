"""What the theory predicts for a target: a row for each n, ridge and noise."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from learnability.table.cell import exact_text, from_float, spell_fully
from learnability.table.constants import as_fraction
from learnability.table.eigenvalues import short_name
from learnability.table.table import Column, Table
from numerics import Ball, Prediction

HEADINGS = {
    "C": ("C", "$C$", "implicit_equation"),
    "E0": ("E₀", r"$\mathcal{E}_0$", "overfitting_coefficient"),
    "target_learnability": ("L(f)", r"$\mathcal{L}(f)$", "target_learnability"),
    "bias": ("bias", r"$\mathcal{B}$", "bias"),
    "variance": ("variance", r"$\mathcal{V}$", "variance"),
    "test_mse": ("test MSE", r"$\mathcal{E}$", "test_mse"),
    "train_mse": ("train MSE", r"$\mathcal{E}_{\mathrm{tr}}$", "train_mse"),
}
INPUTS = {
    "n": ("n", "$n$"),
    "ridge": ("ridge", r"$\delta$"),
    "noise": ("noise", r"$\sigma^2$"),
}
FLOAT_DIGITS = 15
NOTE = (
    "bias leaves the label noise out; test MSE averages over the whole domain and "
    "includes it"
)


def prediction(
    p: Prediction | Mapping[str, Prediction],
    show: int = 6,
    *,
    command: Sequence[str] = (),
) -> Table:
    """The table of a prediction, or of several by label.

    Parameters
    ----------
    p
        What ``predict`` returned, or label → that.
    show
        Digits that are printed.

    Examples
    --------
    >>> from numerics import Spectrum, predict
    >>> p = predict(Spectrum.from_levels([(1, 4)]), {0: 1}, [1, 2], digits=20)
    >>> [column.key for column in prediction(p).columns][:4]
    ['n', 'C', 'E0', 'learnability_0']
    """
    labelled = {"": p} if isinstance(p, Prediction) else dict(p)
    first = next(iter(labelled.values()))
    varied = [name for name in INPUTS if name == "n" or _varied(labelled, name)]
    columns = [] if list(labelled) == [""] else [Column("kernel", "kernel", "kernel")]
    columns += [Column(name, *INPUTS[name]) for name in varied]
    kind = "float64" if first.digits is None else "proved radius"
    levels = list(first.learnability)
    columns += [_statistic(name, kind) for name in ("C", "E0")]
    columns += [
        Column(
            f"learnability_{k}",
            f"L_{k}",
            rf"$\mathcal{{L}}_{{{k}}}$",
            "",
            kind,
            "learnability",
        )
        for k in levels
    ]
    columns += [_statistic(name, kind) for name in list(HEADINGS)[2:]]
    rows = []
    for label, one in labelled.items():
        for row in one.rows():
            cells: list[Any] = [] if label == "" else [short_name(label)]
            cells += [as_fraction(row[name]) for name in varied]
            values = [row["C"], row["E0"]]
            values += [row["learnability"][k] for k in levels]
            values += [row[name] for name in list(HEADINGS)[2:]]
            cells += [_ball(value, one) for value in values]
            rows.append(tuple(cells))
    return Table(
        columns=tuple(columns),
        rows=tuple(rows),
        title="Predictions of the eigenlearning theory; " + NOTE + ".",
        digits=first.digits or FLOAT_DIGITS,
        show=show,
        command=command,
    )


def records(p: Prediction, label: str = "") -> list[dict[str, Any]]:
    """The rows as the command line's json has them."""
    digits = p.digits or FLOAT_DIGITS
    found = []
    for row in p.rows():
        record: dict[str, Any] = {"kernel": label} if label else {}
        for name in INPUTS:
            record[name] = exact_text(as_fraction(row[name]))
        for name in HEADINGS:
            spelled = spell_fully(_ball(row[name], p), digits)
            record[name], record[f"{name}_radius"] = spelled.decimal, spelled.radius
            if name == "E0":
                modes = {
                    str(k): spell_fully(_ball(value, p), digits)
                    for k, value in row["learnability"].items()
                }
                record["learnability"] = {k: x.decimal for k, x in modes.items()}
                record["learnability_radius"] = {k: x.radius for k, x in modes.items()}
        found.append(record)
    return found


def _ball(value: Any, p: Prediction) -> Ball:
    if isinstance(value, Ball):
        return value
    return from_float(float(value), p.relative_error)


def _statistic(name: str, kind: str) -> Column:
    heading, latex, source = HEADINGS[name]
    return Column(name, heading, latex, "", kind, source)


def _varied(labelled: Mapping[str, Prediction], name: str) -> bool:
    """Whether a setting is not simply 0 everywhere."""
    return any(
        Fraction(str(value)) != 0
        for one in labelled.values()
        for value in np.ravel(getattr(one, name))
    )
