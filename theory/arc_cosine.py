"""Arc-cosine kernels of Cho and Saul: what a layer of ReLU units makes of an angle.

κ_n(t) = J_n(θ)/π with t = cos θ. Near t = 1 the textbook forms lose half the digits, so
each has a second form in u = (1 − t)/2 = sin²(θ/2), the variable of the numerics.
"""

from sympy import Function, acos, pi, sqrt

from theory.angle import angle, sine_lag
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
        "1 − κ_1 in the half-angle variable, with sin θ − θ cos θ in one piece, so that "
        "nothing cancels as θ → 0."
    ),
    lhs=1 - kappa1(1 - 2 * u),
    rhs=2 * u - sine_lag(u) / pi,
    holds=HALF,
    status="exact",
    source=OURS,
    rewrites="arc_cosine_1",
)
