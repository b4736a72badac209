"""The first sample and infinitely many: the slope at n = 0, and the limit of much data."""

from typing import Any

from sympy import Symbol

from theory import notation
from theory.constant import EIGENLEARNING, total
from theory.formula import formulas
from theory.notation import i, j, noise, ridge
from theory.source import OURS

g: Any = notation.g
lam: Any = notation.lam
power: Any = notation.power
first_slope = Symbol("E_n", real=True)
first_learnability = Symbol("L_1", positive=True)
time = Symbol("tau", positive=True)
late_learnability = Symbol("L_tau", positive=True)
late_mse = Symbol("E_tau", nonnegative=True)
trace = total(g[i] * lam[i]) + ridge
second = total(g[i] * lam[i] ** 2)

slope_at_zero = formulas.declare(
    name="test_mse_slope_at_zero",
    says=(
        "How the test MSE starts: up from chance through overfitting, down by learning."
    ),
    lhs=first_slope,
    rhs=second / trace**2 * (total(power[i]) + noise)
    - 2 / trace * total(lam[i] * power[i]),
    status="exact",
    source=EIGENLEARNING,
    given="slope in n of the theory's test MSE at n = 0",
)
rise_threshold = formulas.declare(
    name="low_mode_rise",
    says=(
        "A mode's error exceeds 1 for some n exactly where its eigenvalue is below "
        "this."
    ),
    lhs=lam[j],
    rhs=second / (2 * trace),
    relation=">=",
    status="exact",
    source=OURS,
    given=(
        "without noise: λ_j ≥ S_2/(2(S_1 + δ)) if and only if the error of mode j is "
        "≤ 1 for all n"
    ),
)
one_sample = formulas.declare(
    name="learnability_from_one_sample",
    says="The exact learnability from a single sample.",
    lhs=first_learnability,
    rhs=lam[j] / trace,
    status="exact",
    source=OURS,
    given="n = 1, K(x, x) the same for all x; the theory's own value at n = 1 differs",
)
late = formulas.declare(
    name="infinite_data_learnability",
    says="With infinitely many samples and δ = n/τ, training time τ alone decides.",
    lhs=late_learnability,
    rhs=lam[j] * time / (1 + lam[j] * time),
    status="approximation",
    source=EIGENLEARNING,
    given="n → ∞ at fixed τ = n/δ, where C → 1/τ and E₀ → 1",
)
late_error = formulas.declare(
    name="infinite_data_mse",
    says="Then train and test error agree: the ideal world of the deep bootstrap.",
    lhs=late_mse,
    rhs=total(power[i] / (1 + lam[i] * time) ** 2) + noise,
    status="approximation",
    source=EIGENLEARNING,
    given="n → ∞ at fixed τ = n/δ",
)
