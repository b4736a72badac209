"""How far a sweep is, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from verify.networks.sweeps.cells import Cell


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is.

    Attributes
    ----------
    finished, total : int
        Cells, those of other workers and earlier runs included.
    nets, nets_total : int
        Nets of the cell in hand; both 0 between cells.
    seconds : float
        Since the run began.
    seconds_left : float or None
        Estimate for one worker like this one; None before it can be made.

    Examples
    --------
    >>> print(Progress(3, 12, 0, 0, 60.0, 180.0))
    3 of 12 cells, about 3 min left
    """

    finished: int
    total: int
    nets: int
    nets_total: int
    seconds: float
    seconds_left: float | None

    def __str__(self) -> str:
        """Say it in a line."""
        text = f"{self.finished} of {self.total} cells"
        if self.nets_total:
            text += f", {self.nets} of {self.nets_total} nets of the next"
        if self.seconds_left is not None and self.finished < self.total:
            left = self.seconds_left
            unit, size = ("s", 1) if left < 100 else ("min", 60)
            unit, size = (unit, size) if left < 6000 else ("h", 3600)
            text += f", about {left / size:.0f} {unit} left"
        return text


class Clock:
    """Progress and the estimate of what's left, from costs of cells."""

    def __init__(self, cells: list[Cell], tell: Callable[[Progress], object] | None):
        self.costs = {cell.digest: cell.cost for cell in cells}
        self.tell, self.begun, self.spent, self.done_here = (
            tell,
            time.monotonic(),
            0,
            0.0,
        )
        self.said = self.begun

    def report(
        self,
        finished: set[str],
        working: Cell | None = None,
        done: int = 0,
        of: int = 0,
    ) -> None:
        """Tell the caller how far we are."""
        if self.tell is None:
            return
        now = time.monotonic()
        if working is not None and now - self.said < 1 and done < of:
            return
        self.said = now
        part = working.cost * done / of if working is not None and of else 0.0
        worked = self.done_here + part
        left = sum(c for name, c in self.costs.items() if name not in finished) - part
        seconds = now - self.begun
        estimate = seconds * left / worked if worked > 0 else None
        known = len(finished & self.costs.keys())
        self.tell(Progress(known, len(self.costs), done, of, seconds, estimate))
