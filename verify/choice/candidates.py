"""One candidate of a choice: its best ridge, its predicted error, what it spends on what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from numerics import predict, spectrum
from numerics.choice.ridge_search import optimal_ridge
from numerics.choice.two_parities import TwoParities, signs_of
from numerics.statistics.predict import float_problem
from theory import EngineError, Kernel
from theory.statistics.questions.sampling import DISTINCT

BASE = {"circle": 0.5, "circle_points": 0.5, "data": 0.1}
"""Relative error of the predicted MSE by kind of domain, in stored runs of regression."""
USUAL = 0.05
LOPSIDED_ERROR = 0.1
SMALL_N = 0.3
NODES = 60
FINER = 14


def own_error(domain: Any, n: int, parity_ratio: float = 1.0) -> float:
    """How far the theory's MSE may be off, relatively, as the stored errors say.

    5 % on cubes and spheres, 10 % on data, 50 % on the circle, 0.3/n besides; 10 % more
    where one parity holds most of the trace.

    Examples
    --------
    >>> from theory import Hypercube
    >>> round(own_error(Hypercube(8), 100), 4)
    0.053
    """
    base = BASE.get(getattr(domain, "kind", ""), USUAL)
    skewed = not 1 / 3 <= parity_ratio <= 3
    return base + SMALL_N / n + (LOPSIDED_ERROR if skewed else 0.0)


@dataclass(frozen=True)
class Task:
    """What every candidate is asked for.

    Attributes
    ----------
    domain
        Where it learns: a domain, or a data set as one.
    targets
        Level → power of each target, exact; empty on data, where labels are the target.
    n, noise
        Training points and noise variance, exact.
    sampling
        How points are drawn.
    ridge
        An exact ridge, or None for the best one.
    """

    domain: Any
    targets: tuple[Mapping[int, Any], ...]
    n: int
    noise: Any
    sampling: str
    ridge: Any = None

    @property
    def is_data(self) -> bool:
        """Whether the domain is a data set."""
        return getattr(self.domain, "invariant", "") == "pair"

    @property
    def by_parity(self) -> bool:
        """Whether even and odd levels have constants of their own."""
        return self.sampling == DISTINCT and bool(self.domain.antipode)

    @cached_property
    def mean(self) -> dict[int, Any]:
        """Mean power of the targets by level."""
        found: dict[int, Any] = {}
        for target in self.targets:
            for k, v in target.items():
                found[k] = found.get(k, 0) + v / len(self.targets)
        return found


@dataclass(frozen=True)
class Candidate:
    """A kernel with its ridge and what the theory predicts.

    Attributes
    ----------
    kernel
        The kernel.
    ridge
        δ; below zero where that is best and admissible.
    test_mse
        Predicted test MSE, noise included; on data the error on held-out points.
    errors
        The same for each target.
    own_error
        How far the theory may be off, relatively.
    spent
        Level → Σ L over its modes; ``ridge`` → what the ridge takes. They sum to n.
    equation
        By which equation.
    regret
        test MSE over the framework's optimum; None on data.
    tied
        Whether it is as good as the best within the theory's own error.
    remark
        What a reader should know.
    edges
        Parameters on the edge of what was searched.
    value
        What was minimised.
    """

    kernel: Kernel
    ridge: float
    test_mse: float
    errors: tuple[float, ...]
    own_error: float
    spent: Mapping[Any, float]
    equation: str
    regret: float | None = None
    tied: bool = False
    remark: str = ""
    edges: tuple[str, ...] = ()
    value: float = field(default=float("nan"))


def candidate(kernel: Kernel, task: Task, worst: bool = False) -> Candidate:
    """Predict one kernel at its best ridge, or at the ridge that is asked for.

    Parameters
    ----------
    kernel, task
        What is asked.
    worst
        Whether the ridge is the best one for the worst target, not for the mean.
    """
    if task.is_data:
        return _on_data(kernel, task)
    s = spectrum(kernel, task.domain, digits=15)
    if task.by_parity:
        return _by_parity(kernel, s, task, worst)
    return _usual(kernel, s, task, worst)


def _usual(kernel: Kernel, s: Any, task: Task, worst: bool) -> Candidate:
    """By the equation of the sampling."""
    remark = ""
    if task.ridge is None:
        best = optimal_ridge(s, task.mean, task.n, task.noise, sampling=task.sampling)
        ridge, C, remark = best.ridge, best.C, best.remark
        errors = [best.test_mse]
        if len(task.targets) > 1:
            each = [
                optimal_ridge(s, x, task.n, task.noise, sampling=task.sampling)
                for x in task.targets
            ]
            if worst:  # the ridge that is best for the target that is worst at its best
                found = max(each, key=lambda x: x.test_mse)
                ridge, C, remark = found.ridge, found.C, found.remark
            errors = _at(s, task, max(ridge, 0.0))[0]
    else:
        errors, C = _at(s, task, task.ridge)
        ridge = float(task.ridge)
    errors = [max(x, float(task.noise)) for x in errors]  # rounding goes below
    fast, _ = float_problem(s, task.mean)
    lam, g = fast.at_scale(0)
    top = np.where(lam > 0, lam, 1.0)
    learned = np.where(lam > 0, top / (top + C), 0.0) if np.isfinite(C) else 0 * lam
    names = [*fast.index.tolist(), *(["above"] if len(lam) > len(fast) else [])]
    spent = dict(zip(names, (g * learned).tolist(), strict=True))
    spent["ridge"] = task.n - sum(spent.values())
    return Candidate(
        kernel,
        ridge,
        float(np.mean(errors)),
        tuple(errors),
        own_error(task.domain, task.n),
        spent,
        "finite_population_equation"
        if task.sampling == DISTINCT
        else "implicit_equation",
        remark=remark,
    )


def _at(s: Any, task: Task, ridge: Any) -> tuple[list[float], float]:
    """Errors of all targets at one ridge, and C."""
    if ridge == float("inf"):  # nothing is learned
        return [float(sum(x.values()) + task.noise) for x in task.targets], ridge
    delta = f"{ridge:.12g}" if isinstance(ridge, float) else ridge
    p = predict(
        s, list(task.targets), task.n, delta, task.noise, sampling=task.sampling
    )
    return [float(x) for x in p.test_mse], float(p.C)


def _by_parity(kernel: Kernel, s: Any, task: Task, worst: bool) -> Candidate:
    fast, _ = float_problem(s, task.mean)
    lam, g = fast.eigenvalue[None], fast.multiplicity
    signs = signs_of(task.domain, fast.index.tolist())
    rows = [
        np.array([float(x.get(int(k), 0)) for k in fast.index]) for x in task.targets
    ]
    make = lambda power: TwoParities(
        lam, g, power, signs, task.n, int(task.domain.size), float(task.noise)
    )
    each = [make(x) for x in rows]
    whole = make(np.mean(rows, axis=0))
    if task.ridge is None:
        ridge = _best_ridge(each if worst else [whole])
    else:
        ridge = float(task.ridge)
    finite = np.isfinite(ridge)
    at = np.array([ridge if finite else 1e12 * float(lam[0] @ g)])
    errors = [float(x.at(at)[0][0]) for x in each]
    learned = whole.at(at)[1][0]
    spent = dict(zip(fast.index.tolist(), (g * learned).tolist(), strict=True))
    spent["ridge"] = task.n - sum(spent.values())
    even = float(np.sum(lam[0] * g, where=signs > 0))
    odd = float(np.sum(lam[0] * g, where=signs < 0))
    ratio = odd / even if even else np.inf
    skewed = not 1 / 3 <= ratio <= 3
    return Candidate(
        kernel,
        float(ridge),
        float(np.mean(errors)),
        tuple(errors),
        own_error(task.domain, task.n, ratio),
        spent,
        "parity_equation",
        remark="one parity holds most of the trace" if skewed else "",
    )


def _best_ridge(problems: Sequence[TwoParities]) -> float:
    """The ridge of the least error, or of the least largest one; to five digits.

    All ridges of a grid at once, then finer grids around the best.
    """
    first = problems[0]
    pairs = first.n * (first.n - 1) / 2 / (first.points - 1)
    trace = float(first.lam[0] @ first.g)

    def largest(ridges: np.ndarray) -> np.ndarray:
        wide = [replace(x, lam=np.repeat(x.lam, len(ridges), axis=0)) for x in problems]
        constants = wide[0].constants(ridges, pairs, None, 1e-8)
        return np.max([x.errors(ridges, pairs, constants) for x in wide], axis=0)

    grid = trace * np.geomspace(1e-8, 1e3, NODES)
    best, least = 0.0, float(largest(np.zeros(1))[0])
    for _ in range(4):
        values = largest(grid)
        at = int(np.argmin(values))
        if values[at] < least * (1 - 1e-12):
            best, least = float(grid[at]), float(values[at])
        low, high = grid[max(at - 1, 0)], grid[min(at + 1, len(grid) - 1)]
        grid = np.geomspace(low, high, FINER)
    nothing = max(float(x.power.sum()) + x.noise for x in problems)
    return float("inf") if nothing <= least else best


def _on_data(kernel: Kernel, task: Task) -> Candidate:
    from verify.data.advice import best_ridge

    s = task.domain.eigensystem(kernel)
    remark = ""
    ridge = best_ridge(s, task.n) if task.ridge is None else float(task.ridge)
    p = s.predict(task.n, f"{ridge:.12g}", target="mean")
    if not bool(np.all(p.claimed)):
        remark = "n is above M/8, where the theory is known to be biased"
    C = float(p.C)
    learned = s.eigenvalues / (s.eigenvalues + C) if C else (s.eigenvalues > 0) * 1.0
    spent: dict[Any, float] = {}
    begin = 0
    for end in (1, 10, 100, 1000, len(learned)):
        if begin < end <= len(learned):
            spent[f"modes {begin + 1} to {end}"] = float(learned[begin:end].sum())
            begin = end
    spent["ridge"] = task.n - sum(spent.values())
    error = float(p.held_out_mse)
    return Candidate(
        kernel,
        ridge,
        error,
        (error,),
        own_error(task.domain, task.n),
        spent,
        "finite_population_equation",
        remark=remark,
    )


def proved_error(best: Candidate, task: Task, digits: int = 12) -> Any:
    """The best candidate's error as a ball, where an equation proves digits; else None."""
    if task.is_data or task.by_parity or not 0 <= best.ridge < np.inf:
        return None
    s = spectrum(best.kernel, task.domain, digits=digits + 8)
    try:
        p = predict(
            s,
            task.mean,
            task.n,
            f"{best.ridge:.6g}",
            task.noise,
            sampling=task.sampling,
            digits=digits,
        )
    except EngineError:
        return None
    return p.test_mse.item()
