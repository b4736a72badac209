"""What is compared on data, as a TOML file that is checked before anything runs."""

from functools import partial
from pathlib import Path

from numerics.kernel_matrices.entries import NORMS
from theory import OutOfDomain, kernels
from theory.numbers import integer
from verify.data.comparison import MARGINS, STATISTICS, DataSetting, controls
from verify.data.labelled_points import DataSet
from verify.data.load import load_data
from verify.regression.comparison.claim import TheoryClaim, read_claim
from verify.regression.comparison.toml_fields import (
    Table,
    choice,
    fraction,
    margins_of,
    needed,
    settings_of,
    several,
    sizes_of,
    text_of,
)
from verify.regression.predicted import EQUATIONS
from verify.regression.regression_problem import WITH, WITHOUT

LOADING = (
    "task",
    "label",
    "scale",
    "duplicates",
    "points",
    "features",
    "header",
    "separator",
    "decimal",
)
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
CLAIMS = {"norms": NORMS, "equation": EQUATIONS}
MAX_TRIALS = 100_000
SHARE = 8
FIRST = 8
MAX_SAMPLE = 400


def load(path: Path | None = None) -> tuple[DataSetting, ...]:
    """The settings of a file, or the suite's own.

    Raises
    ------
    OutOfDomain
        Naming the file, the setting, the field and its value.
    """
    folder = None if path is None else Path(path).parent
    make = partial(_setting, folder=folder)
    return settings_of(path or __package__, "data", KEYS, make)


def read(text: str, name: str) -> tuple[DataSetting, ...]:
    r"""The settings of a TOML text.

    Examples
    --------
    >>> (one,) = read('[[data]]\ndata = "wine"\nkernel = "gaussian:width=2"', "mine")
    >>> one.sizes[-2:], one.claimed
    ((89, 160), 22)
    """
    return settings_of(name, "data", KEYS, _setting, text)


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


def _setting(table: Table, index: int, folder: Path | None = None) -> DataSetting:
    del index
    source = text_of(needed(table, "data"), "data")
    data = _data(source, table, folder)
    kernel = kernels.parse(text_of(needed(table, "kernel"), "kernel"))
    ridge = fraction(table.get("ridge", 0), "ridge", least=0)
    M = data.size
    if "n" in table:
        given = table["n"]
        sizes = sizes_of(given if isinstance(given, list) else [given], M - 1)
        claimed = sizes[-1]
    else:
        sizes, claimed = default_sizes(M), max(2, M // SHARE)
    if "claim" in table:
        claimed = integer(table["claim"], "claim", least=sizes[0], most=M - 1)
    usual = [s for s in STATISTICS if ridge or s != "constant"]
    statistics = several(table, "statistics", STATISTICS, usual)
    trials = integer(table.get("trials", 200), "trials", least=8, most=MAX_TRIALS)
    sample = min(MAX_SAMPLE, M // 2)
    sample = integer(table.get("sample", sample), "sample", least=0, most=M)
    if 0 < sample <= sizes[0]:
        raise OutOfDomain(
            f"sample = {sample} must be above the smallest n, {sizes[0]}, or 0"
        )
    title = str(table.get("name", f"{data.name}, δ = {ridge}"))
    setting = DataSetting(
        name=title,
        data=data,
        kernel=kernel,
        sizes=sizes,
        claimed=claimed,
        norms=choice(table, "norms", NORMS, "own"),
        ridge=ridge,
        trials=trials,
        sampling=choice(table, "sampling", (WITHOUT, WITH), WITHOUT),
        statistics=statistics,
        margins=margins_of(table, MARGINS),
        theory=TheoryClaim(**read_claim(table.get("theory", {}), CLAIMS)),
        sample=sample,
    )
    offered = list(controls(setting))
    wanted = several(table, "controls", offered, offered, empty=True)
    object.__setattr__(setting, "controls", wanted)
    return setting


def _data(source: str, table: Table, folder: Path | None) -> DataSet:
    options = {name: table[name] for name in LOADING if name in table}
    if options.get("label") == "none":
        options["label"] = None
    beside = None if folder is None else folder / Path(source).expanduser()
    found = beside if beside is not None and beside.is_file() else source
    try:
        data = load_data(found, **options)
    except OutOfDomain as error:
        spoilt = [x for x in "\t\n\r\b\f" if x in source]
        if (spoilt and "no such file" in str(error)) or (
            spoilt and "neither" in str(error)
        ):
            raise OutOfDomain(
                f"{error}; a path with backslashes stands between single quotes"
            ) from None
        raise
    if data.targets is None:
        raise OutOfDomain(
            f"data = {source!r} has no labels, so there is nothing to compare"
        )
    return data
