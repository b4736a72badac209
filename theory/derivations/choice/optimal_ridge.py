"""The best ridge, and the slope of a learning curve along it."""

from typing import Any

from sympy import Eq

from theory import constant
from theory.choice.best_ridge import overlap, signal
from theory.constant import balance, total
from theory.data_set.symbols import g, ridge, slope
from theory.derivations.checks.symbolic import SymbolicIdentity
from theory.derivations.language.derivation import Derivation
from theory.notation import C, i, n
from theory.notation import bias as B
from theory.notation import overfitting as E0
from theory.notation import test_mse as E
from theory.statistics.predictions import bias, test_mse

L: Any = constant.L
Q: Any = constant.susceptibility.rhs
meaning = SymbolicIdentity(
    given={E: test_mse.rhs, B: bias.rhs, E0: n / Q}, then={n: balance.lhs}
)

derivation = Derivation(
    name="optimal_ridge",
    title="The best ridge, and the learning curve along it",
    setting=r"Inside the framework: $C$ solves the implicit equation.",
    at_once=False,
)
derivation.step(
    says="The slope of the test MSE in the ridge has the sign of one difference.",
    statement=Eq(
        slope(E, ridge),
        2 * E0**2 * overlap / (n * C) * (signal / overlap - E / n),
        evaluate=False,
    ),
    why=r"$\partial C/\partial\delta=\mathcal{E}_0/n$ and $C\,\partial L/\partial C=-L(1-L)$.",
    status="exact",
    check_by=meaning,
)
derivation.step(
    says="So at an interior optimum $\\mathcal{E}/n$ is a ratio of two sums.",
    statement=Eq(
        E / n - signal / overlap,
        -slope(E, ridge) * n * C / (2 * E0**2 * overlap),
        evaluate=False,
    ),
    why="Where the slope is 0. It is necessary, not sufficient: there may be two minima.",
    status="consequence",
    check_by=meaning,
    from_=1,
)
derivation.step(
    says="Slopes in the number of points and in the ridge are tied to each other.",
    statement=Eq(
        n * slope(E, n) + n * C * slope(E, ridge), E * (1 - E0), evaluate=False
    ),
    why=(
        r"$C$ sees $n$ and $\delta$ through $n-\delta/C$ alone; only the factor $n$ of "
        r"$\mathcal{E}_0$ is left."
    ),
    status="exact",
    check_by=meaning,
)
derivation.step(
    says=r"The overfitting coefficient is at least 1: $n$ against what divides it.",
    statement=Eq(n - n / E0, total(g[i] * L**2), evaluate=False),
    why=(
        r"A sum of squares. So along the best ridge, where $\partial\mathcal{E}/"
        r"\partial\delta=0$, the curve falls: $d\ln\mathcal{E}/d\ln n=1-\mathcal{E}_0\le0$; "
        r"that the ridge moves too changes nothing (the envelope theorem). At the bound "
        r"$\delta=0$, where the slope in $\delta$ is positive, it falls no slower."
    ),
    status="consequence",
    check_by=meaning,
    from_=3,
)
derivation.step(
    says=r"Down from $\delta=\infty$ the ridge falls with $C$ until $\sum gL^2=n$.",
    statement=Eq(
        slope(C * (n - total(g[i] * L)), C), n - total(g[i] * L**2), evaluate=False
    ),
    why=(
        r"There $\delta(C)$ has its least value, below 0 while $n$ is below the number of "
        r"modes, and $\mathcal{E}$ a pole: no smaller ridge is admissible."
    ),
    status="exact",
    check_by=SymbolicIdentity(),
)
