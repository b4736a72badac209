"""Progress on standard error, never with ``--quiet``: a bar, or a line every minute."""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

Progress = Callable[[int, int, str], None]
PACKAGES = ("theory", "numerics", "verify", "learnability")
FIRST, EVERY = 20.0, 60.0
"""Seconds until the first line, and between lines."""
SPEAK_FOR_THEMSELVES = {"explore", "nets"}
"""Commands that run until they are ended, or have a display of their own."""


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress | None]:
    """A callback (done, total, what) that draws a bar, or None where nobody looks.

    Examples
    --------
    >>> with progress(quiet=True) as report:
    ...     report is None
    True
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        yield report


def what_runs(frame: FrameType | None) -> str:
    """What the innermost module of ours is for: the first line of its docstring.

    Examples
    --------
    >>> what_runs(None)
    'starting'
    """
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] in PACKAGES:
            text = frame.f_globals.get("__doc__")  # none under python -OO
            return text.strip().splitlines()[0].rstrip(".") if text else name
        frame = frame.f_back
    return "starting"


@contextmanager
def announced(
    given: Sequence[str], first: float = FIRST, every: float = EVERY
) -> Iterator[None]:
    """While the body runs: a line after 20 seconds, and then every minute.

    Not with ``--quiet``, nor for commands that show their progress themselves.
    """
    if {"--quiet", "-q"} & set(given) or SPEAK_FOR_THEMSELVES & set(given[:1]):
        yield
        return
    start, done = time.monotonic(), threading.Event()
    main = threading.get_ident()

    def watch() -> None:
        wait = first
        while not done.wait(wait):
            doing = what_runs(sys._current_frames().get(main))
            spent = time.monotonic() - start
            line = f"learnability: at work for {spent:.0f} s; {doing}"
            try:
                print(line, file=sys.stderr, flush=True)
            except (OSError, ValueError):  # standard error is closed
                return
            wait = every

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
