"""What a run measured: means with standard errors, as one tidy table.

A table of measurements and a specification are all that verdicts, figures and tables are
made from. So a stored run is judged and drawn again without running anything.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from theory import OutOfDomain


@dataclass(frozen=True, slots=True)
class Sample:
    """The mean of independent values.

    Attributes
    ----------
    mean
        Their mean.
    error
        Its standard error; infinite for a single value.
    samples
        How many there were; 0 where some were not finite.
    """

    mean: float
    error: float
    samples: int

    @classmethod
    def of(cls, values: Any) -> Sample:
        """Summarize values, one for each data set.

        A value that is not finite, such as that of a net that diverged, spoils the
        sample: leaving it out would hide it.

        Examples
        --------
        >>> Sample.of([1.0, 3.0])
        Sample(mean=2.0, error=1.0, samples=2)
        >>> Sample.of([1.0, float("nan")]).samples
        0
        """
        x = np.asarray(values, dtype=np.float64).ravel()
        if not len(x) or not np.all(np.isfinite(x)):
            return cls(float("nan"), float("inf"), 0)
        if len(x) == 1:
            return cls(float(x[0]), float("inf"), 1)
        return cls(float(x.mean()), float(x.std(ddof=1) / np.sqrt(len(x))), len(x))

    @property
    def sound(self) -> bool:
        """Whether it has at least two values, all finite."""
        return self.samples >= 2

    def relative_to(self, value: float) -> Sample:
        """The ratio to a value minus 1, with its standard error.

        Examples
        --------
        >>> Sample(3.0, 0.5, 4).relative_to(2.0)
        Sample(mean=0.5, error=0.25, samples=4)
        """
        return Sample(self.mean / value - 1, self.error / abs(value), self.samples)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement: what was measured, where, of which target, and what came out."""

    what: str
    at: str
    target: str
    quantity: str
    mean: float
    error: float
    samples: int


COLUMNS = tuple(field.name for field in fields(Measurement))


class Measurements:
    """A table of measurements, each found by what, at, target and quantity.

    Examples
    --------
    >>> table = Measurements()
    >>> table.add("kernel", 8, "1", "learnability", [0.5, 0.7])
    >>> table.get("kernel", 8, "1", "learnability").mean
    0.6
    >>> Measurements.from_csv(table.csv()).csv() == table.csv()
    True
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str, str], Sample] = {}

    def add(self, what: str, at: Any, target: str, quantity: str, values: Any) -> None:
        """Enter a sample, or the values that it summarizes."""
        sample = values if isinstance(values, Sample) else Sample.of(values)
        # a NumPy scalar would not be read back from its text
        sample = Sample(float(sample.mean), float(sample.error), int(sample.samples))
        self._rows[what, str(at), target, quantity] = sample

    def get(self, what: str, at: Any, target: str, quantity: str) -> Sample | None:
        """The sample that was entered, or None."""
        return self._rows.get((what, str(at), target, quantity))

    def sample(self, what: str, at: Any, target: str, quantity: str) -> Sample:
        """The sample that was entered, or one that decides nothing where none was.

        Examples
        --------
        >>> Measurements().sample("kernel", 8, "1", "learnability").sound
        False
        """
        found = self.get(what, at, target, quantity)
        return found or Sample(float("nan"), float("inf"), 0)

    def __iter__(self) -> Iterator[Measurement]:
        for key, sample in self._rows.items():
            yield Measurement(*key, sample.mean, sample.error, sample.samples)

    def __len__(self) -> int:
        return len(self._rows)

    def csv(self) -> str:
        """Comma-separated values; floats so that they are read back exactly."""
        memory = io.StringIO()
        writer = csv.writer(memory, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in self:
            writer.writerow(
                [
                    *(row.what, row.at, row.target, row.quantity),
                    *(repr(row.mean), repr(row.error), row.samples),
                ]
            )
        return memory.getvalue()

    @classmethod
    def from_csv(cls, text: str, name: str = "measurements.csv") -> Measurements:
        """Read what ``csv`` wrote.

        Raises
        ------
        OutOfDomain
            When it is something else; the line is named.
        """
        lines: Iterable[list[str]] = csv.reader(io.StringIO(text))
        table = cls()
        for number, line in enumerate(lines, start=1):
            if number == 1:
                if tuple(line) != COLUMNS:
                    raise OutOfDomain(
                        f"{name}: the columns must be {', '.join(COLUMNS)}"
                    )
                continue
            try:
                what, at, target, quantity, mean, error, samples = line
                sample = Sample(float(mean), float(error), int(samples))
            except ValueError:
                raise OutOfDomain(
                    f"{name}, line {number}: {','.join(line)!r} is no measurement"
                ) from None
            table.add(what, at, target, quantity, sample)
        return table
