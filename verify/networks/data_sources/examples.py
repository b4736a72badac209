"""What nets learn: points, targets and how training sets are drawn.

A source of data is a small frozen object with a description that JSON can hold. The
description, not the arrays, goes into a cell's hash, and rebuilds the source on another
machine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from verify.networks.data_sources.sampling import sample_indices
from verify.networks.errors import SettingError, whole

Floats = NDArray[np.float64]


class Examples(NamedTuple):
    """The data of a block of trials, in float64.

    Attributes
    ----------
    train_inputs : ndarray
        [trials, n, dim]
    train_targets : ndarray
        [trials, targets, n]
    test_inputs : ndarray
        [m, dim]
    test_targets : ndarray
        [targets, m]
    indices : ndarray or None
        [trials, n]: rows of ``test_inputs`` that are trained on, if the domain is
        finite.
    """

    train_inputs: Floats
    train_targets: Floats
    test_inputs: Floats
    test_targets: Floats
    indices: NDArray[np.int64] | None


class DataSource(Protocol):
    """What a cell needs of its data."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Name every target, in the order of the results."""
        ...

    @property
    def description(self) -> dict[str, Any]:
        """Describe the data so that `source_from` can rebuild it."""
        ...

    def examples(self, n: int, trials: tuple[int, ...]) -> Examples:
        """Build the training sets of some trials and the common test set."""
        ...


def level_of(name: str, word: str, low: int, high: int | None) -> int:
    """Return the number in a target's name, such as 3 in ``parity:3``."""
    kind, colon, number = name.partition(":")
    if kind == word and colon and number.isdecimal():
        return whole(f"level of target {name!r}", int(number), low, high)
    raise SettingError(f"target = {name!r}: must be {word}:LEVEL")


def target_names(targets: object) -> tuple[str, ...]:
    """Return the names of targets, which must differ, as a tuple."""
    names = (targets,) if isinstance(targets, str) else tuple(targets)  # type: ignore[arg-type]  # any iterable
    if not names or len(set(names)) != len(names):
        raise SettingError(f"targets = {names!r}: must be one or more different names")
    return names


def draw_from(
    points: Floats,
    values: Floats,
    n: int,
    trials: tuple[int, ...],
    seed: int,
    rule: str,
) -> Examples:
    """Draw training sets from a finite domain that is also the test set."""
    replace = rule == "with_replacement"
    indices = np.stack(
        [sample_indices(len(points), n, t, seed, replace=replace) for t in trials]
    )
    inputs = points[indices]
    return Examples(
        inputs, values[:, indices].transpose(1, 0, 2), points, values, indices
    )


def check_sampling(rule: str) -> None:
    """Refuse an unknown way of drawing training sets."""
    if rule not in ("without_replacement", "with_replacement"):
        raise SettingError(
            f"sampling = {rule!r}: must be without_replacement or with_replacement"
        )


@dataclass(frozen=True, eq=False)
class TableData:
    """Any finite domain: points and target values as arrays.

    Parameters
    ----------
    points : ndarray
        Inputs [m, dim]; all of them are the test set.
    values : ndarray
        Targets [targets, m].
    targets : tuple of str
        A name for each.
    seed : int
        Seed of the draws of training sets.
    sampling : {"without_replacement", "with_replacement"}
        How training points are drawn.

    Examples
    --------
    >>> data = TableData(np.eye(3), [[1.0, -1.0, 0.0]], ("difference",))
    >>> data.examples(n=2, trials=(0,)).train_targets.shape
    (1, 1, 2)
    """

    points: Floats
    values: Floats
    targets: tuple[str, ...]
    seed: int = 0
    sampling: str = "without_replacement"

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "points", np.array(self.points, np.float64))
        put(self, "values", np.array(self.values, np.float64))
        put(self, "targets", target_names(self.targets))
        whole("seed", self.seed, 0)
        check_sampling(self.sampling)
        right = (len(self.targets), len(self.points))
        if self.points.ndim != 2 or self.values.shape != right:
            raise SettingError(
                f"points {self.points.shape}, values {self.values.shape}: must be "
                f"[m, dim] and [targets, m] with {len(self.targets)} targets"
            )
        if not (np.isfinite(self.points).all() and np.isfinite(self.values).all()):
            raise SettingError("points, values: must be finite")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of both arrays."""
        record = hashlib.sha256()
        for array in (self.points, self.values):
            record.update(repr(array.shape).encode())
            record.update(array.astype("<f8").tobytes())
        return record.hexdigest()

    @property
    def description(self) -> dict[str, Any]:
        """Describe the data; the arrays by their hash."""
        return {
            "domain": f"table:{self.digest}",
            "targets": list(self.targets),
            "sampling": self.sampling,
            "seed": self.seed,
        }

    def examples(self, n: int, trials: tuple[int, ...]) -> Examples:
        """Draw the training sets of some trials."""
        return draw_from(self.points, self.values, n, trials, self.seed, self.sampling)
