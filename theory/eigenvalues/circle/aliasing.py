"""On M equispaced points the levels k, M − k, M + k, … of the circle fall together."""

from typing import Any

from sympy import Add, Expr, Integer, cos, expand, pi, sympify

from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.monomial import levels_of as power
from theory.notation import k, t
from theory.source import OURS


def aliased(levels: Levels, degree: int, points: Expr) -> Levels:
    """λ^{(M)}_k = Σ_m λ_{|k+mM|}, a finite sum where λ_j = 0 for j above ``degree``.

    Examples
    --------
    >>> aliased(power(Integer(4), Integer(2)), 4, Integer(3))(1)
    5/16
    """

    def on_points(k: Any) -> Expr:
        k = sympify(k)
        if not (k.is_Integer and points.is_Integer):
            return levels(k)
        reach = degree // int(points) + 1
        indices = (abs(k + m * points) for m in range(-reach, reach + 1))
        return Add(*(levels(index) for index in indices if index <= degree))

    return on_points


def match(e: Expr, points: Expr, k: Expr) -> Levels | str:
    """The levels of a polynomial in t on M points."""
    if not e.is_polynomial(t):
        return "the kernel is not a polynomial in t, so infinitely many levels alias"
    coefficients = expand(e).as_poly(t).all_coeffs()[::-1]
    degree = len(coefficients) - 1
    if not (points.is_Integer and k.is_Integer) and not (
        points.is_Integer and points > 2 * degree
    ):
        return f"levels alias unless M > 2 · {degree}, or M and the level are numbers"

    def levels(k: Any) -> Expr:
        two = Integer(2)
        return Add(*(c * power(Integer(p), two)(k) for p, c in enumerate(coefficients)))

    return aliased(levels, degree, points)


def _prove() -> Proof:
    from sympy import symbols

    j, m, points = symbols("j m M", integer=True, positive=True)
    return Proof(
        "circle_aliasing",
        "K(θ) = Σ λ_k e^{ikθ} is summed at θ_j = 2πj/M, where e^{ikθ} and e^{i(k+mM)θ} "
        "agree; a polynomial has finitely many levels",
        (
            ProofStep(
                "cos((k + mM) θ_j) = cos(k θ_j)",
                cos(expand((k + m * points) * 2 * pi * j / points)).expand(trig=True),
                cos(2 * pi * j * k / points),
                "simplification",
            ),
        ),
    )


RULE = Rule(
    name="circle_aliasing",
    says="on M points λ_k is Σ_m λ_{|k+mM|} of the circle",
    source=OURS,
    conditions="K is a polynomial; with symbols, M > 2·degree",
    match=lambda e, d: "needs the number of points",  # noqa: ARG005
    prove=_prove,
)
