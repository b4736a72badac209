"""Power-law spectra: the overfitting coefficient tends to the exponent, and how fast."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from scipy.special import zeta
from sympy import Rational

from numerics import predict
from numerics.float_spectrum import FloatSpectrum, FloatTail
from theory import OutOfDomain, notation
from theory.implicit.spectra import power_law
from theory.numbers import rational
from verify.agreement import enclosed
from verify.experiments.experiment import (
    Tell,
    kind,
    positive,
    rising,
    silent,
    whole_numbers,
)
from verify.experiments.findings import ErrorRow, Findings, Heading, Rows
from verify.experiments.judgement import Control, Judged, Judgement, ratio
from verify.experiments.kernel_cells import stored
from verify.experiments.measurements import Measurements
from verify.experiments.picture import Panel, Picture, Series
from verify.experiments.spectra.gaussian import gaussian_errors

LIMIT = "E₀/α − 1, theory"
CONSTANT = "C by two residues/C − 1"
MEASURED = "E₀ of regression/theory − 1"
MAX_MODES = 20_000_000


@dataclass(frozen=True)
class LawMargins:
    """Largest relative differences that count as agreement.

    ``limit`` for E₀ against its limit, ``constant`` for C against the law's expansion,
    ``measured`` for E₀ of regression against theory.
    """

    limit: float = 0.05
    constant: float = 0.01
    measured: float = 0.05

    def __post_init__(self) -> None:
        positive(self, "limit", "constant", "measured")


@kind("power law")
@dataclass(frozen=True)
class PowerLaw:
    """Spectra λ_i = i^−α without ridge: C, and the overfitting coefficient E₀, by n.

    Attributes
    ----------
    name, title
        Permanent name, and a line for people.
    alphas
        Exponents above 1, exact numbers as text.
    sizes
        Numbers of training points for theory.
    modes
        Modes that are listed; the others enter as a tail with known sums.
    sampled_sizes, sampled_modes, trials
        Where regression on Gaussian features measures E₀.
    leading_term
        Whether C in the figure is compared with its leading term (A/n)^α alone, as
        published, in place of the expansion.
    seed
        Fixes data sets.
    margins
        What counts as agreement.

    Raises
    ------
    OutOfDomain
        When a field is out of range; the message names it.
    """

    name: str
    title: str = ""
    alphas: tuple[str, ...] = ("1.5", "2", "3")
    sizes: tuple[int, ...] = (10, 32, 100, 316, 1000, 3162, 10_000)
    modes: int = 1_000_000
    sampled_sizes: tuple[int, ...] = (10, 32, 100)
    sampled_modes: int = 4000
    trials: int = 400
    leading_term: bool = False
    seed: int = 0
    margins: LawMargins = field(default_factory=LawMargins)

    kind: ClassVar[str]
    PARTS: ClassVar[dict[str, type]] = {"margins": LawMargins}

    def __post_init__(self) -> None:
        put = object.__setattr__
        given = (self.alphas,) if isinstance(self.alphas, str) else self.alphas
        put(self, "alphas", tuple(str(a) for a in given))
        if not self.alphas or len(set(self.alphas)) != len(self.alphas):
            msg = f"alphas = {list(self.alphas)} must be one or more different numbers"
            raise OutOfDomain(msg)
        for alpha in self.alphas:
            if not rational(alpha, "alphas", least=0) > 1:
                msg = f"alphas = {alpha} must be above 1: the trace is infinite"
                raise OutOfDomain(msg)
        whole_numbers(self, {"modes": 100, "sampled_modes": 2, "trials": 2, "seed": 0})
        if self.modes > MAX_MODES:
            msg = f"modes = {self.modes}: at most {MAX_MODES}"
            raise OutOfDomain(msg)
        put(self, "sizes", rising(self.sizes, "sizes", 1, self.modes // 4))
        most = min(self.sampled_modes // 4, 2048)
        put(self, "sampled_sizes", rising(self.sampled_sizes, "sampled_sizes", 1, most))
        absent = sorted(set(self.sampled_sizes) - set(self.sizes))
        if absent:
            msg = f"sampled_sizes = {absent[0]} is none of sizes = {list(self.sizes)}"
            raise OutOfDomain(msg)

    @property
    def trains(self) -> bool:
        """No net is trained."""
        return False

    def preflight(self) -> tuple[str, ...]:
        """Theory needs no sample; the margin of what is sampled is checked by a pilot."""
        from verify.experiments.learning.resolution import samples_needed

        n = max(self.sampled_sizes)
        lam = _law(self.alphas[-1], self.sampled_modes)
        _, pilot = gaussian_errors(lam, 0 * lam, n, [0.0], 12, self.seed + 1)
        spread = float(pilot.std(ddof=1) / pilot.mean())
        needed = samples_needed(spread, self.margins.measured)
        if needed > 4 * self.trials:
            msg = (
                f"margins.measured = {self.margins.measured:g} cannot be resolved by "
                f"trials = {self.trials}: E₀ spreads by {spread:.2g} at n = {n}; about "
                f"{needed} data sets could"
            )
            raise OutOfDomain(msg)
        return ()

    def measure(
        self, folder: Path, tell: Tell = silent, device: str | None = None
    ) -> Measurements:
        """The overfitting coefficient of regression on Gaussian features."""
        del device
        table = Measurements()
        stage = f"regression on Gaussian features, {self.trials} data sets"
        grid = [(a, n) for a in self.alphas for n in self.sampled_sizes]
        for step, (alpha, n) in enumerate(grid):
            tell(stage, step / len(grid), f"α = {alpha}, n = {n}")
            settings = {
                "features": "gaussian",
                "law": [alpha, self.sampled_modes],
                "n": n,
                "trials": self.trials,
                "seed": self.seed,
            }

            def compute(alpha: str = alpha, n: int = n) -> dict[str, np.ndarray]:
                lam = _law(alpha, self.sampled_modes)
                zero = np.zeros_like(lam)
                _, noise = gaussian_errors(lam, zero, n, [0.0], self.trials, self.seed)
                return {"noise": noise[:, 0]}

            noise = stored(folder, "gaussian", settings, compute)["noise"]
            table.add("regression", n, f"α = {alpha}", "E0", noise)
        tell(stage, 1.0, "done")
        return table

    def examine(self, measured: Measurements) -> Findings:
        """E₀ against its limit and against regression, C against the law's expansion."""
        return Findings(
            _judge(self, measured),
            _picture(self, measured),
            _table(self, measured),
            Rows((), ()),
            _errors(self, measured),
            (
                f"Theory lists {self.modes} modes; the others are a tail whose Σ λ and "
                "Σ λ² are Hurwitz zeta functions, so that nothing is cut.",
                "The published line C = (A/n)^α is the leading term of the expansion, "
                "off by about α/(2n); the corrected one has n + ½ and two residues.",
                "E₀ = αn/(n + ½) + …: the limit is reached to 5 % from n = 10 on.",
                f"Regression is on Gaussian features with {self.sampled_modes} modes, "
                "against the theory of those.",
            ),
        )


def _law(alpha: str, modes: int) -> np.ndarray:
    exponent = float(rational(alpha, "alpha", least=0))
    return np.arange(1, modes + 1, dtype=float) ** -exponent


@lru_cache(maxsize=8)
def _infinite(alpha: str, modes: int) -> FloatSpectrum:
    """All modes of a power law: the first ones listed, the others as a tail."""
    exponent = float(rational(alpha, "alpha", least=0))
    lam = _law(alpha, modes)
    first = float(modes + 1)
    mass, square = float(zeta(exponent, first)), float(zeta(2 * exponent, first))
    tail = FloatTail(mass, square / mass, first**-exponent, 1e-14 * mass, 1e-14)
    index = np.arange(1, modes + 1)
    return FloatSpectrum(lam, np.ones_like(lam), index, tail)


@lru_cache(maxsize=8)
def _prediction(experiment: PowerLaw, alpha: str) -> Any:
    s = _infinite(alpha, experiment.modes)
    with warnings.catch_warnings():
        # what the tail leaves open is the radius of every verdict, see ``accuracy``
        warnings.simplefilter("ignore")
        return predict(s, {1: 1}, list(experiment.sizes))


def _theory(experiment: PowerLaw, alpha: str) -> tuple[np.ndarray, np.ndarray]:
    """C and E₀ at the sizes."""
    p = _prediction(experiment, alpha)
    return np.asarray(p.C, float), np.asarray(p.E0, float)


def accuracy(experiment: PowerLaw, alpha: str) -> float:
    """The largest relative error of what ``_theory`` gives."""
    return float(np.max(_prediction(experiment, alpha).relative_error))


def expansion(alpha: str, sizes: tuple[int, ...], *, leading: bool) -> np.ndarray:
    """C by the law's expansion with two residues, or by (A/n)^α alone.

    Examples
    --------
    >>> rough = expansion("2", (1,), leading=True)[0]
    >>> round(float(rough), 3)                                      # (π/2)²
    2.467
    """
    e = power_law(alpha, 0 if leading else 2).constant
    if leading:  # the law's own leading term has n + 1/2 in place of n
        e = e.subs(notation.n, notation.n - Rational(1, 2))
    return np.array([float(e.subs(notation.n, n).evalf(17)) for n in sizes])


def _judge(experiment: PowerLaw, measured: Measurements) -> Judgement:
    limits, constants, sampled = [], [], []
    wrong: dict[str, list[Judged]] = {}
    margins, sizes = experiment.margins, experiment.sizes
    for alpha in experiment.alphas:
        name = f"α = {alpha}"
        exponent = float(rational(alpha, "alpha", least=0))
        c, e0 = _theory(experiment, alpha)
        radius = accuracy(experiment, alpha)
        for target, factor, title in ((limits, 1.0, ""), (None, 0.9, "limit 0.9 α")):
            points = tuple(
                enclosed(x / (factor * exponent) - 1, radius, margins.limit) for x in e0
            )
            curve = Judged(name, LIMIT, sizes, points)
            _put(target, wrong, title, curve)
        for target, leading, title in (
            (constants, False, ""),
            (None, True, "C by its leading term"),
        ):
            values = expansion(alpha, sizes, leading=leading)
            points = tuple(
                enclosed(x / y - 1, radius, margins.constant)
                for x, y in zip(values, c, strict=True)
            )
            _put(target, wrong, title, Judged(name, CONSTANT, sizes, points))
        lam = FloatSpectrum.from_arrays(_law(alpha, experiment.sampled_modes))
        for target, factor, title in ((sampled, 1.0, ""), (None, 0.9, "E₀ − 10 %")):
            points = []
            for n in experiment.sampled_sizes:
                value = factor * float(predict(lam, {1: 1}, n).E0)
                found = measured.sample("regression", n, name, "E0")
                points.append(ratio(found, value, margins.measured))
            curve = Judged(name, MEASURED, experiment.sampled_sizes, tuple(points))
            _put(target, wrong, title, curve)
    pools = {"limit 0.9 α": limits, "C by its leading term": constants}
    controls = tuple(
        Control.against(title, curves, pools.get(title, sampled))
        for title, curves in wrong.items()
    )
    return Judgement((*limits, *constants, *sampled), controls)


def _put(target: Any, wrong: dict[str, list[Judged]], title: str, curve: Judged):
    if target is None:
        wrong.setdefault(title, []).append(curve)
    else:
        target.append(curve)


def _picture(experiment: PowerLaw, measured: Measurements) -> Picture:
    sizes = tuple(float(n) for n in experiment.sizes)
    fits, constants = [], []
    for color, alpha in enumerate(experiment.alphas):
        name = f"α = {alpha}"
        exponent = float(rational(alpha, "alpha", least=0))
        c, e0 = _theory(experiment, alpha)
        fits.append(Series(name, "theory", color, sizes, tuple(map(float, e0))))
        ends = (exponent, exponent)
        fits.append(Series("limit α", "guide", -1, (sizes[0], sizes[-1]), ends))
        found = [
            (n, measured.get("regression", n, name, "E0"))
            for n in experiment.sampled_sizes
        ]
        known = [(n, s) for n, s in found if s is not None]
        fits.append(
            Series(
                name,
                "kernel",
                color,
                tuple(float(n) for n, _ in known),
                tuple(s.mean for _, s in known),
                tuple(s.error for _, s in known),
            )
        )
        lam = FloatSpectrum.from_arrays(_law(alpha, experiment.sampled_modes))
        cut = predict(lam, {1: 1}, list(experiment.sampled_sizes)).E0
        x = tuple(float(n) for n in experiment.sampled_sizes)
        label = "theory of the sampled modes"
        fits.append(Series(label, "guide", color, x, tuple(map(float, cut))))
        values = expansion(alpha, experiment.sizes, leading=experiment.leading_term)
        gap = abs(values / c - 1)
        shown = tuple(max(float(x), 1e-13) for x in gap)
        constants.append(Series(name, "theory", color, sizes, shown))
    form = "leading term" if experiment.leading_term else "two residues"
    label = rf"$|C_{{\mathrm{{law}}}}/C-1|$, {form}"
    return Picture(
        (
            Panel(r"training points $n$", r"$\mathcal{E}_0$", tuple(fits), bottom=0.9),
            Panel(r"training points $n$", label, tuple(constants), log="xy"),
        ),
        names=(("kernel", "regression"),),
    )


def _table(experiment: PowerLaw, measured: Measurements) -> Rows:
    headings = (
        Heading("alpha", "α", r"$\alpha$"),
        Heading("n", "n", "$n$"),
        Heading("C", "C", "$C$", "float64", "implicit_equation"),
        Heading("E0", "E0 theory", r"$\mathcal{E}_0$", "float64"),
        Heading("E0_measured", "E0 regression", r"$\mathcal{E}_0$ regression", "s.e."),
        Heading("expansion", "C by residues", "$C$ by residues", "float64"),
        Heading("leading", "leading term", "leading term", "float64"),
    )
    rows = []
    for alpha in experiment.alphas:
        c, e0 = _theory(experiment, alpha)
        fine = expansion(alpha, experiment.sizes, leading=False)
        rough = expansion(alpha, experiment.sizes, leading=True)
        for row, n in enumerate(experiment.sizes):
            found = measured.get("regression", n, f"α = {alpha}", "E0")
            values = (float(c[row]), float(e0[row]), found)
            rows.append((alpha, n, *values, float(fine[row]), float(rough[row])))
    title = "C and the overfitting coefficient of power-law spectra"
    error = max(accuracy(experiment, alpha) for alpha in experiment.alphas)
    return Rows(headings, tuple(rows), title, error)


def _errors(experiment: PowerLaw, measured: Measurements) -> tuple[ErrorRow, ...]:
    rows = []
    for alpha in experiment.alphas:
        lam = FloatSpectrum.from_arrays(_law(alpha, experiment.sampled_modes))
        for n in experiment.sampled_sizes:
            found = measured.get("regression", n, f"α = {alpha}", "E0")
            value = float(predict(lam, {1: 1}, n).E0)
            whole = float(_theory(experiment, alpha)[1][experiment.sizes.index(n)])
            if found is not None:
                gap = found.relative_to(value)
                shares = {"cut spectrum": value / whole - 1}
                rows.append(
                    ErrorRow(
                        "kernel − theory", "E0", f"α = {alpha}", str(n), gap, shares
                    )
                )
    return tuple(rows)
