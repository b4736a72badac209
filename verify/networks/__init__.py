"""Finite nets by the thousand: trained in batches, resumed after any interruption.

Architecture, training and data make a `Cell`; `sweep` makes many, `run_cells` trains
those that a folder lacks, `Folder.results` reads them. Nothing here needs more than
NumPy and JAX, and JAX is loaded only when a name that needs it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.networks.cells import Cell, sweep
    from verify.networks.data import Examples, TableData
    from verify.networks.domains import CircleData, HypercubeData, SphereData
    from verify.networks.errors import (
        DeviceError,
        DivergenceError,
        FolderError,
        MemoryLimitError,
        NetworkError,
        SettingError,
    )
    from verify.networks.folder import Folder, SetAsideWarning
    from verify.networks.kernel import empirical_ntk
    from verify.networks.linearized import linearized_descent, linearized_flow
    from verify.networks.net import Architecture, apply, initialize
    from verify.networks.progress import Progress
    from verify.networks.results import CellResult, ensemble
    from verify.networks.running import Report, run_cells
    from verify.networks.sampling import sample_indices
    from verify.networks.trained import Trained
    from verify.networks.trainer import Trajectory, net_key, train, trajectory
    from verify.networks.training import OUTCOMES, Training, stable_rate

_ROOMS = {
    "cells": ("Cell", "sweep"),
    "data": ("Examples", "TableData"),
    "domains": ("CircleData", "HypercubeData", "SphereData"),
    "errors": (
        "DeviceError",
        "DivergenceError",
        "FolderError",
        "MemoryLimitError",
        "NetworkError",
        "SettingError",
    ),
    "folder": ("Folder", "SetAsideWarning"),
    "kernel": ("empirical_ntk",),
    "linearized": ("linearized_descent", "linearized_flow"),
    "net": ("Architecture", "apply", "initialize"),
    "progress": ("Progress",),
    "results": ("CellResult", "ensemble"),
    "running": ("Report", "run_cells"),
    "sampling": ("sample_indices",),
    "trained": ("Trained",),
    "trainer": ("Trajectory", "net_key", "train", "trajectory"),
    "training": ("OUTCOMES", "Training", "stable_rate"),
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
    "Report",
    "SetAsideWarning",
    "SettingError",
    "SphereData",
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
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
