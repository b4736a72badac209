"""Series of C in every limit, by Lagrange inversion: derived to any order, not stored.

Each limit turns the implicit equation into x = y/φ(y) with a power series φ whose
coefficients are moments of the spectrum:

- few samples or a large ridge: y = 1/C, since n = T y − S_2 y² + S_3 y³ − …;
- nearly all modes, N − n = U_1 C − U_2 C² + … without a ridge;
- n = N with a small ridge: δ = U_1 C² − U_2 C³ + …;
- more samples than modes: δ = (n − N) C + U_1 C² − U_2 C³ + ….
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Rational, Symbol, cancel, series, sqrt, sympify

from theory.constant.implicit.lagrange import inverse_power, power_of_series
from theory.constant.implicit.moments import Moment
from theory.printing import Shown, latex, text

moment: Any = Moment


@dataclass(frozen=True, slots=True, repr=False)
class Expansion(Shown):
    """A truncated series Σ_k c_k x^(start + k step) in a small quantity x.

    Attributes
    ----------
    small
        What is small, as an expression.
    terms
        The terms, leading one first.
    rest
        The power of ``small`` at which the series was cut.
    converges
        Where, and whether the series is only asymptotic.
    """

    small: Expr
    terms: tuple[Expr, ...]
    rest: Expr
    converges: str

    @property
    def expression(self) -> Expr:
        """The sum of the terms."""
        return sum(self.terms, sympify(0))

    def latex(self) -> str:
        """The terms in order, and the order of the rest."""
        line = ""
        for term in self.terms:
            minus = term.could_extract_minus_sign()
            sign = ("-" if minus else "") if not line else (" - " if minus else " + ")
            line += sign + latex(-term if minus else term)
        return rf"{line} + O\left({latex(self.small**self.rest)}\right)"

    def __str__(self) -> str:
        line = ""
        for term in self.terms:
            minus = term.could_extract_minus_sign()
            sign = "−" if minus else "+"
            line += f" {sign} " if line else "−" * minus
            line += text(-term if minus else term)
        return f"{line} + O({text(self.small**self.rest)})"


def _alternating(sign: int, p: Callable[[int], Expr], order: int) -> list[Expr]:
    """1 ∓ p(1) y ± p(2) y² …, first sign as given."""
    return [sympify(1), *(sign * (-1) ** (k - 1) * p(k) for k in range(1, order + 1))]


def few_samples(n: Any, ridge: Any, order: int) -> Expansion:
    """C as n → 0: T/n − S_2/T + …, up to the power n^order, with T = S_1 + δ.

    Examples
    --------
    >>> from theory.notation import n, ridge
    >>> T = moment(1) + ridge
    >>> (few_samples(n, ridge, 0).expression - T / n + moment(2) / T).expand()
    0
    """
    trace = moment(1) + ridge
    T = Symbol("T", positive=True)
    count = order + 1
    bracket = _alternating(-1, lambda k: moment(k + 1) / T, count + 1)
    phi = power_of_series(bracket, sympify(-1), count + 1)
    terms = [
        cancel(c * (n / T) ** (k - 1)).subs(T, trace)
        for k, c in enumerate(inverse_power(phi, -1, count))
    ]
    return Expansion(n, tuple(terms), sympify(order + 1), "for n λ_max/T small")


def large_ridge(n: Any, ridge: Any, order: int) -> Expansion:
    """C as δ → ∞: (δ + S_1)/n − S_2/δ + …, up to the power δ^−order."""
    x = Symbol("x", positive=True)
    source = few_samples(n, 1 / x, order).expression
    expanded = series(source, x, 0, order + 1).removeO()
    terms = [cancel(expanded.coeff(x, k)) * ridge**-k for k in range(-1, order + 1)]
    return Expansion(1 / ridge, tuple(terms), sympify(order + 1), "δ → ∞")


def _inverse_moments(order: int) -> list[Expr]:
    return _alternating(-1, lambda k: moment(-k - 1) / moment(-1), order)


def nearly_all_modes(gap: Expr, order: int) -> Expansion:
    """C as n → N without a ridge, in ε = N − n: ε/U_1 + U_2 ε²/U_1³ + ….

    Examples
    --------
    >>> from sympy.abc import epsilon
    >>> nearly_all_modes(epsilon, 2).terms
    (epsilon/U_1, epsilon**2*U_2/U_1**3)
    """
    phi = power_of_series(_inverse_moments(order), sympify(-1), order)
    terms = [
        c * (gap / moment(-1)) ** k
        for k, c in enumerate(inverse_power(phi, 1, order - 1), 1)
    ]
    return Expansion(gap, tuple(terms), sympify(order + 1), "for ε/(U_1 λ_min) small")


def as_many_samples_as_modes(ridge: Any, order: int) -> Expansion:
    """C at n = N as δ → 0, in powers of √δ: √(δ/U_1) + U_2 δ/(2 U_1²) + …."""
    phi = power_of_series(_inverse_moments(order), Rational(-1, 2), order)
    terms = [
        c * sqrt(ridge / moment(-1)) ** k
        for k, c in enumerate(inverse_power(phi, 1, order - 1), 1)
    ]
    return Expansion(
        sqrt(ridge), tuple(terms), sympify(order + 1), "for √(δ/U_1)/λ_min small"
    )


def more_samples_than_modes(excess: Expr, ridge: Any, order: int) -> Expansion:
    """C for n > N as δ → 0, with the excess n − N: δ/(n − N) − …."""
    bracket = _alternating(1, lambda k: moment(-k) / excess, order)
    phi = power_of_series(bracket, sympify(-1), order)
    terms = [
        c * (ridge / excess) ** k
        for k, c in enumerate(inverse_power(phi, 1, order - 1), 1)
    ]
    return Expansion(ridge, tuple(terms), sympify(order + 1), "n > N, δ → 0")


def many_samples(excess: Expr, ridge: Any, order: int) -> Expansion:
    """C as n → ∞ at a fixed ridge δ > 0, in powers of 1/(n − N)."""
    phi = [sympify(1), sympify(0)]
    phi += [(-1) ** (k + 1) * moment(-k + 1) / ridge for k in range(2, order + 1)]
    terms = [
        c * (ridge / excess) ** k
        for k, c in enumerate(inverse_power(phi, 1, order - 1), 1)
    ]
    return Expansion(1 / excess, tuple(terms), sympify(order + 1), "N finite, δ > 0")
