"""Random objects are sequences of integer choices: replayed, they shrink by themselves.

A generator takes ``choose(low, high)`` and builds an object. The same generator serves
a seeded random run, the replay of a shorter sequence of choices, and hypothesis.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")
Choose = Callable[[int, int], int]
SHRINK_TRIES = 400


@dataclass(slots=True)
class Choices:
    """A source of choices that remembers them, as offsets above their lower ends.

    Without a random generator, what lies beyond the given offsets is 0: the simplest.

    Examples
    --------
    >>> choices = Choices(given=[2])
    >>> choices(1, 9), choices(1, 9), choices.made
    (3, 1, [2, 0])
    """

    given: list[int] = field(default_factory=list)
    rng: Random | None = None
    made: list[int] = field(default_factory=list)

    def __call__(self, low: int, high: int) -> int:
        """An integer between low and high, both included."""
        place = len(self.made)
        if place < len(self.given):
            offset = min(self.given[place], high - low)
        else:
            offset = self.rng.randint(0, high - low) if self.rng else 0
        self.made.append(offset)
        return low + offset


def seeded(seed: int, example: int, name: str = "") -> Choices:
    """The choices of one example of a run: the same in every run with this seed."""
    return Choices(rng=Random(f"{seed}/{name}/{example}"))


def _candidates(made: list[int]) -> list[list[int]]:
    """Simpler sequences, boldest first: cut out, make small, halve, lower by one."""
    found = []
    for size in (8, 4, 2, 1):
        found += [made[:i] + made[i + size :] for i in range(len(made) - size + 1)]
    for i, value in enumerate(made):
        found += [
            [*made[:i], lower, *made[i + 1 :]]
            for lower in dict.fromkeys((0, 1, 2, value // 2, value - 1))
            if 0 <= lower < value
        ]
    return found


def shrink(
    build: Callable[[Choose], T],
    fails: Callable[[T], bool],
    made: list[int],
    tries: int = SHRINK_TRIES,
) -> T:
    """The simplest object found, by ever shorter and smaller choices, that still fails.

    Parameters
    ----------
    build
        The generator.
    fails
        Whether an object is a counterexample.
    made
        The choices that built the first one.
    tries
        How many objects to build at most.

    Examples
    --------
    >>> shrink(lambda choose: choose(0, 1000), lambda x: x > 37, [500])
    38
    """
    best, replay = made, Choices(given=made)
    smallest = build(replay)
    left, improved = tries, True
    while improved and left > 0:
        improved = False
        for candidate in _candidates(best):
            if left <= 0:
                break
            left -= 1
            replay = Choices(given=candidate)
            built = _attempt(build, replay)
            if (len(replay.made), replay.made) >= (len(best), best):
                continue
            if built is not None and _attempt(fails, built):
                best, smallest, improved = replay.made, built, True
                break
    return smallest


def _attempt(function: Callable[[Any], Any], argument: Any) -> Any:
    """A shrunk object may be one that makes no sense; then it is no counterexample."""
    try:
        return function(argument)
    except (ZeroDivisionError, ValueError, ArithmeticError):
        return None


def fraction_of(choose: Choose, most: int = 9) -> tuple[int, int]:
    """A positive fraction as numerator and denominator, both at most ``most``."""
    return choose(1, most), choose(1, most)


def signed(choose: Choose, most: int = 9) -> int:
    """An integer of either sign; the order 0, 1, −1, 2, … makes 0 the simplest."""
    offset = choose(0, 2 * most)
    return (offset + 1) // 2 if offset % 2 else -(offset // 2)
