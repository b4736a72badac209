"""Can a run of this size decide anything? Asked before it is run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy

from verify.experiments.learning.causes import width_bound
from verify.experiments.learning.measure import regress
from verify.experiments.learning.specification import LearningCurves
from verify.experiments.resolution import refuse_too_few, samples_needed

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
    why = f"learnability spreads by {least:.2g} or more from data set to data set"
    refuse_too_few(experiment, "learnability", "kernel_trials", least, why)
    if not experiment.trains:
        return ()
    one = width_bound(0.0, experiment.width) / float(scipy.stats.t.ppf(0.995, 1000))
    enough = samples_needed(one, experiment.margins.nets)
    if enough <= experiment.net_trials:
        return ()
    return (
        f"nets: {experiment.net_trials} data sets at width {experiment.width} will leave "
        f"most points open at a margin of {experiment.margins.nets:g}; about {enough} "
        "data sets, or wider nets, could decide them",
    )


def pilot_spread(experiment: LearningCurves) -> np.ndarray:
    """Standard deviation of learnability over data sets, by curve, from a pilot."""
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
