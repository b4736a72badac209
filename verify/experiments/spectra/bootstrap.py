"""The deep bootstrap: training on few samples against training on unlimited ones.

Gradient flow of the mean over n points, for the time τ: the error of few samples (the real
world) follows that of unlimited samples (the ideal world) until τ nears 1/C, where the
samples run out. As published, ridge regression with δ = n/τ stands for the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from numerics import predict
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from theory import OutOfDomain
from theory.numbers import rational
from verify.experiments.base import (
    Experiment,
    PositiveFields,
    Tell,
    rising,
    whole_numbers,
)
from verify.experiments.findings import ErrorRow, Findings, Heading, Rows
from verify.experiments.judgement import Control, JudgedCurve, Judgement, ratio
from verify.experiments.measurements import Measurements
from verify.experiments.picture import Axes, Picture, PlottedSeries, measured_points
from verify.experiments.resolution import refuse_too_few
from verify.experiments.spectra.gaussian import gaussian_errors
from verify.storage.arrays import stored

MSE = "regression/theory − 1, test MSE"
DYNAMICS = ("flow", "ridge")


@dataclass(frozen=True)
class ErrorMargins(PositiveFields):
    """Largest relative difference in MSE that counts as agreement."""

    mse: float = 0.05


@dataclass(frozen=True)
class DeepBootstrap(Experiment):
    """Real and ideal world of a power-law spectrum, over effective time.

    Attributes
    ----------
    alpha, beta
        λ_i = i^−α and v_i² ∝ i^−β, exact numbers as text.
    modes
        How many.
    sizes, ideal
        Numbers of points of the real worlds, and of the ideal one.
    first, last, count
        Exponents of ten of the first and last effective time, and how many.
    sampled_sizes, sampled_modes, trials
        Where regression on Gaussian features is run, with a spectrum of so many modes.
    dynamics
        "flow": gradient flow; "ridge": the ridge n/τ in its place.
    margins
        What counts as agreement.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.
    """

    alpha: str = "2"
    beta: str = "2"
    modes: int = 500_000
    sizes: tuple[int, ...] = (16, 125, 1000, 8000)
    ideal: int = 256_000
    first: int = -2
    last: int = 12
    count: int = 30
    sampled_sizes: tuple[int, ...] = (16, 125)
    sampled_modes: int = 4000
    trials: int = 400
    dynamics: str = "flow"
    margins: ErrorMargins = field(default_factory=ErrorMargins)

    kind: ClassVar[str] = "deep bootstrap"
    PARTS: ClassVar[dict[str, type]] = {"margins": ErrorMargins}

    def __post_init__(self) -> None:
        put = object.__setattr__
        least = {"modes": 2, "ideal": 1, "count": 2, "sampled_modes": 2}
        whole_numbers(self, least | {"trials": 2, "seed": 0})
        if self.dynamics not in DYNAMICS:
            raise OutOfDomain(
                f"dynamics = {self.dynamics!r} must be one of {', '.join(DYNAMICS)}"
            )
        for name in ("alpha", "beta"):
            put(self, name, str(getattr(self, name)))
            if not rational(getattr(self, name), name, least=0) > 1:
                raise OutOfDomain(
                    f"{name} = {getattr(self, name)} must be above 1: sums must converge"
                )
        put(self, "sizes", rising(self.sizes, "sizes", 1, self.modes - 1))
        most = min(self.sampled_modes - 1, 4096)
        put(self, "sampled_sizes", rising(self.sampled_sizes, "sampled_sizes", 1, most))
        if self.ideal >= self.modes:
            raise OutOfDomain(
                f"ideal = {self.ideal} must be below modes = {self.modes}"
            )
        if not self.first < self.last:
            raise OutOfDomain(f"first = {self.first} must be below last = {self.last}")

    @property
    def times(self) -> np.ndarray:
        """Times τ of the mean loss with ½; of a ridge, n/δ."""
        return np.logspace(self.first, self.last, self.count)

    def spectrum(self, modes: int) -> tuple[np.ndarray, np.ndarray]:
        """λ_i and v_i², normalized to power 1, shape [mode]."""
        i = np.arange(1, modes + 1, dtype=float)
        power = i ** -float(rational(self.beta, "beta", least=0))
        lam = i ** -float(rational(self.alpha, "alpha", least=0))
        return lam, power / power.sum()


def preflight(experiment: DeepBootstrap) -> tuple[str, ...]:
    """Refuse a margin that the spread of few data sets already exceeds."""
    n = max(experiment.sampled_sizes)
    lam, v = experiment.spectrum(experiment.sampled_modes)
    at = float(experiment.times[-1])
    pilot = _sampled(experiment, lam, v, n, [at], 12, experiment.seed + 1)
    spread = float(pilot.std(ddof=1) / pilot.mean())
    why = f"MSE spreads by {spread:.2g} at n = {n}"
    refuse_too_few(experiment, "mse", "trials", spread, why, times=4)
    return ()


def _sampled(
    experiment: DeepBootstrap, lam, v, n: int, times, trials: int, seed: int
) -> np.ndarray:
    """Test errors on Gaussian features, [trial, time]."""
    if experiment.dynamics == "ridge":
        return gaussian_errors(lam, v, n, [n / t for t in times], trials, seed)[0]
    flow = [t / n for t in times]
    return gaussian_errors(lam, v, n, (), trials, seed, flow)[0]


def measure(
    experiment: DeepBootstrap, folder: Path, tell: Tell, device: str | None
) -> Measurements:
    """Regression on Gaussian features, at the sizes where it is cheap."""
    del device
    lam, v = experiment.spectrum(experiment.sampled_modes)
    table = Measurements()
    stage = f"regression on Gaussian features, {experiment.trials} data sets"
    for step, n in enumerate(experiment.sampled_sizes):
        tell(stage, step / len(experiment.sampled_sizes), f"n = {n}")
        settings = {
            "features": "gaussian",
            "dynamics": experiment.dynamics,
            "spectrum": [experiment.alpha, experiment.beta, experiment.sampled_modes],
            "n": n,
            "times": [experiment.first, experiment.last, experiment.count],
            "trials": experiment.trials,
            "seed": experiment.seed,
        }

        def compute(n: int = n) -> dict[str, np.ndarray]:
            trials, seed = experiment.trials, experiment.seed
            return {
                "error": _sampled(experiment, lam, v, n, experiment.times, trials, seed)
            }

        error = stored(folder, "gaussian", settings, compute)["error"]
        for column, at in enumerate(experiment.times):
            table.add("regression", n, f"{at:.4g}", "test_mse", error[:, column])
    tell(stage, 1.0, "done")
    return table


def examine(experiment: DeepBootstrap, measured: Measurements) -> Findings:
    """Theory on all modes, and verdicts where regression was run."""
    judged, wrong = _judge(experiment, measured)
    controls = tuple(
        Control.against(name, curves, judged) for name, curves in wrong.items()
    )
    lines = _theory(experiment)
    return Findings(
        Judgement(tuple(judged), controls),
        _picture(experiment, lines, measured),
        _table(experiment, lines),
        _diagnostics(experiment),
        _errors(experiment, measured),
        (
            f"λ_i = i^−{experiment.alpha}, v_i² ∝ i^−{experiment.beta}, "
            f"{experiment.modes} modes; the ideal world has n = {experiment.ideal}.",
            f"Regression is run on Gaussian features with {experiment.sampled_modes} "
            "modes, and held against the theory of those; only finite n lies between.",
            "Test errors are on points that were not trained on, as published; the "
            "published line at C₀ = (A/n)^α is the leading term alone.",
        ),
    )


def _curve(
    experiment: DeepBootstrap,
    modes: int,
    n: Any,
    times: np.ndarray,
    factor: float = 1.0,
    dynamics: str | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Test and train MSE at times, divided by a factor, from the first ``modes`` modes."""
    lam, v = experiment.spectrum(modes)
    s = FloatSpectrum.from_arrays(lam)
    at = np.asarray(times, float) / factor
    if (dynamics or experiment.dynamics) == "ridge":
        p = predict(s, v, n, ridge=float(n) / at)
    else:
        p = predict(s, v, n, time=at / float(n))
    return np.asarray(p.test_mse), np.asarray(p.train_mse)


@lru_cache(maxsize=4)
def _theory(experiment: DeepBootstrap) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """N → off-sample test MSE and train MSE, over the times."""
    modes, found = experiment.modes, {}
    for n in (*experiment.sizes, experiment.ideal):
        test, train = _curve(experiment, modes, n, experiment.times)
        # the mean over all M points holds the n trained ones with their own error
        found[n] = ((modes * test - n * train) / (modes - n), train)
    return found


def _judge(experiment: DeepBootstrap, measured: Measurements):
    """Verdicts by n over τ; wrong theories have another n, time or spectrum."""
    places = tuple(f"{at:.4g}" for at in experiment.times)
    judged: list[JudgedCurve] = []
    wrong: dict[str, list[JudgedCurve]] = {}
    for n in experiment.sampled_sizes:
        modes, times = experiment.sampled_modes, experiment.times
        theories = {
            "": _curve(experiment, modes, n, times)[0],
            "n − 10 %": _curve(experiment, modes, 0.9 * n, times)[0],
            "half the time": _curve(experiment, modes, n, times, 2.0)[0],
            "trained to the end": _curve(experiment, modes, n, times, 1e-9)[0],
        }
        if experiment.dynamics == "flow":
            ridge = _curve(experiment, modes, n, times, dynamics="ridge")[0]
            theories["ridge as time"] = ridge
        for name, values in theories.items():
            points = tuple(
                ratio(
                    measured.sample("regression", n, place, "test_mse"),
                    value,
                    experiment.margins.mse,
                )
                for place, value in zip(places, values, strict=True)
            )
            curve = JudgedCurve(f"n = {n}", MSE, places, points, "τ")
            (judged if not name else wrong.setdefault(name, [])).append(curve)
    return judged, wrong


def _picture(experiment: DeepBootstrap, lines: Any, measured: Measurements) -> Picture:
    times = tuple(float(t) for t in experiment.times)
    series = []
    for color, n in enumerate(experiment.sizes):
        test, train = lines[n]
        series.append(PlottedSeries(f"n = {n}", "theory", color, times, _tuple(test)))
        series.append(PlottedSeries("train", "guide", color, times, _tuple(train)))
        if n in experiment.sampled_sizes:
            found = [
                (at, measured.get("regression", n, f"{at:.4g}", "test_mse"))
                for at in experiment.times
            ]
            series += measured_points(f"n = {n}", "kernel", color, found)
    ideal = lines[experiment.ideal][0]
    series.append(PlottedSeries("ideal world", "theory", 6, times, _tuple(ideal)))
    panel = Axes(
        r"effective time $\tau=n/\delta$"
        if experiment.dynamics == "ridge"
        else r"training time $\tau$",
        r"MSE $\mathcal{E}$",
        tuple(series),
        log="xy",
        bottom=4e-5,
        top=1.3,
    )
    return Picture((panel,), columns=1, names=(("kernel", "regression"),))


def _tuple(values: Any) -> tuple[float, ...]:
    return tuple(float(x) for x in values)


def _table(experiment: DeepBootstrap, lines: Any) -> Rows:
    headings = (
        Heading("tau", "τ", r"$\tau$"),
        *(
            Heading(f"mse_{n}", f"E, n = {n}", rf"$\mathcal{{E}}$, $n={n}$", "float64")
            for n in (*experiment.sizes, experiment.ideal)
        ),
    )
    rows = tuple(
        (
            f"{at:.4g}",
            *(float(lines[n][0][k]) for n in (*experiment.sizes, experiment.ideal)),
        )
        for k, at in enumerate(experiment.times)
    )
    title = "Test error of n points against effective time, and of the ideal world"
    return Rows(headings, rows, title, 1e-9)


def _diagnostics(experiment: DeepBootstrap) -> Rows:
    """C without ridge, and the time 1/C at which samples run out."""
    from numerics.statistics.constants import constants

    lam, _ = experiment.spectrum(experiment.modes)
    found = constants(FloatSpectrum.from_arrays(lam), list(experiment.sizes))
    rows = tuple(
        (n, f"{c:.6g}", f"{1 / c:.4g}")
        for n, c in zip(experiment.sizes, found, strict=True)
    )
    return Rows(
        (
            Heading("n", "n", "$n$"),
            Heading("C", "C at δ = 0", r"$C$ at $\delta=0$"),
            Heading("time", "τ = 1/C", r"$\tau=1/C$"),
        ),
        rows,
        "When the samples run out",
    )


def _errors(experiment: DeepBootstrap, measured: Measurements) -> tuple[ErrorRow, ...]:
    rows = []
    for n in experiment.sampled_sizes:
        values = _curve(experiment, experiment.sampled_modes, n, experiment.times)[0]
        for at, value in zip(experiment.times, values, strict=True):
            found = measured.get("regression", n, f"{at:.4g}", "test_mse")
            if found is not None:
                gap = found.relative_to(value)
                where = f"τ = {at:.4g}"
                rows.append(ErrorRow("kernel − theory", "MSE", where, str(n), gap))
    return tuple(rows)
