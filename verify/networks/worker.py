"""A worker: what ``learnability nets work`` and ``nets slurm`` run.

It takes what the folder asks for and lacks, alone or as tasks of dask. On a machine with
NumPy, JAX and filelock only it is ``python -m verify.networks.worker FOLDER``.
"""

from __future__ import annotations

import argparse
import atexit
import logging
import os
import signal
import sys
import warnings
from collections.abc import Iterable
from typing import Any

from verify.networks.errors import NetworkError
from verify.networks.sweeps.cluster import (
    at_scheduler,
    on_devices,
    on_slurm,
    run_distributed,
)
from verify.networks.sweeps.folder import Folder
from verify.networks.sweeps.running import SweepReport, log, run_cells

INTERRUPTED = 130


def serve(
    folder: Any,
    *,
    device: str | None = None,
    memory: int | None = None,
    max_seconds: float | None = None,
    wait: bool = True,
    client: Any = None,
    quiet: bool = False,
) -> SweepReport:
    """Train what a folder asks for and lacks, as a command does: it speaks on stderr.

    SIGTERM, which a cluster sends before it kills, counts as Ctrl-C.

    Parameters
    ----------
    folder : path
        A folder of results that holds sweeps.
    device, memory, max_seconds, wait
        As for `run_cells`; the last two only without a client.
    client : context manager, optional
        Of a dask client: `on_devices`, `on_slurm` or `at_scheduler`.
    quiet : bool
        No progress.

    Returns
    -------
    SweepReport
        Counts of cells.
    """
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    # the plan of memory is announced at this level
    log.setLevel(logging.WARNING if quiet else logging.INFO)
    signal.signal(signal.SIGTERM, _stop)
    try:
        return _serve(folder, device, memory, max_seconds, wait, client, quiet)
    except KeyboardInterrupt:
        # XLA's threads may still compute; its own end would crash under them
        atexit.register(_leave)
        raise


def _leave() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def _serve(
    folder: Any,
    device: str | None,
    memory: int | None,
    max_seconds: float | None,
    wait: bool,
    client: Any,
    quiet: bool,
) -> SweepReport:
    with warnings.catch_warnings():
        # what was set aside, in one line and without the line of code
        warnings.showwarning = lambda message, *_: _say(message)
        cells = Folder(folder, create=False).asked()
        if client is None:
            report = run_cells(
                cells,
                folder,
                progress=None if quiet else _say,
                wait=wait,
                max_seconds=max_seconds,
                device=device,
                memory=memory,
            )
        else:
            with client as workers:
                report = run_distributed(
                    cells, folder, workers, device=device, memory=memory
                )
    if not quiet:
        _say(report)
    return report


def _say(line: object) -> None:
    print(line, file=sys.stderr, flush=True)


def _stop(number: int, frame: object) -> None:
    # what a cluster sends before it kills: leave as after Ctrl-C, locks freed
    del number, frame
    raise KeyboardInterrupt


def slurm_options(words: Iterable[str]) -> dict[str, str]:
    """Options of a SLURM cluster from words NAME=VALUE.

    Raises
    ------
    NetworkError
        When a word is not of that form.

    Examples
    --------
    >>> slurm_options(["queue=gpu", "walltime=04:00:00"])
    {'queue': 'gpu', 'walltime': '04:00:00'}
    """
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            raise NetworkError(f"SLURM option {word!r}: must be NAME=VALUE")
        found[name] = value
    return found


def _client(options: argparse.Namespace) -> Any:
    """The dask client that the options ask for, as a with block; None for none."""
    if options.devices:
        return on_devices(options.devices)
    if options.slurm:
        return on_slurm(options.slurm, **slurm_options(options.slurm_option))
    return at_scheduler(options.scheduler) if options.scheduler else None


def main(arguments: list[str] | None = None) -> int:
    """Work on the sweeps that a folder asks for; the exit code is 0 when all is done.

    Parameters
    ----------
    arguments : list of str, optional
        Command line; the process's own by default.

    Returns
    -------
    int
        0 all cells are finished, 2 bad input, 3 some are not, 130 interrupted.
    """
    parser = argparse.ArgumentParser(
        prog="python -m verify.networks.worker",
        description="Train the nets that a folder of results asks for and lacks.",
    )
    parser.add_argument("folder", help="folder of results, with sweeps in it")
    parser.add_argument("--device", help="cpu, gpu, gpu:1, …")
    parser.add_argument("--memory", type=int, help="bytes that nets may take at a time")
    parser.add_argument("--max-seconds", type=float, help="begin no cell after this")
    parser.add_argument("--no-wait", action="store_true", help="leave others' cells")
    dask = parser.add_mutually_exclusive_group()
    dask.add_argument(
        "--devices", nargs="+", help="one process for each: cpu, gpu:0, gpu:1, …"
    )
    dask.add_argument("--scheduler", help="address of a running dask scheduler")
    dask.add_argument("--slurm", type=int, metavar="JOBS", help="SLURM jobs to start")
    parser.add_argument(
        "--slurm-option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="of dask_jobqueue.SLURMCluster: queue=gpu, walltime=04:00:00, …",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")
    options = parser.parse_args(arguments)
    try:
        report = serve(
            options.folder,
            device=options.device,
            memory=options.memory,
            max_seconds=options.max_seconds,
            wait=not options.no_wait,
            client=_client(options),
            quiet=options.quiet,
        )
    except NetworkError as error:
        _say(error)
        return 2
    except KeyboardInterrupt:
        _say("interrupted: finished cells are kept")
        return INTERRUPTED
    return 3 if report.missing else 0


if __name__ == "__main__":
    sys.exit(main())
