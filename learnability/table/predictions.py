"""What the theory predicts for a target: a row for each n, ridge and noise."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from learnability.table.cell import (
    Estimate,
    as_fraction,
    exact_text,
    from_float,
    spell_fully,
    within,
)
from learnability.table.table import Column, Table
from learnability.wording import short_name
from numerics import Ball, Prediction
from theory import formulas
from theory.printing import latex
from theory.statistics import STATISTICS
from theory.statistics.questions import QUESTIONS

INPUTS = {
    "n": ("n", "$n$"),
    "ridge": ("ridge", r"$\delta$"),
    "noise": ("noise", r"$\sigma^2$"),
}
FLOAT_DIGITS = 15
ON_DATA = {"held_out_mse": "off_sample_mse"}
"""Statistics of data sets → their formulas."""
REGRESSION = "kernel regression, tested on the points that were not drawn"
NOTE = (
    "bias leaves the label noise out; test MSE averages over the whole domain and "
    "includes it"
)


def prediction(
    p: Prediction | Mapping[str, Prediction],
    show: int = 6,
    *,
    measured: Mapping[str, Sequence[Estimate]] | None = None,
    command: Sequence[str] = (),
    seed: int | None = None,
) -> Table:
    """The table of a prediction, or of several by label.

    Parameters
    ----------
    p
        What ``predict`` returned, or label → that.
    show
        Digits that are printed.
    measured
        Label → measured test MSE for every row, as ``measured_errors`` gives it: two more
        columns, the theory's error and how many standard errors it is.
    command, seed
        What made it.

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
    questions = list(dict.fromkeys(x for one in labelled.values() for x in one.asked))
    columns += [Column(name, name, name) for name in questions]
    kind = "float64" if first.digits is None else "proved radius"
    levels = list(first.learnability)
    names = list(first.statistics)
    columns += [Column("C", "C", "$C$", "", kind, first.equation)]
    columns += [_statistic(name, kind) for name in names[:1]]
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
    columns += [_statistic(name, kind) for name in names[1:]]
    if measured is not None:
        columns += [
            Column(
                "test_mse_error",
                "theory − measured",
                r"$\mathcal{E}$ $-$ measured",
                "",
                "standard error",
                "kernel regression",
            ),
            Column("z", "z", "$z$", source="error over standard error"),
        ]
    seen = any(one.measured is not None for one in labelled.values())
    on_data = any(one.claimed is not None for one in labelled.values())
    if seen:
        columns.append(
            Column("measured", "measured", "measured", "", "standard error", REGRESSION)
        )
    if on_data:
        columns.append(Column("claimed", "claimed", "claimed"))
    rows = []
    for label, one in labelled.items():
        for place, row in enumerate(one.rows()):
            cells: list[Any] = [] if label == "" else [short_name(label)]
            cells += [as_fraction(row[name]) for name in varied]
            cells += [_asked(one, name, place) for name in questions]
            values = [row["C"], row[names[0]]]
            values += [row["learnability"][k] for k in levels]
            values += [row[name] for name in names[1:]]
            where = ["C", names[0], *["learnability"] * len(levels), *names[1:]]
            cells += [
                None if x is None else _ball(x, one, name, place)
                for name, x in zip(where, values, strict=True)
            ]
            if measured is not None:
                cells += _error(float(row["test_mse"]), measured[label][place])
            if seen:
                cells.append(Estimate(row["measured"], row["measured_error"]))
            if on_data:
                cells.append("yes" if row["claimed"] else "no")
            rows.append(tuple(cells))
    return Table(
        columns=tuple(columns),
        rows=tuple(rows),
        title="Predictions of the eigenlearning theory; " + NOTE + _equations(labelled),
        digits=first.digits or FLOAT_DIGITS,
        show=show,
        command=command,
        seed=seed,
    )


def measured_errors(
    p: Prediction,
    kernel: Any,
    domain: Any,
    target: Mapping[int, Any],
    trials: int = 500,
    seed: int = 0,
) -> list[Estimate]:
    """The test MSE of kernel regression for every row of a prediction.

    Parameters
    ----------
    p
        What ``predict`` returned for the same kernel, domain and target.
    trials
        Random data sets for each row, an even number.

    Raises
    ------
    OutOfDomain
        When a row cannot be simulated; before any is.

    Examples
    --------
    >>> from numerics import predict, spectrum
    >>> p = predict(spectrum("exponential", "hypercube:4"), {1: 1}, [4])
    >>> (found,) = measured_errors(p, "exponential", "hypercube:4", {1: 1}, trials=100)
    >>> abs(found.value - p.test_mse.item()) < 0.2
    True
    """
    from verify.regression.asked import measured_mse

    found = [
        measured_mse(kernel, domain, target, row, _values(p, place), trials, seed)
        for place, row in enumerate(p.rows())
    ]
    return [Estimate(mean.value, mean.error) for mean in found]


def _error(theory: float, measured: Estimate) -> list[Any]:
    gap = theory - measured.value
    z = round(10 * gap / measured.error) if measured.error else 0
    return [Estimate(gap, measured.error), Fraction(z, 10) if measured.error else None]


def records(p: Prediction, label: str = "") -> list[dict[str, Any]]:
    """The rows as the command line's json has them."""
    digits = p.digits or FLOAT_DIGITS
    found = []
    for row in p.rows():
        record: dict[str, Any] = {"kernel": label} if label else {}
        for name in INPUTS:
            record[name] = exact_text(as_fraction(row[name]))
        record |= {name: _asked(p, name, len(found)) for name in p.asked}
        record["equation"] = p.equation
        place = len(found)
        for name in ("C", *p.statistics):
            spelled = _spelled(row[name], p, digits, name, place)
            record[name], record[f"{name}_radius"] = spelled
            if name == "E0":
                modes = {
                    str(k): _spelled(value, p, digits, "learnability", place)
                    for k, value in row["learnability"].items()
                }
                record["learnability"] = {k: x for k, (x, _) in modes.items()}
                record["learnability_radius"] = {k: r for k, (_, r) in modes.items()}
        for name in ("claimed", "measured", "measured_error"):
            if name in row:
                value = row[name]
                record[name] = value if isinstance(value, bool) else repr(value)
        found.append(record)
    return found


def _ball(value: Any, p: Prediction, name: str, place: int) -> Ball:
    if isinstance(value, Ball):
        return value
    if name in p.absolute_error:
        off = float(np.ravel(p.absolute_error[name])[place])
        return from_float(float(value), off / abs(value)) if value else within(off)
    return from_float(float(value), p.relative_error)


def _spelled(
    value: Any, p: Prediction, digits: int, name: str, place: int
) -> tuple[str | None, str | None]:
    """The decimal and its radius; nothing where a column has no meaning."""
    if value is None:
        return None, None
    spelled = spell_fully(_ball(value, p, name, place), digits)
    return spelled.decimal, spelled.radius


def _values(p: Prediction, place: int) -> dict[str, Any]:
    """What was asked in a row."""
    return {
        name: np.ravel(x)[place] if isinstance(x, np.ndarray) else x
        for name, x in p.asked.items()
    }


def _asked(p: Prediction, name: str, place: int) -> str:
    """What was asked in a row, as text."""
    if name not in p.asked:
        return str(QUESTIONS[name].neutral)
    value = _values(p, place)[name]
    per_case = isinstance(p.asked[name], np.ndarray)
    return exact_text(as_fraction(value)) if per_case else str(value)


def _equations(labelled: Mapping[str, Prediction]) -> str:
    """Which equation gave C, as a sentence's end."""
    names = dict.fromkeys(one.equation for one in labelled.values())
    return f". Equation: {', '.join(names)}."


def _statistic(name: str, kind: str) -> Column:
    if name not in STATISTICS:
        added = {k: x for q in QUESTIONS.values() for k, x in q.adds.items()}
        formula = formulas[(ON_DATA | added)[name]]
        letter = latex(formula.lhs)
        return Column(name, name, f"${letter}$", "", kind, formula.name)
    row = STATISTICS[name]
    return Column(name, row.heading, f"${row.latex}$", "", kind, row.formula.name)


def _varied(labelled: Mapping[str, Prediction], name: str) -> bool:
    """Whether a setting is not simply 0 everywhere."""
    return any(
        Fraction(str(value)) != 0
        for one in labelled.values()
        for value in np.ravel(getattr(one, name))
    )
