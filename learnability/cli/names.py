"""NAMEs on the command line: listed where NAME is missing, guessed where it is mistyped."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from learnability.errors import BadRequest

EXAMPLES = {
    "table": "constant hypercube:8 ntk:relu:depth=1..3 -o constant.tex",
    "figure": "learning-curves sphere:8 ntk:relu:depth=1..3 -o curves.pdf",
}
HELP_FLAGS = ("--help", "-h")


def chosen(
    kind: str, words: Sequence[str], known: Iterable[str]
) -> tuple[str | None, list[str]]:
    """NAME and what follows it; None where the names are asked for.

    Raises
    ------
    BadRequest
        When there is no such name; the message lists the known ones.
    """
    known = list(known)
    if not words or words[0] in HELP_FLAGS:
        return None, []
    name, *rest = words
    if name.startswith("-"):
        raise BadRequest(
            f"NAME comes first: learnability {kind} NAME {name} … (known: {', '.join(known)})"
        )
    if name not in known:
        from theory.errors import meant

        raise BadRequest(
            f"{kind} {name!r} is unknown (known: {', '.join(known)}){meant(name, known)}"
        )
    return name, rest


def listing(kind: str, module: Any, known: Iterable[str]) -> str:
    """Every NAME with the sentence that says what it is, and how to go on."""
    known = list(known)
    width = max(map(len, known))
    lines = [f"Usage: learnability {kind} NAME [DOMAIN] [KERNEL...] [OPTIONS]", ""]
    for name in known:
        says = getattr(module, name.replace("-", "_")).__doc__ or ""
        says = says.strip().partition("\n")[0]
        first, *more = textwrap.wrap(says, 84 - width) or [""]
        lines.append(f"  {name.ljust(width)}  {first}")
        lines += [f"  {' ' * width}  {line}" for line in more]
    example = EXAMPLES[kind]
    lines += ["", "An example:", f"  learnability {kind} {example}", ""]
    lines += [f"learnability {kind} NAME --help lists the options of one; all have",
              "--output (-o), --quiet (-q) and --debug.", ""]  # fmt: skip
    return "\n".join(lines)
