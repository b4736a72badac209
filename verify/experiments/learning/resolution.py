"""Can a run of this size decide anything? Asked before it is run."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.stats import t as student

from theory import OutOfDomain
from verify.experiments.learning.causes import width_bound
from verify.experiments.learning.specification import LearningCurves
from verify.verdicts.agreement import CONFIDENCE

PILOT = 48
LARGEST_PILOT = 64
"""Sizes of a pilot stay below this where they can: it must cost next to nothing."""


def preflight(experiment: LearningCurves) -> tuple[str, ...]:
    """Refuse margins that no point of the run can resolve; remarks on nets.

    The spread of one data set is estimated by a pilot on data sets of another seed, at
    the largest size up to 64, where it is cheap; spread falls with n.

    Raises
    ------
    OutOfDomain
        When even a difference of exactly 0 would stay inconclusive in kernel regression;
        the message names the sample size that could decide.
    """
    spread = pilot_spread(experiment)
    least = float(np.min(spread))
    margin = experiment.margins.learnability
    needed = samples_needed(least, margin)
    if needed > experiment.kernel_trials:
        msg = (
            f"margins.learnability = {margin:g} cannot be resolved by kernel_trials = "
            f"{experiment.kernel_trials}: learnability spreads by {least:.2g} or more from "
            f"data set to data set; about {needed} data sets could"
        )
        raise OutOfDomain(msg)
    if not experiment.trains:
        return ()
    one = width_bound(0.0, experiment.width) / float(student.ppf(0.995, 1000))
    enough = samples_needed(one, experiment.margins.nets)
    if enough <= experiment.net_trials:
        return ()
    return (
        f"nets: {experiment.net_trials} data sets at width {experiment.width} will leave "
        f"most points open at a margin of {experiment.margins.nets:g}; about {enough} "
        "data sets, or wider nets, could decide them",
    )


def samples_needed(spread: float, margin: float) -> int:
    """Data sets at which the interval around a difference of 0 fits into the margin.

    Examples
    --------
    >>> samples_needed(0.1, 0.01) > samples_needed(0.1, 0.02) > 100
    True
    """
    normal = float(student.ppf((1 + CONFIDENCE) / 2, 10**6))
    count = max(2, math.ceil((normal * spread / margin) ** 2))
    while True:
        half = float(student.ppf((1 + CONFIDENCE) / 2, count - 1)) * spread
        if half / math.sqrt(count) <= margin:
            return count
        count += 1 + count // 50


def pilot_spread(experiment: LearningCurves) -> np.ndarray:
    """Standard deviation of learnability over data sets, by curve, from a pilot."""
    from verify.experiments.learning.measure import regress

    sizes = experiment.sizes
    if experiment.is_finite:  # all points make one data set, which does not spread
        sizes = tuple(n for n in sizes if n < int(experiment.place.size)) or sizes
    cheap = [n for n in sizes if n <= LARGEST_PILOT] or sizes[:1]
    pilot = replace(
        experiment,
        seed=experiment.seed + 1,
        kernel_trials=PILOT,
        net_trials=0,
        net_sizes=None,
    )
    found = regress(pilot, max(cheap), experiment.noises[0], None)
    return found.learnability.std(axis=0, ddof=1)
