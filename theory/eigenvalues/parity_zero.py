"""Eigenvalues that vanish because the even or odd part of K is a polynomial."""

from sympy import Expr, Integer, expand, nan, symbols, zoo

from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Rule
from theory.notation import d, k, t
from theory.source import OURS


def bounded(e: Expr) -> bool:
    """Whether no pole of a rational function is known inside −1 ≤ t ≤ 1.

    Examples
    --------
    >>> bounded(1 / t), bounded(1 / (2 - t))
    (False, True)
    """
    if not e.is_rational_function(t):
        return not e.subs(t, 0).has(zoo, nan)
    below = e.as_numer_denom()[1].as_poly(t)
    if below is None or below.free_symbols_in_domain or not below.has(t):
        return True
    return not any(bool(abs(root) <= 1) for root in below.real_roots())


def vanishes(kernel, domain, level: Expr) -> bool:
    """Whether level ``level`` is proved to vanish; symbols count where parity is known.

    Examples
    --------
    >>> from theory import kernels
    >>> from theory.domains import Hypersphere
    >>> vanishes(kernels.arc_cosine(1), Hypersphere(8), Integer(5))
    True
    """
    from theory.kernels.vanishing_levels import vanishing_levels

    written = kernel(t)
    if isinstance(written, Expr) and not bounded(written):
        return False
    for zero in vanishing_levels(kernel, domain):
        parity = {True: 0, False: 1, None: None}[level.is_even]
        if parity == zero.parity and (level - zero.degree).is_positive:
            return True
    return False


def _prove() -> Proof:
    j = symbols("j", integer=True, positive=True)
    from sympy import Function

    P = Function("P")
    return Proof(
        "parity_zero",
        "the zonal function of level k has the parity of k and is orthogonal to all "
        "polynomials of lower degree, so the part of K with the parity of k, a "
        "polynomial of degree below k, gives 0",
        (
            ProofStep(
                "Gegenbauer's recurrence keeps the parity: P_{k+1} from t P_k and "
                "P_{k−1} changes sign under t → −t as (−1)^{k+1} says",
                expand(
                    (2 * k + d - 2) * (-t) * (-1) ** k * P(k)
                    - k * (-1) ** (k + 1) * P(k - 1)
                ),
                expand((-1) ** (k + 1) * ((2 * k + d - 2) * t * P(k) - k * P(k - 1))),
                "simplification",
            ),
            ProofStep(
                "levels of opposite parity differ by an odd number",
                Integer(-1) ** (2 * j + 1),
                Integer(-1),
                "simplification",
            ),
        ),
    )


RULE = Rule(
    name="parity_zero",
    says="λ_k = 0, as the part of K with k's parity is a polynomial of lower degree",
    source=OURS,
    conditions="hypercube, sphere, circle, or an even number of points",
    match=lambda e, d: "decided from the kernel and the domain",  # noqa: ARG005
    prove=_prove,
)
