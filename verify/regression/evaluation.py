"""Theory's formulas by name, evaluated in float64 for a problem's spectrum."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, KroneckerDelta

from numerics import Spectrum
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from numerics.statistics.finite_population import population_constant
from numerics.statistics.questions.sampling import classes_met, parity_of
from theory import formulas, notation
from theory import statistics as theory_statistics
from theory.statistics import finite_population
from theory.statistics import gradient as theory_gradient
from theory.statistics.questions.sampling import DISTINCT

Floats = NDArray[np.float64]
Values = dict[Any, Any]


@lru_cache(maxsize=64)
def _program(name: str) -> Program:
    if name in {row.formula.name for row in theory_statistics.STATISTICS.rows()}:
        return build(theory_statistics.chain(name), ARRAYS)
    return build(formulas[name].rhs, ARRAYS)


def value(name: str, values: Values) -> Any:
    """A formula's right side, with the statistics that it is built from.

    Examples
    --------
    >>> float(value("distinct_points", {notation.points: 4, notation.n: 2}))
    1.75
    """
    return _program(name)(values)


def levels_of(s: Spectrum, lam: Floats, cut: int | None) -> tuple[Floats, Floats]:
    """Eigenvalues and multiplicities; what lies above becomes one level."""
    g = np.array([float(x.multiplicity) for x in s.levels])
    if cut is not None:
        return lam[: cut + 1], g[: cut + 1]
    mass, square = float(s.tail_mass), float(s.tail_square)
    if s.is_complete or not (mass > 0 and square > 0):
        return lam, g
    return np.append(lam, square / mass), np.append(g, mass**2 / square)


@lru_cache(maxsize=1)
def _learnability() -> Program:
    return build(formulas["learnability"].lhs, ARRAYS)


def learnabilities(lam: Floats, c: float) -> Any:
    """L of every level."""
    return _learnability()({notation.lam[notation.i]: lam, notation.C: c})


def population_modes(values: Values) -> dict[str, Any]:
    """Test and train error of a mode of unit power in each level, and the noise's."""
    here = values | {notation.lam[notation.j]: values[notation.lam]}
    slope = value("finite_population_constant_by_ridge", here)
    here[finite_population.slope_of_C] = slope
    noise = float(value("finite_population_noise", here))
    train = value("finite_population_train_mse", here)
    return {
        "test": value("finite_population_test_mse", here),
        "noise": noise,
        "train": np.broadcast_to(train, np.shape(values[notation.lam])),
        "train_noise": float(value("finite_population_noise_train_mse", here)),
    }


def mean_over_classes(s: Spectrum, n: int, sampling: str) -> tuple[float, float]:
    """Means of the number of classes met, and of 1/tr K_DD⁻¹ over distinct points.

    Parameters
    ----------
    s
        A complete spectrum on a domain with a number of points.
    n, sampling
        Points drawn, and how: with replacement, or distinct where the kernel is even or
        odd. There is no ridge.

    Examples
    --------
    Uncorrelated values at 4 points, K = 4: 1/tr K⁻¹ is 4 for one point, 2 for two.

    >>> from verify.regression import problem
    >>> white = problem("expr:2*t*(1+t)", "hypercube:2", {1: 1}, 2).pairs.spectrum
    >>> mean_over_classes(white, 2, "replacement")
    (1.75, 2.5)
    """
    met, parity = classes_met(s, n, sampling), parity_of(s)
    lam, g = levels_of(s, np.array([float(x.eigenvalue) for x in s.levels]), None)
    lam, g = lam[lam > 0], g[lam > 0]
    number = constant = 0.0
    for some in met.law[0]:
        c, chance = some.count, float(some.chance)
        number += chance * c
        # x and −x together make K_DD singular; a class of m draws has only one of them
        # with chance 2^(1−m), all c classes with 2^(c−n)
        regular = 1.0
        if sampling == DISTINCT:
            regular = float(c == n)
        elif parity is not None:
            regular = 2.0 ** (c - n)
        if regular and c < g.sum():
            known = {notation.lam: lam, notation.g: g, notation.points: met.points}
            known[notation.C] = population_constant(lam, c, multiplicities=g)
            trace = value("finite_population_inverse_trace", known)
            constant += chance * regular / float(trace)
        elif regular and c == met.points:
            # all of the domain, whose matrix has the eigenvalues M λ, or M/2 of classes
            constant += chance * regular * c / float(np.sum(g / lam))
    return number, constant


def gradient(values: Values, mse: float, d: int, listed: int, rest: float) -> float:
    """The mean squared gradient on a sphere of radius 1.

    Parameters
    ----------
    values
        Values of the symbols, the spectrum among them.
    mse
        The test MSE.
    d
        Dimension of the space around the sphere.
    listed, rest
        How many levels have an index of their own, and Σ γ g λ² of those above, which
        are the last level.
    """
    lam, g = values[notation.lam], values[notation.g]
    k = np.arange(float(len(lam)))
    gamma = np.broadcast_to(
        value(
            "roughness_of_a_level",
            {notation.k: k, notation.d: float(d), theory_gradient.radius: 1.0},
        ),
        k.shape,
    ).copy()
    if len(lam) > listed:
        gamma[-1] = rest / (g[-1] * lam[-1] ** 2)
    here = values | {theory_gradient.roughness: gamma, notation.test_mse: mse}
    return float(value("mean_squared_gradient", here))


@lru_cache(maxsize=4)
def covariance_program(name: str, same: bool) -> Program:
    """The covariance of two coefficients, of one mode or of two."""
    e: Expr = formulas[name].rhs
    return build(e.subs(KroneckerDelta(notation.i, notation.j), int(same)), ARRAYS)
