"""What the learned function does over data sets: means and covariances.

Of its coefficients mode by mode, and of its values at points. A level's modes enter the
values through the target's part in that level, f_k(x) = Σ v_m φ_m(x), and through the
zonal function, Σ φ_m(x) φ_m(x′) = g_k Z_k(x, x′).
"""

from typing import Any

from sympy import IndexedBase, KroneckerDelta, Sum, Symbol

from theory import notation
from theory.constant import EIGENLEARNING, L, U, total
from theory.constant.definition import C
from theory.constant.learnability import learnability, unlearned
from theory.formula import formulas
from theory.notation import i, j, n
from theory.notation import overfitting as E0
from theory.notation import test_mse as E
from theory.notation import variance as V
from theory.source import OURS
from theory.statistics import finite_population as population

lam: Any = notation.lam
target: Any = IndexedBase("v", real=True)
fitted_mean: Any = IndexedBase("m_v", real=True)
fitted_covariance: Any = IndexedBase("Cov_v", real=True)
Li: Any = learnability(lam[i], C)
Lj: Any = learnability(lam[j], C)
wi: Any = Li * unlearned(lam[i], C) * target[i]
wj: Any = Lj * unlearned(lam[j], C) * target[j]
second_moment = Symbol("m_2", nonnegative=True)
part: Any = IndexedBase("f", real=True)
"""The target's part in a level, at x."""
other_part: Any = IndexedBase("f'", real=True)
"""The same at x′."""
zonal: Any = IndexedBase("Z", real=True)
"""The level's zonal function of x and x′, 1 where they are the same point."""
function_value = Symbol("m_f", real=True)
values_covariance = Symbol("Cov_f", real=True)
pooled_mse = Symbol("E_V", nonnegative=True)
pooled_overfitting = Symbol("E_0V", nonnegative=True)

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
function_mean = formulas.declare(
    name="learned_function_mean",
    says="The mean of the learned function at x: every level shrinks by its learnability.",
    lhs=function_value,
    rhs=total(part[i] * L),
    status="approximation",
    source=EIGENLEARNING,
    given="f_k(x) is the target's part in level k at x",
)
function_covariance = formulas.declare(
    name="learned_function_covariance",
    says="How values of the learned function at x and x′ fluctuate together.",
    lhs=values_covariance,
    rhs=E / n * total(notation.g[i] * zonal[i] * L**2)
    + E0 / n * total(part[i] * L * U) * total(other_part[i] * L * U),
    status="approximation",
    source=OURS,
    given=(
        "Z_k the zonal function of x and x′, where the addition theorem holds; leading "
        "order in 1/n"
    ),
)
mse_of_variance = formulas.declare(
    name="mse_of_variance",
    says="What takes the place of E in covariances where the variance is another one.",
    lhs=pooled_mse,
    rhs=n * V / total(notation.g[i] * L**2),
    status="definition",
    source=OURS,
    given="the sum of all variances is V; with independent points it is E itself",
)
overfitting_of_distinct_points = formulas.declare(
    name="overfitting_of_distinct_points",
    says="What takes the place of E₀ in the rank-one piece where points are distinct.",
    lhs=pooled_overfitting,
    rhs=n
    * population.dilution
    / (
        population.dilution * total(notation.g[i] * L * U)
        + notation.ridge / C * population.share
    ),
    status="conjecture",
    source=OURS,
    given=population.ROTATED + "; without ridge it is E₀",
)

residual = Symbol("r", real=True)
local_error = Symbol("s_x^2", nonnegative=True)
local_variance = Symbol("V_x", nonnegative=True)
smoothing: Any = IndexedBase("H", real=True)
"""Σ g_k L_k Z_k(x, z) at every point z of the domain."""
other_smoothing: Any = IndexedBase("H'", real=True)
"""The same about x′."""
excess: Any = IndexedBase("epsilon", real=True)
"""The local squared error at z less its mean over the domain, over their number."""
shrinking = Symbol("w", real=True)
other_shrinking = Symbol("w'", real=True)
shrinking_square = Symbol("W", nonnegative=True)
"""The mean square of w over the domain."""
places = Symbol("M_z", integer=True, positive=True)

local_squared_error = formulas.declare(
    name="local_squared_error",
    says="The expected squared error at one point: of the mean, of the spread, of noise.",
    lhs=local_error,
    rhs=residual**2 + local_variance + notation.noise,
    status="exact",
    source=OURS,
    given="r the target less the mean of the learned function there",
)
local_covariance = formulas.declare(
    name="local_function_covariance",
    says="How values fluctuate together where errors are larger at some points.",
    lhs=values_covariance,
    rhs=(V + shrinking_square / n)
    / total(notation.g[i] * L**2)
    * total(notation.g[i] * zonal[i] * L**2)
    + Sum(smoothing[i] * other_smoothing[i] * excess[i], (i, 1, places)) / n
    - shrinking * other_shrinking / n,
    status="conjecture",
    source=OURS,
    given=(
        "w(x) = Σ L_k (1 − L_k) f_k(x), W its mean square; the excess solves the equation "
        "that the local squared error has this variance; its mean over the domain is V"
    ),
)
