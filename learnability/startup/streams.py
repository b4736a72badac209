"""Standard output and error that take every letter, and that are there at all.

Greek letters and signs become plain ones where the terminal's encoding lacks them, so
that a result is never lost to ``PYTHONIOENCODING=ascii`` or a Windows code page.
"""

import codecs
import contextlib
import io
import os
import sys
import unicodedata

PLAIN = {
    "±": "+/-",
    "×": "x",
    "·": "*",
    "−": "-",
    "–": "-",
    "—": "-",
    "…": "...",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "≈": "~",
    "→": "->",
    "∞": "inf",
    "√": "sqrt",
    "∈": "in",
    "⊂": "in",
    "∂": "d",
    "∫": "int",
    "•": "*",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "│": "|",
    "─": "-",
    "╭": "+",
    "╮": "+",
    "╰": "+",
    "╯": "+",
    "█": "#",
    "━": "-",
    "✓": "+",
    "✗": "x",
}
HANDLER = "learnability-plain"


class _Closed(io.TextIOBase):
    """In place of a standard output that is closed: nothing can be delivered there."""

    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not text:
            return 0
        from learnability.errors import BadRequest

        raise BadRequest("the standard output is closed; give --output FILE")


def plain(text: str) -> str:
    """Text in ASCII: letters by name, signs as they are typed, accents dropped.

    Examples
    --------
    >>> plain("λ = 2.0 ± 0.1, σ² ≥ 0")
    'lambda = 2.0 +/- 0.1, sigma^2 >= 0'
    """
    return "".join(letter if letter.isascii() else _plain(letter) for letter in text)


def _plain(letter: str) -> str:
    if letter in PLAIN:
        return PLAIN[letter]
    name = unicodedata.name(letter, "")
    kind, _, rest = name.partition(" LETTER ")
    if kind in {"GREEK SMALL", "GREEK CAPITAL"}:
        word = {"LAMDA": "LAMBDA"}.get(rest.split()[0], rest.split()[0])
        return word.lower() if kind.endswith("SMALL") else word.capitalize()
    raised = "^" if name.startswith("SUPERSCRIPT") else ""
    parts = unicodedata.normalize("NFKD", letter).replace("\u2044", "/")
    kept = "".join(part for part in parts if part.isascii())
    return raised + kept if kept else "?"


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


def prepare() -> None:
    """Let standard output and error take every letter, and stand in for closed ones."""
    codecs.register_error(HANDLER, _replace)
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:  # else the next file to be opened would become this stream
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors=HANDLER)
