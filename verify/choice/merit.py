"""What a choice minimises, as a function of the errors of its targets."""

from collections.abc import Callable, Sequence

import numpy as np

from verify.choice.candidates import Task
from verify.choice.exact_floor import framework_optimum

LEAST = 1e-300


def optima(task: Task, n: int) -> list[float]:
    """The framework's optimum of each target."""
    found = []
    for target in task.targets:
        kept = {k: v for k, v in target.items() if v}
        counts = [float(task.domain.multiplicity(k)) for k in kept]
        powers = [float(v) for v in kept.values()]
        found.append(framework_optimum(powers, counts, n, float(task.noise)))
    return found


def merit_of(
    task: Task, objective: str
) -> Callable[[Sequence[np.ndarray]], np.ndarray]:
    """Errors of each target, [kernel] each → what is minimised, [kernel]."""
    scale = np.maximum(optima(task, task.n), LEAST)

    def merit(errors: Sequence[np.ndarray]) -> np.ndarray:
        stacked = np.array(errors)
        if objective == "worst":
            return stacked.max(axis=0)
        if objective == "regret":
            return (stacked.T / scale).max(axis=1)
        return stacked.mean(axis=0)

    return merit
