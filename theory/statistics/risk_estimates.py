"""Estimating C and the test error from the training data: traces and cross-validation."""

from sympy import Identity, Inverse, Symbol, Trace

from theory.constant import EIGENLEARNING
from theory.data_set.conservation import K, samples
from theory.data_set.symbols import Y, scalar
from theory.formula import formulas
from theory.notation import C, n, ridge
from theory.notation import test_mse as E
from theory.notation import train_mse as E_train
from theory.source import OURS

R = Inverse(K + ridge * Identity(samples))
freedom = Symbol("1 - df/n", positive=True)
gcv = Symbol("GCV", nonnegative=True)

constant_from_trace = formulas.declare(
    name="constant_from_trace",
    says="The inverse trace of the resolvent estimates C.",
    lhs=1 / Trace(R),
    rhs=C,
    status="approximation",
    source=EIGENLEARNING,
    given="K_D + δ invertible",
)
degrees_of_freedom = formulas.declare(
    name="degrees_of_freedom",
    says="What the smoother leaves of the degrees of freedom, per sample.",
    lhs=freedom,
    rhs=ridge / (n * C),
    status="approximation",
    source=OURS,
    given="1 − tr K_D(K_D + δ)⁻¹/n = δ tr (K_D + δ)⁻¹/n",
)
gcv_definition = formulas.declare(
    name="generalized_cross_validation",
    says="Generalized cross-validation, in the form that stays finite without ridge.",
    lhs=gcv,
    rhs=samples * scalar(Y.T * R * R * Y) / Trace(R) ** 2,
    status="definition",
    source=OURS,
    given="equals (‖δRy‖²/n)/(δ tr R/n)² for δ > 0",
)
gcv_is_test_mse = formulas.declare(
    name="gcv_is_test_mse",
    says="The train MSE over the squared share of freedom estimates the test MSE.",
    lhs=E_train * (n * C / ridge) ** 2,
    rhs=E,
    status="approximation",
    source=EIGENLEARNING,
    given="positive ridge",
)
