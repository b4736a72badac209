"""Gaussian means and Hermite coefficients of an activation, exact where they can be.

E φ(X) with X of mean μ and variance q generates the coefficients: a_n is
q^{n/2}/√n! times its n-th derivative at μ = 0. Multiplying φ by z acts on the mean as
μ + q d/dμ (Stein's lemma), so a few functions and their products with polynomials do.
"""

from functools import lru_cache
from typing import Any

from sympy import (
    Add,
    Expr,
    Heaviside,
    Integer,
    Max,
    Mul,
    Rational,
    Symbol,
    cos,
    erf,
    exp,
    expand,
    factorial,
    gamma,
    sin,
    sqrt,
    sympify,
)

from theory.errors import Unsupported

z = Symbol("z", real=True)
q = Symbol("q", positive=True)
mu = Symbol("mu", real=True)


def _line(e: Expr) -> Expr | None:
    """The slope b where e = b z, or None."""
    slope = e.diff(z)
    return slope if not slope.has(z) and expand(e - slope * z) == 0 else None


def _base(f: Expr) -> Expr | None:
    """E f(X) for the functions from which the others are made."""
    if f == 1:
        return Integer(1)
    if f == Heaviside(z, Rational(1, 2)) or f == Heaviside(z):
        return (1 + erf(mu / sqrt(2 * q))) / 2
    if isinstance(f, exp):
        return _exponential(f.args[0])
    slope = _line(f.args[0]) if f.args else None
    if slope is None:
        return None
    if isinstance(f, erf):
        return erf(slope * mu / sqrt(1 + 2 * slope**2 * q))
    if isinstance(f, (sin, cos)):
        return exp(-(slope**2) * q / 2) * f.func(slope * mu)
    return None


def _exponential(power: Expr) -> Expr | None:
    """E exp(−a X² + b X), for a > −1/(2q)."""
    polynomial = expand(power).as_poly(z)
    if polynomial is None or polynomial.degree() > 2:
        return None
    constant, b = polynomial.coeff_monomial(1), polynomial.coeff_monomial(z)
    a = -polynomial.coeff_monomial(z**2)
    if a.is_negative:
        return None
    width = 1 + 2 * a * q
    top = b**2 * q / 2 + b * mu - a * mu**2
    return exp(constant + top / width) / sqrt(width)


def _split(term: Expr) -> tuple[Expr, int, Expr]:
    """(c, n, f) where the term is c z^n f(z); z_+^s is z^s times the step."""
    coefficient, rest = term.as_independent(z, as_Add=False)
    power, factors = 0, []
    for factor in Mul.make_args(rest):
        base, exponent = factor.as_base_exp()
        whole = exponent.is_Integer and exponent > 0
        if base == z and whole:
            power += int(exponent)
        elif base in (Max(0, z), Max(z, 0)) and whole:
            power += int(exponent)
            factors.append(Heaviside(z, Rational(1, 2)))
        else:
            factors.append(factor)
    return coefficient, power, Mul(*dict.fromkeys(factors))


def ramps(e: Expr) -> Expr:
    """The same function with max, min, |z| and sign written with max(z, 0) and steps.

    Examples
    --------
    >>> ramps(abs(z)), ramps(Max(z / 10, z))
    (-z + 2*Max(0, z), z/10 + 9*Max(0, z)/10)
    """
    from sympy import Abs, Min, sign

    half = Rational(1, 2)
    e = e.replace(Abs(z), 2 * Max(z, 0) - z)
    e = e.replace(sign(z), 2 * Heaviside(z, half) - 1)
    e = e.replace(Heaviside(z), Heaviside(z, half))
    e = e.replace(lambda x: isinstance(x, (Max, Min)), _ramp)
    return expand(e)


def _ramp(e: Expr) -> Expr:
    slopes: list[Any] = [_line(argument) for argument in e.args]
    if len(slopes) != 2 or any(slope is None for slope in slopes):
        return e
    low, high = (
        sorted(slopes, key=lambda s: float(s))
        if all(s.is_number for s in slopes)
        else (None, None)
    )
    if low is None or high is None:
        return e
    if isinstance(e, Max):
        return low * z + (high - low) * Max(z, 0)
    return high * z + (low - high) * Max(z, 0)


def ramp_slopes(phi: Expr) -> tuple[Expr, Expr] | None:
    """(a, b) where φ = a max(z, 0) + b z with a ≠ 0, or None.

    Examples
    --------
    >>> ramp_slopes(abs(z)), ramp_slopes(z)
    ((2, -1), None)
    """
    phi = ramps(phi)
    a, b = phi.coeff(Max(z, 0)), phi.coeff(z)
    if a == 0 or a.has(z) or b.has(z) or expand(phi - a * Max(z, 0) - b * z) != 0:
        return None
    return a, b


@lru_cache(maxsize=256)
def gaussian_mean(phi: Expr) -> Expr | None:
    """E φ(X) for X of mean μ and variance q, or None where it is not elementary.

    Examples
    --------
    >>> gaussian_mean(z**2), gaussian_mean(erf(z))
    (mu**2 + q, erf(mu/sqrt(2*q + 1)))
    """
    total = Integer(0)
    for term in Add.make_args(ramps(phi)):
        coefficient, power, f = _split(term)
        mean = _base(f)
        if mean is None:
            return None
        for _ in range(power):
            mean = mu * mean + q * mean.diff(mu)
        total += coefficient * expand(mean)
    return total


@lru_cache(maxsize=512)
def coefficient(phi: Expr, n: int) -> Expr:
    """a_n(q) = E φ(√q z) He_n(z)/√n!, exactly.

    Raises
    ------
    Unsupported
        When E φ is not elementary; ``quadrature`` gives numbers then.

    Examples
    --------
    >>> coefficient(Max(z, 0), 1), coefficient(z**3, 1)
    (sqrt(q)/2, 3*q**(3/2))
    """
    power = half_power(phi)
    if power is not None:
        scale, s = power
        return scale * half_power_coefficient(s, n)
    mean = gaussian_mean(phi)
    if mean is None:
        raise Unsupported(
            f"E φ is not elementary for φ = {phi}; ask for a number, hermite_number"
        )
    derivative = mean.diff(mu, n).subs(mu, 0) if n else mean.subs(mu, 0)
    return (q ** Rational(n, 2) * derivative / sqrt(factorial(n))).simplify()


def half_power(phi: Expr) -> tuple[Expr, Expr] | None:
    """(c, s) where φ = c max(z, 0)^s, or None."""
    scale, rest = phi.as_independent(z, as_Add=False)
    base, exponent = rest.as_base_exp()
    if base in (Max(z, 0), Max(0, z)) and not exponent.has(z):
        return scale, exponent
    return (scale, Integer(0)) if rest in STEPS else None


STEPS = (Heaviside(z), Heaviside(z, Rational(1, 2)))


def half_power_coefficient(s: Expr, n: Expr | int) -> Expr:
    """a_n of z_+^s: q^{s/2} Γ(s+1) 2^{−(s−n)/2−1} / (√n! Γ((s−n)/2+1)).

    Examples
    --------
    >>> half_power_coefficient(Integer(1), 3)
    0
    """
    s, n = sympify(s), sympify(n)
    last = (s - n) / 2 + 1
    if last.is_integer and last.is_nonpositive:
        return Integer(0)
    head = q ** (s / 2) * gamma(s + 1) * 2 ** (-(s - n) / 2 - 1)
    return head / (sqrt(factorial(n)) * gamma(last))


__all__ = [
    "coefficient",
    "gaussian_mean",
    "half_power",
    "half_power_coefficient",
    "mu",
    "q",
    "ramp_slopes",
    "ramps",
    "z",
]
