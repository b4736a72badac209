"""A worker as a command: ``python -m verify.networks.worker FOLDER``.

It needs NumPy and JAX only, and takes what the folder asks for and lacks.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import warnings

from verify.networks.errors import NetworkError
from verify.networks.sweeps.folder import Folder
from verify.networks.sweeps.running import log, run_cells


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
    parser.add_argument("--stale-after", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--no-wait", action="store_true", help="leave others' cells")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    # the plan of memory is announced at this level
    log.setLevel(logging.WARNING if options.quiet else logging.INFO)

    def stop(number: int, frame: object) -> None:
        # what a cluster sends before it kills: leave as after Ctrl-C, claims released
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
            report = run_cells(
                Folder(options.folder, create=False).asked(),
                options.folder,
                progress=tell,
                device=options.device,
                memory=options.memory,
                wait=not options.no_wait,
                stale_after=options.stale_after,
                max_seconds=options.max_seconds,
            )
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
