"""On few points the defining sum is itself a closed form, in exact numbers."""

from sympy import (
    Add,
    Expr,
    Integer,
    Rational,
    acos,
    asin,
    cos,
    expand,
    nan,
    oo,
    pi,
    zoo,
)

from theory.domains.krawtchouk import Krawtchouk
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Rule
from theory.notation import t
from theory.source import OURS

MAX_DIMENSION = 10
RADICAL_POINTS = frozenset({1, 2, 3, 4, 5, 6, 8, 10, 12})


def arranged(e: Expr) -> Expr:
    """A number with arccos and arcsin of positive arguments only, expanded.

    Examples
    --------
    >>> arranged(acos(Rational(-1, 3)))
    pi - acos(1/3)
    """
    e = e.replace(
        lambda x: isinstance(x, asin), lambda x: pi / 2 - acos(x.args[0])
    ).replace(
        lambda x: isinstance(x, acos) and x.args[0].is_negative,
        lambda x: pi - acos(-x.args[0]),
    )
    return expand(e)


def on_hypercube(e: Expr, d: Expr, k: Expr) -> Expr | str:
    """λ_k of a function of t, from the d + 1 Hamming distances.

    Examples
    --------
    >>> on_hypercube(acos(t), Integer(2), Integer(1))
    -pi/4
    """
    if not (d.is_Integer and k.is_Integer):
        return "level and dimension are not both numbers"
    if d > MAX_DIMENSION:
        return f"the sum over d + 1 = {d + 1} distances is left to numerics"
    terms = (
        Krawtchouk(Integer(m), k, d) * e.subs(t, Rational(d - 2 * m, d))
        for m in range(int(d) + 1)
    )
    return _finite(arranged(Add(*terms) / 2**d))


def on_points(e: Expr, points: Expr, k: Expr) -> Expr | str:
    """λ_k of a function of t on M equispaced points with cosines in square roots.

    Examples
    --------
    >>> on_points(t**2, Integer(4), Integer(2))
    1/2
    """
    if not (points.is_Integer and k.is_Integer):
        return "level and number of points are not both numbers"
    if int(points) not in RADICAL_POINTS:
        return f"the cosines of {points} points are not written with square roots"
    terms = (
        e.subs(t, cos(2 * pi * j / points)) * cos(2 * pi * j * k / points)
        for j in range(int(points))
    )
    return _finite(arranged(Add(*terms) / points))


def _finite(value: Expr) -> Expr | str:
    infinite = value.has(zoo, oo, -oo, nan)
    return "K is infinite or undefined at one of the points" if infinite else value


def _prove() -> Proof:
    from sympy import binomial

    size = 6
    steps = [
        ProofStep(
            f"C(d, k) K_m(k) = C(d, m) K_k(m) at d = {size}, k = {a}, m = {b}",
            binomial(size, a) * Krawtchouk(Integer(b), Integer(a), Integer(size)),
            binomial(size, b) * Krawtchouk(Integer(a), Integer(b), Integer(size)),
            "rational arithmetic",
        )
        for a in range(3)
        for b in range(3)
    ]
    return Proof(
        "finite_sum",
        "the definition itself, with the weight C(d, m) moved into the Krawtchouk "
        "polynomial",
        tuple(steps),
    )


HYPERCUBE = Rule(
    name="hypercube_finite_sum",
    says="λ_k = 2^{−d} Σ_m K_m(k; d) K(1−2m/d), evaluated exactly",
    source=OURS,
    conditions=f"level and d are numbers, d ≤ {MAX_DIMENSION}",
    match=lambda e, d: "needs the level",  # noqa: ARG005
    prove=_prove,
)
CIRCLE = Rule(
    name="circle_finite_sum",
    says="λ_k = (1/M) Σ_j K(cos 2πj/M) cos(2πjk/M), evaluated exactly",
    source=OURS,
    conditions="level and M are numbers, and the cosines are square roots",
    match=lambda e, d: "needs the level",  # noqa: ARG005
    prove=_prove,
)
