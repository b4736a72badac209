"""``learnability reproduce``."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from learnability.cli.options import Flag, Whole


def reproduce(
    name: str | None = None,
    /,
    *,
    full: Flag = False,
    as_published: Flag = False,
    device: str | None = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    overwrite: Flag = False,
    seed: Whole | None = None,
    stored: Annotated[Path | None, Parameter(name="--from")] = None,
    strict: Flag = False,
    quiet: Annotated[Flag, Parameter(name=["--quiet", "-q"])] = False,
    debug: Flag = False,
) -> int:
    """A published experiment, or your own: theory, kernel regression, nets, a verdict.

    An example:
    learnability reproduce fig1

    Parameters
    ----------
    name
        fig1, fig1-circle, fig1-sphere, fig2, width, lazy, parity, deep-bootstrap,
        power-law, optimal-depth, network-sphere, digits, a file such as mine.toml, or
        all: every experiment in its small form, with one page, ./all/summary.md.
    full
        The published setting, in place of a small one of about two minutes.
    as_published
        With the trap of the published run, such as an unstable learning rate.
    device
        Where nets are trained: cpu, gpu or gpu:1; JAX's own choice by default.
    output
        The folder of the results; ./NAME/ by default. A run that was interrupted goes
        on from there.
    overwrite
        Replace the results of another specification.
    seed
        Seed of data sets and nets.
    stored
        A folder with a finished run: judge and draw it again without running anything.
    strict
        Exit with 1 where the theory is refuted and 3 where the run is inconclusive.
    quiet
        No progress on standard error.
    debug
        Show the traceback of an error.
    """
    del debug
    if name is None:
        from verify.experiments.catalog import CATALOG, experiment

        width = max(map(len, CATALOG))
        for known in CATALOG:
            print(f"{known.ljust(width)}  {experiment(known).title}")
        return 0
    from learnability.reproduction.all_experiments import run_all
    from learnability.reproduction.reproduce import run
    from theory.numbers import integer

    if name == "all":
        if stored is not None:
            from theory.errors import OutOfDomain

            raise OutOfDomain("--from belongs to one experiment, not to all")
        return run_all(
            output,
            full=full,
            as_published=as_published,
            device=device,
            overwrite=overwrite,
            seed=None if seed is None else integer(seed, "--seed", most=2**32 - 1),
            quiet=quiet,
            strict=strict,
        )
    return run(
        name,
        full=full,
        as_published=as_published,
        device=device,
        output=output,
        overwrite=overwrite,
        seed=None if seed is None else integer(seed, "--seed", most=2**32 - 1),
        stored=stored,
        quiet=quiet,
        strict=strict,
    )
