"""``learnability verify features``: random features against the theory, one verdict a curve.

A curve is a statistic over widths, with and without time: of Gaussian features, which the
theory assumes, and of hidden layers as they are drawn. The kernel's own theory, blind to
the width, is tested on the same measurements and must be refuted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from numerics import FloatSpectrum, predict, spectrum
from numerics.implicit_equation.width_solver import smaller, spare_modes
from theory.activations.named import ACTIVATIONS, BUILT_IN
from verify.regression.features.measured import (
    MeasuredFeatures,
    feature_regression,
    gaussian_design,
)
from verify.regression.regression_problem import problem
from verify.suites import Request
from verify.verdicts.curves import curve_report, judged, refutation
from verify.verdicts.report import Report

MARGIN = 0.04
"""For Gaussian modes and features; the formulas are 1 to 2 % low at such n."""
REAL_MARGIN = 0.1
"""For hidden layers and real domains of few dimensions."""
PARTS = ("variance_features", "variance_data", "variance_both")
TRIALS = 200
_MODES = np.arange(1, 301)
LAM: Any = _MODES**-1.5
POWER: Any = _MODES**-2.0 / np.sum(_MODES**-2.0)


@dataclass(frozen=True)
class FeatureCurve:
    """Random features over widths; without a kernel, of independent Gaussian modes."""

    n: int
    ridge: str
    noise: str
    widths: tuple[int, ...]
    kernel: str = ""
    domain: str = ""
    target: tuple[tuple[int, str], ...] = ()
    time: str | None = None

    @property
    def margin(self) -> float:
        """Allowed relative difference."""
        return REAL_MARGIN if self.kernel else MARGIN

    def predicted(self, **asked: Any) -> Any:
        """The theory's prediction."""
        if self.time is not None:
            asked["time"] = self.time
        given = {"noise": self.noise, "ridge": self.ridge}
        if not self.kernel:
            s = FloatSpectrum.from_arrays(LAM)
            return predict(s, POWER, self.n, **given, **asked)
        s = spectrum(self.kernel, self.domain, digits=None)
        return predict(s, dict(self.target), self.n, **given, **asked)

    def measured(self, width: int, trials: int, seed: int) -> MeasuredFeatures:
        """What regression finds."""
        noise, ridge = (_float(x) for x in (self.noise, self.ridge))
        if not self.kernel:
            run = {"trials": trials, "seed": seed}
            return gaussian_design(LAM, POWER, self.n, width, noise, ridge, **run)
        target = dict(self.target)
        one = problem(self.kernel, self.domain, target, self.n, self.ridge, self.noise)
        trained = (
            {} if self.time is None else {"rule": "flow", "time": _float(self.time)}
        )
        return feature_regression(one, width, trials, seed, **trained)

    def __str__(self) -> str:
        what = f"{self.kernel} on {self.domain}" if self.kernel else "Gaussian modes"
        when = "" if self.time is None else f", time {self.time}"
        return f"{what}, n = {self.n}, ridge {self.ridge}{when}"


def _float(text: str) -> float:
    top, _, below = text.partition("/")
    return float(top) / float(below or 1)


SPHERE: dict[str, Any] = {
    "domain": "sphere:16",
    "target": ((1, "7/10"), (2, "3/10")),
}
HEAVY = "exp"
"""The activation whose features have tails too heavy for the theory."""


def layer(name: str) -> FeatureCurve:
    """A hidden layer with an activation, over widths."""
    kernel = f"nngp:{name}:depth=1,bias_variance=1/2"
    return FeatureCurve(100, "1/50", "1/20", (50, 150, 400), kernel, **SPHERE)


GAUSSIAN = (
    FeatureCurve(60, "1/20", "1/10", (20, 60, 90, 400)),
    FeatureCurve(60, "0", "1/10", (20, 40, 120, 400)),
    FeatureCurve(100, "1/50", "1/20", (50, 150, 400), "exponential:beta=2", **SPHERE),
)
TRAINED = replace(layer("relu"), ridge="0", time="3")
CURVES = (
    *GAUSSIAN,
    TRAINED,
    *(layer(name) for name in ACTIVATIONS if name in BUILT_IN - {HEAVY}),
)


def examine_curve(
    curve: FeatureCurve, trials: int = TRIALS, seed: int = 0
) -> list[Report]:
    """The theory on one curve, its parts of the variance, and the kernel's theory.

    Examples
    --------
    >>> [x.name for x in examine_curve(FeatureCurve(10, "1/20", "1/10", (8,)), 4)][:2]
    ['features/test MSE', 'features/variance']
    """
    start = perf_counter()
    p = curve.predicted(width=list(curve.widths))
    found = [curve.measured(w, trials, seed) for w in curve.widths]
    column = lambda name: [x.values[name] for x in found]
    claim = f"of {curve} is within {curve.margin:.0%} of theory at every width"
    error = judged(column("test_mse"), p.test_mse, curve.margin)
    reports = [
        curve_report("features/test MSE", f"the test MSE {claim}", error, seed, start)
    ]
    if curve.time is None:
        parts = [
            x
            for name in PARTS
            for x in judged(
                column(name), getattr(p, name), curve.margin, scale=p.test_mse
            )
        ]
        said = f"each of the three parts of the variance {claim}, in units of the MSE"
        reports.append(curve_report("features/variance", said, parts, seed, start))
        learned = judged(column("learned"), _learned(curve, p.C), curve.margin)
        said = f"Σ L {claim}"
        reports.append(curve_report("features/learned", said, learned, seed, start))
    blind = np.broadcast_to(curve.predicted().test_mse, p.test_mse.shape)
    wrong = judged(column("test_mse"), blind, curve.margin)
    said = f"the kernel's theory does not describe {curve} at every width"
    reports.append(refutation("features/kernel", said, wrong, seed, start))
    return reports


def heavy_tails(trials: int = TRIALS, seed: int = 0) -> Report:
    """Where the theory ends: features with heavy tails."""
    start = perf_counter()
    curve = layer(HEAVY)
    p = curve.predicted(width=list(curve.widths))
    found = [curve.measured(w, trials, seed).values["test_mse"] for w in curve.widths]
    said = f"features with heavy tails, {curve}, are not described at every width"
    wrong = judged(found, p.test_mse, curve.margin)
    return refutation("features/heavy tails", said, wrong, seed, start)


def _learned(curve: FeatureCurve, c: Any) -> list[float]:
    """Σ g L at each C; the spare modes of ``width_balance`` are what n or w has beyond."""
    width = np.array(curve.widths, dtype=float)
    n = np.full(len(width), float(curve.n))
    spare, _ = spare_modes(n, width, np.full(len(width), _float(curve.ridge)), c)
    return list(smaller(n, 0 * n, width)[0] - spare)


def reports(request: Request) -> Iterator[Report]:
    """One curve after the other."""
    trials = TRIALS if request.examples is None else max(2, request.examples)
    for done, curve in enumerate(CURVES):
        if request.progress is not None:
            request.progress(done, len(CURVES), str(curve))
        yield from examine_curve(curve, trials, request.seed)
    yield heavy_tails(trials, request.seed)


def run(request: Request) -> list[Report]:
    """All reports."""
    return list(reports(request))
