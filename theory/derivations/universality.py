"""Why one constant serves all modes: the theory's one approximation, measured."""

from fractions import Fraction
from typing import Any

from sympy import Eq, Ge, Sum, Trace

from theory.constant import EIGENLEARNING
from theory.data_set.symbols import (
    C_D,
    L_D,
    A,
    R,
    Rest,
    entry,
    lam,
    phi,
    samples,
    scalar,
    sign_mean,
    signs,
    slope,
)
from theory.derivations.checks.monte_carlo import MeasuredMean
from theory.derivations.checks.random_identities import ModularIdentity, Sampled
from theory.derivations.steps.finished import FinishedDerivation
from theory.derivations.steps.step import Step
from theory.notation import C, i

identity = ModularIdentity()
form: Any = scalar(signs.T * A * signs)
seen: Any = scalar(phi.T * Rest * phi)
twice: Any = scalar(phi.T * Rest * Rest * phi)
diagonal: Any = entry(A, i, i)
squares: Any = Sum(diagonal**2, (i, 1, samples))

STEPS = (
    Step(
        says=(
            r"Learnability on a data set has the form of the theory, with its own "
            r"constant."
        ),
        statement=Eq(L_D(i), lam[i] / (lam[i] + C_D(i)), evaluate=False),
        because=r"The derivation \texttt{sherman\_morrison}.",
        status="exact",
        check_by=identity,
    ),
    Step(
        says=r"That constant depends on the other modes only, not on $\lambda_i$.",
        statement=Eq(slope(C_D(i), lam[i]), 0, evaluate=False),
        because=(
            r"$1/C_i^{(D)}=\phi_i^\top R_{-i}\phi_i$, and $R_{-i}$ "
            r"has no mode $i$."
        ),
        status="exact",
        check_by=identity,
    ),
    Step(
        says=(
            r"If the values of $\phi_i$ on the data are independent of $R_{-i}$, as "
            r"for random signs $s$, a quadratic form has its trace as mean:"
        ),
        statement=Eq(sign_mean(form), Trace(A), evaluate=False),
        because=(
            r"$\mathbb{E}\,s_as_b=\delta_{ab}$. The same holds for Gaussian values."
        ),
        status="exact",
        check_by=identity,
    ),
    Step(
        says=r"Its fluctuation is that of a sum of many small terms.",
        statement=Eq(
            sign_mean(form**2) - Trace(A) ** 2,
            2 * Trace(A * A) - 2 * squares,
            evaluate=False,
        ),
        because=(
            r"Fourth moments of signs. Relative to the mean it is of order "
            r"$\operatorname{tr}A^2/(\operatorname{tr}A)^2$, the inverse of the "
            r"number of "
            r"data directions in which $A$ is large."
        ),
        status="exact",
        check_by=identity,
    ),
    Step(
        says=(
            r"Leaving out one mode changes the trace of the resolvent by a single "
            r"ratio."
        ),
        statement=Eq(
            Trace(Rest) - Trace(R), lam[i] * twice / (1 + lam[i] * seen), evaluate=False
        ),
        because=r"The trace of the Sherman--Morrison formula.",
        status="exact",
        check_by=identity,
    ),
    Step(
        says=(
            r"It only grows, and by no more than $\phi^\top R_{-i}^2\phi/\phi^\top "
            r"R_{-i}\phi$, where $\phi=\phi_i$."
        ),
        statement=Ge(twice / seen, Trace(Rest) - Trace(R), evaluate=False),
        because=(
            r"$x/(1+x)\le1$. That ratio is at most the largest eigenvalue of "
            r"$R_{-i}$: one of $n$ terms of its trace."
        ),
        status="consequence",
        check_by=Sampled(sizes=((2, 4), (3, 5))),
    ),
    Step(
        says=r"The approximation: every mode sees the same constant on every data set.",
        statement=Eq(1 / C_D(i), 1 / C, evaluate=False),
        because=(
            r"Universality: the features of real data act like independent ones, so "
            r"$1/C_i^{(D)}\approx\operatorname{tr}R_{-i}"
            r"\approx\operatorname{tr}R$, "
            r"which concentrates. It is not a theorem for real data; $C$ is the root "
            r"of the "
            r"implicit equation."
        ),
        status="approximation",
        check_by=MeasuredMean(Fraction(1, 5)),
    ),
    Step(
        says=r"The common constant is the inverse trace of the resolvent.",
        statement=Eq(Trace(R), 1 / C, evaluate=False),
        because=r"The mean of the quadratic form, with one mode left out or not.",
        status="approximation",
        check_by=MeasuredMean(Fraction(1, 10)),
    ),
    Step(
        says=r"So, up to the same approximation, learnability is that of the theory.",
        statement=Eq(L_D(i), lam[i] / (lam[i] + C), evaluate=False),
        because=(
            r"Insert $C_i^{(D)}\approx C$; the mean over data sets is better than "
            r"each set, "
            r"since learnability saturates."
        ),
        status="approximation",
        check_by=MeasuredMean(Fraction(1, 10)),
    ),
)

derivation = FinishedDerivation(
    name="universality",
    title="One constant for all modes: the approximation of the theory",
    setting=(
        r"Notation as in the conservation law. Measurements use $\lambda_i=i^{-2}$ and "
        r"$\delta=1/10$; the deviations fall as $n$ grows."
    ),
    steps=STEPS,
    source=EIGENLEARNING,
)
