"""An experiment's rows as tables of the front door, and its error table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from learnability.table import Column, Estimate, Table
from learnability.table.cell import from_float
from numerics import Ball
from verify.experiments import ErrorRow, Rows, Sample

ERROR_COLUMNS = (
    Column("comparison", "comparison", "comparison"),
    Column("quantity", "quantity", "quantity"),
    Column("target", "target", "target"),
    Column("at", "at", "at"),
    Column("error", "error", "error", uncertainty="standard error"),
    Column("samples", "data sets", "data sets"),
)


def as_table(
    rows: Rows, made: Sequence[str], seed: int, notes: tuple[str, ...] = ()
) -> Table:
    """A table for papers from an experiment's rows.

    Examples
    --------
    >>> from verify.experiments import Heading
    >>> rows = Rows((Heading("n", "n", "$n$"), Heading("L", "L", "$L$")), ((2, 0.5),))
    >>> print(as_table(rows, [], 0).markdown().splitlines()[2])
    | 2 | 0.5 |
    """
    columns = tuple(
        Column(h.key, h.text, h.latex, uncertainty=h.uncertainty, source=h.source)
        for h in rows.headings
    )
    cells = tuple(
        tuple(_cell(value, rows.relative_error) for value in row) for row in rows.rows
    )
    return Table(
        columns=columns,
        rows=cells,
        title=rows.title + ("" if rows.title.endswith((".", "")) else "."),
        digits=30,
        show=4,
        command=tuple(made),
        seed=seed,
        notes=notes,
    )


def error_table(
    errors: Sequence[ErrorRow], name: str, made: Sequence[str], seed: int
) -> Table:
    """How far theory, kernel regression and nets are apart, with the share of each cause.

    A difference in MSE is relative. Shares that are not known are left empty.
    """
    causes = list(dict.fromkeys(cause for row in errors for cause in row.shares))
    columns = (*ERROR_COLUMNS, *(Column(_key(c), c, c) for c in causes))
    rows = tuple(
        (
            row.comparison,
            row.quantity,
            row.target,
            row.at,
            _cell(row.error, 0.0),
            row.error.samples,
            *(f"{row.shares[c]:.2g}" if c in row.shares else None for c in causes),
        )
        for row in errors
    )
    return Table(
        columns=columns,
        rows=rows,
        title=f"Measured errors of {name}, with the share of each cause.",
        show=3,
        command=tuple(made),
        seed=seed,
        notes=("MSE is relative; standard errors over data sets, paired for nets.",),
    )


def _key(cause: str) -> str:
    return "share_" + cause.replace(" ", "_")


def _cell(value: Any, relative_error: float) -> Any:
    if isinstance(value, Sample):
        if value.samples < 1:
            return None
        if value.samples == 1 or value.error == 0:
            return f"{value.mean:.6g}"
        return Estimate(float(value.mean), float(value.error))
    if isinstance(value, float):
        return from_float(value, relative_error)
    if value is None or isinstance(value, str | int | Ball):
        return value
    return str(value)
