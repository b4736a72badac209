"""What is compared on data, as a TOML file that is checked before anything runs."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

from numerics.kernel_matrices.entries import NORMS
from theory import OutOfDomain, kernels
from theory.numbers import integer, rational
from verify.data.comparison import (
    EQUATIONS,
    MARGINS,
    STATISTICS,
    WITH,
    WITHOUT,
    Belief,
    Setting,
    controls,
)
from verify.data.labelled_points import DataSet
from verify.data.load import load_data

LOADING = ("task", "label", "scale", "duplicates", "points")
KEYS = (
    "name",
    "data",
    *LOADING,
    "kernel",
    "norms",
    "n",
    "claim",
    "ridge",
    "trials",
    "sampling",
    "statistics",
    "margins",
    "theory",
    "controls",
    "sample",
)
BELIEFS = tuple(f.name for f in fields(Belief))
MAX_TRIALS = 100_000
SHARE = 8
FIRST = 8
MAX_SAMPLE = 400


def load(path: Path | None = None) -> tuple[Setting, ...]:
    """The settings of a file, or the suite's own.

    Raises
    ------
    OutOfDomain
        Naming the file, the setting, the field and its value.
    """
    if path is None:
        text = files("verify.data").joinpath("default.toml").read_text("utf-8")
        return read(text, "default.toml")
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        msg = f"specification {path} cannot be read: {reason}"
        raise OutOfDomain(msg) from None
    return read(text, str(path), Path(path).parent)


def read(text: str, name: str, folder: Path | None = None) -> tuple[Setting, ...]:
    r"""The settings of a TOML text; files are looked for from the folder.

    Examples
    --------
    >>> (one,) = read('[[data]]\ndata = "wine"\nkernel = "gaussian:width=2"', "mine")
    >>> one.sizes[-2:], one.claimed
    ((89, 160), 22)
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"specification {name} is not TOML: {error}"
        raise OutOfDomain(msg) from None
    _known(data, ("data",), f"specification {name}")
    tables = data.get("data")
    if not isinstance(tables, list) or not tables:
        msg = f"specification {name}: one or more tables [[data]] are needed"
        raise OutOfDomain(msg)
    settings: list[Setting] = []
    for index, table in enumerate(tables, start=1):
        where = f"specification {name}, [[data]] number {index}"
        if not isinstance(table, Mapping):
            msg = f"{where} must be a table"
            raise OutOfDomain(msg)
        _known(table, KEYS, where)
        try:
            settings.append(_setting(table, folder))
        except OutOfDomain as error:
            msg = f"{where}: {error}"
            raise OutOfDomain(msg) from None
    titles = [s.name for s in settings]
    for title in titles:
        if titles.count(title) > 1:
            msg = f"specification {name}: two tables are called {title!r}; give names"
            raise OutOfDomain(msg)
    return tuple(settings)


def default_sizes(points: int) -> tuple[int, ...]:
    """A few n up to an eighth of the points, then a half and nine tenths.

    Examples
    --------
    >>> default_sizes(1797)[0], default_sizes(1797)[-3:]
    (8, (224, 898, 1617))
    """
    last = max(2, points // SHARE)
    first = min(FIRST, max(1, last // 2))
    ratio = last / first
    steps = max(1, min(4, round(ratio)))
    inner = {round(first * ratio ** (k / steps)) for k in range(steps + 1)}
    beyond = {points // 2, (9 * points) // 10}
    return tuple(sorted(n for n in inner | beyond if 0 < n < points))


def _setting(table: Mapping[str, Any], folder: Path | None) -> Setting:
    source = _text(table, "data")
    data = _data(source, table, folder)
    kernel = kernels.parse(_text(table, "kernel"))
    norms = _choice(table, "norms", NORMS, "equal")
    ridge = _fraction(table.get("ridge", 0), "ridge")
    M = data.size
    if "n" in table:
        given = table["n"]
        listed = given if isinstance(given, list) else [given]
        if not listed:
            msg = "n = [] must hold a number"
            raise OutOfDomain(msg)
        sizes = tuple(integer(n, "n", least=1, most=M - 1) for n in listed)
        if list(sizes) != sorted(set(sizes)):
            msg = f"n = {given} must be different numbers, rising"
            raise OutOfDomain(msg)
        claimed = sizes[-1]
    else:
        sizes, claimed = default_sizes(M), max(2, M // SHARE)
    if "claim" in table:
        claimed = integer(table["claim"], "claim", least=sizes[0], most=M - 1)
    usual = [s for s in STATISTICS if ridge or s != "constant"]
    statistics = _several(table, "statistics", STATISTICS, usual)
    trials = integer(table.get("trials", 200), "trials", least=8, most=MAX_TRIALS)
    sample = min(MAX_SAMPLE, M // 2)
    sample = integer(table.get("sample", sample), "sample", least=0, most=M)
    if 0 < sample <= sizes[0]:
        msg = f"sample = {sample} must be above the smallest n, {sizes[0]}, or 0"
        raise OutOfDomain(msg)
    title = str(table.get("name", f"{data.name}, δ = {ridge}"))
    setting = Setting(
        name=title,
        data=data,
        kernel=kernel,
        sizes=sizes,
        claimed=claimed,
        norms=norms,
        ridge=ridge,
        trials=trials,
        sampling=_choice(table, "sampling", (WITHOUT, WITH), WITHOUT),
        statistics=statistics,
        margins=_margins(table),
        theory=_belief(table.get("theory", {})),
        sample=sample,
    )
    offered = list(controls(setting))
    wanted = _several(table, "controls", offered, offered, empty=True)
    object.__setattr__(setting, "controls", wanted)
    return setting


def _data(source: str, table: Mapping[str, Any], folder: Path | None) -> DataSet:
    options = {name: table[name] for name in LOADING if name in table}
    if options.get("label") == "none":
        options["label"] = None
    beside = None if folder is None else folder / source
    found = beside if beside is not None and beside.is_file() else source
    data = load_data(found, **options)
    if data.targets is None:
        msg = f"data = {source!r} has no labels, so there is nothing to compare"
        raise OutOfDomain(msg)
    return data


def _margins(table: Mapping[str, Any]) -> dict[str, Fraction]:
    margins = dict(MARGINS)
    given = table.get("margins", {})
    if not isinstance(given, Mapping):
        msg = f"margins = {given!r} must be a table"
        raise OutOfDomain(msg)
    _known(given, STATISTICS, "margins")
    for name, value in given.items():
        exact = rational(value, f"margins.{name}", positive=True)
        margins[name] = Fraction(int(exact.p), int(exact.q))
    return margins


def _belief(table: Any) -> Belief:
    if not isinstance(table, Mapping):
        msg = f"theory = {table!r} must be a table"
        raise OutOfDomain(msg)
    _known(table, BELIEFS, "theory")
    made: dict[str, Any] = {}
    if "kernel" in table:
        made["kernel"] = kernels.parse(_text(table, "kernel"))
    if "norms" in table:
        made["norms"] = _choice(table, "norms", NORMS, "equal")
    for name in ("constant_factor", "n_factor"):
        if name in table:
            exact = rational(table[name], f"theory.{name}", positive=True)
            made[name] = Fraction(int(exact.p), int(exact.q))
    made["equation"] = _choice(table, "equation", EQUATIONS, EQUATIONS[0])
    return Belief(**made)


def _known(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in keys:
            msg = f"{where}: unknown field {key!r} (known: {', '.join(keys)})"
            raise OutOfDomain(msg)


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value:
        said = "is missing" if name not in table else f"= {value!r} must be text"
        msg = f"{name} {said}"
        raise OutOfDomain(msg)
    return value


def _choice(
    table: Mapping[str, Any], name: str, known: tuple[str, ...], default: str
) -> str:
    value = table.get(name, default)
    if value not in known:
        msg = f"{name} = {value!r} is unknown (known: {', '.join(known)})"
        raise OutOfDomain(msg)
    return value


def _several(
    table: Mapping[str, Any],
    name: str,
    known: Any,
    default: list[str],
    *,
    empty: bool = False,
) -> tuple[str, ...]:
    given = table.get(name, default)
    if not isinstance(given, list) or (not given and not empty):
        msg = (
            f"{name} = {given!r} must be a list{'' if empty else ' that is not empty'}"
        )
        raise OutOfDomain(msg)
    for item in given:
        if item not in known:
            msg = f"{name}: {item!r} is unknown (known: {', '.join(known)})"
            raise OutOfDomain(msg)
    return tuple(given)


def _fraction(value: Any, name: str) -> Fraction:
    exact = rational(value, name, least=0)
    return Fraction(int(exact.p), int(exact.q))
