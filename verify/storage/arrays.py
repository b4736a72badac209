"""Finished pieces of work as files of arrays, named by the settings that determine them.

A file holds its settings as JSON, the arrays, and a hash of both, so that numbers under
settings that are not theirs are noticed. Files written before there was a hash have none
and are read as they are; each array's checksum still guards them against damage.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from verify.storage.files import read_bytes, set_aside, write_atomically

FORMAT = 2
Arrays = dict[str, np.ndarray]


class Damaged(Exception):
    """Why a file cannot be trusted, as the end of a sentence."""


def digest_of(text: str, arrays: Mapping[str, np.ndarray]) -> str:
    """SHA-256 of settings and of every array's name, type, shape and numbers.

    Examples
    --------
    >>> one, two = (digest_of("{}", {"x": np.arange(n)}) for n in (2, 3))
    >>> one == two
    False
    """
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def pack(text: str, arrays: Mapping[str, np.ndarray]) -> bytes:
    """The bytes of a file, the same for the same settings and numbers."""
    named: dict[str, Any] = {name: np.asarray(x) for name, x in arrays.items()}
    memory = io.BytesIO()
    seal = np.array(digest_of(text, named))
    np.savez(memory, allow_pickle=False, json=np.array(text), sha256=seal, **named)
    return memory.getvalue()


def unpack(content: bytes) -> tuple[str, Arrays, bool]:
    """Settings, arrays, and whether a hash seals them.

    Raises
    ------
    Damaged
        When the bytes are no such file, are damaged, or the hash is another one.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        text = str(arrays.pop("json"))
    except MemoryError:
        raise
    except (
        AttributeError,
        EOFError,
        KeyError,
        NotImplementedError,
        OSError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise Damaged(
            f"it cannot be read ({str(error) or type(error).__name__})"
        ) from error
    seal = arrays.pop("sha256", None)
    if seal is not None and str(seal) != digest_of(text, arrays):
        raise Damaged("its numbers are not those that were written (the hash differs)")
    return text, arrays, seal is not None


def stored(
    folder: Path | None,
    prefix: str,
    settings: dict[str, Any],
    compute: Callable[[], Arrays],
) -> Arrays:
    """Arrays that settings determine: from the folder where they are there, else computed.

    A file that is damaged, or answers another question, is set aside with the suffix
    ``.set-aside``, which a warning says, and computed again. A file that cannot be read
    at the moment stays.

    Parameters
    ----------
    folder
        Where files are kept; None keeps nothing.
    prefix
        What the file's name begins with.
    settings
        Everything that determines the numbers, as JSON can hold it.
    compute
        Called where the file is missing.

    Raises
    ------
    OSError
        When a file is there and cannot be read, or none can be written.
    """
    if folder is None:
        return compute()
    text = json.dumps({"format": FORMAT, **settings}, sort_keys=True)
    path = folder / f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()}.npz"
    content = read_bytes(path)
    if content is not None:
        try:
            found, arrays, _ = unpack(content)
            if found == text:
                return arrays
            reason = "it answers another question"
        except Damaged as error:
            reason = str(error)
        set_aside(path, reason)
    arrays = compute()
    write_atomically(path, pack(text, arrays))
    return arrays
