"""How objects show themselves."""

from typing import Any

LONGEST_LINE = 100


class Shown:
    """How objects show themselves: one line, a text, and LaTeX in notebooks.

    A class says ``_line()``, what one line tells of it; where it has ``latex()`` that is
    what notebooks set.
    """

    __slots__ = ()

    def text(self) -> str:
        """What it says, in lines of Unicode."""
        return str(self)

    def _line(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        line = " ".join(self._line().split())
        if len(line) > LONGEST_LINE:
            line = f"{line[:LONGEST_LINE]}…"
        return f"<{type(self).__name__} {line}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython shows in a terminal: the text."""
        printer.text(repr(self) if cycle else str(self))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"  # type: ignore[attr-defined]
