"""``learnability reproduce``: from symbols to digits to trained nets to a verdict.

The folder of a run holds its specification, resumable cells, one figure, one table and
a report. The same command goes on where it stopped; another specification needs
``--overwrite``.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.experiments import Experiment

SPECIFICATION = "specification.json"
EXIT_OF_STRICT = {"confirmed": 0, "refuted": 1, "inconclusive": 3}
Tell = Callable[[str, float, str], object]


def run(
    name: str,
    *,
    full: bool = False,
    as_published: bool = False,
    device: str | None = None,
    output: str | Path | None = None,
    overwrite: bool = False,
    seed: int = 0,
    quiet: bool = False,
    strict: bool = False,
) -> int:
    """Run an experiment by name, or go on with it, and write its folder.

    Parameters
    ----------
    name
        ``fig1``.
    full
        The published sizes instead of the smallest form.
    as_published
        Also the published learning rate, unstable for few points.
    device
        ``cpu``, ``gpu`` or ``gpu:1``; JAX's default by default.
    output
        Folder; ``./NAME`` by default.
    overwrite
        Whether a folder of another specification may be taken over.
    seed
        Fixes data sets and initial parameters.
    quiet
        No progress and no summary.
    strict
        Exit with 1 when refuted and 3 when inconclusive.

    Returns
    -------
    int
        Exit code: 0 when the run is complete.

    Raises
    ------
    OutOfDomain
        When the name is unknown, or the folder belongs to another specification.
    Unsupported
        When an extra is missing.
    """
    from theory import OutOfDomain
    from verify.experiments.specification import EXPERIMENTS

    if name not in EXPERIMENTS:
        msg = f"experiment {name!r} is unknown (known: {', '.join(EXPERIMENTS)})"
        raise OutOfDomain(msg)
    experiment = EXPERIMENTS[name](full=full, as_published=as_published, seed=seed)
    folder = Path(output) if output is not None else Path(name)
    return reproduce(
        experiment,
        folder,
        device=device,
        overwrite=overwrite,
        quiet=quiet,
        strict=strict,
        larger=None
        if full
        else EXPERIMENTS[name](full=True, as_published=as_published),
    )


def reproduce(
    experiment: Experiment,
    folder: Path,
    *,
    device: str | None = None,
    overwrite: bool = False,
    quiet: bool = False,
    strict: bool = False,
    larger: Experiment | None = None,
) -> int:
    """Run any experiment into a folder; see ``run``.

    ``larger`` is named at the end as what the full run would be.
    """
    _require("jax", "jax", "trained nets")
    _require("matplotlib", "figures", "the figure")
    from verify.networks.precision import find_device

    find_device(device)
    open_folder(folder, experiment, overwrite)
    from learnability.report import write_report
    from verify.experiments import curves, judge, measure

    begun = time.monotonic()
    try:
        with _progress(quiet) as tell:
            tell("theory: eigenvalues and C, proved", 0.0, str(experiment.kernel))
            theory = curves(experiment)
            tell(
                "theory: eigenvalues and C, proved",
                1.0,
                f"{len(theory.constants)} values of C",
            )
            outcome = measure(experiment, folder / "cells", tell, device)
    except KeyboardInterrupt:
        print(
            f"finished cells are kept in {folder / 'cells'}; the same command goes on",
            file=sys.stderr,
        )
        raise
    judgement = judge(experiment, theory, outcome)
    seconds = time.monotonic() - begun
    text = write_report(experiment, theory, outcome, judgement, folder, seconds, device)
    if not quiet:
        print(text)
        print(f"\nwritten to {folder}{_sep(folder)}: figure, table, report, cells")
        if larger is not None:
            print(_what_full_means(experiment, larger))
    return EXIT_OF_STRICT[judgement.verdict.value] if strict else 0


def open_folder(folder: Path, experiment: Experiment, overwrite: bool) -> None:
    """Make the folder, or see that it belongs to this experiment.

    Raises
    ------
    OutOfDomain
        When it holds something else.
    """
    from theory import OutOfDomain
    from verify.networks.folder import write_atomically

    path = folder / SPECIFICATION
    if folder.exists() and not folder.is_dir():
        msg = f"output = {folder} is a file; a folder is needed"
        raise OutOfDomain(msg)
    if path.exists():
        same = path.read_text("utf-8").strip() == _pretty(experiment).strip()
        if not same and not overwrite:
            msg = (
                f"output = {folder} holds the results of another specification; "
                "choose another folder, or pass --overwrite"
            )
            raise OutOfDomain(msg)
        if same:
            return
    elif folder.exists() and any(folder.iterdir()) and not overwrite:
        msg = (
            f"output = {folder} is not empty and holds no {SPECIFICATION}; "
            "choose another folder, or pass --overwrite"
        )
        raise OutOfDomain(msg)
    try:
        write_atomically(path, _pretty(experiment).encode())
    except OSError as error:
        msg = f"output = {folder} cannot be written: {error.strerror or error}"
        raise OutOfDomain(msg) from None


def _pretty(experiment: Experiment) -> str:
    return json.dumps(experiment.description, indent=1, sort_keys=True) + "\n"


def _sep(folder: Path) -> str:
    return "" if str(folder).endswith("/") else "/"


def _require(module: str, extra: str, what: str) -> None:
    from theory import Unsupported

    if importlib.util.find_spec(module) is None:
        msg = f'{what} need the extra "{extra}": pip install "learnability[{extra}]"'
        raise Unsupported(msg)


def _what_full_means(small: Experiment, full: Experiment) -> str:
    return (
        f"this was the small form: nets of width {small.width}, {small.net_trials} data "
        f"sets each; --full takes width {full.width} and {full.net_trials} data sets "
        "(about an hour on two cores; --full --device gpu takes a GPU)"
    )


class _progress:
    """Progress on stderr: a bar for each stage where there is a terminal, else silent."""

    def __init__(self, quiet: bool) -> None:
        self.bar: Any = None
        self.tasks: dict[str, Any] = {}
        self.quiet = quiet

    def __enter__(self) -> Tell:
        if self.quiet:
            return lambda *_: None
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        if not console.is_terminal:
            return _lines
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[text]}"),
            console=console,
        )
        self.bar.start()
        return self._tell

    def _tell(self, stage: str, fraction: float, text: str) -> None:
        if stage not in self.tasks:
            self.tasks[stage] = self.bar.add_task(stage, total=1.0, text="")
        self.bar.update(self.tasks[stage], completed=fraction, text=text)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()


_said: dict[str, float] = {}


def _lines(stage: str, fraction: float, text: str) -> None:
    """Without a terminal: a line when a stage begins, each fifth of it, and its end."""
    step = int(fraction * 5)
    if _said.get(stage) != step:
        _said[stage] = step
        print(f"{stage}: {100 * fraction:.0f} %  {text}", file=sys.stderr, flush=True)
