"""Arc-cosine kernels of Cho and Saul: what a layer of ReLU units makes of an angle.

κ_n(t) = J_n(θ)/π with t = cos θ. Near t = 1 the textbook forms lose half the digits, so
each has a second form in u = (1 − t)/2 = sin²(θ/2), the variable of the numerics.
"""

from functools import lru_cache

from sympy import Expr, Function, Integer, acos, expand, pi, sqrt

from theory.activations.angle import angle, sine_lag
from theory.formula import formulas
from theory.notation import t, u
from theory.source import OURS, Source

kappa0, kappa1, kappa2 = (Function(f"kappa_{order}") for order in range(3))
gap1 = Function("1-kappa_1")
INTERVAL = (t >= -1) & (t <= 1)
HALF = (u >= 0) & (u <= 1)

arc_cosine_0 = formulas.declare(
    name="arc_cosine_0",
    says="Arc-cosine kernel of order 0: the step function's dual, normalized.",
    lhs=kappa0(t),
    rhs=(pi - acos(t)) / pi,
    holds=INTERVAL,
    status="exact",
    source=Source("cho2009kernel"),
)
arc_cosine_1 = formulas.declare(
    name="arc_cosine_1",
    says="Arc-cosine kernel of order 1: the ReLU's dual, normalized.",
    lhs=kappa1(t),
    rhs=(sqrt(1 - t**2) + t * (pi - acos(t))) / pi,
    holds=INTERVAL,
    status="exact",
    source=Source("cho2009kernel"),
)
arc_cosine_2 = formulas.declare(
    name="arc_cosine_2",
    says="Arc-cosine kernel of order 2: the dual of the squared ReLU.",
    lhs=kappa2(t),
    rhs=(3 * t * sqrt(1 - t**2) + (pi - acos(t)) * (1 + 2 * t**2)) / pi,
    holds=INTERVAL,
    status="exact",
    source=Source("cho2009kernel"),
)
arc_cosine_0_angle = formulas.declare(
    name="arc_cosine_0_angle",
    says="Order 0 in the half-angle variable u = (1 − t)/2.",
    lhs=kappa0(1 - 2 * u),
    rhs=1 - angle(u) / pi,
    holds=HALF,
    status="exact",
    source=OURS,
    rewrites="arc_cosine_0",
)
arc_cosine_1_gap = formulas.declare(
    name="arc_cosine_1_gap",
    says=(
        "1 − κ_1 in the half-angle variable, with sin θ − θ cos θ in one piece, so "
        "that nothing cancels as θ → 0."
    ),
    lhs=1 - kappa1(1 - 2 * u),
    rhs=2 * u - sine_lag(u) / pi,
    holds=HALF,
    status="exact",
    source=OURS,
    rewrites="arc_cosine_1",
)
MAX_WRITTEN_ORDER = 8


@lru_cache(maxsize=32)
def polynomials(order: int) -> tuple[Expr, Expr]:
    """The polynomials A and B in π κ_n = A(t) (π − arccos t) + B(t) √(1 − t²).

    Cho and Saul's J_n = (−1)^n sin^{2n+1}θ (d/(sin θ dθ))^n ((π − θ)/sin θ), with d/dt
    in the place of −d/(sin θ dθ): one differentiation, and so one recursion, per order.

    Examples
    --------
    >>> polynomials(2), polynomials(3)
    ((2*t**2 + 1, 3*t), (6*t**3 + 9*t, 11*t**2 + 4))
    """
    if order == 0:
        return Integer(1), Integer(0)
    a, b = polynomials(order - 1)
    n = order - 1
    return (
        expand(a.diff(t) * (1 - t**2) + (2 * n + 1) * t * a),
        expand(a + b.diff(t) * (1 - t**2) + 2 * n * t * b),
    )


def textbook(order: int) -> Expr:
    """κ_n of any whole order, as a function of t.

    Examples
    --------
    >>> textbook(0), textbook(3).subs(t, 1)
    ((pi - acos(t))/pi, 15)
    """
    a, b = polynomials(order)
    return (a * (pi - acos(t)) + b * sqrt(1 - t**2)) / pi


def fall_of_order(order: int) -> Expr:
    """κ_n(1) − κ_n(1 − 2u) for n ≥ 1, with the parts that cancel as θ → 0 taken together.

    With π κ_n = A (π − θ) + B sin θ and sin θ = θ cos θ + (sin θ − θ cos θ) it is
    A(1) − A + (θ (A − B cos θ) − B (sin θ − θ cos θ))/π, where A − B cos θ is O(u).

    Examples
    --------
    >>> fall_of_order(1) == arc_cosine_1_gap.rhs
    True
    """
    half = lambda e: expand(e.subs(t, 1 - 2 * u))
    a, b = polynomials(order)
    turned = half(a - t * b)
    return a.subs(t, 1) - half(a) + (angle(u) * turned - half(b) * sine_lag(u)) / pi


def kernel_of_order(s: Expr) -> Expr:
    """κ_s: the textbook form of the first whole orders, else the hypergeometric one.

    Examples
    --------
    >>> kernel_of_order(Integer(0)), kernel_of_order(Integer(1) / 2).subs(t, 0).evalf(8)
    ((pi - acos(t))/pi, 0.33798912)
    """
    if s.is_Integer and 0 <= s <= MAX_WRITTEN_ORDER:
        return textbook(int(s))
    return real_order(s)


def real_order(s: Expr) -> Expr:
    """κ_s for real s > −1/2, as two hypergeometric series in t².

    κ_s(t) = 2 Σ a_n² t^n with the Hermite coefficients a_n of z_+^s.

    Examples
    --------
    >>> from sympy import Rational
    >>> at = Rational(1, 3)
    >>> abs(real_order(Integer(1)).subs(t, at) - textbook(1).subs(t, at)).evalf(9) < 1e-8
    True
    """
    from sympy import gamma, hyper

    even = 2**s * gamma((s + 1) / 2) ** 2 / (2 * pi)
    odd = 2 ** (s + 1) * gamma(s / 2 + 1) ** 2 / (2 * pi)
    half = Integer(1) / 2
    return even * hyper([-s / 2, -s / 2], [half], t**2) + odd * t * hyper(
        [(1 - s) / 2, (1 - s) / 2], [3 * half], t**2
    )
