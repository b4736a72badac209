"""A specification in TOML: its tables, and their fields, checked before anything runs."""

import re
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from theory import OutOfDomain
from theory.errors import meant
from theory.numbers import integer, rational
from verify.storage.toml_files import read_toml, toml_table

Setting = TypeVar("Setting")
Table = Mapping[str, Any]


def settings_of(
    source: Path | str | None,
    key: str,
    keys: Collection[str],
    make: Callable[[Table, int], Setting],
    text: str | None = None,
) -> tuple[Setting, ...]:
    """What the tables ``[[key]]`` of a specification ask for.

    Parameters
    ----------
    source
        A file, or with ``text`` the name to call it; a package's name for its own
        ``default.toml``.
    key, keys
        The name of the tables, and of the fields that one may have.
    make
        ``make(table, index)`` → a setting with a ``name``.
    text
        The text, where it is there already.

    Raises
    ------
    OutOfDomain
        Naming the file, the table, the field and its value.
    """
    name = str(source)
    if text is None:
        name, text = _read(source)
    try:
        data = toml_table(text)
    except ValueError as error:
        raise OutOfDomain(f"specification {name}: {error}{_hint(text)}") from None
    known(data, (key,), f"specification {name}")
    tables = data.get(key)
    if not isinstance(tables, list) or not tables:
        raise OutOfDomain(
            f"specification {name}: one or more tables [[{key}]] are needed"
        )
    found: list[Any] = []
    for index, table in enumerate(tables, start=1):
        where = f"specification {name}, [[{key}]] number {index}"
        if not isinstance(table, Mapping):
            raise OutOfDomain(f"{where} must be a table")
        if "name" in table:
            where += f" ({table['name']})"
        known(table, keys, where)
        try:
            found.append(make(table, index))
        except OutOfDomain as error:
            raise OutOfDomain(f"{where}: {error}") from None
    titles = [setting.name for setting in found]
    for title in titles:
        if titles.count(title) > 1:
            raise OutOfDomain(
                f"specification {name}: two tables are called {title!r}; give names"
            )
    return tuple(found)


def _hint(text: str) -> str:
    """What is said where a string holds a path with backslashes."""
    path = next(iter(re.findall(r'"([A-Za-z]:\\[^"\n]*)"', text)), None)
    if path is None:
        return ""
    shown = path.replace("\\\\", "\\")
    return f"; a path with backslashes stands between single quotes: '{shown}'"


def _read(source: Path | str | None) -> tuple[str, str]:
    if isinstance(source, str):
        name = "default.toml"
        return name, files(source).joinpath(name).read_text("utf-8")
    try:
        return str(source), read_toml(Path(str(source)))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutOfDomain(f"specification {source} cannot be read: {reason}") from None


def known(table: Any, keys: Collection[str], where: str) -> None:
    """Refuse what is no table, or has a field that nobody reads."""
    if not isinstance(table, Mapping):
        raise OutOfDomain(f"{where} = {table!r} must be a table")
    for key in table:
        if key not in keys:
            raise OutOfDomain(
                f"{where}: unknown field {key!r} (known: {', '.join(keys)})"
                f"{meant(key, keys)}"
            )


def needed(table: Table, key: str) -> Any:
    """A field that must be there."""
    if key not in table:
        raise OutOfDomain(f"{key} is missing")
    return table[key]


def listed(value: Any, name: str, *, empty: bool = False) -> list[Any]:
    """A list, not empty unless it may be."""
    if not isinstance(value, list) or (not value and not empty):
        kind = "a list" if empty else "a list that is not empty"
        raise OutOfDomain(f"{name} = {value!r} must be {kind}")
    return value


def text_of(value: Any, name: str) -> str:
    """A piece of text."""
    if not isinstance(value, str) or not value:
        raise OutOfDomain(f"{name} = {value!r} must be text")
    return value


def choice(table: Table, name: str, allowed: Collection[str], default: Any) -> Any:
    """One of some words; the default where the field is not there."""
    value = table.get(name, default)
    if name in table and value not in allowed:
        raise OutOfDomain(
            f"{name} = {value!r} is unknown (known: {', '.join(allowed)})"
            f"{meant(value, allowed)}"
        )
    return value


def several(
    table: Table,
    name: str,
    allowed: Collection[str],
    default: Collection[str],
    *,
    empty: bool = False,
) -> tuple[str, ...]:
    """Some of some words."""
    given = listed(table.get(name, list(default)), name, empty=empty)
    for item in given:
        if item not in allowed:
            listing = ", ".join(allowed)
            raise OutOfDomain(
                f"{name}: unknown {item!r} (known: {listing}){meant(item, allowed)}"
            )
    return tuple(given)


def fraction(value: Any, name: str, **limits: Any) -> Fraction:
    """An exact number."""
    exact = rational(value, name, **limits)
    return Fraction(int(exact.p), int(exact.q))


def sizes_of(value: Any, most: int | None = None) -> tuple[int, ...]:
    """Numbers of training points, rising."""
    limit = {} if most is None else {"most": most}
    sizes = tuple(integer(n, "n", least=1, **limit) for n in listed(value, "n"))
    if list(sizes) != sorted(set(sizes)):
        raise OutOfDomain(f"n = {list(sizes)} must be different numbers, rising")
    return sizes


def margins_of(table: Table, usual: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The largest differences that count as agreement, by statistic."""
    given = table.get("margins", {})
    known(given, usual, "margins")
    return dict(usual) | {
        name: fraction(value, f"margins.{name}", positive=True)
        for name, value in given.items()
    }
