"""What is compared with regression on a data set: our theory, or one wrong on purpose."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.statistics.finite_population import (
    PopulationPrediction,
    predict_population,
)
from theory import Kernel, OutOfDomain, kernels
from verify.data.held_out import HeldOut, measure
from verify.data.labelled_points import DataSet
from verify.data.spectrum import DataSpectrum, spectrum_of_data

STATISTICS = ("held_out_mse", "learnability", "constant")
MARGINS = {
    "held_out_mse": Fraction(1, 10),
    "learnability": Fraction(3, 100),
    "constant": Fraction(3, 100),
}
"""Largest differences that count as agreement: absolute for the learnability, relative to
the prediction for the others."""
WITHOUT, WITH = "without_replacement", "with_replacement"
EQUATIONS = ("finite_population", "eigenlearning")
FIVE = Fraction(1, 20)
CHEAP = 256
FEWEST = 6
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Belief:
    """How a prediction is made; the default is our theory.

    Attributes
    ----------
    kernel, norms
        Another kernel than the one that learns, other norms of the inputs.
    constant_factor, n_factor
        Factors on C and on the number of points.
    equation
        ``finite_population``, or ``eigenlearning``, which ignores that n of M are drawn.
    """

    kernel: Kernel | None = None
    norms: str | None = None
    constant_factor: Fraction = Fraction(1)
    n_factor: Fraction = Fraction(1)
    equation: str = "finite_population"


@dataclass(frozen=True)
class Setting:
    """A data set, a kernel, a ridge, and a grid of n.

    Attributes
    ----------
    name
        How reports call it.
    data, kernel, norms
        What learns; norms are ``equal`` or ``own``.
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
        What theory believes.
    sample
        Points of the smaller sample that predicts the curve as well; 0 for none.
    """

    name: str
    data: DataSet
    kernel: Kernel
    sizes: tuple[int, ...]
    claimed: int
    norms: str = "equal"
    ridge: Fraction = Fraction(0)
    trials: int = 200
    sampling: str = WITHOUT
    statistics: tuple[str, ...] = STATISTICS
    margins: dict[str, Fraction] = field(default_factory=lambda: dict(MARGINS))
    theory: Belief = field(default_factory=Belief)
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

    def believed_spectrum(self, belief: Belief) -> DataSpectrum:
        """The eigensystem that a theory starts from."""
        if belief.kernel is None and belief.norms is None:
            return self.spectrum
        kernel, norms = belief.kernel or self.kernel, belief.norms or self.norms
        return spectrum_of_data(kernel, self.data, norms=norms)

    def predicted(
        self, belief: Belief | None = None, spectrum: DataSpectrum | None = None
    ) -> PopulationPrediction:
        """What a belief predicts on the grid, from all points or from a smaller sample.

        Raises
        ------
        OutOfDomain
            When an n of the grid has no root.
        """
        belief = belief or self.theory
        s = spectrum or self.believed_spectrum(belief)
        finite = belief.equation == "finite_population"
        sizes = [n for n in self.sizes if n < s.size]
        if belief.n_factor != 1:
            sizes = [float(n * belief.n_factor) for n in sizes]
        return predict_population(
            s.eigenvalues,
            s.coefficients**2,
            sizes,
            float(self.ridge),
            s.size if finite else np.inf,
            s.size,
            float(belief.constant_factor),
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


def controls(setting: Setting) -> dict[str, Belief | str]:
    """Theories that are wrong on purpose, and a wrong way of drawing; each must be refuted.

    Without a ridge C is not compared, since eigenvectors that sit on few points make
    tr K⁻¹ larger than theory has it; what only C could tell apart is left out then.
    """
    found: dict[str, Belief | str] = {
        name: Belief(kernel=k) for name, k in _other_kernels(setting.kernel).items()
    }
    if not setting.ridge or "constant" not in setting.statistics:
        first = next(iter(found))
        return {first: found[first]}
    small = _norm_one(setting)
    if small is not None:
        found["norm 1 for norm √d"] = Belief(kernel=small)
    found["C + 5 %"] = Belief(constant_factor=1 + FIVE)
    found["C − 5 %"] = Belief(constant_factor=1 - FIVE)
    found["n − 5 %"] = Belief(n_factor=1 - FIVE)
    if setting.sampling == WITHOUT:
        found["points drawn with replacement"] = WITH
    return found


def _other_kernels(kernel: Kernel) -> dict[str, Kernel]:
    if kernel.family == "ntk":
        return {
            "NNGP for NTK": replace(kernel, family="nngp"),
            "one layer more": _deeper(kernel),
        }
    if kernel.family == "nngp":
        return {"one layer more": _deeper(kernel)}
    if kernel.family in {"gaussian", "laplace"}:
        return {"width + 25 %": _changed(kernel, "width", Fraction(5, 4))}
    if kernel.family == "exponential":
        return {"β + 25 %": _changed(kernel, "beta", Fraction(5, 4))}
    return {"a Gaussian kernel for it": kernels.gaussian(1)}


def _deeper(kernel: Kernel) -> Kernel:
    values = dict(kernel.parameters)
    return replace(
        kernel, parameters=tuple((values | {"depth": values["depth"] + 1}).items())
    )


def _changed(kernel: Kernel, name: str, factor: Fraction) -> Kernel:
    values = dict(kernel.parameters)
    changed = values[name] * factor.numerator / factor.denominator
    return replace(kernel, parameters=tuple((values | {name: changed}).items()))


def _norm_one(setting: Setting) -> Kernel | None:
    """The kernel for inputs of norm 1, where that is another function."""
    names = dict(setting.kernel.parameters)
    if "input_variance" not in names or setting.norms != "equal":
        return None
    d = setting.data.dimension
    return _changed(setting.kernel, "input_variance", Fraction(1, d))


def refuse_what_has_no_root(setting: Setting, say: Callable[[str], Any]) -> None:
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
        msg = f"{setting.name}: {error}"
        raise OutOfDomain(msg) from None
