"""Points that the kernel cannot tell apart: only their classes count, without ridge.

An even kernel does not tell x from −x, an odd one does up to the sign; drawn twice, a
point is one of the same class too. Without ridge the predictor sees the mean label of
each class that was drawn. So the number c of such classes takes the place of n in the
equation for C, label noise is averaged within classes, and power of the wrong parity,
whose values at x and −x are opposite, acts like noise that cancels in pairs.
"""

from typing import Any

from sympy import Function, Integer, Symbol, binomial

from theory.constant import L, U, total
from theory.formula import formulas
from theory.notation import bias as B
from theory.notation import g, i, modes, n, noise, points
from theory.notation import overfitting as E0
from theory.notation import test_mse as E
from theory.notation import train_mse as E_train
from theory.notation import variance as V
from theory.source import OURS
from theory.statistics.registry import Statistic, outside, unbounded, whole

count: Any = Symbol("c", integer=True, positive=True)
"""Distinct classes among the data: n in the equation for C."""
pairs: Any = Symbol("p", integer=True, nonnegative=True)
draws: Any = Symbol("n_d", integer=True, positive=True)
"""Points drawn, where n is the number of their classes."""
domain_classes: Any = Symbol("M_c", integer=True, positive=True)
wrong: Any = Symbol("v_w", nonnegative=True)
"""Power of the target in levels of the parity that the kernel lacks."""
noise_share: Any = Symbol("rho", nonnegative=True)
wrong_share: Any = Symbol("rho_w", nonnegative=True)
wrong_left: Any = Symbol("tau_w", nonnegative=True)
law: Any = Symbol("P_c", nonnegative=True)
pair_law: Any = Symbol("P_p", nonnegative=True)
occupied: Any = Function("surjections", nonnegative=True)
"""Ways to map n draws onto all of c classes: c! times a Stirling number."""

AVERAGED = (
    "ridge 0, n the number of classes among the data, orbits of the symmetry free; "
    "assumes an eigenbasis that acts like a random rotation"
)
spread: Any = total(g[i] * L**2) / total(g[i] * L * U)
left: Any = 1 - n / domain_classes

pairs_drawn = formulas.declare(
    name="antipodal_pairs_law",
    says="The chance that n distinct points hold p pairs of antipodes, of M points.",
    lhs=pair_law,
    rhs=binomial(points / 2, pairs)
    * binomial(points / 2 - pairs, n - 2 * pairs)
    * 2 ** (n - 2 * pairs)
    / binomial(points, n),
    status="exact",
    source=OURS,
    given="n distinct points of M, every point has its antipode; n − p classes",
)
classes_drawn = formulas.declare(
    name="distinct_classes_law",
    says="The chance that n draws with replacement meet c of M classes.",
    lhs=law,
    rhs=binomial(points, count) * occupied(n, count) / points**n,
    status="exact",
    source=OURS,
    given="classes of equal size; surjections(n, c) = c! S(n, c)",
)
pair_noise_share = formulas.declare(
    name="antipodal_noise_share",
    says="Label noise left in the mean label of a class, averaged over the classes.",
    lhs=noise_share,
    rhs=1 - pairs / (2 * count),
    status="exact",
    source=OURS,
    given="p of c classes hold two points, the others one",
)
pair_wrong_share = formulas.declare(
    name="antipodal_wrong_parity_share",
    says="Power of the wrong parity left in the mean labels: none of it in pairs.",
    lhs=wrong_share,
    rhs=1 - pairs / count,
    status="exact",
    source=OURS,
    given="p of c classes hold both of two antipodes",
)
overfitting = formulas.declare(
    name="class_overfitting_coefficient",
    says="The test MSE of pure unit noise, averaged within classes.",
    lhs=E0,
    rhs=1 + noise_share * left * spread,
    status="conjecture",
    source=OURS,
    given=AVERAGED,
)
variance = formulas.declare(
    name="class_variance",
    says="Variance of the predictor at a number of classes.",
    lhs=V,
    rhs=spread * (B - wrong + (noise_share * noise + wrong_share * wrong) * left),
    status="conjecture",
    source=OURS,
    given=AVERAGED,
)
test_mse = formulas.declare(
    name="class_test_mse",
    says="Test MSE where only classes of points count.",
    lhs=E,
    rhs=B + V + noise,
    status="conjecture",
    source=OURS,
    given=AVERAGED,
)
train_mse = formulas.declare(
    name="class_train_mse",
    says="What the mean label of each class leaves of the labels in it.",
    lhs=E_train,
    rhs=noise * (1 - n / draws) + wrong * wrong_left,
    status="exact",
    source=OURS,
    given="ridge 0 and labels of all classes are fitted, in the mean over data sets",
)

_open: Any = unbounded((outside + noise) * (domain_classes - modes))
ROWS = (
    Statistic(
        name="E0",
        formula=overfitting,
        heading="E₀",
        at_none=Integer(1),
        at_all=1 + noise_share + unbounded(domain_classes - modes),
        beyond=Integer(1),
    ),
    Statistic(
        name="variance",
        formula=variance,
        heading="variance",
        at_none=Integer(0),
        at_all=_open + noise_share * noise + wrong_share * wrong,
        beyond=Integer(0),
    ),
    Statistic(
        name="test_mse",
        formula=test_mse,
        heading="test MSE",
        at_none=whole + noise,
        at_all=_open + (1 + noise_share) * noise + (1 + wrong_share) * wrong,
        beyond=noise,
    ),
    Statistic(
        name="train_mse",
        formula=train_mse,
        heading="train MSE",
        at_none=Integer(0),
        at_all=train_mse.rhs,
        beyond=Integer(0),
    ),
)
"""Rows that stand in for the published ones; beyond N modes they are not asked."""
