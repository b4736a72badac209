"""The exact floor of all equivariant linear rules, and what reaches it."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import Eq, Ge, Identity, KroneckerDelta, Trace

from theory.choice import floor
from theory.choice.floor import CONDITIONS, Rule, any_rule, gap, posterior
from theory.data_set.symbols import (
    K,
    Lam,
    Phi,
    R,
    Rotation,
    entry,
    g,
    power,
    ridge,
    samples,
    v,
)
from theory.derivations.checks.evaluation import Point, evaluate
from theory.derivations.checks.random_identities import ModularIdentity, Sampled
from theory.derivations.checks.random_problems import draw, regression
from theory.derivations.checks.square_means import (
    OnAllDataSets,
    OverSymmetries,
    group_mean,
)
from theory.derivations.language.derivation import Derivation
from theory.notation import i, j


def _with_a_rule(random: Any, field: Any, size: tuple[int, int]) -> Point:
    """A random data set, and random weights of a rule."""
    point, (rows, columns) = regression(random, field, size), size
    weights = [
        [draw(random, field, positive=False) for _ in range(rows)]
        for _ in range(columns)
    ]
    return replace(point, matrices={**point.matrices, Rule: weights})


def _with_the_best_rule(point: Point) -> Point:
    """The same problem, where no rule is left to gain on."""
    rows: Any = evaluate(best, point)
    weights = [[x.value for x in row] for row in rows]
    return replace(point, matrices={**point.matrices, Rule: weights}, seen={})


def _in_small_units(point: Point) -> Point:
    """The best rule where features and noise are small, so that its weights are large."""
    unit = Fraction(1, 1000)
    features = [[unit * x for x in row] for row in point.matrices[Phi]]
    numbers = {**point.numbers, ridge: unit**2 * point.numbers[ridge]}
    small = replace(
        point, numbers=numbers, matrices={**point.matrices, Phi: features}, seen={}
    )
    return _with_the_best_rule(small)


best: Any = Lam * Phi.T * R
identity = ModularIdentity(_with_a_rule)

derivation = Derivation(
    name="error_floor",
    title="What no equivariant linear rule can beat",
    setting=(
        r"A rule is $\hat v=A\,y$ on labels $y=\Phi v+\varepsilon$ with noise of variance "
        r"$\delta$; modes are counted one by one. Conditions: "
        + "; ".join(CONDITIONS)
        + "."
    ),
    at_once=False,
)

derivation.step(
    says="The mean error of a rule over targets of covariance $\\Lambda$ is a square.",
    statement=Eq(
        any_rule,
        posterior + Trace(gap * (K + ridge * Identity(samples)) * gap.T),
        evaluate=False,
    ),
    why=(
        r"Multiply out with $K_D=\Phi\Lambda\Phi^\top$ and complete the square; what is left "
        r"is $\operatorname{tr}\Lambda-\operatorname{tr}\Lambda\Phi^\top R\Phi\Lambda$, and "
        r"$L_i=\lambda_i\,(\Phi^\top R\Phi)_{ii}$."
    ),
    status="exact",
    check_by=identity,
)
derivation.step(
    says="No square is negative: no rule is better than regression with $\\Lambda$.",
    statement=Ge(any_rule, posterior, evaluate=False),
    why=r"$K_D+\delta$ is positive definite.",
    status="exact",
    check_by=Sampled(_with_a_rule, edges=(_with_the_best_rule, _in_small_units)),
)
derivation.step(
    says=r"Regression with $\Lambda$ and the ridge $\delta$ reaches it.",
    statement=Eq(any_rule.xreplace({Rule: best}), posterior, evaluate=False),
    why=r"$A=\Lambda\Phi^\top R$ makes the square vanish.",
    status="exact",
    check_by=identity,
)
derivation.step(
    says="Turned by all symmetries, a target has one covariance for each level.",
    statement=Eq(
        group_mean(entry(Rotation * v * v.T * Rotation.T, i, j)),
        KroneckerDelta(i, j) * power[i] / g[i],
        evaluate=False,
    ),
    why=(
        r"The mean commutes with the group. Levels are irreducible, of real type and "
        r"inequivalent, so by Schur's lemma it is a number on each level: its power "
        r"$v_k^2$ over $g_k$ modes. ($v_i^2$ and $g_i$ are those of the level of mode $i$.)"
    ),
    status="exact",
    check_by=OverSymmetries(),
)
derivation.step(
    says="So the mean error of an equivariant rule is at least that of the best kernel.",
    statement=Ge(floor.error_floor.lhs, floor.error_floor.rhs, evaluate=False),
    why=(
        r"An equivariant rule on a law of data that the group leaves as it is has the same "
        r"mean error on $f$ and on $f\circ U$. So $f$ may be replaced by its mean over $U$, "
        r"which has the covariance of the last step; apply the second step on each data "
        r"set with $\lambda_k=v_k^2/g_k$ and $\delta=\sigma^2$. Fresh labels bring "
        r"$\sigma^2$ once more."
    ),
    status="consequence",
    check_by=OnAllDataSets(),
    from_=(2, 4),
)
