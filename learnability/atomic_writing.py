"""Files are written beside their place and then renamed: never half, never lost."""

import os
from pathlib import Path

from learnability.errors import BadRequest
from verify.storage.files import write_atomically


def check_writable(path: Path) -> None:
    """Refuse a path that cannot become a file, before any work is done for it.

    Raises
    ------
    BadRequest
        When it is a folder, or its folder is missing or not writable.

    Examples
    --------
    >>> check_writable(Path("/"))
    Traceback (most recent call last):
        ...
    learnability.errors.BadRequest: output = /: is a folder, a file is needed
    """
    path = path.resolve()
    if path.is_dir():
        raise BadRequest(f"output = {path}: is a folder, a file is needed")
    if not path.parent.is_dir():
        raise BadRequest(f"output = {path}: the folder {path.parent} does not exist")
    if _is_special(path):
        return
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise BadRequest(f"output = {path}: the folder {path.parent} cannot be written")


def check_folder(path: Path) -> None:
    """Refuse a path that neither is a folder that can be written, nor can become one.

    Raises
    ------
    BadRequest
        When it is a file, or the nearest folder above it cannot be written.

    Examples
    --------
    >>> check_folder(Path("/dev/null"))
    Traceback (most recent call last):
        ...
    learnability.errors.BadRequest: output = /dev/null: is a file, a folder is needed
    """
    path = path.resolve()
    if path.exists() and not path.is_dir():
        raise BadRequest(f"output = {path}: is a file, a folder is needed")
    above = next(folder for folder in (path, *path.parents) if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise BadRequest(f"output = {path}: {above} cannot be written")


def write(path: Path, text: str) -> None:
    """Write a whole text file, or nothing, as ``write_bytes`` does.

    Raises
    ------
    BadRequest
        When it cannot be written.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write a whole file, or nothing; a device such as /dev/null is written directly.

    Raises
    ------
    BadRequest
        When it cannot be written.
    """
    check_writable(path)
    path = path.resolve()
    try:
        if _is_special(path):
            path.write_bytes(data)
            return
        write_atomically(path, data)
    except OSError as error:
        raise BadRequest(f"output = {path}: {error.strerror or error}") from error


def _is_special(path: Path) -> bool:
    """Whether the path is a device or a pipe, which must not be replaced."""
    return path.exists() and not path.is_file()
