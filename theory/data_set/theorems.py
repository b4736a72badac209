"""Exact statements about kernel regression on one data set, T1 to T11.

Nothing is averaged and nothing is approximated. Modes are counted one by one; the
letters are those of the conservation law: T takes a target's coefficients to the
predictor's, R = (K_D + δ)⁻¹, S = Φᵀ R Φ, L_D(i) = T_ii and C_D(i) the constant that
mode i sees.
"""

from typing import Any

from sympy import Identity, Inverse, KroneckerDelta, Sum, Symbol, Trace
from sympy.matrices.expressions import MatrixSymbol

from theory.constant import EIGENLEARNING
from theory.data_set.symbols import (
    C_D,
    L_D,
    K,
    Lam,
    Phi,
    R,
    Rotation,
    T,
    entry,
    lam,
    modes,
    phi,
    points,
    ridge,
    samples,
    scalar,
    slope,
    unit,
    v,
)
from theory.formula import Formula, formulas
from theory.notation import i, j
from theory.source import OURS

largest = Symbol("lambda_max", positive=True)
error: Any = scalar(unit.T * (Identity(modes) - T).T * (Identity(modes) - T) * unit)
missing = (Identity(modes) - T) * v


def _exact(name: str, says: str, lhs: Any, rhs: Any, **rest: Any) -> Formula:
    fields: dict[str, Any] = {"status": "exact", "source": EIGENLEARNING, **rest}
    return formulas.declare(name=name, says=says, lhs=lhs, rhs=rhs, **fields)


conservation_in_any_basis = _exact(
    "conservation_in_any_basis",
    "T1. Learnabilities sum to the same for every complete orthonormal basis.",
    Sum(entry(Rotation.T * T * Rotation, i, i), (i, 1, modes)),
    Trace(K * R),
    given="O is orthogonal; on an infinite domain the basis functions are continuous",
)
projector = _exact(
    "learning_matrix_is_a_projector",
    "T2. Without ridge, learning twice is learning once.",
    T * T,
    T,
    source=OURS,
    given="ridge 0, K_D invertible",
)
learnability_range = _exact(
    "learnability_of_an_eigenfunction_lies_in_0_1",
    "T3. L² ≤ L: learnability of an eigenfunction lies between 0 and 1.",
    L_D(i) ** 2,
    L_D(i),
    relation="<=",
    source=OURS,
    given="eigenfunctions; it is false for general targets",
)
everything_learned = _exact(
    "everything_is_learned_from_the_whole_domain",
    "T4. Without ridge, the whole domain as data teaches everything.",
    T,
    Identity(modes),
    source=OURS,
    given="ridge 0, D is the whole domain of N points, all eigenvalues positive",
)
fewer = MatrixSymbol("Phi_0", samples - 1, modes)
fewer_resolvent = Inverse(fewer * Lam * fewer.T + ridge * Identity(samples - 1))
more_data = _exact(
    "learnability_grows_with_data",
    "T5. Leaving out a data point never raises the learnability of an eigenfunction.",
    L_D(i),
    lam[i] * entry(fewer.T * fewer_resolvent * fewer, i, i),
    relation=">=",
    source=OURS,
    given="Φ_0 is Φ without one row; eigenfunctions; it is false for general targets",
)
own_slope = _exact(
    "learnability_by_eigenvalue",
    "T6. A mode gains from its own eigenvalue and loses from any other.",
    lam[i] * slope(L_D(j), lam[i]),
    KroneckerDelta(i, j) * L_D(j) - T[i, j] * T[j, i],
)
ridge_slope = _exact(
    "learnability_by_ridge",
    "T6. A ridge lowers the learnability of every eigenfunction.",
    slope(L_D(i), ridge),
    -lam[i] * entry(Phi.T * R * R * Phi, i, i),
    source=OURS,
)
cauchy_schwarz = _exact(
    "test_mse_is_at_least_the_squared_gap",
    "T7. The error of a target is at least the square of what is not learned.",
    scalar(missing.T * missing) * scalar(v.T * v),
    scalar(v.T * missing) ** 2,
    relation=">=",
    given="every target; equality where the predictor is a multiple of it",
)
error_upper_bound = _exact(
    "test_mse_of_a_mode_is_at_most",
    "T8. The error of a mode is bounded through its learnability.",
    error,
    1 - 2 * L_D(i) + L_D(i) * largest / lam[i],
    relation="<=",
    source=OURS,
    given="λ_max is the largest eigenvalue",
)
smallest_mode = _exact(
    "learnability_of_the_smallest_mode",
    (
        "T9. The mode with the smallest eigenvalue learns at most what a white kernel "
        "would."
    ),
    L_D(i),
    scalar(phi.T * phi) / points,
    relation="<=",
    source=OURS,
    given="λ_i is the smallest eigenvalue; N = M modes; n distinct points",
)
largest_mode = _exact(
    "learnability_of_the_largest_mode",
    (
        "T9. The mode with the largest eigenvalue learns at least what a white kernel "
        "would."
    ),
    L_D(i),
    scalar(phi.T * phi) / points,
    relation=">=",
    source=OURS,
    given="λ_i is the largest eigenvalue; N = M modes; n distinct points; ridge 0",
)
fixed_form = _exact(
    "learnability_on_a_data_set",
    "T10. On each data set learnability has the theory's form, with its own constant.",
    L_D(i),
    lam[i] / (lam[i] + C_D(i)),
)
error_from_slopes = _exact(
    "test_mse_from_slopes",
    "T11. The error of a mode follows from slopes of its learnability.",
    error,
    1 - L_D(i) - Sum(lam[j] ** 2 * slope(L_D(i), lam[j]), (j, 1, modes)) / lam[i],
)
train_from_slopes = _exact(
    "train_mse_from_slopes",
    "T11. So does its train MSE.",
    ridge**2 * scalar(phi.T * R * R * phi) / samples,
    -(ridge**2) / (samples * lam[i]) * slope(L_D(i), ridge),
)
noise_from_slopes = _exact(
    "noise_variance_from_slopes",
    "T11. And so does the variance that label noise of variance 1 brings.",
    Trace(Lam * Phi.T * R * R * Phi * Lam),
    Sum(-lam[i] * slope(L_D(i), ridge), (i, 1, modes)),
)
leak_from_slopes = _exact(
    "leak_between_modes_from_slopes",
    "T11. And what the predictor takes from one mode into another.",
    T[i, j] * T[i, j],
    KroneckerDelta(i, j) * L_D(j) - lam[i] ** 2 / lam[j] * slope(L_D(j), lam[i]),
)

FIXED_DATA: tuple[Formula, ...] = (
    formulas["conservation"],
    conservation_in_any_basis,
    projector,
    learnability_range,
    everything_learned,
    more_data,
    own_slope,
    ridge_slope,
    cauchy_schwarz,
    error_upper_bound,
    smallest_mode,
    largest_mode,
    fixed_form,
    error_from_slopes,
    train_from_slopes,
    noise_from_slopes,
    leak_from_slopes,
)
