"""The geometric kernel on the circle is Poisson's, and so is its Fourier series."""

from typing import Any

from sympy import Expr, Integer, sqrt, symbols, sympify

from theory.eigenvalues.algebra.linearity import power_of_affine
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.offset import outside
from theory.notation import k
from theory.source import OURS


def root(r: Expr) -> Expr:
    """ρ = (1 − √(1 − r²))/r, the smaller root of r ρ² − 2ρ + r = 0."""
    return (1 - sqrt(1 - r**2)) / r


def levels_of(r: Expr, points: Expr | None = None) -> Levels:
    """λ_k of 1/(1 − r cos θ): ρ^k/√(1 − r²), summed over aliases on M points.

    Examples
    --------
    >>> r = sympify("4/5")
    >>> levels_of(r)(2), levels_of(r, Integer(4))(2)
    (5/12, 8/9)
    """
    rho, size = root(r), 1 / sqrt(1 - r**2)

    def levels(k: Any) -> Expr:
        k = sympify(k)
        if points is None:
            return size * rho**k
        return size * (rho**k + rho ** (points - k)) / (1 - rho**points)

    return levels


def match(e: Expr, points: Expr | None) -> Levels | str:
    """The levels of c/(1 − r t), on the circle or on M points of it."""
    found = power_of_affine(e)
    if found is None or found[2] != -1:
        return f"{e} is not of the form c/(1 − r t)"
    scale, r, _ = found
    inner = levels_of(r, points)
    return outside(r) or (lambda k: scale * inner(k))


def _prove() -> Proof:
    r = symbols("r", positive=True)
    rho = root(r)
    points = symbols("M", integer=True, positive=True)
    x = symbols("x", positive=True)
    return Proof(
        "circle_poisson",
        "the t-shift form of (1 − r t) K = 1: λ_k − r (λ_{k−1} + λ_{k+1})/2 = [k=0], "
        "with λ_{−k} = λ_k; its solution is unique for |r| < 1; the aliases of M "
        "points are geometric series",
        (
            ProofStep(
                "k ≥ 1: ρ is a root of 1 − r (ρ + 1/ρ)/2 = 0",
                1 - r * (rho + 1 / rho) / 2,
                Integer(0),
                "simplification",
            ),
            ProofStep(
                "k = 0: (1 − r ρ)/√(1 − r²) = 1",
                (1 - r * rho) / sqrt(1 - r**2),
                Integer(1),
                "simplification",
            ),
            ProofStep(
                "aliases k + jM and jM − k: x^k/(1−x^M) + x^{M−k}/(1−x^M)",
                (x**k + x ** (points - k)) / (1 - x**points) * (1 - x**points),
                x**k + x ** (points - k),
                "simplification",
            ),
        ),
    )


RULE = Rule(
    name="circle_poisson",
    says="1/(1−rt) has λ_k = ρ^k/√(1−r²), ρ = (1−√(1−r²))/r; on M points (ρ^k+ρ^{M−k})/"
    "((1−ρ^M)√(1−r²))",
    source=OURS,
    conditions="0 < |r| < 1",
    match=lambda e, d: match(e, None),  # noqa: ARG005
    prove=_prove,
)
