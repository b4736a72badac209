"""A folder of cells as one labeled table of nets, xarray in memory, netCDF on disk.

    python -m verify.networks.store merge FOLDER STORE.nc [--predictions]
    python -m verify.networks.store query STORE.nc --where n=22 --by target

One row a net, and a column for every setting, number, version, device and seed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from verify.networks.errors import NetworkError, SettingError
from verify.networks.model.training_rule import OUTCOMES
from verify.networks.sweeps.cells import canonical
from verify.networks.sweeps.folder import Folder
from verify.networks.sweeps.queries import query, rows, text_of
from verify.networks.sweeps.results import CellResult
from verify.storage.files import write_atomically

if TYPE_CHECKING:
    import xarray

NUMBERS = (
    "learnability",
    "test_mse",
    "train_mse",
    "steps",
    "time",
    "flow_error",
    "learning_rate",
    "lambda_max",
    "stability",
)


def _xarray() -> Any:
    try:
        import h5netcdf  # noqa: F401 (xarray finds it by itself)
        import h5py  # noqa: F401 (and h5netcdf finds this)
        import xarray
    except ImportError as reason:
        raise NetworkError(
            f"{reason.name} is missing: pip install 'learnability[sweeps]'"
        ) from reason
    return xarray


def _settings(result: CellResult) -> dict[str, Any]:
    """Return what all nets of a cell share, as columns."""
    settings, data = result.settings, dict(result.settings["data"])
    training = dict(settings["training"])
    training["learning_rate_setting"] = training.pop("learning_rate")
    data.pop("targets")
    return {
        **settings["architecture"],
        **training,
        "domain": data.pop("domain"),
        **{f"data_{name}": value for name, value in data.items()},
        "n": settings["n"],
        "seed": settings["seed"],
        "member": settings["member"],
        "lambda_max_given": settings["lambda_max"] is not None,
        **{f"run_{name}": value for name, value in result.provenance.items()},
    }


def _column(values: list[Any]) -> Any:
    """Return a column as netCDF can hold it: text, or numbers with NaN for none."""
    if any(isinstance(value, str) for value in values):
        return np.array(["" if v is None else str(v) for v in values], dtype=object)
    if any(value is None for value in values):
        return np.array([np.nan if v is None else float(v) for v in values])
    if all(isinstance(value, bool) for value in values):
        return np.array(values, np.int8)
    return np.array(values)


def merge(
    results: Iterable[CellResult], *, predictions: bool = False
) -> xarray.Dataset:
    """Merge cells into one table of nets.

    Parameters
    ----------
    results : iterable of CellResult
        The cells, for example ``Folder(path).results()``.
    predictions : bool
        Whether to keep predictions and test targets [net, point] too.

    Returns
    -------
    xarray.Dataset
        Dimension ``net``; coordinates are the settings, variables the numbers.
        Diverged nets are rows with ``outcome`` "diverged" and NaN.

    Raises
    ------
    NetworkError
        If xarray or h5netcdf isn't installed.
    SettingError
        If there is no cell.
    """
    xr = _xarray()
    rows: list[dict[str, Any]] = []
    curves: list[tuple[Any, Any]] = []
    for result in results:
        shared = _settings(result)
        name = canonical(result.settings)
        targets = result.settings["data"]["targets"]
        for i, trial in enumerate(result.settings["trials"]):
            for j, target in enumerate(targets):
                row = {**shared, "trial": trial, "target": target, "settings": name}
                row["outcome"] = OUTCOMES[int(result.outcome[i, j])]
                row |= {key: getattr(result, key)[i, j] for key in NUMBERS}
                rows.append(row)
                curves.append((result.predictions[i, j], result.test_targets[j]))
    if not rows:
        raise SettingError("merge: there is no finished cell")
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = {n: ("net", _column([row.get(n) for row in rows])) for n in names}
    numbers: dict[Any, Any] = {n: table.pop(n) for n in (*NUMBERS, "outcome")}
    if predictions:
        points = max(len(f) for f, _ in curves)

        def padded(which: int) -> np.ndarray:
            values = np.full((len(curves), points), np.nan)
            for row, pair in zip(values, curves, strict=True):
                row[: len(pair[which])] = pair[which]
            return values

        numbers["predictions"] = (("net", "point"), padded(0))
        numbers["test_targets"] = (("net", "point"), padded(1))
    return xr.Dataset(numbers, coords=table)


def save(table: xarray.Dataset, path: str | os.PathLike[str]) -> None:
    """Write a table as netCDF, atomically."""
    write_atomically(Path(path), bytes(table.to_netcdf(engine="h5netcdf")))


def load(path: str | os.PathLike[str]) -> xarray.Dataset:
    """Read a table that `save` wrote.

    Raises
    ------
    NetworkError
        If it can't be read.
    """
    xr = _xarray()
    try:
        with xr.open_dataset(path, engine="h5netcdf") as table:
            return table.load()
    except (OSError, ValueError) as reason:
        raise NetworkError(f"{os.fspath(path)} can't be read: {reason}") from reason


def main(arguments: list[str] | None = None) -> int:
    """Merge a folder, or query what was merged.

    Parameters
    ----------
    arguments : list of str, optional
        Command line; the process's own by default.

    Returns
    -------
    int
        0 done, 2 bad input.
    """
    parser = argparse.ArgumentParser(prog="python -m verify.networks.store")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("merge", help="merge a folder's cells into a netCDF file")
    verb.add_argument("folder")
    verb.add_argument("store")
    verb.add_argument("--predictions", action="store_true", help="keep predictions too")
    verb = verbs.add_parser("query", help="print nets, or means over nets, as a table")
    verb.add_argument("store")
    verb.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE,…")
    verb.add_argument("--columns", default="learnability,test_mse", metavar="COLUMN,…")
    verb.add_argument("--by", default="", metavar="COLUMN,…", help="means over groups")
    verb.add_argument("--format", choices=("csv", "json"), default="csv")
    verb.add_argument("--output", help="a file; standard output by default")
    options = parser.parse_args(arguments)
    try:
        if options.verb == "merge":
            found = Folder(options.folder, create=False).results()
            table = merge(found, predictions=options.predictions)
            save(table, options.store)
            return 0
        where: dict[str, Any] = {}
        for item in options.where:
            name, equals, values = item.partition("=")
            if not equals:
                raise SettingError(f"where = {item!r}: must be COLUMN=VALUE")
            where[name] = values.split(",")
        columns, by = (
            [name for name in text.split(",") if name]
            for text in (options.columns, options.by)
        )
        shown = list(dict.fromkeys(["n", "trial", "target", *columns]))
        table = query(load(options.store), where)
        text = text_of(rows(table, columns if by else shown, by), options.format)
    except NetworkError as error:
        print(error, file=sys.stderr)
        return 2
    if options.output is None:
        sys.stdout.write(text)
    else:
        write_atomically(Path(options.output), text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
