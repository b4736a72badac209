"""Reading the user's files: text, arrays, parquet; the first thing wrong is named."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from theory import OutOfDomain
from verify.data.reading.columns import TableColumns, columns_of, place_of
from verify.data.reading.frames import columns_of_frame
from verify.data.reading.text_tables import read_table

TEXTS = (".csv", ".tsv", ".txt", ".dat", ".data")
SUFFIXES = (*TEXTS, ".npy", ".npz", ".parquet")
MAX_BYTES = 1 << 30
POINTS = ("x", "data", "features", "inputs")
LABELS = ("y", "target", "targets", "labels", "label")
HALVES = ("x", "y"), ("data", "target"), ("data", "labels"), ("features", "labels")
"""Names of arrays that belong together, as parts of longer names too."""


def read_file(
    path: Path,
    label: str | int | None,
    features: Sequence[str | int] | None = None,
    header: bool | None = None,
    separator: str | None = None,
    decimal: str | None = None,
    *,
    words: bool = False,
) -> TableColumns:
    """Points [M, d], labels [M] or None, and the names of the columns.

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
    suffix = path.suffix.lower()
    if suffix in TEXTS:
        table = read_table(path, separator, decimal)
        return columns_of(table, path.name, label, features, header, words=words)
    if suffix == ".parquet":
        return columns_of_frame(_parquet(path), label, features, path.name)
    try:
        found = np.load(path, allow_pickle=False)
        if suffix == ".npz":
            with found:
                return _from_archive(path, dict(found), label, features)
    except (ValueError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        hint = ""
        if "allow_pickle" in str(error):
            error, hint = "it holds Python objects", "; save arrays of numbers"  # type: ignore[assignment]
        raise OutOfDomain(
            f"{path.name}: not a {path.suffix} file that can be read ({error}){hint}"
        ) from None
    return _split(found, label, features, path.name)


def _parquet(path: Path) -> Any:
    try:
        import pandas as pd

        return pd.read_parquet(path)
    except ImportError as error:
        first = str(error).partition("\n")[0]
        raise OutOfDomain(
            f"{path.name}: parquet is read by pandas with pyarrow ({first}); install "
            "them, or save it as CSV"
        ) from None
    except Exception as error:  # pyarrow's own errors derive from several classes
        first = str(error).partition("\n")[0]
        raise OutOfDomain(f"{path.name}: not a parquet file ({first})") from None


def _from_archive(
    path: Path,
    arrays: dict[str, np.ndarray],
    label: str | int | None,
    features: Sequence[str | int] | None,
) -> TableColumns:
    """The arrays of points and of labels, by the names that people give them."""
    listed = ", ".join(arrays) or "nothing"
    named = {name.lower(): name for name in arrays}
    asked = label if isinstance(label, str) and label != "last" else None
    if asked is not None and asked not in arrays:
        raise OutOfDomain(
            f"{path.name}: label = {asked!r}: there is no such array (it holds {listed})"
        )
    of_points = None
    if features is not None:
        if len(features) != 1 or str(features[0]) not in arrays:
            raise OutOfDomain(
                f"{path.name}: features = {list(features)!r}: the name of one array is "
                f"needed (it holds {listed})"
            )
        of_points = str(features[0])
    elif asked is not None:
        of_points = _partner(asked, named)
    if of_points is None:
        of_points = next((named[name] for name in POINTS if name in named), None)
    if of_points is None:
        raise OutOfDomain(
            f"{path.name}: no array x of points (it holds {listed}); "
            "label = NAME and features = [NAME] say which arrays to take"
        )
    of_labels = asked
    if of_labels is None and label is not None:
        of_labels = next((named[name] for name in LABELS if name in named), None)
    x = arrays[of_points]
    if x.ndim != 2:
        raise OutOfDomain(
            f"{path.name}: the array {of_points} has shape {x.shape}; points are [M, d]"
        )
    if of_labels is None:
        return TableColumns(x, None)
    y = arrays[of_labels]
    if y.ndim == 0 or len(x) not in y.shape:
        raise OutOfDomain(
            f"{path.name}: the array {of_labels} of labels has shape {y.shape}, and "
            f"{of_points} has {len(x)} points"
        )
    return TableColumns(
        x, y, (), of_labels, (f"points: {of_points}, label: {of_labels}",)
    )


def _partner(label: str, named: dict[str, str]) -> str | None:
    """``x_train`` for ``y_train``."""
    low = label.lower()
    for points, labels in HALVES:
        other = low.replace(labels, points, 1)
        if other != low and other in named:
            return named[other]
    return None


def _split(
    array: np.ndarray,
    label: str | int | None,
    features: Sequence[str | int] | None,
    name: str,
) -> TableColumns:
    if array.ndim != 2:
        raise OutOfDomain(
            f"{name}: an array of shape {array.shape}; [M, d + 1] is needed"
        )
    if not (np.issubdtype(array.dtype, np.number) or array.dtype == bool):
        raise OutOfDomain(f"{name}: entries of type {array.dtype}; numbers are needed")
    width = array.shape[1]
    place = place_of(label, (), width, name)
    kept = [k for k in range(width) if k != place]
    if features is not None:
        kept = [
            k for k in (place_of(x, (), width, name) for x in features) if k is not None
        ]
    x = array[:, kept]
    if place is None:
        return TableColumns(x, None)
    title = f"column {place + 1}"
    return TableColumns(x, array[:, place], (), title, (f"label: {title}",))
