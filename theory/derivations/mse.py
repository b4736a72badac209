"""The test MSE: second-order statistics from derivatives of the learnability."""

from fractions import Fraction
from typing import Any

from sympy import Eq, Identity, KroneckerDelta, MatrixSymbol, Sum, Trace

from theory import constant
from theory.constant import EIGENLEARNING, balance, learnability_of_mode, total
from theory.constant.learnability import learnability, unlearned
from theory.data_set.symbols import (
    L_D,
    Lam,
    Phi,
    R,
    T,
    g,
    lam,
    modes,
    power,
    ridge,
    samples,
    scalar,
    slope,
    unit,
)
from theory.derivations.checks.monte_carlo import MeasuredMean
from theory.derivations.checks.random_identities import ModularIdentity
from theory.derivations.checks.symbolic import SymbolicIdentity
from theory.derivations.language.derivation import Derivation
from theory.notation import C, i, j, n, noise
from theory.notation import overfitting as E0

identity = ModularIdentity()
L: Any = constant.L
U: Any = constant.U
Lj: Any = learnability(lam[j], C)
Uj: Any = unlearned(lam[j], C)
Q: Any = constant.susceptibility.rhs
F: Any = balance.lhs
errors = MatrixSymbol("r_i", modes, 1)
train = MatrixSymbol("q_i", samples, 1)
fixed = ModularIdentity(
    means={
        errors: (Identity(modes) - T) * unit,
        train: ridge * R * Phi * unit,
    },
    hidden=frozenset({errors, train}),
)
average = SymbolicIdentity(given={E0: n / Q}, then={n: F})
v2: Any = power[j]

derivation = Derivation(
    name="mse",
    title="Mean squared errors from derivatives of the learnability",
    setting=(
        r"The first six steps are exact for each data set, modes counted one by one. "
        r"Then the "
        r"approximation enters once, and levels $i$ have multiplicity $g_i$."
    ),
    source=EIGENLEARNING,
    at_once=False,
)

derivation.step(
    says=r"For the target $\phi_i$, the coefficients of target minus predictor.",
    statement=Eq(errors, (Identity(modes) - T) * unit, evaluate=False),
    why=(
        r"$v=e_i$ and $\hat v=Tv$. Their squared length is the MSE on this data "
        r"set."
    ),
    status="definition",
    check_by=fixed,
)
derivation.step(
    says=(
        r"What the predictor takes from mode $j$ into mode $i$ is a slope of a "
        r"learnability."
    ),
    statement=Eq(
        T[i, j] * T[i, j],
        KroneckerDelta(i, j) * L_D(j) - lam[i] ** 2 / lam[j] * slope(L_D(j), lam[i]),
        evaluate=False,
    ),
    why=(
        r"$T_{ij}=\lambda_iS_{ij}$ with $S=\Phi^\top R\Phi$ symmetric, and "
        r"$\lambda_i\,\partial L_j/\partial\lambda_i=\delta_{ij}L_j-T_{ij}T_{ji}$."
    ),
    status="exact",
    check_by=identity,
)
derivation.step(
    says=(
        r"So the MSE on each data set follows from learnabilities and their "
        r"slopes."
    ),
    statement=Eq(
        scalar(errors.T * errors),
        1 - L_D(i) - Sum(lam[j] ** 2 * slope(L_D(i), lam[j]), (j, 1, modes)) / lam[i],
        evaluate=False,
    ),
    why=(
        r"$\sum_j(\delta_{ij}-T_{ji})^2=1-2L_i+\sum_jT_{ji}^2$; insert the last "
        r"step."
    ),
    status="exact",
    check_by=fixed,
)
derivation.step(
    says=(
        r"Label noise of unit variance is fitted with a variance that is a slope "
        r"in the ridge."
    ),
    statement=Eq(
        Trace(Lam * Phi.T * R * R * Phi * Lam),
        Sum(-lam[i] * slope(L_D(i), ridge), (i, 1, modes)),
        evaluate=False,
    ),
    why=(
        r"$\hat v=\Lambda\Phi^\top R\varepsilon$ and $\partial "
        r"R/\partial\delta=-R^2$."
    ),
    status="exact",
    check_by=identity,
)
derivation.step(
    says=r"The residual on the training points for the target $\phi_i$.",
    statement=Eq(train, ridge * R * Phi * unit, evaluate=False),
    why=r"$y-K_DRy=\delta Ry$ with $y=\Phi e_i$.",
    status="definition",
    check_by=fixed,
)
derivation.step(
    says=r"Its mean square, the train MSE, is a slope in the ridge too.",
    statement=Eq(
        scalar(train.T * train) / samples,
        -(ridge**2) / (samples * lam[i]) * slope(L_D(i), ridge),
        evaluate=False,
    ),
    why=(
        r"$\delta^2\phi_i^\top R^2\phi_i$, and $L_i=\lambda_i\phi_i^\top "
        r"R\phi_i$."
    ),
    status="exact",
    check_by=fixed,
)
derivation.step(
    says=r"The one approximation: every mode sees the same constant.",
    statement=Eq(L_D(i), learnability_of_mode.rhs, evaluate=False),
    why=(
        r"The derivation \texttt{universality}; slopes are taken after the mean "
        r"over data "
        r"sets, with $C$ from the implicit equation."
    ),
    status="approximation",
    check_by=MeasuredMean(Fraction(1, 10)),
)
derivation.step(
    says=r"Two forms of $n/\mathcal{E}_0$ agree; the second has no cancellation.",
    statement=Eq(n - total(g[i] * L**2), Q, evaluate=False),
    why=r"Insert $n=\sum gL+\delta/C$.",
    status="exact",
    check_by=SymbolicIdentity(then={n: F}),
)
derivation.step(
    says=r"The MSE of a mode is its bias times the overfitting coefficient.",
    statement=Eq(
        1 - Lj - total(lam[i] ** 2 * slope(Lj, lam[i])) / lam[j],
        E0 * Uj**2,
        evaluate=False,
    ),
    why=(
        r"Insert $L=\lambda/(\lambda+C)$ and $\partial "
        r"C/\partial\lambda_i=g_i(1-L_i)^2"
        r"\mathcal{E}_0/n$ into the exact relation."
    ),
    status="consequence",
    check_by=average,
)
derivation.step(
    says=r"Fitted noise adds $\mathcal{E}_0-1$ times its variance.",
    statement=Eq(-total(g[i] * lam[i] * slope(L, ridge)), E0 - 1, evaluate=False),
    why=r"$\partial L/\partial\delta=-L(1-L)\mathcal{E}_0/(nC)$.",
    status="consequence",
    check_by=average,
)
derivation.step(
    says=(
        r"The test MSE of a target: modes add up, since signs of features make "
        r"cross "
        r"terms vanish in the mean, and fresh labels bring $\sigma^2$ once more."
    ),
    statement=Eq(
        E0 * v2 * Uj**2 + noise * (E0 - 1) + noise,
        E0 * (v2 * Uj**2 + noise),
        evaluate=False,
    ),
    why=(r"Exact on domains whose symmetry flips the sign of one mode at a time."),
    status="consequence",
    check_by=average,
)
derivation.step(
    says=r"The train MSE of a mode is a multiple of its test MSE.",
    statement=Eq(
        -(ridge**2) / (n * lam[j]) * slope(Lj, ridge),
        (ridge / (n * C)) ** 2 * E0 * Uj**2,
        evaluate=False,
    ),
    why=r"$(1-L)/C=L/\lambda$.",
    status="consequence",
    check_by=average,
)
derivation.step(
    says=(
        r"The same multiple holds for the noise: "
        r"$\delta^2\operatorname{tr}R^2/n$."
    ),
    statement=Eq(
        -(ridge**2) / n * slope(1 / C, ridge),
        (ridge / (n * C)) ** 2 * E0,
        evaluate=False,
    ),
    why=(
        r"$\operatorname{tr}R^2=-\partial\operatorname{tr}R/\partial\delta$ and "
        r"$\operatorname{tr}R\approx1/C$."
    ),
    status="consequence",
    check_by=average,
)
derivation.step(
    says=r"Bias and the variances of all coefficients make up the whole.",
    statement=Eq(
        E0 * (v2 * Uj**2 + noise),
        v2 * Uj**2 + noise + total(g[i] * L**2) * E0 * (v2 * Uj**2 + noise) / n,
        evaluate=False,
    ),
    why=(r"$\operatorname{Var}\hat v_i=L_i^2\,\mathcal{E}/n$, summed over modes."),
    status="consequence",
    check_by=average,
)
derivation.step(
    says=r"Two different modes exchange power at a rate of rank one.",
    statement=Eq(
        -lam[i] * slope(Lj, lam[i]) + KroneckerDelta(i, j) * Lj * Uj,
        g[i] * L * U * Lj * Uj * E0 / n,
        evaluate=False,
    ),
    why=(
        r"This is the mean of $T_{ij}T_{ji}$ for $i\ne j$, summed over level "
        r"$i$: the origin "
        r"of the rank-one piece of the covariance of learned coefficients."
    ),
    status="consequence",
    check_by=average,
)
