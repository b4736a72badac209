"""λ_k from its definition in mpmath, to check closed forms; not a proof, and slow.

Sums on the hypercube and on points of the circle have no error but rounding. Integrals
run over the angle θ, where square roots at t = ±1 are smooth, by the tanh-sinh rule.
"""

from typing import Any

import mpmath
from sympy import Expr, Float, Integer, Sum, lambdify

from theory.chain import Chain
from theory.domains import Domain
from theory.domains.krawtchouk import Krawtchouk
from theory.domains.weights import weights
from theory.errors import Unsupported
from theory.notation import t

DIGITS = 30
GUARD = 15
MAX_TERMS = 400


def zonal(k: int, d: int, at: Any) -> Any:
    """The Legendre polynomial of degree k in R^d, by its recurrence.

    Examples
    --------
    >>> zonal(2, 3, 0.5)
    -0.125
    """
    below, value = 1 + 0 * at, at
    if k == 0:
        return below
    for j in range(1, k):
        rise = (2 * j + d - 2) * at * value - j * below
        below, value = value, rise / (j + d - 2)
    return value


def integral(domain: Domain, e: Expr | Chain, k: int) -> Any:
    """λ_k of a function e of t on a concrete domain, to about 30 digits.

    Examples
    --------
    >>> from theory.domains import Hypersphere
    >>> mpmath.nstr(integral(Hypersphere(3), t**2, 2), 20)
    '0.13333333333333333333'
    """
    with mpmath.workdps(DIGITS + GUARD):
        function = _function(e)
        if not domain.is_sphere:
            return FINITE.get(domain.kind, _by_definition)(function, domain, k)
        d = int(domain.ambient)

        def integrand(theta: Any) -> Any:
            # cos θ of small θ needs twice the digits to differ from 1
            with mpmath.workdps(2 * (DIGITS + GUARD) + 30):
                cosine = mpmath.cos(theta)
                value = mpmath.re(function(cosine))
            weight = mpmath.sin(theta) ** (d - 2)
            return value * zonal(k, d, cosine) * weight

        size = mpmath.beta(mpmath.mpf(1) / 2, mpmath.mpf(d - 1) / 2)
        pieces = [mpmath.pi * j / 4 for j in range(5)]
        return mpmath.quad(integrand, pieces) / size


def _partial(series: Expr) -> Expr:
    """Σ a_p t^p up to the last term that matters for |t| ≤ 1."""
    p = series.args[1][0]
    term = lambdify(p, series.args[0] / t**p, "mpmath")
    total = Integer(0)
    with mpmath.workdps(DIGITS + GUARD):
        for n in range(MAX_TERMS):
            a = mpmath.mpmathify(term(mpmath.mpf(n)))
            total += Float(a, DIGITS + GUARD) * t**n
            if n > 8 and abs(a) < mpmath.mpf(10) ** -(DIGITS + GUARD):
                return total
    raise Unsupported(f"{series} converges too slowly at t = 1 to be added up")


def _function(e: Expr | Chain) -> Any:
    """A function of t in mpmath; a chain step by step."""
    if not isinstance(e, Chain) and e.has(Sum):
        e = e.replace(lambda x: isinstance(x, Sum), _partial)
    if not isinstance(e, Chain):
        return lambdify(t, e, "mpmath")
    names = [t]
    steps = []
    for symbol, step in e.bindings:
        steps.append(lambdify(names, step, "mpmath"))
        names.append(symbol)
    last = lambdify(names, e.result, "mpmath")

    def function(at: Any) -> Any:
        values = [at]
        for step in steps:
            # whole numbers would divide to floats
            values.append(mpmath.mpmathify(step(*values)))
        return mpmath.mpmathify(last(*values))

    return function


def _cube(function: Any, domain: Any, k: int) -> Any:
    d, total = int(domain.d), mpmath.mpf(0)
    for m in range(d + 1):
        weight = int(Krawtchouk(Integer(m), Integer(k), Integer(d)))
        total += weight * mpmath.re(function(mpmath.mpf(d - 2 * m) / d))
    return total / 2**d


def _points(function: Any, domain: Any, k: int) -> Any:
    points, total = int(domain.points), mpmath.mpf(0)
    for j in range(points):
        angle = 2 * mpmath.pi * j / points
        total += mpmath.re(function(mpmath.cos(angle))) * mpmath.cos(k * angle)
    return total / points


def _by_definition(function: Any, domain: Domain, k: int) -> Any:
    """A finite domain of any other kind: the sum that defines λ_k, term by term."""
    total = mpmath.mpf(0)
    for cosine, weight in weights(domain, k):
        at = mpmath.mpmathify(cosine.evalf(DIGITS + GUARD))
        size = mpmath.mpmathify(weight.evalf(DIGITS + GUARD))
        total += size * mpmath.re(function(at))
    return total


FINITE = {"hypercube": _cube, "circle_points": _points}
"""Kind of domain → its sum in whole numbers; the others are summed by definition."""


def trace_gap(domain: Domain, e: Expr | Chain) -> Any:
    """(K(1) − Σ g λ)/K(1) over all levels of a finite domain.

    Examples
    --------
    >>> from theory.domains import Hypercube
    >>> bool(abs(trace_gap(Hypercube(3), t**2)) < 1e-40)
    True
    """
    with mpmath.workdps(DIGITS + GUARD):
        one = mpmath.re(_function(e)(mpmath.mpf(1)))
        levels = range(int(domain.last_level) + 1)
        total = sum(
            int(domain.multiplicity(k)) * integral(domain, e, k) for k in levels
        )
        return (one - total) / (one or 1)


def scale(e: Expr | Chain) -> Any:
    """The size of a function of t: the largest of a few values inside the interval."""
    with mpmath.workdps(DIGITS):
        function = _function(e)
        return max(abs(function(mpmath.mpf(j) / 10)) for j in range(-9, 10, 3))


def value(e: Expr) -> Any:
    """A closed form without symbols to about 30 digits; None where it is undefined."""
    number = e.doit().evalf(DIGITS + GUARD)
    if not number.is_number or not number.is_finite:
        return None
    with mpmath.workdps(DIGITS + GUARD):
        return mpmath.mpmathify(number)
