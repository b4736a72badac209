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
SHRINK_TRIES = 2000
BLOCKS = (64, 32, 16, 8, 4, 2, 1)


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
    search = _Search(build, fails, made, build(Choices(given=made)), tries)
    while search.left > 0 and any([search.clear(), search.cut(), search.lower()]):
        pass
    return search.smallest


@dataclass(slots=True)
class _Search:
    """The best sequence so far; each pass reports whether it improved it."""

    build: Callable[[Choose], Any]
    fails: Callable[[Any], bool]
    best: list[int]
    smallest: Any
    left: int

    def attempt(self, candidate: list[int]) -> bool:
        """Take a candidate if what it builds is simpler and still fails."""
        if self.left <= 0:
            return False
        self.left -= 1
        replay = Choices(given=candidate)
        built = _attempt(self.build, replay)
        simpler = (len(replay.made), replay.made) < (len(self.best), self.best)
        if built is None or not simpler or not _attempt(self.fails, built):
            return False
        self.best, self.smallest = replay.made, built
        return True

    def clear(self) -> bool:
        """Blocks of choices become 0, the largest blocks first."""
        found = False
        for size in BLOCKS:
            for i in range(0, len(self.best), size):
                if any(self.best[i : i + size]):
                    block = [0] * min(size, len(self.best) - i)
                    found |= self.attempt(
                        [*self.best[:i], *block, *self.best[i + size :]]
                    )
        return found

    def cut(self) -> bool:
        """A few choices disappear, and what follows moves up."""
        found = False
        for size in (4, 1):
            for i in range(len(self.best) - 1, -1, -1):
                if any(self.best[i:]):
                    found |= self.attempt(self.best[:i] + self.best[i + size :])
        return found

    def lower(self) -> bool:
        """Single choices become small, half, or one less."""
        found = False
        for i in range(len(self.best)):
            value = self.best[i] if i < len(self.best) else 0
            for smaller in dict.fromkeys((1, 2, value // 2, value - 1)):
                if 0 < smaller < value and self.attempt(
                    [*self.best[:i], smaller, *self.best[i + 1 :]]
                ):
                    found = True
                    break
        return found


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
