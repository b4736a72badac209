"""The best kernel of a target inside the framework, and what any other one costs.

Over all learnabilities 0 ≤ L < 1 the framework's test MSE is least for λ_i = v_i²/g_i and
δ = σ². Its value n C is exact inside the framework, and is no bound on anything measured:
on a finite domain, or where a kernel does not tell antipodes apart, errors lie on either
side of it. What bounds measured errors is in ``theory.choice.floor``.
"""

from typing import Any

from sympy import IndexedBase, Symbol

from theory import notation
from theory.constant import L, susceptibility, total
from theory.formula import formulas
from theory.notation import i, n, noise
from theory.notation import test_mse as E
from theory.source import OURS

g: Any = notation.g
power: Any = notation.power
best: Any = IndexedBase("lambda_star", nonnegative=True)
"""Eigenvalues of the best kernel K_*."""
optimum: Any = Symbol("E_star", positive=True)
"""The least test MSE inside the framework."""
regret: Any = Symbol("R", positive=True)
share: Any = n * power[i] / (n * power[i] + g[i] * optimum)
"""L of the best kernel: λ_*/(λ_* + C) with C = E_*/n."""
FRAMEWORK = (
    "E_* is the framework's optimum; C solves the implicit equation at some ridge, which "
    "may be negative as long as Σ g L² < n"
)

optimal_kernel = formulas.declare(
    name="optimal_kernel",
    says="The best kernel of a target: in every level the power of one mode.",
    lhs=best[i],
    rhs=power[i] / g[i],
    status="exact",
    source=OURS,
    given="inside the framework, with the ridge δ = σ²; exact for the error floor too",
)
equation = formulas.declare(
    name="framework_optimum_equation",
    says="The least test MSE inside the framework solves this equation.",
    lhs=total(g[i] * share) + n * noise / optimum,
    rhs=n,
    status="exact",
    source=OURS,
    given=(
        "inside the framework; the implicit equation of K_* at δ = σ², E_* = n C; without "
        "noise E_* = 0 once n reaches the number of modes in levels with power"
    ),
)
framework_optimum = formulas.declare(
    name="framework_optimum",
    says="The least test MSE is noise, and what the best kernel leaves unlearned.",
    lhs=optimum,
    rhs=noise + total(power[i] * (1 - share)),
    status="exact",
    source=OURS,
    given="inside the framework; E_* = n C of K_* at δ = σ²",
)
regret_formula = formulas.declare(
    name="regret",
    says="Test MSE over the framework's optimum: one, and what each level does wrong.",
    lhs=regret,
    rhs=1
    + total((n * power[i] / optimum + g[i]) * (L - share) ** 2) / susceptibility.rhs,
    status="exact",
    source=OURS,
    given=FRAMEWORK,
)
framework_bound = formulas.declare(
    name="framework_optimum_bound",
    says="No kernel and no ridge goes below the framework's optimum, inside it.",
    lhs=E,
    rhs=optimum,
    relation=">=",
    status="exact",
    source=OURS,
    given=FRAMEWORK + "; regret ≥ 1",
)
