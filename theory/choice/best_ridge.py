"""The best ridge: where it is, how far below zero it may lie, how errors fall along it.

Along C everything is explicit: δ = C (n − Σ g L), and the test MSE is a quotient of two
sums. It may have several minima, so the best ridge is searched for globally. A negative
ridge is admissible while Σ g L² < n; there a data set's error is heavy-tailed, and what
theory says is a typical value, no expectation.
"""

from typing import Any

from sympy import Derivative, Function, Symbol

from theory import notation
from theory.constant import L, U, susceptibility, total
from theory.formula import formulas
from theory.notation import C, i, n, noise
from theory.notation import bias as B
from theory.notation import overfitting as E0
from theory.notation import test_mse as E
from theory.source import OURS

g: Any = notation.g
power: Any = notation.power
error: Any = Function("E")
least_ridge: Any = Symbol("delta_min", real=True)
signal: Any = total(power[i] * L * U**2)
overlap: Any = total(g[i] * L**2 * U)
NEGATIVE = (
    "where δ < 0 a typical value, no expectation: on continuous designs the mean over "
    "data sets is infinite for every δ < 0"
)

by_constant = formulas.declare(
    name="test_mse_by_constant",
    says="How the test MSE changes with C as the ridge moves, n fixed.",
    lhs=Derivative(error(C), C),
    rhs=2 * E / C * (signal / (B + noise) - overlap / susceptibility.rhs),
    status="exact",
    source=OURS,
    given="inside the framework; δ = C (n − Σ g L)",
)
optimal = formulas.declare(
    name="optimal_ridge",
    says="At the best ridge the test MSE per point is a ratio of two sums.",
    lhs=E / n,
    rhs=signal / overlap,
    status="exact",
    source=OURS,
    given=(
        "inside the framework, at an interior optimum of the ridge; necessary, not "
        f"sufficient: E(δ) may have several minima; {NEGATIVE}"
    ),
)
by_samples = formulas.declare(
    name="test_mse_by_samples",
    says="How the test MSE changes with n at a fixed ridge.",
    lhs=Derivative(error(n), n),
    rhs=E
    * (
        2 * E0 / n * (overlap / susceptibility.rhs - signal / (B + noise))
        + (1 - E0) / n
    ),
    status="exact",
    source=OURS,
    given="inside the framework",
)
along = formulas.declare(
    name="optimal_ridge_slope",
    says="Along the best ridge the learning curve falls, with the slope 1 − E₀.",
    lhs=n / E * Derivative(error(n), n),
    rhs=1 - E0,
    status="exact",
    source=OURS,
    given=(
        "inside the framework, at an interior optimum of the ridge; at the bound δ = 0 "
        "the slope is at most 1 − E₀"
    ),
)
admissible = formulas.declare(
    name="least_admissible_ridge",
    says="How far below zero the ridge may go: C falls to where Σ g L² = n.",
    lhs=least_ridge,
    rhs=C * (n - total(g[i] * L)),
    status="exact",
    source=OURS,
    given=(
        "inside the framework; C solves Σ g L² = n, which has a root for n below the "
        f"number of modes; else no negative ridge is admissible; {NEGATIVE}"
    ),
)
