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
import uuid
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from verify.networks.data_sources.examples import TableData
from verify.networks.errors import FolderError, SettingError
from verify.networks.sweeps.cells import Cell, canonical, sha256_of
from verify.networks.sweeps.results import ARRAYS, CellResult

LAYOUT = {"format": "learnability networks", "version": 1}


class SetAsideWarning(UserWarning):
    """A file in a folder of results could not be trusted and was moved away."""


class _Untrusted(Exception):
    """Why a file cannot be a cell's result."""


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that is either absent or whole, also if the machine stops.

    Parameters
    ----------
    path : Path
        Its place; an older file there is replaced.
    content : bytes
        Its content.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def pack(result: CellResult) -> bytes:
    """Return the bytes of a cell's file, the same for the same result."""
    text = canonical({"settings": result.settings, "provenance": result.provenance})
    arrays = {name: getattr(result, name) for name in ARRAYS}
    memory = io.BytesIO()
    np.savez(memory, allow_pickle=False, json=np.array(text), **arrays)
    return memory.getvalue()


def unpack(content: bytes) -> CellResult:
    """Read a cell's file.

    Raises
    ------
    ValueError, KeyError, zipfile.BadZipFile, EOFError, OSError
        If it is damaged (every array carries a checksum) or something else.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        text = json.loads(str(file["json"]))
        arrays = {name: file[name] for name in ARRAYS}
    return CellResult(text["settings"], text["provenance"], **arrays)


def _check(result: CellResult, name: str) -> None:
    """Refuse a result that isn't the one its name promises."""
    found = sha256_of(result.settings)
    if found != name:
        raise _Untrusted(
            f"holds the cell {found[:12]}…, not the one that its name says"
        )
    nets = (len(result.settings["trials"]), len(result.settings["data"]["targets"]))
    for field in fields(result):
        if field.name in ARRAYS and field.name not in ("test_targets", "indices"):
            shape = getattr(result, field.name).shape
            if shape[:2] != nets:
                raise _Untrusted(f"{field.name} has shape {shape}, not {nets} nets")


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
        try:
            found = json.loads(layout.read_text())
        except FileNotFoundError:
            write_atomically(layout, canonical(LAYOUT).encode())
            found = LAYOUT
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
        `SetAsideWarning`.
        """
        path = self.file(digest)
        try:
            result = unpack(path.read_bytes())
            _check(result, digest)
        except FileNotFoundError:
            return None
        except (
            _Untrusted,
            zipfile.BadZipFile,
            ValueError,
            KeyError,
            TypeError,
            EOFError,
            OSError,
            NotImplementedError,
        ) as reason:
            self.set_aside(path, str(reason) or type(reason).__name__)
            return None
        return result

    def set_aside(self, path: Path, reason: str) -> None:
        """Move a file away, write the reason beside it, and warn."""
        place = self.path / "set-aside" / f"{path.name}.{uuid.uuid4().hex[:8]}"
        place.parent.mkdir(exist_ok=True)
        try:
            os.replace(path, place)
        except FileNotFoundError:  # another worker was faster
            return
        place.with_name(place.name + ".why").write_text(reason + "\n")
        warnings.warn(
            f"{path} was set aside as {place}: {reason}", SetAsideWarning, stacklevel=3
        )

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
