"""Errors of regression with random features, and where their variance comes from.

The predictor is random by its data (points and label noise) and by its features. Averaged
over both it has the bias alone; averaged over data alone, V_F remains; over features alone,
V_D; what is left is their interaction. Every statistic is a sum of positive terms, so that
none loses digits where n, w and z are close.
"""

from dataclasses import replace

from sympy import Expr, Integer, Symbol

from theory.constant import L, U, total
from theory.formula import Formula, formulas
from theory.notation import (
    C,
    bias,
    i,
    lam,
    modes,
    n,
    noise,
    overfitting,
    power,
    ridge,
    variance,
    width,
)
from theory.notation import test_mse as E
from theory.notation import train_mse as E_train
from theory.random_features import equations as of
from theory.random_features.equations import (
    FEATURES,
    MORE,
    SOLVED,
    free_features,
    free_points,
    kappa,
    learned,
    rise,
    squares,
)
from theory.source import OURS
from theory.statistics.registry import (
    Equations,
    Statistic,
    outside,
    trace,
    unbounded,
    whole,
)

variance_of_features = Symbol("V_F", nonnegative=True)
variance_of_data = Symbol("V_D", nonnegative=True)
variance_of_both = Symbol("V_FD", nonnegative=True)
fixed_features = Symbol("B_F", nonnegative=True)
ensemble = Symbol("B_D", nonnegative=True)
members = Symbol("m", positive=True)
stiffness = Symbol("D_w", nonnegative=True)
whole_bias: Expr = bias + noise
crossed = total(power[i] * L * U)

fixed_features_textbook = formulas.declare(
    name="mse_over_data_textbook",
    says="The error that is left when predictors with the same features are averaged.",
    lhs=fixed_features,
    rhs=total(power[i] * (U - kappa * L / (lam[i] + C) * width / (width - squares)))
    + noise,
    status="approximation",
    source=MORE,
    given=SOLVED,
)
test_mse_textbook = formulas.declare(
    name="width_test_mse_textbook",
    says="The test MSE of regression with w random features.",
    lhs=E,
    rhs=fixed_features
    / (1 - (squares * (width - 2 * learned) + learned**2) / (n * (width - squares))),
    status="approximation",
    source=FEATURES,
    given=SOLVED,
)
denominator = formulas.declare(
    name="width_denominator",
    says="The denominator of the test MSE as a sum of positive terms.",
    lhs=stiffness,
    rhs=free_points * free_features + rise * (free_points + free_features),
    status="exact",
    source=OURS,
    given="n(w − q) − q(w − 2z) − z², with p = z − q",
)
features_variance = formulas.declare(
    name="variance_of_features",
    says="Variance that stays when predictors of the same features are averaged over data.",
    lhs=variance_of_features,
    rhs=rise / (free_features + rise) * crossed,
    status="approximation",
    source=OURS,
    given=SOLVED + "; B_F = B + σ² + V_F",
)
data_variance = formulas.declare(
    name="variance_of_data",
    says="Variance that stays when predictors of the same data are averaged over features.",
    lhs=variance_of_data,
    rhs=squares / (free_points + rise) * whole_bias,
    status="approximation",
    source=OURS,
    given=SOLVED + "; that of the kernel with the ridge C (n − z)",
)
both_variance = formulas.declare(
    name="variance_of_data_and_features",
    says="Variance that either average removes: the interaction of data and features.",
    lhs=variance_of_both,
    rhs=(
        n * rise**2 / (free_points + rise) * whole_bias
        + (squares * free_features + learned * rise) * variance_of_features
    )
    / stiffness,
    status="approximation",
    source=OURS,
    given=SOLVED,
)
whole_variance = formulas.declare(
    name="width_variance",
    says="Variance over data sets, label noise and features: three parts.",
    lhs=variance,
    rhs=variance_of_features + variance_of_data + variance_of_both,
    status="exact",
    source=OURS,
    given="the parts of an analysis of variance",
)
ensemble_mse = formulas.declare(
    name="ensemble_limit_mse",
    says="The test MSE of infinitely many predictors on one data set, averaged.",
    lhs=ensemble,
    rhs=whole_bias + variance_of_data,
    status="approximation",
    source=OURS,
    given="their features are independent",
)
members_mse = formulas.declare(
    name="feature_ensemble_test_mse",
    says="The test MSE of m predictors on one data set, averaged.",
    lhs=Symbol("E_m", nonnegative=True),
    rhs=E / members + (1 - 1 / members) * ensemble,
    status="exact",
    source=OURS,
    given="their features are independent",
)
unit_noise = formulas.declare(
    name="width_overfitting_coefficient",
    says="The test MSE of pure unit noise with w random features.",
    lhs=overfitting,
    rhs=n * (free_features + rise) / stiffness,
    status="approximation",
    source=OURS,
    given=SOLVED,
)
test_mse = formulas.declare(
    name="width_test_mse",
    says="Test MSE of random features: bias, noise and V_F, times the overfitting.",
    lhs=E,
    rhs=overfitting * (whole_bias + variance_of_features),
    status="exact",
    source=OURS,
    given=SOLVED + "; a product of positive terms",
    rewrites="width_test_mse_textbook",
)
train_mse = formulas.declare(
    name="width_train_mse",
    says="MSE on the noisy training labels: the share of free points, squared.",
    lhs=E_train,
    rhs=(free_points / n) ** 2 * E,
    status="approximation",
    source=OURS,
    given=SOLVED + "; δ/(nκ) = 1 − z/n also where both vanish",
)

_spread = modes / (n - modes)
_lost = outside + noise
KAPPA = Statistic(
    name="kappa",
    formula=of.constant_of_data,
    heading="κ",
    at_none=unbounded(n + 1),
    at_all=Integer(0),
    beyond=Integer(0),
)
FROM_FEATURES = Statistic(
    name="variance_features",
    formula=features_variance,
    heading="V of features",
    at_none=Integer(0),
    at_all=Integer(0),
    beyond=Integer(0),
)
FROM_DATA = Statistic(
    name="variance_data",
    formula=data_variance,
    heading="V of data",
    at_none=Integer(0),
    at_all=unbounded(_lost),
    beyond=_lost * _spread,
)
FROM_BOTH = Statistic(
    name="variance_both",
    formula=both_variance,
    heading="V of both",
    at_none=Integer(0),
    at_all=_lost * modes / (width - modes),
    beyond=Integer(0),
)
ENSEMBLE = Statistic(
    name="ensemble_mse",
    formula=ensemble_mse,
    heading="ensemble MSE",
    at_none=whole + noise,
    at_all=unbounded(_lost),
    beyond=_lost * n / (n - modes),
)
ADDED = (KAPPA, FROM_FEATURES, FROM_DATA, FROM_BOTH, ENSEMBLE)
"""Columns beside the registered statistics."""
ROWS = (
    Statistic(
        name="E0",
        formula=unit_noise,
        heading="E₀",
        at_none=Integer(1),
        at_all=unbounded(n),
        beyond=n / (n - modes),
    ),
    Statistic(
        name="variance",
        formula=whole_variance,
        heading="variance",
        at_none=Integer(0),
        at_all=unbounded(_lost),
        beyond=_lost * _spread,
    ),
    Statistic(
        name="test_mse",
        formula=test_mse,
        heading="test MSE",
        at_none=whole + noise,
        at_all=unbounded(_lost),
        beyond=_lost * n / (n - modes),
    ),
    Statistic(
        name="train_mse",
        formula=train_mse,
        heading="train MSE",
        at_none=(ridge / (trace + ridge)) ** 2 * (whole + noise),
        at_all=Integer(0),
        beyond=_lost * (n - modes) / n,
    ),
)
"""Rows that stand in for those of the kernel. Without ridge the limits need w ≥ N."""
HELPERS = (
    of.spare_modes,
    of.points_left,
    of.features_left,
    of.modes_learned,
    of.modes_rise,
    of.modes_squared,
    denominator,
)
RANDOM_FEATURES = Equations(of.balance, ROWS, HELPERS, ADDED)
"""The equations of the question ``width``."""


def _at_peak(row: Statistic, value: Expr) -> Statistic:
    """A row where n = w below the number of modes, without ridge."""
    return replace(
        row,
        formula=Formula(
            name=f"{row.formula.name}_at_peak",
            says=f"{row.heading} with as many features as points, without ridge.",
            lhs=row.formula.lhs,
            rhs=value,
            status="exact",
            source=OURS,
            given="n = w < N, δ → 0⁺",
        ),
    )


_none_spare = Formula(
    name="spare_modes_at_peak",
    says="Without ridge no modes are spare.",
    lhs=of.spare,
    rhs=Integer(0),
    status="exact",
    source=OURS,
)
_infinite = {"E0", "variance", "test_mse"}
PEAK = Equations(
    of.balance,
    tuple(
        _at_peak(row, unbounded(n) if row.name in _infinite else Integer(0))
        for row in ROWS
    ),
    (_none_spare, *HELPERS[1:-1]),
    tuple(_at_peak(x, unbounded(n)) if x is FROM_BOTH else x for x in ADDED),
)
"""The same at n = w < N without ridge, where the test MSE has no bound."""
