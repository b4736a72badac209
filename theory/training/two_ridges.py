"""The error of two ridges at complex values, of which every spectral filter is made.

Ridge regression with the ridges s_1 and s_2 on one data set: the mean product of the two
errors follows from C_1 = C(s_1) and C_2 = C(s_2), where C(s) solves the implicit equation
with the ridge s, continued to complex s off the negative axis. s_1 = s_2 = δ gives the test
MSE of the theory. As a statement about kernel regression it is the same approximation.
"""

from sympy import Derivative, Function, Symbol, symbols

from theory.constant import L, U, total
from theory.constant.learnability import learnability, unlearned
from theory.formula import formulas
from theory.notation import C, g, i, lam, n, noise, points, power, s
from theory.source import OURS, Source

TWO_POINT = Source("atanasov2025twopoint")
C_1, C_2 = symbols("C_1 C_2")
s_1, s_2 = symbols("s_1 s_2")
factor = Symbol("X_12")
error = Symbol("E_12")
learned_1, learned_2 = symbols("z_1 z_2")
pairs = Symbol("D")
shared = Symbol("q_12")
noise_product = Symbol("N_12")
resolvent = Symbol("G")
resolvent_1, resolvent_2 = symbols("G_1 G_2")
L_1, L_2 = learnability(lam[i], C_1), learnability(lam[i], C_2)
U_1, U_2 = unlearned(lam[i], C_1), unlearned(lam[i], C_2)
SOLVED = (
    "C_j solves the implicit equation with the complex ridge s_j off the negative axis"
)

two_ridge_factor = formulas.declare(
    name="two_ridge_factor",
    says="The overfitting coefficient of two ridges; E₀ where they are equal.",
    lhs=factor,
    rhs=1 / (1 - total(g[i] * L_1 * L_2) / n),
    status="approximation",
    source=TWO_POINT,
    given=SOLVED,
)
two_ridge_factor_by_difference = formulas.declare(
    name="two_ridge_factor_by_difference",
    says="The overfitting coefficient of two ridges, without a sum over levels.",
    lhs=factor,
    rhs=n * (C_1 - C_2) / (s_1 - s_2),
    status="exact",
    source=OURS,
    given=SOLVED + "; s_1 ≠ s_2",
    rewrites="two_ridge_factor",
)
two_ridge_error = formulas.declare(
    name="two_ridge_error",
    says="Mean product of the errors of two ridges on one data set, label noise included.",
    lhs=error,
    rhs=factor * (total(power[i] * U_1 * U_2) + noise),
    status="approximation",
    source=TWO_POINT,
    given=SOLVED,
)
two_ridge_noise = formulas.declare(
    name="two_ridge_noise",
    says="Mean product of what two ridges make of unit label noise on one data set.",
    lhs=noise_product,
    rhs=factor - 1,
    status="approximation",
    source=TWO_POINT,
    given=SOLVED + "; X_12 the two-ridge factor",
)
power_resolvent = formulas.declare(
    name="power_resolvent",
    says="The target's power over λ + C, of which the two-ridge error is made.",
    lhs=resolvent,
    rhs=total(power[i] * U) / C,
    status="definition",
    source=OURS,
)
power_resolvent_slope = formulas.declare(
    name="power_resolvent_slope",
    says="How fast the power resolvent falls with C.",
    lhs=-Derivative(Function("G")(C), C),
    rhs=total(power[i] * U**2) / C**2,
    status="exact",
    source=OURS,
)
two_ridge_signal = formulas.declare(
    name="two_ridge_signal_by_difference",
    says="The noise-free error of two ridges as a divided difference.",
    lhs=error,
    rhs=n * C_1 * C_2 * (resolvent_2 - resolvent_1) / (s_1 - s_2),
    status="exact",
    source=OURS,
    given=SOLVED + "; σ² = 0, s_1 ≠ s_2, G_j the power resolvent at C_j",
    rewrites="two_ridge_error",
)
_C_of = Function("C")
constant_by_complex_ridge = formulas.declare(
    name="constant_by_complex_ridge",
    says="The slope of C in a complex ridge.",
    lhs=Derivative(_C_of(s), s),
    rhs=1 / (n - total(g[i] * L**2)),
    status="exact",
    source=OURS,
    given="C solves the implicit equation with the ridge s",
)
ridge_of_constant = formulas.declare(
    name="ridge_of_constant",
    says="The complex ridge at which the constant is C: no root is needed.",
    lhs=s,
    rhs=n * C - total(g[i] * lam[i] * U),
    status="exact",
    source=OURS,
    given="the implicit equation, solved for the ridge",
)
two_ridge_pairs = formulas.declare(
    name="two_ridge_pairs",
    says="What stands for n (M − n) in the two-ridge factor of n distinct points out of M.",
    lhs=pairs,
    rhs=n * points - n * (learned_1 + learned_2) + learned_1 * learned_2,
    status="conjecture",
    source=OURS,
    given="z_j = Σ g L_j solves z + (s_j/C_j)(1 − z/M) = n",
)
learned_by_both = formulas.declare(
    name="learned_by_two_ridges",
    says="What two ridges learn together, Σ g L_1 L_2, without a sum over pairs.",
    lhs=shared,
    rhs=(C_2 * learned_2 - C_1 * learned_1) / (C_2 - C_1),
    status="exact",
    source=OURS,
    given="z_j = Σ g L_j, C_1 ≠ C_2",
)
powers_by_both = formulas.declare(
    name="unlearned_by_two_ridges",
    says="The power that neither of two ridges learns, without a sum over pairs.",
    lhs=Symbol("B_12"),
    rhs=C_1 * C_2 * (resolvent_2 - resolvent_1) / (C_1 - C_2),
    status="exact",
    source=OURS,
    given="Σ v² (1 − L_1)(1 − L_2), G_j the power resolvent at C_j, C_1 ≠ C_2",
)
two_ridge_factor_distinct = formulas.declare(
    name="two_ridge_factor_distinct",
    says="The overfitting coefficient of two ridges for n distinct points out of M.",
    lhs=factor,
    rhs=pairs / (pairs - (points - n) * shared),
    status="conjecture",
    source=OURS,
    given="as two_ridge_pairs; q = Σ g L_1 L_2",
)
two_ridge_noise_distinct = formulas.declare(
    name="two_ridge_noise_distinct",
    says="Mean product of what two ridges make of unit noise, n distinct points out of M.",
    lhs=noise_product,
    rhs=shared
    * (points - learned_1)
    * (points - learned_2)
    / (points * (pairs - (points - n) * shared)),
    status="conjecture",
    source=OURS,
    given="as two_ridge_pairs; q = Σ g L_1 L_2; (C_1 z_1 − C_2 z_2)/(s_1 − s_2)",
)
