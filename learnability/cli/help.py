"""Help as plain aligned text: nothing to load, nothing to draw, readable everywhere."""

import shutil
import textwrap
from typing import Any

MAX_WIDTH = 88
MAX_NAMES = 24


class AlignedHelp:
    """Names on the left, descriptions wrapped on the right."""

    def __call__(self, console: Any, options: Any, panel: Any) -> None:
        """Print one panel of entries."""
        del console, options
        if not panel.entries:
            return
        width = min(MAX_WIDTH, shutil.get_terminal_size().columns)
        rows = [(_names(panel.format, entry), _says(entry)) for entry in panel.entries]
        left = min(MAX_NAMES, max(len(names) for names, _ in rows)) + 4
        print(f"{panel.title}:")
        for names, says in rows:
            lines = textwrap.wrap(says, max(20, width - left)) or [""]
            head = f"  {names}".ljust(left)
            if len(head) > left:
                print(head.rstrip())
                head = " " * left
            for line in lines:
                print(f"{head}{line}".rstrip())
                head = " " * left
        print()

    def render_usage(self, console: Any, options: Any, usage: Any) -> None:
        """Print the usage line."""
        del console, options
        print(f"{_plain(usage).strip()}\n")

    def render_description(self, console: Any, options: Any, description: Any) -> None:
        """Print what the command does; an indented example keeps its line."""
        del console, options
        text = _plain(description).strip()
        if not text:
            return
        width = min(MAX_WIDTH, shutil.get_terminal_size().columns)
        for paragraph in text.split("\n\n"):
            if paragraph.lstrip().startswith("An example"):
                print(paragraph.replace("\n", "\n  "))
            else:
                print(textwrap.fill(" ".join(paragraph.split()), width))
            print()


def _plain(something: Any) -> str:
    """Text without markup, from whatever the parser hands over."""
    if something is None:
        return ""
    if isinstance(something, str):
        return something
    for name in ("plain", "text", "markup"):
        text = getattr(something, name, None)
        if isinstance(text, str):
            return text
    parts = getattr(something, "renderables", None)
    if parts is None:
        parts = getattr(something, "_renderables", None)
    if parts is not None:
        return "\n\n".join(filter(None, (_plain(part).strip() for part in parts)))
    primary = getattr(something, "primary_renderable", None)
    return _plain(primary) if primary is not None else str(something)


def _names(kind: str, entry: Any) -> str:
    names = [*entry.positive_shorts, *entry.positive_names]
    label = getattr(entry, "positional_label", None)
    joined = ", ".join([label, *names] if label else names)
    metavar = getattr(entry, "metavar", None)
    if kind == "parameter" and metavar and joined.startswith("-"):
        joined += f" {metavar}"
    return joined


def _says(entry: Any) -> str:
    parts = [" ".join(_plain(entry.description).split())]
    if entry.choices:
        parts.append(f"[{', '.join(entry.choices)}]")
    if entry.default is not None and entry.default != "False":
        parts.append(f"[default: {entry.default}]")
    if entry.required:
        parts.append("[required]")
    return " ".join(filter(None, parts))
