"""The best ridge, by a global search in log C; below zero where that is admissible."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import brentq

from numerics.choice.along_constant import FAR, AlongConstant, Floats
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.statistics.parameter_grid import Grid
from numerics.statistics.predict import float_problem, predict
from numerics.statistics.questions.evaluation import State, evaluation_of
from theory import formulas, notation
from theory.numbers import rational
from theory.statistics.questions.sampling import INDEPENDENT, PUBLISHED
from theory.statistics.questions.sampling import read as read_sampling

_optimal = formulas["optimal_ridge"]
_condition = build(_optimal.lhs - _optimal.rhs, ARRAYS)
NODES = 240
DOWN = 1e-9
FLAT = 1e-9
"""A ridge that gains no more than this, relatively, is not worth having."""
TYPICAL = (
    "a typical value, no expectation: with a negative ridge errors are heavy-tailed"
)


@dataclass(frozen=True)
class OptimalRidge:
    """The ridge at which the predicted error is least.

    Attributes
    ----------
    ridge, test_mse
        δ and the error there, label noise included.
    C
        The constant there; 0 or ∞ at the ends.
    where
        ``interior``; ``zero``, at the bound δ = 0; or ``infinity``: nothing that can be
        learned is worth its variance.
    minima
        All local minima (δ, error) that were found, the best first.
    least_ridge
        How far below zero the ridge may go: there errors have a pole.
    remark
        What a reader should know; empty where nothing.
    curve
        Ridges and errors of the search, for a picture: shape [2, node].
    """

    ridge: float
    test_mse: float
    C: float
    where: str
    minima: tuple[tuple[float, float], ...]
    least_ridge: float
    remark: str = ""
    curve: Floats = field(default_factory=lambda: np.empty((2, 0)), repr=False)


def optimal_ridge(
    s: Any,
    target: Any,
    n: Any,
    noise: Any = 0,
    *,
    sampling: str = INDEPENDENT,
    negative: bool = True,
    held_out: bool = False,
) -> OptimalRidge:
    """The best ridge of a kernel for a target, inside the theory.

    The error may have several minima in δ. It is evaluated along C, where everything is
    explicit, from the least admissible ridge to where nothing is learned; every minimum
    of a fine grid is refined, and the best of them is returned.

    Parameters
    ----------
    s, target
        As for ``predict``: one spectrum, one target.
    n, noise
        Numbers: training points and noise variance.
    sampling
        As for ``predict``. Where the kernel cannot tell some points apart and only
        classes count, the theory holds without ridge only, and 0 is returned.
    negative
        Whether the ridge may be below zero.
    held_out
        Whether the error is that on points that were not drawn; finite domains with
        distinct points only.

    Raises
    ------
    OutOfDomain
        When an argument is malformed.
    Unsupported
        When no formula covers what is asked.

    Examples
    --------
    >>> from numerics import Spectrum
    >>> s = Spectrum.from_levels([(1, 10), ("0.02", 400)])
    >>> found = optimal_ridge(s, {0: 1}, 40)
    >>> round(found.ridge, 3), round(found.least_ridge, 5)
    (-3.965, -4.19208)
    >>> optimal_ridge(s, {0: 1}, 40, noise=1).where
    'interior'
    """
    count, sigma = rational(n, "n", least=0), rational(noise, "noise", least=0)
    asked = read_sampling(sampling)
    fast, power = float_problem(s, target)
    at = Grid.of(n=count, ridge=0, noise=sigma)
    question = {} if asked == INDEPENDENT else {"sampling": asked}
    state = evaluation_of(question).state(s, [], at, question)
    if not isinstance(state, State):
        p = predict(s, target, count, 0, sigma, sampling=asked)
        remark = (
            "ridge 0: only classes of points count, and no formula has a ridge there"
        )
        error = float(p.test_mse)
        return OptimalRidge(
            0.0, error, float(p.C), "zero", ((0.0, error),), 0.0, remark
        )
    lam, g = fast.at_scale(0)
    power = np.append(power, np.zeros(len(lam) - len(power)))
    points = float(state.given.get(notation.points, np.inf))
    problem = AlongConstant(
        state.equations,
        lam[None],
        g,
        power,
        float(count),
        float(sigma),
        points,
        held_out,
    )
    zero = _at_zero(problem, fast, target, asked)
    return _best(problem, zero, negative and state.equations is PUBLISHED)


def _at_zero(
    problem: AlongConstant, s: FloatSpectrum, target: Any, asked: str
) -> float:
    """The error without ridge, by the limit where there are more points than modes."""
    c = float(problem.without_ridge[0])
    if c > 0:
        return float(problem(np.full((1, 1), c))[1][0, 0])
    if problem.held_out:
        return np.inf
    given = s.source if s.source is not None else s
    p = predict(given, target, problem.n, 0, problem.noise, sampling=asked)
    return float(p.test_mse)


def _best(problem: AlongConstant, zero: float, negative: bool) -> OptimalRidge:
    start = float(problem.without_ridge[0])
    top = np.log(FAR * max(float(problem.scale[0]), start))
    positive = problem.lam[problem.lam > 0]
    floor = np.log(start if start else float(positive.min()) * DOWN)
    low, least_ridge = floor, 0.0
    if start:
        low, least_ridge = _lowest(problem, floor)
    x = np.linspace(low if negative else floor, top, NODES)
    ridges, errors = (y[0] for y in problem(np.exp(x)[None]))
    errors = np.where(np.isfinite(errors) & (errors > 0), errors, np.inf)
    inner = (
        np.flatnonzero((errors[1:-1] <= errors[:-2]) & (errors[1:-1] < errors[2:])) + 1
    )
    ends = [0] if errors[0] < errors[1] else []
    minima = []
    for k in [*ends, *inner.tolist()]:
        a, b = x[max(k - 1, 0)], x[min(k + 1, NODES - 1)]
        c, delta, error = (y[0] for y in problem.least(np.array([a]), np.array([b])))
        if problem.equations is PUBLISHED and not problem.held_out:
            c, delta, error = _stationary(problem, float(np.log(c)), (a, b))
        if float(np.log(c)) - a > 1e-7 * (b - a):
            minima.append((float(delta), float(error), float(c), "interior"))
    if not negative or not start:
        minima.append((0.0, zero, start, "zero"))
    nothing = float(problem.power.sum()) + problem.noise
    minima.append((np.inf, nothing, np.inf, "infinity"))
    minima.sort(key=lambda row: (row[1], row[3] != "zero"))
    level = [row for row in minima if row[3] == "zero"]
    if level and level[0][1] <= minima[0][1] * (1 + FLAT):
        minima.remove(level[0])
        minima.insert(0, level[0])
    delta, error, c, where = minima[0]
    kept = [row for row in minima if row[3] != "infinity"] or minima
    return OptimalRidge(
        delta,
        error,
        c,
        where,
        tuple((row[0], row[1]) for row in kept),
        least_ridge,
        TYPICAL if delta < 0 else "",
        np.stack([ridges, errors]),
    )


def _stationary(
    problem: AlongConstant, at: float, within: tuple[float, float]
) -> tuple[float, float, float]:
    """The minimum to all digits, from the equation of the best ridge that theory has.

    The error is flat there, so golden sections find half of the digits.
    """

    def excess(x: float) -> float:
        c = np.exp(x)
        values = {
            notation.lam: problem.lam[0],
            notation.g: problem.g,
            notation.power: problem.power,
            notation.C: c,
            notation.n: problem.n,
            notation.test_mse: problem(np.full((1, 1), c))[1][0, 0],
        }
        return float(_condition(values))

    found = at
    a, b = max(at - 1e-4, within[0]), min(at + 1e-4, within[1])
    if excess(a) * excess(b) < 0:
        found = float(brentq(excess, a, b, xtol=1e-15, rtol=1e-15))
    ridge, error = problem(np.full((1, 1), np.exp(found)))
    return float(np.exp(found)), float(ridge[0, 0]), float(error[0, 0])


def _lowest(problem: AlongConstant, start: float) -> tuple[float, float]:
    """Log C where the ridge turns, and the ridge there: Σ g L² = n, halved to the bit."""
    low, high = start, start
    squares = lambda x: float(
        ((problem.lam / (problem.lam + np.exp(x))) ** 2 @ problem.g)[0]
    )
    while squares(low) < problem.n and low > -700:
        low -= 1.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if squares(middle) > problem.n else (low, middle)
    return high, float(problem(np.full((1, 1), np.exp(high)))[0][0, 0])
