"""A small live experiment: kernel regression on random data sets, for under a second."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from learnability.explore.question import Question
from theory.errors import Unsupported

MOST_POINTS = 512
BUDGET_SECONDS = 0.6
BLOCK = 20
MOST_TRIALS = 400


@dataclass(frozen=True)
class Measured:
    """Means over data sets with standard errors."""

    trials: int
    learnability: float
    learnability_error: float
    test_mse: float
    test_mse_error: float


def simulate(question: Question, seconds: float = BUDGET_SECONDS) -> Measured:
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
    >>> found = simulate(Question("hypercube:4", "exponential", "1=1", 15), seconds=0.05)
    >>> 0.8 < found.learnability < 1.2
    True
    """
    from learnability.cli.lists import target
    from verify import regression

    if question.n > MOST_POINTS:
        msg = f"n = {question.n}: the live simulation goes up to n = {MOST_POINTS}"
        raise Unsupported(msg)
    asked = regression.problem(
        question.kernel.strip(),
        question.domain.strip(),
        target(question.target),
        question.n,
        question.ridge.strip(),
        question.noise.strip(),
    )
    learned, errors = [], []
    stop = perf_counter() + seconds
    for block in range(MOST_TRIALS // BLOCK):
        found = regression.simulate(asked, BLOCK, seed=block)
        learned.append(found.learnability[:, 0])
        errors.append(found.test_mse[:, 0])
        if perf_counter() > stop:
            break
    a = regression.Mean.of(np.concatenate(learned))
    b = regression.Mean.of(np.concatenate(errors))
    return Measured(a.samples, a.value, a.error, b.value, b.error)
