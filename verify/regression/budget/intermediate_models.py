"""Worlds between theory and a real domain: Gaussian features, and a random rotation.

With independent Gaussian features of the same spectrum nothing is left of a domain but
n: what theory misses there is due to finite data. The first n rows of a random rotation
of M modes are n distinct points of a domain without any structure: that adds what a
finite domain does. Both are drawn from the same Gaussian matrix, so they are paired.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from verify.regression.pair_functions import Pairs
from verify.regression.regression_problem import RegressionProblem

MOST_MODES = 2048
BLOCK_BYTES = 128 << 20
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Modes:
    """A spectrum mode by mode; what does not fit acts as ridge.

    Attributes
    ----------
    eigenvalues
        One for each mode, shape [mode].
    extra
        Σ g λ of the levels left out.
    extra_square
        Σ g λ² of them.
    first
        Level → its first mode.
    levels
        How many levels are listed.
    """

    eigenvalues: Floats
    extra: float
    extra_square: float
    first: dict[int, int]
    levels: int


def modes_of(problem: RegressionProblem, pairs: Pairs) -> Modes:
    """As many whole levels as ``MOST_MODES`` allows, and at least the target's."""
    needed = max(k for t in problem.targets for k in t.powers)
    s, lam = pairs.spectrum, pairs.eigenvalues
    columns, first, count, used = [], {}, 0, 0
    for level, value in zip(s.levels, lam, strict=True):
        if level.index > needed and count + level.multiplicity > MOST_MODES:
            break
        first[level.index] = count
        columns.append(np.full(level.multiplicity, value))
        count += level.multiplicity
        used += 1
    rest = [
        (float(x.multiplicity), value)
        for x, value in zip(s.levels[used:], lam[used:], strict=True)
    ]
    extra = sum(g * v for g, v in rest) + max(float(s.tail_mass), 0.0)
    square = sum(g * v * v for g, v in rest) + max(float(s.tail_square), 0.0)
    return Modes(np.concatenate(columns), extra, square, first, used)


def surrogate(
    problem: RegressionProblem, modes: Modes, trials: int, seed: int, *, rotate: bool
) -> dict[str, Floats]:
    """Learnability and test MSE with Gaussian features, or with both kinds.

    Returns
    -------
    dict
        ``gaussian`` and, with ``rotate``, ``rotated``: arrays [trial, 2, target] of
        learnability and test MSE.

    Examples
    --------
    >>> from verify.regression.regression_problem import problem
    >>> white = problem("expr:t*(1+t)/2", "hypercube:2", {1: 1}, 2)
    >>> found = surrogate(white, modes_of(white, white.pairs), 4, 0, rotate=True)
    >>> found["rotated"].shape
    (4, 2, 1)
    """
    n, count = problem.n, len(modes.eigenvalues)
    block = max(1, BLOCK_BYTES // (8 * n * (4 * count + 4 * n)))
    generator = np.random.default_rng([seed, n, 0x5EED])
    parts: dict[str, list[Floats]] = {"gaussian": []}
    if rotate:
        parts["rotated"] = []
    truth = np.zeros((len(problem.targets), count))
    for row, goal in enumerate(problem.targets):
        for level, power in goal.powers.items():
            truth[row, modes.first[level]] = sqrt(float(power))
    with threadpool_limits(1):
        for start in range(0, trials, block):
            size = min(block, trials - start)
            features = generator.standard_normal((size, n, count))
            noise = generator.standard_normal((size, n, 1))
            parts["gaussian"].append(_learn(problem, modes, features, noise, truth))
            if rotate:
                turned = np.linalg.qr(features.transpose(0, 2, 1))[0].transpose(0, 2, 1)
                # Haar only up to signs of rows, which regression does not see
                scaled = sqrt(count) * turned
                parts["rotated"].append(_learn(problem, modes, scaled, noise, truth))
    return {name: np.concatenate(rows) for name, rows in parts.items()}


def _learn(
    problem: RegressionProblem, modes: Modes, features: Any, noise: Any, truth: Any
):
    lam, sigma = modes.eigenvalues, sqrt(float(problem.noise))
    ridge = float(problem.ridge) + modes.extra
    labels = features @ truth.T + sigma * noise
    inner = (features * lam) @ features.transpose(0, 2, 1)
    inner += ridge * np.eye(problem.n)
    alpha = np.linalg.solve(inner, labels)
    learned = lam * np.einsum("bnt,bnm->btm", alpha, features, optimize=True)
    power = np.sum(truth**2, axis=1)
    share = np.einsum("btm,tm->bt", learned, truth) / power
    error = np.sum((learned - truth) ** 2, axis=2) + sigma**2
    error += modes.extra_square * np.sum(alpha**2, axis=1)
    return np.stack([share, error], axis=1)
