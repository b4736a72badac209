"""A gap and its parts, which were measured apart from it and must add up to it."""

from dataclasses import dataclass
from math import hypot, inf, isfinite, sqrt

from verify.regression.mean import Mean

SMALL = 1e-7
MOST = 4.0
"""Standard errors by which a gap and the sum of its parts may differ."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one cause shifts a statistic by.

    Attributes
    ----------
    cause
        ``rounding``, ``truncated spectrum``, ``finite data``, ``finite domain``,
        ``eigenfunctions``, ``repeated points``, ``stop rule``, ``finite width`` or
        ``Monte-Carlo noise``.
    shift
        From the world without the cause to the world with it.
    error
        Standard error of the shift, or the proved radius of a computed one.
    how
        How it was obtained, in words.
    explained
        The shift that a formula predicts for this cause, or None where none does.
    """

    cause: str
    shift: float
    error: float
    how: str = ""
    explained: float | None = None

    @classmethod
    def between(
        cls, cause: str, before: Mean, after: Mean, how: str, explained=None
    ) -> "Part":
        """The shift between two independent means."""
        error = hypot(before.error, after.error)
        return cls(cause, after.value - before.value, error, how, explained)

    @property
    def seen(self) -> bool:
        """Whether the shift is more than three errors from 0."""
        return abs(self.shift) > 3 * self.error

    def __str__(self) -> str:
        note = "" if self.explained is None else f"  (formula {self.explained:+.3g})"
        return f"{self.cause:<19} {signed(self.shift, self.error)}{note}"


@dataclass(frozen=True)
class Budget:
    """One statistic of one target: theory, measurement, and what lies between.

    Attributes
    ----------
    statistic, target
        What was measured, of which target (level powers as text).
    theory
        What the theory said, as a user took it.
    measured
        What came out, with its standard error: the Monte-Carlo noise of the gap.
    parts
        In order, each from the world of the one before.
    beside
        Rank, condition and tail mass of the measurement, in words.
    """

    statistic: str
    target: str
    theory: float
    measured: Mean
    parts: tuple[Part, ...]
    beside: str = ""

    @property
    def gap(self) -> Mean:
        """Measured − theory; its error is the Monte-Carlo noise."""
        found = self.measured
        return Mean(found.value - self.theory, found.error, found.samples)

    @property
    def total(self) -> Part:
        """The sum of the parts, errors added as independent."""
        error = sqrt(sum(part.error**2 for part in self.parts))
        return Part("sum of parts", sum(part.shift for part in self.parts), error)

    @property
    def z(self) -> float:
        """Gap − sum of parts, in standard errors of that difference."""
        rest = self.gap.value - self.total.shift
        error = hypot(self.gap.error, self.total.error)
        if error > 0:
            return rest / error
        return 0.0 if rest == 0 else inf

    @property
    def adds_up(self) -> bool:
        """Whether the parts make the gap, within four standard errors."""
        return isfinite(self.z) and abs(self.z) <= MOST

    def part(self, cause: str) -> Part:
        """The part of a cause; a shift of exactly 0 where it cannot act."""
        for part in self.parts:
            if part.cause == cause:
                return part
        return Part(cause, 0.0, 0.0, "cannot act here")

    def rows(self) -> list[dict[str, object]]:
        """Plain rows for a table: one for each part, one for the gap."""
        head = {"statistic": self.statistic, "target": self.target}
        gap = Part("gap", self.gap.value, self.gap.error, self.beside)
        return [
            {
                **head,
                "cause": part.cause,
                "shift": part.shift,
                "error": part.error,
                "explained": part.explained,
                "how": part.how,
            }
            for part in (*self.parts, gap)
        ]

    def __str__(self) -> str:
        head = (
            f"{self.statistic} of {self.target}: theory {self.theory:.4g}, measured "
            f"{self.measured}, gap {signed(self.gap.value, self.gap.error)}"
        )
        end = "adds up" if self.adds_up else "DOES NOT ADD UP"
        last = f"{self.total}, {end}: gap − sum = {self.z:.1f} standard errors"
        return "\n".join([head, *(f"    {line}" for line in (*self.parts, last))])


def signed(value: float, error: float) -> str:
    """A shift with its sign and the last digits' error.

    Examples
    --------
    >>> signed(0.0123, 0.001), signed(-0.5, 0.0)
    ('+0.0123(10)', '-0.5')
    """
    if error <= 0 or not isfinite(error):
        return f"{value:+.3g}"
    if error < SMALL and abs(value) < SMALL:
        return f"{value:+.1e} ± {error:.0e}"
    return ("+" if value >= 0 else "") + str(Mean(value, error, 2))
