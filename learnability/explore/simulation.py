"""A small live experiment: kernel regression on random data sets, for under a second."""

from time import perf_counter
from typing import TYPE_CHECKING

from learnability.explore.question import ExplorerQuery
from theory.errors import Unsupported

if TYPE_CHECKING:
    from verify.regression import Measured

MOST_POINTS = 512
BUDGET_SECONDS = 0.6
BLOCK = 20
MOST_TRIALS = 400


def simulate(question: ExplorerQuery, seconds: float = BUDGET_SECONDS) -> "Measured":
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
    >>> 0.8 < found.mean("learnability").value < 1.2
    True
    """
    from learnability.cli.lists import target
    from verify import regression

    if question.n > MOST_POINTS:
        raise Unsupported(
            f"n = {question.n}: the live simulation goes up to n = {MOST_POINTS}"
        )
    asked = regression.problem(
        question.kernel.strip(),
        question.domain.strip(),
        target(question.target),
        question.n,
        question.ridge.strip(),
        question.noise.strip(),
    )
    stop = perf_counter() + seconds
    blocks = []
    for block in range(MOST_TRIALS // BLOCK):
        blocks.append(regression.simulate(asked, BLOCK, seed=block))
        if perf_counter() > stop:
            break
    return regression.Measured.joined(blocks)
