"""A sweep written in TOML: nets, training, data, and how much of each.

A file has the tables ``[net]`` (fields of `Architecture`), ``[training]`` (of
`Training`), ``[data]`` and ``[sweep]``. A list in ``[net]`` or ``[training]`` stands for
each of its values; lists in several fields for all combinations.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Mapping
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any

from verify.networks.data_sources.examples import DataSource
from verify.networks.data_sources.sources import source_from
from verify.networks.errors import SettingError
from verify.networks.model.net import Architecture
from verify.networks.model.training_rule import Training
from verify.networks.sweeps.cells import Cell, sweep
from verify.storage.toml_files import read_toml, toml_table

DATA = {
    "hypercube": ("domain", "targets", "seed", "sampling", "noise"),
    "circle": ("domain", "targets", "seed", "sampling", "norm", "noise"),
    "sphere": ("domain", "targets", "seed", "test_points", "norm", "noise"),
}
SWEEP = ("n", "trials", "block", "seed", "members")
TABLES = ("net", "training", "data", "sweep")
MOST_CELLS = 1_000_000


def cells_of_file(path: str | os.PathLike[str]) -> list[Cell]:
    """The cells that a file in TOML asks for.

    Raises
    ------
    SettingError
        Naming the file, and the table, field and value that are wrong.
    """
    try:
        text = read_toml(Path(path))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SettingError(f"sweep {os.fspath(path)} cannot be read: {why}") from None
    try:
        return cells_of(text)
    except SettingError as error:
        raise SettingError(f"sweep {os.fspath(path)}: {error}") from None


def cells_of(text: str) -> list[Cell]:
    """The cells that a text in TOML asks for.

    Parameters
    ----------
    text : str
        ``[net]`` needs depth and width, ``[data]`` domain and targets, ``[sweep]`` n and
        trials; all other fields have the defaults of `Architecture`, `Training`, the
        sources of data and `sweep`.

    Returns
    -------
    list of Cell
        Ordered by training, architecture, n, block of trials, member.

    Raises
    ------
    SettingError
        When it is no TOML, a field is unknown or missing, or its value is not allowed.

    Examples
    --------
    >>> cells = cells_of('''
    ... net = {depth = [1, 2], width = 64}
    ... data = {domain = "hypercube:4", targets = ["parity:1"]}
    ... sweep = {n = [2, 8], trials = 4}
    ... ''')
    >>> [(cell.architecture.depth, cell.n) for cell in cells]
    [(1, 2), (1, 8), (2, 2), (2, 8)]
    """
    try:
        given = toml_table(text)
    except ValueError as error:
        raise SettingError(str(error)) from None
    _known(given, TABLES, "the file", "table")
    tables = {name: given.get(name, {}) for name in TABLES}
    for name, table in tables.items():
        if not isinstance(table, Mapping):
            raise SettingError(f"{name} = {table!r}: must be a table [{name}]")
    nets = _each(tables["net"], Architecture, "net", ("depth", "width"))
    rules = _each(tables["training"], Training, "training", ())
    data = _data(tables["data"])
    amount = dict(tables["sweep"])
    _known(amount, SWEEP, "[sweep]")
    _needed(amount, ("n", "trials"), "sweep")
    sizes = amount.pop("n")
    sizes = sizes if isinstance(sizes, list) else [sizes]
    if not sizes:
        raise SettingError("[sweep] n = []: must be one or more numbers of points")
    try:
        found = [
            cell for rule in rules for cell in sweep(nets, rule, data, sizes, **amount)
        ]
    except SettingError as error:
        raise SettingError(f"[sweep] {error}") from None
    if len(found) > MOST_CELLS:
        raise SettingError(f"[sweep]: {len(found)} cells; at most {MOST_CELLS}")
    return found


def _each(
    table: Mapping[str, Any], kind: Any, name: str, needed: Collection[str]
) -> list[Any]:
    """One object for each combination of the values that lists hold."""
    known = [field.name for field in fields(kind)]
    _known(table, known, f"[{name}]")
    _needed(table, needed, name)
    values = [x if isinstance(x, list) else [x] for x in table.values()]
    for key, value in zip(table, values, strict=True):
        if not value:
            raise SettingError(f"[{name}] {key} = []: must hold a value")
    try:
        return [kind(**dict(zip(table, one, strict=True))) for one in product(*values)]
    except SettingError as error:
        raise SettingError(f"[{name}] {error}") from None


def _data(table: Mapping[str, Any]) -> DataSource:
    _needed(table, ("domain", "targets"), "data")
    kind = str(table["domain"]).partition(":")[0]
    if kind not in DATA:
        raise SettingError(
            f"[data] domain = {table['domain']!r}: must be hypercube:D, circle:M or "
            f"sphere:D{_meant(kind, DATA)}"
        )
    _known(table, DATA[kind], f"[data] of {table['domain']}")
    targets = table["targets"]
    if not isinstance(targets, list) or not all(isinstance(x, str) for x in targets):
        raise SettingError(
            f"[data] targets = {targets!r}: must be a list of names, such as "
            '["parity:1"]'
        )
    try:
        return source_from(dict(table))
    except SettingError as error:
        raise SettingError(f"[data] {error}") from None


def _needed(table: Mapping[str, Any], keys: Collection[str], name: str) -> None:
    for key in keys:
        if key not in table:
            raise SettingError(f"[{name}] {key} is missing")


def _known(
    table: Mapping[str, Any], keys: Collection[str], where: str, what: str = "field"
) -> None:
    """Refuse a field that nobody reads, by its name."""
    for key in table:
        if key not in keys:
            raise SettingError(
                f"{where} has no {what} {key!r} (known: {', '.join(keys)})"
                f"{_meant(key, keys)}"
            )


def _meant(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
