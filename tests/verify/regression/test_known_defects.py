"""Defects that were measured in other implementations: each fails here, ours does not.

Every test writes the defective algorithm down in a few lines of its own, shows by how
much it is wrong, and holds ours against the same truth. None of this is their code.
"""

from math import comb, factorial, sqrt

import numpy as np
import pytest
import scipy.special
from scipy.optimize import bisect, brentq

from numerics import Spectrum, constant, predict, spectrum
from theory import Hypersphere, UnitCircle, kernels
from verify.networks.data_sources.modes import legendre
from verify.regression import kernel_matrix, kernel_regression, problem, simulate
from verify.regression.budget import stopped
from verify.regression.domains.circle import CirclePointsArrays
from verify.regression.domains.hypercube import CubeArrays
from verify.regression.predicted import predicted

DEEP = "ntk:relu:depth=4,weight_variance=2,bias_variance=0.01"
SHALLOW = "ntk:relu:depth=2,bias_variance=0.1"


class TestSphere:
    """Spectra on the sphere."""

    def test_angles_are_measured_from_the_pole(self):
        """The first quadrature node for a pole: every angle is shifted by ε."""
        d, nodes = 8, 1000
        z, w = scipy.special.roots_gegenbauer(nodes, d / 2 - 1)
        w = w / w.sum()
        zonal = legendre(d, 3, z)
        shift = np.arccos(z.max())
        shifted = zonal @ (w * np.exp(np.cos(np.arccos(z) - shift)))
        right = zonal @ (w * np.exp(z))
        errors = shifted / right - 1
        assert shift == pytest.approx(0.0057, abs=1e-4)
        assert np.abs(errors) * 100 == pytest.approx([0.53, 0.47, 0.26, 1.85], rel=0.05)
        ours = spectrum("exponential:beta=1", "sphere:8", levels=range(4))
        assert [float(x.eigenvalue) for x in ours.levels] == pytest.approx(
            right, rel=1e-12
        )

    def test_inputs_have_the_norm_that_the_kernel_means(self):
        """A kernel for norm √d, data of norm 1: harmless without bias only."""
        asked = problem(DEEP, "sphere:8", [{1: 1}, {2: 1}], 64)
        ours = predicted(asked)
        small = kernels.ntk("relu", depth=4, bias_variance="0.01", input_variance="1/8")
        theirs = predicted(asked, kernel=small)
        assert ours.learnability == pytest.approx([0.7727, 0.3650], abs=2e-4)
        assert theirs.learnability == pytest.approx([0.7853, 0.3700], abs=2e-4)
        measured = simulate(asked, 100).mean("constant")
        assert measured.value == pytest.approx(ours.constant, rel=0.02)
        assert abs(measured.value / theirs.constant - 1) > 0.2
        free = predicted(problem("ntk:relu:depth=4", "sphere:8", {1: 1}, 64))
        scaled = kernels.ntk("relu", depth=4, bias_variance=0, input_variance="1/8")
        other = predicted(free.problem, kernel=scaled)
        assert other.learnability == pytest.approx(free.learnability, rel=1e-6)

    def test_the_tail_is_not_dropped(self):
        """Levels above 50 hold 2.4 % of the trace, and all of C at large n."""
        asked = problem(DEEP, "sphere:8", {3: 1}, 256)
        ours, cut = predicted(asked), predicted(asked, levels=50)
        # in units of K(1), to which the cut spectrum was normalized
        top = asked.pairs.kernel(np.zeros(1), np)[0]
        assert cut.C / top == pytest.approx(1.256e-3, rel=2e-3)
        assert ours.C / top == pytest.approx(1.372e-3, rel=2e-3)
        assert cut.value("learnability") - ours.value("learnability") > 0.015
        s = spectrum(DEEP, "sphere:8", levels=range(51))
        assert float(s.tail_mass) / top == pytest.approx(0.024, abs=0.002)
        proved = constant(s, 256, digits=8)
        assert ours.C == pytest.approx(float(proved), rel=1e-6)

    def test_small_eigenvalues_are_not_zeroed(self):
        """Setting what is below 1e-5 of the level before to 0."""
        s = spectrum("exponential:beta=1/1000", "sphere:200", levels=range(4))
        values = np.array([float(x.eigenvalue) for x in s.levels])
        theirs = values.copy()
        for k in range(1, 4):
            theirs[k] = 0.0 if theirs[k] < 1e-5 * values[k - 1] else theirs[k]
        assert np.all(theirs[1:] == 0)
        leading = [1e-3**k / np.prod(200 + 2 * np.arange(k)) for k in range(4)]
        assert values == pytest.approx(leading, rel=1e-4)


class TestHypercube:
    """Spectra on the hypercube."""

    @staticmethod
    def alternating(d, dtype):
        """λ_k as alternating sums of kernel values, in a floating-point format."""
        kernel = kernels.parse(DEEP)
        line = np.ones((d + 1, d))
        line[np.tril_indices(d + 1, -1, d)] = -1
        values = kernel_matrix(kernel, line[:1], line, norms="equal")[0].astype(dtype)
        rows = []
        for k in range(d + 1):
            krawtchouk = [
                sum((-1) ** j * comb(h, j) * comb(d - h, k - j) for j in range(k + 1))
                for h in range(d + 1)
            ]
            weights = [
                comb(d, h) * q / comb(d, k) / 2**d for h, q in enumerate(krawtchouk)
            ]
            rows.append(np.sum(np.array(weights, dtype=dtype) * values, dtype=dtype))
        return np.array(rows)

    @pytest.mark.parametrize(("d", "worst"), [(8, 2e-6), (12, 1e-5), (16, 1e-4)])
    def test_single_precision_is_not_enough(self, d, worst):
        ours = spectrum(DEEP, f"hypercube:{d}")
        values = np.array([float(x.eigenvalue) for x in ours.levels])
        errors = np.abs(self.alternating(d, np.float32) / values - 1)
        assert errors.max() > worst
        assert ours.digits > 25
        double = self.alternating(d, np.float64)
        assert values == pytest.approx(double, rel=1e-9)

    def test_double_precision_is_not_enough_at_one_hundred_bits(self):
        garbage = self.alternating(100, np.float64)
        assert np.sum(garbage < 0) > 10
        ours = spectrum(DEEP, "hypercube:100")
        assert all(x.eigenvalue.sign == 1 for x in ours.levels)
        assert ours.digits > 25

    def test_two_to_the_dimension_does_not_overflow(self):
        with np.errstate(over="ignore"):
            assert np.left_shift(np.int32(1), np.int32(31)) < 0
        s = spectrum("gaussian:width=4", "hypercube:40")
        total = sum(comb(40, x.index) * float(x.eigenvalue) for x in s.levels)
        assert total == pytest.approx(1.0, rel=1e-12)

    def test_parities_have_their_own_sign(self):
        """The constant as −1, and −(−1)^k χ_S in general."""
        everything = np.arange(16)
        theirs = [-((-1) ** k) * CubeArrays(4).mode(k, 0, everything) for k in range(5)]
        assert np.all(theirs[0] == -1)
        for k in range(5):
            expected = CubeArrays(4).coordinates(everything)[:, :k].prod(axis=1)
            assert np.array_equal(CubeArrays(4).mode(k, 0, everything), expected)


class TestConstant:
    """The root of the implicit equation."""

    LEVELS = (("1e-3", 1), ("1e-6", 10), ("1e-9", 100), ("1e-12", 1000))

    @staticmethod
    def excess(levels, n):
        pairs = [(float(v), g) for v, g in levels]
        return lambda c: sum(g * v / (v + c) for v, g in pairs) - n

    def test_a_tolerance_is_relative(self):
        """Bisection to an absolute 2e-12 returns one number for very different n."""
        s = Spectrum.from_levels(self.LEVELS)
        theirs = {
            n: bisect(self.excess(self.LEVELS, n), 1e-15, 1e10, xtol=2e-12, maxiter=200)
            for n in (500, 1110)
        }
        ours = {n: constant(s, n) for n in (500, 1110)}
        assert theirs[500] == theirs[1110]
        for n, ball in ours.items():
            slope = sum(
                g * float(v) * float(ball) / (float(v) + float(ball)) ** 2
                for v, g in self.LEVELS
            )
            assert abs(self.excess(self.LEVELS, n)(float(ball))) < 1e-12 * max(slope, n)
        assert float(ours[500]) / float(ours[1110]) > 1000

    def test_roots_below_the_bracket_are_found(self):
        levels = (("1e-20", 4),)
        with pytest.raises(ValueError, match="different signs"):
            bisect(self.excess(levels, 2), 1e-15, 1e10)
        assert float(constant(Spectrum.from_levels(levels), 2)) == pytest.approx(
            1e-20, rel=1e-12
        )

    def test_a_lower_bracket_does_not_help_an_absolute_tolerance(self):
        levels = (("1e-18", 100), (1, 1))
        wrong = bisect(self.excess(levels, 50), 1e-25, 1e10, xtol=2e-12, maxiter=128)
        right = float(constant(Spectrum.from_levels(levels), 50))
        assert wrong / right > 1e4
        exact = brentq(lambda x: self.excess(levels, 50)(np.exp(x)), -60, -20)
        assert right == pytest.approx(np.exp(exact), rel=1e-9)

    def test_all_points_of_the_domain_are_learned(self):
        """κ = 1e-15 at n = N makes E₀ infinite and the error nan."""
        lam, g = np.array([2.0, 1.0]), np.array([1.0, 3.0])
        n, kappa = g.sum(), 0.0
        learned = lam / (lam + kappa)
        with np.errstate(divide="ignore", invalid="ignore"):
            error = n / (n - np.sum(g * learned**2)) * (1 - learned[0]) ** 2
        assert np.isnan(error)
        s = Spectrum.from_levels([(2, 1), (1, 3)])
        assert float(predict(s, {0: 1}, 4).test_mse) == 0
        asked = problem(SHALLOW, "hypercube:4", {1: 1}, 16)
        assert predicted(asked).value("test_mse") == 0
        assert np.all(simulate(asked, 4).test_mse < 1e-12)

    def test_the_power_law_has_its_half(self):
        """(A/n)^α, the leading term alone, is off by α/(2n)."""
        n, alpha = 5, 2
        amplitude = (np.pi / alpha) / np.sin(np.pi / alpha)
        crude = (amplitude / n) ** alpha
        better = (amplitude / (n + 0.5)) ** alpha

        # Σ i^-2/(i^-2 + C) = (π/(2√C)) coth(π/√C) − 1/2 (DLMF 4.36)
        def count(c):
            return np.pi / (2 * sqrt(c)) / np.tanh(np.pi / sqrt(c)) - 0.5

        exact = brentq(lambda x: count(np.exp(x)) - n, -10, 3, xtol=1e-14)
        exact = float(np.exp(exact))
        assert exact == pytest.approx(0.0815669786124110527, rel=1e-10)
        assert abs(crude / exact - 1) > 0.2
        assert better == pytest.approx(exact, rel=1e-6)
        s = Spectrum.from_levels([(f"1/{i * i}", 1) for i in range(1, 501)])
        # 500 modes lack Σ 1/(1 + C i²) ≈ 1/(500.5 C) of n
        assert float(constant(s, n, digits=10)) < exact
        lacking = 1 / (500.5 * exact)
        assert float(
            constant(s, f"{n - round(lacking, 9)}", digits=10)
        ) == pytest.approx(exact, rel=1e-4)


class TestLevels:
    """Levels, multiplicities and targets."""

    def test_multiplicities_may_be_arrays(self):
        """``if multiplicities:`` has no truth value for an array."""
        counts = np.array([1, 4])
        with pytest.raises(ValueError, match="truth value"):
            bool(counts)
        s = Spectrum.from_levels(zip(np.array([1.0, 0.5]), counts, strict=True))
        assert (s.modes, len(s.levels)) == (5, 2)

    def test_a_level_of_the_circle_is_one_level(self):
        """k and M − k listed apart, with eigenvalues that differ by rounding."""
        points = 10
        matrix = kernel_matrix(
            kernels.parse(SHALLOW),
            CirclePointsArrays(points).vectors(np.arange(points)),
            norms="equal",
        )
        apart = np.fft.fft(matrix[0]).real / points
        assert len(apart) == 10
        s = spectrum(SHALLOW, UnitCircle(points))
        assert [x.multiplicity for x in s.levels] == [1, 2, 2, 2, 2, 1]
        values = [float(x.eigenvalue) for x in s.levels]
        assert values == pytest.approx(apart[:6], rel=1e-12)

    def test_the_alternating_mode_has_norm_one(self):
        """√2 cos(Mθ/2) has mean square 2, and doubles its error."""
        angles = 2 * np.pi * np.arange(10) / 10
        assert np.mean((sqrt(2) * np.cos(5 * angles)) ** 2) == pytest.approx(2)
        assert np.mean(
            CirclePointsArrays(10).mode(5, 0, np.arange(10)) ** 2
        ) == pytest.approx(1)

    def test_targets_go_by_level_and_not_by_size(self):
        """Power handed out in the order of falling eigenvalues."""
        s = spectrum("arc_cosine:order=1", "hypercube:6")
        values = [float(x.eigenvalue) for x in s.levels]
        order = np.argsort(values)[::-1]
        assert list(order) != sorted(order)
        level = next(k for k, place in enumerate(order) if place != k)
        c = float(predict(s, {0: 1}, 9).C)
        theirs = values[order[level]] / (values[order[level]] + c)
        ours = float(predict(s, {level: 1}, 9).target_learnability)
        assert ours == pytest.approx(values[level] / (values[level] + c), rel=1e-12)
        assert abs(ours - theirs) > 0.01

    def test_powers_are_powers_and_not_amplitudes(self):
        asked = problem(SHALLOW, "hypercube:4", [{1: "1/4"}, {1: 1}], 5)
        found = simulate(asked, 4)
        assert np.allclose(found.test_mse[:, 0], found.test_mse[:, 1] / 4)

    def test_eigenvalues_are_not_divided_by_the_number_of_layers(self):
        """A spectrum scaled by the number of kernels that were asked for together."""
        values = [float(x.eigenvalue) for x in spectrum(SHALLOW, "hypercube:4").levels]
        matrix = kernel_matrix(
            kernels.parse(SHALLOW), CubeArrays(4).vectors(np.arange(16)), norms="equal"
        )
        trace = sum(comb(4, k) * v for k, v in enumerate(values))
        assert trace == pytest.approx(matrix[0, 0], rel=1e-13)
        assert trace / 2 != pytest.approx(matrix[0, 0], rel=0.1)


class TestStatistics:
    """What is compared with what."""

    def test_off_sample_errors_are_not_corrected_with_noise(self):
        """(M E_all − n E_tr)/(M − n) holds without label noise alone."""
        M, n = 16, 6
        for noise in (0, "1/2"):
            asked = problem(SHALLOW, "hypercube:4", {1: 1}, n, "1/5", noise)
            found = simulate(asked, 2000)
            everything = np.arange(M)
            matrix = kernel_matrix(
                asked.kernel, asked.place.vectors(everything), norms="equal"
            )
            truth = asked.place.mode(1, 0, everything)
            from verify.regression.blocks import draw

            data, off = draw(asked, range(2000), 0), []
            for points, labels in zip(data.points, data.labels[..., 0], strict=True):
                inner = matrix[np.ix_(points, points)] + np.eye(n) / 5
                fit = matrix[:, points] @ np.linalg.solve(inner, labels)
                outside = np.setdiff1d(everything, points)
                off.append(np.mean((fit - truth)[outside] ** 2))
            direct = np.mean(off) + float(asked.noise)
            corrected = (M * found.test_mse.mean() - n * found.train_mse.mean()) / (
                M - n
            )
            agrees = abs(corrected / direct - 1) < 0.005
            assert agrees == (noise == 0)

    def test_a_finite_domain_with_ridge_needs_its_own_equation(self):
        asked = problem(DEEP, "hypercube:8", {1: 1}, 64, 1)
        measured = simulate(asked, 600)
        ours, usual = predicted(asked), predicted(asked, equation="eigenlearning")
        assert measured.mean("learned").value == pytest.approx(ours.learned, rel=1e-3)
        assert usual.learned == pytest.approx(43.87, abs=0.05)
        assert measured.mean("learned").value - usual.learned > 2
        error = measured.mean("test_mse")
        assert abs(error.z(ours.value("test_mse"))) < 5
        assert abs(error.z(usual.value("test_mse"))) > 8

    def test_repeated_points_count_once(self):
        """Drawn with replacement near n = M, the error is off many times over."""
        asked = problem(DEEP, "hypercube:6", {1: 1}, 62, sampling="with_replacement")
        measured = simulate(asked, 400).mean("test_mse").value
        naive = predicted(asked, sampling="without_replacement").value("test_mse")
        ours = predicted(asked).value("test_mse")
        assert measured / naive > 10
        assert measured == pytest.approx(ours, rel=0.4)

    def test_nets_that_stop_early_fall_short_of_the_law(self):
        """Training ends at an MSE of 1e-5: the sum of learnabilities is not n."""
        place, everything = CirclePointsArrays(10), np.arange(10)
        matrix = kernel_matrix(
            kernels.parse(DEEP), place.vectors(everything), norms="equal"
        )
        modes = [(k, i) for k in range(6) for i in range(place.modes_of(k))]
        values = np.stack([place.mode(*m, everything) for m in modes])
        indices = place.draw(3, range(4), 0, replace=False)
        exact = kernel_regression(matrix, indices, values)
        assert np.allclose(exact.learnability.sum(axis=1), 3, rtol=1e-12)
        rates = np.minimum(0.5, 0.8 * 3 / exact.lambda_max)
        short = 3 - stopped(matrix, indices, values, rates)[0].sum(axis=1)
        assert np.all(short > 1e-4)
        assert np.all(short < 0.1)


class TestErf:
    """The dual of erf."""

    def test_a_product_is_not_a_call(self):
        """``(v + 0.5)(w + 0.5)`` lacks its sign, and ``if w:`` fails on arrays."""
        v, w = np.float64(1.0), np.float64(2.0)
        with pytest.raises(TypeError, match="not callable"):
            (v + 0.5)(w + 0.5)
        x = np.array([[1.0, 1.0], [1.0, -1.0], [1.0, 0.2]])
        found = kernel_matrix(
            kernels.nngp("erf", depth=1, weight_variance=1), x, norms="equal"
        )
        unit = x / np.linalg.norm(x, axis=1, keepdims=True)
        # E erf(a) erf(b) = (2/π) asin(2 c/√((1 + 2q)(1 + 2q))) with q = 1
        expected = 2 / np.pi * np.arcsin(2 * np.clip(unit @ unit.T, -1, 1) / 3)
        assert found == pytest.approx(expected, rel=1e-12)


def test_bessel_polynomials_of_the_laplace_kernel_start_right():
    """y_{−1} = 1: the first Taylor coefficients of exp(−√(1 − t)/s)."""
    s = 0.7

    def bessel(n):
        if n == -1:
            return 1.0
        return sum(
            factorial(n + j) / factorial(n - j) / factorial(j) * (s / 2) ** j
            for j in range(n + 1)
        )

    ours = [np.exp(-1 / s) * (2 * s) ** -k * bessel(k - 1) for k in range(4)]
    h = 1e-2
    grid = h * np.arange(-4, 5)
    fit = np.polynomial.polynomial.polyfit(grid, np.exp(-np.sqrt(1 - grid) / s), 8)
    derivatives = [fit[k] * factorial(k) for k in range(4)]
    assert ours == pytest.approx(derivatives, rel=1e-6)
    assert Hypersphere(3).multiplicity(2) == 5
