"""Checks that took long are remembered in the user's cache; others show that they work.

What is remembered belongs to one version of the sources of ``theory`` and of SymPy. The
variable LEARNABILITY_CACHE names another folder, or is "off".
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

import mpmath
import sympy

LONG = 1.0
"""Seconds from which on an answer is worth a file."""
PATIENCE = 2.0
"""Seconds after which a check says how far it is."""
OWN = "theory"
Progress = Callable[[int, int, str], None]


def folder() -> Path | None:
    """Where answers are kept; None where they are not."""
    chosen = os.environ.get("LEARNABILITY_CACHE", "")
    if chosen == "off":
        return None
    if chosen:
        return Path(chosen) / "checks"
    cache = os.environ.get("XDG_CACHE_HOME")
    base = Path(cache) if cache else Path.home() / ".cache"
    return base / "learnability" / "checks"


@lru_cache(maxsize=1)
def _sources() -> str:
    digest = hashlib.sha256(f"{sympy.__version__} {mpmath.__version__}".encode())
    root = Path(__file__).parents[2]
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def remembered(
    question: tuple[Any, ...], compute: Callable[[], tuple[str, ...]], *, again: bool
) -> tuple[str, ...]:
    """The answer to a question, from a file where it took long before.

    Parameters
    ----------
    question
        What decides the answer: texts and SymPy objects.
    compute
        Finds the answer, a few texts.
    again
        Whether it is found anew in any case.

    Examples
    --------
    >>> remembered(("what is 1 + 1?",), lambda: ("2",), again=True)
    ('2',)
    """
    place = folder()
    if place is None:
        return compute()
    said = "\n".join(
        x if isinstance(x, str) else sympy.srepr(sympy.sympify(x)) for x in question
    )
    key = hashlib.sha256(f"{_sources()}\n{said}".encode()).hexdigest()[:32]
    file = place / f"{key}.json"
    if not again:
        try:
            known = json.loads(file.read_text("utf-8"))
            if known["question"] == said:
                return tuple(map(str, known["answer"]))
        except (OSError, ValueError, KeyError, TypeError):
            pass  # nothing is there, or nothing that can be read
    start = monotonic()
    answer = compute()
    if monotonic() - start > LONG:
        try:
            place.mkdir(parents=True, exist_ok=True)
            made = file.with_suffix(f".{os.getpid()}")
            made.write_text(json.dumps({"question": said, "answer": answer}), "utf-8")
            made.replace(file)
        except OSError:
            pass  # a cache that cannot be written is none
    return answer


def is_own(*things: Any) -> bool:
    """Whether all of them are objects of ``theory``, whose sources are in the key.

    A rule is where its function is, which may be a module of a user's.
    """
    homes = (getattr(x, "match", type(x)).__module__ for x in things)
    return all(home.partition(".")[0] == OWN for home in homes)


@contextmanager
def working(what: str, progress: Progress | None = None) -> Iterator[Progress]:
    """A callback (done, total, where) that speaks up after two seconds.

    A terminal or a notebook gets a line on standard error, others nothing; a progress
    of the caller's is called at once.
    """
    if progress is not None:
        yield progress
        return
    start, width = monotonic(), 0
    heard = sys.stderr.isatty() or "ipykernel" in sys.modules

    def tell(done: int, total: int, where: str) -> None:
        nonlocal width
        if heard and monotonic() - start > PATIENCE:
            line = f"{what}: {done} of {total}, {where}"
            sys.stderr.write(f"\r{line.ljust(width)}")
            sys.stderr.flush()
            width = len(line)

    try:
        yield tell
    finally:
        if width:
            sys.stderr.write(f"\r{' ' * width}\r")
            sys.stderr.flush()
