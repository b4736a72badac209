"""What the predictor's coefficients do over data sets: mean, variance, covariance."""

from typing import Any

from sympy import IndexedBase, KroneckerDelta, Symbol

from theory import notation
from theory.constant import EIGENLEARNING
from theory.constant.definition import C
from theory.constant.learnability import learnability, unlearned
from theory.formula import formulas
from theory.notation import i, j, n
from theory.notation import overfitting as E0
from theory.notation import test_mse as E
from theory.source import OURS

lam: Any = notation.lam
target: Any = IndexedBase("v", real=True)
fitted_mean: Any = IndexedBase("m_v", real=True)
fitted_covariance: Any = IndexedBase("Cov_v", real=True)
Li: Any = learnability(lam[i], C)
Lj: Any = learnability(lam[j], C)
wi: Any = Li * unlearned(lam[i], C) * target[i]
wj: Any = Lj * unlearned(lam[j], C) * target[j]
second_moment = Symbol("m_2", nonnegative=True)

coefficient_mean = formulas.declare(
    name="coefficient_mean",
    says="On average a mode is learned in proportion to its learnability.",
    lhs=fitted_mean[i],
    rhs=Li * target[i],
    status="approximation",
    source=EIGENLEARNING,
    given="modes counted one by one",
)
coefficient_covariance_diagonal = formulas.declare(
    name="coefficient_covariance_diagonal",
    says="Coefficients fluctuate independently, as if the error were noise.",
    lhs=fitted_covariance[i, j],
    rhs=E / n * Li**2 * KroneckerDelta(i, j),
    status="approximation",
    source=EIGENLEARNING,
    given="modes counted one by one; leaves out a piece of rank one of the same order",
)
coefficient_covariance = formulas.declare(
    name="coefficient_covariance",
    says="With the piece of rank one: modes that the target holds fluctuate together.",
    lhs=fitted_covariance[i, j],
    rhs=E / n * Li**2 * KroneckerDelta(i, j) + E0 / n * wi * wj,
    status="approximation",
    source=OURS,
    given="leading order in 1/n, for modes that act like Gaussian ones",
)
off_diagonal_moment = formulas.declare(
    name="mean_of_exchanged_power",
    says=(
        "The mean of T_ij T_ji, from the slope of a learnability in another eigenvalue."
    ),
    lhs=second_moment,
    rhs=E0 / n * Li * unlearned(lam[i], C) * Lj * unlearned(lam[j], C),
    status="approximation",
    source=OURS,
    given="i and j different modes; derived in the derivation mse",
)
