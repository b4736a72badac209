"""A text file as rows of cells: its encoding, separator, comments and empty columns."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from theory import OutOfDomain
from verify.data.reading.cells import decimal_of, feature, is_missing

SEPARATORS = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
    " ": "blanks",
}
MARKED = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
NO_TEXT = {
    b"PK\x03\x04": "an Excel workbook or another archive; save it as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save it as CSV",
    b"\x1f\x8b": "compressed; decompress it first",
    b"PAR1": "a parquet file; its name must end in .parquet",
    b"\x89HDF": "an HDF5 file; save its arrays as .npz",
    b"\x93NUMPY": "an array of NumPy; its name must end in .npy",
    b"%PDF": "a PDF",
}
SAMPLE = 500
Row = tuple[int, list[str]]
"""The line where a row begins, and its cells."""


@dataclass(frozen=True)
class TextTable:
    """Rows of equal width, with the lines where they stand.

    Attributes
    ----------
    rows
        (line, cells) of every row, a header among them.
    decimal
        The decimal mark.
    names
        Names from a comment line above, as ``numpy.savetxt`` writes them.
    remarks
        How the file was understood, where that is not plain CSV.
    """

    rows: list[Row]
    decimal: str
    names: tuple[str, ...]
    remarks: tuple[str, ...]


def text_of(path: Path) -> tuple[str, str]:
    """The text of a file, and its encoding.

    Raises
    ------
    OutOfDomain
        When it is no text; what it is instead is named where its first bytes say so.
    """
    content = path.read_bytes()
    for start, what in NO_TEXT.items():
        if content.startswith(start):
            raise OutOfDomain(f"{path.name}: not a text file but {what}")
    encoding = next((x for mark, x in MARKED.items() if content.startswith(mark)), None)
    if encoding is None and b"\0" in content[:4096]:
        even, odd = content[0:4096:2].count(0), content[1:4096:2].count(0)
        encoding = "utf-16-le" if odd > 4 * even else "utf-16-be"
        if min(even, odd) * 4 > max(even, odd) or 4 * (even + odd) < len(
            content[:4096]
        ):
            encoding = "ascii"  # NUL bytes anywhere: no text
    for name in [encoding] if encoding else ["utf-8", "cp1252", "latin-1"]:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text, name
    raise OutOfDomain(f"{path.name}: not a text file of values separated by commas")


def read_table(
    path: Path, separator: str | None = None, decimal: str | None = None
) -> TextTable:
    """The rows of a file, however its values are separated.

    Raises
    ------
    OutOfDomain
        When it is no text, empty or ragged, with the line; or when it stays open
        whether a comma is a decimal mark.
    """
    text, encoding = text_of(path)
    lines = text.splitlines()
    comments = [line for line in lines if line.lstrip().startswith("#")]
    kept = ["" if line.lstrip().startswith("#") else line for line in lines]
    if not any(line.strip() for line in kept):
        only = "holds comments only" if comments else "is empty"
        raise OutOfDomain(f"{path.name}: the file {only}")
    if separator is None:
        separator = _separator(kept)
    try:
        rows = list(_split(kept, separator))
    except csv.Error as error:
        raise OutOfDomain(
            f"{path.name}: not a text file of values separated by commas ({error})"
        ) from None
    remarks = []
    if encoding not in ("utf-8", "utf-8-sig"):
        shown = "Windows-1252 (Latin-1)" if encoding == "cp1252" else encoding.upper()
        remarks.append(f"read as {shown}")
    if separator != ",":
        remarks.append(f"columns separated by {SEPARATORS.get(separator, separator)}")
    rows, dropped = _without_empty(rows)
    if dropped:
        remarks.append(f"{dropped} empty columns at the end left out")
    _refuse_ragged(rows, path.name)
    cells = [cell for _, row in rows for cell in row]
    mark = decimal or decimal_of(cells, separator)
    if mark is None:
        found = next(cell.strip() for cell in cells if "," in cell)
        raise OutOfDomain(
            f"{path.name}: {found!r} may be a decimal or have groups of three digits; "
            "say decimal = ',' or write it without the comma"
        )
    if mark == ",":
        remarks.append("decimal commas")
    names: tuple[str, ...] = ()
    if comments:
        last = list(_split([comments[-1].lstrip().lstrip("#")], separator))
        if last and len(last[0][1]) == len(rows[0][1]) > 1:
            names = tuple(cell.strip() for cell in last[0][1])
    return TextTable(rows, mark, names, tuple(remarks))


def _split(lines: list[str], separator: str) -> Iterator[Row]:
    """Rows that are not empty, each with its first line."""
    if separator == " ":
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, line.split()
        return
    reader = csv.reader(
        (line + "\n" for line in lines),
        delimiter=separator,
        skipinitialspace=separator != "\t",
    )
    before = 0
    for row in reader:
        if any(cell.strip() for cell in row):
            yield before + 1, row
        before = reader.line_num


def _separator(lines: list[str]) -> str:
    """The separator by which most rows have equal widths and most cells are numbers."""
    some = [line for line in lines if line.strip()][:SAMPLE]
    scores = {}
    for mark in SEPARATORS:
        try:
            rows, _ = _without_empty(list(_split(some, mark)))
        except csv.Error:
            continue
        widths = [len(row) for _, row in rows]
        usual = max(set(widths), key=widths.count, default=1)
        if usual < 2:
            continue
        cells = [cell for _, row in rows[1:] or rows for cell in row]
        decimal = decimal_of(cells, mark) or ","
        good = sum(
            feature(cell, decimal) is not None or is_missing(cell, among_numbers=True)
            for cell in cells
        )
        scores[mark] = (
            round(widths.count(usual) / len(widths), 1),
            good / max(1, len(cells)),
            -list(SEPARATORS).index(mark),
        )
    if not scores:
        return ","
    return max(scores, key=lambda mark: scores[mark])


def _without_empty(rows: list[Row]) -> tuple[list[Row], int]:
    """Rows without the columns at their end that are empty in every row.

    A header may be shorter or longer by such columns, as spreadsheets write them.
    """
    if not rows:
        return rows, 0
    filled = max(
        (k + 1 for _, row in rows for k, cell in enumerate(row) if cell.strip()),
        default=0,
    )
    widest = max(len(row) for _, row in rows)
    return [(line, row[:filled]) for line, row in rows], max(0, widest - filled)


def _refuse_ragged(rows: list[Row], name: str) -> None:
    width = len(rows[0][1])
    if len(rows) > 1 and all(len(row) == width + 1 for _, row in rows[1:]):
        return  # a header without a name for the rows' names
    for line, row in rows:
        if len(row) != width:
            raise OutOfDomain(
                f"{name}: line {line} has {len(row)} fields, line {rows[0][0]} has {width}"
            )
