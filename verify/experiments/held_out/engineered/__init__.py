"""A kernel engineered for a target: parity, by one net that can and one that cannot."""

from pathlib import Path

from verify.experiments.base import Kind, Tell, register
from verify.experiments.held_out.engineered import examine, regression
from verify.experiments.held_out.engineered.specification import Design, Engineered
from verify.experiments.measurements import Measurements

__all__ = ["Design", "Engineered"]


def _measure(
    experiment: Engineered, folder: Path, tell: Tell, device: str | None
) -> Measurements:
    # nets are only loaded where they are trained: they need JAX
    from verify.experiments.held_out.engineered.measure import measure

    return measure(experiment, folder, tell, device)


register(
    Kind(
        Engineered,
        _measure,
        examine.examine,
        regression.preflight,
        ("target_learnability",),
    )
)
