"""A small live experiment: kernel regression on random data sets, for under a second."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from learnability.explore.question import ExplorerQuery
from theory.errors import Unsupported

MOST_POINTS = 512
BUDGET_SECONDS = 0.6
BLOCK = 20
MOST_TRIALS = 400


@dataclass(frozen=True)
class Seen:
    """Name of a statistic → its mean over data sets and the standard error."""

    trials: int
    means: dict[str, tuple[float, float]]


def simulate(question: ExplorerQuery, seconds: float = BUDGET_SECONDS) -> Seen:
    """Kernel regression on random data sets, until the time is up.

    The number of data sets depends on the clock alone, never on what they show.

    Raises
    ------
    Unsupported
        When n is too large for a live simulation.
    OutOfDomain
        When a part of the question is malformed.

    Examples
    --------
    >>> found = simulate(ExplorerQuery("hypercube:4", "exponential", "1=1", 15), seconds=0.05)
    >>> 0.8 < found.means["learnability of the target"][0] < 1.2
    True
    """
    if question.n > MOST_POINTS:
        raise Unsupported(
            f"n = {question.n}: the live simulation goes up to n = {MOST_POINTS}"
        )
    run = (_of_data if question.on_data else _of_domain)(question)
    stop = perf_counter() + seconds
    blocks: list[dict[str, Any]] = []
    for block in range(MOST_TRIALS // BLOCK):
        blocks.append(run(block))
        if perf_counter() > stop:
            break
    means = {}
    for name in blocks[0]:
        values = np.concatenate([block[name] for block in blocks])
        error = float(values.std(ddof=1) / np.sqrt(len(values)))
        means[name] = float(values.mean()), error
    return Seen(BLOCK * len(blocks), means)


def _of_domain(question: ExplorerQuery) -> Callable[[int], dict[str, Any]]:
    from learnability.cli.lists import target
    from verify import regression

    asked = regression.problem(
        question.kernel.strip(),
        question.domain.strip(),
        target(question.target),
        question.n,
        question.ridge.strip(),
        question.noise.strip(),
    )

    def run(block: int) -> dict[str, Any]:
        found = regression.simulate(asked, BLOCK, seed=block)
        return {
            "test MSE": found.test_mse,
            "learnability of the target": found.learnability,
        }

    return run


def _of_data(question: ExplorerQuery) -> Callable[[int], dict[str, Any]]:
    from learnability.cli import inputs

    (kernel,) = inputs.kernels([question.kernel.strip()], question.place)
    eigensystem = inputs.place(question.place).eigensystem(kernel)

    def run(block: int) -> dict[str, Any]:
        found = eigensystem.measure(
            question.n, question.ridge, trials=BLOCK, seed=block
        )
        return {"held-out MSE": found.held_out_mse.mean(axis=1)}

    return run
