"""Judges of the Gaussian integrals behind numeric duals, with cubic polynomials.

An integral over independent unit Gaussians is a sum over Gauss–Hermite nodes, exact for
polynomials but for rounding; the second way sums over the pairings of a correlated pair
(Isserlis).
"""

from collections.abc import Callable
from functools import lru_cache
from math import comb, factorial
from typing import Any

import numpy as np
from sympy import Derivative, Expr, Function, Integral, Lambda, Poly, lambdify

from theory.activations import c, q, z
from theory.activations.gaussian_pairs import q1, q2
from theory.activations.numeric_duals import numeric_dual
from theory.formula import Formula
from theory.notation import u
from verify.exact.testing.choices import Choose, signed
from verify.exact.testing.law import Law, Outcome
from verify.formulas.registry import judge, law_of

SYMBOLS = (q, q1, q2, c, u)
AGREE = 1e-9
_nodes, _weights = np.polynomial.hermite_e.hermegauss(9)
_weights = _weights / np.sqrt(2 * np.pi)
Values = dict[Any, float]


def moment(n: int) -> int:
    """E x^n of a unit Gaussian."""
    return 0 if n % 2 else factorial(n) // (2 ** (n // 2) * factorial(n // 2))


def pair_moment(m: int, n: int, v: float, w: float, s: float) -> float:
    """E x^m y^n by pairings: j mixed ones, the others among themselves."""
    return sum(
        comb(m, j)
        * comb(n, j)
        * factorial(j)
        * s**j
        * moment(m - j)
        * v ** ((m - j) // 2)
        * moment(n - j)
        * w ** ((n - j) // 2)
        for j in range(min(m, n) + 1)
        if (m - j) % 2 == 0 and (n - j) % 2 == 0
    )


def paired(a: np.ndarray, v: float, w: float, at: float) -> float:
    """E f(x)f(y) of f(z) = Σ a_n z^n at a correlation."""
    if v < 0 or w < 0:
        return float("nan")
    s = at * np.sqrt(v * w)
    return sum(
        x * y * pair_moment(m, n, v, w, s)
        for m, x in enumerate(a)
        for n, y in enumerate(a)
    )


@lru_cache(maxsize=256)
def _integrand(e: Integral) -> Callable[..., Any]:
    x, y = (limit[0] for limit in e.limits)
    return lambdify((x, y, *SYMBOLS), e.function, ["numpy"])


def integrated(e: Integral, f: np.ndarray, values: Values) -> float:
    """An integral over the plane by Gauss–Hermite quadrature."""
    run = _integrand(e)
    run.__globals__["f"] = lambda x: np.polynomial.polynomial.polyval(x, f)
    x, y = _nodes[:, None], _nodes
    inverse = 2 * np.pi * np.exp((x * x + y * y) / 2)
    with np.errstate(all="ignore"):
        body = run(x, y, *(values[k] for k in SYMBOLS)) * inverse
    if np.iscomplexobj(body):
        return float("nan")
    return float(_weights @ np.broadcast_to(body, (9, 9)) @ _weights)


def _case(choose: Choose) -> tuple[np.ndarray, Values]:
    f = np.array([float(signed(choose)) for _ in range(4)])
    f[1] += 1
    half = choose(1, 9) / 10
    first, second = choose(1, 3) / 2, choose(1, 3) / 2
    return f, {q: first, q1: first, q2: second, c: 1 - 2 * half, u: half}


@judge("gaussian_integral", "price_theorem", "gaussian_fall", "gaussian_apart")
def by_pairings(formula: Formula) -> Law:
    """Moments of a correlated pair by pairings, for random cubic polynomials."""

    def test(case: tuple[np.ndarray, Values]) -> Outcome:
        f, values = case
        left, right = (_value(e, f, values) for e in (formula.lhs, formula.rhs))
        size = max(1.0, abs(left), abs(right))
        if not abs(left - right) <= AGREE * size < np.inf:
            return Outcome(failure=f"{formula.name}: {left} is not {right} for f = {f}")
        return Outcome()

    return law_of(formula, _case, test)


@lru_cache(maxsize=4096)
def _coefficients(phi: Lambda, f: tuple, values: tuple) -> np.ndarray:
    """Of the polynomial that an activation written with f is; all mutants ask for it."""
    written = lambda x: sum(a * x**k for k, a in enumerate(f))
    body = phi(z).replace(Function("f"), written).doit().subs(dict(values))
    return np.array([float(x) for x in reversed(Poly(body, z).all_coeffs())])


def _value(e: Expr, f: np.ndarray, values: Values) -> float:
    """A side in numbers: duals by pairings, integrals by nodes, ∂/∂c by differences."""

    def dual(phi: Lambda, *rest: Expr, shift: float = 0.0) -> Any:
        v, w, at = (float(x.subs(values)) for x in rest)
        a = _coefficients(phi, tuple(map(float, f)), tuple(values.items()))
        return paired(a, v, w, at + shift)

    def slope(x: Derivative) -> Any:
        inner, h = x.expr, 0.25
        at = [dual(*inner.args, shift=k * h) for k in (-2, -1, 1, 2)]
        # exact for polynomials of degree 4
        return (8 * (at[2] - at[1]) - (at[3] - at[0])) / (12 * h)

    from sympy import Float

    number = lambda x: Float(float(x), 17)
    e = e.replace(
        lambda x: isinstance(x, Derivative) and isinstance(x.expr, numeric_dual),
        lambda x: number(slope(x)),
    )
    e = e.replace(
        lambda x: isinstance(x, numeric_dual), lambda x: number(dual(*x.args))
    )
    e = e.replace(
        lambda x: isinstance(x, Integral), lambda x: number(integrated(x, f, values))
    )
    found = complex(e.subs(values).evalf())
    return found.real if abs(found.imag) < AGREE else float("nan")
