"""How the test MSE falls to the kernel's as the width grows, and where a ridge is best.

E(w) = E + coefficient/w + O(1/w²), all at the kernel's C. Without ridge the features act
like noise on what is not learned; with a ridge δ they also act like the ridge δ(1 + z/w).
"""

from sympy import Derivative, Expr, Function, Symbol, log

from theory.constant import L, U, total
from theory.formula import formulas
from theory.notation import C, g, i, n, noise, overfitting, power
from theory.notation import test_mse as E
from theory.random_features.equations import (
    SOLVED,
    free_features,
    free_points,
    learned,
    rise,
    squares,
)
from theory.random_features.errors import (
    crossed,
    stiffness,
    variance_of_features,
    whole_bias,
)
from theory.source import OURS

coefficient = Symbol("E_w", real=True)
factor = Symbol("epsilon", positive=True)
needed = Symbol("w_epsilon", real=True)
bends = Symbol("p'", real=True)
crossed_slope = Symbol("H'", real=True)
KERNEL = (
    "C is the kernel's constant, E₀ and E its statistics; z = Σ g L, p = Σ g L(1 − L)"
)

ridgeless = formulas.declare(
    name="width_law_ridgeless",
    says="Coefficient of 1/w without ridge: what is not learned acts like noise.",
    lhs=coefficient,
    rhs=n * (total(power[i] * U) + noise),
    status="exact",
    source=OURS,
    given=KERNEL + "; δ = 0; exact within the equations of random features",
)
ridge_slope = formulas.declare(
    name="test_mse_slope_in_ridge",
    says="How fast the kernel's test MSE moves with log δ.",
    lhs=Symbol("E_delta", real=True),
    rhs=2
    * (n - learned)
    * overfitting**2
    / n
    * (
        total(power[i] * L * U**2) - whole_bias * total(g[i] * L**2 * U) / (n - squares)
    ),
    status="exact",
    source=OURS,
    given=KERNEL + "; δ ∂E/∂δ, with δ = C(n − z)",
)
law = formulas.declare(
    name="width_law",
    says="Coefficient of 1/w: features as noise, and as a larger ridge.",
    lhs=coefficient,
    rhs=overfitting * (rise**2 / (n - squares) * whole_bias + rise * crossed)
    + learned * ridge_slope.lhs,
    status="exact",
    source=OURS,
    given=KERNEL + "; exact within the equations of random features",
)
enough = formulas.declare(
    name="width_for_factor",
    says="The width at which the test MSE is 1 + ε times the kernel's, by the law in 1/w.",
    lhs=needed,
    rhs=coefficient / (factor * E),
    status="approximation",
    source=OURS,
    given="wide nets; E is the kernel's test MSE, and the coefficient is positive",
)
second = formulas.declare(
    name="learned_modes_bend",
    says="How fast Σ g L(1 − L) moves with log C.",
    lhs=bends,
    rhs=total(g[i] * L * U * (L - U)),
    status="exact",
    source=OURS,
)
second_of_target = formulas.declare(
    name="crossed_power_slope",
    says="How fast Σ v² L(1 − L) moves with log C.",
    lhs=crossed_slope,
    rhs=total(power[i] * L * U * (L - U)),
    status="exact",
    source=OURS,
)
_all = free_features + rise
_fixed = whole_bias + variance_of_features
_fixed_slope: Expr = (
    2 * total(power[i] * L * U**2)
    + (bends * crossed + rise * crossed_slope) / _all
    - variance_of_features * (rise + bends) / _all
)
_stiffness_slope: Expr = (
    rise * free_features
    + rise * free_points
    + bends * (free_points + free_features)
    + 2 * rise**2
)
_E_of = Function("E")
slope = formulas.declare(
    name="width_test_mse_slope",
    says="The test MSE of random features moves with C, and with it δ; 0 where δ is best.",
    lhs=C * Derivative(log(_E_of(C)), C),
    rhs=(rise + bends) / _all + _fixed_slope / _fixed - _stiffness_slope / stiffness,
    status="exact",
    source=OURS,
    given=SOLVED + " and δ follows C at fixed n and w; E can have several minima",
)
