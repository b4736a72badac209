"""Tables in LaTeX that fit the page: booktabs rules, siunitx columns, longtable.

What all rows share in words stands above them, columns that do not fit side by side are
set below each other, numbers of a column share one power of ten.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from learnability.table.cell import Symbolic
from learnability.table.content import Column, TableContent
from learnability.table.latex import (
    cell_latex,
    column_format,
    escape,
    one_power,
    width,
)

PAGE = 340.0
"""Points: the text of an article in one column; both columns of one in two are wider."""
COLUMN = 228.0
"""Points: a column of an article in two columns."""
GAP = 8.0
FORMAT = re.compile(r"=(-?)(\d+)(?:\.(\d+))?(?:\((\d+)\))?(?:e(-?)(\d+))?\]")
LONG = 40
"""Rows past which a table breaks over pages."""
SIZES = ((r"\small", 4.65), (r"\footnotesize", 4.27))
"""Sizes of letters, and how wide a digit is."""
TWO_COLUMNS = (
    r"\makeatletter\if@twocolumn\onecolumn\def\aftertable{\twocolumn}"
    r"\else\def\aftertable{}\fi\makeatother"
)


@dataclass(frozen=True)
class SetColumn:
    """A column as it is set: its head, its format, its cells, and its width in digits."""

    head: str
    group: str
    form: str
    cells: list[str]
    width: float


def as_latex(table: TableContent) -> str:
    """A table that fits the page; it needs the packages booktabs, siunitx, longtable."""
    columns = [_set(table, i) for i in range(len(table.columns))]
    spanning = _spanning(table, columns)
    titles = _titles(table, spanning)
    columns = columns[spanning:]
    index = _index(table.columns[spanning:])
    fits = [x for x in SIZES if len(_blocks(columns, index, x[1])) == 1]
    letters, digit = (fits or SIZES)[0]
    blocks = _blocks(columns, index, digit)
    columns = [_fitted(column, digit) for column in columns]
    blocks = [[columns[i] for i in block] for block in blocks]
    rows = (len(table.rows) + len(set(titles) - {""})) * len(blocks)
    wide = max(_total(block, digit) for block in blocks) > COLUMN
    tall = any(
        isinstance(cell, Symbolic) and "frac" in cell.latex
        for row in table.rows
        for cell in row
    )
    caption = rf"\caption{{{escape(table.title)}}}\label{{tab:{_label(table)}}}"
    resized = any("resizebox" in cell for column in columns for cell in column.cells)
    packages = ["booktabs", "siunitx"] + ["graphicx"] * resized
    packages += ["longtable"] * (rows > LONG)
    lines = [
        rf"% needs \usepackage{{{','.join(packages)}}}",
        f"% {_made(table)}",
    ]
    lines += [f"% {note}" for note in table.notes]
    settings = [letters, r"\setlength{\tabcolsep}{4pt}"]
    settings += [r"\renewcommand{\arraystretch}{1.5}"] * tall
    if rows > LONG:
        lines += [TWO_COLUMNS, r"\begingroup", *settings]
        for number, block in enumerate(blocks):
            lines += _long(block, titles, caption if number == 0 else "")
        lines += [r"\endgroup", r"\aftertable"]
        return "\n".join(lines) + "\n"
    name = "table*" if wide else "table"
    lines += [rf"\begin{{{name}}}", r"  \centering", f"  {caption}"]
    lines += [f"  {setting}" for setting in settings]
    for number, block in enumerate(blocks):
        lines += [r"  \par\medskip"] * (number > 0)
        lines += [f"  {line}" for line in _tabular(block, titles)]
    lines.append(rf"\end{{{name}}}")
    return "\n".join(lines) + "\n"


def _set(table: TableContent, position: int) -> SetColumn:
    column = table.columns[position]
    cells = [
        cell_latex(row[position], table.show, radius=table.radius) for row in table.rows
    ]
    cells, power = one_power(cells)
    unit = rf" / \unit{{{column.unit}}}" if column.unit else ""
    scale = rf" $/\,10^{{{power}}}$" if power else ""
    head = f"{{{column.latex}{unit}{scale}}}"
    form = column_format(cells)
    widest = max([width(head), *map(width, cells), width(_room(form))])
    return SetColumn(head, column.group, form, cells, widest)


def _room(form: str) -> str:
    """A number that fills the room of a column of numbers; nothing for words."""
    found = FORMAT.search(form)
    if found is None:
        return ""
    minus, whole, part, digits, sign, power = found.groups()
    return "".join(
        [
            minus,
            "0" * int(whole),
            f".{'0' * int(part)}" if part else "",
            f"({'0' * int(digits)})" if digits else "",
            f"e{sign}{'0' * int(power)}" if power else "",
        ]
    )


def _spanning(table: TableContent, columns: Sequence[SetColumn]) -> int:
    """How many leading columns of words stand above their rows, where room is short."""
    digit = SIZES[0][1]
    if _total(columns, digit) <= PAGE or len(table.rows) < 1:
        return 0
    count = 0
    for position in range(len(columns) - 1):
        if not all(isinstance(row[position], str) for row in table.rows):
            break
        count += 1
    return count


def _titles(table: TableContent, spanning: int) -> list[str]:
    """What stands above each row; the same text for rows that belong together."""
    return [
        ", ".join(dict.fromkeys(escape(str(cell)) for cell in row[:spanning]))
        for row in table.rows
    ]


def _index(columns: Sequence[Column]) -> int:
    """How many leading columns say which row it is: they are repeated in every block."""
    count = 0
    for column in columns[:-1]:
        if column.uncertainty or column.group or column.key in {"closed_form"}:
            break
        count += 1
    return max(count, 1)


def _blocks(columns: Sequence[SetColumn], index: int, digit: float) -> list[list[int]]:
    """Columns side by side as far as they fit, groups of them kept together."""
    first = list(range(min(index, len(columns))))
    units: list[list[int]] = []
    for i in range(len(first), len(columns)):
        same = units and columns[i].group and columns[units[-1][-1]].group
        if same and same == columns[i].group:
            units[-1].append(i)
        else:
            units.append([i])
    blocks: list[list[int]] = []
    for unit in units:
        whole = _total([columns[i] for i in first + unit], digit) <= PAGE
        for part in [unit] if whole else [[i] for i in unit]:
            now = blocks[-1] if blocks else []
            together = [columns[i] for i in (now or first) + part]
            if now and _total(together, digit) <= PAGE:
                now += part
            else:
                blocks.append(first + part)
    return blocks or [first]


def _total(columns: Sequence[SetColumn], digit: float) -> float:
    """The width of columns in points; a group is at least as wide as its head."""
    total, at = 0.0, 0
    while at < len(columns):
        end = at + 1
        while (
            end < len(columns)
            and columns[at].group
            and (columns[end].group == columns[at].group)
        ):
            end += 1
        own = sum(column.width * digit + GAP for column in columns[at:end])
        total += max(own, width(columns[at].group) * digit + GAP)
        at = end
    return total


def _fitted(column: SetColumn, digit: float) -> SetColumn:
    """A column of expressions wider than a page: those are made smaller."""
    room = PAGE * 0.8
    if column.width * digit <= room or column.form != "l":
        return column
    cells = [
        rf"{{\resizebox{{{room:.0f}pt}}{{!}}{{{cell[1:-1]}}}}}"
        if width(cell) * digit > room
        else cell
        for cell in column.cells
    ]
    return SetColumn(column.head, column.group, "l", cells, room / digit)


def _heads(columns: Sequence[SetColumn]) -> list[str]:
    """The head, with groups above it where there are any."""
    lines = []
    if any(column.group for column in columns):
        parts, rules, at = [], [], 0
        while at < len(columns):
            end = at + 1
            while end < len(columns) and columns[end].group == columns[at].group:
                end += 1
            group = columns[at].group
            parts.append(rf"\multicolumn{{{end - at}}}{{c}}{{{group}}}" if group
                         else " & ".join([""] * (end - at)))  # fmt: skip
            if group:
                rules.append(rf"\cmidrule(lr){{{at + 1}-{end}}}")
            at = end
        lines += [" & ".join(parts) + r" \\", "".join(rules)]
    return [*lines, " & ".join(column.head for column in columns) + r" \\"]


def _rows(columns: Sequence[SetColumn], titles: Sequence[str]) -> list[str]:
    lines, before = [], ""
    for number, title in enumerate(titles):
        if title != before:
            lines += [r"\addlinespace"] * (number > 0)
            above = rf"\parbox[t]{{{0.9 * PAGE:.0f}pt}}{{\raggedright\itshape {title}}}"
            lines.append(rf"\multicolumn{{{len(columns)}}}{{@{{}}l}}{{{above}}} \\*")
            before = title
        lines.append(" & ".join(column.cells[number] for column in columns) + r" \\")
    return lines


def _tabular(columns: Sequence[SetColumn], titles: Sequence[str]) -> list[str]:
    return [
        r"\begin{tabular}{",
        *(f"  {column.form}" for column in columns),
        "}",
        r"  \toprule",
        *(f"  {line}" for line in _heads(columns)),
        r"  \midrule",
        *(f"  {line.replace('*', '') if line.endswith('*') else line}"
          for line in _rows(columns, titles)),
        r"  \bottomrule",
        r"\end{tabular}",
    ]  # fmt: skip


def _long(
    columns: Sequence[SetColumn], titles: Sequence[str], caption: str
) -> list[str]:
    heads = [r"\toprule", *_heads(columns), r"\midrule"]
    return [
        r"\begin{longtable}{",
        *(f"  {column.form}" for column in columns),
        "}",
        *([rf"{caption} \\"] if caption else []),
        *heads,
        r"\endfirsthead",
        *heads,
        r"\endhead",
        r"\bottomrule",
        r"\endlastfoot",
        *_rows(columns, titles),
        r"\end{longtable}",
    ]


def _label(table: TableContent) -> str:
    """A name for references, from the command or the title."""
    words = list(table.command)
    if len(words) > 2 and words[1] in {"table", "figure"}:
        return words[2]
    if len(words) > 1:
        return words[1]
    head = re.split(r"[:;.]", table.title)[0].lower()
    return re.sub(r"[^a-z0-9]+", "-", head).strip("-")[:40]


def _made(table: TableContent) -> str:
    """Version, command and seed, for a comment."""
    return " ".join(table.caption[len(table.title) :].split())
