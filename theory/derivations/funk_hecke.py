"""Eigenvalues of dot-product kernels on the sphere, and the rules that generate them."""

from typing import Any

from sympy import Eq, Mul, Rational, Sum, Symbol, gamma, pi, sqrt, symbols

from theory.derivations.checks.special_functions import GammaIdentity, SmallCases
from theory.derivations.steps.finished import FinishedDerivation
from theory.derivations.steps.step import Step
from theory.source import Source

k, d = symbols("k d", positive=True)
m = Symbol("m", integer=True, nonnegative=True)
half = Rational(1, 2)
weight = gamma(d / 2) / (sqrt(pi) * gamma((d - 1) / 2))
beta = gamma(half) * gamma((d - 1) / 2) / gamma(d / 2)


def monomial(level: Any, p: Any, dimension: Any) -> Any:
    """λ_k of t^p, for p − k even and non-negative."""
    return (
        gamma(p + 1)
        * gamma(dimension / 2)
        / (2**p * gamma((p - level) / 2 + 1) * gamma((p + level + dimension) / 2))
    )


def multiplicity(level: Any, dimension: Any) -> Any:
    """N(d, k)."""
    return (
        (2 * level + dimension - 2)
        * gamma(level + dimension - 2)
        / (gamma(level + 1) * gamma(dimension - 1))
    )


gammas = GammaIdentity()
p = k + 2 * m

STEPS = (
    Step(
        says=(
            r"The cosine of two random points on the sphere has a density with "
            r"integral 1."
        ),
        statement=Eq(Mul(weight, beta, evaluate=False), 1, evaluate=False),
        because=(
            r"The density is $\omega_d(1-t^2)^{(d-3)/2}$ with $\omega_d=\Gamma(\frac "
            r"d2)/(\sqrt\pi\,"
            r"\Gamma(\frac{d-1}2))$; its integral is a Beta function."
        ),
        status="definition",
        check_by=gammas,
    ),
    Step(
        says=r"Its even moments, hence $\lambda_0$ of the kernel $t^{2m}$:",
        statement=Eq(
            weight * gamma(m + half) * gamma((d - 1) / 2) / gamma(m + d / 2),
            monomial(0, 2 * m, d),
            evaluate=False,
        ),
        because=(
            r"$\lambda_k=\omega_d\int K(t)P_k(t)(1-t^2)^{(d-3)/2}dt$ (Funk--Hecke), "
            r"here with "
            r"$P_0=1$, and the duplication formula."
        ),
        status="exact",
        check_by=SmallCases({m: range(7)}),
    ),
    Step(
        says=(
            r"Integrating Rodrigues' formula by parts $k$ times gives the "
            r"eigenvalues of $t^p$, $p=k+2m$."
        ),
        statement=Eq(
            gamma(d / 2)
            / (sqrt(pi) * 2**k * gamma(k + (d - 1) / 2))
            * gamma(p + 1)
            / gamma(2 * m + 1)
            * gamma(m + half)
            * gamma(k + (d - 1) / 2)
            / gamma(m + k + d / 2),
            monomial(k, p, d),
            evaluate=False,
        ),
        because=(
            r"$\lambda_k=\frac{\Gamma(d/2)}{\sqrt\pi2^k\Gamma(k+(d-1)/2)}\int "
            r"K^{(k)}(t)"
            r"(1-t^2)^{k+(d-3)/2}dt$, and for $K=t^p$ the integral is a Beta function."
        ),
        status="exact",
        check_by=SmallCases({m: range(7)}),
    ),
    Step(
        says=(
            r"Raising the dimension: "
            r"$\lambda_k^{(d)}[K]=\frac1d\lambda_{k-1}^{(d+2)}[K']$."
        ),
        statement=Eq(
            monomial(k, p, d), p / d * monomial(k - 1, p - 1, d + 2), evaluate=False
        ),
        because=(
            r"One integration by parts less; every analytic $K$ follows by linearity."
        ),
        status="exact",
        check_by=gammas,
    ),
    Step(
        says=r"Multiplying the kernel by $t$ mixes neighbouring levels.",
        statement=Eq(
            monomial(k, p, d),
            ((k + d - 2) * monomial(k + 1, p - 1, d) + k * monomial(k - 1, p - 1, d))
            / (2 * k + d - 2),
            evaluate=False,
        ),
        because=r"The recurrence $(k+d-2)P_{k+1}=(2k+d-2)tP_k-kP_{k-1}$.",
        status="exact",
        check_by=SmallCases({m: range(1, 7)}),
    ),
    Step(
        says=r"The trace: multiplicities times eigenvalues of $t^p$ sum to $K(1)=1$.",
        statement=Eq(
            Sum(
                multiplicity(2 * m - 2 * Symbol("j", integer=True), d)
                * monomial(2 * m - 2 * Symbol("j", integer=True), 2 * m, d),
                (Symbol("j", integer=True), 0, m),
            ),
            1,
            evaluate=False,
        ),
        because=r"Mercer at $x=x'$, since $P_k(1)=1$. Odd powers alike.",
        status="exact",
        check_by=SmallCases({m: range(1, 5)}),
    ),
)

derivation = FinishedDerivation(
    name="funk_hecke",
    title="Eigenvalues on the sphere",
    setting=(
        r"$S^{d-1}\subset\mathbb{R}^d$ with its uniform probability measure, a "
        r"kernel $K(t)$ of the "
        r"cosine, harmonics of degree $k$ with zonal functions $P_k$, $P_k(1)=1$."
    ),
    steps=STEPS,
    source=Source("dlmf"),
)
