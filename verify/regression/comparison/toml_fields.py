"""Fields of a table that a TOML file holds: known ones, needed ones, lists and text."""

from collections.abc import Mapping
from typing import Any

from theory import OutOfDomain


def known(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    """Refuse a field that nobody reads, naming those that are read."""
    for key in table:
        if key not in keys:
            msg = f"{where}: unknown field {key!r} (known: {', '.join(keys)})"
            raise OutOfDomain(msg)


def needed(table: Mapping[str, Any], key: str) -> Any:
    """A field that must be there."""
    if key not in table:
        msg = f"{key} is missing"
        raise OutOfDomain(msg)
    return table[key]


def listed(value: Any, name: str, *, empty: bool = False) -> list[Any]:
    """A list, not empty unless it may be."""
    if not isinstance(value, list) or (not value and not empty):
        msg = (
            f"{name} = {value!r} must be a list{'' if empty else ' that is not empty'}"
        )
        raise OutOfDomain(msg)
    return value


def text_of(value: Any, name: str) -> str:
    """A piece of text."""
    if not isinstance(value, str):
        msg = f"{name} = {value!r} must be text"
        raise OutOfDomain(msg)
    return value
