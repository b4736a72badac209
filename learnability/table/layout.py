"""Tables as aligned text, Markdown, CSV and HTML."""

import csv
import html
import io
from decimal import Decimal
from fractions import Fraction

from learnability.table.cell import Cell, Symbolic, exact_text, spell
from learnability.table.content import TableContent

NOTHING = "–"
MAX_WHOLE = 40
"""Digits of a whole number in a line; files have all of them."""


def shown(cell: Cell, digits: int, *, radius: bool = True) -> str:
    """A cell as a reader sees it.

    Examples
    --------
    >>> shown(None, 5), shown(Fraction(1, 8), 5), shown("relu", 5)
    ('–', '0.125', 'relu')
    >>> shown(3**100, 5)                     # a multiplicity, say
    '≈ 5.15378e+47'
    """
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Symbolic):
        return cell.text
    if isinstance(cell, int) and abs(cell) >= 10**MAX_WHOLE:
        return f"≈ {Decimal(cell):.5e}"
    if isinstance(cell, Fraction):
        return exact_text(cell)
    spelled = spell(cell, digits)
    return spelled.short() if radius else spelled.decimal


def _is_number(cell: Cell) -> bool:
    return not (cell is None or isinstance(cell, (str, Symbolic)))


def _heading(column) -> str:
    return f"{column.heading} [{column.unit}]" if column.unit else column.heading


def _split(text: str) -> tuple[str, str]:
    """A number before and after the end of its whole part."""
    for position, letter in enumerate(text):
        if letter in ".(e ":
            return text[:position], text[position:]
    return text, ""


def _aligned(cells: list[tuple[str, bool]]) -> list[str]:
    """Numbers aligned at the decimal point, words at the left."""
    parts = [_split(text) if number else (text, "") for text, number in cells]
    numbers = [part for part, (_, number) in zip(parts, cells, strict=True) if number]
    left = max((len(part[0]) for part in numbers), default=0)
    lines = [
        part[0].rjust(left) + part[1] if number else text
        for part, (text, number) in zip(parts, cells, strict=True)
    ]
    width = max(map(len, lines), default=0)
    return [line.ljust(width) for line in lines]


def as_text(table: TableContent) -> str:
    """Aligned columns, and the notes below."""
    columns = []
    for position, column in enumerate(table.columns):
        cells = [row[position] for row in table.rows]
        body = _aligned(
            [(shown(c, table.show, radius=table.radius), _is_number(c)) for c in cells]
        )
        head = _heading(column)
        width = max([len(head), *map(len, body)])
        whole = cells and all(isinstance(cell, int) for cell in cells)
        place = str.rjust if whole else str.ljust
        columns.append([place(line, width) for line in [head, *body]])
    lines = ["  ".join(line).rstrip() for line in zip(*columns, strict=True)]
    return "\n".join([*lines, *table.notes]) + "\n"


def as_markdown(table: TableContent) -> str:
    """A Markdown table with its caption."""

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    lines = [line([_heading(column) for column in table.columns])]
    lines.append(line(["---"] * len(table.columns)))
    lines += [
        line([shown(cell, table.show, radius=table.radius) for cell in row])
        for row in table.rows
    ]
    notes = [f"\n{note}" for note in table.notes]
    return "\n".join([*lines, "", f"*{table.caption}*", *notes]) + "\n"


def as_csv(table: TableContent) -> str:
    """Comma-separated values; a ``…_radius`` column beside every uncertain one."""
    records = table.records()
    keys: dict[str, None] = {}
    for column in table.columns:
        keys[column.key] = None
        radius = f"{column.key}_radius"
        if any(radius in record for record in records):
            keys[radius] = None
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(keys), lineterminator="\n", restval="0")
    writer.writeheader()
    writer.writerows(records)
    return stream.getvalue()


def as_html(table: TableContent) -> str:
    """An HTML table, for notebooks."""

    def line(cells: list[str], tag: str) -> str:
        return "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)

    head = line([_heading(column) for column in table.columns], "th")
    body = "".join(
        f"<tr>{line([shown(cell, table.show, radius=table.radius) for cell in row], 'td')}</tr>"
        for row in table.rows
    )
    caption = html.escape(table.caption)
    return f"<table><caption>{caption}</caption><tr>{head}</tr>{body}</table>"
