"""How λ_k decays in k on the sphere: the singularities of K decide.

Half powers at t = ±1 give sums of exact quotients of Γ's, for nets of any depth;
singular points off the interval, as erf and GELU have them, geometric decay; an
exponential, and with it a Gaussian kernel, decay faster than every geometric sequence.
"""

from collections.abc import Iterable

import mpmath
from sympy import Add, Expr, Float, Integer, Pow, Rational

from theory.chain import Chain
from theory.eigenvalues.asymptotics import off_interval, puiseux
from theory.eigenvalues.asymptotics.approximation import (
    Asymptotic,
    measured_in_k,
    on_sphere,
)
from theory.eigenvalues.asymptotics.entire import bessel_terms
from theory.eigenvalues.lookup import KnownEigenvalue
from theory.eigenvalues.question import function_of_t
from theory.eigenvalues.sphere.endpoint import levels_of
from theory.errors import OutOfDomain, Unsupported
from theory.notation import d as symbol_d
from theory.notation import k as symbol_k

SHOWN_DIGITS = 30
SMALLEST = 10**-25


def large_k(
    e: KnownEigenvalue, *, terms: int = 4, at: Iterable[int] = (10, 21, 40)
) -> Asymptotic:
    """λ_k for large k on a sphere or the circle, from the singularities of K.

    Parameters
    ----------
    e
        The eigenvalue; where its dimension is a symbol the error is measured at d = 8.
    terms
        How many terms each singularity gives.
    at
        Levels at which the error is measured; each may cost an integral.

    Raises
    ------
    Unsupported
        For kernels whose singularities are of another kind.
    OutOfDomain
        On the hypercube and on points of the circle, where levels are bounded, for
        kernels that hold symbols, and when ``terms`` is not positive.

    Examples
    --------
    >>> from theory import kernels
    >>> from theory.domains import Hypersphere
    >>> from theory.eigenvalues import eigenvalue
    >>> form = large_k(eigenvalue(Hypersphere(8), kernels.nngp("erf"), symbol_k),
    ...                terms=3, at=(21,))
    >>> form.measured["k=21"] < 1e-5
    True
    """
    if not isinstance(terms, int) or terms < 1:
        raise OutOfDomain(f"terms = {terms} must be a whole number of at least 1")
    d = on_sphere(e).ambient
    written = function_of_t(e.domain, e.kernel)
    smooth = None if isinstance(written, Chain) else bessel_terms(written, d, terms)
    if smooth is not None:
        expression, valid, parameter = smooth
        measured = measured_in_k(e, expression, at)
        return Asymptotic(expression, valid, measured, parameter)
    half = e.kernel.half().subs({symbol_d: d})
    unknown = half.free_symbols - {puiseux.u}
    if unknown:
        names = ", ".join(sorted(map(str, unknown)))
        raise OutOfDomain(
            f"{e.kernel} holds {names}: its expansions are taken in numbers"
        )
    total: list[Expr] = []
    for end in (1, -1):
        total += _endpoint(half, d, end, terms)
    valid = f"k → ∞; {terms} half powers at each end"
    if not total:
        total, valid = off_interval.terms_of(half, d, terms)
    expression = Add(*total)
    measured = measured_in_k(e, expression, at)
    if measured and min(measured.values()) > 1:
        raise Unsupported(
            f"{e.kernel}: another singularity, off the real line, lies nearer"
        )
    return Asymptotic(expression, valid, measured)


def _endpoint(half: Chain, d: Expr, end: int, terms: int) -> list[Expr]:
    series = puiseux.expansion(half, end=end, size=2 * terms + 6)
    found = []
    for j in range(1, 2 * terms, 2):
        c = series.coefficients[j]
        if abs(c) < SMALLEST:
            continue
        nu = Rational(j, 2)
        value = Float(mpmath.nstr(c, SHOWN_DIGITS), SHOWN_DIGITS) / Pow(2, nu)
        sign = Integer(1) if end > 0 else Integer(-1) ** symbol_k
        found.append(sign * value * levels_of(nu, d)(symbol_k))
    return found


__all__ = ["large_k"]
