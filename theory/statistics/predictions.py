"""Everything that the theory says about learning, from the spectrum, C and the target.

All of it is the eigenlearning approximation unless a formula says otherwise. Test
errors average over the whole domain, training points included; ``bias`` leaves the
label noise σ² out, ``test_mse`` includes it, and ``train_mse`` is taken against the
noisy labels.
"""

from sympy import Expr, Integer

from theory.chain import Chain
from theory.constant import EIGENLEARNING, L, U, susceptibility, total
from theory.formula import formulas
from theory.notation import C, g, modes, n, noise, power, ridge
from theory.notation import bias as B
from theory.notation import i as index
from theory.notation import overfitting as E0
from theory.notation import target_learnability as Lf
from theory.notation import test_mse as E
from theory.notation import train_mse as E_train
from theory.notation import variance as V
from theory.source import OURS
from theory.statistics.registry import (
    STATISTICS,
    Statistic,
    chain_of,
    outside,
    trace,
    unbounded,
    whole,
)

mode_bias = power[index] * U**2

LEAST_SQUARES = (
    "n > N, δ → 0⁺: least squares on N modes, the rest of the target is noise"
)

target_learnability = formulas.declare(
    name="target_learnability",
    says="Learnability of the target: that of its modes, weighted by their power.",
    lhs=Lf,
    rhs=total(power[index] * L) / total(power[index]),
    status="approximation",
    source=EIGENLEARNING,
)
overfitting_textbook = formulas.declare(
    name="overfitting_coefficient_textbook",
    says="The overfitting coefficient: the test MSE of pure unit noise.",
    lhs=E0,
    rhs=n / (n - total(g[index] * L**2)),
    status="approximation",
    source=EIGENLEARNING,
)
overfitting_coefficient = formulas.declare(
    name="overfitting_coefficient",
    says="The overfitting coefficient, as n over a sum of positive terms.",
    lhs=E0,
    rhs=n / susceptibility.rhs,
    status="exact",
    source=OURS,
    rewrites="overfitting_coefficient_textbook",
)
bias = formulas.declare(
    name="bias",
    says="Squared distance of the mean predictor from the target, without label noise.",
    lhs=B,
    rhs=total(mode_bias),
    status="approximation",
    source=EIGENLEARNING,
)
test_mse = formulas.declare(
    name="test_mse",
    says="Test MSE: bias and label noise, times the overfitting coefficient.",
    lhs=E,
    rhs=E0 * (B + noise),
    status="approximation",
    source=EIGENLEARNING,
)
variance = formulas.declare(
    name="variance",
    says="Variance of the predictor over data sets and label noise.",
    lhs=V,
    rhs=total(g[index] * L**2) / susceptibility.rhs * (B + noise),
    status="approximation",
    source=EIGENLEARNING,
    given="equal to (E₀ − 1)(B + σ²), written without the difference",
)
train_mse = formulas.declare(
    name="train_mse",
    says="MSE on the noisy training labels; train MSE vanishes without a ridge.",
    lhs=E_train,
    rhs=(ridge / (n * C)) ** 2 * E,
    status="approximation",
    source=EIGENLEARNING,
)

least_squares_test_mse = formulas.declare(
    name="least_squares_test_mse",
    says="With more points than modes what lies outside the modes acts like noise.",
    lhs=E,
    rhs=(outside + noise) * n / (n - modes),
    status="approximation",
    source=EIGENLEARNING,
    given=LEAST_SQUARES,
)
least_squares_variance = formulas.declare(
    name="least_squares_variance",
    says="Noise and what lies outside the modes, spread over N of n − N free points.",
    lhs=V,
    rhs=(outside + noise) * modes / (n - modes),
    status="approximation",
    source=EIGENLEARNING,
    given=LEAST_SQUARES,
)
least_squares_train_mse = formulas.declare(
    name="least_squares_train_mse",
    says="N modes take N of the n degrees of freedom of the training labels.",
    lhs=E_train,
    rhs=(outside + noise) * (n - modes) / n,
    status="approximation",
    source=EIGENLEARNING,
    given=LEAST_SQUARES,
)

for row in (
    Statistic(
        name="E0",
        formula=overfitting_coefficient,
        heading="E₀",
        at_none=Integer(1),
        at_all=unbounded(n),
        beyond=n / (n - modes),
    ),
    Statistic(
        name="target_learnability",
        formula=target_learnability,
        heading="L(f)",
        at_none=Integer(0),
        at_all=(whole - outside) / whole,
        beyond=(whole - outside) / whole,
    ),
    Statistic(
        name="bias",
        formula=bias,
        heading="bias",
        at_none=whole,
        at_all=outside,
        beyond=outside,
    ),
    Statistic(
        name="variance",
        formula=variance,
        heading="variance",
        at_none=Integer(0),
        at_all=unbounded(outside + noise),
        beyond=least_squares_variance.rhs,
    ),
    Statistic(
        name="test_mse",
        formula=test_mse,
        heading="test MSE",
        at_none=whole + noise,
        at_all=unbounded(outside + noise),
        beyond=least_squares_test_mse.rhs,
    ),
    Statistic(
        name="train_mse",
        formula=train_mse,
        heading="train MSE",
        at_none=(ridge / (trace + ridge)) ** 2 * (whole + noise),
        at_all=Integer(0),
        beyond=least_squares_train_mse.rhs,
    ),
):
    STATISTICS.register(row)


def chain(name: str | Expr) -> Chain:
    """A statistic in λ, g, v², n, δ, σ² and C, as a chain over those it is built from.

    This is the object that interpreters enclose, plot and differentiate. An expression of
    your own may hold the statistics' symbols too.

    Raises
    ------
    OutOfDomain
        When there is no such formula.

    Examples
    --------
    >>> [str(symbol) for symbol, _ in chain("test_mse").bindings]
    ['E_0', 'B']
    """
    target = formulas[name].rhs if isinstance(name, str) else name
    return chain_of(target, STATISTICS.rows())
