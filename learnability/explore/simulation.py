"""A small live experiment: kernel regression on random data sets, for under a second."""

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from time import perf_counter
from typing import Any

import numpy as np

from learnability.explore.question import Question
from theory.errors import Unsupported
from theory.numbers import rational

MAX_POINTS = 1024
BUDGET_SECONDS = 0.6
BLOCK = 25
MOST_TRIALS = 400


@dataclass(frozen=True)
class Measured:
    """Means over data sets with standard errors."""

    trials: int
    learnability: float
    learnability_error: float
    test_mse: float
    test_mse_error: float


@lru_cache(maxsize=8)
def _setting(domain: str, kernel: str, levels: tuple[int, ...]) -> tuple[Any, Any]:
    from theory.domains import Hypercube, UnitCircle, parse
    from theory.kernels import parse as parse_kernel
    from verify.networks.domains import CircleData, HypercubeData
    from verify.sampling.gram import gram

    place = parse(domain)
    if not place.size.is_Integer or place.size > MAX_POINTS:
        msg = (
            f"the live simulation takes domains of at most {MAX_POINTS} points, such as "
            f"hypercube:10 or circle:256; {domain} has more"
        )
        raise Unsupported(msg)
    if isinstance(place, Hypercube):
        data = HypercubeData(int(place.d), tuple(f"parity:{k}" for k in levels))
    else:
        assert isinstance(place, UnitCircle)
        data = CircleData(int(place.points), tuple(f"cos:{k}" for k in levels))
    points = data.examples(1, (0,)).test_inputs
    return data, gram(parse_kernel(kernel), points)


def simulate(question: Question, seconds: float = BUDGET_SECONDS) -> Measured:
    """Kernel regression on random data sets, until the time is up.

    The number of data sets depends on the clock alone, never on what they show.

    Raises
    ------
    Unsupported
        When the domain has too many points.

    Examples
    --------
    >>> found = simulate(Question("hypercube:4", "exponential", "1=1", 15), seconds=0.05)
    >>> 0.8 < found.learnability < 1.2
    True
    """
    from learnability.cli.lists import target
    from verify.sampling.regression import kernel_regression

    powers = target(question.target)
    data, matrix = _setting(
        question.domain.strip(), question.kernel.strip(), tuple(powers)
    )
    if question.n > len(matrix):
        msg = f"n = {question.n}: {question.domain} has {len(matrix)} points"
        raise Unsupported(msg)
    ridge = float(rational(question.ridge, "ridge", least=0))
    noise = float(rational(question.noise, "noise", least=0))
    weights = np.array([sqrt(float(v)) for v in powers.values()])
    learned, errors = [], []
    stop = perf_counter() + seconds
    for block in range(MOST_TRIALS // BLOCK):
        trials = tuple(range(block * BLOCK, (block + 1) * BLOCK))
        drawn = data.examples(question.n, trials)
        assert drawn.indices is not None
        f = (weights @ drawn.test_targets)[None, :]
        found = kernel_regression(matrix, drawn.indices, f, ridge, noise, seed=block)
        learned.append(found.learnability[:, 0])
        errors.append(found.test_mse[:, 0])
        if perf_counter() > stop:
            break
    a, b = np.concatenate(learned), np.concatenate(errors)
    root = sqrt(len(a))
    return Measured(
        len(a),
        float(a.mean()),
        float(a.std(ddof=1) / root),
        float(b.mean()),
        float(b.std(ddof=1) / root),
    )
