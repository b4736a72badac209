"""Judges of the Gaussian integrals behind numeric duals, with cubic polynomials in ℚ.

The integrals are over independent unit Gaussians, whose moments are known; the second way
sums over the pairings of a correlated pair (Isserlis). Squares make every root rational.
"""

from collections.abc import Callable
from math import comb, factorial
from typing import Any

from sympy import Expr, Function, Integral, Lambda, Poly, Rational, expand, sqrt

from theory.activations import c, q, z
from theory.activations.gaussian_pairs import q1, q2
from theory.activations.numeric_duals import numeric_dual
from theory.formula import Formula
from theory.notation import u
from verify.exact.testing.choices import Choose, signed
from verify.exact.testing.law import Law, Outcome
from verify.formulas.registry import judge, law_of

HALVES = (Rational(9, 25), Rational(16, 25))
"""u with rational √u, √(1 − u) and 2 √(u (1 − u))."""


def moment(n: int) -> int:
    """E x^n of a unit Gaussian."""
    return 0 if n % 2 else factorial(n) // (2 ** (n // 2) * factorial(n // 2))


def pair_moment(m: int, n: int, v: Any, w: Any, s: Any) -> Any:
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


def paired(f: Expr, v: Any, w: Any, s: Any) -> Any:
    """E f(x)f(y) of a polynomial f."""
    a = Poly(f, z).all_coeffs()[::-1]
    return sum(
        x * y * pair_moment(m, n, v, w, s)
        for m, x in enumerate(a)
        for n, y in enumerate(a)
    )


def integrated(e: Expr) -> Any:
    """An integral of a polynomial with the density of two unit Gaussians."""
    x, y = (limit[0] for limit in e.limits)
    from sympy import exp, pi

    body = expand(e.function / (exp(-(x**2 + y**2) / 2) / (2 * pi)))
    terms = Poly(expand(body.simplify()), x, y).terms()
    return sum(k * moment(m) * moment(n) for (m, n), k in terms)


def _case(choose: Choose) -> dict[Any, Any]:
    half = HALVES[choose(0, 1)]
    f = sum(signed(choose) * z**n for n in range(4))
    first, second = (Rational(choose(1, 3), choose(1, 2)) ** 2 for _ in range(2))
    return {"f": f + z, u: half, q: first, q1: first, q2: second, c: 1 - 2 * half}


@judge("gaussian_integral", "price_theorem", "gaussian_fall")
def by_pairings(formula: Formula) -> Law:
    """Moments of a correlated pair by pairings, for random cubic polynomials."""

    def test(case: dict[Any, Any]) -> Outcome:
        values = {key: x for key, x in case.items() if key != "f"}
        f = case["f"]
        put = lambda e: e.replace(Function("f"), lambda at: f.subs(z, at)).doit(deep=False)
        left, right = (_value(e, f, values, put) for e in (formula.lhs, formula.rhs))
        if expand(left - right) != 0:
            return Outcome(failure=f"{formula.name}: {left} is not {right} for f = {f}")
        return Outcome()

    return law_of(formula, _case, test)


def _value(e: Expr, f: Expr, values: dict, put: Callable[[Expr], Expr]) -> Any:
    """A side: duals by pairings, integrals by moments, derivatives of pairings in c."""
    from sympy import Derivative

    if isinstance(e, Derivative):
        v, w = values[q1], values[q2]
        return paired(f, v, w, sqrt(v) * sqrt(w) * c).diff(c).subs(c, values[c])

    def dual(phi: Lambda, v: Any, w: Any, at: Any) -> Any:
        inner = put(phi(z)).doit()
        v, w, at = (x.subs(values) for x in (v, w, at))
        return paired(inner, v, w, sqrt(v) * sqrt(w) * at)

    e = e.replace(numeric_dual, dual)
    e = e.replace(
        lambda x: isinstance(x, Integral),
        lambda x: integrated(x.func(put(x.function.subs(values)), *x.limits)),
    )
    return e.subs(values)
