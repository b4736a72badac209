"""What a prediction holds: the statistics of a target over n, ridge and noise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory import Unsupported

STATISTICS = {
    "E0": "overfitting_coefficient",
    "target_learnability": "target_learnability",
    "bias": "bias",
    "variance": "variance",
    "test_mse": "test_mse",
    "train_mse": "train_mse",
}
"""Attribute → formula of ``theory.statistics``."""

_table: Callable[..., Any] | None = None


def show_tables_with(function: Callable[..., Any]) -> None:
    """Let a higher layer say how ``Prediction.table`` makes its table.

    Imports run downhill, so this layer cannot fetch the function by itself.
    """
    global _table
    _table = function


@dataclass(frozen=True)
class Prediction:
    """Statistics as arrays over the broadcast shape of n, ridge and noise.

    Entries are floats, or Balls where digits were asked for. ``bias`` leaves the label
    noise out, ``test_mse`` includes it.

    Attributes
    ----------
    n, ridge, noise
        The exact inputs, broadcast.
    C, E0, target_learnability, bias, variance, test_mse, train_mse
        The constant and the statistics.
    learnability
        Level → array, for the levels of the target.
    digits
        Proved digits, or None for float64.
    relative_error
        Bound of the relative error in float64 (0 where balls carry their own).
    """

    n: np.ndarray
    ridge: np.ndarray
    noise: np.ndarray
    C: np.ndarray
    E0: np.ndarray
    learnability: Mapping[int, np.ndarray]
    target_learnability: np.ndarray
    bias: np.ndarray
    variance: np.ndarray
    test_mse: np.ndarray
    train_mse: np.ndarray
    digits: int | None
    relative_error: float

    def rows(self) -> Iterator[dict[str, Any]]:
        """One mapping for each combination, in order; learnability is nested."""
        for index in np.ndindex(self.n.shape):
            row = {
                name: getattr(self, name)[index]
                for name in ("n", "ridge", "noise", "C", "E0")
            }
            row["learnability"] = {
                k: values[index] for k, values in self.learnability.items()
            }
            for name in list(STATISTICS)[1:]:
                row[name] = getattr(self, name)[index]
            yield row

    def table(self, **options: Any) -> Any:
        """The prediction as a table; what ``learnability.table.prediction`` takes.

        Raises
        ------
        Unsupported
            When the front door, which owns tables, has not been imported.
        """
        if _table is None:
            msg = "tables belong to the front door: import learnability, then .table()"
            raise Unsupported(msg)
        return _table(self, **options)

    def to_xarray(self) -> Any:
        """The prediction as a labelled dataset over one axis (needs xarray)."""
        import xarray

        data = {
            name: ("case", np.ravel(getattr(self, name)).astype(float))
            for name in STATISTICS
        }
        data["C"] = ("case", np.ravel(self.C).astype(float))
        for k, values in self.learnability.items():
            data[f"learnability_{k}"] = ("case", np.ravel(values).astype(float))
        coordinates = {
            name: ("case", np.ravel(getattr(self, name)).astype(float))
            for name in ("n", "ridge", "noise")
        }
        return xarray.Dataset(data, coords=coordinates)
