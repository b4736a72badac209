"""The implicit equation for C, from conservation and one constant for all modes."""

from fractions import Fraction
from typing import Any

from sympy import Eq, Gt, Identity, Limit, Lt, Sum, Symbol, Trace

from theory import constant
from theory.constant import EIGENLEARNING, balance, learnability_of_mode, total
from theory.data_set.symbols import (
    L_D,
    K,
    Lam,
    Phi,
    R,
    Tail,
    g,
    lam,
    modes,
    ridge,
    samples,
    slope,
    tail_eigenvalue,
)
from theory.derivations.checks.monte_carlo import MeasuredMean
from theory.derivations.checks.random_identities import ModularIdentity
from theory.derivations.checks.symbolic import Positive, RationalLimit, SymbolicIdentity
from theory.derivations.steps.finished import FinishedDerivation
from theory.derivations.steps.step import Step
from theory.notation import C, i, n
from theory.notation import overfitting as E0

identity = ModularIdentity()
F: Any = balance.lhs
L: Any = constant.L
U: Any = constant.U
Q: Any = constant.susceptibility.rhs
x = Symbol("lambda", positive=True)
by_definition = SymbolicIdentity(given={E0: n / Q}, then={n: F})
ridge_of_C = n * C - total(g[i] * lam[i] * C / (lam[i] + C))

STEPS = (
    Step(
        says=r"The one approximation: every mode sees the same constant.",
        statement=Eq(L_D(i), learnability_of_mode.rhs, evaluate=False),
        because=r"The derivation \texttt{universality}.",
        status="approximation",
        check_by=MeasuredMean(Fraction(1, 10)),
    ),
    Step(
        says=(
            r"A ridge is a tail of modes: features $\Psi$ with tiny equal eigenvalues "
            r"$\epsilon$ and $\epsilon\Psi\Psi^\top=\delta I$ turn $K_D$ into "
            r"$K_D+\delta I$."
        ),
        statement=Eq(
            Phi * Lam * Phi.T + tail_eigenvalue * Tail * Tail.T,
            K + ridge * Identity(samples),
            evaluate=False,
        ),
        because=(
            r"Take $\delta/\epsilon$ modes of mean square 1 whose values at different "
            r"samples are orthogonal: $\epsilon\Psi\Psi^\top$ is then $\delta$ on the "
            r"diagonal and 0 beside it."
        ),
        status="exact",
        check_by=identity,
    ),
    Step(
        says=r"The tail's modes learn the ridge's share of the conservation law.",
        statement=Eq(
            tail_eigenvalue * Trace(Tail.T * R * Tail), ridge * Trace(R), evaluate=False
        ),
        because=(
            r"$\epsilon\operatorname{tr}(\Psi^\top "
            r"R\Psi)=\operatorname{tr}(R\,\epsilon\Psi\Psi^\top)$."
        ),
        status="exact",
        check_by=identity,
    ),
    Step(
        says=r"With the tail, learnabilities sum to $n$.",
        statement=Eq(
            Sum(L_D(i), (i, 1, modes)) + tail_eigenvalue * Trace(Tail.T * R * Tail),
            samples,
            evaluate=False,
        ),
        because=r"The conservation law without a ridge, for $K_D+\delta I$.",
        status="consequence",
        check_by=identity,
    ),
    Step(
        says=(
            r"Each of the tail's $\delta/\epsilon$ modes learns "
            r"$\epsilon/(\epsilon+C)$: "
            r"together $\delta/C$, but for a term that vanishes with $\epsilon$."
        ),
        statement=Eq(
            ridge / tail_eigenvalue * tail_eigenvalue / (tail_eigenvalue + C),
            ridge / C - tail_eigenvalue * ridge / (C * (C + tail_eigenvalue)),
            evaluate=False,
        ),
        because=r"Partial fractions; let $\epsilon\to0$.",
        status="exact",
        check_by=SymbolicIdentity(),
    ),
    Step(
        says=r"So the constant solves the implicit equation.",
        statement=balance.equation,
        because=(
            r"Insert the common form of learnability into the sum, modes grouped by "
            r"level. In "
            r"other words $\operatorname{tr}R\approx1/C$."
        ),
        status="consequence",
        check_by=SymbolicIdentity(
            given={n: total(g[i] * lam[i] / (lam[i] + C)) + ridge / C}
        ),
    ),
    Step(
        says=r"Its left side falls strictly with $C$: there is at most one root.",
        statement=Lt(slope(F, C), 0, evaluate=False),
        because=r"Every term $-g\lambda/(\lambda+C)^2$ and $-\delta/C^2$ is negative.",
        status="exact",
        check_by=Positive(),
    ),
    Step(
        says=r"A term of it falls from its multiplicity at $C=0$, with a finite slope.",
        statement=Eq(
            Limit((g[i] - g[i] * x / (x + C)) / C, C, 0), g[i] / x, evaluate=False
        ),
        because=(
            r"So the left side comes down from $N$, or from $\infty$ with a ridge: "
            r"there is a "
            r"root for $0<n<N$, or for all $n>0$."
        ),
        status="exact",
        check_by=RationalLimit(),
    ),
    Step(
        says=r"Times $C$ it stays below the trace and the ridge.",
        statement=Eq(
            C * F,
            total(g[i] * lam[i]) + ridge - total(g[i] * lam[i] * L),
            evaluate=False,
        ),
        because=(
            r"$C\lambda/(\lambda+C)=\lambda-\lambda L$. So the left side vanishes as "
            r"$C\to\infty$, and $C\le(\sum g\lambda+\delta)/n$: the trace bound."
        ),
        status="exact",
        check_by=SymbolicIdentity(),
    ),
    Step(
        says=r"The left side is convex, so $C$ is a convex falling function of $n$.",
        statement=Gt(slope(slope(F, C), C), 0, evaluate=False),
        because=r"The inverse of a convex falling function is convex and falls.",
        status="exact",
        check_by=Positive(),
    ),
    Step(
        says=r"The slope of the left side in $\log C$ is $n/\mathcal{E}_0$.",
        statement=Eq(C * slope(F, C), -Q, evaluate=False),
        because=r"$C\,\partial_CL=-L(1-L)$.",
        status="exact",
        check_by=SymbolicIdentity(),
    ),
    Step(
        says=r"More data lower the constant.",
        statement=Eq(slope(C, n), -C * E0 / n, evaluate=False),
        because=r"Differentiate the implicit equation: $F_C\,\partial_nC=1$.",
        status="consequence",
        check_by=by_definition,
    ),
    Step(
        says=r"A ridge raises it.",
        statement=Eq(slope(C, ridge), E0 / n, evaluate=False),
        because=r"$F_C\,\partial_\delta C+1/C=0$.",
        status="consequence",
        check_by=by_definition,
    ),
    Step(
        says=r"An eigenvalue raises it, by its multiplicity.",
        statement=Eq(slope(C, lam[i]), g[i] * U**2 * E0 / n, evaluate=False),
        because=r"$\partial_\lambda(\lambda/(\lambda+C))=C/(\lambda+C)^2$.",
        status="consequence",
        check_by=by_definition,
    ),
    Step(
        says=r"Scaling the kernel and the ridge scales the constant (Euler).",
        statement=Eq(
            total(g[i] * lam[i] * U**2) * E0 / n + ridge * E0 / n, C, evaluate=False
        ),
        because=r"$C(s\lambda,s\delta)=sC(\lambda,\delta)$, differentiated at $s=1$.",
        status="consequence",
        check_by=by_definition,
    ),
    Step(
        says=r"The ridge as a function of the constant has a slope that grows.",
        statement=Eq(slope(ridge_of_C, C), n - total(g[i] * L**2), evaluate=False),
        because=(
            r"$\delta=nC-\sum g\lambda C/(\lambda+C)$. As $L$ falls with $C$, the "
            r"slope grows: "
            r"$\delta$ is convex in $C$, and $C$ is concave in $\delta$."
        ),
        status="exact",
        check_by=SymbolicIdentity(),
    ),
)

derivation = FinishedDerivation(
    name="constant",
    title="The implicit equation for the constant",
    setting=(
        r"Modes with eigenvalues $\lambda_i>0$ and multiplicities $g_i$, $N=\sum "
        r"g_i\le\infty$, "
        r"finite trace $\sum g_i\lambda_i$, $n>0$ samples and a ridge $\delta\ge0$."
    ),
    steps=STEPS,
    source=EIGENLEARNING,
)
