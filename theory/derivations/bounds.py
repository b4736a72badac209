"""Bounds on C without solving for it, and the canonical ratio of symmetric sums."""

from typing import Any

from sympy import Eq, Ge, Mul, Rational, Symbol, symbols

from theory.constant.bounds import Elementary
from theory.derivations.checks.symbolic import Positive, SymbolicIdentity
from theory.derivations.steps.finished import FinishedDerivation
from theory.derivations.steps.step import ForSize, Step
from theory.notation import C
from theory.source import Source

x, w, u = symbols("lambda lambdabar u", positive=True)
inverse, mean = symbols("mu mubar", positive=True)
values: Any = symbols("lambda1:5", positive=True)
y = Symbol("y", positive=True)
pairs = [(value, 1) for value in values]
symmetric = [Elementary.over(pairs, k) for k in range(len(values) + 1)]
algebra = SymbolicIdentity()
four = "four modes"

STEPS = (
    Step(
        says=r"A mode learns less than 1 and less than $\lambda/C$.",
        statement=Eq(x / (x + C), x / C - x**2 / (C * (x + C)), evaluate=False),
        because=(
            r"Take $L\le1$ for the $p$ largest modes and $L\le\lambda/C$ for the "
            r"others: "
            r"$n\le p+(\sum_{i>p}\lambda_i+\delta)/C$, so "
            r"$C\le(\delta+\sum_{i>p}\lambda_i)/(n-p)$."
        ),
        status="exact",
        check_by=algebra,
    ),
    Step(
        says=r"Learnability grows with the eigenvalue.",
        statement=Ge((x + u) / (x + u + C), x / (x + C), evaluate=False),
        because=(
            r"So $n\ge m\lambda_m/(\lambda_m+C)$ for the $m$-th largest: "
            r"$C\ge\lambda_m(m-n)/n$. And "
            r"$n\ge\delta/C$."
        ),
        status="exact",
        check_by=Positive(),
    ),
    Step(
        says=r"It is concave in $\lambda$: it lies below its tangent at the mean.",
        statement=Eq(
            w / (w + C) + C * (x - w) / (w + C) ** 2 - x / (x + C),
            C * (x - w) ** 2 / ((w + C) ** 2 * (x + C)),
            evaluate=False,
        ),
        because=(
            r"Summed over all $N$ modes the linear term drops out: $n\le "
            r"N\bar\lambda/(\bar\lambda+C)$, "
            r"so $C\le\bar\lambda(N-n)/n$ with the arithmetic mean."
        ),
        status="exact",
        check_by=algebra,
    ),
    Step(
        says=(
            r"It is convex in $\mu=1/\lambda$: it lies above its tangent at the mean "
            r"of $\mu$."
        ),
        statement=Eq(
            1 / (1 + C * inverse)
            - 1 / (1 + C * mean)
            + C * (inverse - mean) / (1 + C * mean) ** 2,
            C**2 * (inverse - mean) ** 2 / ((1 + C * mean) ** 2 * (1 + C * inverse)),
            evaluate=False,
        ),
        because=(
            r"$n\ge N/(1+C\bar\mu)$, so $C\ge(N-n)/(n\bar\mu)$ with the harmonic "
            r"mean $1/\bar\mu$."
        ),
        status="exact",
        check_by=algebra,
    ),
    Step(
        says=(
            r"Without ridge, let each mode be taken with probability $L_i$, "
            r"independently. The number "
            r"taken has the weights $e_kC^{-k}$."
        ),
        statement=Eq(
            Mul(*(1 + value / C * y for value in values)),
            sum((e * (y / C) ** k for k, e in enumerate(symmetric)), Rational(0)),
            evaluate=False,
        ),
        because=(
            r"The generating function of the number is "
            r"$\prod(1-L_i+L_iy)\propto\prod(1+\lambda_iy/C)$; "
            r"written for four modes."
        ),
        status="exact",
        check_by=ForSize(algebra, four),
    ),
    Step(
        says=r"Its mean is the sum of the learnabilities: $n$.",
        statement=Eq(
            sum((k * e / C**k for k, e in enumerate(symmetric)), Rational(0))
            / sum((e / C**k for k, e in enumerate(symmetric)), Rational(0)),
            sum((value / (value + C) for value in values), Rational(0)),
            evaluate=False,
        ),
        because=(
            r"Differentiate the generating function at $y=1$; that is the implicit "
            r"equation."
        ),
        status="exact",
        check_by=ForSize(algebra, four),
    ),
    Step(
        says=(
            r"Newton's inequality: the weights are log-concave, with one top (here "
            r"$k=2$ of four modes)."
        ),
        statement=Ge(symmetric[2] ** 2, symmetric[1] * symmetric[3], evaluate=False),
        because=(
            r"Newton's inequality holds for every $k$. Darroch (1964), cited and not "
            r"proved here: a number of independent successes with a whole mean $n$ is "
            r"most likely $n$. So $e_nC^{-n}\ge e_{n\pm1}C^{-(n\pm1)}$, that is $e_{n+1}/e_n\le "
            r"C\le e_n/e_{n-1}$."
        ),
        status="exact",
        check_by=ForSize(Positive(), four),
    ),
)

derivation = FinishedDerivation(
    name="bounds",
    title="Bounds on the constant",
    setting=(
        r"$\sum_iL_i+\delta/C=n$, $L_i=\lambda_i/(\lambda_i+C)$, modes counted one "
        r"by one in falling "
        r"order; $e_k$ are the elementary symmetric polynomials of all eigenvalues."
    ),
    steps=STEPS,
    source=Source("darroch1964"),
)
