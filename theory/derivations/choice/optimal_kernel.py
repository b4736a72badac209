"""The best kernel inside the framework: a sum of squares, which vanishes for one kernel."""

from typing import Any

from sympy import Eq, symbols

from theory.derivations.checks.symbolic import SymbolicIdentity
from theory.derivations.language.derivation import Derivation
from theory.derivations.steps.step import ForSize
from theory.notation import n

E_star, C, sigma = symbols("E_star C sigma2", positive=True)
v2, g, x, lam = symbols("v2 g L lambda", positive=True)
powers: Any = symbols("v2_1:4", positive=True)
counts: Any = symbols("g_1:4", positive=True)
learned: Any = symbols("L_1:4", positive=True)
three = "three levels"
algebra = SymbolicIdentity()


def best(power: Any, count: Any) -> Any:
    """L_* of a level."""
    return n * power / (n * power + count * E_star)


rows = list(zip(powers, counts, learned, strict=True))
taken = sum(q * best(p, q) for p, q, _ in rows)
noise_then = E_star * (n - taken) / n
left = n * (sum(p * (1 - y) ** 2 for p, _, y in rows) + sigma) - E_star * (
    n - sum(q * y**2 for _, q, y in rows)
)
squares = sum((n * p + q * E_star) * (y - best(p, q)) ** 2 for p, q, y in rows)

derivation = Derivation(
    name="optimal_kernel",
    title="The best kernel of a target, and the regret of any other",
    setting=(
        r"Inside the framework $\mathcal{E}=n(\sum(1-L)^2v^2+\sigma^2)/(n-\sum gL^2)$. "
        r"$\mathcal{E}_*$ solves $\sum gL_*+n\sigma^2/\mathcal{E}_*=n$ with "
        r"$L_*=nv^2/(nv^2+g\mathcal{E}_*)$."
    ),
    at_once=False,
)
derivation.step(
    says="A level's part of the error and of the data it takes is a square and a rest.",
    statement=Eq(
        n * v2 * (1 - x) ** 2 + E_star * g * x**2,
        (n * v2 + g * E_star) * (x - best(v2, g)) ** 2 + E_star * g * best(v2, g),
        evaluate=False,
    ),
    why="Complete the square in $L$.",
    status="exact",
    check_by=algebra,
)
derivation.step(
    says=r"Summed over levels the rests cancel against noise and $n$.",
    statement=Eq(left, squares, evaluate=False),
    why=(
        r"$\sum\mathcal{E}_*gL_*+n\sigma^2=n\mathcal{E}_*$ is the equation of "
        r"$\mathcal{E}_*$; written for three levels. Divided by "
        r"$\mathcal{E}_*(n-\sum gL^2)$ it is the regret less 1. The weights are positive, so "
        r"$\mathcal{E}\ge\mathcal{E}_*$ for every kernel and every ridge with $\sum gL^2<n$."
    ),
    status="exact",
    check_by=ForSize(SymbolicIdentity(given={sigma: noise_then}), three),
    from_=1,
)
derivation.step(
    says=r"$L_*$ is the learnability by $\lambda=v^2/g$ with $C=\mathcal{E}_*/n$.",
    statement=Eq((v2 / g) / (v2 / g + E_star / n), best(v2, g), evaluate=False),
    why="Multiply by $ng$.",
    status="exact",
    check_by=algebra,
)
derivation.step(
    says=r"Its implicit equation has the ridge $\sigma^2$, so $\mathcal{E}_*=nC$.",
    statement=Eq((n - taken) * E_star / n, sigma, evaluate=False),
    why=r"$\delta=C(n-\sum gL_*)$ and the equation of $\mathcal{E}_*$.",
    status="consequence",
    check_by=ForSize(SymbolicIdentity(given={sigma: noise_then}), three),
    from_=3,
)
derivation.step(
    says=r"$\mathcal{E}_*$ is noise, and what the best kernel leaves unlearned.",
    statement=Eq(
        sigma + sum(p * (1 - best(p, q)) for p, q, _ in rows), E_star, evaluate=False
    ),
    why=r"$v^2(1-L_*)=\mathcal{E}_*gL_*/n$, summed.",
    status="consequence",
    check_by=ForSize(SymbolicIdentity(given={sigma: noise_then}), three),
    from_=4,
)
