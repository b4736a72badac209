"""Learnability on one data set has the form λ/(λ + C_i), exactly."""

from typing import Any

from sympy import Eq, Identity, Inverse, KroneckerDelta, Le

from theory.constant import EIGENLEARNING
from theory.data_set.symbols import (
    C_D,
    L_D,
    K,
    Phi,
    R,
    Rest,
    T,
    lam,
    phi,
    ridge,
    samples,
    scalar,
    slope,
    unit,
)
from theory.derivations.checks.random_identities import ModularIdentity, Sampled
from theory.derivations.steps.finished import FinishedDerivation
from theory.derivations.steps.step import Step
from theory.notation import i, j

identity = ModularIdentity()
seen: Any = scalar(phi.T * Rest * phi)

STEPS = (
    Step(
        says=r"Let $\phi_i$ be the column of $\Phi$ that belongs to mode $i$.",
        statement=Eq(phi, Phi * unit, evaluate=False),
        because=r"It holds the values of the eigenfunction at the data points.",
        status="definition",
        check_by=identity,
    ),
    Step(
        says=r"Remove mode $i$ from the kernel: the resolvent of what is left.",
        statement=Eq(
            Rest,
            Inverse(K - lam[i] * phi * phi.T + ridge * Identity(samples)),
            evaluate=False,
        ),
        because=(
            r"$K_D=\sum_k\lambda_k\phi_k\phi_k^\top$, so what is left has all other "
            r"modes. "
            r"It must be invertible: $\delta>0$, or enough other modes."
        ),
        status="definition",
        check_by=identity,
    ),
    Step(
        says=r"The constant that mode $i$ sees on the data set $D$.",
        statement=Eq(C_D(i), 1 / seen, evaluate=False),
        because=(
            r"$R_{-i}$ is positive definite, so $C_i^{(D)}>0$. A mode that vanishes on "
            r"all of $D$ has $C_i^{(D)}=\infty$ and learns nothing."
        ),
        status="definition",
        check_by=identity,
    ),
    Step(
        says=r"Putting the mode back changes the resolvent by a matrix of rank one.",
        statement=Eq(
            R,
            Rest - lam[i] / (1 + lam[i] * seen) * Rest * phi * phi.T * Rest,
            evaluate=False,
        ),
        because=r"The Sherman--Morrison formula for $(A+\lambda\phi\phi^\top)^{-1}$.",
        status="exact",
        check_by=identity,
    ),
    Step(
        says=r"Seen by the mode itself, the resolvent is a simple fraction.",
        statement=Eq(
            scalar(phi.T * R * phi), seen / (1 + lam[i] * seen), evaluate=False
        ),
        because=r"Multiply the last step by $\phi_i^\top$ and $\phi_i$.",
        status="consequence",
        check_by=identity,
    ),
    Step(
        says=(
            r"So the learnability on $D$ has the form of the theory, with its own "
            r"constant."
        ),
        statement=Eq(L_D(i), lam[i] / (lam[i] + C_D(i)), evaluate=False),
        because=r"$L_i^{(D)}=\lambda_i\,\phi_i^\top R\phi_i$; insert the last step.",
        status="consequence",
        check_by=identity,
    ),
    Step(
        says=r"The constant that a mode sees does not know the mode's eigenvalue.",
        statement=Eq(slope(C_D(i), lam[i]), 0, evaluate=False),
        because=r"Mode $i$ was removed before $C_i^{(D)}$ was formed.",
        status="exact",
        check_by=identity,
    ),
    Step(
        says=(
            r"Learnability of an eigenfunction lies between 0 and 1 on every data "
            r"set."
        ),
        statement=Le(L_D(i) * L_D(i), L_D(i), evaluate=False),
        because=(
            r"$\lambda_i>0$ and $C_i^{(D)}>0$, so $L^2\le L$, which says $0\le "
            r"L\le1$."
        ),
        status="consequence",
        check_by=Sampled(),
    ),
    Step(
        says=r"A mode learns at its own rate, and at the cost of every other mode.",
        statement=Eq(
            lam[i] * slope(L_D(j), lam[i]),
            KroneckerDelta(i, j) * L_D(j) - T[i, j] * T[j, i],
            evaluate=False,
        ),
        because=(
            r"$\partial R/\partial\lambda_i=-R\phi_i\phi_i^\top R$, and $T=\Lambda S$ "
            r"with $S=\Phi^\top R\Phi$ symmetric. For $i\ne j$ the right side is "
            r"$-\lambda_i\lambda_jS_{ij}^2\le0$, for $i=j$ it is $L_i(1-L_i)\ge0$."
        ),
        status="exact",
        check_by=identity,
    ),
)

derivation = FinishedDerivation(
    name="sherman_morrison",
    title="The form of learnability on a fixed data set",
    setting=(
        r"Notation as in the conservation law. Nothing is averaged: every statement "
        r"holds "
        r"for each data set $D$."
    ),
    steps=STEPS,
    source=EIGENLEARNING,
)
