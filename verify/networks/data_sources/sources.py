"""From a description of data back to the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from verify.networks.data_sources.domain_data import (
    CircleData,
    HypercubeData,
    SphereData,
)
from verify.networks.data_sources.examples import DataSource, TableData
from verify.networks.data_sources.label_noise import NoisyData
from verify.networks.errors import SettingError

_SIZE = {
    "hypercube": (HypercubeData, "dimension"),
    "circle": (CircleData, "points"),
    "sphere": (SphereData, "dimension"),
}
_UNUSED = {"sphere": ("sampling",)}
"""Settings that a sampled domain has no use for."""


def source_from(
    description: dict[str, Any],
    table: Callable[[str], tuple[Any, Any]] | None = None,
) -> DataSource:
    """Rebuild a source of data.

    Parameters
    ----------
    description : dict
        As a source's ``description`` gives it.
    table : callable, optional
        Returns the points and values of a table by its digest.

    Raises
    ------
    SettingError
        If the domain is unknown, or a table is wanted and none can be had.

    Examples
    --------
    >>> data = HypercubeData(3, ("parity:1",))
    >>> source_from(data.description) == data
    True
    """
    rest = dict(description)
    noise = rest.pop("noise", None)
    if noise is not None:
        return NoisyData(source_from(rest, table), noise)
    domain = str(rest.pop("domain", ""))
    kind, _, size = domain.partition(":")
    targets = tuple(rest.pop("targets", ()))
    if kind == "table" and table is not None:
        points, values = table(size)
        return TableData(points, values, targets, **rest)
    if kind in _SIZE and size.isdecimal():
        source, name = _SIZE[kind]
        for setting in _UNUSED.get(kind, ()):
            rest.pop(setting, None)
        return source(**{name: int(size)}, targets=targets, **rest)
    raise SettingError(
        f"domain = {domain!r}: must be hypercube:D, circle:M, sphere:D or table:HASH"
    )
