"""What a table holds: rows of cells, and columns that know what they mean."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from learnability.table.cell import Cell, Symbolic, exact_text, spell_fully
from theory.numbers import text_of


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds.

    Attributes
    ----------
    key
        Its name for machines.
    heading, latex
        Its head in text and in LaTeX.
    unit
        A unit, where it has one.
    uncertainty
        What stands in parentheses: ``proved radius``, ``float64``, ``standard error``,
        or nothing for exact numbers and words.
    source
        The formula, rule or experiment that the numbers come from.
    group
        In LaTeX, a head above neighboring columns that share it.
    """

    key: str
    heading: str
    latex: str
    unit: str = ""
    uncertainty: str = ""
    source: str = ""
    group: str = ""


@dataclass(frozen=True)
class TableContent:
    """Rows under columns, with a caption that says how they were made.

    Attributes
    ----------
    columns, rows
        The table itself.
    title
        What it shows, in a sentence.
    digits, show
        Digits that are proved, and digits that are printed.
    command
        The words of the command that makes it again.
    seed
        The seed, where chance had a part.
    notes
        Lines below the table.
    radius
        Whether printed numbers show their uncertainty; files of numbers always do.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str
    digits: int = 30
    show: int = 6
    command: Sequence[str] = ()
    seed: int | None = None
    notes: tuple[str, ...] = field(default=())
    radius: bool = True

    @property
    def caption(self) -> str:
        """The title, and the version, command and seed that made the table."""
        from importlib.metadata import version

        made = f"learnability {version('learnability')}"
        if self.command:
            made += f": {shlex.join(self.command)}"
        if self.seed is not None:
            made += f" (seed {self.seed})"
        return f"{self.title} {made}"

    def records(self) -> list[dict[str, Any]]:
        """Rows as mappings of text, with ``…_radius`` beside what is uncertain."""
        found = []
        for row in self.rows:
            record: dict[str, Any] = {}
            for column, cell in zip(self.columns, row, strict=True):
                record |= _entries(column.key, cell, self.digits)
            found.append(record)
        return found


def _entries(key: str, cell: Cell, digits: int) -> dict[str, Any]:
    if cell is None or isinstance(cell, str):
        return {key: cell}
    if isinstance(cell, Symbolic):
        return {key: cell.text}
    if isinstance(cell, int):
        return {key: text_of(cell)}
    if isinstance(cell, Fraction):
        return {key: exact_text(cell)}
    spelled = spell_fully(cell, digits)
    return {key: spelled.decimal, f"{key}_radius": spelled.radius}
