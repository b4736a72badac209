"""``learnability nets``: sweeps of trained nets, planned, worked on and read.

Nothing here loads SymPy before a table is made: a worker needs NumPy and JAX.
"""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from learnability.cli.help import AlignedHelp
from learnability.cli.options import Flag, Printed

HELP = """Trained nets: plan a sweep, work on it, and read it beside theory.

A sweep is a file in TOML with the tables [net], [training], [data] and [sweep]; a list
in [net] or [training] stands for each of its values.

An example:
learnability nets plan sweep.toml nets && learnability nets work nets"""

nets = App(
    name="nets",
    help=HELP,
    help_format="plaintext",
    help_formatter=AlignedHelp(),
    usage="Usage: learnability nets plan | work | table | slurm [OPTIONS]",
)
Seconds = Annotated[float | None, Parameter(metavar="SECONDS")]
Bytes = Annotated[int | None, Parameter(metavar="BYTES")]
LEFT = 3
"""The exit code when cells are left."""


@nets.command(usage="Usage: learnability nets plan SWEEP DIR")
def plan(sweep: Path, folder: Path, /, *, debug: Flag = False) -> None:
    """Write the cells of a sweep into a folder, for workers to train.

    An example:
    learnability nets plan sweep.toml nets

    Parameters
    ----------
    sweep
        A file in TOML: tables [net], [training], [data] and [sweep].
    folder
        The folder of results; made where it is not there. More sweeps may be added.
    debug
        Show the traceback of an error.
    """
    del debug
    from verify.networks.sweeps.folder import Folder
    from verify.networks.sweeps.specification import cells_of_file

    cells = cells_of_file(sweep)
    place = Folder(folder)
    done = {cell.digest for cell in cells} & place.finished()
    place.ask(cells)
    trained = sum(len(cell.trials) * len(cell.data.targets) for cell in cells)
    print(
        f"{folder}: {len(cells)} cells with {trained} nets, {len(done)} cells finished;"
        f" learnability nets work {folder}"
    )


@nets.command(usage="Usage: learnability nets work DIR [OPTIONS]")
def work(
    folder: Path,
    /,
    *,
    device: str | None = None,
    devices: Annotated[str | None, Parameter(metavar="LIST")] = None,
    scheduler: Annotated[str | None, Parameter(metavar="ADDRESS")] = None,
    memory: Bytes = None,
    max_seconds: Seconds = None,
    no_wait: Flag = False,
    quiet: Annotated[Flag, Parameter(name=["--quiet", "-q"])] = False,
    debug: Flag = False,
) -> int:
    """Train the nets that a folder asks for and lacks; any number may work at once.

    The exit code is 0 when all cells are finished, 3 when some are left.

    An example:
    learnability nets work nets --devices gpu:0,gpu:1

    Parameters
    ----------
    folder
        A folder with a plan.
    device
        Where nets are trained: cpu, gpu or gpu:1; JAX's own choice by default.
    devices
        One process for each of these devices, by dask: gpu:0,gpu:1.
    scheduler
        Work on the workers of the dask scheduler that runs at this address.
    memory
        Bytes that nets may take at a time.
    max_seconds
        Begin no cell after this time.
    no_wait
        Leave the cells that other workers hold.
    quiet
        No progress on standard error.
    debug
        Show the traceback of an error.
    """
    del debug
    from learnability.errors import BadRequest

    if devices and scheduler:
        raise BadRequest("--devices and --scheduler: give one of them")
    if (devices or scheduler) and (max_seconds is not None or no_wait):
        raise BadRequest(
            "--max-seconds and --no-wait: for a worker without --devices or --scheduler"
        )
    from verify.networks.sweeps.cluster import at_scheduler, on_devices
    from verify.networks.worker import serve

    client: Any = None
    if devices:
        client = on_devices(devices.split(","))
    elif scheduler:
        client = at_scheduler(scheduler)
    report = serve(
        folder,
        device=device,
        memory=memory,
        max_seconds=max_seconds,
        wait=not no_wait,
        client=client,
        quiet=quiet,
    )
    return LEFT if report.missing else 0


@nets.command(usage="Usage: learnability nets slurm DIR [NAME=VALUE...] --jobs NUMBER")
def slurm(
    folder: Path,
    /,
    *options: str,
    jobs: Annotated[int, Parameter(metavar="NUMBER")],
    device: str | None = None,
    memory: Bytes = None,
    quiet: Annotated[Flag, Parameter(name=["--quiet", "-q"])] = False,
    debug: Flag = False,
) -> int:
    """Train the nets that a folder lacks in SLURM jobs, which dask-jobqueue starts.

    An example:
    learnability nets slurm nets queue=gpu walltime=04:00:00 --jobs 16 --device gpu

    Parameters
    ----------
    folder
        A folder with a plan, on a file system that all jobs see.
    options
        NAME=VALUE of dask_jobqueue.SLURMCluster: queue=gpu walltime=04:00:00.
    jobs
        How many jobs, with one worker each.
    device
        Where nets are trained: cpu or gpu; JAX's own choice by default.
    memory
        Bytes that nets may take at a time on each worker.
    quiet
        No progress on standard error.
    debug
        Show the traceback of an error.
    """
    del debug
    from verify.networks.errors import whole
    from verify.networks.sweeps.cluster import on_slurm
    from verify.networks.worker import serve, slurm_options

    whole("--jobs", jobs, 1)
    client = on_slurm(jobs, **slurm_options(options))
    report = serve(folder, device=device, memory=memory, client=client, quiet=quiet)
    return LEFT if report.missing else 0


@nets.command(usage="Usage: learnability nets table DIR [OPTIONS]")
def table(folder: Path, /, *, printed: Printed | None = None) -> None:
    """Finished nets beside theory, and beside kernel regression on the same data sets.

    An example:
    learnability nets table nets -o nets.tex

    Parameters
    ----------
    folder
        A folder of results.
    """
    from dataclasses import replace

    from learnability.cli.emit import sink
    from learnability.cli.inputs import MAX_DIGITS
    from learnability.cli.invocation import command
    from learnability.cli.options import whole
    from learnability.table.net_table import nets as net_table
    from verify.networks.sweeps.folder import Folder

    options = printed or Printed()
    out = sink(options)
    show = whole(options.show, "--show", MAX_DIGITS)
    made = net_table(Folder(folder, create=False).results(), command=command())
    out.give(getattr(replace(made, show=show or made.show), out.format)())
