"""The constant C: the one number from which generalization follows.

Σ_i g_i λ_i/(λ_i + C) + δ/C = n. The left side falls strictly from its value at 0⁺
(the number of modes, or ∞ with a ridge) to 0, so there is one root for every n below
that value, and none above it.
"""

from sympy import Derivative, Expr, Function, Sum

from theory.constant.learnability import learnability, unlearned
from theory.formula import formulas
from theory.notation import C, g, i, lam, levels, modes, n, ridge
from theory.notation import overfitting as E0
from theory.source import OURS, Source

EIGENLEARNING = Source("simon2023eigenlearning")


def total(summand: Expr) -> Sum:
    """A sum over all levels i = 1, …, ℓ."""
    return Sum(summand, (i, 1, levels))


L, U = learnability(lam[i], C), unlearned(lam[i], C)

balance = formulas.declare(
    name="implicit_equation",
    says="The constant C makes the learnabilities, and the ridge's share, sum to n.",
    lhs=total(g[i] * L) + ridge / C,
    rhs=n,
    status="approximation",
    source=EIGENLEARNING,
    given="0 < n, and n below the number of modes unless there is a ridge",
)
complement = formulas.declare(
    name="implicit_complement",
    says="What is not learned sums to N − n and the ridge's share: no loss near n = N.",
    lhs=total(g[i] * U),
    rhs=modes - n + ridge / C,
    status="exact",
    source=OURS,
    given="N = Σ g_i counts the modes with a positive eigenvalue",
    rewrites="implicit_equation",
)
learnability_of_mode = formulas.declare(
    name="learnability",
    says="The learnability of a mode: the expected fraction of it that is learned.",
    lhs=L,
    rhs=L.definition,
    status="approximation",
    source=EIGENLEARNING,
)
unlearned_of_mode = formulas.declare(
    name="unlearned",
    says="One minus the learnability, without cancellation.",
    lhs=U,
    rhs=U.definition,
    status="exact",
    source=OURS,
    rewrites="learnability",
)
susceptibility = formulas.declare(
    name="susceptibility",
    says="n/E₀: how fast the implicit equation's left side falls with log C.",
    lhs=n / E0,
    rhs=total(g[i] * L * U) + ridge / C,
    status="exact",
    source=OURS,
    given="C is the constant",
)

_C_of = Function("C")
constant_by_samples = formulas.declare(
    name="constant_by_samples",
    says="The slope of C in the number of training points.",
    lhs=Derivative(_C_of(n), n),
    rhs=-C * E0 / n,
    status="exact",
    source=OURS,
    given="C is the constant",
)
constant_by_ridge = formulas.declare(
    name="constant_by_ridge",
    says="The slope of C in the ridge.",
    lhs=Derivative(_C_of(ridge), ridge),
    rhs=E0 / n,
    status="exact",
    source=OURS,
    given="C is the constant",
)
constant_by_eigenvalue = formulas.declare(
    name="constant_by_eigenvalue",
    says="The slope of C in an eigenvalue of multiplicity g.",
    lhs=Derivative(_C_of(lam[i]), lam[i]),
    rhs=g[i] * U**2 * E0 / n,
    status="exact",
    source=OURS,
    given="C is the constant",
)
trace_bound = formulas.declare(
    name="trace_bound",
    says="C is at most the trace and the ridge, shared among n points.",
    lhs=C,
    rhs=(total(g[i] * lam[i]) + ridge) / n,
    relation="<=",
    status="exact",
    source=OURS,
    given="C is the constant",
)
