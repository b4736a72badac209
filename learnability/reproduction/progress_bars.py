"""Progress of a long run on standard error: bars in a terminal, a few lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

Tell = Callable[[str, float, str], object]


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

    def __enter__(self) -> Tell:
        if self.quiet:
            return lambda *_: None
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        if not console.is_terminal:
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
        step = int(fraction * 5)
        if self.said.get(stage) != step:
            self.said[stage] = step
            done = f"{100 * fraction:.0f} %"
            print(f"{stage}: {done}  {text}", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()
