"""How λ_k behaves at large k or large d, with the range and the measured error.

On the sphere a singularity c (1 − t)^ν of K gives c times an exact eigenvalue, a quotient
of Gammas; a sum of a few of them is far closer than the leading power k^{−2ν−d+1} alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath
from sympy import (
    Add,
    Expr,
    Float,
    Integer,
    Rational,
    factorial,
    gamma,
    pi,
    sqrt,
)

from theory.chain import Chain
from theory.domains import Hypersphere, UnitCircle
from theory.eigenvalues import puiseux, quadrature
from theory.eigenvalues.eigenvalue import Eigenvalue, ambient, eigenvalue, function_of_t
from theory.eigenvalues.sphere.endpoint import levels_of
from theory.errors import OutOfDomain, Unsupported
from theory.kernels import Kernel
from theory.notation import d as symbol_d
from theory.notation import k as symbol_k
from theory.notation import t
from theory.printing import latex

SHOWN_DIGITS = 30
SMALLEST = 10**-25


@dataclass(frozen=True, slots=True)
class Asymptotic:
    """An approximation of λ_k, and how far it was off where that was measured.

    Attributes
    ----------
    expression
        The approximation, in the level or in the dimension.
    valid
        In which range it may be used, in words.
    measured
        Place → relative error, against closed forms or 30-digit integrals.
    """

    expression: Expr
    valid: str
    measured: Mapping[str, float] = field(default_factory=dict)

    def latex(self) -> str:
        """The approximation in LaTeX."""
        return rf"\lambda_k \approx {latex(self.expression)}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def _sympy_(self) -> Expr:
        return self.expression

    def __str__(self) -> str:
        errors = ", ".join(f"{p}: {e:.1e}" for p, e in self.measured.items())
        return f"λ_k ≈ {self.expression}\n  valid: {self.valid}\n  error: {errors}"


def _exact(kernel: Kernel, domain: Any, level: int) -> Any:
    e = eigenvalue(domain, kernel, level)
    if e.rule is not None:
        return quadrature.value(e.expression)
    written = function_of_t(domain, kernel)
    return quadrature.integral(domain, written, level)


def _relative(approximation: Any, truth: Any) -> float:
    return float(abs(approximation - truth) / abs(truth)) if truth else 0.0


def large_k(
    e: Eigenvalue, *, terms: int = 4, at: Iterable[int] = (10, 20, 40)
) -> Asymptotic:
    """λ_k for large k on a sphere or the circle, from the singularities at t = ±1.

    Parameters
    ----------
    e
        The eigenvalue; its dimension must be a number.
    terms
        How many half powers of 1 − t, and as many of 1 + t.
    at
        Levels at which the error is measured; each costs an integral.

    Raises
    ------
    Unsupported
        On the hypercube; for kernels without a half power at either end, which decay
        faster than every power of k.
    """
    if not isinstance(e.domain, (Hypersphere, UnitCircle)):
        msg = f"{e.domain}: levels are bounded, so there is no large-k limit"
        raise Unsupported(msg)
    d = ambient(e.domain)
    if not d.is_Integer:
        msg = "large_k: the dimension must be a number, for the error to be measured"
        raise Unsupported(msg)
    half = e.kernel.half().subs({symbol_d: d})
    total: list[Expr] = []
    for end in (1, -1):
        total += _endpoint(half, d, end, terms)
    if not total:
        msg = (
            f"{e.kernel} has no half power at t = ±1; λ_k falls faster than any power: "
            "use its closed form, or the singularity nearest to the interval"
        )
        raise Unsupported(msg)
    expression = Add(*total)
    measured = {}
    for level in at:
        left = quadrature.value(expression.subs(symbol_k, level))
        truth = _exact(e.kernel, e.domain, level)
        if truth:
            measured[f"k={level}"] = _relative(left, truth)
    valid = f"k → ∞ at d = {d}; {terms} half powers at each end"
    return Asymptotic(expression, valid, measured)


def _endpoint(half: Chain, d: Expr, end: int, terms: int) -> list[Expr]:
    series = puiseux.expansion(half, end=end, size=2 * terms + 6)
    found = []
    for j in range(1, 2 * terms, 2):
        c = series.coefficients[j]
        if abs(c) < SMALLEST:
            continue
        nu = Rational(j, 2)
        value = Float(mpmath.nstr(c, SHOWN_DIGITS), SHOWN_DIGITS) / 2**nu
        sign = Integer(1) if end > 0 else Integer(-1) ** symbol_k
        found.append(sign * value * levels_of(nu, d)(symbol_k))
    return found


def leading_power(nu: Any, d: Any, k: Any = symbol_k, *, order: int = 1) -> Expr:
    """λ_k[(1−t)^ν] in powers of w = k + (d−2)/2, to ``order`` 0 or 1.

    The quotient Γ(k−ν)/Γ(k+ν+d−1) is even in w, so the next term is 1/w² smaller.

    Examples
    --------
    >>> exact = levels_of(Rational(1, 2), Integer(8))(20).evalf()
    >>> [abs(leading_power(Rational(1, 2), 8, 20, order=j) / exact - 1).evalf(2)
    ...  for j in (0, 1)]
    [0.039, 0.0011]
    """
    if order not in (0, 1):
        msg = f"order = {order} must be 0 or 1"
        raise OutOfDomain(msg)
    nu, d = Rational(nu), Integer(d) if isinstance(d, int) else d
    w = k + (d - 2) / 2
    head = 2 ** (nu + d - 2) * gamma(d / 2) * gamma(nu + (d - 1) / 2)
    head /= sqrt(pi) * gamma(-nu)
    power = d + 2 * nu
    next_term = power * (power - 1) * (power - 2) / (24 * w**2)
    return head * w ** (1 - power) * (1 + order * next_term)


def relu_constant(kernel: Kernel) -> Expr:
    """The coefficient of √(1−t) at t = 1 in the tangent kernel of a ReLU net, exactly.

    One step per layer: c → W (c − Θ √(2r)/π)/2, Θ → s + W Θ/2, r → r W q/(2 q′), where
    1 − (correlation) ≈ r (1 − t).

    Examples
    --------
    >>> from theory import kernels
    >>> relu_constant(kernels.ntk("relu", depth=1))
    -sqrt(2)/pi
    >>> deep = kernels.ntk("relu", depth=4, bias_variance="0.01")
    >>> relu_constant(deep).evalf(12)
    -4.51289039643
    """
    if kernel.family != "ntk" or kernel["activation"] != "relu":
        msg = f"{kernel} is not the tangent kernel of a ReLU net"
        raise OutOfDomain(msg)
    W, b = kernel["weight_variance"], kernel["bias_variance"]
    q = W * kernel["input_variance"] + b
    r = W * kernel["input_variance"] / q
    tangent, c = q, Integer(0)
    depth = int(kernel["depth"])
    for layer in range(1, depth + 1):
        weight, bias = (Integer(1), Integer(0)) if layer == depth else (W, b)
        c = weight * (c - tangent * sqrt(2 * r) / pi) / 2
        after = weight * q / 2 + bias
        tangent = after + weight * tangent / 2
        r, q = r * weight * q / (2 * after), after
    return c


def taylor(kernel: Kernel, p: int) -> Expr:
    """a_p, the coefficient of t^p in K."""
    written = kernel(t)
    if isinstance(written, Chain) or symbol_d in written.free_symbols:
        msg = f"{kernel} is a chain or depends on d; its Taylor series is not taken"
        raise Unsupported(msg)
    return written.diff(t, p).subs(t, 0) / factorial(p)


def large_d(e: Eigenvalue, *, at: Iterable[int] = (20, 50, 100)) -> Asymptotic:
    """λ_k for large d, on sphere and hypercube alike, with the term in 1/d.

    g_k λ_k = a_k + ((k+1)(k+2) a_{k+2} − k(k−1) a_k)/(2d) + O(d^−2), a_k the Taylor
    coefficients of K. The small parameter is k²/d.

    Raises
    ------
    Unsupported
        On the circle, for a symbolic level, and for kernels that depend on d.
    """
    if isinstance(e.domain, UnitCircle) or not e.level.is_Integer:
        msg = "large_d: a sphere or a hypercube, and a level that is a number"
        raise Unsupported(msg)
    k = int(e.level)
    here, above = taylor(e.kernel, k), taylor(e.kernel, k + 2)
    domain = type(e.domain)(symbol_d)
    next_order = ((k + 1) * (k + 2) * above - k * (k - 1) * here) / (2 * symbol_d)
    expression = (here + next_order) / domain.multiplicity(k)
    measured = {}
    for size in at:
        sized = type(e.domain)(size)
        left = quadrature.value(expression.subs(symbol_d, size))
        truth = _exact(e.kernel, sized, k)
        if truth:
            measured[f"d={size}"] = _relative(left, truth)
    return Asymptotic(
        expression, "d → ∞ with k²/d small; O(d^−2) is left out", measured
    )


__all__ = [
    "Asymptotic",
    "large_d",
    "large_k",
    "leading_power",
    "relu_constant",
    "taylor",
]
