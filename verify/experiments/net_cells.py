"""Cells of nets on their way through an experiment: trained, read back, joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from verify.experiments.base import Tell
from verify.networks import Cell, CellResult, Folder, run_cells
from verify.networks import Progress as NetProgress


@dataclass(frozen=True)
class Nets:
    """Nets of several cells in the order of trials; shapes [trial, target]."""

    learnability: np.ndarray
    test_mse: np.ndarray
    train_mse: np.ndarray
    steps: np.ndarray
    stability: np.ndarray
    learning_rate: np.ndarray
    predictions: np.ndarray
    divergences: tuple[str, ...]
    seconds: float


def run_and_load(
    cells: Sequence[Cell], folder: Path, stage: str, tell: Tell, device: str | None
) -> list[CellResult]:
    """Train the cells that the folder lacks; every cell's result, in their order."""

    def progress(p: NetProgress) -> None:
        part = p.nets / p.nets_total if p.nets_total else 0.0
        tell(stage, (p.finished + part) / max(1, p.total), str(p))

    run_cells(cells, folder, progress=progress, device=device)
    tell(stage, 1.0, "done")
    return list(Folder(folder).results(cells))


def join(parts: Sequence[CellResult]) -> Nets:
    """Put blocks of trials together."""
    names = (
        "learnability",
        "test_mse",
        "train_mse",
        "steps",
        "stability",
        "learning_rate",
    )
    columns = {
        name: np.concatenate([getattr(p, name) for p in parts]) for name in names
    }
    return Nets(
        **columns,
        predictions=np.concatenate([p.predictions for p in parts]),
        divergences=tuple(line for p in parts for line in p.divergences()),
        seconds=sum(float(p.provenance.get("seconds", 0.0)) for p in parts),
    )
