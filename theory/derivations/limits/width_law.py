"""Wide random features: how the test MSE approaches the kernel's, to first order in 1/w."""

from typing import Any

from sympy import Eq, Limit, Symbol, solve, symbols

from theory import constant
from theory.constant import balance, total
from theory.data_set.symbols import g, ridge, slope
from theory.derivations.checks.symbolic import RationalLimit, SymbolicIdentity
from theory.derivations.language.derivation import Derivation
from theory.notation import C, i, n, noise, power
from theory.notation import bias as B
from theory.notation import overfitting as E0
from theory.notation import test_mse as E
from theory.random_features import equations as of
from theory.random_features import errors
from theory.random_features import width_law as law
from theory.source import OURS
from theory.statistics.predictions import bias, test_mse

L: Any = constant.L
U: Any = constant.U
z: Any = of.learned_sum
q: Any = total(g[i] * L**2)
Q: Any = constant.susceptibility.rhs
x = Symbol("x", positive=True)
"""1/w."""
learned, rise, crossed, whole, points = symbols("z p H b n", positive=True)
count = Symbol("w", positive=True)
(seen,) = solve(of.by_features.lhs - of.by_features.rhs, of.kappa)
meaning = SymbolicIdentity(
    given={E: test_mse.rhs, B: bias.rhs, E0: n / Q}, then={n: balance.lhs}
)
spare, lacking = points - learned, 1 - learned * x
features_variance = rise * x / (lacking + rise * x) * crossed
mse_of_x = (
    points
    * (lacking + rise * x)
    / (spare * lacking + rise * (spare * x + lacking))
    * (whole + features_variance)
)
kernel_mse = points / (spare + rise) * whole

derivation = Derivation(
    name="width_law",
    title="Wide random features: the law in 1/w",
    setting=(
        r"Within the equations of random features: $x=1/w$ at fixed $n$ and $\delta$; "
        r"$z=\sum gL$, $q=\sum gL^2$, $p=z-q$, $H=\sum v^2L(1-L)$, "
        r"$b=\mathcal{B}+\sigma^2$."
    ),
    source=OURS,
    at_once=False,
)
derivation.step(
    says=r"The two equations leave one, in $C$ alone.",
    statement=Eq((n - z) * of.kappa, of.equation.lhs, evaluate=False),
    why=(
        r"$\delta=(n-z)\kappa$ by the points, and $\kappa=C(1-zx)$ by the features. At "
        r"$x=0$ it is the kernel's."
    ),
    status="exact",
    check_by=SymbolicIdentity(given={of.kappa: seen}),
)
derivation.step(
    says=r"How its left side moves with $C$ for the kernel.",
    statement=Eq(slope((n - z) * C, C), n - q, evaluate=False),
    why=r"$C\,\partial L/\partial C=-L(1-L)$; the slope is partial, at fixed $n$.",
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=r"So with finite width $C$ grows as with the ridge $\delta(1+zx)$.",
    statement=Eq(
        C * z * (n - z) / (n - q), z * ridge * slope(C, ridge), evaluate=False
    ),
    why=(
        r"At fixed $\delta$ the slope in $C$ times $dC/dx$ is $(n-z)Cz$, by the first "
        r"step; and $\delta=(n-z)C$."
    ),
    status="consequence",
    check_by=meaning,
)
derivation.step(
    says=r"The test MSE in $x$ at fixed $C$.",
    statement=Eq(
        points
        * (count - learned + rise)
        / (spare * (count - learned) + rise * (spare + count - learned))
        * (whole + rise / (count - learned + rise) * crossed),
        mse_of_x.subs(x, 1 / count),
        evaluate=False,
    ),
    why=r"The formula \texttt{width\_test\_mse}, with $n_f=n-z$ and $w_f=w-z$.",
    status="exact",
    check_by=SymbolicIdentity(),
)
derivation.step(
    says=r"At $x=0$ it is the kernel's.",
    statement=Eq(Limit(mse_of_x, x, 0), kernel_mse, evaluate=False),
    why=r"$n-z+p=n-q$, so the factor is $\mathcal{E}_0$.",
    status="exact",
    check_by=RationalLimit(),
)
derivation.step(
    says=r"Its slope in $x$ at fixed $C$: features act like noise.",
    statement=Eq(
        Limit((mse_of_x - kernel_mse) / x, x, 0),
        points / (spare + rise) * (rise**2 / (spare + rise) * whole + rise * crossed),
        evaluate=False,
    ),
    why=r"Expanded to first order.",
    status="exact",
    check_by=RationalLimit(),
)
derivation.step(
    says=r"The slope of the kernel's test MSE in $\ln\delta$.",
    statement=Eq(
        ridge * slope(E, ridge),
        law.ridge_slope.rhs.subs({of.learned: z, of.squares: q}),
        evaluate=False,
    ),
    why=r"$\partial C/\partial\delta=\mathcal{E}_0/n$, and $\delta=(n-z)C$.",
    status="exact",
    check_by=meaning,
)
derivation.step(
    says=r"Together: the coefficient of $1/w$.",
    statement=Eq(
        law.law.rhs.subs({law.ridge_slope.lhs: law.ridge_slope.rhs}).subs(
            {of.rise: total(g[i] * L * U), of.squares: q, of.learned: z}
        ),
        E0
        * (
            total(g[i] * L * U) ** 2 / (n - q) * (B + noise)
            + total(g[i] * L * U) * errors.crossed
        )
        + C * z * (n - z) / (n - q) * slope(E, C),
        evaluate=False,
    ),
    why=r"The slope at fixed $C$, and that in $C$ times $dC/dx$.",
    status="consequence",
    check_by=SymbolicIdentity(
        given={E: test_mse.rhs, B: bias.rhs, E0: n / (n - q)},
    ),
    from_=3,
)
derivation.step(
    says=r"Without ridge $n=z$: what is not learned, and the noise, once more.",
    statement=Eq(
        n
        / total(g[i] * L * U)
        * (
            total(g[i] * L * U) * (total(power[i] * U**2) + noise)
            + total(g[i] * L * U) * errors.crossed
        ),
        law.ridgeless.rhs,
        evaluate=False,
    ),
    why=r"Then $n-q=p$, and $(1-L)^2+L(1-L)=1-L$.",
    status="consequence",
    check_by=SymbolicIdentity(),
)
