"""C for spectra with a law: powers, geometric sequences, and what is left of them.

Power law λ_i = i^−α, i ≥ 1, no ridge. Mellin's transform of 1/(1 + x) turns the sum over
modes into residues: n = A C^(−1/α) − ½ + Σ_m (−C)^m ζ(−αm), A = (π/α)/sin(π/α), an
asymptotic series; for even α all ζ(−αm) vanish. Solved for C by Lagrange's formula: with
C_0 = (A/(n + ½))^α, the coefficient of C_0^k is [x^(k−1)] (1 − G(x))^(−αk)/k, where
G(x) = Σ_m ζ(−αm)(−x)^m/(n + ½). Geometric λ_i = r^i, i ≥ 0: pairing i
with 2n − 1 − i gives C = r^(n−½) up to terms of relative order r^n.
"""

from dataclasses import dataclass
from typing import Any

from sympy import Eq, Sum, Symbol, coth, exp, log, oo, pi, sin, sqrt, sympify, zeta

from theory.constant.implicit.lagrange import power_of_series
from theory.constant.learnability import learnability
from theory.errors import OutOfDomain
from theory.notation import C, n
from theory.numbers import exact

mode = Symbol("i", integer=True, positive=True)


@dataclass(frozen=True, slots=True)
class LawSpectrum:
    """The implicit equation of a spectrum that a law gives, without a ridge.

    Attributes
    ----------
    eigenvalue
        λ_i as a function of i.
    first
        The first index.
    asymptotic
        n as a function of C, as far as the expansion goes.
    constant
        C as a function of n, in the same order.
    overfitting
        The limit of E₀, or how it grows.
    exact
        The equation in closed form, or None.
    accuracy
        What is left out.
    """

    eigenvalue: Any
    first: int
    asymptotic: Any
    constant: Any
    overfitting: Any
    exact: Any
    accuracy: str

    @property
    def equation(self) -> Any:
        """The implicit equation, as a sum over all modes."""
        left = Sum(learnability(self.eigenvalue, C), (mode, self.first, oo))
        return Eq(left, n, evaluate=False)


def power_law(alpha: Any, order: int = 1) -> LawSpectrum:
    """λ_i = i^−α: C ≈ C_0 (1 − α ζ(−α) C_0/(n + ½)), C_0 = (A/(n + ½))^α.

    Parameters
    ----------
    alpha
        The exponent, above 1.
    order
        How many residues (−C)^m ζ(−αm) are kept in n, and how many corrections in C.

    Raises
    ------
    OutOfDomain
        When α is not above 1: the trace would be infinite.

    Examples
    --------
    >>> law = power_law(2)
    >>> law.exact
    Eq(-1/2 + pi*coth(pi/sqrt(C))/(2*sqrt(C)), n)
    >>> law.constant.subs(n, 1).n(6)
    1.09662
    """
    alpha = exact(alpha, "alpha")
    if alpha.is_number and not alpha > 1:
        raise OutOfDomain(f"alpha = {alpha} must be above 1: the trace is infinite")
    amplitude = (pi / alpha) / sin(pi / alpha)
    half = sympify(1) / 2
    residues = [zeta(-alpha * k) * (-1) ** k for k in range(1, order + 1)]
    terms = [c * C**k for k, c in enumerate(residues, 1)]
    leading = (amplitude / (n + half)) ** alpha
    series = [sympify(1), *(-c / (n + half) for c in residues)]
    corrections = [
        power_of_series(series, -alpha * k, k - 1)[k - 1] * leading ** (k - 1) / k
        for k in range(1, order + 2)
    ]
    closed = None
    if alpha == 2:
        closed = Eq(pi * coth(pi / sqrt(C)) / (2 * sqrt(C)) - half, n, evaluate=False)
    return LawSpectrum(
        eigenvalue=mode**-alpha,
        first=1,
        asymptotic=amplitude * C ** (-1 / alpha) - half + sum(terms, sympify(0)),
        constant=leading * sum(corrections, sympify(0)),
        overfitting=alpha,
        exact=closed,
        accuracy=(
            f"relative error of order C^{order + 1}/n in an asymptotic series, and "
            "exp(−2π sin(π/α) C^(−1/α)), which alone is left for even α"
        ),
    )


def geometric(ratio: Any, first: int = 0) -> LawSpectrum:
    """λ_i = r^i: C ≈ r^(n + first − ½), and E₀ grows like n log(1/r).

    Raises
    ------
    OutOfDomain
        When r is not between 0 and 1.

    Examples
    --------
    >>> geometric("1/2").constant.subs(n, 3)
    sqrt(2)/8
    """
    r = exact(ratio, "ratio")
    if r.is_number and not 0 < r < 1:
        raise OutOfDomain(f"ratio = {r} must lie between 0 and 1")
    return LawSpectrum(
        eigenvalue=r**mode,
        first=first,
        asymptotic=log(C) / log(r) - first + sympify(1) / 2,
        constant=r ** (n + first - sympify(1) / 2),
        overfitting=n * log(1 / r),
        exact=None,
        accuracy=(
            "relative error of order r^n at whole n; between them a small oscillation"
        ),
    )


def exponential(rate: Any, first: int = 0) -> LawSpectrum:
    """λ_i = e^(−a i), the geometric spectrum with r = e^−a.

    Examples
    --------
    >>> exponential(1).overfitting
    n
    """
    a = exact(rate, "rate")
    if a.is_number and not a > 0:
        raise OutOfDomain(f"rate = {a} must be positive")
    return geometric(exp(-a), first)
