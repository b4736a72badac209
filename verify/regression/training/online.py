"""Online gradient descent, run: every step a fresh batch, on many sequences of samples."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from theory import OutOfDomain, Unsupported
from theory.numbers import integer
from theory.statistics.questions.sampling import DISTINCT
from theory.training.online import OnlineDescent
from verify.regression import blocks, draws
from verify.regression.asked import simulates
from verify.regression.mean import Mean
from verify.regression.regression_problem import RegressionProblem

BLOCK = 64
MOST_SAMPLES = 2000
BATCHES = 1_000_003
"""Batch k of seed s has the seed s·BATCHES + k."""


def online_errors(
    problem: RegressionProblem,
    rule: OnlineDescent,
    trials: int = 500,
    seed: int = 0,
    *,
    distinct: bool = False,
) -> np.ndarray:
    """The test MSE after n samples, for each sequence of samples.

    Parameters
    ----------
    problem
        n counts samples; its ridge must be 0.
    rule
        Rate, batch, momentum, averaging.
    trials
        Sequences of samples, an even number.
    distinct
        Whether the points of a batch are distinct.

    Raises
    ------
    OutOfDomain
        When there is a ridge, an odd number of trials, or a broken batch.
    Unsupported
        For more than 2000 samples.

    Examples
    --------
    >>> from verify.regression import problem
    >>> one = problem("exponential:beta=1", "hypercube:5", {1: 1}, 8)
    >>> rule = OnlineDescent.parse("sgd:rate=1/2,batch=4")
    >>> online_errors(one, rule, 4).shape
    (4,)
    """
    count = integer(trials, "trials", least=4)
    if problem.ridge or count % 2 or problem.n % rule.batch:
        raise OutOfDomain(
            f"ridge = {problem.ridge}, trials = {count}, n = {problem.n}: no ridge, an "
            f"even number of trials and whole batches of {rule.batch} are needed"
        )
    if problem.n > MOST_SAMPLES:
        raise Unsupported(f"n = {problem.n}: at most {MOST_SAMPLES} samples are run")
    parts = []
    with threadpool_limits(1):
        for start in range(0, count, BLOCK):
            some = range(start, min(start + BLOCK, count))
            parts.append(_block(problem, rule, some, seed, distinct=distinct))
    return np.concatenate(parts)


def _block(problem, rule, trials: range, seed: int, *, distinct: bool) -> np.ndarray:
    place, steps = problem.place, problem.n // rule.batch
    replaced = place.points is not None and not distinct
    x = np.concatenate(
        [
            place.draw(rule.batch, trials, seed * BATCHES + k, replace=replaced)
            for k in range(steps)
        ],
        axis=1,
    )
    truth = np.stack([t.at(place, x) for t in problem.targets], axis=-1)
    smooth = np.stack(
        [t.smoothed(place, problem.pairs, x) for t in problem.targets], axis=-1
    )
    waves = np.stack([place.mode(k, i, x) for k, i in problem.modes], axis=-1)
    scale = float(problem.noise) ** 0.5
    labels = truth + scale * draws.noises(problem.n, trials, seed)[..., None]
    pair = place.pair(x, x, np)
    inner = problem.pairs.kernel(pair, np)
    alpha, direction = np.zeros_like(labels), np.zeros_like(labels)
    mean = np.zeros_like(labels)
    beta = float(rule.momentum)
    for step in range(steps):
        at = slice(step * rule.batch, (step + 1) * rule.batch)
        off = np.einsum("bxn,bnt->bxt", inner[:, at], alpha) - labels[:, at]
        direction *= beta
        direction[:, at] += off / rule.batch
        alpha = alpha - float(rule.rate_at(step)) * direction
        mean += alpha
    if rule.averaged:
        alpha = mean / (steps + 1)
    data = blocks.Data(x, labels, labels, smooth, waves, np.ones(x.shape[:2]))
    nothing = np.zeros(len(x))
    found = blocks.statistics(problem, data, (pair, inner), alpha, nothing, nothing, np)
    return found["test_mse"][:, 0]


@simulates("rule")
def _independent(problem: RegressionProblem, rule: Any, trials: int, seed: int) -> Mean:
    return Mean.of(online_errors(problem, rule, trials, seed))


@simulates("rule", "sampling")
def _by_sampling(
    problem: RegressionProblem, asked: Mapping[str, Any], trials: int, seed: int
) -> Mean:
    distinct = asked["sampling"] == DISTINCT
    found = online_errors(problem, asked["rule"], trials, seed, distinct=distinct)
    return Mean.of(found)
