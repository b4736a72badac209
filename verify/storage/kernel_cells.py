"""Finished pieces of work without nets, one resumable file each, named by its settings."""

from __future__ import annotations

import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from verify.networks.sweeps.folder import SetAsideWarning, write_atomically

FORMAT = 2
Arrays = dict[str, np.ndarray]


def stored(
    folder: Path, prefix: str, settings: dict[str, Any], compute: Callable[[], Arrays]
) -> Arrays:
    """Arrays that settings determine: from the folder where they are there, else computed.

    A file that cannot be read, or answers another question, is set aside with the suffix
    ``.set-aside``, which a warning says, and computed again.

    Parameters
    ----------
    folder
        Where files are kept.
    prefix
        What the file's name begins with.
    settings
        Everything that determines the numbers, as JSON can hold it.
    compute
        Called where the file is missing.
    """
    text = json.dumps({"format": FORMAT, **settings}, sort_keys=True)
    path = folder / f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()}.npz"
    found = _load(path, text)
    if found is not None:
        return found
    arrays = compute()
    memory = io.BytesIO()
    named: dict[str, Any] = {**arrays, "json": np.array(text)}
    np.savez(memory, allow_pickle=False, **named)
    write_atomically(path, memory.getvalue())
    return arrays


def _load(path: Path, text: str) -> Arrays | None:
    if not path.exists():
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
            if str(archive["json"]) == text:
                return {name: archive[name] for name in archive if name != "json"}
        reason = "it answers another question"
    except (ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        reason = f"it cannot be read ({error})"
    aside = path.with_suffix(".npz.set-aside")
    path.rename(aside)
    warnings.warn(
        f"{path}: {reason}; kept as {aside.name}", SetAsideWarning, stacklevel=3
    )
    return None
