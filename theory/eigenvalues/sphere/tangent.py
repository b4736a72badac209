"""The tangent kernel of one hidden layer without bias: a differential operator's work.

For φ = z_+^s the kernel is κ_s + s² t κ_{s−1} = p(Δ) κ_s, Δ the Laplacian of the
sphere, whose eigenvalue at level k is −k(k+d−2).
"""

from sympy import Expr, Integer, Rational, cancel, hyper, symbols, sympify

from theory.activations import arc_cosine
from theory.eigenvalues.algebra.gamma_quotients import normal_form
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.arc_cosine import half_power, multiple_of, radial
from theory.eigenvalues.sphere.arc_cosine import levels_of as arc_cosine_levels
from theory.notation import d, k, t
from theory.source import OURS


def factor_of(s: Expr, k: Expr, d: Expr) -> Expr:
    """λ_k of the tangent kernel over λ_k[κ_s].

    Examples
    --------
    >>> factor_of(Integer(1), k, d)
    (d + k*(d + k - 2) + 1)/d
    """
    return (k * (k + d - 2) + d + s**2 + 2 * s - 2) / (d + 2 * s - 2)


def levels_of(order: Expr, d: Expr) -> Levels:
    """λ_k of κ_s + s² t κ_{s−1}.

    Examples
    --------
    >>> [levels_of(Integer(1), Integer(3))(Integer(k)) for k in range(5)]
    [1/2, 1/3, 5/64, 0, 1/192]
    """
    s = sympify(order)
    inner = arc_cosine_levels(s, d)
    return lambda k: factor_of(s, sympify(k), d) * inner(k)


def _match(e: Expr, d: Expr) -> Levels | str:
    for order in range(1, arc_cosine.MAX_WRITTEN_ORDER + 1):
        first, second = arc_cosine.textbook(order), arc_cosine.textbook(order - 1)
        scale = multiple_of(e, first + order**2 * t * second)
        if scale is not None:
            inner = levels_of(Integer(order), d)
            return lambda k, scale=scale, inner=inner: scale * inner(k)
    for s in candidates(e):
        written = arc_cosine.kernel_of_order
        template = written(s) + s**2 * t * written(s - 1)
        scale = multiple_of(e, template)
        if scale is not None and (s - Rational(1, 2)).is_positive:
            inner = levels_of(s, d)
            return lambda k, scale=scale, inner=inner: scale * inner(k)
    return (
        "the kernel is not the tangent kernel of one hidden layer of z_+^s without bias"
    )


def candidates(e: Expr) -> list[Expr]:
    """Orders s that the series in a kernel may belong to: κ_s has −s/2 above and 1/2.

    Examples
    --------
    >>> candidates(arc_cosine.real_order(Rational(3, 2)))
    [3/2]
    """
    found: dict[Expr, None] = {}
    for series in sorted(e.atoms(hyper), key=str):
        (above, below, _) = series.args
        if tuple(below) == (Rational(1, 2),):
            found[-2 * above[0]] = None
    return sorted(found, key=str)


def laplacian_of_kernel(s: Expr, d: Expr) -> tuple[Expr, Expr]:
    """Δκ_s written with κ_s and κ_{s−1} as free symbols: their two coefficients.

    From κ_s′ = s² κ_{s−1} and (1−t²) κ_{s−1}′ = (1−2s) t κ_{s−1} + κ_s.
    """
    upper, lower = symbols("kappa_s kappa_{s-1}")
    first = s**2 * lower
    second = s**2 * ((1 - 2 * s) * t * lower + upper)
    image = second - (d - 1) * t * first
    return image.expand().coeff(upper), image.expand().coeff(lower)


def _prove() -> Proof:
    s = symbols("s", positive=True)
    upper, lower = laplacian_of_kernel(s, d)
    c = d + 2 * s - 2
    head = cancel((d + s**2 + 2 * s - 2) / c - upper / c)
    form = lambda k: radial(s, d) * half_power(s, k, d) ** 2
    down = lambda k: radial(s - 1, d) * half_power(s - 1, k, d) ** 2
    shifted = ((k + d - 2) * down(k + 1) + k * down(k - 1)) / (2 * k + d - 2)
    quotient = normal_form(s**2 * shifted / form(k))
    steps = [
        ProofStep(
            "as functions: ((d + s² + 2s − 2) − Δ)/(d + 2s − 2) κ_s has κ_s once",
            head,
            Integer(1),
            "rational arithmetic",
        ),
        ProofStep(
            "and s² t κ_{s−1} once",
            cancel(-lower / c),
            s**2 * t,
            "rational arithmetic",
        ),
        ProofStep(
            "second check by the t-shift: λ_k[s² t κ_{s−1}]/λ_k[κ_s] from Gammas",
            quotient + 1,
            factor_of(s, k, d),
            "rational arithmetic",
        ),
    ]
    for order in (1, 2, 3):
        a, b = arc_cosine.textbook(order), arc_cosine.textbook(order - 1)
        steps.append(
            ProofStep(
                f"κ_s′ = s² κ_(s−1) at s = {order}, from the textbook forms",
                a.diff(t),
                order**2 * b,
                "simplification",
            )
        )
        steps.append(
            ProofStep(
                f"(1−t²) κ_(s−1)′ = (1−2s) t κ_(s−1) + κ_s at s = {order}",
                (1 - t**2) * b.diff(t),
                (1 - 2 * order) * t * b + a,
                "simplification",
            )
        )
    return Proof(
        "sphere_tangent",
        "an identity of functions, K = p(Δ) κ_s with Δf = (1−t²) f″ − (d−1) t f′; "
        "hence λ_k[K] = p(−k(k+d−2)) λ_k[κ_s]; for real s the t-shift of Gamma forms",
        tuple(steps),
    )


RULE = Rule(
    name="sphere_tangent",
    says="κ_s + s² t κ_{s−1}, the tangent kernel of one hidden layer of z_+^s, has "
    "λ_k = λ_k[κ_s] (k(k+d−2) + d + s² + 2s − 2)/(d + 2s − 2)",
    source=OURS,
    conditions="one hidden layer, no bias, φ = z_+^s",
    match=_match,
    prove=_prove,
)

__all__ = ["RULE", "factor_of", "laplacian_of_kernel", "levels_of"]
