"""Cells of a text table: which are numbers, which are missing, and what else they are."""

import re
from collections.abc import Iterable
from math import nan

MARKS = frozenset(
    {"", "?", "nan", "na", "n/a", "#n/a", "#na", "<na>", "null", "missing"}
)
"""What stands for a missing entry in any column."""
BLANKS = MARKS | {
    "-",
    "--",
    ".",
    "..",
    "*",
    "none",
    "nil",
    "#value!",
    "#div/0!",
    "#ref!",
}
"""What does so where the other entries are numbers."""
POINT = re.compile(
    r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|infinity)", re.IGNORECASE
)
COMMA = re.compile(r"[+-]?(\d+(,\d+)?|,\d+)([eE][+-]?\d+)?")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
TRUTH = {"true": 1.0, "false": 0.0}


def number(cell: str, decimal: str = ".") -> float | None:
    """The number that a cell holds, or None; ``nan`` is a mark and no number.

    Examples
    --------
    >>> number(" 1.5e3 "), number("1,5"), number("1,5", ","), number("1_0")
    (1500.0, None, 1.5, None)
    """
    text = cell.strip()
    if decimal == ",":
        return float(text.replace(",", ".")) if COMMA.fullmatch(text) else None
    return float(text) if POINT.fullmatch(text) else None


def feature(cell: str, decimal: str = ".") -> float | None:
    """A number, or a truth value as 1 and 0; NaN where it is written so."""
    found = number(cell, decimal)
    word = cell.strip().lower()
    return nan if word == "nan" else TRUTH.get(word) if found is None else found


def is_missing(cell: str, *, among_numbers: bool) -> bool:
    """Whether a cell marks a missing entry.

    Examples
    --------
    >>> is_missing("#N/A", among_numbers=False), is_missing("-", among_numbers=False)
    (True, False)
    """
    return cell.strip().lower() in (BLANKS if among_numbers else MARKS)


def fault(cell: str, decimal: str = ".") -> str:
    """Why a cell is no number, with what to do where that is known.

    Examples
    --------
    >>> fault("12,5")
    "'12,5' is not a number (a decimal comma? say decimal = ',')"
    >>> fault("?")
    "the entry is missing ('?')"
    """
    text = cell.strip()
    if is_missing(cell, among_numbers=True):
        return f"the entry is missing ({text!r})" if text else "the entry is missing"
    other = "," if decimal == "." else "."
    if number(cell, other) is not None:
        mark = "comma" if other == "," else "point"
        return f"{text!r} is not a number (a decimal {mark}? say decimal = {other!r})"
    return f"{text[:60]!r} is not a number"


def decimal_of(cells: Iterable[str], separator: str) -> str | None:
    """The decimal mark of a table's cells; None where they leave it open.

    Commas are decimal marks where they do not separate columns, some cell can only be
    read so, and none has a decimal point.

    Examples
    --------
    >>> decimal_of(["1,5", "2"], ";"), decimal_of(["1.5", "2"], ";")
    (',', '.')
    >>> decimal_of(["1,500", "2"], ";") is None
    True
    """
    if separator == ",":
        return "."
    commas = [x for x in map(str.strip, cells) if "," in x and COMMA.fullmatch(x)]
    if not commas:
        return "."
    if any("." in x and number(x) is not None for x in cells):
        return "."
    return None if all(map(GROUPED.fullmatch, commas)) else ","
