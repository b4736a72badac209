"""Judges of the fitted coefficients, of gradients, and of estimates of the risk.

Coefficients: exact means on the hypercube, the closure E = B + Σ Var, and slopes of
learnabilities, which theorem T6 makes of products of T. Gradients: Laplace's operator
on zonal polynomials. Risks: T11, in-sample residuals, and n points of a kernel matrix
that is a multiple of the identity.
"""

from typing import Any

from flint import fmpq, fmpq_mat, fmpq_poly

from theory import notation
from theory.constant.learnability import learnability
from theory.data_set.conservation import K as K_symbol
from theory.data_set.conservation import samples
from theory.formula import Formula
from verify.exact.laws.expectations import mean_learning_matrix
from verify.exact.problems import random_problems
from verify.exact.problems.balance import Balance, balance
from verify.exact.problems.problem import Problem
from verify.exact.problems.rational_matrices import block, identity, solve, trace
from verify.exact.testing.choices import Choose, signed
from verify.exact.testing.evaluation import evaluate
from verify.exact.testing.law import Law, Outcome, equal
from verify.formulas.judges.implicit import level_values
from verify.formulas.registry import by_values, judge, law_of

letters: Any = notation


@judge("coefficient_mean")
def mean_coefficient(formula: Formula) -> Law:
    """E v̂ on the hypercube, by averaging over all data sets, from the exact E L."""
    from theory.statistics import learned_coefficients as fitted

    def build(choose: Choose) -> Problem:
        problem = random_problems.cube_modes(choose, d=2)
        return problem.with_data(problem.data[:2])

    def values(problem: Problem) -> dict[Any, Any]:
        mean = mean_learning_matrix(problem)
        v = fmpq_mat(problem.M, 1, list(problem.target))
        i = problem.M - 1
        own, place = mean[i, i], fmpq(5)
        right = (problem.eigenvalues[i], place)
        return {
            letters.i: i + 1,
            letters.lam: problem.eigenvalues,
            letters.C: place,
            fitted.target: list(problem.target),
            fitted.fitted_mean: [(mean * v)[k, 0] for k in range(problem.M)],
            learnability: lambda *at: own if at == right else fmpq(7),
        }

    return by_values(formula, build, values)


def _single_modes(choose: Choose) -> tuple[Balance, list[int], int, int]:
    """Modes one by one, coefficients of a target, and two of them."""
    case = balance(choose)
    levels = [(lam, 1) for lam in case.eigenvalues]
    v = [signed(choose, 4) for _ in levels]
    power = [x * x for x in v]
    i, j = (choose(0, 3) % len(levels) for _ in range(2))
    return Balance(levels, case.C, case.ridge, power, case.noise), v, i, j


def _pair_values(case: Balance, v: list[int], i: int, j: int) -> dict[Any, Any]:
    from theory.statistics import learned_coefficients as fitted

    known = {letters.i: i + 1, letters.j: j + 1, fitted.target: v}
    return level_values(case) | known


@judge("coefficient_covariance_diagonal")
def closure(formula: Formula) -> Law:
    """Σ_i Cov_ii is the variance, test MSE less bias and noise; the rest is 0."""

    def test(drawn: tuple[Balance, list[int], int, int]) -> Outcome:
        case, v, i, j = drawn
        said = lambda a, b: evaluate(formula.rhs, _pair_values(case, v, a, b))
        if i != j:
            return equal(said(i, j), fmpq(0), "covariance of two modes")
        total = sum((said(k, k) for k in range(len(v))), fmpq(0))
        return equal(total, case.error - case.bias - case.noise, "sum of variances")

    return law_of(formula, _single_modes, test)


@judge("coefficient_covariance", "mean_of_exchanged_power")
def exchanged(formula: Formula) -> Law:
    """E T_ij T_ji = L_i δ_ij − ∂L_j/∂log λ_i by T6, less E L_i² on the diagonal."""
    diagonal = formula.name == "coefficient_covariance"

    def test(drawn: tuple[Balance, list[int], int, int]) -> Outcome:
        case, v, i, j = drawn
        if i == j and not diagonal:
            return Outcome(checks=0)
        lam = case.eigenvalues[i]
        L = lam / (lam + case.C)
        moved = lam * case.slopes(level=i)[j + 1]
        said = evaluate(formula.rhs, _pair_values(case, v, i, j))
        power = (i == j) * (L - L * L) - moved
        if not diagonal:
            return equal(said, power, formula.name)
        spread = (i == j) * case.error * L * L / case.n
        return equal(said, spread + v[i] * v[j] * power, formula.name)

    return law_of(formula, _single_modes, test)


def _levels_at_points(choose: Choose) -> tuple[Balance, list[list[tuple[int, ...]]]]:
    """Levels with (coefficient, φ(x), φ(x′)) of each of their modes."""
    case = balance(choose)
    draw = lambda: tuple(signed(choose, 3) for _ in range(3))
    return case, [[draw() for _ in range(g)] for _, g in case.levels]


def _point_values(case: Balance, modes: list[list[tuple[int, ...]]]) -> dict[Any, Any]:
    """Parts of the target at two points, and zonal functions, from the modes."""
    from theory.statistics import learned_coefficients as fitted

    summed = lambda a, b: [fmpq(sum(m[a] * m[b] for m in level)) for level in modes]
    counts = [len(level) for level in modes]
    return level_values(case) | {
        fitted.part: summed(0, 1),
        fitted.other_part: summed(0, 2),
        fitted.zonal: [x / g for x, g in zip(summed(1, 2), counts, strict=True)],
    }


@judge("learned_function_mean", "learned_function_covariance")
def values_by_modes(formula: Formula) -> Law:
    """Σ E v̂_m φ_m(x), and Σ Cov(v̂_m, v̂_l) φ_m(x) φ_l(x′), mode by mode."""
    mean_only = formula.name == "learned_function_mean"

    def test(drawn: tuple[Balance, list[list[tuple[int, ...]]]]) -> Outcome:
        case, modes = drawn
        said = evaluate(formula.rhs, _point_values(case, modes))
        flat = [
            (lam / (lam + case.C), *mode)
            for (lam, _), level in zip(case.levels, modes, strict=True)
            for mode in level
        ]
        if mean_only:
            total = sum((L * v * x for L, v, x, _ in flat), fmpq(0))
            return equal(said, total, formula.name)
        noise_like = sum((L * L * x * y for L, _, x, y in flat), fmpq(0))
        along = [
            sum((L * (1 - L) * row[0] * row[at] for L, *row in flat), fmpq(0))
            for at in (1, 2)
        ]
        steep = sum((g * lam * case.C / (lam + case.C) ** 2 for lam, g in case.levels))
        total = case.error / case.n * noise_like
        total += along[0] * along[1] / (steep + case.ridge / case.C)
        return equal(said, total, formula.name)

    return law_of(formula, _levels_at_points, test)


@judge("mse_of_variance")
def mse_by_variance(formula: Formula) -> Law:
    """With the variance E − B − σ² of independent points it is E."""
    from theory.statistics import learned_coefficients as fitted

    def values(case: Balance) -> dict[Any, Any]:
        variance = case.error - case.bias - case.noise
        known = {fitted.pooled_mse: case.error, letters.variance: variance}
        return level_values(case) | known

    return by_values(formula, balance, values)


@judge("local_squared_error")
def error_at_a_point(formula: Formula) -> Law:
    """The mean of (f − f̂)² over a few values of f̂, and noise that is independent."""
    from theory.statistics import learned_coefficients as fitted

    def values(case: tuple[int, list[int], int]) -> dict[Any, Any]:
        f, learned, noise = case
        count = len(learned)
        mean = fmpq(sum(learned), count)
        return {
            fitted.local_error: fmpq(sum((f - v) ** 2 for v in learned), count) + noise,
            fitted.residual: f - mean,
            fitted.local_variance: sum((v - mean) ** 2 for v in learned) / count,
            letters.noise: noise,
        }

    build = lambda c: (signed(c, 5), [signed(c, 4) for _ in range(3)], c(0, 3))
    return by_values(formula, build, values)


@judge("local_function_covariance")
def values_on_a_small_cube(formula: Formula) -> Law:
    """Products of Walsh functions summed on the 4 corners of a square, mode by mode."""
    from theory.statistics import learned_coefficients as fitted

    corners = [(1, a, b, a * b) for a in (1, -1) for b in (1, -1)]

    def build(choose: Choose) -> tuple[Balance, list[int], list[int], int, int, int]:
        levels = [(random_problems.positive(choose), g) for g in (1, 2, 1)]
        case = Balance(levels, random_problems.positive(choose), 0)
        v, bump = ([signed(choose, 3) for _ in range(4)] for _ in range(2))
        return case, v, bump, choose(0, 3), choose(0, 3), choose(1, 5)

    def values(drawn: tuple[Balance, list[int], list[int], int, int, int]) -> Any:
        case, v, bump, x, y, variance = drawn
        L = [lam / (lam + case.C) for lam, g in case.levels for _ in range(g)]
        rows = [corners[x], corners[y]]
        fields = [
            [sum(L[k] * row[k] * z[k] for k in range(4)) for z in corners]
            for row in rows
        ]
        w = [sum(L[k] * (1 - L[k]) * v[k] * row[k] for k in range(4)) for row in rows]
        square = sum((L[k] * (1 - L[k]) * v[k]) ** 2 for k in range(4))
        # the excess as a Walsh sum without its mean: products of modes are modes
        excess = [sum(bump[k] * z[k] for k in range(1, 4)) for z in corners]
        both = fmpq(0)
        for a in range(4):
            for b in range(4):
                if a != b:
                    both += L[a] * L[b] * rows[0][a] * rows[1][b] * bump[a ^ b]
        even = sum(L[k] ** 2 * rows[0][k] * rows[1][k] for k in range(4))
        both_at = [rows[0][k] * rows[1][k] for k in range(4)]
        spread = (variance + square / case.n) / sum(x * x for x in L)
        return level_values(case) | {
            fitted.values_covariance: spread * even + (both - w[0] * w[1]) / case.n,
            fitted.smoothing: fields[0],
            fitted.other_smoothing: fields[1],
            fitted.excess: [fmpq(x, 4) for x in excess],
            fitted.shrinking: w[0],
            fitted.other_shrinking: w[1],
            fitted.shrinking_square: square,
            fitted.places: 4,
            fitted.zonal: [both_at[0], fmpq(both_at[1] + both_at[2], 2), both_at[3]],
            letters.variance: variance,
        }

    return by_values(formula, build, values)


@judge("roughness_of_a_level")
def laplacian(formula: Formula) -> Law:
    """−Δ of the zonal polynomial at its pole: (d − 1) P_k′(1)/ρ², from a recurrence."""
    from theory.statistics import gradient

    def values(case: tuple[int, int, int]) -> dict[Any, Any]:
        d, k, rho = case
        before, P = fmpq_poly([0]), fmpq_poly([1])
        for m in range(k):
            up = fmpq_poly([0, 2 * m + d - 2]) * P - m * before
            before, P = P, up * fmpq(1, m + d - 2)
        slope = P.derivative()(fmpq(1))
        return {
            formula.lhs: (d - 1) * slope / rho**2,
            letters.d: d,
            letters.k: k,
            gradient.radius: rho,
        }

    build = lambda choose: (choose(3, 9), choose(0, 6), choose(1, 4))
    return by_values(formula, build, values)


@judge("mean_squared_gradient")
def gradient_by_modes(formula: Formula) -> Law:
    """The mean square of every fitted coefficient times its roughness, mode by mode."""
    from theory.statistics import gradient

    def values(case: Balance) -> dict[Any, Any]:
        roughness = [fmpq(3 * k + 2) for k in range(len(case.levels))]
        total, n = fmpq(0), case.n
        for (lam, g), v, rough in zip(case.levels, case.power, roughness, strict=True):
            learned = 1 - case.C / (lam + case.C)
            for _ in range(g):
                mean_square = learned**2 * v / g
                total += rough * (mean_square + case.error / n * learned**2)
        return level_values(case) | {
            gradient.mean_squared_gradient: total,
            gradient.roughness: roughness,
        }

    return by_values(formula, balance, values)


@judge("constant_from_trace", "degrees_of_freedom")
def multiple_of_identity(formula: Formula) -> Law:
    """K_D = s I, the white kernel on very many points: C = (s + δ)/n exactly."""
    from theory.statistics import risk_estimates

    def values(case: tuple[fmpq, fmpq, int]) -> dict[Any, Any]:
        s, ridge, n = case
        return {
            K_symbol: identity(n, s),
            samples: n,
            letters.n: n,
            letters.ridge: ridge,
            letters.C: (s + ridge) / n,
            risk_estimates.freedom: 1 - s / (s + ridge),
        }

    build = lambda c: (
        random_problems.positive(c),
        random_problems.positive(c),
        c(1, 4),
    )
    return by_values(formula, build, values)


@judge("generalized_cross_validation")
def residuals(formula: Formula) -> Law:
    """Mean squared residual of fitted labels over the square of 1 − tr(hat)/n."""
    from theory.statistics import risk_estimates

    def values(problem: Problem) -> dict[Any, Any]:
        n = problem.n
        y = fmpq_mat(n, 1, list(problem.target)[:n])
        K = block(problem.gram.values, problem.data, problem.data)
        hat = K * solve(K + identity(n, problem.ridge), identity(n))
        gap = y - hat * y
        free = 1 - trace(hat) / n
        return {
            risk_estimates.gcv: (gap.transpose() * gap)[0, 0] / n / free**2,
            risk_estimates.Y: y,
            risk_estimates.scalar: lambda X: X[0, 0],
            K_symbol: K,
            samples: n,
            letters.n: n,
            letters.ridge: problem.ridge,
        }

    return by_values(
        formula, lambda choose: random_problems.modes(choose, ridged=True), values
    )


@judge("gcv_is_test_mse")
def trained_and_tested(formula: Formula) -> Law:
    """Train and test MSE from T11."""
    build = lambda choose: balance(choose, ridged=True)
    return by_values(formula, build, level_values)
