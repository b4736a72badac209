"""Where a command's result goes, decided before the work begins."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learnability.atomic_writing import check_writable, write
from learnability.cli.options import Common, Format
from learnability.errors import BadRequest

SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".tex": "latex",
    ".md": "markdown",
    ".csv": "csv",
    ".json": "json",
}
ALL: tuple[Format, ...] = ("text", "latex", "markdown", "csv", "json")


@dataclass(frozen=True)
class Sink:
    """A format, and a file or the standard output."""

    format: Format
    path: Path | None

    def give(self, text: str) -> None:
        """Deliver the whole result at once."""
        text = text if text.endswith("\n") else text + "\n"
        if self.path is not None:
            write(self.path, text)
        else:
            sys.stdout.write(text)
            sys.stdout.flush()

    def give_json(self, data: Any) -> None:
        """Deliver data as json."""
        self.give(json.dumps(data, indent=2, ensure_ascii=False))


def sink(common: Common, allowed: tuple[Format, ...] = ALL) -> Sink:
    """The sink that ``--format`` and ``--output`` ask for.

    Raises
    ------
    BadRequest
        When they contradict each other, the command has no such format, or the file
        cannot be written.
    """
    form, path = common.format, common.output
    if path is not None:
        by_suffix = SUFFIXES.get(path.suffix)
        if form is None and by_suffix is None:
            known = ", ".join(SUFFIXES)
            raise BadRequest(
                f"output = {path}: give --format, or a suffix among {known}"
            )
        if form is not None and by_suffix is not None and form != by_suffix:
            raise BadRequest(f"output = {path} is {by_suffix}, but format = {form}")
        form = form or by_suffix
        check_writable(path)
    form = form or "text"
    if form not in allowed:
        raise BadRequest(
            f"format = {form} is not made here (known: {', '.join(allowed)})"
        )
    return Sink(form, path)
