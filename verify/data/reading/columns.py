"""Which row is a header, which column the label, and which only counts the rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theory import OutOfDomain
from theory.errors import meant
from verify.data.reading.cells import fault, feature, is_missing, number
from verify.data.reading.text_tables import Row, TextTable

COUNTERS = frozenset({"", "index", "id", "row", "unnamed: 0", "no", "no.", "nr", "#"})
"""Names of columns that are left out where they count the rows."""
ASK = "say header = true or header = false"


@dataclass(frozen=True)
class TableColumns:
    """Points and labels of a table.

    Attributes
    ----------
    x, y
        Points [M, d], and labels [M] or None.
    names
        Of the features, or nothing.
    label
        Of the label's column.
    remarks
        How the table was understood.
    """

    x: np.ndarray
    y: np.ndarray | None
    names: tuple[str, ...] = ()
    label: str | None = None
    remarks: tuple[str, ...] = ()


def columns_of(
    table: TextTable,
    file: str,
    label: str | int | None,
    features: Sequence[str | int] | None,
    header: bool | None,
    *,
    words: bool,
) -> TableColumns:
    """What the columns of a table are.

    Parameters
    ----------
    table, file
        The rows, and the name of the file.
    label, features
        TableColumns by name or number; ``last``; None for no label and all other columns.
    header
        Whether the first row holds names; None to find out.
    words
        Whether labels that are partly numbers are classes.

    Raises
    ------
    OutOfDomain
        Naming the line and the column that is wrong, or the question that is open.
    """
    rows, remarks = table.rows, list(table.remarks)
    width = max(len(row) for _, row in rows[1:] or rows)
    if len(rows[0][1]) < width:
        rows = [(rows[0][0], ["", *rows[0][1]]), *rows[1:]]
        header = True
    head = _is_header(rows, table.decimal, file) if header is None else header
    names = tuple(cell.strip() for cell in rows[0][1]) if head else ()
    if not head and table.names:
        names = table.names
        remarks.append("names of columns from the last comment line")
    elif head and all(number(name) is not None for name in names):
        remarks.append("line 1 counts the columns: taken as a header")
    body = rows[1:] if head else rows
    if not body:
        raise OutOfDomain(f"{file}: a header and no rows")
    for name in names:
        if name and names.count(name) > 1:
            first, second = [k for k, other in enumerate(names) if other == name][:2]
            raise OutOfDomain(
                f"{file}: two columns are called {name!r} (columns {first + 1} and "
                f"{second + 1}); rename one"
            )
    place = place_of(label, names, width, file)
    if features is None:
        kept = [k for k in range(width) if k != place]
        counter = _counter(body, names, kept, table.decimal)
        if counter is not None and len(kept) > 1:
            k, certain = counter
            shown = repr(names[k]) if names and names[k] else str(k + 1)
            if certain:
                kept.remove(k)
                remarks.append(f"column {shown} counts the rows: left out")
            else:
                remarks.append(
                    f"column {shown} counts the rows and is a feature; features = […] "
                    "would leave it out"
                )
    else:
        found = [place_of(one, names, width, file) for one in features]
        kept = [k for k in found if k is not None]
        if place in kept:
            raise OutOfDomain(f"{file}: label = {label!r} is among the features")
    if not kept:
        raise OutOfDomain(f"{file}: no column is left for features")
    x = np.empty((len(body), len(kept)))
    for at, (line, row) in enumerate(body):
        for column, k in enumerate(kept):
            value = feature(row[k], table.decimal)
            if value is None:
                where = names[k] if names else str(k + 1)
                said = fault(row[k], table.decimal)
                if not is_missing(row[k], among_numbers=True) and at == 0 and not head:
                    said += f"; if line {line} is a header, {ASK}"
                raise OutOfDomain(f"{file}: line {line}, column {where}: {said}")
            x[at, column] = value
    labelled = tuple(names[k] for k in kept) if names else ()
    if place is None:
        return TableColumns(x, None, labelled, None, tuple(remarks))
    title = names[place] if names and names[place] else f"column {place + 1}"
    cells = [(line, row[place]) for line, row in body]
    y = _labels(cells, title, file, table.decimal, words=words)
    remarks.append(f"label: {title}")
    return TableColumns(x, y, labelled, title, tuple(remarks))


def place_of(
    label: str | int | None, names: tuple[str, ...], width: int, file: str
) -> int | None:
    """A column by name, number or ``last``, counted from 0; None where there is none."""
    if label is None:
        return None
    if width < 2:
        raise OutOfDomain(
            f"{file}: one column only; features and a label need two (or label = None)"
        )
    if isinstance(label, str) and label in names:
        return names.index(label)
    if label == "last":
        return width - 1
    text = str(label)
    if text.isdecimal() and int(text) < width:
        return int(text)
    known = ", ".join(names[:20]) if names else f"0..{width - 1}"
    raise OutOfDomain(
        f"{file}: label = {label!r}: there is no such column (known: {known})"
        f"{meant(label, names or ())}"
    )


def _is_header(rows: list[Row], decimal: str, file: str) -> bool:
    """Whether the first row holds names rather than a point.

    Raises
    ------
    OutOfDomain
        When that is open.
    """
    line, first = rows[0]
    body = [row for _, row in rows[1:]]
    values = [number(cell, decimal) for cell in first]
    blank = [is_missing(cell, among_numbers=True) for cell in first]
    if all(value is None for value in values):
        return not (all(blank) and body)
    numeric = [all(_reads(row[k], decimal) for row in body) for k in range(len(first))]
    if not body:
        return False
    said = [
        k
        for k, cell in enumerate(first)
        if numeric[k]
        and values[k] is None
        and not blank[k]
        and not _reads(cell, decimal)
    ]
    named = [value for value in values if value is not None]
    whole = all(float(value).is_integer() for value in named)
    distinct = len(set(named)) == len(named)
    if said:
        if whole and distinct:
            return True
        k = said[0]
        raise OutOfDomain(
            f"{file}: line {line}, column {k + 1}: {fault(first[k], decimal)}; if line "
            f"{line} is a header, {ASK}"
        )
    counts = (
        whole and len(named) > 1 and named == list(np.arange(len(named)) + named[0])
    )
    if not counts:
        return False
    if not first[0].strip() and len(named) == len(first) - 1 and named[0] == 0:
        return True
    if len(named) < len(first):
        return False
    below = [[feature(cell, decimal) for cell in row] for row in body]
    fractions = any(x is not None and x % 1 for row in below for x in row)
    if named[0] == 0 and (len(named) > 3 or (fractions and len(named) > 1)):
        return True
    every = all(
        any(x is not None and x % 1 for x in column)
        for column in zip(*below, strict=True)
    )
    if named[0] == 0 or (every and len(named) > 2):
        raise OutOfDomain(
            f"{file}: line {line} counts 1 by 1 ({', '.join(first[:4])}…): a header or "
            f"a point? {ASK}"
        )
    return False


def _reads(cell: str, decimal: str) -> bool:
    return feature(cell, decimal) is not None or is_missing(cell, among_numbers=True)


def _counter(
    body: list[Row], names: tuple[str, ...], kept: list[int], decimal: str
) -> tuple[int, bool] | None:
    """The first column where it counts the rows, and whether it is surely no feature."""
    k = kept[0] if kept else 0
    if k != 0 or len(body) < 3:
        return None
    name = names[0].lower() if names else ""
    cells = [row[0].strip() for _, row in body]
    values = [number(cell, decimal) for cell in cells]
    for start in (0, 1):
        if values == [float(start + at) for at in range(len(body))]:
            return 0, name in COUNTERS
    unique = len(set(cells)) == len(cells)
    if names and name in COUNTERS and unique and None in values:
        return 0, True
    if names and name in ("", "unnamed: 0") and unique and None not in values:
        steps = np.diff(np.array(values, dtype=float))
        if np.all(steps > 0) and all(float(x or 0).is_integer() for x in values):
            return 0, True
    return None


def _labels(
    cells: list[tuple[int, str]], title: str, file: str, decimal: str, *, words: bool
) -> np.ndarray:
    """Labels as numbers or as names of classes, never a mixture by accident."""
    values = [number(cell, decimal) for _, cell in cells]
    numbers = sum(value is not None for value in values)
    for (line, cell), value in zip(cells, values, strict=True):
        if value is None and is_missing(cell, among_numbers=numbers > 0):
            mark = f" ({cell.strip()!r})" if cell.strip() else ""
            raise OutOfDomain(f"{file}: line {line}: the label is missing{mark}")
    if numbers == len(cells):
        return np.array(values, dtype=np.float64)
    texts = np.array([cell.strip() for _, cell in cells])
    if numbers == 0 or words:
        other = "," if decimal == "." else "."
        commas = [at for at in cells if number(at[1], other) is not None]
        if not commas or words:
            return texts
        line, cell = commas[0]
    else:
        line, cell = next(at for at, x in zip(cells, values, strict=True) if x is None)
    raise OutOfDomain(
        f"{file}: line {line}, label {title}: {fault(cell, decimal)}, where others are; "
        "task = 'classes' takes labels as names"
    )
