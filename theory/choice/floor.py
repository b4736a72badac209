"""What no rotation-equivariant linear rule can beat, exactly, for finite n.

A rule f̂ = Σ_a A_a(x; D) y_a that does not care how the domain is turned is blind to the
direction of the target within a level. So in the mean over data sets it faces a random
function whose covariance is K_* = Σ_k (v_k²/g_k) Σ_{i∈k} φ_i φ_i, and for that the best
linear rule is regression with K_* and the ridge σ². Trained nets are not linear rules:
what they reach below the floor is what feature learning gained.
"""

from typing import Any

from sympy import Identity, IndexedBase, Sum, Symbol, Trace
from sympy.matrices.expressions import MatrixSymbol

from theory.data_set.symbols import (
    L_D,
    K,
    Lam,
    Phi,
    R,
    lam,
    modes,
    power,
    ridge,
    samples,
)
from theory.formula import formulas
from theory.notation import i, levels, noise
from theory.notation import test_mse as E
from theory.source import OURS

Rule: Any = MatrixSymbol("A", modes, samples)
"""Any linear rule: coefficients of the predictor from labels."""
rank: Any = Symbol("r_k", integer=True, nonnegative=True)
size: Any = Symbol("g_k", integer=True, positive=True)
level_error: Any = Symbol("E_k", nonnegative=True)
learned: Any = IndexedBase("Lbar", real=True)
"""Mean learnability of a level by the best kernel, exact."""
CONDITIONS = (
    "linear in the labels, with no affine term",
    "equivariant, at least in law, under the whole group of the domain, whose levels are "
    "irreducible and inequivalent",
    "data sets drawn by a law that the group leaves as it is",
    "label noise of mean zero, uncorrelated, of one variance, independent of the target",
    "ties broken without coordinates: averaged, or by the order of the data",
    "the error averaged over all points of the domain, training points included",
)
"""The six conditions of the exact floor."""

any_rule: Any = Trace(
    (Identity(modes) - Rule * Phi) * Lam * (Identity(modes) - Rule * Phi).T
) + ridge * Trace(Rule * Rule.T)
"""Mean squared error of a rule, over functions of covariance Λ and noise of variance δ."""
posterior: Any = Sum(lam[i] * (1 - L_D(i)), (i, 1, modes))
gap: Any = Rule - Lam * Phi.T * R

posterior_mse = formulas.declare(
    name="mean_error_of_a_linear_rule",
    says="The mean error of any linear rule: the best one's, and a square.",
    lhs=any_rule,
    rhs=posterior + Trace(gap * (K + ridge * Identity(samples)) * gap.T),
    status="exact",
    source=OURS,
    given=(
        "one data set; target coefficients of mean zero and covariance Λ, labels with "
        "uncorrelated noise of variance δ; the error without fresh noise"
    ),
)
error_floor = formulas.declare(
    name="error_floor",
    says="No equivariant linear rule has a smaller mean error, whatever its kernel.",
    lhs=E,
    rhs=noise + Sum(power[i] * (1 - learned[i]), (i, 1, levels)),
    relation=">=",
    status="exact",
    source=OURS,
    given=(
        "L̄_k is the mean over data sets and over the modes of level k of the exact "
        "learnability by K_* (λ_k = v_k²/g_k) with the ridge σ²; the mean error of rules "
        + "; ".join(CONDITIONS)
    ),
)
level_bound = formulas.declare(
    name="level_rank_bound",
    says="On a pure level a linear rule leaves at least what its data cannot span.",
    lhs=level_error,
    rhs=1 - rank / size,
    relation=">=",
    status="exact",
    source=OURS,
    given=(
        "every data set and every linear rule, equivariant or not; no noise; the error "
        "averaged over the functions of unit power of level k; r_k is the rank of the "
        "level's projector between the data points, at most n"
    ),
)
