"""Why the moves are right: each as equations for symbolic level, dimension and power.

A move is linear and continuous in K and polynomials are dense, so it is enough to see it
on t^p for every p on the sphere, and on e^{βt} for every β on the hypercube.
"""

from sympy import (
    Integer,
    cos,
    cosh,
    diff,
    exp,
    expand,
    pi,
    sinh,
    symbols,
)

from theory.eigenvalues.algebra.legendre import legendre
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.sphere.monomial import amplitude
from theory.errors import OutOfDomain, meant
from theory.notation import d, k, t

p = symbols("p", integer=True, positive=True)
WRITTEN_LEVELS = 6


def shift_sphere() -> Proof:
    """λ_k[t K] on the sphere."""
    rise, fall = amplitude(p, k + 1, d), amplitude(p, k - 1, d)
    shifted = ((k + d - 2) * rise + k * fall) / (2 * k + d - 2)
    return Proof(
        "shift_sphere",
        "on monomials, whose eigenvalues are quotients of Γ's; p − k is odd",
        (ProofStep("t · t^p = t^(p+1)", amplitude(p + 1, k, d) / shifted, Integer(1)),),
    )


def raise_dimension() -> Proof:
    """λ_k of K in R^d from λ_{k−1} of K′ in R^(d+2)."""
    steps = [
        ProofStep(
            "on monomials: (t^p)′ = p t^(p−1)",
            amplitude(p, k, d),
            p / d * amplitude(p - 1, k - 1, d + 2),
        )
    ]
    for n in range(1, WRITTEN_LEVELS):
        lower = legendre(n - 1, d + 2)
        steps.append(
            ProofStep(
                "integration by parts: the derivative of (1−t²)^((d−1)/2) P_{k−1} in "
                f"R^(d+2) is −(d−1) (1−t²)^((d−3)/2) P_k in R^d, k = {n}",
                (1 - t**2) * lower.diff(t) - (d - 1) * t * lower,
                -(d - 1) * legendre(n, d),
                "rational arithmetic",
            )
        )
    return Proof(
        "raise_dimension",
        "integration by parts, seen on monomials for every level and on the zonal "
        "functions themselves for the first levels",
        tuple(steps),
    )


def laplacian_sphere() -> Proof:
    """λ_k[ΔK] = −k (k+d−2) λ_k."""
    image = p * (p - 1) * amplitude(p - 2, k, d) - p * (p + d - 2) * amplitude(p, k, d)
    steps = [
        ProofStep(
            "Δ t^p = p (p−1) t^(p−2) − p (p+d−2) t^p",
            expand(
                (1 - t**2) * diff(t**p, t, 2) / t ** (p - 2)
                - (d - 1) * t * diff(t**p, t) / t ** (p - 2)
            ),
            expand(p * (p - 1) - p * (p + d - 2) * t**2),
            "simplification",
        ),
        ProofStep(
            "hence on monomials",
            image / (-k * (k + d - 2) * amplitude(p, k, d)),
            Integer(1),
        ),
    ]
    for n in range(1, WRITTEN_LEVELS):
        zonal = legendre(n, d)
        steps.append(
            ProofStep(
                f"Gegenbauer's equation of P_k, k = {n}",
                (1 - t**2) * zonal.diff(t, 2) - (d - 1) * t * zonal.diff(t),
                -n * (n + d - 2) * zonal,
                "rational arithmetic",
            )
        )
    return Proof(
        "laplacian_sphere",
        "the Laplacian is symmetric and the zonal functions are its eigenfunctions",
        tuple(steps),
    )


def shift_hypercube() -> Proof:
    """λ_k[t K] on the hypercube."""
    beta = symbols("beta", positive=True)
    levels = lambda k: cosh(beta / d) ** (d - k) * sinh(beta / d) ** k
    shifted = (k * levels(k - 1) + (d - k) * levels(k + 1)) / d
    quotient = levels(k).diff(beta) / levels(k) - shifted / levels(k)
    return Proof(
        "shift_hypercube",
        "on e^{βt}, where the factor t is the derivative by β",
        (
            ProofStep(
                "d/dβ of cosh^{d−k}(β/d) sinh^k(β/d)",
                quotient.simplify().rewrite(exp),
                Integer(0),
                "simplification",
            ),
        ),
    )


def combination() -> Proof:
    """Linearity."""
    a, b, x, y, w = symbols("a b x y w")
    return Proof(
        "combination",
        "λ_k is a mean of K times a fixed function, and means are linear",
        (
            ProofStep(
                "under the mean",
                (a * x + b * y) * w,
                a * (x * w) + b * (y * w),
                "rational arithmetic",
            ),
        ),
    )


def alias() -> Proof:
    """λ_k on M points as the sum over k + jM."""
    j, m, points = symbols("j m M", integer=True, positive=True)
    turned = cos(expand((k + m * points) * 2 * pi * j / points)).expand(trig=True)
    return Proof(
        "alias",
        "on the points θ_j = 2πj/M the waves k and k + mM agree; the Fourier series "
        "converges absolutely",
        (
            ProofStep(
                "cos((k + mM) θ_j) = cos(k θ_j)",
                turned,
                cos(2 * pi * j * k / points),
                "simplification",
            ),
        ),
    )


PROOFS = {
    "shift_sphere": shift_sphere,
    "shift_hypercube": shift_hypercube,
    "raise_dimension": raise_dimension,
    "laplacian_sphere": laplacian_sphere,
    "combination": combination,
    "alias": alias,
}


def proof_of(move: str) -> Proof:
    """The proof of a move of ``theory.eigenvalues.algebra.moves``, by its name.

    Raises
    ------
    OutOfDomain
        When the move is unknown; the message lists the known ones.

    Examples
    --------
    >>> bool(proof_of("laplacian_sphere"))
    True
    """
    if move not in PROOFS:
        raise OutOfDomain(
            f"move = {move!r} is unknown (known: {', '.join(PROOFS)}){meant(move, PROOFS)}"
        )
    return PROOFS[move]()
