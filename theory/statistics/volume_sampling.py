"""Data sets drawn with probability proportional to det K_D: the canonical Fermi gas."""

from typing import Any

from sympy import Function, Symbol, factorial

from theory import notation
from theory.constant.bounds import Elementary
from theory.formula import formulas
from theory.notation import i, n
from theory.source import OURS

lam: Any = notation.lam
elementary: Any = Elementary
others: Any = Function("e_without", positive=True)
mean_determinant = Symbol("E_det", positive=True)
volume_learnability = Symbol("L_vol", positive=True)

determinant_mean = formulas.declare(
    name="mean_determinant",
    says="The mean determinant of the kernel matrix of n independent points.",
    lhs=mean_determinant,
    rhs=factorial(n) * elementary(n),
    status="exact",
    source=OURS,
    given="points drawn independently from the domain's measure",
)
volume_sampling = formulas.declare(
    name="volume_sampling_learnability",
    says="Under volume sampling learnability is a canonical occupation number.",
    lhs=volume_learnability,
    rhs=lam[i] * others(n - 1, i) / elementary(n),
    status="exact",
    source=OURS,
    given="ridge 0, P(D) ∝ det K_D; e_without(k, i) is e_k of all eigenvalues but λ_i",
)
