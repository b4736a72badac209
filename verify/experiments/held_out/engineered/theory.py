"""What an engineered kernel learns, on all points and on those that were not drawn."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from numerics import Spectrum, predict, spectrum
from verify.experiments.held_out.engineered.specification import Engineered
from verify.experiments.net import Net


def held_out(learned: np.ndarray, n: int, points: int) -> np.ndarray:
    """Learnability on the points that were not drawn, of a rule that interpolates.

    Examples
    --------
    >>> held_out(np.array([0.75]), 2, 4)
    array([0.5])
    """
    return (points * learned - n) / (points - n)


@lru_cache(maxsize=16)
def spectrum_of(net: Net, domain: str, family: str) -> Spectrum:
    """The spectrum of a net's kernel of a family, to 20 digits."""
    return spectrum(net.kernel(family=family), domain, digits=20)


def effective_size(s: Spectrum, n: Any, points: int, target: int) -> Any:
    """How many different points n draws are to a kernel without the other parity.

    An odd kernel, or an even one, sees x and −x as one point, known or unknown together:
    n draws from M points are on average (M/2)(1 − (M−n)(M−n−1)/(M(M−1))) such pairs.

    Examples
    --------
    >>> odd = spectrum("polynomial:degree=3", "hypercube:3")       # levels 1 and 3
    >>> effective_size(odd, 4, 8, 3)
    Fraction(22, 7)
    """
    other = [x for x in s.levels if (x.index - target) % 2]
    if any(x.eigenvalue.sign for x in other):
        return n
    share = Fraction(points - n) * (points - n - 1) / (points * (points - 1))
    return Fraction(points, 2) * (1 - share)


def predicted(
    experiment: Engineered, net: Net, n: int, family: str = "ntk", factor: Any = 1
) -> float:
    """Learnability of the target by a net's kernel; ``factor`` multiplies n, as a control."""
    s, points = spectrum_of(net, experiment.domain, family), int(experiment.place.size)
    size = n
    if experiment.pairs:
        size = effective_size(s, n, points, experiment.target)
    size = min(size * factor, s.modes)
    return float(predict(s, {experiment.target: 1}, size).target_learnability)
