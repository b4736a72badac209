"""How many classes of points the data meet: the law of that number, exact or in floats.

These compute ``antipodal_pairs_law`` and ``distinct_classes_law`` of ``theory``, and the
shares of noise that are left in the mean labels of the classes.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Any

import numpy as np

from theory import Unsupported

MOST_EXACT = 300
MOST_DRAWS = 2000
NEGLIGIBLE = 1e-20


@dataclass(frozen=True)
class Classes:
    """One number of classes, and what is left in their mean labels.

    Attributes
    ----------
    count
        Classes among the data.
    chance
        Its probability: a Fraction, or a float.
    noise_share, wrong_share, wrong_left
        Mean over classes of the noise, and of power of the wrong parity, that a mean
        label holds; and the part of that power which labels hold beside their means.
    """

    count: int
    chance: Any
    noise_share: Any
    wrong_share: Any
    wrong_left: Any


@lru_cache(maxsize=4096)
def antipodal(points: int, n: int) -> tuple[Classes, ...]:
    """Distinct points of a domain with antipodes: how many classes {x, −x} they meet.

    Examples
    --------
    >>> [(x.count, str(x.chance)) for x in antipodal(4, 2)]
    [(2, '2/3'), (1, '1/3')]
    """
    half, whole = points // 2, comb(points, n)
    found = []
    for pairs in range(max(0, n - half), n // 2 + 1):
        ways = comb(half, pairs) * comb(half - pairs, n - 2 * pairs) << (n - 2 * pairs)
        chance, count = Fraction(ways, whole), n - pairs
        if n > MOST_EXACT and float(chance) < NEGLIGIBLE:
            continue
        noise = 1 - Fraction(pairs, 2 * count)
        wrong = 1 - Fraction(pairs, count)
        found.append(Classes(count, chance, noise, wrong, Fraction(2 * pairs, n)))
    return tuple(found)


@lru_cache(maxsize=256)
def repeated(classes: int, n: int, *, exact: bool = False) -> tuple[Classes, ...]:
    """Draws with replacement from classes of equal size: how many different ones.

    Given that, the share of noise is the mean of 1/m over the classes met, m the draws
    that a class has; power of the wrong parity has the same share, because the sign of
    each draw is random.

    Raises
    ------
    Unsupported
        When n is above 2000, or above 300 for exact fractions.

    Examples
    --------
    >>> [(x.count, str(x.chance)) for x in repeated(4, 2, exact=True)]
    [(1, '1/4'), (2, '3/4')]
    """
    most = MOST_EXACT if exact else MOST_DRAWS
    if n > most:
        what = "proved digits" if exact else "the law of the number of distinct points"
        raise Unsupported(
            f"n = {n}: {what} with replacement are computed up to n = {most}"
        )
    one: Any = Fraction(1) if exact else 1.0
    all_met = _occupied(classes, n, one)[n]
    # a class that has m draws, while the n − m others meet c − 1 of the other classes
    most = min(n, classes)
    share = np.full(
        most + 1, 0 * one, dtype=np.float64 if isinstance(one, float) else object
    )
    if classes == 1:
        share[1] = one / n
    else:
        others = _occupied(classes - 1, n, one)
        weight = one * classes * (one * (classes - 1) / classes) ** n
        for m in range(1, n + 1):
            weight = weight * (n - m + 1) / (m * (classes - 1))
            row = others[n - m][:most]
            share[1 : len(row) + 1] += weight / m * row
    found = []
    for count in range(1, min(n, classes) + 1):
        chance = all_met[count]
        if chance == 0 or (not exact and chance < NEGLIGIBLE):
            continue
        noise = share[count] / (chance * count)
        left = 1 - one * count / n
        found.append(Classes(count, chance, noise, noise, left))
    return tuple(found)


def _occupied(classes: int, n: int, one: Any) -> list[Any]:
    """Row d: the chances that d draws meet c classes, up to all of them."""
    dtype = np.float64 if isinstance(one, float) else object
    most = min(n, classes)
    row = np.full(most + 1, 0 * one, dtype=dtype)
    row[0] = one
    counts = np.arange(most + 1)
    stay = np.array([one * min(int(c), classes) / classes for c in counts], dtype=dtype)
    rows = [row]
    for _ in range(n):
        after = row * stay
        after[1:] = after[1:] + row[:-1] * (1 - stay[:-1])
        row = after
        rows.append(row)
    return rows
