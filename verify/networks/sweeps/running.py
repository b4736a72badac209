"""Train the cells that are missing in a folder; any number of workers may share it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from verify.networks.errors import real
from verify.networks.steps.precision import find_device
from verify.networks.sweeps.cells import Cell
from verify.networks.sweeps.folder import Folder
from verify.networks.sweeps.locks import Locks
from verify.networks.sweeps.progress import Clock, Progress
from verify.networks.sweeps.results import CellResult

log = logging.getLogger("verify.networks")
LOOK_AGAIN = 1.0
"""Seconds until a cell that another holds is looked at again."""


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a run of cells came to.

    Attributes
    ----------
    total, resumed, trained, elsewhere : int
        Cells asked for; found finished; trained here; finished by other workers.
    missing : int
        Cells still unfinished, because time ran out or others hold them.
    divergences : list of str
        Every net that diverged in the cells trained here.
    """

    total: int
    resumed: int
    trained: int
    elsewhere: int
    missing: int
    divergences: list[str]

    def __str__(self) -> str:
        """Say it in a line."""
        text = (
            f"{self.total} cells: trained {self.trained} here, found {self.resumed} "
            f"finished, {self.elsewhere} finished elsewhere, {self.missing} missing"
        )
        if self.divergences:
            text += f"; {len(self.divergences)} nets diverged"
        return text


def run_cells(
    cells: Iterable[Cell],
    folder: str | os.PathLike[str],
    *,
    progress: Callable[[Progress], object] | None = None,
    device: str | None = None,
    memory: int | None = None,
    wait: bool = True,
    max_seconds: float | None = None,
) -> SweepReport:
    """Train the cells that have no result in a folder yet.

    May be stopped at any moment, by Ctrl-C or kill −9: finished cells stay, the next
    run takes up the rest. Any number of processes and machines may call this at once on
    one folder; each cell is trained by one of them.

    Parameters
    ----------
    cells : iterable of Cell
        What is wanted.
    folder : path
        Where results are and go.
    progress : callable, optional
        Called with a `Progress` about once a second and after each cell.
    device : str, optional
        ``"cpu"``, ``"gpu"``, ``"gpu:1"`` …; JAX's default by default.
    memory : int, optional
        Bytes that nets may take at a time.
    wait : bool
        Whether to wait for cells that other workers hold.
    max_seconds : float, optional
        Begin no further cell after this time.

    Returns
    -------
    SweepReport
        Counts of cells, and the nets that diverged.

    Raises
    ------
    FolderError
        If the folder is of another version.
    MemoryLimitError, DeviceError
        If a net doesn't fit, or there is no such device.

    Examples
    --------
    >>> import tempfile
    >>> from verify.networks import Architecture, HypercubeData, Training, sweep
    >>> data = HypercubeData(3, ("parity:1",))
    >>> cells = sweep(Architecture(1, 16), Training(max_steps=100), data, 2, trials=2)
    >>> folder = tempfile.mkdtemp()
    >>> run_cells(cells, folder).trained, run_cells(cells, folder).resumed
    (1, 1)
    """
    place = Folder(folder)
    wanted = {cell.digest: cell for cell in cells}
    place.ask(wanted.values())
    return work(
        place,
        wanted,
        progress=progress,
        device=device,
        memory=memory,
        wait=wait,
        max_seconds=max_seconds,
    )


@dataclass(frozen=True, slots=True)
class _Worker:
    """What one worker trains with: folder, device, and the progress that it reports."""

    place: Folder
    clock: Clock
    device: str | None
    memory: int | None

    def train(self, cell: Cell, finished: set[str]) -> CellResult | None:
        """Train a cell that is locked, and save it; None if another has finished it."""
        if self.place.load(cell.digest) is not None:
            return None  # finished by another before we had the lock
        began = time.monotonic()
        result = cell.run(
            device=self.device,
            memory=self.memory,
            progress=lambda done, of: self.clock.report(finished, cell, done, of),
        )
        seconds = round(time.monotonic() - began, 3)
        result = replace(result, provenance={**result.provenance, "seconds": seconds})
        self.place.save(result)
        self.clock.done_here += cell.cost
        return result


def work(
    place: Folder,
    wanted: dict[str, Cell],
    *,
    progress: Callable[[Progress], object] | None = None,
    device: str | None = None,
    memory: int | None = None,
    wait: bool = True,
    max_seconds: float | None = None,
) -> SweepReport:
    """Train missing cells like `run_cells`, of a sweep that has been asked for.

    Parameters
    ----------
    place : Folder
        Where results are and go.
    wanted : dict
        Cells by their digests.
    progress, device, memory, wait, max_seconds
        As for `run_cells`.

    Returns
    -------
    SweepReport
        Counts of cells, and the nets that diverged.
    """
    find_device(device)  # refused before any work, also when there is nothing left
    limit = float("inf") if max_seconds is None else real("max_seconds", max_seconds, 0)
    finished = {name for name in wanted if place.load(name) is not None}
    resumed, trained = len(finished), 0
    divergences: list[str] = []
    clock = Clock(list(wanted.values()), progress)
    clock.report(finished)
    locks, worker = Locks(place.path), _Worker(place, clock, device, memory)
    while len(finished) < len(wanted):
        moved = False
        for name, cell in wanted.items():
            if name in finished:
                continue
            if time.monotonic() - clock.begun >= limit:
                wait = moved = False
                break
            if place.file(name).exists() and place.load(name) is not None:
                finished.add(name)
                moved = True
                continue
            with locks.taken(name) as ours:
                result = worker.train(cell, finished) if ours else None
            if not ours:
                continue
            if result is not None:
                trained += 1
                divergences += result.divergences()
                for line in result.divergences():
                    log.warning("%s", line)
            if place.file(name).exists():
                finished.add(name)
            moved = True
            clock.report(finished)
        if not moved:
            if not wait:
                break
            time.sleep(LOOK_AGAIN)
    elsewhere = len(finished) - resumed - trained
    missing = len(wanted) - len(finished)
    return SweepReport(len(wanted), resumed, trained, elsewhere, missing, divergences)
