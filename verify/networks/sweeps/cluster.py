"""Sweeps across processes and machines, by joblib and its dask backend.

Every cell is a task. The folder, which all machines must see, decides what is done:
a task that is run again, after its worker was killed, finds the cell finished or takes
over the dead worker's claim.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from verify.networks.errors import NetworkError
from verify.networks.sweeps.cells import Cell
from verify.networks.sweeps.folder import Folder
from verify.networks.sweeps.running import SweepReport, work


def _task(cell: Cell, folder: str, options: dict[str, Any]) -> SweepReport:
    return work(Folder(folder), {cell.digest: cell}, **options)


def run_distributed(
    cells: Iterable[Cell],
    folder: str | os.PathLike[str],
    *,
    backend: str = "loky",
    jobs: int = -1,
    device: str | None = None,
    memory: int | None = None,
    stale_after: float = 60.0,
) -> SweepReport:
    """Train the cells that a folder lacks, in many processes.

    Parameters
    ----------
    cells : iterable of Cell
        What is wanted.
    folder : path
        Where results are and go; on a cluster a folder that all machines see.
    backend : str
        ``"loky"`` for processes on this machine, ``"dask"`` for the workers of the
        `dask.distributed.Client` that is in use.
    jobs : int
        Number of processes; −1 for all there are.
    device : str, optional
        Of each process: ``"cpu"``, ``"gpu"`` …
    memory : int, optional
        Bytes that nets may take at a time in each process.
    stale_after : float
        Seconds after which a silent worker on another machine counts as dead.

    Returns
    -------
    SweepReport
        Counts over all tasks.

    Raises
    ------
    NetworkError
        If joblib, or dask for its backend, isn't installed; if dask has no client.
    """
    try:
        import joblib

        if backend == "dask":
            import distributed  # noqa: F401 (joblib finds it by itself)
    except ImportError as reason:
        msg = f"{reason.name} is missing: pip install 'learnability[sweeps]'"
        raise NetworkError(msg) from reason
    place = Folder(folder)
    wanted = {cell.digest: cell for cell in cells}
    place.ask(wanted.values())
    options = {"device": device, "memory": memory, "stale_after": stale_after}
    path = os.path.abspath(place.path)
    tasks = (joblib.delayed(_task)(cell, path, options) for cell in wanted.values())
    try:
        # by the context and not by Parallel's argument, which doesn't know of dask
        with joblib.parallel_config(backend=backend, n_jobs=jobs):
            reports: Any = joblib.Parallel()(tasks)
    except ValueError as reason:
        if isinstance(reason, NetworkError):
            raise
        msg = f"backend = {backend!r}: {reason}"
        raise NetworkError(msg) from reason
    return SweepReport(
        len(wanted),
        sum(r.resumed for r in reports),
        sum(r.trained for r in reports),
        sum(r.elsewhere for r in reports),
        sum(r.missing for r in reports),
        [line for r in reports for line in r.divergences],
    )
