"""What theory predicts for a regression problem, by the equation that applies to it.

Infinite domains, and draws with replacement, take the usual implicit equation; n
distinct points of M take the finite-population equation, which differs where there is a
ridge or noise. Levels above the last one listed enter as one level with the same Σ g λ
and Σ g λ², so what is left out is of third order in λ/C.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics import predict
from numerics.spectra import refinement
from numerics.statistics.finite_population import population_constant
from numerics.statistics.questions.sampling import parity_of
from theory import Kernel, OutOfDomain, notation
from theory.statistics import learned_coefficients as learned
from theory.statistics.questions.sampling import DISTINCT, REPLACEMENT
from verify.regression.evaluation import (
    covariance_program,
    gradient,
    learnabilities,
    levels_of,
    mean_over_classes,
    population_modes,
    value,
)
from verify.regression.measured import BY_TARGET
from verify.regression.regression_problem import WITH, WITHOUT, RegressionProblem

USUAL, POPULATION, CLASSES = "eigenlearning", "finite_population", "classes"
EQUATIONS = (USUAL, POPULATION)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Predicted:
    """Theory's numbers for every target of a problem; make it with ``predicted``.

    The formulas are an approximation; the numbers are their float64 values.

    Attributes
    ----------
    equation
        ``eigenlearning`` or ``finite_population``; ``classes`` where statistics are means
        over the number of classes of points that the kernel tells apart.
    n
        Training points that entered: distinct ones where only they count.
    C
        The constant.
    learned
        Σ g L over all modes.
    inverse_trace
        tr (K_DD + δ)⁻¹ of the distinct points; where the number of classes is random, the
        harmonic mean, so that its inverse is what data sets have in the mean.
    learnability, bias, variance, test_mse, train_mse
        Shape [target]; ``bias`` without the noise, ``test_mse`` with it.
    gradient
        E ‖∇f̂‖² on a sphere of radius 1, or None where the domain has none. [target]
    """

    problem: RegressionProblem
    equation: str
    n: float
    C: float
    learned: float
    inverse_trace: float
    learnability: Floats
    bias: Floats
    variance: Floats
    test_mse: Floats
    train_mse: Floats
    gradient: Floats | None
    overfitting: float
    eigenvalues: Floats

    @property
    def constant(self) -> float:
        """What 1/tr (K_DD + δ)⁻¹ should be: C, or more on a finite domain."""
        return 1 / self.inverse_trace if self.inverse_trace else float("inf")

    def value(self, name: str, target: int = 0) -> float:
        """A statistic by the name that ``Measured`` gives it."""
        found = getattr(self, name)
        if found is None:
            raise OutOfDomain(
                f"statistic {name!r}: {self.problem.domain} has no gradient"
            )
        return float(found if np.ndim(found) == 0 else found[target])

    def covariance(
        self,
        first: tuple[int, int],
        second: tuple[int, int],
        target: int = 0,
        *,
        rank_one: bool = True,
    ) -> float:
        """Covariance of two learned coefficients, with or without the rank-one piece."""
        goal, place = self.problem.targets[target], self.problem.place
        values = {
            notation.n: self.n,
            notation.C: self.C,
            notation.overfitting: self.overfitting,
            notation.test_mse: float(self.test_mse[target]),
        }
        for index, mode in ((notation.i, first), (notation.j, second)):
            values[notation.lam[index]] = float(self.eigenvalues[mode[0]])
            values[learned.target[index]] = goal.amplitude(place, *mode)
        name = "coefficient_covariance" + ("" if rank_one else "_diagonal")
        return float(covariance_program(name, first == second)(values))

    @cached_property
    def text(self) -> str:
        """How the numbers were obtained, in a line."""
        return f"{self.equation}, n = {self.n:g}, C = {self.C:.6g}"


def predicted(
    problem: RegressionProblem,
    *,
    kernel: Kernel | None = None,
    equation: str | None = None,
    sampling: str | None = None,
    n: float | None = None,
    constant_factor: float = 1.0,
    levels: int | None = None,
    extra_ridge: float = 0.0,
) -> Predicted:
    """Theory's prediction for a problem, or a wrong one that a control asks for.

    Parameters
    ----------
    problem
        What is regressed.
    kernel, sampling, n
        What the theory believes, where that differs from the problem.
    equation
        ``eigenlearning`` or ``finite_population``; by default the one that applies.
    constant_factor
        Factor on C after it was solved for.
    levels
        Cut the spectrum off above this level, as if nothing were there.
    extra_ridge
        Added to the ridge in the equation for C alone: levels that act as ridge.

    Raises
    ------
    OutOfDomain
        When an equation has no root at that n, or an argument is unknown.

    Examples
    --------
    >>> from verify.regression.regression_problem import problem
    >>> white = problem("expr:t*(1+t)/2", "hypercube:2", {1: 1}, 2)
    >>> predicted(white).learnability.round(6)
    array([0.5])
    """
    believed = problem.sampling if sampling is None else sampling
    points = problem.place.points
    plain = (constant_factor, levels, extra_ridge) == (1.0, None, 0.0)
    drawn = problem.n if n is None else n
    # only a whole number of draws has a law; other n take the mean of distinct points
    plain = plain and float(drawn).is_integer()
    if plain and equation is None and points is not None and not problem.ridge:
        found = _over_classes(problem, kernel, believed, int(drawn))
        if found is not None:
            return found
    size = float(problem.n if n is None else n)
    ridge = float(problem.ridge)
    if believed == WITH and not ridge:
        size = float(
            value("distinct_points", {notation.points: points, notation.n: size})
        )
    if equation is None:
        distinct = believed == WITHOUT or (believed == WITH and not ridge)
        equation = POPULATION if points is not None and distinct else USUAL
    if equation not in EQUATIONS or (equation == POPULATION and points is None):
        raise OutOfDomain(
            f"equation = {equation!r} on {problem.domain}: must be one of {EQUATIONS}"
        )
    pairs = problem.pairs_with(kernel or problem.kernel)
    table = levels_of(pairs.spectrum, pairs.eigenvalues, levels)
    total = float(points) if equation == POPULATION and points else float("inf")
    setting = (equation, size, total, constant_factor, extra_ridge)
    return _evaluate(problem, pairs, table, *setting)


def _evaluate(problem, pairs, table, equation, size, total, factor, extra) -> Predicted:
    lam, g = table
    ridge, noise = float(problem.ridge) + extra, float(problem.noise)
    count = float(g[lam > 0].sum())
    if size == total and ridge == 0 and count == total:
        return _everything(problem, equation, size, table)
    if size == total and ridge > 0:
        c = ridge / total  # exact: K_DD is the whole domain's matrix
    else:
        c = population_constant(lam, size, ridge, total, g)
    c *= factor
    powers = np.zeros((len(problem.targets), len(lam)))
    for row, goal in enumerate(problem.targets):
        for level, power in goal.powers.items():
            powers[row, _inside(level, len(lam), problem)] = float(power)
    values: dict[Any, Any] = {
        notation.lam: lam,
        notation.g: g,
        notation.C: c,
        notation.n: size,
        notation.ridge: ridge,
        notation.noise: noise,
        notation.points: total,
    }
    d = 2 if pairs.gradient is None else int(problem.domain.ambient)
    each: dict[str, list[float]] = {name: [] for name in BY_TARGET}
    mode = population_modes(values) if equation == POPULATION else None
    overfitting = float(value("overfitting_coefficient", values))
    for power in powers:
        here = values | {notation.power: power}
        each["learnability"].append(value("target_learnability", here))
        bias = float(value("bias", here))
        if mode is None:
            mse = float(value("test_mse", here))
            train = float(value("train_mse", here))
        else:
            mse = float(power @ mode["test"]) + mode["noise"]
            train = float(power @ mode["train"]) + mode["train_noise"]
        each["bias"].append(bias)
        each["test_mse"].append(mse)
        each["train_mse"].append(train)
        each["variance"].append(mse - bias - noise)
        if pairs.gradient is not None:
            rest = (len(pairs.eigenvalues), pairs.gradient_error)
            each["gradient"].append(gradient(here, mse, d, *rest))
    learned_sum = float(np.sum(g * learnabilities(lam, c)))
    trace = value("finite_population_inverse_trace", values)
    arrays: dict[str, Any] = {
        k: np.array(v, dtype=float) for k, v in each.items() if k != "gradient"
    }
    rough = None if pairs.gradient is None else np.array(each["gradient"])
    return Predicted(
        problem,
        equation,
        size,
        c,
        learned_sum,
        float(trace),
        **arrays,
        gradient=rough,
        overfitting=overfitting,
        eigenvalues=lam,
    )


def _over_classes(
    problem: RegressionProblem, kernel: Kernel | None, believed: str, n: int
) -> Predicted | None:
    """Means over the number of classes of points, where that is random."""
    sampling = {WITHOUT: DISTINCT, WITH: REPLACEMENT}.get(believed)
    pairs = problem.pairs_with(kernel or problem.kernel)
    s = refinement.completed(pairs.spectrum)
    if sampling is None or (sampling == DISTINCT and parity_of(s) is None):
        return None
    targets = [dict(goal.powers) for goal in problem.targets]
    p = predict(s, targets, n, 0, problem.noise, sampling=sampling)
    lam = np.array([float(x.eigenvalue) for x in s.levels])
    number, constant = mean_over_classes(s, n, sampling)
    name = lambda column: np.array([float(x) for x in p.statistics[column]])
    return Predicted(
        problem,
        CLASSES,
        number,
        float(p.C),
        number,
        1 / constant if constant else float("inf"),
        learnability=name("target_learnability"),
        bias=name("bias"),
        variance=name("variance"),
        test_mse=name("test_mse"),
        train_mse=name("train_mse"),
        gradient=None,
        overfitting=float(p.E0[0]),
        eigenvalues=lam,
    )


def _inside(level: int, count: int, problem: RegressionProblem) -> int:
    if level >= count:
        raise OutOfDomain(
            f"levels: the target's level {level} on {problem.domain} was cut off"
        )
    return level


def _everything(
    problem: RegressionProblem, equation: str, size: float, table: tuple[Floats, Floats]
) -> Predicted:
    """All M points without ridge: the labels are learned as they are."""
    lam, g = table
    one = np.ones(len(problem.targets))
    noise = float(problem.noise)
    return Predicted(
        problem,
        equation,
        size,
        0.0,
        size,
        float(np.sum(g / lam)) / size,  # K_DD has the eigenvalues M λ
        one,
        0 * one,
        noise * one,
        2 * noise * one,
        0 * one,
        None,
        float("inf"),
        lam,
    )
