"""Theory's side of learning curves: what each target's curve is, and wrong ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from numerics import Ball, Spectrum, constant, predict, spectrum
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from theory import Kernel, formulas, notation
from theory.numbers import rational
from verify.experiments.learning.specification import LearningCurves, powers_of
from verify.regression.comparison.wrong_kernels import other_nets

DIGITS = 30
TAIL_DIGITS = 12
SHIFT = Fraction(1, 20)
FINE, FINE_WITH_TAIL = 160, 48


@dataclass(frozen=True)
class Curves:
    """Predictions at the experiment's sizes, shape [n, curve].

    Attributes
    ----------
    spectrum
        The spectrum that was used: every eigenvalue enclosed.
    constants
        C at every n, enclosed.
    learnability, test_mse
        Values of theory's formulas in float64.
    """

    spectrum: Spectrum
    constants: tuple[Ball, ...]
    learnability: np.ndarray
    test_mse: np.ndarray


@lru_cache(maxsize=16)
def curves(experiment: LearningCurves) -> Curves:
    """What theory predicts for an experiment.

    Examples
    --------
    >>> from verify.experiments.net import Net
    >>> mine = LearningCurves("mine", domain="hypercube:4", sizes=(2, 8), net=Net())
    >>> curves(mine).learnability.shape
    (2, 2)
    """
    s = theory_spectrum(experiment)
    digits = DIGITS if s.is_complete else TAIL_DIGITS
    found = tuple(
        constant(s, n, ridge=experiment.ridge, digits=digits) for n in experiment.sizes
    )
    return Curves(s, found, *predicted(s, experiment, list(experiment.sizes)))


def theory_spectrum(experiment: LearningCurves) -> Spectrum:
    """The spectrum of the theory's kernel, cut where the specification says so."""
    s = full_spectrum(experiment, experiment.theory_kernel())
    cut = experiment.theory_levels
    if cut is None or cut >= len(s.levels):
        return s
    return Spectrum.from_levels(
        [(x.eigenvalue, x.multiplicity) for x in s.levels[:cut]]
    )


@lru_cache(maxsize=32)
def full_spectrum(experiment: LearningCurves, kernel: Kernel) -> Spectrum:
    """A kernel's spectrum on the domain, with its tail."""
    return spectrum(kernel, experiment.place, digits=DIGITS)


def predicted(
    s: Spectrum, experiment: LearningCurves, sizes: Sequence[int | Fraction]
) -> tuple[np.ndarray, np.ndarray]:
    """Learnability and MSE of every curve at given sizes, shapes [n, curve]."""
    found = [
        predict(s, powers_of(target), sizes, ridge=experiment.ridge, noise=noise)
        for _, target, noise in experiment.curves()
    ]
    return (
        np.stack([p.target_learnability for p in found], axis=1),
        np.stack([p.test_mse for p in found], axis=1),
    )


def fine_sizes(experiment: LearningCurves, s: Spectrum) -> list[int]:
    """Numbers of points for smooth curves."""
    top = max(experiment.sizes)
    if rational(experiment.ridge, "ridge", least=0) == 0 and s.modes < top:
        top = int(s.modes)
    count = FINE if s.is_complete else FINE_WITH_TAIL
    return [int(x) for x in np.unique(np.round(np.geomspace(1, top, count)))]


def wrong_theories(experiment: LearningCurves, right: Curves) -> dict[str, np.ndarray]:
    """Learnabilities [n, curve] that wrong theories predict: each must be refuted.

    NNGP in place of NTK, one hidden layer more and less, C five percent off, five
    percent fewer points.
    """
    sizes = list(experiment.sizes)
    found: dict[str, np.ndarray] = {}
    for name, kernel in wrong_kernels(experiment).items():
        found[name] = predicted(full_spectrum(experiment, kernel), experiment, sizes)[0]
    fewer = [Fraction(n) * (1 - SHIFT) for n in sizes]
    found["n − 5 %"] = predicted(right.spectrum, experiment, fewer)[0]
    for name, factor in (("C + 5 %", 1 + SHIFT), ("C − 5 %", 1 - SHIFT)):
        found[name] = _at_constants(experiment, right, float(factor))
    return found


def wrong_kernels(experiment: LearningCurves) -> dict[str, Kernel]:
    """Kernels of nets that differ in family or depth."""
    net = experiment.net
    if net is None:
        return {}
    q = experiment.theory_input_variance or experiment.input_variance
    return other_nets(net.kernel(q))


def _at_constants(experiment: LearningCurves, right: Curves, factor: float):
    """Target learnabilities with C multiplied by a factor, shape [n, curve]."""
    run = build(formulas["learnability"].lhs, ARRAYS)
    c = np.array([float(ball) for ball in right.constants]) * factor
    columns = []
    for _, target, _ in experiment.curves():
        powers = powers_of(target)
        whole = sum(float(p) for p in powers.values())
        total = np.zeros(len(c))
        for k, power in powers.items():
            lam = float(right.spectrum.level(k).eigenvalue)
            values = {notation.lam[notation.i]: lam, notation.C: c}
            total += float(power) * np.broadcast_to(run(values), c.shape)
        columns.append(total / whole)
    return np.stack(columns, axis=1)


def constant_mode(experiment: LearningCurves, right: Curves) -> np.ndarray | None:
    """L_0 = λ_0/(λ_0 + C₋₀) by size, with C₋₀ from the other modes alone.

    The constant mode is no Gaussian variable: φ_0 = 1 on every data set, so that its own
    share of C does not fluctuate. None where a list of other modes cannot be made.
    """
    s = right.spectrum
    if not s.is_complete or s.levels[0].index != 0:
        return None
    others = [(x.eigenvalue, x.multiplicity) for x in s.levels[1:] if x.eigenvalue.sign]
    rest = Spectrum.from_levels(others)
    lam = float(s.levels[0].eigenvalue)
    run = build(formulas["learnability"].lhs, ARRAYS)
    found = []
    for n in experiment.sizes:
        if n >= rest.modes:
            found.append(1.0)
            continue
        c = float(constant(rest, n, ridge=experiment.ridge, digits=15))
        found.append(float(run({notation.lam[notation.i]: lam, notation.C: c})))
    return np.array(found)
