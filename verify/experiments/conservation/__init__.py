"""The conservation law on nets: all modes of a small domain, and their learnabilities' sum."""

from pathlib import Path

from verify.experiments.base import Kind, Tell, register
from verify.experiments.conservation import scale, sums, width
from verify.experiments.conservation.specification import Conservation
from verify.experiments.findings import Findings
from verify.experiments.measurements import Measurements
from verify.experiments.resolution import samples_needed

__all__ = ["Conservation"]

VIEWS = {"sums": sums.examine, "width": width.examine, "scale": scale.examine}


def _preflight(experiment: Conservation) -> tuple[str, ...]:
    """Say which margins the number of data sets will hardly resolve.

    A refusal would need the spread of nets, which only training shows; the size that one
    net may deviate by, 1.5/√width, stands in for it.
    """
    if experiment.view != "sums":
        return ()
    widest, trials = max(experiment.widths), experiment.trials
    needed = samples_needed(1.5 / widest**0.5 / 2.6, experiment.margins.nets)
    if needed <= trials:
        return ()
    return (
        f"single modes: {trials} data sets at width {widest} will leave most open at a "
        f"margin of {experiment.margins.nets:g}; about {needed} data sets, or wider nets, "
        "could decide them",
    )


def _measure(
    experiment: Conservation, folder: Path, tell: Tell, device: str | None
) -> Measurements:
    # nets are only loaded where they are trained: they need JAX
    from verify.experiments.conservation.measure import measure

    return measure(experiment, folder, tell, device)


def _examine(experiment: Conservation, measured: Measurements) -> Findings:
    return VIEWS[experiment.view](experiment, measured)


register(Kind(Conservation, _measure, _examine, _preflight, ("conservation",)))
