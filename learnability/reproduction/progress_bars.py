"""Progress of a long run on standard error: bars in a terminal, lines elsewhere.

Where it is no terminal, a line comes at least every ten seconds.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

Tell = Callable[[str, float, str], object]
SECONDS = 10.0
"""The longest silence where progress is lines."""


class Stages:
    """A context that gives the function to call with stage, fraction done and a text.

    Examples
    --------
    >>> with Stages(quiet=True) as tell:
    ...     tell("kernel regression", 0.5, "n = 8")
    """

    def __init__(self, quiet: bool) -> None:
        self.bar: Any = None
        self.tasks: dict[str, Any] = {}
        self.said: dict[str, int] = {}
        self.quiet = quiet
        self.now: tuple[str, float, str] | None = None
        self.last = self.start = monotonic()
        self.ended = threading.Event()

    def __enter__(self) -> Tell:
        if self.quiet:
            return lambda *_: None
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        if not console.is_terminal:
            threading.Thread(target=self._alive, daemon=True).start()
            return self._line
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[text]}"),
            console=console,
        )
        self.bar.start()
        return self._move

    def _move(self, stage: str, fraction: float, text: str) -> None:
        if stage not in self.tasks:
            self.tasks[stage] = self.bar.add_task(stage, total=1.0, text="")
        self.bar.update(self.tasks[stage], completed=fraction, text=text)

    def _line(self, stage: str, fraction: float, text: str) -> None:
        """A line when a stage begins, at each fifth of it, and at its end."""
        self.now = stage, fraction, text
        step = int(fraction * 5)
        if self.said.get(stage) != step:
            self.said[stage] = step
            self._say("")

    def _alive(self) -> None:
        """Say where the run is, whenever nothing was said for a while."""
        while not self.ended.wait(SECONDS / 4):
            if monotonic() - self.last >= SECONDS:
                self._say(f"  ({monotonic() - self.start:.0f} s)")

    def _say(self, more: str) -> None:
        stage, fraction, text = self.now or ("started", 0.0, "")
        self.last = monotonic()
        where = f"{100 * fraction:.0f} %  {text}"
        if more and fraction >= 1:
            where = "done; now comparisons, causes and the figure"
        line = f"{stage}: {where}{more}"
        print(line, file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        if self.bar is not None:
            self.bar.stop()
