"""The Laplace kernel on the sphere: a series of endpoint powers, summed to two 1F2."""

from typing import Any

from sympy import Expr, Integer, Mul, exp, factorial, gamma, hyper, symbols, sympify
from sympy.functions.combinatorial.factorials import rf

from theory.eigenvalues.algebra.linearity import power_of_affine
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.endpoint import amplitude
from theory.notation import d, k, t
from theory.source import OURS


def even_part(s: Expr, k: Expr, d: Expr) -> tuple[Expr, Expr]:
    """First term and 1F2 of the even powers of s√(1−t), which start at (1−t)^k."""
    first = (-1) ** k * s ** (2 * k) * factorial(k) / factorial(2 * k)
    first *= amplitude(k, d) / gamma(2 * k + d - 1)
    half = sympify("1/2")
    series = hyper([k + (d - 1) / 2], [k + half, 2 * k + d - 1], s**2 / 2)
    return first, series


def odd_part(s: Expr, k: Expr, d: Expr) -> tuple[Expr, Expr]:
    """First term and 1F2 of the odd powers of s√(1−t), which start at √(1−t)."""
    half = sympify("1/2")
    rising = rf(-half, k) if k.is_Integer else gamma(k - half) / gamma(-half)
    first = -s * rising * amplitude(half, d) / gamma(k + d - half)
    return first, hyper([d / 2], [3 * half - k, k + d - half], s**2 / 2)


def levels_of(s: Expr, d: Expr) -> Levels:
    """λ_k of exp(−s√(1−t)).

    Examples
    --------
    >>> from sympy import sqrt
    >>> levels_of(sqrt(2), Integer(3))(Integer(0)).evalf(12)
    0.296997075145
    """

    def levels(k: Any) -> Expr:
        k = sympify(k)
        first, series = even_part(s, k, d)
        second, other = odd_part(s, k, d)
        return first * series + second * other

    return levels


def _match(e: Expr, d: Expr) -> Levels | str:
    if not isinstance(e, exp):
        return f"{e} is not an exponential"
    coefficient, rest = e.args[0].as_independent(t, as_Add=False)
    found = power_of_affine(Mul(rest))
    if found is None or found[2] != sympify("1/2") or found[1] != 1:
        return f"the exponent {e.args[0]} is not a multiple of √(1 − t)"
    return levels_of(-coefficient * found[0], d)


def _prove() -> Proof:
    s = symbols("s", positive=True)
    i = symbols("i", integer=True, nonnegative=True)
    half = sympify("1/2")
    j = k + i
    even = lambda j: (
        s ** (2 * j)
        / factorial(2 * j)
        * (-1) ** k
        * factorial(j)
        / factorial(j - k)
        * amplitude(j, d)
        / gamma(j + k + d - 1)
    )
    odd = lambda i: (
        -(s ** (2 * i + 1))
        / factorial(2 * i + 1)
        * gamma(k - i - half)
        / gamma(-i - half)
        * amplitude(i + half, d)
        / gamma(i + half + k + d - 1)
    )
    return Proof(
        "sphere_laplace",
        "the exponential series, which converges uniformly, by the endpoint rule term "
        "by term: (1−t)^j with j < k gives 0, since (−j)_k = 0",
        (
            ProofStep(
                "even powers, first term (j = k)", even(k), even_part(s, k, d)[0]
            ),
            ProofStep(
                "even powers, ratio of terms",
                even(j + 1) / even(j),
                s**2
                / 2
                * (i + k + (d - 1) / 2)
                / ((i + k + half) * (i + 2 * k + d - 1) * (i + 1)),
            ),
            ProofStep("odd powers, first term", odd(Integer(0)), odd_part(s, k, d)[0]),
            ProofStep(
                "odd powers, ratio of terms",
                odd(i + 1) / odd(i),
                s**2
                / 2
                * (i + d / 2)
                / ((i + 3 * half - k) * (i + k + d - half) * (i + 1)),
            ),
        ),
    )


RULE = Rule(
    name="sphere_laplace",
    says="exp(−s√(1−t)), the Laplace kernel, has for λ_k the sum of two 1F2 at s²/2",
    source=OURS,
    conditions="any s",
    match=_match,
    prove=_prove,
)
