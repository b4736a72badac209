"""Polynomials in t, √(1−t²) and arccos t on the sphere, exactly, one level at a time.

With t = cos θ the integrand is a polynomial in cos θ, sin θ and θ: a sum of θ^j e^{imθ},
whose integrals over 0..π are in ℚ[π]. Products of arc-cosine kernels are of this kind,
for which no Gamma form in k is known.
"""

from fractions import Fraction
from functools import lru_cache
from math import comb

from sympy import (
    Add,
    Expr,
    I,
    Integer,
    Poly,
    Pow,
    Rational,
    Symbol,
    acos,
    asin,
    chebyshevt,
    exp,
    expand,
    pi,
)

from theory.eigenvalues.algebra.legendre import legendre
from theory.eigenvalues.algebra.linearity import MAX_TERMS, expanded_terms
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Rule
from theory.notation import t
from theory.source import OURS

MAX_DIMENSION = 20
MAX_LEVEL = 40
MAX_DEGREE = 80
c, s, theta = Symbol("c"), Symbol("s", positive=True), Symbol("theta", positive=True)


@lru_cache(maxsize=4096)
def wave(m: int, j: int) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
    """∫ θ^j e^{imθ} dθ over 0..π: real and imaginary part as {power of π: factor}.

    Examples
    --------
    >>> wave(1, 0)
    ({}, {0: Fraction(2, 1)})
    """
    if m == 0:
        return {j + 1: Fraction(1, j + 1)}, {}
    # by parts: [θ^j e^{imθ}]/(im) − j/(im) times the integral with θ^{j−1}
    real: dict[int, Fraction] = {}
    imaginary: dict[int, Fraction] = {}
    end = Fraction((-1) ** m)
    bracket = {j: end} if j else {0: end - 1}
    for power, value in bracket.items():
        imaginary[power] = imaginary.get(power, Fraction(0)) - value / m
    if j:
        below = wave(m, j - 1)
        # −j/(im) = ij/m: real part −j/m times the imaginary one, and the reverse
        for power, value in below[1].items():
            real[power] = real.get(power, Fraction(0)) - Fraction(j, m) * value
        for power, value in below[0].items():
            imaginary[power] = (
                imaginary.get(power, Fraction(0)) + Fraction(j, m) * value
            )
    clean = lambda x: {power: value for power, value in x.items() if value}
    return clean(real), clean(imaginary)


@lru_cache(maxsize=4096)
def mean(a: int, b: int, j: int) -> Expr:
    """∫ cos^a θ sin^b θ θ^j dθ over 0..π, exactly.

    Examples
    --------
    >>> mean(0, 1, 0), mean(1, 1, 1)
    (2, -pi/4)
    """
    # cos^a sin^b = 2^{−a−b} i^{−b} Σ (−1)^q C(a,p) C(b,q) e^{i(a+b−2p−2q)θ}
    total: dict[int, Fraction] = {}
    turn = b % 4
    for p in range(a + 1):
        for q in range(b + 1):
            weight = Fraction((-1) ** q * comb(a, p) * comb(b, q), 2 ** (a + b))
            real, imaginary = wave(a + b - 2 * p - 2 * q, j)
            # the real part of i^{−b} (x + iy) is x, y, −x, −y in turn
            part = real if turn % 2 == 0 else imaginary
            sign = 1 if turn < 2 else -1
            for power, value in part.items():
                total[power] = total.get(power, Fraction(0)) + sign * weight * value
    return Add(
        *(
            Rational(value.numerator, value.denominator) * pi**power
            for power, value in total.items()
        )
    )


def in_angle(e: Expr) -> Poly | None:
    """A function of t as a polynomial in cos θ, sin θ and θ, or None.

    Examples
    --------
    >>> from sympy import sqrt
    >>> in_angle(t * acos(t) + sqrt(1 - t**2)).as_expr()
    c*theta + s
    """
    if expanded_terms(e) > MAX_TERMS:
        return None
    e = e.replace(asin(t), pi / 2 - acos(t)).replace(acos(t), theta)
    e = expand(e)
    e = e.replace(
        lambda x: isinstance(x, Pow) and (x.base - (1 - t**2)).expand() == 0,
        lambda x: s ** (2 * x.exp),
    )
    e = expand(e.subs(t, c))
    if not e.is_polynomial(c, s, theta):
        return None
    return Poly(e, c, s, theta)


def on_sphere(e: Expr, d: Expr, k: Expr) -> Expr | str:
    """λ_k of a function of t, exactly, at one level and dimension.

    Examples
    --------
    >>> on_sphere(acos(t) ** 2, Integer(3), Integer(0))
    -2 + pi**2/2
    """
    if not (d.is_Integer and k.is_Integer):
        return "level and dimension are not both numbers"
    if d > MAX_DIMENSION or k > MAX_LEVEL:
        return (
            f"exact integrals are left out above d = {MAX_DIMENSION}, k = {MAX_LEVEL}"
        )
    poly = in_angle(e)
    if poly is None:
        return "the kernel is no polynomial in t, √(1 − t²) and arccos t"
    if poly.total_degree() + int(k) > MAX_DEGREE:
        return f"exact integrals are left out above degree {MAX_DEGREE}"
    zonal = chebyshevt(k, c) if d == 2 else legendre(int(k), d).subs(t, c)
    whole = poly * Poly(zonal, c, s, theta)
    weight = int(d) - 2
    total = Add(
        *(
            coefficient * mean(a, b + weight, j)
            for (a, b, j), coefficient in whole.terms()
        )
    )
    return expand(total / mean(0, weight, 0))


def _prove() -> Proof:
    m, x, j = Symbol("m", positive=True), Symbol("x"), Symbol("j", positive=True)
    whole = x**j * exp(I * m * x) / (I * m)
    rest = j / (I * m) * x ** (j - 1) * exp(I * m * x)
    steps = [
        ProofStep(
            "by parts: the derivative of θ^j e^{imθ}/(im) is θ^j e^{imθ} plus j/(im) "
            "θ^{j−1} e^{imθ}",
            expand(whole.diff(x) / exp(I * m * x) / x ** (j - 1)),
            expand((x**j * exp(I * m * x) + rest) / exp(I * m * x) / x ** (j - 1)),
            "simplification",
        )
    ]
    for a, b in ((2, 1), (1, 3), (3, 2)):
        steps.append(
            ProofStep(
                f"mean of cos^{a} sin^{b} by the reduction in a: a + b times it is a − 1 "
                "times that of cos^(a−2)",
                (a + b) * mean(a, b, 0),
                (a - 1) * mean(a - 2, b, 0) if a > 1 else Integer(0),
                "rational arithmetic",
            )
        )
    return Proof(
        "sphere_angle_sum",
        "cos and sin in exponentials, then integration by parts down to θ^0",
        tuple(steps),
    )


RULE = Rule(
    name="sphere_angle_sum",
    says="a polynomial in t, √(1−t²) and arccos t is integrated exactly over the angle: "
    "λ_k is in ℚ[π, 1/π]",
    source=OURS,
    conditions=f"level and d are numbers, d ≤ {MAX_DIMENSION}, k ≤ {MAX_LEVEL}",
    match=lambda e, d: "needs the level",  # noqa: ARG005
    prove=_prove,
)

__all__ = ["RULE", "in_angle", "mean", "on_sphere", "wave"]
