"""A frame of pandas as points and labels, without importing pandas."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from theory import OutOfDomain
from verify.data.reading.columns import TableColumns, place_of


def is_frame(x: Any) -> bool:
    """Whether it has named columns, as frames of pandas and polars have.

    Examples
    --------
    >>> is_frame([[1, 2]])
    False
    """
    return hasattr(x, "columns") and hasattr(x, "dtypes") and hasattr(x, "to_numpy")


def columns_of_frame(
    frame: Any,
    label: str | int | None,
    features: Sequence[str | int] | None,
    file: str,
) -> TableColumns:
    """Points and labels of a frame; its index is no feature.

    Raises
    ------
    OutOfDomain
        Naming a column that is missing, double, or holds no numbers, and the row.
    """
    names = tuple(str(name) for name in frame.columns)
    for name in names:
        if names.count(name) > 1:
            raise OutOfDomain(f"{file}: two columns are called {name!r}; rename one")
    width = len(names)
    place = place_of(label, names, width, file) if label is not None else None
    kept = [k for k in range(width) if k != place]
    if features is not None:
        given = [place_of(one, names, width, file) for one in features]
        kept = [k for k in given if k is not None]
    if not kept:
        raise OutOfDomain(f"{file}: no column is left for features")
    columns = []
    for k in kept:
        values = column_of(frame, names[k], k)
        columns.append(numbers_of(values, f"{file}: column {names[k]}"))
    x = np.column_stack(columns)
    taken = tuple(names[k] for k in kept)
    if place is None:
        return TableColumns(x, None, taken)
    y = column_of(frame, names[place], place)
    return TableColumns(x, y, taken, names[place], (f"label: {names[place]}",))


def column_of(frame: Any, name: str, place: int) -> np.ndarray:
    """One column as an array; missing entries are None."""
    found = frame.iloc[:, place] if hasattr(frame, "iloc") else frame[name]
    if hasattr(found, "isna") and found.isna().any():
        row = int(np.argmax(np.asarray(found.isna())))
        raise OutOfDomain(f"column {name}, row {row + 1}: the entry is missing")
    return np.asarray(found)


def numbers_of(values: np.ndarray, where: str) -> np.ndarray:
    """An array of any type as float64, where all of it are real numbers.

    Raises
    ------
    OutOfDomain
        Naming the first row that is none.

    Examples
    --------
    >>> numbers_of(np.array([1, 2.5, True], dtype=object), "a")
    array([1. , 2.5, 1. ])
    """
    if values.dtype.kind in "biuf":
        return values.astype(np.float64)
    found = np.empty(len(values))
    for row, value in enumerate(values.tolist()):
        if isinstance(value, str) or value is None:
            raise OutOfDomain(f"{where}, row {row + 1}: {value!r} is not a number")
        try:
            found[row] = float(value)
        except (TypeError, ValueError, OverflowError):
            raise OutOfDomain(
                f"{where}, row {row + 1}: {value!r:.60} is not a number"
            ) from None
    return found
