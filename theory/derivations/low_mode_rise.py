"""When a few samples make the error of a mode rise above 1: λ_j < S_2/(2(S_1 + δ))."""

from typing import Any

from sympy import Eq, Ge, Le, Limit, symbols

from theory import constant
from theory.constant import balance, total
from theory.constant.learnability import unlearned
from theory.data_set.symbols import g, lam, ridge
from theory.derivations.checks.random_spectra import SampledSpectra
from theory.derivations.checks.symbolic import Positive, RationalLimit, SymbolicIdentity
from theory.derivations.language.derivation import Derivation
from theory.notation import C, i, j, n
from theory.source import OURS

L: Any = constant.L
Uj: Any = unlearned(lam[j], C)
Q: Any = constant.susceptibility.rhs
F: Any = balance.lhs
S1, S2 = total(g[i] * lam[i]), total(g[i] * lam[i] ** 2)
T, moment2 = symbols("T S_2", positive=True)
y, rate, s = symbols("y lambda_j s", positive=True)
u, mean, mean_f = symbols("u ubar fbar", positive=True)
weight = g[i] * lam[i] / C
f: Any = L
samples_form = SymbolicIdentity(then={n: F})
E: Any = n * Uj**2 / Q
few_n = T * y - moment2 * y**2
few_Q = T * y - 2 * moment2 * y**2
rise = (few_n / (few_Q * (1 + rate * y) ** 2) - 1) / y
everything = total(weight) + ridge / C
average = total(weight * f) / everything

derivation = Derivation(
    name="low_mode_rise",
    title="When the error of a mode rises above one",
    setting=(
        r"Within the implicit equation, for a target $\phi_j$ without noise; "
        r"$S_p=\sum g\lambda^p$. There is an $n$ with $\mathcal{E}(\phi_j)>1$ if and "
        r"only if "
        r"$\lambda_j<S_2/(2(S_1+\delta))$."
    ),
    source=OURS,
    at_once=False,
)

derivation.step(
    says=r"For few samples $C$ is large: with $y=1/C$, in three terms:",
    statement=Eq(
        F,
        (S1 + ridge) / C
        - S2 / C**2
        + total(g[i] * lam[i] ** 3 / (1 + lam[i] / C)) / C**3,
        evaluate=False,
    ),
    why=(
        r"Three terms of a geometric series with its remainder: "
        r"$n=Ty-S_2y^2+O(y^3)$ with "
        r"$T=S_1+\delta$."
    ),
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=r"And so does $n/\mathcal{E}_0$.",
    statement=Eq(
        Q,
        (S1 + ridge) / C
        - 2 * S2 / C**2
        + total(g[i] * lam[i] ** 3 * (3 + 2 * lam[i] / C) / (1 + lam[i] / C) ** 2)
        / C**3,
        evaluate=False,
    ),
    why=(
        r"The same for $\lambda y/(1+\lambda y)^2$: "
        r"$n/\mathcal{E}_0=Ty-2S_2y^2+O(y^3)$."
    ),
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=(
        r"So the error of mode $j$, of unit power, starts from 1, with a slope "
        r"in $y$:"
    ),
    statement=Eq(Limit(rise, y, 0), moment2 / T - 2 * rate, evaluate=False),
    why=(
        r"$\mathcal{E}=\mathcal{E}_0/(1+\lambda_jy)^2$ with the two terms of "
        r"$n$ and of $n/\mathcal{E}_0$; the remainders $O(y^3)$ of the last two "
        r"steps change the quotient by $O(y^2)$, which the limit does not see."
    ),
    status="consequence",
    check_by=RationalLimit(),
)
derivation.step(
    says=(
        r"The slope in $n$, with $dn=T\,dy$, is positive exactly where "
        r"$\lambda_j<S_2/(2T)$."
    ),
    statement=Eq(
        (moment2 / T - 2 * rate) / T,
        2 / T * (moment2 / (2 * T) - rate),
        evaluate=False,
    ),
    why=(
        r"Then the error exceeds 1 for all small $n$. It remains to show the "
        r"converse."
    ),
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=(
        r"The error exceeds 1 exactly where $A:=\sum gL^2/n$ exceeds "
        r"$1-(1-L_j)^2$."
    ),
    statement=Eq(
        E - 1,
        (total(g[i] * L**2) / n - 1 + Uj**2) / (1 - total(g[i] * L**2) / n),
        evaluate=False,
    ),
    why=r"$\mathcal{E}_0=1/(1-A)$, and $A<1$.",
    status="exact",
    check_by=samples_form,
)
derivation.step(
    says=(
        r"Let $u=\lambda/C$, $f=u/(1+u)=L$, with weights $w=gu$, the ridge a "
        r"weight "
        r"$\delta/C$ at $u=0$. Then $A=\sum wf(1-f)/\sum w(1-f)$:"
    ),
    statement=Eq(n, everything - total(weight * f), evaluate=False),
    why=r"$gL=w(1-f)$ sums with $\delta/C$ to $n$, and $gL^2=wf(1-f)$.",
    status="exact",
    check_by=samples_form,
)
derivation.step(
    says=(
        r"So $A$ is at most the $w$-mean of $f$: their difference is a variance "
        r"(Chebyshev)."
    ),
    statement=Eq(
        average - total(weight * f * (1 - f)) / (everything - total(weight * f)),
        (total(weight * (f - mean_f) ** 2) + ridge / C * mean_f**2)
        / (everything - total(weight * f)),
        evaluate=False,
    ),
    why=(
        r"Here $\bar f$ is the $w$-mean of $f$; the right side is a sum of "
        r"squares."
    ),
    status="exact",
    check_by=SymbolicIdentity(given={mean_f: average}),
)
derivation.step(
    says=(
        r"$f$ lies below its tangents: Jensen's inequality, $\bar f\le f(\bar "
        r"u)$."
    ),
    statement=Eq(
        mean / (1 + mean) + (u - mean) / (1 + mean) ** 2 - u / (1 + u),
        (u - mean) ** 2 / ((1 + mean) ** 2 * (1 + u)),
        evaluate=False,
    ),
    why=(
        r"Take the $w$-mean at the point $\bar u=\sum wu/\sum w=S_2/(TC)$: the "
        r"linear term "
        r"drops out, and the right side is not negative."
    ),
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=r"The mean of $u$ is what it is said to be.",
    statement=Eq(
        total(weight * lam[i] / C) / everything,
        S2 / ((S1 + ridge) * C),
        evaluate=False,
    ),
    why=r"The ridge's weight is at $u=0$.",
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=r"If $u_j=\bar u/2+s$ with $s\ge0$, then $(1+u_j)^2\ge1+\bar u$.",
    statement=Ge((1 + mean / 2 + s) ** 2, 1 + mean, evaluate=False),
    why=r"$u_j\ge\bar u/2$ says $\lambda_j\ge S_2/(2T)$.",
    status="exact",
    check_by=Positive(),
)
derivation.step(
    says=r"So $1-(1-L_j)^2\ge f(\bar u)\ge A$: the error stays below 1.",
    statement=Eq(1 - 1 / (1 + mean), mean / (1 + mean), evaluate=False),
    why=r"$1-L_j=1/(1+u_j)$.",
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=(
        r"The theorem: with $\lambda_j\ge S_2/(2(S_1+\delta))$ the error is at "
        r"most 1 for all $n$."
    ),
    statement=Le(E, 1, evaluate=False),
    why=(
        r"The steps above, in order; below that eigenvalue the error rises first. "
        r"The slope at $n=0$ is published, the converse is ours."
    ),
    status="consequence",
    check_by=SampledSpectra(),
)
