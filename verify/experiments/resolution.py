"""How many data sets decide a margin, asked before a run."""

from __future__ import annotations

import math
from typing import Any

import scipy

from theory import OutOfDomain
from verify.verdicts.agreement import CONFIDENCE


def samples_needed(spread: float, margin: float) -> int:
    """Data sets at which the interval around a difference of 0 fits into the margin.

    Examples
    --------
    >>> samples_needed(0.1, 0.01) > samples_needed(0.1, 0.02) > 100
    True
    """
    normal = float(scipy.stats.t.ppf((1 + CONFIDENCE) / 2, 10**6))
    count = max(2, math.ceil((normal * spread / margin) ** 2))
    while True:
        half = float(scipy.stats.t.ppf((1 + CONFIDENCE) / 2, count - 1)) * spread
        if half / math.sqrt(count) <= margin:
            return count
        count += 1 + count // 50


def refuse_too_few(
    experiment: Any, margin: str, trials: str, spread: float, why: str, times: int = 1
) -> None:
    """Refuse a margin that needs more data sets than ``times`` those of the experiment.

    Parameters
    ----------
    experiment
        It has ``margins`` and a number of data sets.
    margin, trials
        The names of these two fields.
    spread
        Standard deviation over data sets of what the margin is about.
    why
        The spread in words, for the message.
    times
        Where the spread falls with n, a multiple may still be resolved elsewhere.

    Raises
    ------
    OutOfDomain
        When even a difference of exactly 0 would stay inconclusive; the message names
        the margin, the data sets that there are, and how many could decide.
    """
    count, width = getattr(experiment, trials), getattr(experiment.margins, margin)
    needed = samples_needed(spread, width)
    if needed > times * count:
        raise OutOfDomain(
            f"margins.{margin} = {width:g} cannot be resolved by {trials} = {count}: "
            f"{why}; about {needed} data sets could"
        )
