"""One table for everything, in every format."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learnability.atomic_writing import write
from learnability.table.content import Column, TableContent
from learnability.table.latex_page import as_latex
from learnability.table.layout import as_csv, as_html, as_markdown, as_text
from theory.methods import FromAbove

SUFFIXES = {
    ".txt": "text",
    ".tex": "latex",
    ".md": "markdown",
    ".csv": "csv",
    ".json": "json",
}
LONGEST = 80
"""Letters of a title that one line shows."""


@dataclass(frozen=True, repr=False)
class Table(TableContent):
    """Rows under columns, with a caption that says how they were made.

    Examples
    --------
    >>> columns = (Column("k", "k", "$k$"), Column("x", "x", "$x$"))
    >>> print(Table(columns, ((0, 12), (10, 3)), "Two numbers."))
     k   x
     0  12
    10   3
    """

    to_dataframe = FromAbove("learnability")

    def __repr__(self) -> str:
        size = f"{len(self.rows)} rows, {len(self.columns)} columns"
        title = " ".join(self.title.split())
        short = title if len(title) <= LONGEST else f"{title[:LONGEST]}…"
        return f"<Table: {short} {size}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython shows in a terminal: the table."""
        printer.text("Table(…)" if cycle else str(self))

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
            raise OutOfDomain(
                f"{path}: the suffix must be one of {', '.join(SUFFIXES)}"
            )
        getattr(self, kind)(path)

    def _give(self, text: str, path: Path | str | None) -> str:
        if path is not None:
            write(Path(path), text)
        return text

    def _repr_html_(self) -> str:
        return as_html(self)

    def __str__(self) -> str:
        return self.text().rstrip("\n")


__all__ = ["Column", "Table"]
