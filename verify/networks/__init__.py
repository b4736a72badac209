"""Finite nets by the thousand: trained in batches, resumed after any interruption.

Architecture, training and data make a `Cell`; `sweep` makes many, `run_cells` trains
those that a folder lacks, `Folder.results` reads them. Nothing here needs more than
NumPy and JAX, and JAX is loaded only when a name that needs it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.networks.batches.trained import Trained
    from verify.networks.batches.trainer import Trajectory, net_key, train, trajectory
    from verify.networks.data_sources.domain_data import (
        CircleData,
        HypercubeData,
        SphereData,
    )
    from verify.networks.data_sources.examples import Examples, TableData
    from verify.networks.data_sources.sampling import sample_indices
    from verify.networks.errors import (
        DeviceError,
        DivergenceError,
        FolderError,
        MemoryLimitError,
        NetworkError,
        SettingError,
    )
    from verify.networks.model.kernel import empirical_ntk
    from verify.networks.model.linearized import linearized_descent, linearized_flow
    from verify.networks.model.net import Architecture, apply, initialize
    from verify.networks.model.training_rule import OUTCOMES, Training, stable_rate
    from verify.networks.sweeps.cells import Cell, sweep
    from verify.networks.sweeps.folder import Folder, SetAsideWarning
    from verify.networks.sweeps.progress import Progress
    from verify.networks.sweeps.results import CellResult, ensemble
    from verify.networks.sweeps.running import SweepReport, run_cells

_ROOMS = {
    "sweeps.cells": ("Cell", "sweep"),
    "data_sources.examples": ("Examples", "TableData"),
    "data_sources.domain_data": ("CircleData", "HypercubeData", "SphereData"),
    "errors": (
        "DeviceError",
        "DivergenceError",
        "FolderError",
        "MemoryLimitError",
        "NetworkError",
        "SettingError",
    ),
    "sweeps.folder": ("Folder", "SetAsideWarning"),
    "model.kernel": ("empirical_ntk",),
    "model.linearized": ("linearized_descent", "linearized_flow"),
    "model.net": ("Architecture", "apply", "initialize"),
    "sweeps.progress": ("Progress",),
    "sweeps.results": ("CellResult", "ensemble"),
    "sweeps.running": ("SweepReport", "run_cells"),
    "data_sources.sampling": ("sample_indices",),
    "batches.trained": ("Trained",),
    "batches.trainer": ("Trajectory", "net_key", "train", "trajectory"),
    "model.training_rule": ("OUTCOMES", "Training", "stable_rate"),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "OUTCOMES",
    "Architecture",
    "Cell",
    "CellResult",
    "CircleData",
    "DeviceError",
    "DivergenceError",
    "Examples",
    "Folder",
    "FolderError",
    "HypercubeData",
    "MemoryLimitError",
    "NetworkError",
    "Progress",
    "SetAsideWarning",
    "SettingError",
    "SphereData",
    "SweepReport",
    "TableData",
    "Trained",
    "Training",
    "Trajectory",
    "apply",
    "empirical_ntk",
    "ensemble",
    "initialize",
    "linearized_descent",
    "linearized_flow",
    "net_key",
    "run_cells",
    "sample_indices",
    "stable_rate",
    "sweep",
    "train",
    "trajectory",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
