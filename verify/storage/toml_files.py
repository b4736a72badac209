"""TOML that people write: read up to a size, and refused in words."""

import tomllib
from pathlib import Path
from typing import Any

MAX_BYTES = 256 << 10


def read_toml(path: Path) -> str:
    """The text of a file, without a byte-order mark.

    Raises
    ------
    OSError
        When it cannot be opened.
    ValueError
        When it is too large, as a device would be, or no text.
    """
    with path.expanduser().open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES >> 10} KiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not text") from None


def toml_table(text: str) -> dict[str, Any]:
    """What a text in TOML says.

    Raises
    ------
    ValueError
        When it is no TOML, or nested too deeply.

    Examples
    --------
    >>> toml_table("n = [1, 2]")
    {'n': [1, 2]}
    >>> toml_table("n = " + 5000 * "[")
    Traceback (most recent call last):
        ...
    ValueError: it is nested too deeply
    """
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"it is not TOML: {error}") from None
