"""Claims: so that two workers never do one cell twice.

A claim is a file ``claims/DIGEST.GENERATION``, created exclusively; the highest
generation holds the cell. Its holder touches it every few seconds. A claim is stale
when its process is known to be dead, or when it hasn't been touched for a while by the
clock of whoever waits (clocks of two machines are never compared). A stale claim is not
removed but outdone: the next generation is created, exclusively again, so only one
worker can win.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from verify.networks.errors import real


def _first_line(path: str) -> str:
    try:
        return Path(path).read_text().splitlines()[0]
    except (OSError, IndexError):
        return ""


def _machine() -> str:
    """Name this boot of this machine and this process namespace, or "" if unknown."""
    boot = _first_line("/proc/sys/kernel/random/boot_id")
    try:
        namespace = os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""
    return f"{boot} {namespace}" if boot else ""


def _born(pid: int) -> str:
    """Return when a process started, so that a reused number isn't mistaken for it."""
    line = _first_line(f"/proc/{pid}/stat")
    # the name in brackets may hold spaces; the start time is the 20th word after it
    words = line.rpartition(")")[2].split()
    zombie = bool(words) and words[0] in "ZX"
    return words[19] if len(words) > 19 and not zombie else ""


class Claims:
    """The claims of one worker on the cells of one folder.

    Parameters
    ----------
    folder : Path
        The folder of results.
    stale_after : float
        Seconds without a touch after which another worker's claim counts as dead.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> one, two = Claims(folder), Claims(folder)
    >>> one.take("cell"), two.take("cell")
    (True, False)
    >>> one.release("cell")
    >>> two.take("cell")
    True
    """

    def __init__(self, folder: Path, stale_after: float = 60.0) -> None:
        self.stale_after = real("stale_after", stale_after, 0, strict=True)
        self.path = folder / "claims"
        self.path.mkdir(parents=True, exist_ok=True)
        self.mine: dict[str, Path] = {}
        self._seen: dict[Path, tuple[int, float]] = {}
        self._me = json.dumps(
            {"machine": _machine(), "pid": os.getpid(), "born": _born(os.getpid())}
        )

    def _generations(self, digest: str) -> list[int]:
        return sorted(
            int(path.suffix[1:])
            for path in self.path.glob(f"{digest}.*")
            if path.suffix[1:].isdecimal()
        )

    def _stale(self, claim: Path) -> bool:
        try:
            touched, text = claim.stat().st_mtime_ns, claim.read_text()
        except FileNotFoundError:
            return False  # released just now; the next look finds it free
        try:
            holder = json.loads(text)
            machine, pid, born = holder["machine"], holder["pid"], holder["born"]
        except (ValueError, KeyError, TypeError):
            machine = pid = born = None  # not written yet, or damaged: wait for its age
        if machine and machine == _machine() and _born(int(pid or 0)) != born:
            return True
        now = time.monotonic()
        before = self._seen.get(claim)
        if before is None or before[0] != touched:
            self._seen[claim] = (touched, now)
            return False
        return now - before[1] > self.stale_after

    def take(self, digest: str) -> bool:
        """Claim a cell; tell whether it is ours now."""
        held = self._generations(digest)
        last = held[-1] if held else 0
        if held and not self._stale(self.path / f"{digest}.{last}"):
            return False
        claim = self.path / f"{digest}.{last + 1}"
        try:
            handle = os.open(claim, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            return False
        with os.fdopen(handle, "w") as file:
            file.write(self._me)
        self.mine[digest] = claim
        return True

    def holds(self, digest: str) -> bool:
        """Tell whether nobody has outdone our claim."""
        held = self._generations(digest)
        return bool(held) and self.path / f"{digest}.{held[-1]}" == self.mine[digest]

    def release(self, digest: str) -> None:
        """Give a cell back, finished or not."""
        self.mine.pop(digest)
        for generation in self._generations(digest):
            (self.path / f"{digest}.{generation}").unlink(missing_ok=True)

    def touch(self) -> None:
        """Say that we're alive."""
        for claim in list(self.mine.values()):
            try:
                os.utime(claim)
            except FileNotFoundError:  # released between the two lines
                continue

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Touch our claims from a thread, for the length of a with block."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(self.stale_after / 6):
                self.touch()

        thread = threading.Thread(target=beat, name="claims", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            for digest in list(self.mine):
                self.release(digest)
