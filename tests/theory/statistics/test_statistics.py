"""Statistics agree with each other, with slopes of learnability, and with exact cases."""

from fractions import Fraction
from itertools import combinations, product

import mpmath
import pytest
from sympy import Eq, Integral, Rational, Symbol, cos, limit, oo, pi, sqrt

from theory import notation, statistics
from theory.constant import L, U, balance, susceptibility, total
from theory.constant.implicit import ImplicitEquation
from theory.constant.learnability import learnability, unlearned
from theory.constant.level_sums import vanishes
from theory.data_set.symbols import K, R, Y, ridge, samples, scalar
from theory.derivations.checks.random_identities import ModularIdentity
from theory.notation import C, g, i, j, lam, n, noise, points
from theory.statistics import (
    finite_population,
    gradient,
    multiplicity,
    risk_estimates,
    small_and_large_n,
)
from theory.statistics import learned_coefficients as learned

Lj, Uj = learnability(lam[j], C), unlearned(lam[j], C)
FINITE = ImplicitEquation(finite_population.balance.lhs, None, n, ridge)


def on_shell(e):
    return e.subs(n, balance.lhs)


def test_overfitting_coefficient_has_two_forms():
    difference = (
        statistics.overfitting_textbook.rhs - statistics.overfitting_coefficient.rhs
    )
    assert vanishes(on_shell(difference))
    assert not vanishes(on_shell(difference + 1))


def test_bias_and_variance_make_up_the_error():
    E0 = n / susceptibility.rhs
    bias = statistics.bias.rhs + noise
    variance = statistics.variance.rhs.subs(notation.bias, statistics.bias.rhs)
    assert vanishes(on_shell(E0 * bias - bias - variance))


def test_own_variances_make_up_the_variance():
    diagonal = learned.coefficient_covariance_diagonal.rhs.subs(j, i)
    E = (statistics.bias.rhs + noise) * n / susceptibility.rhs
    whole = total(g[i] * diagonal.subs(notation.test_mse, 1)) * E
    variance = statistics.variance.rhs.subs(notation.bias, statistics.bias.rhs)
    assert vanishes(on_shell(whole - variance))


class TestFinitePopulation:
    """What follows from the equation for M points does so exactly, by slopes (T11)."""

    def slope(self):
        return FINITE.derivative(ridge)

    def on_shell(self, e):
        e = e.subs(finite_population.slope_of_C, finite_population.ridge_slope.rhs)
        return e.subs(n, finite_population.balance.lhs)

    def test_slope_of_the_constant(self):
        assert vanishes(self.slope() - finite_population.ridge_slope.rhs)

    def test_error_of_a_mode(self):
        leak = total(lam[i] ** 2 * FINITE.derivative_of(Lj, lam[i])) / lam[j]
        assert vanishes(1 - Lj - leak - finite_population.test_mse.rhs)

    def test_noise(self):
        fitted = -total(g[i] * lam[i] * FINITE.derivative_of(L, ridge))
        expected = finite_population.noise_formula.rhs / noise - 1
        assert vanishes(self.on_shell(fitted - expected))

    def test_train_error(self):
        derived = -(ridge**2) / (n * lam[j]) * FINITE.derivative_of(Lj, ridge)
        assert vanishes(self.on_shell(derived - finite_population.train_formula.rhs))

    def test_train_error_of_noise(self):
        fall = -FINITE.derivative_of(finite_population.trace.rhs, ridge)
        derived = noise * ridge**2 / n * fall
        formula = finite_population.noise_train_formula
        assert vanishes(self.on_shell(derived - formula.rhs))

    def test_infinite_domain_is_the_usual_equation(self):
        x = Symbol("x", positive=True)
        usual = finite_population.balance.lhs.subs(points, 1 / x).subs(x, 0)
        assert vanishes(usual - balance.lhs)

    def test_white_kernel_is_exact(self):
        """L = nλ/(Mλ + δ), by symmetry and the conservation law."""
        M, value = 7, Rational(3, 2)
        white = value * n / (M * value + ridge)
        constant = value * (1 - white) / white
        summed = M * white
        equation = summed + ridge / constant * (1 - summed / M) - n
        assert equation.simplify() == 0


def test_off_sample_error_is_the_rest_of_the_average():
    rhs = finite_population.off_sample_mse.rhs
    E, Etr = notation.test_mse, notation.train_mse
    assert (n * Etr + (points - n) * rhs - points * E).simplify() == 0


def test_distinct_points_by_enumeration():
    M, draws = 3, 4
    counted = Fraction(
        sum(len(set(c)) for c in product(range(M), repeat=draws)), M**draws
    )
    formula = finite_population.distinct_points.rhs.subs({points: M, n: draws})
    assert formula == Rational(counted.numerator, counted.denominator)


def test_cross_validation_has_a_form_without_ridge():
    assert risk_estimates.gcv_definition.status == "definition"
    usual = (scalar(ridge**2 * Y.T * R * R * Y) / samples) / (
        1 - (samples - ridge * _trace()) / samples
    ) ** 2
    ours = samples * scalar(Y.T * R * R * Y) / _trace() ** 2
    assert ModularIdentity()(Eq(ours, usual, evaluate=False)).verdict == "confirmed"
    assert ModularIdentity()(Eq(ours, 2 * usual, evaluate=False)).verdict == "refuted"
    assert K.shape == R.shape


def _trace():
    from sympy import Trace

    return Trace(R)


def test_slope_at_zero_against_a_root():
    levels = [(Fraction(2), 3, Fraction(1)), (Fraction(1, 5), 6, Fraction(4))]
    with mpmath.workdps(40):
        pairs = [
            (mpmath.mpf(x.numerator) / x.denominator, m, float(v)) for x, m, v in levels
        ]
        delta, sigma2, small = (
            mpmath.mpf(1) / 2,
            mpmath.mpf(1) / 3,
            mpmath.mpf(10) ** -9,
        )

        def mse(count):
            f = lambda c: sum(m * x / (x + c) for x, m, _ in pairs) + delta / c - count
            c = mpmath.findroot(f, sum(m * x for x, m, _ in pairs) / count)
            q = sum(m * x * c / (x + c) ** 2 for x, m, _ in pairs) + delta / c
            return (
                count / q * (sum(v * (c / (x + c)) ** 2 for x, _, v in pairs) + sigma2)
            )

        numeric = (mse(small) - (5 + sigma2)) / small
    trace, second = Rational(36, 5) + Rational(1, 2), 12 + Rational(6, 25)
    exact = second / trace**2 * Rational(16, 3) - 2 / trace * (2 + Rational(4, 5))
    assert abs(numeric - mpmath.mpf(exact.p) / exact.q) < 1e-7
    formula = small_and_large_n.slope_at_zero.rhs
    values = {lam[1]: 2, lam[2]: Rational(1, 5), g[1]: 3, g[2]: 6}
    values |= {notation.power[1]: 1, notation.power[2]: 4}
    got = formula.subs(notation.levels, 2).doit().subs(values)
    got = got.subs({ridge: Rational(1, 2), noise: Rational(1, 3)})
    assert got == exact


def test_infinite_data_is_the_limit():
    tau = small_and_large_n.time
    assert limit(balance.rhs / (n / tau), n, oo) == tau
    late = small_and_large_n.late.rhs
    assert (Lj.definition.subs(C, 1 / tau) - late).simplify() == 0


def subsets_learnability(eigenvalues, level, size):
    """Exact learnability of the parity of the first ``level`` bits, for all data sets."""
    d = len(eigenvalues) - 1
    cube = list(product((1, -1), repeat=d))
    kernel = {}
    for x in cube:
        total_ = Fraction(0)
        for subset in product((0, 1), repeat=d):
            sign = 1
            for bit, chosen in zip(x, subset, strict=True):
                sign *= bit if chosen else 1
            total_ += eigenvalues[sum(subset)] * sign
        kernel[x] = total_
    for data in combinations(cube, size):
        matrix = [
            [kernel[tuple(a * b for a, b in zip(x, y, strict=True))] for y in data]
            for x in data
        ]
        feature = [Fraction(_sign(x[:level])) for x in data]
        solved = _solve(matrix, feature)
        yield eigenvalues[level] * sum(
            a * b for a, b in zip(feature, solved, strict=True)
        )


def _sign(bits):
    result = 1
    for bit in bits:
        result *= bit
    return result


def _solve(matrix, right):
    rows = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    for c in range(len(rows)):
        pivot = next(r for r in range(c, len(rows)) if rows[r][c])
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [x / rows[c][c] for x in rows[c]]
        for r in range(len(rows)):
            if r != c:
                rows[r] = [
                    x - rows[r][c] * y for x, y in zip(rows[r], rows[c], strict=True)
                ]
    return [row[-1] for row in rows]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_parity_bound_holds_for_every_data_set(size):
    smallest_last = [Fraction(2), Fraction(1), Fraction(1, 2), Fraction(1, 9)]
    bound = multiplicity.parity_bound.rhs.subs({n: size, notation.d: 3})
    assert all(x <= bound for x in subsets_learnability(smallest_last, 3, size))


def test_parity_bound_needs_its_condition_and_the_factor_two():
    alternating = [Fraction(1, 500), Fraction(3), Fraction(1, 700), Fraction(2)]
    found = max(subsets_learnability(alternating, 3, 3))
    values = {n: 3, notation.d: 3}
    assert found > multiplicity.parity_bound.rhs.subs(values)
    assert found <= multiplicity.parity_bound_of_kernels.rhs.subs(values)


def test_multiplicity_bound_in_the_mean():
    values = [Fraction(1), Fraction(5), Fraction(1, 3), Fraction(1, 8)]
    found = list(subsets_learnability(values, 1, 2))
    assert sum(found) / len(found) <= Fraction(2, 3)


def test_roughness_of_a_mode():
    theta = Symbol("theta", real=True)
    for k in (1, 3):
        wave = sqrt(2) * cos(k * theta)
        measured = Integral(wave.diff(theta) ** 2 / (2 * pi), (theta, 0, 2 * pi)).doit()
        values = {notation.k: k, notation.d: 2, gradient.radius: 1}
        assert measured == gradient.level_roughness.rhs.subs(values)


def test_unlearned_is_what_is_missing():
    assert vanishes(total(U) + total(L) - total(1))
