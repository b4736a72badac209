"""Reading the user's CSV, npy and npz files: the first thing that is wrong is named."""

import csv
import zipfile
from pathlib import Path

import numpy as np

from theory import OutOfDomain

SUFFIXES = (".csv", ".npy", ".npz")
MAX_BYTES = 1 << 30
Table = tuple[np.ndarray, np.ndarray | None, tuple[str, ...]]


def read_file(path: Path, label: str | int | None) -> Table:
    """Points [M, d], labels [M] or None, and the names of the features.

    Raises
    ------
    OutOfDomain
        When the file is missing, too large, or not what its suffix says; a line that is
        ragged or holds text where a number is needed is named.
    """
    if not path.is_file():
        raise OutOfDomain(f"data = {str(path)!r}: there is no such file")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise OutOfDomain(
            f"{path.name}: {size / 2**30:.1f} GiB; at most {MAX_BYTES >> 30} GiB are read"
        )
    if size == 0:
        raise OutOfDomain(f"{path.name}: the file is empty")
    if path.suffix.lower() == ".csv":
        return _read_csv(path, label)
    try:
        found = np.load(path, allow_pickle=False)
        if path.suffix.lower() == ".npz":
            with found:
                return _from_archive(path, dict(found))
    except (ValueError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise OutOfDomain(
            f"{path.name}: not a {path.suffix} file that can be read ({error})"
        ) from None
    return _split(found, (), label, path.name)


def _from_archive(path: Path, arrays: dict[str, np.ndarray]) -> Table:
    named = {name.lower(): array for name, array in arrays.items()}
    x = named.get("x", named.get("data"))
    y = named.get("y", named.get("target", named.get("labels")))
    if x is None:
        listed = ", ".join(arrays) or "nothing"
        raise OutOfDomain(f"{path.name}: no array x of points (it holds {listed})")
    return x, y, ()


def _read_csv(path: Path, label: str | int | None) -> Table:
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            rows = [(k, row) for k, row in enumerate(csv.reader(handle), 1) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise OutOfDomain(
            f"{path.name}: not a text file of comma-separated values ({error})"
        ) from None
    if not rows:
        raise OutOfDomain(f"{path.name}: the file is empty")
    width = len(rows[0][1])
    for line, row in rows:
        if len(row) != width:
            raise OutOfDomain(
                f"{path.name}: line {line} has {len(row)} fields, line {rows[0][0]} has "
                f"{width}"
            )
    header = not any(_is_number(cell) for cell in rows[0][1])
    names = tuple(cell.strip() for cell in rows[0][1]) if header else ()
    body = rows[1:] if header else rows
    if not body:
        raise OutOfDomain(f"{path.name}: a header and no rows")
    place = _place(label, names, width, path.name)
    x = np.empty((len(body), width - (place is not None)))
    for at, (line, row) in enumerate(body):
        cells = [cell for k, cell in enumerate(row) if k != place]
        for column, cell in enumerate(cells):
            x[at, column] = _number(cell, line, column, names, place, path.name)
    kept = tuple(name for k, name in enumerate(names) if k != place)
    if place is None:
        return x, None, kept
    return x, _labels([(line, row[place]) for line, row in body], path.name), kept


def _labels(cells: list[tuple[int, str]], name: str) -> np.ndarray:
    for line, cell in cells:
        if cell.strip().lower() in {"", "nan", "na", "null"}:
            raise OutOfDomain(f"{name}: line {line}: the label is missing")
    words = [cell.strip() for _, cell in cells]
    if all(map(_is_number, words)):
        return np.array([float(word) for word in words])
    return np.array(words)


def _number(cell, line, column, names, place, name: str) -> float:
    if _is_number(cell):
        return float(cell)
    at = column + (place is not None and column >= place)
    where = names[at] if names else str(at + 1)
    fault = (
        f"{cell.strip()!r} is not a number" if cell.strip() else "the entry is missing"
    )
    raise OutOfDomain(f"{name}: line {line}, column {where}: {fault}")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _place(
    label: str | int | None, names: tuple[str, ...], width: int, name: str
) -> int | None:
    """The label's column, counted from 0; None where there is none."""
    if label is None:
        return None
    if width < 2:
        raise OutOfDomain(
            f"{name}: one column only; features and a label need two (or label = None)"
        )
    if label == "last":
        return width - 1
    if isinstance(label, str) and label in names:
        return names.index(label)
    text = str(label)
    if text.isdecimal() and int(text) < width:
        return int(text)
    known = ", ".join(names[:20]) if names else f"0..{width - 1}"
    raise OutOfDomain(
        f"{name}: label = {label!r}: there is no such column (known: {known})"
    )


def _split(
    array: np.ndarray, names: tuple[str, ...], label: str | int | None, name: str
) -> Table:
    if array.ndim != 2:
        raise OutOfDomain(
            f"{name}: an array of shape {array.shape}; [M, d + 1] is needed"
        )
    if not np.issubdtype(array.dtype, np.number):
        raise OutOfDomain(f"{name}: entries of type {array.dtype}; numbers are needed")
    place = _place(label, names, array.shape[1], name)
    if place is None:
        return array, None, names
    return np.delete(array, place, axis=1), array[:, place], names
