"""Domains of M points, sampled without replacement: the equation and its statistics.

With a ridge the implicit equation is biased by O(n/M) there. The equation below comes
from free compression, which takes the eigenbasis as randomly rotated: a conjecture for
real kernels. It is exact for the white kernel, and it is the usual equation for M → ∞
or without ridge; what follows from it by slopes of the learnability does so exactly.
"""

from typing import Any

from sympy import Integer, Symbol

from theory import notation
from theory.constant import L, U, total
from theory.constant.learnability import unlearned
from theory.formula import formulas
from theory.notation import C, i, j, modes, n, noise, points, ridge
from theory.source import OURS
from theory.statistics.registry import Statistic, outside, unbounded, whole
from theory.statistics.registry import trace as trace_of_kernel

g: Any = notation.g
lam: Any = notation.lam
learned = total(g[i] * L)
squares = total(g[i] * L**2)
share = 1 - learned / points
dilution = 1 - ridge / (points * C)
slope_of_C = Symbol("C_delta", positive=True)
inverse_trace = Symbol("tr_R", positive=True)
mode_mse = Symbol("E_j", nonnegative=True)
noise_mse = Symbol("E_noise", nonnegative=True)
mode_train_mse = Symbol("E_tr_j", nonnegative=True)
noise_train_mse = Symbol("E_tr_noise", nonnegative=True)
off_sample = Symbol("E_off", real=True)
distinct = Symbol("n_eff", positive=True)
all_mse: Any = notation.test_mse
train_mse: Any = notation.train_mse
ROTATED = (
    "n distinct points of M; assumes an eigenbasis that acts like a random rotation"
)

balance = formulas.declare(
    name="finite_population_equation",
    says="The implicit equation for n distinct points of a domain of M.",
    lhs=learned + ridge / C * share,
    rhs=n,
    status="conjecture",
    source=OURS,
    given=ROTATED,
)
trace = formulas.declare(
    name="finite_population_inverse_trace",
    says="The trace of the resolvent on a domain of M points.",
    lhs=inverse_trace,
    rhs=share / C,
    status="conjecture",
    source=OURS,
    given=ROTATED,
)
ridge_slope = formulas.declare(
    name="finite_population_constant_by_ridge",
    says="The slope of C in the ridge on a domain of M points.",
    lhs=slope_of_C,
    rhs=share / (dilution * total(g[i] * L * U) + ridge / C * share),
    status="exact",
    source=OURS,
    given="C solves the finite-population equation",
)
test_mse = formulas.declare(
    name="finite_population_test_mse",
    says="The error of a mode of unit power on a domain of M points, without noise.",
    lhs=mode_mse,
    rhs=unlearned(lam[j], C) ** 2
    * (1 + squares * dilution / (dilution * total(g[i] * L * U) + ridge / C * share)),
    status="conjecture",
    source=OURS,
    given=ROTATED,
)
noise_formula = formulas.declare(
    name="finite_population_noise",
    says=(
        "What label noise adds to the error on a domain of M points, fresh noise "
        "included."
    ),
    lhs=noise_mse,
    rhs=noise * (1 + slope_of_C * squares),
    status="conjecture",
    source=OURS,
    given=ROTATED,
)
train_formula = formulas.declare(
    name="finite_population_train_mse",
    says="The train MSE of a mode of unit power on a domain of M points.",
    lhs=mode_train_mse,
    rhs=ridge**2 * unlearned(lam[j], C) ** 2 * slope_of_C / (n * C**2),
    status="conjecture",
    source=OURS,
    given=ROTATED,
)
noise_train_formula = formulas.declare(
    name="finite_population_noise_train_mse",
    says="What label noise adds to the train MSE on a domain of M points.",
    lhs=noise_train_mse,
    rhs=noise
    * ridge**2
    * slope_of_C
    / (n * C**2)
    * (1 - (learned + total(g[i] * L * U)) / points),
    status="conjecture",
    source=OURS,
    given=ROTATED + "; the slope of the resolvent's trace in the ridge",
)
overfitting = formulas.declare(
    name="finite_population_overfitting_coefficient",
    says="The test MSE of pure unit noise on a domain of M points.",
    lhs=notation.overfitting,
    rhs=1 + slope_of_C * squares,
    status="conjecture",
    source=OURS,
    given=ROTATED,
)
variance = formulas.declare(
    name="finite_population_variance",
    says="Variance of the predictor on a domain of M points.",
    lhs=notation.variance,
    rhs=squares
    * (
        notation.bias * dilution / (dilution * total(g[i] * L * U) + ridge / C * share)
        + noise * slope_of_C
    ),
    status="conjecture",
    source=OURS,
    given=ROTATED,
)
whole_test_mse = formulas.declare(
    name="finite_population_whole_test_mse",
    says="Test MSE of a target with label noise on a domain of M points.",
    lhs=all_mse,
    rhs=notation.bias + notation.variance + noise,
    status="conjecture",
    source=OURS,
    given=ROTATED,
)
whole_train_mse = formulas.declare(
    name="finite_population_whole_train_mse",
    says="MSE on the noisy training labels on a domain of M points.",
    lhs=train_mse,
    rhs=ridge**2
    * slope_of_C
    / (n * C**2)
    * (notation.bias + noise * (1 - (learned + total(g[i] * L * U)) / points)),
    status="conjecture",
    source=OURS,
    given=ROTATED,
)
off_sample_mse = formulas.declare(
    name="off_sample_mse",
    says="The error on the points that were not in the data, from both averages.",
    lhs=off_sample,
    rhs=(points * all_mse - n * train_mse) / (points - n),
    status="exact",
    source=OURS,
    given="no label noise, n distinct points of M",
)
distinct_points = formulas.declare(
    name="distinct_points",
    says="How many distinct points n draws with replacement give, on average.",
    lhs=distinct,
    rhs=points * (1 - (1 - 1 / points) ** n),
    status="exact",
    source=OURS,
    given=(
        "without ridge only distinct points count; with a small ridge duplicates do "
        "harm"
    ),
)

_open = unbounded((outside + noise) * (points - modes))
_spread = modes / (n - modes)
_signal = outside * _spread * (points - n) / (points - modes)
_noise = noise * _spread * (1 - modes / points)
ROWS = (
    Statistic(
        name="E0",
        formula=overfitting,
        heading="E₀",
        at_none=Integer(1),
        at_all=2 + unbounded(points - modes),
        beyond=1 + _spread * (1 - modes / points),
    ),
    Statistic(
        name="variance",
        formula=variance,
        heading="variance",
        at_none=Integer(0),
        at_all=_open + noise,
        beyond=_signal + _noise,
    ),
    Statistic(
        name="test_mse",
        formula=whole_test_mse,
        heading="test MSE",
        at_none=whole + noise,
        at_all=_open + 2 * noise,
        beyond=outside + noise + _signal + _noise,
    ),
    Statistic(
        name="train_mse",
        formula=whole_train_mse,
        heading="train MSE",
        at_none=(ridge / (trace_of_kernel + ridge)) ** 2 * (whole + noise),
        at_all=Integer(0),
        beyond=(n - modes) / n * (outside / (1 - modes / points) + noise),
    ),
)
"""Rows that stand in for the published ones where points are distinct."""
