"""C and the overfitting coefficient of power laws, and the expansion of C."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import zeta
from sympy import Rational

from numerics import predict
from numerics.spectra.floats.float_spectrum import FloatSpectrum, FloatTail
from theory import notation
from theory.constant.implicit.spectra import power_law
from theory.numbers import rational
from verify.experiments.spectra.power_law.specification import PowerLaw


def law(alpha: str, modes: int) -> np.ndarray:
    """Eigenvalues λ_i = i^−α, shape [mode]."""
    exponent = float(rational(alpha, "alpha", least=0))
    return np.arange(1, modes + 1, dtype=float) ** -exponent


@lru_cache(maxsize=8)
def _infinite(alpha: str, modes: int) -> FloatSpectrum:
    """All modes of a power law: the first ones listed, the others as a tail."""
    exponent = float(rational(alpha, "alpha", least=0))
    lam = law(alpha, modes)
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


def predicted(experiment: PowerLaw, alpha: str) -> tuple[np.ndarray, np.ndarray]:
    """C and E₀ at the sizes."""
    p = _prediction(experiment, alpha)
    return np.asarray(p.C, float), np.asarray(p.E0, float)


def accuracy(experiment: PowerLaw, alpha: str) -> float:
    """The largest relative error of what ``predicted`` gives."""
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
