"""Kernel regression that stops early: filters applied to the eigenvalues of K_DD."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from numerics.training.user_rules import residual
from theory import OutOfDomain
from theory.numbers import integer
from theory.training import Filter, parse
from verify.regression import blocks
from verify.regression.asked import simulates
from verify.regression.mean import Mean
from verify.regression.regression_problem import RegressionProblem

BLOCK = 128
NAMES = ("learnability", "bias", "variance", "test_mse", "train_mse", "residual_trace")


@dataclass(frozen=True)
class Course:
    """What a rule does over time, measured.

    Attributes
    ----------
    times
        When it was looked at.
    values
        Statistic → values, shape [time, data set], or [time, pair] for bias and variance.
    conserved
        The largest |Σ L − (n − tr h(K_DD))| over all data sets and times, over n.
    """

    times: tuple[float, ...]
    values: Mapping[str, np.ndarray]
    conserved: float

    def mean(self, name: str) -> list[Mean]:
        """Mean and standard error at every time."""
        return [Mean.of(row) for row in self.values[name]]


def training_course(
    problem: RegressionProblem,
    times: Sequence[float],
    rule: Filter | str = "flow",
    trials: int = 500,
    seed: int = 0,
) -> Course:
    """Train on many data sets, by the eigenvalues of each kernel matrix.

    Data sets are those of ``simulate`` with the same seed.

    Parameters
    ----------
    problem
        Its ridge must be 0.
    times
        Times, steps or rounds.
    rule
        A filter, or its text.
    trials
        Data sets, an even number.

    Raises
    ------
    OutOfDomain
        When there is a ridge, or the number of trials is odd.

    Examples
    --------
    >>> from verify.regression import problem
    >>> one = problem("exponential:beta=1", "sphere:6", {1: 1}, 20)
    >>> found = training_course(one, [0, 1e9], trials=20)
    >>> found.mean("test_mse")[0].value, found.conserved < 1e-9
    (1.0, True)
    """
    rule = parse(rule)
    count = integer(trials, "trials", least=4)
    if problem.ridge or count % 2:
        what = f"ridge = {problem.ridge}" if problem.ridge else f"trials = {count}"
        raise OutOfDomain(
            f"{what}: training in time takes ridge 0 and an even number of data sets"
        )
    parts, off = [], 0.0
    with threadpool_limits(1):
        for start in range(0, count, BLOCK):
            some = range(start, min(start + BLOCK, count))
            part, gap = _block(problem, some, seed, rule, times)
            parts.append(part)
            off = max(off, gap)
    values = {
        name: np.concatenate([part[name] for part in parts], axis=1) for name in NAMES
    }
    return Course(tuple(map(float, times)), values, off)


def _block(
    problem: RegressionProblem, trials: range, seed: int, rule: Filter, times
) -> tuple[dict[str, np.ndarray], float]:
    data = blocks.draw(problem, trials, seed)
    pair = problem.place.pair(data.points, data.points, np)
    inner = problem.pairs.kernel(pair, np)
    values, vectors = np.linalg.eigh(inner)
    top = values[:, -1:]
    positive = values > top * values.shape[1] * blocks.EPS
    safe = np.where(positive, values, top)
    turned = np.swapaxes(vectors, 1, 2) @ data.labels
    rows: dict[str, list[np.ndarray]] = {name: [] for name in NAMES}
    off = 0.0
    for time in times:
        h = np.real(residual(rule, safe.astype(complex), np.array(float(time))))
        h = np.where(positive, h, 1.0)
        weight = np.where(positive, (1 - h) / safe, 0.0)
        alpha = vectors @ (weight[..., None] * turned)
        # Σ L is the trace of K_DD g(K_DD), taken without the eigenvalues
        rule_matrix = (vectors * weight[:, None, :]) @ np.swapaxes(vectors, 1, 2)
        learned = np.sum(inner * rule_matrix, axis=(1, 2))
        trace = np.sum(h, axis=1)
        off = max(off, float(np.max(np.abs(learned - (problem.n - trace)))) / problem.n)
        found = blocks.statistics(
            problem, data, (pair, inner), alpha, trace, learned, np
        )
        for name in NAMES[:-1]:
            rows[name].append(found[name][:, 0])
        rows["residual_trace"].append(trace)
    return {name: np.stack(some) for name, some in rows.items()}, off


@simulates("time", "rule")
def _trained(
    problem: RegressionProblem, asked: Mapping[str, Any], trials: int, seed: int
) -> Mean:
    """The test MSE at one time."""
    course = training_course(
        problem, [float(asked["time"])], asked["rule"], trials, seed
    )
    return course.mean("test_mse")[0]
