"""What is compared with regression on a data set: our theory, or one wrong on purpose."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Rational

from numerics.statistics.finite_population import (
    PopulationPrediction,
    predict_population,
)
from theory import Kernel, OutOfDomain, kernels
from verify.data.held_out import HeldOut, measure
from verify.data.kernel_spectra import spectrum_of_data
from verify.data.labelled_points import DataSet
from verify.data.spectrum import DataSpectrum
from verify.regression.comparison.claim import FEWER, SHIFTED_C, TheoryClaim
from verify.regression.comparison.wrong_kernels import changed, other_nets
from verify.regression.predicted import USUAL
from verify.regression.regression_problem import WITH, WITHOUT

STATISTICS = ("held_out_mse", "learnability", "constant")
MARGINS = {
    "held_out_mse": Fraction(1, 10),
    "learnability": Fraction(3, 100),
    "constant": Fraction(3, 100),
}
"""Largest differences that count as agreement: absolute for the learnability, relative to
the prediction for the others."""
FORMULAS = {
    "held_out_mse": "off_sample_mse",
    "learnability": "target_learnability",
    "constant": "implicit_equation",
}
"""Statistic → name of the formula that predicts it."""
CHEAP = 256
FEWEST = 6
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DataSetting:
    """A data set, a kernel, a ridge, and a grid of n.

    Attributes
    ----------
    name
        How reports call it.
    data, kernel, norms
        What learns; norms are ``own`` or ``equal``.
    sizes
        Training points n, rising.
    claimed
        The largest n for which agreement is claimed: an eighth of the points unless the
        specification says otherwise.
    ridge
        Absolute ridge, exact.
    trials
        Data sets at every n up to 256; above, as many as cost the same, and 6 at least.
    sampling
        How data sets are drawn.
    statistics, margins
        What is compared, and the largest differences that count as agreement.
    theory
        What theory claims.
    sample
        Points of the smaller sample that predicts the curve as well; 0 for none.
    """

    name: str
    data: DataSet
    kernel: Kernel
    sizes: tuple[int, ...]
    claimed: int
    norms: str = "own"
    ridge: Fraction = Fraction(0)
    trials: int = 200
    sampling: str = WITHOUT
    statistics: tuple[str, ...] = STATISTICS
    margins: dict[str, Fraction] = field(default_factory=lambda: dict(MARGINS))
    theory: TheoryClaim = field(default_factory=TheoryClaim)
    controls: tuple[str, ...] | None = None
    sample: int = 0

    @cached_property
    def spectrum(self) -> DataSpectrum:
        """The eigensystem that learns."""
        return spectrum_of_data(self.kernel, self.data, norms=self.norms)

    @property
    def digest(self) -> str:
        """A hash of everything that decides the reports, the data included."""
        named = {f.name: str(getattr(self, f.name)) for f in fields(self)}
        text = json.dumps(named | {"data": str(self.data)}, sort_keys=True)
        arrays = (self.data.points, self.data.targets)
        parts = [text.encode(), *(np.ascontiguousarray(a).tobytes() for a in arrays)]
        return hashlib.sha256(b"".join(parts)).hexdigest()

    def trials_at(self, n: int) -> int:
        """How many data sets are drawn at n: fixed before anything is measured."""
        if n <= CHEAP:
            return self.trials
        return min(self.trials, max(FEWEST, self.trials * CHEAP**3 // n**3))

    def measured(
        self, n: int, seed: int, sampling: str | None = None, progress: Any = None
    ) -> HeldOut:
        """Regression on random data sets of n points."""
        return measure(
            self.spectrum,
            n,
            self.ridge,
            trials=self.trials_at(n),
            seed=seed,
            replacement=(sampling or self.sampling) == WITH,
            progress=progress,
        )

    def claimed_spectrum(self, claim: TheoryClaim) -> DataSpectrum:
        """The eigensystem that a theory starts from."""
        if claim.kernel is None and claim.norms is None:
            return self.spectrum
        kernel, norms = claim.kernel or self.kernel, claim.norms or self.norms
        return spectrum_of_data(kernel, self.data, norms=norms)

    def predicted(
        self, claim: TheoryClaim | None = None, spectrum: DataSpectrum | None = None
    ) -> PopulationPrediction:
        """What a claim predicts on the grid, from all points or from a smaller sample.

        Raises
        ------
        OutOfDomain
            When an n of the grid has no root.
        """
        claim = claim or self.theory
        s = spectrum or self.claimed_spectrum(claim)
        finite = claim.equation != USUAL
        sizes = [n for n in self.sizes if n < s.size]
        if claim.n_factor != 1:
            sizes = [float(n * claim.n_factor) for n in sizes]
        return predict_population(
            s.eigenvalues,
            s.coefficients**2,
            sizes,
            float(self.ridge),
            s.size if finite else np.inf,
            s.size,
            float(claim.constant_factor),
        )


def of_prediction(prediction: PopulationPrediction, statistic: str) -> Floats:
    """The values of a statistic by n, averaged over targets."""
    if statistic == "constant":
        return 1 / prediction.inverse_trace
    return getattr(prediction, statistic).mean(axis=1)


def of_measured(found: HeldOut, statistic: str) -> Floats:
    """The values of a statistic by data set, averaged over targets.

    The constant is what tr (K_DD + δ)⁻¹ is the inverse of, up to a factor.
    """
    if statistic == "constant":
        return 1 / found.inverse_trace
    return getattr(found, statistic).mean(axis=1)


def controls(setting: DataSetting) -> dict[str, TheoryClaim]:
    """Theories that are wrong on purpose, and a wrong way of drawing; each must be refuted.

    Without a ridge C is not compared, since eigenvectors that sit on few points make
    tr K⁻¹ larger than theory has it; what only C could tell apart is left out then.
    """
    kernel = setting.kernel
    found = {name: TheoryClaim(kernel=k) for name, k in _other_kernels(kernel).items()}
    if not setting.ridge or "constant" not in setting.statistics:
        first = next(iter(found))
        return {first: found[first]}
    if "input_variance" in dict(kernel.parameters) and setting.norms == "equal":
        variance = kernel["input_variance"] / setting.data.dimension
        small = changed(kernel, input_variance=variance)
        found["norm 1 for norm √d"] = TheoryClaim(kernel=small)
    found |= SHIFTED_C | FEWER
    if setting.sampling == WITHOUT:
        found["points drawn with replacement"] = TheoryClaim(sampling=WITH)
    return found


def _other_kernels(kernel: Kernel) -> dict[str, Kernel]:
    nets = other_nets(kernel)
    wanted = ("NNGP for NTK", "one layer more")
    if nets:
        return {name: nets[name] for name in wanted if name in nets}
    for name, symbol in (("width", "width"), ("beta", "β")):
        if name in dict(kernel.parameters):
            wider = changed(kernel, **{name: kernel[name] * Rational(5, 4)})
            return {f"{symbol} + 25 %": wider}
    return {"a Gaussian kernel for it": kernels.gaussian(1)}


def refuse_what_has_no_root(setting: DataSetting, say: Callable[[str], Any]) -> None:
    """Solve for C at every n before anything is measured.

    Raises
    ------
    OutOfDomain
        Naming the setting, and the n that has no root.
    """
    say(f"{setting.name}: eigensystem of {setting.data.size} points")
    try:
        setting.predicted()
    except OutOfDomain as error:
        raise OutOfDomain(f"{setting.name}: {error}") from None
