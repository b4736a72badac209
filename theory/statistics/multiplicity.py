"""Bounds from symmetry: equal modes share n, and full parity learns next to nothing."""

from typing import Any

from sympy import Symbol

from theory import notation
from theory.constant import L
from theory.formula import formulas
from theory.notation import d, i, n
from theory.source import OURS

g: Any = notation.g
parity_learnability = Symbol("L_d", nonnegative=True)
level_mse = Symbol("E_k", nonnegative=True)

multiplicity_bound = formulas.declare(
    name="multiplicity_bound",
    says="Modes that a symmetry makes equal share what n samples teach.",
    lhs=L,
    rhs=n / g[i],
    relation="<=",
    status="exact",
    source=OURS,
    given=(
        "mean over data sets; a symmetry of the domain acts transitively on the level"
    ),
)
multiplicity_error = formulas.declare(
    name="multiplicity_error_bound",
    says="So the error of such a level stays near 1 until n is of the order of g.",
    lhs=level_mse,
    rhs=(1 - n / g[i]) ** 2,
    relation=">=",
    status="exact",
    source=OURS,
    given="n ≤ g, unit power in one mode of the level, mean over data sets",
)
parity_bound = formulas.declare(
    name="parity_bound",
    says="Full parity on the hypercube learns at most like one of all functions.",
    lhs=parity_learnability,
    rhs=n / 2**d,
    relation="<=",
    status="exact",
    source=OURS,
    given="every data set of n distinct points, and λ_d the smallest eigenvalue of all",
)
parity_bound_of_kernels = formulas.declare(
    name="parity_bound_of_dot_product_kernels",
    says=(
        "A dot-product kernel orders eigenvalues within a parity only: twice the bound."
    ),
    lhs=parity_learnability,
    rhs=n / 2 ** (d - 1),
    relation="<=",
    status="exact",
    source=OURS,
    given=(
        "non-negative Taylor coefficients, so λ_d ≤ λ_{d−2} ≤ …; the factor 2 is sharp"
    ),
)
