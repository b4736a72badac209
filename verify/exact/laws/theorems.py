"""The exact theorems on a fixed data set, T1 to T11, each tested in rational numbers.

Left and right sides come from different computations: one from a regression that is
carried out on the whole domain, the other from what the theorem says.
"""

from collections.abc import Callable

from flint import fmpq, fmpq_mat

from verify.exact.laws.solvable import one_point, volume_sampling, white
from verify.exact.problems import random_problems
from verify.exact.problems.eigenmodes import (
    eigenvalue_slope,
    learnabilities,
    learning_matrix,
    noise_error,
    ridge_slope,
    squared_error,
    train_error,
    with_eigenvalue,
)
from verify.exact.problems.kernel_matrix import spectral
from verify.exact.problems.problem import Problem, kernel_regression
from verify.exact.problems.rational_matrices import inner, rows_of
from verify.exact.testing.choices import Choose, signed
from verify.exact.testing.law import Law, Outcome, at_most, equal, together

ZERO = fmpq(0)


def linear_rule(case: tuple[Problem, fmpq_mat]) -> Outcome:
    """T1′: a linear rule f̂ = Σ_a a_a(x) y_a has Σ L = Σ_a a_a(x_a)."""
    problem, weights = case
    rule = lambda _K, _data, _ridge, labels: weights * labels
    learned = problem.learnabilities_of(problem.basis.columns, rule)
    own = sum((weights[x, a] for a, x in enumerate(problem.data)), ZERO)
    return equal(sum(learned, ZERO), own, "Σ L of a linear rule")


def projection(problem: Problem) -> Outcome:
    """T2: without ridge T² = T, and Λ^-1/2 T Λ^1/2 is symmetric."""
    T, lam = learning_matrix(problem), problem.gram.eigenvalues
    scaled = all(
        T[i, j] * lam[j] == T[j, i] * lam[i] for i in range(problem.M) for j in range(i)
    )
    return together([equal(T * T, T, "T²"), equal(scaled, True, "TΛ is symmetric")])


def between_0_and_1(problem: Problem) -> Outcome:
    """T3: 0 ≤ L ≤ 1 for every eigenfunction."""
    found = learnabilities(problem)
    return together(
        [f for L in found for f in (at_most(ZERO, L, "0 ≤ L"), at_most(L, 1, "L ≤ 1"))]
    )


def extremes(problem: Problem) -> Outcome:
    """T4: no data learn nothing; all points, without ridge, learn everything."""
    nothing = learning_matrix(problem.with_data([]))
    everything = learning_matrix(problem.with_data(range(problem.M)))
    one = fmpq_mat(problem.M, problem.M)
    none = fmpq_mat(problem.M, problem.M)
    for i in range(problem.M):
        one[i, i] = fmpq(1)
    return together(
        [equal(nothing, none, "T at n = 0"), equal(everything, one, "T at n = M")]
    )


def more_data(problem: Problem) -> Outcome:
    """T5: one more point lowers no eigenfunction's learnability."""
    before = learnabilities(problem)
    left = [x for x in range(problem.M) if x not in problem.data]
    if not left:
        return Outcome(checks=0)
    after = learnabilities(problem.with_data([*problem.data, left[0]]))
    return together(
        [
            at_most(a, b, "L with one point less")
            for a, b in zip(before, after, strict=True)
        ]
    )


def own_eigenvalue(problem: Problem) -> Outcome:
    """T6a: ∂L_i/∂log λ_i = L_i (1 − L_i)."""
    lam, L = problem.gram.eigenvalues, learnabilities(problem)
    return together(
        [
            equal(
                lam[i] * eigenvalue_slope(problem, i, i),
                L[i] * (1 - L[i]),
                f"slope of L_{i}",
            )
            for i in range(problem.M)
        ]
    )


def other_eigenvalue(problem: Problem) -> Outcome:
    """T6b: ∂L_j/∂log λ_i = −T_ij T_ji ≤ 0 for i ≠ j."""
    lam, T = problem.gram.eigenvalues, learning_matrix(problem)
    findings = []
    for i in range(min(problem.M, 3)):
        for j in range(problem.M):
            if i != j:
                found = lam[i] * eigenvalue_slope(problem, j, i)
                findings.append(
                    equal(found, -T[i, j] * T[j, i], f"slope of L_{j} in λ_{i}")
                )
                findings.append(at_most(found, ZERO, "its sign"))
    return together(findings)


def by_ridge(problem: Problem) -> Outcome:
    """T6c: ∂L_i/∂δ = −λ_i φ_iᵀ R² φ_i ≤ 0, inside two secants 10^-40 apart."""
    lam, R = problem.gram.eigenvalues, problem.resolvent
    values = rows_of(problem.basis.normalized(), problem.data)
    findings = []
    for i in range(problem.M):
        low, high = ridge_slope(problem, lambda p, i=i: learnabilities(p)[i])
        said = -lam[i] * inner(values, i, R * R * values, i)
        findings += [
            at_most(low, said, "left secant"),
            at_most(said, high, "right secant"),
        ]
        findings.append(at_most(said, ZERO, "sign of the slope"))
    return together(findings)


def error_from_below(problem: Problem) -> Outcome:
    """T7: E = (1 − L)² |f|² + |f̂ − L f|² ≥ (1 − L)² |f|² for every function f."""
    v = fmpq_mat(problem.M, 1, list(problem.target))
    L = (v.transpose() * learning_matrix(problem) * v)[0, 0] / inner(v, 0, v, 0)
    f = problem.basis.normalized() * v
    learned = problem.predictions(f, kernel_regression)
    square, off, gap = (inner(x, 0, x, 0) for x in (f, learned - L * f, f - learned))
    below = (1 - L) ** 2 * square
    return together(
        [equal(gap, below + off, "E"), at_most(below, gap, "(1 − L)²|f|² ≤ E")]
    )


def error_from_above(problem: Problem) -> Outcome:
    """T8: E(φ_i) ≤ 1 − 2 L_i + L_i λ_max/λ_i."""
    lam, L = problem.gram.eigenvalues, learnabilities(problem)
    return together(
        [
            at_most(
                squared_error(problem, i),
                1 - 2 * L[i] + L[i] * max(lam) / lam[i],
                f"E of mode {i}",
            )
            for i in range(problem.M)
        ]
    )


def extremal_modes(problem: Problem) -> Outcome:
    """T9: the last mode learns at most, the first at least, its share Σ_D φ²/M."""
    lam, L = problem.gram.eigenvalues, learnabilities(problem)
    values = rows_of(problem.basis.normalized(), problem.data)
    share = lambda i: inner(values, i, values, i) / problem.M
    last, first = lam.index(min(lam)), lam.index(max(lam))
    findings = [at_most(L[last], share(last), "L of the smallest eigenvalue")]
    if problem.ridge == 0:
        findings.append(at_most(share(first), L[first], "L of the largest eigenvalue"))
    return together(findings)


def sherman_morrison(problem: Problem) -> Outcome:
    """T10: L_i = λ_i/(λ_i + C_i), 1/C_i = φ_iᵀ R_{∖i} φ_i with mode i removed."""
    lam, L = problem.gram.eigenvalues, learnabilities(problem)
    values = rows_of(problem.basis.normalized(), problem.data)
    findings = []
    for i in range(problem.M):
        try:
            R = with_eigenvalue(problem, i, ZERO).resolvent
        except ZeroDivisionError:
            continue
        inverse = inner(values, i, R * values, i)
        said = lam[i] * inverse / (lam[i] * inverse + 1)
        findings.append(equal(L[i], said, f"L_{i} from C_{i}"))
    return together(findings)


def errors_from_slopes(problem: Problem) -> Outcome:
    """T11: E(φ_j) = 1 − L_j − λ_j⁻¹ Σ_i λ_i² ∂L_j/∂λ_i."""
    lam, L = problem.gram.eigenvalues, learnabilities(problem)
    j = len(lam) - 1
    slopes = (lam[i] ** 2 * eigenvalue_slope(problem, j, i) for i in range(problem.M))
    said = 1 - L[j] - sum(slopes, ZERO) / lam[j]
    return equal(squared_error(problem, j), said, f"E of mode {j}")


def train_error_from_slope(problem: Problem) -> Outcome:
    """T11: the train MSE of φ_j is −δ²/(n λ_j) ∂L_j/∂δ."""
    lam, findings = problem.gram.eigenvalues, []
    for j in range(problem.M):
        low, high = ridge_slope(problem, lambda p, j=j: learnabilities(p)[j])
        factor = -(problem.ridge**2) / (problem.n * lam[j])
        said = train_error(problem, j)
        findings += [
            at_most(factor * high, said, "lower"),
            at_most(said, factor * low, "upper"),
        ]
    return together(findings)


def noise_from_slope(problem: Problem) -> Outcome:
    """T11: unit noise adds −Σ_i λ_i ∂L_i/∂δ to the error."""
    lam = problem.gram.eigenvalues
    weighted = lambda p: sum(
        (x * L for x, L in zip(lam, learnabilities(p), strict=True)), ZERO
    )
    low, high = ridge_slope(problem, weighted)
    said = noise_error(problem)
    return together([at_most(-high, said, "lower"), at_most(said, -low, "upper")])


def _modes(ridged: bool | None) -> Callable[[Choose], Problem]:
    return lambda choose: random_problems.modes(choose, ridged=ridged)


def _small(ridged: bool | None) -> Callable[[Choose], Problem]:
    return lambda choose: random_problems.modes(choose, most=8, ridged=ridged)


def _with_rule(choose: Choose) -> tuple[Problem, fmpq_mat]:
    problem = random_problems.problem(choose)
    weights = [fmpq(signed(choose), choose(1, 4)) for _ in range(problem.M * problem.n)]
    return problem, fmpq_mat(problem.M, problem.n, weights)


def _characters(choose: Choose) -> Problem:
    cube = random_problems.walsh(choose(1, 3))
    K = spectral(cube, [random_problems.positive(choose) for _ in range(len(cube))])
    return Problem(K, random_problems.data(choose, len(K)), cube, choose(0, 3))


TESTS: tuple[tuple[str, Callable, Callable], ...] = (
    ("linear_rule", _with_rule, linear_rule),
    ("projection", _modes(False), projection),
    ("between_0_and_1", _modes(None), between_0_and_1),
    ("extremes", _modes(False), extremes),
    ("more_data", _modes(None), more_data),
    ("own_eigenvalue", _small(None), own_eigenvalue),
    ("other_eigenvalue", _small(None), other_eigenvalue),
    ("by_ridge", _small(True), by_ridge),
    ("error_from_below", _modes(None), error_from_below),
    ("error_from_above", _modes(None), error_from_above),
    ("extremal_modes", _modes(None), extremal_modes),
    ("sherman_morrison", _modes(True), sherman_morrison),
    ("errors_from_slopes", _small(None), errors_from_slopes),
    ("train_error_from_slope", _small(True), train_error_from_slope),
    ("noise_from_slope", _small(True), noise_from_slope),
    ("volume_sampling", _small(False), volume_sampling),
    ("white", _modes(None), white),
    ("one_point", _characters, one_point),
)


def laws() -> list[Law]:
    """Every theorem with its generator and its test.

    Examples
    --------
    >>> laws()[1].says
    'T2: without ridge T² = T, and Λ^-1/2 T Λ^1/2 is symmetric.'
    """
    return [
        Law(f"theorems/{name}", (test.__doc__ or "").strip(), build, test)
        for name, build, test in TESTS
    ]
