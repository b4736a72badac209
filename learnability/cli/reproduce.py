"""``learnability reproduce``."""

from pathlib import Path

from learnability.cli.options import Flag, Whole


def reproduce(
    name: str,
    /,
    *,
    full: Flag = False,
    as_published: Flag = False,
    device: str | None = None,
    output: Path | None = None,
    overwrite: Flag = False,
    seed: Whole | None = None,
    strict: Flag = False,
    quiet: Flag = False,
    debug: Flag = False,
) -> int:
    """A published experiment: theory, kernel regression and trained nets in one figure.

    An example:
    learnability reproduce fig1

    Parameters
    ----------
    name
        The experiment, such as fig1.
    full
        The published setting, in place of a small one of about two minutes.
    as_published
        Also the published learning rate, which is unstable for few points.
    device
        Where nets are trained: cpu, gpu or gpu:1; JAX's own choice by default.
    output
        The folder of the results; ./NAME/ by default. A run that was interrupted goes
        on from there.
    overwrite
        Replace the results of another specification.
    seed
        Seed of data sets and nets.
    strict
        Exit with 1 where the theory is refuted and 3 where the run is inconclusive.
    quiet
        No progress on standard error.
    debug
        Show the traceback of an error.
    """
    del debug
    from learnability.reproduce import run
    from theory.numbers import integer

    chosen = None if seed is None else integer(seed, "--seed", most=2**63 - 1)
    given = {} if chosen is None else {"seed": chosen}
    return run(
        name,
        full=full,
        as_published=as_published,
        device=device,
        output=output,
        overwrite=overwrite,
        quiet=quiet,
        strict=strict,
        **given,
    )
