"""Questions to a table of nets: which rows, which columns, means over which groups."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from verify.networks.errors import SettingError

if TYPE_CHECKING:
    import xarray


def query(table: xarray.Dataset, where: Mapping[str, Any]) -> xarray.Dataset:
    """Return the nets whose columns have the given values.

    Parameters
    ----------
    table : xarray.Dataset
        From `merge` or `load`.
    where : mapping
        Column ↦ value, or a list of values.

    Raises
    ------
    SettingError
        If there is no such column; the message lists the columns.
    """
    keep = np.ones(table.sizes["net"], bool)
    for name, wanted in where.items():
        column = _values(table, name)
        values = wanted if isinstance(wanted, list | tuple) else [wanted]
        try:
            alike = [type(column[0])(v) if len(column) else v for v in values]
        except ValueError:
            alike = []  # a word asked of a column of numbers: no net has it
        keep &= np.isin(column, np.array(alike, column.dtype))
    return table.isel(net=np.flatnonzero(keep))


def _values(table: xarray.Dataset, name: str) -> Any:
    columns = sorted(str(key) for key in table.variables if table[key].dims == ("net",))
    if name not in columns:
        raise SettingError(f"column = {name!r}: must be one of {', '.join(columns)}")
    return table[name].values


def rows(
    table: xarray.Dataset, columns: Sequence[str], by: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return nets as rows, or means over the nets that agree in some columns.

    Parameters
    ----------
    table : xarray.Dataset
        From `merge`, `load` or `query`.
    columns : sequence of str
        What to show.
    by : sequence of str
        Columns to group by. Each group gives its number of nets, how many of them
        diverged, and over the others the mean and standard error of each column.

    Raises
    ------
    SettingError
        If there is no such column.
    """
    if not by:
        values = [_values(table, name) for name in columns]
        return [
            {n: v[i].item() if hasattr(v[i], "item") else v[i]
             for n, v in zip(columns, values, strict=True)}
            for i in range(table.sizes["net"])
        ]  # fmt: skip
    keys = list(zip(*(_values(table, name).tolist() for name in by), strict=True))
    lost = _values(table, "outcome") == "diverged"
    found = []
    for key in sorted(set(keys)):
        inside = np.array([k == key for k in keys])
        good = inside & ~lost
        row = dict(zip(by, key, strict=True))
        row |= {"nets": int(inside.sum()), "diverged": int((inside & lost).sum())}
        for name in columns:
            x = np.asarray(_values(table, name)[good], float)
            row[name] = float(x.mean()) if len(x) else float("nan")
            error = x.std(ddof=1) / np.sqrt(len(x)) if len(x) > 1 else float("nan")
            row[f"{name}_stderr"] = float(error)
        found.append(row)
    return found


def text_of(found: list[dict[str, Any]], form: str) -> str:
    """Return rows as ``csv`` or ``json``."""
    if form == "json":
        # NaN is no JSON: a number that isn't there is null
        clean = [{k: None if v != v else v for k, v in row.items()} for row in found]
        return json.dumps(clean, indent=1, allow_nan=False) + "\n"
    memory = io.StringIO()
    writer = csv.DictWriter(
        memory, list(found[0]) if found else [], lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(found)
    return memory.getvalue()
