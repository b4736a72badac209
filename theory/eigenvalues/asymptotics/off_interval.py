"""Singular points of K beyond the interval: λ_k decays geometrically.

Where K is analytic on −1 ≤ t ≤ 1, its nearest singularity c (1 − t/a)^ν at a real a,
|a| > 1, gives c times an exact eigenvalue, a 2F1 that falls like (a + √(a²−1))^{−k}.
Nets of erf and GELU are of this kind at any depth.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import mpmath
from sympy import Expr, Float, Integer, Pow, Rational, Symbol, acos, asin, log

from theory.chain import Chain
from theory.eigenvalues.asymptotics import puiseux
from theory.eigenvalues.sphere.offset import levels_of
from theory.errors import Unsupported
from theory.notation import k, u

DIGITS = puiseux.DIGITS
SHOWN_DIGITS = 30
SMALLEST = mpmath.mpf(10) ** -25
SCAN_DIGITS = 30
NEAREST, STRIDE, STEPS = -4, mpmath.mpf(1) / 30, 170
FARTHEST = 50
Function = Callable[[Any], Any]


def vanishing(chain: Chain) -> list[Expr]:
    """Expressions, in the chain's symbols, at whose zeros K is singular.

    Examples
    --------
    >>> from sympy import sqrt
    >>> vanishing(Chain((), asin(u / 2) + sqrt(1 - u)))
    [1 - u, 1 - u**2/4]
    """
    found: dict[Expr, None] = {}
    for e in [*(e for _, e in chain.bindings), chain.result]:
        for x in sorted(e.atoms(Pow, asin, acos, log), key=str):
            if not x.free_symbols:
                continue
            if isinstance(x, Pow):
                if not (x.exp.is_Integer and x.exp > 0):
                    found[x.base] = None
            elif isinstance(x, log):
                found[x.args[0]] = None
            else:
                found[1 - x.args[0] ** 2] = None
    return sorted(found, key=str)


def nearest(chain: Chain, side: int) -> Any:
    """The first singular point on the real line beyond ``side`` = ±1, or None.

    Examples
    --------
    >>> from theory import kernels
    >>> mpmath.nstr(nearest(kernels.nngp("erf").half(), 1), 10)
    '1.25'
    """
    functions = [_along(chain, e) for e in vanishing(chain)]
    with mpmath.workdps(SCAN_DIGITS):
        # in log(|t| − 1), as singular points may lie close to the interval
        grid = [mpmath.mpf(10) ** (NEAREST + step * STRIDE) for step in range(STEPS)]
        places = [side * (1 + away) for away in [mpmath.mpf(0), *grid]]
        last = [f(places[0]) for f in functions]
        for before, here in pairwise(places):
            values = [f(here) for f in functions]
            changed = [
                f
                for f, x, y in zip(functions, last, values, strict=True)
                if _real(x) and _real(y) and mpmath.re(x) * mpmath.re(y) <= 0 and y != x
            ]
            if changed:
                roots = [_root(f, before, here) for f in changed]
                finite = [x for x in roots if mpmath.isfinite(x)]
                if finite:
                    return min(finite, key=abs)
            last = values
    return None


def _real(x: Any) -> bool:
    return abs(mpmath.im(x)) <= abs(mpmath.re(x)) * mpmath.mpf(10) ** -20


def _root(f: Function, low: Any, high: Any) -> Any:
    real = lambda x: mpmath.re(f(x))
    tight = mpmath.mpf(10) ** -(2 * DIGITS - 20)
    with mpmath.workdps(DIGITS + 20):
        return mpmath.findroot(real, (low, high), solver="anderson", tol=tight)


def _along(chain: Chain, e: Expr) -> Function:
    """An expression in the chain's symbols as a function of t, in mpmath."""
    from sympy import lambdify

    names: list[Symbol] = [u]
    steps = []
    needed = set(e.free_symbols)
    for symbol, step in reversed(chain.bindings):
        needed |= step.free_symbols if symbol in needed else set()
    for symbol, step in chain.bindings:
        if symbol in needed:
            steps.append(lambdify(names, _plain(step), "mpmath"))
            names.append(symbol)
    last = lambdify(names, _plain(e), "mpmath")

    def function(t: Any) -> Any:
        values = [(1 - t) / 2]
        try:
            for step in steps:
                values.append(mpmath.mpmathify(step(*values)))
            return mpmath.mpmathify(last(*values))
        except ZeroDivisionError:
            return mpmath.nan

    return function


def _plain(e: Expr) -> Expr:
    from theory.activations.angle import angle, sine_lag

    return e.replace(
        lambda x: isinstance(x, (angle, sine_lag)), lambda x: x.definition
    ).replace(lambda x: isinstance(x, angle), lambda x: x.definition)


def terms_of(chain: Chain, d: Expr, terms: int) -> tuple[list[Expr], str]:
    """The terms c λ_k[(1 − t/a)^ν] of both sides, and the range in words.

    Raises
    ------
    Unsupported
        Where no singular point on the real line is found, or its kind is another.
    """
    points = {side: nearest(chain, side) for side in (1, -1)}
    known = [abs(a) for a in points.values() if a is not None]
    if not known:
        raise Unsupported(
            "K has no half power at t = ±1 and no singular point on the real line "
            f"within |t| ≤ {FARTHEST}: λ_k falls faster, use its closed form or digits"
        )
    closest = min(known)
    near = closest * (1 + mpmath.mpf(10) ** -20)
    right, left = (
        _at(chain, a, terms) if a is not None and abs(a) <= near else {}
        for a in points.values()
    )
    place = _exact(closest)
    total = []
    for nu in sorted({*right, *left}):
        c, flipped = right.get(nu, mpmath.mpf(0)), left.get(nu, mpmath.mpf(0))
        alternating = Integer(-1) ** k
        if abs(abs(c) - abs(flipped)) < SMALLEST * abs(c):
            sign = 1 if c * flipped > 0 else -1
            factor = _exact(c) * (1 + sign * alternating)
        else:
            factor = _exact(c) + _exact(flipped) * alternating
        total.append(factor * levels_of(1 / place, nu, d)(k))
    if not total:
        raise Unsupported(
            f"the singularity of K at t = {mpmath.nstr(closest, 8)} is no power"
        )
    with mpmath.workdps(30):
        rate = closest + mpmath.sqrt(closest**2 - 1)
    valid = (
        f"k → ∞; λ_k falls like {mpmath.nstr(rate, 6)}^(−k), from the singular point at "
        f"|t| = {mpmath.nstr(closest, 6)}, {terms} terms"
    )
    return total, valid


def _at(chain: Chain, a: Any, terms: int) -> dict[Expr, Any]:
    """ν → c of the singular terms c (1 − t/a)^ν of K near t = a."""
    series = puiseux.around(chain, a, size=2 * terms + 8)
    found: dict[Expr, Any] = {}
    for j, c in enumerate(series.coefficients, start=series.offset):
        if len(found) == terms:
            break
        if not (j % 2 or j < 0) or abs(c) < SMALLEST:
            continue
        if abs(mpmath.im(c)) > SMALLEST * abs(c):
            raise Unsupported(
                "the coefficients of K around its singular point are not real"
            )
        with mpmath.workdps(DIGITS):
            found[Rational(j, 2)] = mpmath.re(c) * (abs(a) / 2) ** (mpmath.mpf(j) / 2)
    return found


def _exact(a: Any) -> Expr:
    """A number as the fraction that it is to all digits, else its first 30."""
    with mpmath.workdps(DIGITS):
        for q in range(1, 500):
            p = a * q
            near = mpmath.nint(p)
            if abs(p - near) < mpmath.mpf(10) ** -100:
                return Rational(int(near), q)
    return Float(mpmath.nstr(a, SHOWN_DIGITS), SHOWN_DIGITS)
