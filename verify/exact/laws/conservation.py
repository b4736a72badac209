"""The conservation law, by computing every predictor: learnabilities sum to n.

Each basis function is regressed on the data and predicted on the whole domain, and the
inner products are summed, in ℚ. Nothing here uses the trace identity that proves the
law; the right side is evaluated from ``theory.formulas["conservation"]``.

The law is one of linearity and interpolation. Every linear rule that interpolates obeys
it, whatever its kernel: one nearest neighbor on a circle, and splines. A check of
conservation alone therefore says nothing about the kernel; ``representer`` does.
"""

from collections.abc import Callable, Sequence

from flint import fmpq, fmpq_mat

from theory import formulas
from theory.data_set.conservation import K as K_symbol
from theory.data_set.conservation import mode_learnability, samples
from theory.formula import Formula
from theory.notation import modes, ridge
from verify.exact.laws.floating_point import rounding_laws
from verify.exact.problems import random_problems
from verify.exact.problems.problem import Predictor, Problem, kernel_regression
from verify.exact.problems.rational_matrices import rows_of
from verify.exact.testing.evaluation import evaluate
from verify.exact.testing.law import Law, Outcome, Progress, equal, examine, together
from verify.storage.journal import Journal
from verify.verdicts.report import Report

NOTE = "linear interpolators of any kind obey this too; the kernel is tested separately"


def sides(formula: Formula, problem: Problem, learned: Sequence[fmpq]) -> Outcome:
    """Both sides of the formula, with learnabilities that were computed one by one."""
    values = {
        samples: problem.n,
        modes: problem.M,
        ridge: problem.ridge,
        K_symbol: problem.K_D,
        mode_learnability: lambda index: learned[int(index.p) - 1],
    }
    left, right = evaluate(formula.lhs, values), evaluate(formula.rhs, values)
    return equal(left, right, f"{formula.name} with n = {problem.n}")


def conserved(
    problem: Problem,
    predictor: Predictor = kernel_regression,
    formula: Formula | None = None,
) -> Outcome:
    """The law on a problem whose K_D + δ is invertible."""
    formula = formula or formulas["conservation"]
    learned = problem.learnabilities_of(problem.basis.columns, predictor)
    return sides(formula, problem, learned)


def rank_conserved(
    problem: Problem, predictor: Predictor = kernel_regression
) -> Outcome:
    """Without ridge and with a singular K_D, the sum is the rank of K_D."""
    learned = problem.learnabilities_of(problem.basis.columns, predictor)
    rank = problem.K_D.rank()
    return equal(sum(learned, fmpq(0)), fmpq(rank), f"rank of K_D with n = {problem.n}")


def features_conserved(
    case: tuple[Problem, int], predictor: Predictor = kernel_regression
) -> Outcome:
    """With a ridge the law as it is; without, the smaller of n and w.

    Features whose rank is lower by chance are passed over.
    """
    problem, width = case
    if problem.ridge:
        return conserved(problem, predictor)
    smaller = min(problem.n, width)
    if problem.K_D.rank() < smaller:
        return Outcome(checks=0)
    learned = problem.learnabilities_of(problem.basis.columns, predictor)
    return equal(sum(learned, fmpq(0)), fmpq(smaller), "min(n, w)")


def representer(problem: Problem, predictor: Predictor = kernel_regression) -> Outcome:
    """K⁻¹ f̂ vanishes off the data and is (y − f̂)/δ on it: the kernel is this one.

    Without ridge f̂ interpolates. Of all linear rules only kernel regression with this K
    passes, so this is the check that conservation cannot be.
    """
    learned = problem.predictions(problem.basis.columns, predictor)
    weights = problem.gram.values.solve(learned)
    outside = [x for x in range(problem.M) if x not in problem.data]
    off = rows_of(weights, outside)
    on = rows_of(weights, problem.data)
    labels = rows_of(problem.basis.columns, problem.data)
    residual = labels - rows_of(learned, problem.data)
    zero = fmpq_mat(off.nrows(), off.ncols())
    return together(
        [
            equal(off, zero, "weights K⁻¹f̂ off the data"),
            equal(residual, problem.ridge * on, "residual and δ K⁻¹f̂ on the data"),
        ]
    )


def nearest_neighbor(
    K: fmpq_mat, data: Sequence[int], ridge: fmpq, labels: fmpq_mat
) -> fmpq_mat:
    """Each point takes the label of its most similar training point: a linear rule."""
    del ridge
    rows = []
    for x in range(K.nrows()):
        similar = [K[x, a] + (K[a, a] if a == x else 0) for a in data]
        nearest = similar.index(max(similar)) if x not in data else list(data).index(x)
        rows.append(nearest)
    return rows_of(labels, rows)


def linear_spline(
    K: fmpq_mat, data: Sequence[int], ridge: fmpq, labels: fmpq_mat
) -> fmpq_mat:
    """Straight lines between training points in the order of their index."""
    del ridge
    order = sorted(range(len(data)), key=lambda a: data[a])
    weights = fmpq_mat(K.nrows(), len(data))
    for x in range(K.nrows()):
        below = [a for a in order if data[a] <= x]
        above = [a for a in order if data[a] >= x]
        if not below or not above or data[below[-1]] == x:
            weights[x, (below or above[:1])[-1]] = fmpq(1)
            continue
        a, b = below[-1], above[0]
        share = fmpq(x - data[a], data[b] - data[a])
        weights[x, a], weights[x, b] = 1 - share, share
    return weights * labels


def laws(predictor: Predictor = kernel_regression) -> list[Law]:
    """The exact laws about conservation, for a predictor of your own if you like."""

    def law(name: str, says: str, build: Callable, test: Callable, note="") -> Law:
        return Law(
            f"conservation/{name}", says, build, lambda p: test(p, predictor), note=note
        )

    return [
        law(
            "definite",
            "Σ L^(D) = n for every data set of distinct points, positive-definite "
            "kernel and orthonormal basis, without ridge",
            random_problems.problem,
            conserved,
            NOTE,
        ),
        law(
            "ridge",
            "Σ L^(D) = n − δ tr (K_D + δ)⁻¹ with a ridge δ > 0",
            lambda choose: random_problems.problem(choose, ridged=True),
            conserved,
        ),
        law(
            "repeated",
            "the same with a ridge, for points that may repeat and singular kernels",
            lambda choose: random_problems.problem(
                choose, ridged=True, repeats=True, singular=bool(choose(0, 1))
            ),
            conserved,
        ),
        law(
            "rank",
            "Σ L^(D) = rank K_D without ridge for singular kernels and repeated "
            "points, with the minimum-norm fit; linear regression is one case",
            lambda choose: random_problems.problem(
                choose, singular=bool(choose(0, 1)), repeats=bool(choose(0, 1))
            ),
            rank_conserved,
        ),
        law(
            "features",
            "w random features on every draw: Σ L^(D) = n − δ tr (K_D + δ)⁻¹, and "
            "min(n, w) without ridge",
            lambda choose: random_problems.drawn_features(
                choose, ridged=bool(choose(0, 1))
            ),
            features_conserved,
        ),
        law(
            "representer",
            "the predictor is that of this kernel: K⁻¹ f̂ vanishes off the data, and "
            "y − f̂ = δ K⁻¹ f̂ on it",
            lambda choose: random_problems.problem(choose, ridged=bool(choose(0, 1))),
            representer,
            "conservation cannot tell kernels apart; this can",
        ),
    ]


def check_conservation(
    examples: int = 100,
    seed: int = 0,
    progress: Progress | None = None,
    predictor: Predictor = kernel_regression,
    journal: Journal | None = None,
) -> list[Report]:
    """Test the conservation law in ℚ, in float64, and in JAX where it is installed.

    Parameters
    ----------
    examples
        Random problems for each exact law, and for float64.
    seed
        The same seed tests the same problems.
    progress
        Called with (done, total, name).
    predictor
        ``predictor(K, data, ridge, labels)`` → predictions at every point; the exact
        laws are tested for it, and rounding only for kernel regression.
    journal
        Where a run that was interrupted goes on.

    Examples
    --------
    >>> [str(r.verdict) for r in check_conservation(5, predictor=nearest_neighbor)][::4]
    ['confirmed', 'refuted']
    """
    reports = [
        examine(law, examples, seed, progress, journal) for law in laws(predictor)
    ]
    if predictor is kernel_regression:
        reports += [
            examine(law, min(examples, most), seed, progress, journal)
            for law, most in rounding_laws()
        ]
    return reports
