"""Least squares on the features of a kernel of few modes: minimum norm, then ordinary.

The features are the eigenfunctions times the roots of their eigenvalues, so the fit of
minimum norm is the kernel's own below N points, and ordinary least squares above.
"""

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from numerics import spectrum
from numerics.targets.target_reading import read_target
from theory import Unsupported, domains, kernels
from theory.numbers import integer, rational
from verify.regression.mean import Mean

MOST_FEATURES = 512
Floats = NDArray[np.float64]


def fitted_features(
    kernel: Any,
    domain: Any,
    target: Any,
    n: Any,
    noise: Any = 0,
    *,
    trials: int = 200,
    seed: int = 0,
) -> Mean:
    """The test MSE of least squares on a kernel's features, without ridge.

    Parameters
    ----------
    kernel, domain
        A kernel with finitely many modes: ``polynomial:degree=2``, ``expr:t``, on the
        hypercube or the circle; on the sphere a linear one.
    target, noise
        Level powers, whose functions are sums of all modes of each level with random
        signs, fixed by the seed; and the variance σ².
    n
        Training points, drawn independently.
    trials, seed
        Data sets.

    Returns
    -------
    Mean
        Over data sets, of Σ (v̂ − v)² + power outside the modes + σ²: exact in the
        average over the domain, nothing is tested on samples.

    Raises
    ------
    OutOfDomain
        When an argument is out of range.
    Unsupported
        When the features are too many, or not known.

    Examples
    --------
    >>> found = fitted_features("expr:t", "hypercube:20", {1: 1}, 60, "1/10")
    >>> abs(found.value - 0.15) < 4 * found.error
    True
    """
    kernel = kernels.parse(kernel) if isinstance(kernel, str) else kernel
    domain = domains.parse(domain) if isinstance(domain, str) else domain
    size, count = integer(n, "n", least=1), integer(trials, "trials", least=2)
    sigma = float(rational(noise, "noise", least=0)) ** 0.5
    goal = read_target(target, domain)
    s = spectrum(kernel, domain)
    if s.tail.positive is None or not s.is_complete:
        raise Unsupported(
            f"{kernel} on {domain} has infinitely many modes; least squares needs few"
        )
    rows = [x for x in s.levels if x.eigenvalue.sign != 0 or x.index in goal]
    if sum(x.multiplicity for x in rows) > MOST_FEATURES:
        raise Unsupported(f"{kernel} on {domain}: more than {MOST_FEATURES} features")
    levels = [x.index for x in rows]
    scale = np.concatenate(
        [np.full(x.multiplicity, max(float(x.eigenvalue), 0.0) ** 0.5) for x in rows]
    )
    random = np.random.default_rng(seed)
    v = np.concatenate(
        [
            random.choice([-1.0, 1.0], x.multiplicity)
            * (float(goal.get(x.index, 0)) / x.multiplicity) ** 0.5
            for x in rows
        ]
    )
    errors = np.empty(count)
    with threadpool_limits(1):
        for trial in range(count):
            waves = _features(domain, levels, size, random)
            y = waves @ v + sigma * random.standard_normal(size)
            weights = np.linalg.lstsq(waves * scale, y, rcond=None)[0]
            errors[trial] = np.sum((scale * weights - v) ** 2) + sigma**2
    return Mean.of(errors)


def _features(domain: Any, levels: list[int], n: int, random: Any) -> Floats:
    """All eigenfunctions of the levels at n independent points, shape [n, mode]."""
    if domain.by_angle:
        if domain.is_sphere:
            theta = random.uniform(0, 2 * np.pi, n)
        else:
            theta = (
                2
                * np.pi
                * random.integers(0, int(domain.points), n)
                / int(domain.points)
            )
        columns = []
        for k in levels:
            if domain.multiplicity(k) == 1:
                columns.append(np.cos(k * theta))
            else:
                columns += [2**0.5 * np.cos(k * theta), 2**0.5 * np.sin(k * theta)]
        return np.stack(columns, axis=1)
    d = int(domain.ambient)
    if domain.is_cube:
        x = 1.0 - 2.0 * random.integers(0, 2, (n, d))
    elif domain.is_sphere and max(levels) <= 1:
        x = random.standard_normal((n, d))
        x *= d**0.5 / np.linalg.norm(x, axis=1)[:, None]
    else:
        raise Unsupported(f"features of levels {levels} on {domain} are not listed")
    columns = [
        np.prod(x[:, list(chosen)], axis=1)
        for k in levels
        for chosen in combinations(range(d), k)
    ]
    return np.stack(columns, axis=1)
