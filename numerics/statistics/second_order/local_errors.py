"""Covariances of values where the error is larger at some points than at others.

The squared error of the learned function at a point, residual, spread and noise, acts like
noise of that variance there. The spread follows from the errors at all points, so the
errors solve a linear equation on the points of the domain: all of them where they are
few, a grid on the circle, a fixed sample elsewhere, whose mean part is exact.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from numerics.numbers.memory_limit import require_memory
from numerics.statistics.second_order.setting import Setting, ell, in_learnabilities
from numerics.targets.zonal_functions import cosines, zonal_values
from theory import EngineError, formulas, notation
from theory.statistics import learned_coefficients as learned

COMPUTES = "local_function_covariance"
MOST_POINTS = 1024
"""More points than these are sampled."""
SEED = 20


@lru_cache(maxsize=1)
def _formula() -> Program:
    return build(in_learnabilities(formulas[COMPUTES].rhs), ARRAYS)


@lru_cache(maxsize=16)
def design(domain: Any) -> tuple[np.ndarray, bool]:
    """Points that stand for the domain, and whether they are a sample of it.

    Examples
    --------
    >>> from theory import Hypercube
    >>> points, sampled = design(Hypercube(3))
    >>> points.shape, sampled
    ((8, 3), False)
    """
    if domain.by_angle:
        finite = domain.size.is_finite and domain.size <= MOST_POINTS
        count = int(domain.size) if finite else MOST_POINTS // 2
        return 2 * np.pi * np.arange(count) / count, False
    random = np.random.default_rng(SEED)
    if domain.is_cube:
        d = int(domain.d)
        if 1 << d <= MOST_POINTS:
            bits = (np.arange(1 << d)[:, None] >> np.arange(d)[::-1]) & 1
            return 1 - 2 * bits, False
        return 1 - 2 * random.integers(0, 2, (MOST_POINTS, d)), True
    if domain.is_sphere:
        x = random.standard_normal((MOST_POINTS, int(domain.ambient)))
        return x / np.linalg.norm(x, axis=1)[:, None], True
    every = np.array([[float(v) for v in x] for x in domain.vectors()])
    if len(every) <= MOST_POINTS:
        return every, False
    return every[random.choice(len(every), MOST_POINTS, replace=False)], True


def has_design(domain: Any) -> bool:
    """Whether points stand for the domain."""
    try:
        design(domain)
    except EngineError:
        return False
    return True


def local_covariance(
    setting: Setting, index: int, first: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """Cov(f̂(x), f̂(x′)) in one case, shape [x, x′], in float64."""
    domain = setting.target.domain
    s = setting.floats
    levels = [int(k) for k in s.index]
    size = float(setting.prediction.n.flat[index])
    if size == 0:
        return np.zeros((len(first), len(second)))
    common = setting.case(index)
    z, sampled = design(domain)
    require_memory(
        24 * len(z) * len(levels) * 8, "local errors on the points of a domain"
    )
    shares, left = setting.learnabilities(index, levels)
    L, g = np.array(shares), np.asarray(s.multiplicity, dtype=float)
    excess = _excess(setting, common, (z, sampled), (levels, L, g), index)
    fields = [_smoothing(domain, x, z, levels, g * L) for x in (first, second)]
    w = [_shrinking(setting, index, x) for x in (first, second)]
    t = cosines(domain, first, second, proved=False)
    known = setting.learnabilities(index, setting.levels)
    powers = [float(setting.target[k]) for k in setting.levels]
    squares = sum((a * b) ** 2 * v for a, b, v in zip(*known, powers, strict=True))
    values = {
        notation.n: size,
        notation.variance: float(setting.prediction.variance.flat[index]),
        notation.g: g,
        notation.levels: len(levels),
        ell: L,
        learned.zonal: np.stack(zonal_values(domain, levels, t), axis=-1),
        learned.shrinking_square: squares,
        learned.places: len(z),
        learned.smoothing: fields[0][:, None, :],
        learned.other_smoothing: fields[1][None, :, :],
        learned.excess: excess,
        learned.shrinking: w[0][:, None],
        learned.other_shrinking: w[1][None, :],
    }
    del left
    return _formula()(values)


def _excess(setting: Setting, common: Any, points: Any, table: Any, index: int) -> Any:
    """The local squared error at the design points less its mean, over their number.

    With a(z, z′) = H(z, z′)²/(n M) it is ε = (r² − w²/n) + a ε, all less their means; on a
    sample H(z, z)², which would count a point for its whole neighborhood, is left out.
    """
    del common
    (z, sampled), (levels, L, g) = points, table
    domain, size = setting.target.domain, float(setting.prediction.n.flat[index])
    H = _smoothing(domain, z, z, levels, g * L)
    if sampled:
        np.fill_diagonal(H, 0.0)
    spread = H**2 / (size * len(z))
    _, left = setting.learnabilities(index, setting.levels)
    parts = [setting.target.at_level(k, z) for k in setting.levels]
    residual = sum(u * part for u, part in zip(left, parts, strict=True))
    source = residual**2 - _shrinking(setting, index, z) ** 2 / size
    source = source - source.mean()
    # at n = N nothing is left unlearned, and the equation is singular
    found = np.linalg.lstsq(
        np.eye(len(z)) - spread + spread.mean(), source, rcond=None
    )[0]
    return (found - found.mean()) / len(z)


def _shrinking(setting: Setting, index: int, x: np.ndarray) -> np.ndarray:
    shares, left = setting.learnabilities(index, setting.levels)
    parts = [setting.target.at_level(k, x) for k in setting.levels]
    total = sum(a * b * part for a, b, part in zip(shares, left, parts, strict=True))
    return np.asarray(total)


def _smoothing(
    domain: Any, x: Any, z: Any, levels: list[int], weights: Any
) -> np.ndarray:
    """Σ g L Z(x, z) over the levels, shape [x, z]; one level's values at a time."""
    t = cosines(domain, x, z, proved=False)
    kept = [(k, v) for k, v in zip(levels, weights, strict=True) if v]
    if not kept:
        return np.zeros(t.shape)
    rows = zonal_values(domain, [k for k, _ in kept], t)
    return sum(
        (v * row for (_, v), row in zip(kept, rows, strict=True)), np.zeros(t.shape)
    )
