"""Sweeps across processes and machines: every cell is a task of dask.

The folder, which all machines must see, decides what is done: a task that is run again,
after its worker was killed, finds the cell finished or free.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from verify.networks.errors import DeviceError, NetworkError
from verify.networks.sweeps.cells import Cell
from verify.networks.sweeps.folder import Folder
from verify.networks.sweeps.running import SweepReport, work

ANSWER_WITHIN = 10
RETRIES = 100
"""A worker that dies often is not to blame for its cell."""


def _task(cell: Cell, folder: str, options: dict[str, Any]) -> SweepReport:
    return work(Folder(folder), {cell.digest: cell}, **options)


def run_distributed(
    cells: Iterable[Cell],
    folder: str | os.PathLike[str],
    client: Any,
    *,
    device: str | None = None,
    memory: int | None = None,
) -> SweepReport:
    """Train the cells that a folder lacks on the workers of a dask client.

    Parameters
    ----------
    cells : iterable of Cell
        What is wanted.
    folder : path
        Where results are and go; on a cluster a folder that all machines see.
    client : distributed.Client
        Of any cluster; `on_devices` and `on_slurm` make one.
    device : str, optional
        Of each worker: ``"cpu"``, ``"gpu"`` …
    memory : int, optional
        Bytes that nets may take at a time on each worker.

    Returns
    -------
    SweepReport
        Counts over all tasks.

    Raises
    ------
    NetworkError
        If ``client`` is none.
    """
    if not hasattr(client, "map") or not hasattr(client, "gather"):
        raise NetworkError(f"client = {client!r}: must be a distributed.Client")
    place = Folder(folder)
    wanted = {cell.digest: cell for cell in cells}
    place.ask(wanted.values())
    path = os.path.abspath(place.path)
    options = {"device": device, "memory": memory}
    reports: list[SweepReport] = client.gather(
        client.map(
            _task,
            list(wanted.values()),
            folder=path,
            options=options,
            key=[f"cell-{digest}" for digest in wanted],
            pure=False,
            retries=RETRIES,
        )
    )
    return SweepReport(
        len(wanted),
        sum(r.resumed for r in reports),
        sum(r.trained for r in reports),
        sum(r.elsewhere for r in reports),
        sum(r.missing for r in reports),
        [line for r in reports for line in r.divergences],
    )


def _environment(device: str) -> dict[str, str]:
    platform, colon, number = device.partition(":")
    if platform == "cpu" and not colon:
        return {"JAX_PLATFORMS": "cpu"}
    if platform in ("gpu", "cuda") and number.isdecimal():
        return {"CUDA_VISIBLE_DEVICES": number}
    raise DeviceError(f"device = {device!r}: must be cpu, or gpu:0, gpu:1 and so on")


def _missing(reason: ImportError) -> NetworkError:
    return NetworkError(f"{reason.name} is missing: pip install 'learnability[sweeps]'")


@contextmanager
def on_devices(devices: Sequence[str]) -> Iterator[Any]:
    """A client of one process a device, on this machine, for a with block.

    Each process sees its own GPU only, so that none reserves another's memory. Naming
    ``cpu`` several times starts as many processes, which share the cores.

    Parameters
    ----------
    devices : sequence of str
        ``"cpu"``, ``"gpu:0"``, ``"gpu:1"`` and so on.

    Raises
    ------
    DeviceError
        If no device is named, or a name is none.
    NetworkError
        If dask isn't installed.
    """
    if not devices:
        raise DeviceError("devices: must name one device or more")
    environments = [_environment(device) for device in devices]
    try:
        from distributed import Client, Nanny, Scheduler, SpecCluster
    except ImportError as reason:
        raise _missing(reason) from reason
    local = {"host": "127.0.0.1"}
    workers = {
        number: {"cls": Nanny, "options": {"nthreads": 1, "env": extra, **local}}
        for number, extra in enumerate(environments)
    }
    scheduler = {
        "cls": Scheduler,
        "options": {"dashboard": False, "port": 0, **local},
    }
    with (
        SpecCluster(workers=workers, scheduler=scheduler, silence_logs=True) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def on_slurm(jobs: int, **options: Any) -> Iterator[Any]:
    """A client of some SLURM jobs with one worker each, for a with block.

    Parameters
    ----------
    jobs : int
        How many jobs.
    options
        Of `dask_jobqueue.SLURMCluster`: ``queue``, ``walltime``, ``memory``,
        ``job_extra_directives=["--gres=gpu:1"]`` and so on.

    Raises
    ------
    NetworkError
        If dask-jobqueue isn't installed.
    """
    try:
        jobqueue: Any = import_module(
            "dask_jobqueue"
        )  # an extra; its types are partial
        from distributed import Client
    except ImportError as reason:
        raise _missing(reason) from reason
    given = {"cores": 1, "processes": 1, "memory": "8GiB"} | options
    with jobqueue.SLURMCluster(**given) as cluster, Client(cluster) as client:
        cluster.scale(jobs=jobs)
        yield client


@contextmanager
def at_scheduler(address: str) -> Iterator[Any]:
    """A client of a dask scheduler that runs already, for a with block.

    Raises
    ------
    NetworkError
        If dask isn't installed, or nothing answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as reason:
        raise _missing(reason) from reason
    try:
        client = Client(address, timeout=ANSWER_WITHIN)
    except (OSError, ValueError) as reason:
        raise NetworkError(f"scheduler = {address!r}: {reason}") from reason
    with client:
        yield client
