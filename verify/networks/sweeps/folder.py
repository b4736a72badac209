"""A folder of results: one atomic file a cell, named by the cell's digest.

    format.json          which version of this layout it is
    DIGEST.npz           a finished cell: arrays, and its settings as JSON
    sweeps/DIGEST.json   the cells that were asked for, so that other workers can join
    tables/DIGEST.npz    arrays of data that no description can rebuild
    locks/               who works on what, see `verify.networks.sweeps.locks`
    set-aside/           files that could not be trusted, each with the reason

A file is written beside its place and then renamed into it, so whatever carries a
cell's name is complete, whenever a worker was killed.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from verify.networks.data_sources.examples import TableData
from verify.networks.errors import FolderError, SettingError
from verify.networks.sweeps.cells import Cell, canonical, sha256_of
from verify.networks.sweeps.results import (
    ARRAYS,
    CellResult,
    learnability,
    mean_squared_error,
)
from verify.storage import arrays
from verify.storage.arrays import Damaged
from verify.storage.files import (
    SetAsideWarning,
    read_bytes,
    set_aside,
    write_atomically,
)

__all__ = ["Folder", "SetAsideWarning", "pack", "unpack"]
LAYOUT = {"format": "learnability networks", "version": 1}


def pack(result: CellResult) -> bytes:
    """Return the bytes of a cell's file, the same for the same result."""
    text = canonical({"settings": result.settings, "provenance": result.provenance})
    return arrays.pack(text, {name: getattr(result, name) for name in ARRAYS})


def unpack(content: bytes) -> CellResult:
    """Read a cell's file.

    Raises
    ------
    Damaged
        If it is damaged, something else, or its numbers are not those written.
    """
    text, found, sealed = arrays.unpack(content)
    try:
        about = json.loads(text)
        numbers = {name: found[name] for name in ARRAYS}
        result = CellResult(about["settings"], about["provenance"], **numbers)
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(
            f"it is no cell ({str(error) or type(error).__name__})"
        ) from error
    if not sealed:
        _check_sums(result)
    return result


def _check_sums(result: CellResult) -> None:
    """Refuse a cell without a hash whose means are not those of its predictions."""
    y = result.test_targets[None]
    try:
        with np.errstate(invalid="ignore", divide="ignore"):
            learned = learnability(result.predictions, y)
        error = mean_squared_error(result.predictions, y)
        same = np.allclose(learned, result.learnability, equal_nan=True) and (
            np.allclose(error, result.test_mse, equal_nan=True)
        )
    except (ValueError, TypeError) as reason:
        raise Damaged(f"its arrays do not belong together ({reason})") from reason
    if not same:
        raise Damaged("its learnability or test MSE is not that of its predictions")


def _check(result: CellResult, name: str) -> None:
    """Refuse a result that isn't the one its name promises."""
    found = sha256_of(result.settings)
    if found != name:
        raise Damaged(f"holds the cell {found[:12]}…, not the one that its name says")
    nets = (len(result.settings["trials"]), len(result.settings["data"]["targets"]))
    for field in fields(result):
        if field.name in ARRAYS and field.name not in ("test_targets", "indices"):
            shape = getattr(result, field.name).shape
            if shape[:2] != nets:
                raise Damaged(f"{field.name} has shape {shape}, not {nets} nets")


class Folder:
    """A folder of results.

    Parameters
    ----------
    path : path
        Where; made if it isn't there.
    create : bool
        Whether it may be made; who only reads or joins mustn't make one by a typing
        error.

    Raises
    ------
    FolderError
        If it is the folder of another version, or isn't there and mustn't be made.

    Examples
    --------
    >>> import tempfile
    >>> folder = Folder(tempfile.mkdtemp())
    >>> folder.finished()
    set()
    """

    def __init__(self, path: str | os.PathLike[str], *, create: bool = True) -> None:
        self.path = Path(path)
        layout = self.path / "format.json"
        if not create and not layout.exists():
            raise FolderError(
                f"{self.path} is no folder of results: it has no format.json"
            )
        self.path.mkdir(parents=True, exist_ok=True)
        content = read_bytes(layout)
        if content is None:
            write_atomically(layout, canonical(LAYOUT).encode())
            content = canonical(LAYOUT).encode()
        try:
            found = json.loads(content)
        except ValueError:
            found = "no JSON"
        if found != LAYOUT:
            raise FolderError(
                f"{layout} says {canonical(found)}, this version reads and writes "
                f"{canonical(LAYOUT)}; name another folder"
            )

    def file(self, digest: str) -> Path:
        """Return the place of a cell's file."""
        return self.path / f"{digest}.npz"

    def finished(self) -> set[str]:
        """Return the digests that have a file; it is checked when it's read."""
        return {path.stem for path in self.path.glob("*.npz")}

    def save(self, result: CellResult) -> None:
        """Write a finished cell."""
        write_atomically(self.file(sha256_of(result.settings)), pack(result))

    def load(self, digest: str) -> CellResult | None:
        """Read a cell, or return None if it has no file that can be trusted.

        A damaged or foreign file is moved to ``set-aside`` and named in a
        `SetAsideWarning`. One that cannot be read at the moment stays.

        Raises
        ------
        OSError
            If the file is there and still can't be read after some seconds.
        """
        path = self.file(digest)
        content = read_bytes(path)
        if content is None:
            return None
        try:
            result = unpack(content)
            _check(result, digest)
        except (Damaged, KeyError, TypeError) as reason:
            set_aside(path, str(reason), self.path / "set-aside")
            return None
        return result

    def ask(self, cells: Iterable[Cell]) -> None:
        """Write down which cells are wanted, and the tables that they need."""
        cells = list(cells)
        for cell in cells:
            if isinstance(cell.data, TableData):
                place = self.path / "tables" / f"{cell.data.digest}.npz"
                if not place.exists():
                    memory = io.BytesIO()
                    points, values = cell.data.points, cell.data.values
                    np.savez(memory, points=points, values=values)
                    write_atomically(place, memory.getvalue())
        descriptions = [cell.description for cell in cells]
        place = self.path / "sweeps" / f"{sha256_of(descriptions)}.json"
        if not place.exists():
            write_atomically(place, canonical(descriptions).encode())

    def asked(self) -> list[Cell]:
        """Return the cells that were asked for, each once.

        Raises
        ------
        FolderError
            If none were, or a sweep's file or table is damaged.
        """
        cells: dict[str, Cell] = {}
        for path in sorted((self.path / "sweeps").glob("*.json")):
            try:
                for description in json.loads(path.read_text()):
                    cell = Cell.from_description(description, self._table)
                    cells[cell.digest] = cell
            except (ValueError, KeyError, TypeError) as reason:
                raise FolderError(f"{path} is no list of cells: {reason}") from reason
        if not cells:
            raise FolderError(
                f"{self.path} has no sweep: call run_cells or Folder.ask first"
            )
        return list(cells.values())

    def _table(self, digest: str) -> tuple[Any, Any]:
        path = self.path / "tables" / f"{digest}.npz"
        try:
            with np.load(path, allow_pickle=False) as file:
                return file["points"], file["values"]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as reason:
            raise SettingError(f"table = {path}: can't be read: {reason}") from reason

    def results(self, cells: Iterable[Cell] | None = None) -> Iterator[CellResult]:
        """Read the finished cells, or those asked for.

        Parameters
        ----------
        cells : iterable of Cell, optional
            Which; all in the folder by default.

        Yields
        ------
        CellResult
            In the given order.

        Raises
        ------
        FolderError
            If one of ``cells`` isn't finished.
        """
        if cells is None:
            for name in sorted(self.finished()):
                result = self.load(name)
                if result is not None:
                    yield result
            return
        for cell in cells:
            result = self.load(cell.digest)
            if result is None:
                raise FolderError(
                    f"{self.path} lacks the cell {cell.digest[:12]}…: run it again"
                )
            yield result
