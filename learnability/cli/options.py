"""Options that several commands share, described once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

Format = Literal["text", "latex", "markdown", "csv", "json"]
Text = Annotated[str, Parameter(allow_leading_hyphen=True, metavar="TEXT")]
Values = Annotated[str, Parameter(allow_leading_hyphen=True, metavar="LIST")]
Whole = Annotated[str, Parameter(allow_leading_hyphen=True, metavar="NUMBER")]
Samples = Annotated[
    str,
    Parameter(name=["-n", "--samples"], allow_leading_hyphen=True, metavar="LIST"),
]
Flag = Annotated[bool, Parameter(negative=())]


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """Where results go and how they look."""

    format: Annotated[Format | None, Parameter(name=["--format", "-f"])] = None
    """How results are written; text unless --output's suffix says otherwise."""
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None
    """A file (.txt .tex .md .csv .json) in place of the standard output."""
    quiet: Annotated[Flag, Parameter(name=["--quiet", "-q"])] = False
    """No progress and no remarks on standard error."""
    debug: Flag = False
    """Show the traceback of an error."""


@Parameter(name="*")
@dataclass(frozen=True)
class Printed(Common):
    """Where numbers go and how many of their digits are shown."""

    show: Whole | None = None
    """Digits that are printed in text, latex and markdown."""


@Parameter(name="*")
@dataclass(frozen=True)
class OfData:
    """How a file of data is taken; for data:FILE only."""

    label: Text | None = None
    """The column that is the label: a name, a number counted from 0, last or none."""
    norms: Text | None = None
    """own: every point keeps its norm (the default); equal: all have norm √d."""


def whole(text: str | None, name: str, most: int) -> int | None:
    """A positive whole number from an option, or None where it was not given.

    Examples
    --------
    >>> whole("30", "--digits", 100), whole(None, "--show", 100)
    (30, None)
    """
    from theory.numbers import integer

    return None if text is None else integer(text, name, least=1, most=most)
