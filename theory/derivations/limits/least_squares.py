"""Least squares with more points than modes: the second descent, as the ridge vanishes."""

from typing import Any

from sympy import Eq, symbols

from theory import constant
from theory.constant import balance, total
from theory.data_set.symbols import g, ridge
from theory.derivations.checks.symbolic import SymbolicIdentity
from theory.derivations.language.derivation import Derivation
from theory.notation import C, i, n
from theory.source import OURS

L: Any = constant.L
U: Any = constant.U
Q: Any = constant.susceptibility.rhs
F: Any = balance.lhs
samples_form = SymbolicIdentity(then={n: F})
count, size, extra, rest = symbols("N n x r", positive=True)
inside, outside, sigma = symbols("b w sigma2", nonnegative=True)

derivation = Derivation(
    name="least_squares",
    title="Least squares: the error beyond as many points as modes",
    setting=(
        r"Within the implicit equation, for $N=\sum g$ modes, $n>N$ points and a ridge "
        r"$\delta\to0^+$; $w$ is the target's power in modes of eigenvalue 0."
    ),
    source=OURS,
    at_once=False,
)

derivation.step(
    says=r"What the points have beyond the modes, the ridge's share pays for.",
    statement=Eq(n - total(g[i]), ridge / C - total(g[i] * U), evaluate=False),
    why=r"The implicit equation with $L=1-(1-L)$.",
    status="exact",
    check_by=samples_form,
)
derivation.step(
    says=r"So $C$ is at most $\delta/(n-N)$, and vanishes with the ridge.",
    statement=Eq(C, ridge / (n - total(g[i]) + total(g[i] * U)), evaluate=False),
    why=r"Solved for $C$; the last sum is positive.",
    status="exact",
    check_by=samples_form,
)
derivation.step(
    says=(
        r"What divides $n$ in the overfitting coefficient is $n-N$ and a rest that "
        r"vanishes with $C$."
    ),
    statement=Eq(Q, n - total(g[i]) + total(g[i] * U * (1 + L)), evaluate=False),
    why=r"It is $n-\sum gL^2$, and $1-L^2=(1-L)(1+L)$ with $1-L=C/(\lambda+C)\to0$.",
    status="exact",
    check_by=samples_form,
)
derivation.step(
    says=r"So the overfitting coefficient tends to $n/(n-N)$, from below.",
    statement=Eq(
        size / (extra + rest) - size / extra,
        -size * rest / (extra * (extra + rest)),
        evaluate=False,
    ),
    why=r"$x=n-N$, and $r\to0$ is the rest of the last step.",
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=r"The test MSE tends to what no mode can carry, and noise, times that.",
    statement=Eq(
        size / (extra + rest) * (inside + outside + sigma)
        - size / extra * (outside + sigma),
        size * (extra * inside - rest * (outside + sigma)) / (extra * (extra + rest)),
        evaluate=False,
    ),
    why=(
        r"$\mathcal{E}=\mathcal{E}_0(b+w+\sigma^2)$, where modes of eigenvalue 0 keep "
        r"$1-L=1$; $b=\sum_{\lambda>0}(1-L)^2v^2$ and $r$ vanish with $C$."
    ),
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=r"It falls with every further point: the second descent.",
    statement=Eq(size / (size - count) - 1, count / (size - count), evaluate=False),
    why=r"$N/(n-N)$ falls in $n$, from $\infty$ at $n=N$ to 0.",
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=r"The train MSE is smaller by the square of $1-N/n$.",
    statement=Eq(
        (1 - count / size) ** 2 * size / (size - count),
        1 - count / size,
        evaluate=False,
    ),
    why=(
        r"$\delta/(nC)\to1-N/n$ by the second step, and $\mathcal{E}_{\mathrm{tr}}="
        r"(\delta/(nC))^2\mathcal{E}$."
    ),
    status="exact",
    check_by=SymbolicIdentity(),
)
