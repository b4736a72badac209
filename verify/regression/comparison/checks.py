"""What does not need a theory: test errors against test points, and calibration."""

from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from numerics.kernel_matrices.entries import kernel_matrix
from verify.regression.blocks import draw
from verify.regression.predictor import kernel_regression
from verify.regression.regression_problem import RegressionProblem, problem
from verify.regression.simulation import simulate
from verify.verdicts.calibrated_tests import Test, bonferroni_student, hotelling_fisher

POINTS = 4000
DATA_SETS = 20
EXPERIMENTS = 400
ALPHA = 0.05
SURE = 1e-5
"""Rate of false alarms of a check of the machinery itself."""
_KERNEL = "expr:(1 + t)*(1 + t)*(1 + t) + 1/3"


def against_test_points(asked: RegressionProblem, seed: int) -> tuple[float, float]:
    """Compare test errors as integrals with errors on fresh test points.

    Returns
    -------
    tuple of float
        p-value of the deviation over 20 data sets, and the largest deviation in
        standard errors.

    Examples
    --------
    >>> asked = problem("gaussian:width=2", "sphere:4", {1: 1}, 6)
    >>> against_test_points(asked, 0)[0] > 1e-5
    True
    """
    found = simulate(asked, DATA_SETS, seed)
    data = draw(asked, range(DATA_SETS), seed)
    place = asked.place
    # more test points than a finite domain has would be all of them: draw with repetition
    test = place.draw(POINTS, [0], seed + 1, replace=True)
    truth = np.stack([t.at(place, test)[0] for t in asked.targets])
    vectors = place.vectors(test)[0]
    ratios = []
    for row in range(DATA_SETS):
        x = place.vectors(data.points[row])
        inner = kernel_matrix(asked.kernel, x, norms="equal") + float(
            asked.ridge
        ) * np.eye(asked.n)
        weights = np.linalg.lstsq(inner, data.labels[row], rcond=1e-12)[0]
        fit = (kernel_matrix(asked.kernel, vectors, x, norms="equal") @ weights).T
        errors = (fit - truth) ** 2 + float(asked.noise)
        # one target is enough: the points are shared
        mean, spread = errors[0].mean(), errors[0].std(ddof=1) / POINTS**0.5
        gap = mean - found.test_mse[row, 0]
        scale = np.hypot(spread, found.slack[row, 0] + 1e-13)
        ratios.append(float(gap / scale))
    # data sets share their test points: judge them through their mean and their largest
    worst = float(np.max(np.abs(ratios)))
    p = min(1.0, DATA_SETS * float(scipy.stats.chi2.sf(worst**2, 1)))
    return p, worst


@lru_cache(maxsize=4)
def _every_data_set(n: int) -> NDArray[np.float64]:
    """Learnability of one mode a level on every data set of n corners of a cube."""
    asked = problem(_KERNEL, "hypercube:3", {1: 1}, 1)
    everything = np.arange(8)
    matrix = kernel_matrix(asked.kernel, asked.place.vectors(everything), norms="equal")
    values = np.stack([asked.place.mode(k, 0, everything) for k in range(4)])
    indices = np.array(list(combinations(range(8), n)))
    return kernel_regression(matrix, indices, values).learnability


def false_alarms(test: Any, seed: int, trials: int = 100) -> tuple[int, float]:
    """How often a test rejects a null that is true, and the p-value of so many.

    The truth is the mean over a list of all data sets, so the null holds exactly.

    Returns
    -------
    tuple
        Alarms among 400 experiments at 5 %, and the chance of at least as many.

    Examples
    --------
    >>> false_alarms(bonferroni_student, 0)[1] > 1e-5
    True
    """
    generator = np.random.default_rng([seed, trials])
    lists = [_every_data_set(n) for n in (2, 3, 4)]
    alarms = 0
    for _ in range(EXPERIMENTS):
        blocks = [
            rows[generator.integers(len(rows), size=trials)] - rows.mean(axis=0)
            for rows in lists
        ]
        outcome: Test = test(blocks)
        alarms += outcome.rejects(ALPHA)
    return alarms, float(scipy.stats.binom.sf(alarms - 1, EXPERIMENTS, ALPHA))


TESTS = {
    "Hotelling's T² by n, combined by Fisher": hotelling_fisher,
    "Student's t for each target, by Bonferroni": bonferroni_student,
}
