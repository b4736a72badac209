"""One table for everything: rows of cells, and columns that know what they mean."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from learnability.atomic_writing import write
from learnability.table.cell import Cell, Symbolic, exact_text, spell_fully
from learnability.table.latex import as_latex
from learnability.table.layout import as_csv, as_html, as_markdown, as_text

SUFFIXES = {
    ".txt": "text",
    ".tex": "latex",
    ".md": "markdown",
    ".csv": "csv",
    ".json": "json",
}


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
class Table:
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

    Examples
    --------
    >>> columns = (Column("k", "k", "$k$"), Column("x", "x", "$x$"))
    >>> print(Table(columns, ((0, 12), (10, 3)), "Two numbers."))
     k   x
     0  12
    10   3
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

    def text(self, path: Path | str | None = None) -> str:
        """Aligned columns for a terminal."""
        return self._give(as_text(self), path)

    def markdown(self, path: Path | str | None = None) -> str:
        """A Markdown table."""
        return self._give(as_markdown(self), path)

    def csv(self, path: Path | str | None = None) -> str:
        """Comma-separated values with all proved digits and a radius column beside."""
        return self._give(as_csv(self), path)

    def latex(self, path: Path | str | None = None) -> str:
        """A booktabs table with siunitx columns."""
        return self._give(as_latex(self), path)

    def json(self, path: Path | str | None = None) -> str:
        """Rows as objects; numbers are strings with all digits, radius beside."""
        data = {
            "caption": self.caption,
            "columns": [
                {"key": c.key, "unit": c.unit, "uncertainty": c.uncertainty}
                | {"source": c.source}
                for c in self.columns
            ],
            "rows": self.records(),
        }
        return self._give(json.dumps(data, indent=2, ensure_ascii=False) + "\n", path)

    def records(self) -> list[dict[str, Any]]:
        """Rows as mappings of text, with ``…_radius`` beside what is uncertain."""
        found = []
        for row in self.rows:
            record: dict[str, Any] = {}
            for column, cell in zip(self.columns, row, strict=True):
                record |= _entries(column.key, cell, self.digits)
            found.append(record)
        return found

    def save(self, path: Path | str) -> None:
        """Write a file; its suffix chooses the format.

        Raises
        ------
        OutOfDomain
            When the suffix is none of .txt, .tex, .md, .csv and .json.
        """
        from theory.errors import OutOfDomain

        kind = SUFFIXES.get(Path(path).suffix)
        if kind is None:
            msg = f"{path}: the suffix must be one of {', '.join(SUFFIXES)}"
            raise OutOfDomain(msg)
        getattr(self, kind)(path)

    def _give(self, text: str, path: Path | str | None) -> str:
        if path is not None:
            write(Path(path), text)
        return text

    def _repr_html_(self) -> str:
        return as_html(self)

    def __str__(self) -> str:
        return self.text().rstrip("\n")


def _entries(key: str, cell: Cell, digits: int) -> dict[str, Any]:
    from fractions import Fraction

    if cell is None or isinstance(cell, str):
        return {key: cell}
    if isinstance(cell, Symbolic):
        return {key: cell.text}
    if isinstance(cell, int):
        return {key: str(cell)}
    if isinstance(cell, Fraction):
        return {key: exact_text(cell)}
    spelled = spell_fully(cell, digits)
    return {key: spelled.decimal, f"{key}_radius": spelled.radius}
