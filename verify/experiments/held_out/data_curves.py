"""Learning curves on a data set, with the kernel's spectrum taken from the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from theory import OutOfDomain, kernels
from theory.numbers import rational
from verify.data.load import load_data
from verify.data.spectrum import DataSpectrum, spectrum_of_data
from verify.experiments.experiment import Tell, kind, rising, silent, whole_numbers
from verify.experiments.findings import ErrorRow, Findings, Heading, Rows
from verify.experiments.judgement import Control, Judged, Judgement, difference
from verify.experiments.kernel_cells import stored
from verify.experiments.learning.specification import Margins
from verify.experiments.measurements import Measurements, Sample
from verify.experiments.picture import Panel, Picture, Series

KERNEL_L = "kernel − theory, learnability"
KERNEL_E = "kernel/theory − 1, held-out MSE"
SMALLEST_MSE = 1e-6


@dataclass(frozen=True)
class Curve:
    """One curve: a task at a ridge."""

    task: str
    ridge: str
    several: bool

    @property
    def name(self) -> str:
        """Its name in legends and tables."""
        return f"{self.task}, δ = {self.ridge}" if self.several else self.task


@kind("data curves")
@dataclass(frozen=True)
class DataCurves:
    """Kernel regression on a data set's own points, and the theory from its spectrum.

    Attributes
    ----------
    name, title
        Permanent name, and a line for people.
    data
        A bundled data set, or a file; see ``verify.data.load_data``.
    tasks
        What is learned, such as ``parity`` or ``3 against 8``.
    kernel
        A dot-product kernel; points are brought to one norm.
    sizes
        Numbers of training points; those that a task's data hold are used.
    ridges
        Absolute ridges δ, exact numbers as text.
    trials
        Data sets at every n.
    finite
        Whether theory knows that n of M points are drawn; the published form with a
        ridge does not.
    seed
        Fixes the draws.
    margins
        What counts as agreement; ``nets`` is not used.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.
    """

    name: str
    title: str = ""
    data: str = "digits"
    tasks: tuple[str, ...] = ("parity", "3 against 8", "0 against 1")
    kernel: str = "ntk:relu:depth=2,weight_variance=2,bias_variance=0.01"
    sizes: tuple[int, ...] = (16, 32, 64, 128, 256)
    ridges: tuple[str, ...] = ("0",)
    trials: int = 200
    finite: bool = True
    seed: int = 0
    margins: Margins = field(default_factory=Margins)

    kind: ClassVar[str]
    PARTS: ClassVar[dict[str, type]] = {"margins": Margins}

    def __post_init__(self) -> None:
        put = object.__setattr__
        whole_numbers(self, {"trials": 2, "seed": 0})
        put(self, "sizes", rising(self.sizes, "sizes", 1, None))
        for name in ("tasks", "ridges"):
            given = getattr(self, name)
            values = (given,) if isinstance(given, str) else tuple(map(str, given))
            put(self, name, values)
            if not values or len(set(values)) != len(values):
                msg = f"{name} = {list(values)} must be one or more different texts"
                raise OutOfDomain(msg)
        for ridge in self.ridges:
            rational(ridge, "ridges", least=0)
        if not isinstance(self.finite, bool):
            msg = f"finite = {self.finite!r} must be true or false"
            raise OutOfDomain(msg)
        kernels.parse(self.kernel)

    @property
    def trains(self) -> bool:
        """No net is trained."""
        return False

    @property
    def curves(self) -> tuple[Curve, ...]:
        """Every task at every ridge, in the order of colors."""
        several = len(self.ridges) > 1
        return tuple(Curve(t, r, several) for t in self.tasks for r in self.ridges)

    def grid(self, task: str) -> tuple[int, ...]:
        """The sizes that a task's points allow, at most 90 % of them."""
        most = int(0.9 * spectrum_of(self, task).size)
        found = tuple(n for n in self.sizes if n <= most)
        if not found:
            msg = (
                f"sizes = {list(self.sizes)}: task {task!r} has only "
                f"{spectrum_of(self, task).size} points"
            )
            raise OutOfDomain(msg)
        return found

    def preflight(self) -> tuple[str, ...]:
        """Refuse a margin that the trials cannot resolve, by a pilot of few draws."""
        from verify.experiments.learning.resolution import samples_needed

        spreads = []
        for task in self.tasks:
            s, grid = spectrum_of(self, task), self.grid(task)
            n = max((x for x in grid if x <= 256), default=grid[0])
            pilot = s.measure(n, self.ridges[0], trials=12, seed=self.seed + 1)
            spreads.append(float(pilot.learnability.std(ddof=1)))
        needed = samples_needed(min(spreads), self.margins.learnability)
        if needed > self.trials:
            msg = (
                f"margins.learnability = {self.margins.learnability:g} cannot be "
                f"resolved by trials = {self.trials}: learnability spreads by "
                f"{min(spreads):.2g} or more; about {needed} data sets could"
            )
            raise OutOfDomain(msg)
        return ()

    def measure(
        self, folder: Path, tell: Tell = silent, device: str | None = None
    ) -> Measurements:
        """Kernel regression on random halves of the data, from the folder if there."""
        del device
        table = Measurements()
        cells = [(c, n) for c in self.curves for n in self.grid(c.task)]
        for step, (curve, n) in enumerate(cells):
            stage = f"kernel regression, {self.trials} data sets"
            tell(stage, step / len(cells), f"{curve.name}, n = {n}")
            settings = {
                "data": [self.data, curve.task],
                "kernel": str(kernels.parse(self.kernel)),
                "n": n,
                "ridge": curve.ridge,
                "trials": self.trials,
                "seed": self.seed,
            }

            def compute(curve: Curve = curve, n: int = n) -> dict[str, np.ndarray]:
                s = spectrum_of(self, curve.task)
                found = s.measure(n, curve.ridge, trials=self.trials, seed=self.seed)
                return {
                    "learnability": found.learnability[:, 0],
                    "held_out": found.held_out_mse[:, 0],
                }

            found = stored(folder, "data", settings, compute)
            table.add("kernel", n, curve.name, "learnability", found["learnability"])
            table.add("kernel", n, curve.name, "held_out_mse", found["held_out"])
        tell(f"kernel regression, {self.trials} data sets", 1.0, "done")
        return table

    def examine(self, measured: Measurements) -> Findings:
        """Theory from the data's spectrum, verdicts, figure."""
        return Findings(
            _judge(self, measured),
            _picture(self, measured),
            _table(self, measured),
            _diagnostics(self),
            _errors(self, measured),
            _remarks(self, measured),
        )


@lru_cache(maxsize=12)
def _spectrum(data: str, task: str, kernel: str) -> DataSpectrum:
    return spectrum_of_data(kernel, load_data(data, task=task))


def spectrum_of(experiment: DataCurves, task: str) -> DataSpectrum:
    """The kernel's eigensystem on a task's points."""
    return _spectrum(experiment.data, task, experiment.kernel)


@lru_cache(maxsize=64)
def _theory(
    experiment: DataCurves, curve: Curve, finite: bool, kernel: str, scale: float
):
    """Learnability and held-out MSE by n; ``scale`` multiplies n, as a control."""
    s = _spectrum(experiment.data, curve.task, kernel)
    sizes = [max(1, round(scale * n)) for n in experiment.grid(curve.task)]
    p = s.predict(sizes, curve.ridge, finite=finite)
    return np.asarray(p.learnability)[:, 0], np.asarray(p.held_out_mse)[:, 0]


def theory_of(experiment: DataCurves, curve: Curve) -> Any:
    """What the theory says, in the form that the specification asks for."""
    return _theory(experiment, curve, experiment.finite, experiment.kernel, 1.0)


def _learned(
    experiment: DataCurves, measured: Measurements, values: Any
) -> list[Judged]:
    found = []
    for curve in experiment.curves:
        grid = experiment.grid(curve.task)
        points = tuple(
            difference(
                measured.sample("kernel", n, curve.name, "learnability"),
                float(value),
                experiment.margins.learnability,
            )
            for n, value in zip(grid, values(curve), strict=True)
        )
        found.append(Judged(curve.name, KERNEL_L, grid, points))
    return found


def _judge(experiment: DataCurves, measured: Measurements) -> Judgement:
    right = _learned(experiment, measured, lambda c: theory_of(experiment, c)[0])
    errors = []
    for curve in experiment.curves:
        grid, values = experiment.grid(curve.task), theory_of(experiment, curve)[1]
        points = tuple(
            difference(
                measured.sample("kernel", n, curve.name, "held_out_mse"),
                float(value),
                experiment.margins.mse,
                max(float(value), SMALLEST_MSE),
            )
            for n, value in zip(grid, values, strict=True)
        )
        errors.append(Judged(curve.name, KERNEL_E, grid, points))
    wrong = {"n − 5 %": (experiment.kernel, 0.95)}
    wrong |= {name: (k, 1.0) for name, k in _wrong_kernels(experiment.kernel).items()}
    controls = []
    for name, (kernel, scale) in wrong.items():
        values = lambda c, k=kernel, s=scale: _theory(
            experiment, c, experiment.finite, k, s
        )[0]
        curves = _learned(experiment, measured, values)
        controls.append(Control.against(name, curves, right))
    return Judgement((*right, *errors), tuple(controls))


def _wrong_kernels(text: str) -> dict[str, str]:
    """Kernels of nets that differ in family or depth."""
    kernel = kernels.parse(text)
    if kernel.family != "ntk":
        return {}
    written, depth = str(kernel), int(kernel["depth"])
    deeper = written.replace(f"depth={depth},", f"depth={depth + 2},")
    return {
        "NNGP for NTK": written.replace("ntk:", "nngp:", 1),
        "two layers more": deeper,
    }


def _picture(experiment: DataCurves, measured: Measurements) -> Picture:
    panels = []
    for row, quantity, label in (
        (0, "learnability", r"learnability $\mathcal{L}$"),
        (1, "held_out_mse", "held-out MSE"),
    ):
        series = []
        for color, curve in enumerate(experiment.curves):
            grid = experiment.grid(curve.task)
            x = tuple(float(n) for n in grid)
            y = tuple(float(v) for v in theory_of(experiment, curve)[row])
            series.append(Series(curve.name, "theory", color, x, y))
            found = [measured.get("kernel", n, curve.name, quantity) for n in grid]
            means = tuple(s.mean if s else float("nan") for s in found)
            bars = tuple(s.error if s else float("nan") for s in found)
            series.append(Series(curve.name, "kernel", color, x, means, bars))
        log = "x" if row == 0 else "xy"
        panels.append(Panel(r"training points $n$", label, tuple(series), log=log))
    return Picture(tuple(panels))


def _table(experiment: DataCurves, measured: Measurements) -> Rows:
    headings = (
        Heading("curve", "task", "task"),
        Heading("n", "n", "$n$"),
        Heading("learnability_theory", "L theory", r"$\mathcal{L}$", "float64"),
        Heading("learnability_kernel", "L kernel", r"$\mathcal{L}$ kernel", "s.e."),
        Heading("mse_theory", "held-out MSE theory", "held-out MSE", "float64"),
        Heading("mse_kernel", "held-out MSE kernel", "held-out MSE kernel", "s.e."),
    )
    rows = []
    for curve in experiment.curves:
        learned, errors = theory_of(experiment, curve)
        for row, n in enumerate(experiment.grid(curve.task)):
            cells: list[Any] = [curve.name, n]
            for values, quantity in (
                (learned, "learnability"),
                (errors, "held_out_mse"),
            ):
                cells.append(float(values[row]))
                cells.append(measured.get("kernel", n, curve.name, quantity))
            rows.append(tuple(cells))
    title = f"Theory from the data's spectrum, and kernel regression: {experiment.data}"
    return Rows(headings, tuple(rows), title, 1e-10)


def _diagnostics(experiment: DataCurves) -> Rows:
    """Points, rank and localization of the modes: where the theory can be expected."""
    rows = []
    for task in experiment.tasks:
        s = spectrum_of(experiment, task)
        at = s.localization[: s.rank]
        rows.append(
            (
                task,
                s.size,
                s.rank,
                f"{np.median(at[:20]):.3g}",
                f"{np.median(at):.3g}",
                f"{at.max():.3g}",
            )
        )
    headings = (
        Heading("task", "task", "task"),
        Heading("points", "points", "points"),
        Heading("rank", "rank", "rank"),
        Heading("first", "E φ⁴, first 20 modes", "first 20"),
        Heading("median", "E φ⁴, median", "median"),
        Heading("largest", "E φ⁴, largest", "largest"),
    )
    return Rows(headings, tuple(rows), "Modes of the data (3 for Gaussian values)")


def _errors(experiment: DataCurves, measured: Measurements) -> tuple[ErrorRow, ...]:
    """Kernel − theory; the share ``finite domain`` is what the usual formula misses."""
    rows = []
    for curve in experiment.curves:
        used = theory_of(experiment, curve)
        known = _theory(experiment, curve, True, experiment.kernel, 1.0)
        for row, n in enumerate(experiment.grid(curve.task)):
            for index, name, quantity in (
                (0, "learnability", "learnability"),
                (1, "MSE", "held_out_mse"),
            ):
                found = measured.get("kernel", n, curve.name, quantity)
                if found is None:
                    continue
                value = float(used[index][row])
                scale = max(value, SMALLEST_MSE) if index else 1.0
                gap = Sample(
                    (found.mean - value) / scale, found.error / scale, found.samples
                )
                share = {"finite domain": (float(known[index][row]) - value) / scale}
                rows.append(
                    ErrorRow("kernel − theory", name, curve.name, str(n), gap, share)
                )
    return tuple(rows)


def _remarks(experiment: DataCurves, measured: Measurements) -> tuple[str, ...]:
    del measured
    found = [
        "The data's M points are the domain, with the uniform measure; eigenvalues and "
        "coefficients are those of the kernel matrix over M, nothing is fitted.",
        "Errors are on the points that were not drawn. Localized modes (E φ⁴ far above 3) "
        "are where the theory's Gaussian picture fails.",
    ]
    if any(rational(r, "ridges", least=0) for r in experiment.ridges):
        words = "knows" if experiment.finite else "does not know"
        found.append(
            f"With a ridge, theory here {words} that n of M points are drawn without "
            "replacement; the usual formula is off where n nears M."
        )
    for task in experiment.tasks:
        if experiment.grid(task) != experiment.sizes:
            s = spectrum_of(experiment, task)
            found.append(f"Task {task} has {s.size} points; larger n are left out.")
    return tuple(found)
