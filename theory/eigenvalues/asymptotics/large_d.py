"""λ_k in high dimension: g_k λ_k is Taylor's coefficient a_k, with orders in 1/d.

The kernel's own power series meets the eigenvalues of t^p, quotients of Γ's on the
sphere and moments of p letters on the hypercube; both are expanded in 1/d with a
symbolic level. The orders agree in 1/d and part at 1/d², and k²/d must be small.
"""

from collections.abc import Iterable
from typing import Any

from sympy import (
    Add,
    Expr,
    IndexedBase,
    Integer,
    Rational,
    bernoulli,
    expand,
    factor,
    factorial,
    sympify,
)
from sympy.functions.combinatorial.factorials import rf

from theory.chain import Chain
from theory.eigenvalues.asymptotics import gamma_series
from theory.eigenvalues.asymptotics.approximation import (
    Asymptotic,
    exact_value,
    relative,
)
from theory.eigenvalues.checks import quadrature
from theory.eigenvalues.lookup import KnownEigenvalue
from theory.errors import OutOfDomain, Unsupported
from theory.kernels import Kernel
from theory.notation import d as symbol_d
from theory.notation import t

MAX_ORDER = 6
LEVELS_MEASURED = (0, 2, 5)
a = IndexedBase("a")


def taylor(kernel: Kernel, p: int) -> Expr:
    """a_p, the coefficient of t^p in K.

    Raises
    ------
    Unsupported
        When K is a chain, depends on d, or has no Taylor series at t = 0.

    Examples
    --------
    >>> from theory import kernels
    >>> [taylor(kernels.exponential(2), p) for p in range(4)]
    [1, 2, 2, 4/3]
    """
    written = kernel(t)
    if isinstance(written, Chain) or symbol_d in written.free_symbols:
        raise Unsupported(
            f"{kernel} is a chain or depends on d; its Taylor series is not taken"
        )
    value = written.diff(t, p).subs(t, 0) / factorial(p)
    if not value.is_finite and value.is_finite is not None:
        raise Unsupported(f"{kernel} has no Taylor coefficient of t^{p}")
    return value


def on_sphere(k: Expr, j: int, order: int) -> list[Expr]:
    """N(d, k) λ_k[t^(k+2j)] in 1/d, from its leading 1 on, over d^−j (k+2j)!/(k! j! 2^j).

    N(d, k) = (2k+d−2) Γ(k+d−2)/(k! Γ(d−1)), and λ_k has Γ(d/2)/Γ(d/2+k+j).
    """
    first = [Integer(1), 2 * k - 2, *[Integer(0)] * order][: order + 1]
    modes = gamma_series.quotient(k - 2, Integer(-1), order)
    halved = gamma_series.quotient(Integer(0), k + j, order)
    eigen = [c * 2**n for n, c in enumerate(halved)]
    return gamma_series.product(first, modes, eigen)


def on_hypercube(k: Expr, j: int, order: int) -> list[Expr]:
    """C(d, k) λ_k[t^(k+2j)] in 1/d, likewise.

    λ_k[t^p] = p!/d^p [z^p] sinh^k z cosh^{d−k} z, and sinh z/z and cosh z have the
    logarithms Σ 2^{2i} B_{2i} z^{2i}/(2i (2i)!) and Σ 2^{2i} (2^{2i}−1) B_{2i} z^{2i}/(2i (2i)!).
    """
    # Σ_i z^{2i} (α_i d + β_i), with α from log cosh and β from k (log sinh z/z − log cosh)
    powers = []
    for i in range(1, j + 1):
        size = bernoulli(2 * i) * 2 ** (2 * i) / (2 * i * factorial(2 * i))
        cosine = size * (2 ** (2 * i) - 1)
        powers.append(cosine * symbol_d + k * (size - cosine))
    moments = gamma_series.exponentiated(tuple(powers))[j]
    scaled = expand(moments * factorial(j) * 2**j / symbol_d**j)
    series = [scaled.coeff(symbol_d, -n) for n in range(order + 1)]
    modes = gamma_series.quotient(Integer(1), 1 - k, order)
    return gamma_series.product(series, modes)


EXPANSIONS = {"hypercube": on_hypercube, "sphere": on_sphere}
"""Kind of domain → g_k λ_k of a power of t in orders of 1/d."""


def expanded(domain: Any, k: Expr, order: int, coefficient: Any) -> Expr:
    """g_k λ_k in powers of 1/d up to ``order``, with a function for a_p."""
    write = EXPANSIONS[domain.kind]
    orders: list[Expr] = [Integer(0)] * (order + 1)
    for j in range(order + 1):
        head = rf(k + 1, 2 * j) / (factorial(j) * 2**j) * coefficient(k + 2 * j)
        for n, c in enumerate(write(k, j, order - j)):
            orders[j + n] += head * (factor(c) if c != 0 else c)
    return Add(*(c / symbol_d**n for n, c in enumerate(orders)))


def large_d(
    e: KnownEigenvalue, *, order: int = 2, at: Iterable[int] = (20, 50, 100)
) -> Asymptotic:
    """λ_k for large d, on the sphere and the hypercube, to any order in 1/d.

    g_k λ_k = a_k + ((k+1)(k+2) a_{k+2} − k(k−1) a_k)/(2d) + O(d^−2), a_k the Taylor
    coefficients of K, which stay letters where the level is a symbol. The small
    parameter is k²/d.

    Parameters
    ----------
    e
        The eigenvalue; its kernel must not depend on d.
    order
        The last power of 1/d, 0 to 6.
    at
        Dimensions at which the error is measured.

    Raises
    ------
    Unsupported
        On the circle, and for kernels that depend on d, or are chains.
    OutOfDomain
        When the order is out of range.

    Examples
    --------
    >>> from theory import kernels
    >>> from theory.domains import Hypersphere
    >>> from theory.eigenvalues import eigenvalue
    >>> e = eigenvalue(Hypersphere(symbol_d), kernels.exponential(1), 3)
    >>> form = large_d(e, order=1, at=(100,))
    >>> form.expression, form.measured["d=100, k²/d=0.09"] < 2e-4
    ((1/6 - 5/(12*d))/(-d + binomial(d + 2, 3)), True)
    """
    if e.domain.kind not in EXPANSIONS:
        raise Unsupported(f"large_d: a sphere or a hypercube, not {e.domain}")
    if order not in range(MAX_ORDER + 1):
        raise OutOfDomain(f"order = {order} must be in 0..{MAX_ORDER}")
    k = sympify(e.level)
    shape: Any = type(e.domain)
    domain = shape(symbol_d)
    numeric = k.is_Integer
    letters = lambda p: a[p]
    values = lambda p: taylor(e.kernel, int(p))
    values(k + 2 * order if numeric else Integer(0))
    series = expanded(domain, k, order, values if numeric else letters)
    expression = series / domain.multiplicity(k)
    measured = {}
    levels = (int(k),) if numeric else LEVELS_MEASURED
    for level in levels:
        numbers = {} if numeric else {k: level}
        form = expression.subs(numbers) if numbers else expression
        form = form.replace(
            lambda x: getattr(x, "base", None) == a, lambda x: values(x.indices[0])
        )
        for size in at:
            sized = shape(size)
            truth = exact_value(e.kernel, sized, level)
            left = quadrature.value(form.subs(symbol_d, size))
            if truth:
                place = [] if numeric else [f"k={level}"]
                ratio = Rational(level**2, size)
                place += [f"d={size}", f"k²/d={float(ratio):.2g}"]
                measured[", ".join(place)] = relative(left, truth)
    valid = f"d → ∞ with k²/d small; O(d^−{order + 1}) is left out"
    return Asymptotic(expression, valid, measured, k**2 / symbol_d)


__all__ = ["expanded", "large_d", "taylor"]
