"""Progress on standard error: only for a terminal, and never with ``--quiet``."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int, str], None]


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
