"""The learned function itself, at points that are chosen: its values by data set.

f̂(x) = K(x, D)(K_DD + δ)⁻¹ y, with the target as it is given, noise, and the draws that
every simulation of the same seed makes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from numerics.targets.target_function import TargetFunction
from numerics.targets.target_reading import read_target
from numerics.targets.zonal_functions import points_on
from theory import OutOfDomain
from theory.numbers import integer
from verify.regression import draws
from verify.regression.mean import Mean, covariance
from verify.regression.regression_problem import WITH, RegressionProblem, problem

Floats = NDArray[np.float64]
BLOCK = 256
SMALL = 16 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class MeasuredValues:
    """Values of f̂ at points, a row for each data set.

    Attributes
    ----------
    problem
        What was regressed; its targets give the powers, ``target`` the function.
    target
        The function that the labels are values of.
    points
        As they were given, an array.
    values
        Shape [trial, point].
    """

    problem: RegressionProblem
    target: TargetFunction
    points: np.ndarray
    values: Floats

    @property
    def truth(self) -> Floats:
        """The target at the points."""
        return np.asarray(self.target.at(self.points))

    def mean(self, place: int) -> Mean:
        """The mean of f̂ at one point."""
        return Mean.of(self.values[:, place])

    def covariance(self, first: int, second: int) -> Mean:
        """The covariance of f̂ at two points."""
        return covariance(self.values[:, first], self.values[:, second])


def learned_values(
    kernel: Any,
    domain: Any,
    target: Any,
    n: Any,
    x: Any,
    ridge: Any = 0,
    noise: Any = 0,
    *,
    trials: int = 1000,
    seed: int = 0,
    repeated: bool = False,
) -> MeasuredValues:
    """Regress on many data sets and evaluate what was learned at points.

    Parameters
    ----------
    kernel, domain, target, n, ridge, noise
        The problem; the target is whatever ``read_target`` takes.
    x
        Points: corners ±1, angles, or vectors.
    trials, seed
        Data sets, at least 4.
    repeated
        Whether points of a finite domain may be drawn twice; else they are distinct.

    Raises
    ------
    OutOfDomain
        When an argument is out of range, or a point is none of the domain.
    Unsupported
        When points of the domain cannot be numbered.

    Examples
    --------
    >>> found = learned_values("exponential", "hypercube:4", {1: 1}, 16, [1, 1, 1, 1], trials=4)
    >>> found.values.round(9).tolist()                      # all points are in the data
    [[1.0], [1.0], [1.0], [1.0]]
    """
    count = integer(trials, "trials", least=4)
    one = problem(kernel, domain, target, n, ridge, noise, _sampling(domain, repeated))
    goal = read_target(target, one.domain)
    points, single = points_on(one.domain, x)
    del single
    codes = _codes(one, points)
    parts = []
    with threadpool_limits(1):
        for start in range(0, count, BLOCK):
            part = range(start, min(start + BLOCK, count))
            parts.append(_block(one, goal, codes, part, integer(seed, "seed")))
    return MeasuredValues(one, goal, points, np.concatenate(parts))


def _sampling(domain: Any, repeated: bool) -> str | None:
    if not repeated:
        return None
    from theory import domains

    known = domains.parse(domain) if isinstance(domain, str) else domain
    if not known.size.is_Integer:
        raise OutOfDomain(f"repeated: points of {known} are never drawn twice")
    return WITH


def _block(
    one: RegressionProblem, goal: TargetFunction, codes: Any, trials: range, seed: int
) -> Floats:
    place, pairs = one.place, one.pairs
    x = place.draw(one.n, trials, seed, replace=one.sampling == WITH)
    shape = x.shape[:2]
    flat = x.reshape(-1, *x.shape[2:])
    y = np.asarray(goal.at(_coordinates(one, flat))).reshape(shape)
    if one.noise:
        y = y + float(one.noise) ** 0.5 * draws.noises(one.n, trials, seed)
    inner = pairs.kernel(place.pair(x, x, np), np) + float(one.ridge) * np.eye(one.n)
    outer = pairs.kernel(place.pair(codes[None], x, np), np)
    spectra, vectors = np.linalg.eigh(inner)
    kept = spectra > SMALL * one.n * spectra[:, -1:]
    weight = np.where(kept, 1 / np.where(kept, spectra, 1.0), 0.0)
    turned = np.einsum("tij,ti->tj", vectors, y) * weight
    alpha = np.einsum("tij,tj->ti", vectors, turned)
    return np.einsum(
        "tpi,ti->tp", np.broadcast_to(outer, (*shape[:1], *outer.shape[1:])), alpha
    )


def _coordinates(one: RegressionProblem, codes: Any) -> Any:
    """What a target function is called with, at points that were drawn."""
    place: Any = one.place
    if place.points is not None:
        return place.coordinates(codes)
    return codes if one.domain.by_angle else place.vectors(codes)


def _codes(one: RegressionProblem, points: np.ndarray) -> Any:
    """Points as the domain's arrays name them."""
    place: Any = one.place
    x = points.astype(np.float64)
    if place.points is None:
        if one.domain.by_angle:
            return x
        unit = x / np.linalg.norm(x, axis=1)[:, None]
        return np.arctan2(unit[:, 1], unit[:, 0]) if unit.shape[1] == 2 else unit
    if one.domain.is_cube:
        weights = 1 << np.arange(x.shape[1], dtype=np.int64)[::-1]
        return ((x < 0) * weights).sum(axis=1)
    every = np.asarray(place.coordinates(np.arange(place.points)), dtype=np.float64)
    if one.domain.by_angle:
        gaps = np.abs(np.angle(np.exp(1j * (x[:, None] - every[None, :]))))
    else:
        gaps = np.max(np.abs(x[:, None, :] - every[None, :, :]), axis=2)
    if np.any(gaps.min(axis=1) > 1e-9):
        bad = points[int(np.argmax(gaps.min(axis=1)))]
        raise OutOfDomain(f"x = {bad} is no point of {one.domain}")
    return gaps.argmin(axis=1)
