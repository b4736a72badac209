"""A worker as a command: ``python -m verify.networks.worker FOLDER``.

It takes what the folder asks for and lacks: alone, with NumPy, JAX and filelock only, or
with ``--devices``, ``--scheduler`` or ``--slurm`` as tasks of dask.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import warnings
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


def _run(options: argparse.Namespace, tell: Any) -> SweepReport:
    cells = Folder(options.folder, create=False).asked()
    alike = {"device": options.device, "memory": options.memory}
    client = _client(options)
    if client is None:
        return run_cells(
            cells,
            options.folder,
            progress=tell,
            wait=not options.no_wait,
            max_seconds=options.max_seconds,
            **alike,
        )
    with client as workers:
        return run_distributed(cells, options.folder, workers, **alike)


def _client(options: argparse.Namespace) -> Any:
    """The dask client that the options ask for, as a with block; None for none."""
    if options.devices:
        return on_devices(options.devices)
    if options.slurm:
        words = (option.partition("=") for option in options.slurm_option)
        return on_slurm(options.slurm, **{name: value for name, _, value in words})
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
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    # the plan of memory is announced at this level
    log.setLevel(logging.WARNING if options.quiet else logging.INFO)

    def stop(number: int, frame: object) -> None:
        # what a cluster sends before it kills: leave as after Ctrl-C, locks freed
        del number, frame
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    tell = (
        None if options.quiet else lambda now: print(now, file=sys.stderr, flush=True)
    )
    try:
        with warnings.catch_warnings():
            # what was set aside, in one line and without the line of code
            warnings.showwarning = lambda message, *_: print(message, file=sys.stderr)
            report = _run(options, tell)
    except NetworkError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted: finished cells are kept", file=sys.stderr)
        return 130
    if not options.quiet:
        print(report, file=sys.stderr)
    return 3 if report.missing else 0


if __name__ == "__main__":
    sys.exit(main())
