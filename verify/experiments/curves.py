"""Theory's side of an experiment: the curve of each target, and wrong ones as controls."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numerics import Ball, Spectrum, constant, predict, spectrum
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from theory import formulas, notation
from verify.experiments.specification import Experiment

DIGITS = 30
SHIFT = Fraction(1, 20)


@dataclass(frozen=True)
class Curves:
    """Predictions at the experiment's sizes, shape [n, target].

    Attributes
    ----------
    spectrum
        The kernel's spectrum, every eigenvalue enclosed.
    constants
        C at every n, enclosed.
    learnability, test_mse
        Values of theory's formulas in float64.
    """

    spectrum: Spectrum
    constants: tuple[Ball, ...]
    learnability: np.ndarray
    test_mse: np.ndarray


def curves(experiment: Experiment) -> Curves:
    """What theory predicts for an experiment.

    Examples
    --------
    >>> from verify.experiments.specification import fig1
    >>> curves(fig1()).learnability.shape
    (9, 4)
    """
    s = spectrum(experiment.kernel, experiment.place, digits=DIGITS)
    constants = tuple(constant(s, n, digits=DIGITS) for n in experiment.sizes)
    return Curves(s, constants, *predicted(s, experiment, list(experiment.sizes)))


def predicted(
    s: Spectrum, experiment: Experiment, sizes: Sequence[int | Fraction]
) -> tuple[np.ndarray, np.ndarray]:
    """Learnability and MSE of every target at given sizes, shapes [n, target]."""
    found = [predict(s, {k: 1}, sizes) for k in experiment.targets]
    return (
        np.stack([p.target_learnability for p in found], axis=1),
        np.stack([p.test_mse for p in found], axis=1),
    )


def controls(experiment: Experiment, right: Curves) -> dict[str, np.ndarray]:
    """Learnabilities that wrong theories predict: each must be refuted somewhere.

    NNGP in place of NTK, one hidden layer more and less, C five percent off, five
    percent fewer points.
    """
    sizes = list(experiment.sizes)
    wrong = {
        "NNGP for NTK": experiment.net_kernel("nngp", experiment.depth),
        "one layer more": experiment.net_kernel("ntk", experiment.depth + 1),
    }
    if experiment.depth > 1:
        wrong["one layer less"] = experiment.net_kernel("ntk", experiment.depth - 1)
    found = {
        name: predicted(spectrum(kernel, experiment.place), experiment, sizes)[0]
        for name, kernel in wrong.items()
    }
    fewer = [Fraction(n) * (1 - SHIFT) for n in sizes]
    found["n − 5 %"] = predicted(right.spectrum, experiment, fewer)[0]
    run = build(formulas["learnability"].lhs, ARRAYS)
    lam = np.array(
        [float(right.spectrum.level(k).eigenvalue) for k in experiment.targets]
    )
    c = np.array([float(ball) for ball in right.constants])[:, None]
    for name, factor in (("C + 5 %", 1 + SHIFT), ("C − 5 %", 1 - SHIFT)):
        values = {notation.lam[notation.i]: lam, notation.C: c * float(factor)}
        found[name] = np.broadcast_to(run(values), right.learnability.shape)
    return found
