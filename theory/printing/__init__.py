"""LaTeX and lines of Unicode, in the order and with the letters of the papers."""

from theory.printing.latex_printer import latex
from theory.printing.shown import Shown
from theory.printing.text_printer import RELATIONS, lowered, text

__all__ = ["RELATIONS", "Shown", "latex", "lowered", "text"]
