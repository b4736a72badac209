"""Judges of the theorems on a fixed data set: every letter from a regression done in ℚ.

T comes from predictions on the whole domain, L_D from its diagonal, C_D from a
regression without the mode. Slopes of L_D in an eigenvalue come from three regressions,
exactly, since L_D is a Möbius function of it; other slopes from two regressions 10^-40
apart. Inequalities
are also met where they are equalities, so that a weaker one is refuted.
"""

from dataclasses import dataclass, replace
from typing import Any

from flint import fmpq, fmpq_mat
from sympy import preorder_traversal

from theory import notation
from theory.data_set import symbols
from theory.formula import Formula
from verify.exact.problems import random_problems
from verify.exact.problems.eigenmodes import (
    learning_matrix,
    mobius_slope,
    with_eigenvalue,
    with_ridge,
)
from verify.exact.problems.kernel_matrix import spectral
from verify.exact.problems.problem import Problem
from verify.exact.problems.rational_matrices import (
    columns_of,
    diagonal,
    identity,
    inner,
    rows_of,
)
from verify.exact.testing.choices import Choose
from verify.exact.testing.evaluation import Raw, Values, evaluate
from verify.exact.testing.law import Law, Outcome
from verify.formulas.registry import judge, law_of

letters: Any = notation
STEP, CLOSE, NOTHING = fmpq(1, 10**40), fmpq(1, 10**20), fmpq(1, 10**30)


@dataclass(frozen=True, slots=True)
class TheoremCase:
    """A problem, two of its modes, and whether an inequality must be an equality."""

    problem: Problem
    i: int
    j: int
    tight: bool = False


def values_of(case: TheoremCase) -> dict[Any, Any]:
    """What every letter of the language means in a case."""
    from theory.data_set import theorems

    problem, i = case.problem, case.i
    T = learning_matrix(problem)
    phi = rows_of(problem.basis.normalized(), problem.data)
    v = fmpq_mat(problem.M, 1, list(problem.target))
    unit = columns_of(identity(problem.M), [i])

    def alone(k: fmpq) -> fmpq:
        m = int(k.p) - 1
        R = with_eigenvalue(problem, m, fmpq(0)).resolvent
        return 1 / inner(phi, m, R * phi, m)

    return {
        symbols.T: T,
        symbols.R: problem.resolvent,
        symbols.Phi: phi,
        symbols.phi: columns_of(phi, [i]),
        symbols.Lam: diagonal(problem.eigenvalues),
        symbols.K: problem.K_D,
        symbols.Rotation: random_problems.rotation(
            [[1] * m for m in range(problem.M)][::-1]
        ).columns,
        symbols.unit: unit,
        symbols.v: v,
        symbols.L_D: lambda k: T[int(k.p) - 1, int(k.p) - 1],
        symbols.C_D: alone,
        symbols.scalar: lambda X: X[0, 0],
        symbols.entry: lambda X, a, b: X[int(a.p) - 1, int(b.p) - 1],
        symbols.slope: Raw(lambda e, known: _slope(case, e, known)),
        symbols.samples: problem.n,
        letters.n: problem.n,
        letters.modes: problem.M,
        letters.points: problem.M,
        letters.ridge: problem.ridge,
        letters.lam: problem.eigenvalues,
        letters.i: i + 1,
        letters.j: case.j + 1,
        theorems.largest: max(problem.eigenvalues),
    }


def _slope(case: TheoremCase, e: Any, known: Values) -> fmpq:
    """The slope of L_D in an eigenvalue, exactly; otherwise a central difference."""
    body, x = e.args
    indices = {k: w for k, w in known.items() if k in (letters.i, letters.j)}

    def at(problem: Problem) -> fmpq:
        moved = values_of(replace(case, problem=problem)) | indices
        return evaluate(body, moved)

    problem = case.problem
    if x == letters.ridge:
        middle = problem.ridge
        shifted = lambda value: with_ridge(problem, value)
    else:
        place = int(evaluate(x.args[1], known).p) - 1
        middle = problem.eigenvalues[place]
        shifted = lambda value: with_eigenvalue(problem, place, value)
    if _is_exact(e):
        return mobius_slope(lambda value: at(shifted(value)), middle)
    h = middle * STEP
    return (at(shifted(middle + h)) - at(shifted(middle - h))) / (2 * h)


def _slopes_in(e: Any) -> list[Any]:
    return [s for s in preorder_traversal(e) if s.func == symbols.slope]


def _is_exact(slope: Any) -> bool:
    body, x = slope.args
    return body.func == symbols.L_D and x != letters.ridge


def _is_seen(case: TheoremCase) -> bool:
    """Whether mode i differs from 0 somewhere on the data."""
    values = rows_of(case.problem.basis.normalized(), case.problem.data)
    return inner(values, case.i, values, case.i) != 0


def _difference(left: Any, right: Any, *, rough: bool) -> bool:
    """Whether two sides agree: exactly, or to 20 digits where slopes are differences."""
    if not rough:
        return left == right
    size = abs(left) + abs(right)
    return size < NOTHING or abs(left - right) <= CLOSE * size


def _pick(choose: Choose, ridged: bool | None) -> TheoremCase:
    problem = random_problems.modes(choose, most=8, ridged=ridged)
    return TheoremCase(problem, choose(0, 7) % problem.M, choose(0, 7) % problem.M)


def _white(choose: Choose) -> TheoremCase:
    """All eigenvalues equal, no ridge: an equality for T8 and T9."""
    case = _pick(choose, False)
    same = spectral(
        case.problem.basis, [random_problems.positive(choose)] * case.problem.M
    )
    return replace(
        case,
        problem=Problem(same, case.problem.data, target=case.problem.target),
        tight=True,
    )


def _multiple(choose: Choose) -> TheoremCase:
    """All points and one mode: the predictor is a multiple of the target."""
    case = _pick(choose, True)
    target = [3 * int(k == case.i) for k in range(case.problem.M)]
    problem = Problem(
        case.problem.gram,
        range(case.problem.M),
        ridge=case.problem.ridge,
        target=target,
    )
    return replace(case, problem=problem, tight=True)


def _all_points(choose: Choose) -> TheoremCase:
    case = _pick(choose, False)
    return replace(case, problem=case.problem.with_data(range(case.problem.M)))


def _extreme(choose: Choose, *, last: bool) -> TheoremCase:
    case = _pick(choose, None if last else False)
    lam = case.problem.eigenvalues
    return replace(case, i=lam.index(min(lam) if last else max(lam)))


BUILDS: dict[str, tuple[Any, ...]] = {
    "conservation_in_any_basis": (lambda c: _pick(c, None),),
    "learning_matrix_is_a_projector": (lambda c: _pick(c, False),),
    "learnability_of_an_eigenfunction_lies_in_0_1": (lambda c: _pick(c, None),),
    "everything_is_learned_from_the_whole_domain": (_all_points,),
    "learnability_by_eigenvalue": (lambda c: _pick(c, None),),
    "learnability_by_ridge": (lambda c: _pick(c, True),),
    "test_mse_is_at_least_the_squared_gap": (lambda c: _pick(c, None), _multiple),
    "test_mse_of_a_mode_is_at_most": (lambda c: _pick(c, None), _white),
    "learnability_of_the_smallest_mode": (lambda c: _extreme(c, last=True), _white),
    "learnability_of_the_largest_mode": (lambda c: _extreme(c, last=False), _white),
    "learnability_on_a_data_set": (lambda c: _pick(c, True),),
    "test_mse_from_slopes": (lambda c: _pick(c, None),),
    "train_mse_from_slopes": (lambda c: _pick(c, True),),
    "noise_variance_from_slopes": (lambda c: _pick(c, True),),
    "leak_between_modes_from_slopes": (lambda c: _pick(c, None),),
}


@judge(*BUILDS)
def on_a_data_set(formula: Formula) -> Law:
    """Both sides at a random problem; equality where an inequality is tight."""
    builds = BUILDS[formula.name]
    alone = formula.rhs.has(symbols.C_D)
    slopes = [s for side in (formula.lhs, formula.rhs) for s in _slopes_in(side)]
    rough = not all(map(_is_exact, slopes))

    def build(choose: Choose) -> TheoremCase:
        return builds[choose(0, len(builds) - 1)](choose)

    def test(case: TheoremCase) -> Outcome:
        if alone and not _is_seen(case):
            return Outcome(checks=0)  # L = 0: the mode's own constant is infinite
        known = values_of(case)
        left, right = evaluate(formula.lhs, known), evaluate(formula.rhs, known)
        if formula.relation == "=" or case.tight:
            holds = _difference(left, right, rough=rough)
        else:
            holds = left <= right if formula.relation == "<=" else left >= right
        return Outcome(failure="" if holds else f"{formula.name}: {left} and {right}")

    return law_of(formula, build, test)
