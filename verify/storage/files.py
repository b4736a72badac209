"""Files that are whole or absent, and that are set aside only when they are damaged.

This is the one writer and the one reader of everything that resumes. It imports neither
NumPy nor JAX nor the theory.
"""

import os
import stat
import time
import uuid
import warnings
from pathlib import Path

TRIES = 5
FIRST_PAUSE = 0.1


class SetAsideWarning(UserWarning):
    """A file of finished work could not be trusted and was moved away."""


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that is either absent or whole, also if the machine stops.

    A file that is there keeps its permissions.

    Parameters
    ----------
    path : Path
        Its place; an older file there is replaced.
    content : bytes
        Its content.

    Raises
    ------
    OSError
        When the folder cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name[:80]}.{uuid.uuid4().hex}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            os.chmod(beside, stat.S_IMODE(path.stat().st_mode))
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def read_bytes(path: Path) -> bytes | None:
    """A file's content, or None where there is no file.

    Too many open files, a stale handle of a network disk and the like pass, and say
    nothing about the file. So reading is tried again for about three seconds.

    Raises
    ------
    OSError
        When it still cannot be read; the file stays where it is.
    """
    pause = FIRST_PAUSE
    for attempt in range(1, TRIES + 1):
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if attempt == TRIES:
                reason = (
                    f"{error.strerror or error}, {TRIES} times; the file is kept as it "
                    "is, run again once it can be read"
                )
                raise OSError(error.errno, reason, str(path)) from error
        time.sleep(pause)
        pause *= 2
    raise AssertionError


def set_aside(path: Path, reason: str, folder: Path | None = None) -> None:
    """Move a damaged file away, write the reason beside it, and warn.

    Parameters
    ----------
    path
        The file; that another process was faster is no error.
    reason
        Why it cannot be trusted.
    folder
        Where it goes; beside its place, with the suffix ``.set-aside``, by default.
    """
    mark = uuid.uuid4().hex[:8]
    name = f"{path.name}.set-aside" if folder is None else f"{path.name}.{mark}"
    place = path.with_name(name) if folder is None else folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(path, place)
    except FileNotFoundError:
        return
    place.with_name(place.name + ".why").write_text(reason + "\n", encoding="utf-8")
    warnings.warn(
        f"{path} was set aside as {place}: {reason}", SetAsideWarning, stacklevel=4
    )
