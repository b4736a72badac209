"""The implicit equation with w random features in place of the kernel.

The features ψ_1, …, ψ_w are drawn once; regression uses Σ_j ψ_j(x) ψ_j(x′)/w, whose mean
is the kernel. Data and features enter alike: Σ g λ/(λ + C) modes are learned by n points
and by w features, each with a constant of its own. C here is that of the features (γ in
papers), κ that of the data; as w → ∞ both are the C of the kernel.
"""

from sympy import Abs, Derivative, Function, Max, Min, Symbol, sqrt

from theory.constant import L, U, total
from theory.formula import formulas
from theory.notation import C, g, i, n, ridge, width
from theory.source import OURS, Source

MORE = Source("simon2024more")
FEATURES = Source("defilippis2024features")
kappa = Symbol("kappa", nonnegative=True)
learned = Symbol("z", nonnegative=True)
rise = Symbol("p", nonnegative=True)
squares = Symbol("q", nonnegative=True)
spare = Symbol("r", nonnegative=True)
free_points = Symbol("n_f", nonnegative=True)
free_features = Symbol("w_f", nonnegative=True)
learned_sum = total(g[i] * L)
GIVEN = "w random features, n points; z = Σ g L is below both n and w"
SOLVED = "C solves the width equation"

by_points = formulas.declare(
    name="learned_by_points",
    says="What is learned, and the ridge's share at the constant κ, sum to n.",
    lhs=learned_sum + ridge / kappa,
    rhs=n,
    status="approximation",
    source=MORE,
    given=GIVEN,
)
by_features = formulas.declare(
    name="learned_by_features",
    says="What is learned, and the share that κ has of C, sum to the width.",
    lhs=learned_sum + width * kappa / C,
    rhs=width,
    status="approximation",
    source=MORE,
    given=GIVEN,
)
equation = formulas.declare(
    name="width_equation",
    says="The implicit equation of random features: data and features leave the ridge.",
    lhs=(n - learned_sum) * C * (1 - learned_sum / width),
    rhs=ridge,
    status="approximation",
    source=MORE,
    given=GIVEN + "; κ eliminated",
)
spare_modes = formulas.declare(
    name="spare_modes",
    says="What the ridge leaves of the smaller of n and w: no loss near z = min(n, w).",
    lhs=spare,
    rhs=2
    * (width * ridge / C)
    / (Abs(n - width) + sqrt((n - width) ** 2 + 4 * width * ridge / C)),
    status="exact",
    source=OURS,
    given=SOLVED
    + "; n ≠ w or δ > 0; r = min(n, w) − z is a root of r(r + |n − w|) = wδ/C",
)
balance = formulas.declare(
    name="width_balance",
    says="Learned and spare modes sum to the smaller of n and w.",
    lhs=learned_sum + spare,
    rhs=Min(n, width),
    status="exact",
    source=OURS,
    given="r are the spare modes; the left side falls strictly with C",
    rewrites="width_equation",
)
_spare_of = Function("r")
spare_slope = formulas.declare(
    name="spare_modes_slope",
    says="How fast the spare modes fall with log C at a fixed ridge.",
    lhs=-C * Derivative(_spare_of(C), C),
    rhs=spare * (spare + Abs(n - width)) / (2 * spare + Abs(n - width)),
    status="exact",
    source=OURS,
    given="r(r + |n − w|) = wδ/C with r > 0",
)
points_left = formulas.declare(
    name="free_points",
    says="Points beyond what is learned, n − z.",
    lhs=free_points,
    rhs=spare + Max(n - width, 0),
    status="exact",
    source=OURS,
    given=SOLVED,
)
features_left = formulas.declare(
    name="free_features",
    says="Features beyond what is learned, w − z.",
    lhs=free_features,
    rhs=spare + Max(width - n, 0),
    status="exact",
    source=OURS,
    given=SOLVED,
)
modes_rise = formulas.declare(
    name="learned_modes_slope",
    says="How fast the learned modes fall with log C.",
    lhs=rise,
    rhs=total(g[i] * L * U),
    status="exact",
    source=OURS,
    given="p = z − q",
)
modes_squared = formulas.declare(
    name="learned_squares",
    says="Σ g L², what label noise is multiplied by.",
    lhs=squares,
    rhs=total(g[i] * L**2),
    status="definition",
    source=OURS,
)
modes_learned = formulas.declare(
    name="learned_modes",
    says="Σ g L, from the equation that it solves.",
    lhs=learned,
    rhs=Min(n, width) - spare,
    status="exact",
    source=OURS,
    given=SOLVED,
)
constant_of_data = formulas.declare(
    name="constant_of_data",
    says="The constant κ at which the data see the random features.",
    lhs=kappa,
    rhs=C * free_features / width,
    status="exact",
    source=OURS,
    given=SOLVED + "; κ = δ/(n − z), 0 where w ≤ n without ridge",
)
