"""Train the cells that are missing in a folder; any number of workers may share it.

As a command it needs NumPy and JAX only: ``python -m verify.networks.worker FOLDER``.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from verify.networks.cells import Cell
from verify.networks.claims import Claims
from verify.networks.errors import NetworkError, real
from verify.networks.folder import Folder

log = logging.getLogger("verify.networks")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is.

    Attributes
    ----------
    finished, total : int
        Cells, those of other workers and earlier runs included.
    nets, nets_total : int
        Nets of the cell in hand; both 0 between cells.
    seconds : float
        Since the run began.
    seconds_left : float or None
        Estimate for one worker like this one; None before it can be made.

    Examples
    --------
    >>> print(Progress(3, 12, 0, 0, 60.0, 180.0))
    3 of 12 cells, about 3 min left
    """

    finished: int
    total: int
    nets: int
    nets_total: int
    seconds: float
    seconds_left: float | None

    def __str__(self) -> str:
        """Say it in a line."""
        text = f"{self.finished} of {self.total} cells"
        if self.nets_total:
            text += f", {self.nets} of {self.nets_total} nets of the next"
        if self.seconds_left is not None and self.finished < self.total:
            left = self.seconds_left
            unit, size = ("s", 1) if left < 100 else ("min", 60)
            unit, size = (unit, size) if left < 6000 else ("h", 3600)
            text += f", about {left / size:.0f} {unit} left"
        return text


@dataclass(frozen=True, slots=True)
class Report:
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


class _Clock:
    """Progress and the estimate of what's left, from costs of cells."""

    def __init__(self, cells: list[Cell], tell: Callable[[Progress], object] | None):
        self.costs = {cell.digest: cell.cost for cell in cells}
        self.tell, self.begun, self.spent, self.done_here = (
            tell,
            time.monotonic(),
            0,
            0.0,
        )
        self.said = self.begun

    def report(
        self,
        finished: set[str],
        working: Cell | None = None,
        done: int = 0,
        of: int = 0,
    ) -> None:
        """Tell the caller how far we are."""
        if self.tell is None:
            return
        now = time.monotonic()
        if working is not None and now - self.said < 1 and done < of:
            return
        self.said = now
        part = working.cost * done / of if working is not None and of else 0.0
        worked = self.done_here + part
        left = sum(c for name, c in self.costs.items() if name not in finished) - part
        seconds = now - self.begun
        estimate = seconds * left / worked if worked > 0 else None
        known = len(finished & self.costs.keys())
        self.tell(Progress(known, len(self.costs), done, of, seconds, estimate))


def run_cells(
    cells: Iterable[Cell],
    folder: str | os.PathLike[str],
    *,
    progress: Callable[[Progress], object] | None = None,
    device: str | None = None,
    memory: int | None = None,
    wait: bool = True,
    stale_after: float = 60.0,
    max_seconds: float | None = None,
) -> Report:
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
    stale_after : float
        Seconds after which a silent worker on another machine counts as dead. (One on
        this machine is known to be dead at once.)
    max_seconds : float, optional
        Begin no further cell after this time.

    Returns
    -------
    Report
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
        stale_after=stale_after,
        max_seconds=max_seconds,
    )


def work(
    place: Folder,
    wanted: dict[str, Cell],
    *,
    progress: Callable[[Progress], object] | None = None,
    device: str | None = None,
    memory: int | None = None,
    wait: bool = True,
    stale_after: float = 60.0,
    max_seconds: float | None = None,
) -> Report:
    """Train missing cells like `run_cells`, of a sweep that has been asked for.

    Parameters
    ----------
    place : Folder
        Where results are and go.
    wanted : dict
        Cells by their digests.
    progress, device, memory, wait, stale_after, max_seconds
        As for `run_cells`.

    Returns
    -------
    Report
        Counts of cells, and the nets that diverged.
    """
    if max_seconds is not None:
        real("max_seconds", max_seconds, 0)
    finished = {name for name in wanted if place.load(name) is not None}
    resumed, trained = len(finished), 0
    divergences: list[str] = []
    clock = _Clock(list(wanted.values()), progress)
    clock.report(finished)
    claims = Claims(place.path, stale_after)
    with claims.alive():
        while len(finished) < len(wanted):
            moved = False
            for name, cell in wanted.items():
                if name in finished:
                    continue
                if max_seconds is not None and (
                    time.monotonic() - clock.begun >= max_seconds
                ):
                    wait = moved = False
                    break
                if place.file(name).exists() and place.load(name) is not None:
                    finished.add(name)
                    moved = True
                    continue
                if not claims.take(name):
                    continue
                try:
                    if place.load(name) is None:  # else finished before we claimed it
                        began = time.monotonic()
                        result = cell.run(
                            device=device,
                            memory=memory,
                            progress=lambda done, of, cell=cell: clock.report(
                                finished, cell, done, of
                            ),
                        )
                        seconds = round(time.monotonic() - began, 3)
                        result = replace(
                            result, provenance={**result.provenance, "seconds": seconds}
                        )
                        if claims.holds(name):
                            place.save(result)
                            trained += 1
                            clock.done_here += cell.cost
                            divergences += result.divergences()
                            for line in result.divergences():
                                log.warning("%s", line)
                finally:
                    claims.release(name)
                if place.file(name).exists():
                    finished.add(name)
                moved = True
                clock.report(finished)
            if not moved:
                if not wait:
                    break
                time.sleep(min(1.0, stale_after / 6))
    elsewhere = len(finished) - resumed - trained
    missing = len(wanted) - len(finished)
    return Report(len(wanted), resumed, trained, elsewhere, missing, divergences)


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
        report = run_cells(
            Folder(options.folder).asked(),
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
