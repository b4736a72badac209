"""Regression with random features on many draws, and its analysis of variance.

Each trial has two data sets and two sets of features, so four predictors. Products of the
errors of two of them that share data, features or nothing average to the parts of the
variance, without a bias of their own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from numerics.training.user_rules import residual
from theory import OutOfDomain
from theory.numbers import integer
from theory.training import parse
from verify.regression.asked import simulates
from verify.regression.features.drawn import (
    ACTIVATION,
    GAUSSIAN,
    features_of,
    is_one_layer,
)
from verify.regression.mean import Mean
from verify.regression.regression_problem import WITH, RegressionProblem

Floats = NDArray[np.float64]
Rule = Callable[[Floats], Floats]
"""Eigenvalues of K_DD → the residual function there."""
TESTED = 256
"""Test points of a trial, where the domain has more."""
EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class TwiceDrawn:
    """One trial: two data sets, two sets of features, and where predictors are tested.

    Attributes
    ----------
    labels
        Of each data set, shape [2, n].
    features
        At the points of each data set, by set of features: [data][features] → [n, w].
    tested
        At the test points, by set of features: → [m, w].
    truth
        The target there, shape [m].
    mean
        Whether errors are means over test points; sums over coefficients otherwise.
    """

    labels: Floats
    features: list[list[Floats]]
    tested: list[Floats]
    truth: Floats
    mean: bool = True


@dataclass(frozen=True)
class MeasuredFeatures:
    """Statistic → one value for each trial."""

    values: Mapping[str, Floats]

    def mean(self, name: str) -> Mean:
        """Mean and standard error."""
        return Mean.of(self.values[name])


def ridge_rule(ridge: float) -> Rule:
    """H(s) = δ/(s + δ)."""
    return lambda s: ridge / (s + ridge) if ridge else np.zeros_like(s)


def feature_regression(
    problem: RegressionProblem,
    width: Any,
    trials: int = 200,
    seed: int = 0,
    *,
    features: str | None = None,
    rule: Any = None,
    time: float = 0.0,
) -> MeasuredFeatures:
    """Regress the problem's first target with random features.

    Parameters
    ----------
    width
        Features.
    trials
        Each has two data sets and two sets of features.
    features
        "gaussian" or "activation"; by default those of the activation where the kernel is
        that of one hidden layer.
    rule, time
        A spectral filter in place of the problem's ridge.

    Raises
    ------
    OutOfDomain
        When the width is no whole number from 1 on.
    Unsupported
        When the kernel has no features of that kind.

    Examples
    --------
    >>> from verify.regression import problem
    >>> one = problem("nngp:erf:depth=1", "hypercube:5", {1: 1}, 8, "1/10")
    >>> found = feature_regression(one, 16, trials=4)
    >>> sorted(found.values)[:3], found.values["test_mse"].shape
    (['bias', 'ensemble_mse', 'learned'], (4,))
    """
    count = integer(width, "width", least=1)
    kind = features or (ACTIVATION if is_one_layer(problem.kernel) else GAUSSIAN)
    draw = features_of(problem, kind)
    h = ridge_rule(float(problem.ridge))
    if rule is not None:
        parsed = parse(rule)
        h = lambda s: np.real(residual(parsed, s.astype(complex), np.array(time)))
    place = problem.place
    replaced = problem.sampling == WITH
    data = place.draw(problem.n, range(2 * trials), seed, replace=replaced)
    points = place.points or 0
    whole = 0 < points <= 4 * TESTED

    def trial(number: int) -> TwiceDrawn:
        random = np.random.default_rng([seed, number, count, problem.n])
        pair = data[2 * number : 2 * number + 2]
        test = (
            np.arange(points)
            if whole
            else place.draw(TESTED, [number], seed + 1, replace=True)[0]
        )
        every = np.concatenate([pair[0], pair[1], test])
        drawn = np.split(draw(every, 2 * count, random), 2, axis=1)
        n = problem.n
        truth = problem.targets[0].at(place, every)
        noise = random.standard_normal((2, n)) * float(problem.noise) ** 0.5
        return TwiceDrawn(
            truth[: 2 * n].reshape(2, n) + noise,
            [[psi[:n] for psi in drawn], [psi[n : 2 * n] for psi in drawn]],
            [psi[2 * n :] for psi in drawn],
            truth[2 * n :],
        )

    return measured(trial, trials, float(problem.noise), h)


def gaussian_design(
    lam: Floats,
    power: Floats,
    n: int,
    width: int,
    noise: float,
    ridge: float,
    **run: Any,
) -> MeasuredFeatures:
    """The model behind the theory: modes that are independent Gaussians, one by one.

    Examples
    --------
    >>> lam = np.arange(1.0, 31) ** -1.5
    >>> found = gaussian_design(lam, lam, 8, 12, 0.1, 0.1, trials=4, seed=1)
    >>> found.values["train_mse"].shape
    (4,)
    """
    trials, seed = run["trials"], run["seed"]
    h = run.get("h") or ridge_rule(ridge)
    coefficients = np.sqrt(power)

    def trial(number: int) -> TwiceDrawn:
        random = np.random.default_rng([seed, number, width, n])
        drawn = [
            np.sqrt(lam)[:, None] * random.standard_normal((len(lam), width))
            for _ in range(2)
        ]
        x = random.standard_normal((2, n, len(lam)))
        noises = random.standard_normal((2, n)) * noise**0.5
        labels = x @ coefficients + noises
        at_data = [[x[a] @ psi for psi in drawn] for a in range(2)]
        return TwiceDrawn(labels, at_data, drawn, coefficients, mean=False)

    return measured(trial, trials, noise, h)


def measured(
    trial: Callable[[int], TwiceDrawn], trials: int, noise: float, h: Rule
) -> MeasuredFeatures:
    """All statistics of many trials.

    Raises
    ------
    OutOfDomain
        When there are fewer than two trials.
    """
    if trials < 2:
        raise OutOfDomain(f"trials = {trials} must be at least 2")
    with threadpool_limits(1):
        rows = [_trial(trial(number), noise, h) for number in range(trials)]
    return MeasuredFeatures({k: np.array([row[k] for row in rows]) for k in rows[0]})


def _trial(drawn: TwiceDrawn, noise: float, h: Rule) -> dict[str, float]:
    errors, train, learned = np.empty((2, 2, len(drawn.truth))), [], []
    for a in range(2):
        for b in range(2):
            fit, left, count = _fitted(
                drawn.features[a][b], drawn.tested[b], drawn.labels[a], h
            )
            errors[a, b] = drawn.truth - fit
            train.append(np.mean(left**2))
            learned.append(count)
    size = len(drawn.truth) if drawn.mean else 1
    product = lambda x, y: float(x.ravel() @ y.ravel()) / size
    error = product(errors, errors) / 4
    same_features = product(errors[0], errors[1]) / 2
    same_data = product(errors[:, 0], errors[:, 1]) / 2
    bias = (
        product(errors[0, 0], errors[1, 1]) + product(errors[0, 1], errors[1, 0])
    ) / 2
    return {
        "test_mse": error + noise,
        "bias": bias,
        "variance": error - bias,
        "variance_features": same_features - bias,
        "variance_data": same_data - bias,
        "variance_both": error - same_features - same_data + bias,
        "ensemble_mse": same_data + noise,
        "train_mse": float(np.mean(train)),
        "learned": float(np.mean(learned)),
    }


def _fitted(
    psi: Floats, tested: Floats, y: Floats, h: Rule
) -> tuple[Floats, Floats, float]:
    """The predictor at the test points, what is left of the labels, and Σ L."""
    root = psi.shape[1] ** 0.5
    u, sigma, vt = np.linalg.svd(psi / root, full_matrices=False)
    kept = sigma > sigma[0] * max(psi.shape) * EPS
    s = np.where(kept, sigma, 1.0) ** 2
    learned = np.where(kept, 1 - h(s), 0.0)
    along = u.T @ y
    weights = vt.T @ (learned / np.sqrt(s) * along)
    return tested @ weights / root, y - u @ (learned * along), float(learned.sum())


@simulates("width")
def _static(problem: RegressionProblem, width: Any, trials: int, seed: int) -> Mean:
    return feature_regression(problem, width, trials, seed).mean("test_mse")


@simulates("width", "time", "rule")
def _trained(
    problem: RegressionProblem, asked: Mapping[str, Any], trials: int, seed: int
) -> Mean:
    found = feature_regression(
        problem,
        asked["width"],
        trials,
        seed,
        rule=asked["rule"],
        time=float(asked["time"]),
    )
    return found.mean("test_mse")
