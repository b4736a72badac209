"""Locks on cells, so that two workers never do one cell twice.

A lock is an open file that the operating system frees when its process ends, however it
ends: a cell whose worker was killed is free at once, on this machine and, on a shared
folder, on every other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class Locks:
    """The locks on the cells of one folder.

    Parameters
    ----------
    folder : Path
        The folder of results; all machines must see it, and lock files on it.

    Examples
    --------
    >>> import tempfile
    >>> one, two = (Locks(Path(tempfile.gettempdir())) for _ in range(2))
    >>> with one.taken("cell") as first, two.taken("cell") as second:
    ...     print(first, second)
    True False
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "locks"
        self.path.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def taken(self, digest: str) -> Iterator[bool]:
        """Whether the cell is ours, for the length of a with block."""
        lock = FileLock(self.path / f"{digest}.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()
