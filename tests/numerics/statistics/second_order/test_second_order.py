"""Covariances of coefficients and of values: limits, sums, balls, and the two forms."""

import numpy as np
import pytest

from numerics import FloatSpectrum, Spectrum, predict, spectrum, statistic
from theory.errors import OutOfDomain, Unsupported

CUBE = "hypercube:4"


@pytest.fixture(scope="module")
def cube():
    return spectrum("gaussian:width=2", CUBE)


def corners():
    return 1 - 2 * ((np.arange(16)[:, None] >> np.arange(4)) & 1)


def test_the_mean_of_values_is_what_the_levels_learn(cube):
    p = predict(cube, "expr:x1*x2 + 2*x3", [3, 9], ridge="1/10")
    x = corners()
    said = p.learnability[2][:, None] * (x[:, 0] * x[:, 1])
    said = said + p.learnability[1][:, None] * 2 * x[:, 2]
    assert np.allclose(p.function_mean(x), said, rtol=1e-13)
    assert np.allclose(p.coefficient_mean[:, 0], p.learnability[p.modes[0][0]] * (
        1 if p.modes[0][0] == 2 else 2))  # fmt: skip


@pytest.mark.parametrize("target", [{1: 1}, "expr:sign(x1 + x2 + x3)"])
def test_the_mean_variance_of_values_is_the_variance_and_the_piece_of_rank_one(
    cube, target
):
    p = predict(cube, target, 5, ridge="1/20", noise="1/10")
    x = corners()
    spread = float(np.mean(np.diag(p.function_covariance(x, local=False))))
    powers = np.array([float(v) for v in p.context.targets[0].values()])
    L = np.array([float(p.learnability[k]) for k in p.context.targets[0]])
    piece = float(p.E0) / 5 * np.sum((L * (1 - L)) ** 2 * powers)
    assert spread == pytest.approx(float(p.variance) + piece, rel=1e-12)


def test_values_are_made_of_coefficients(cube):
    """One mode's coefficient is the mean of f̂ times it, so covariances transform."""
    p = predict(cube, {1: 1, 3: 2}, 6, noise="1/4")
    x = corners()
    wave = {1: x[:, 0], 3: x[:, 0] * x[:, 1] * x[:, 2]}
    whole = p.function_covariance(x, local=False)
    by_values = np.array(
        [[wave[a] @ whole @ wave[b] / 256 for b in (1, 3)] for a in (1, 3)]
    )
    along = [p.modes.index((k, 0)) for k in (1, 3)]
    assert np.allclose(by_values, p.coefficient_covariance[np.ix_(along, along)])
    other = x[:, 3]
    free = p.modes.index((1, 1))
    assert other @ whole @ other / 256 == pytest.approx(
        p.coefficient_covariance[free, free]
    )


@pytest.mark.parametrize("n", [0, 5, 20])
def test_balls_hold_the_floats(cube, n):
    ask = {"n": n, "ridge": 0, "noise": "1/3"}
    p, q = (predict(cube, {1: 1, 2: "1/2"}, **ask, digits=d) for d in (None, 20))
    x = [[1, 1, -1, 1], [1, -1, -1, -1]]
    for name in ("coefficient_mean", "coefficient_covariance"):
        assert np.allclose(getattr(p, name), getattr(q, name).astype(float), atol=1e-14)
    for name in ("function_mean", "function_covariance"):
        proved = getattr(q, name)(x)
        only = {"local": False} if name == "function_covariance" else {}
        floats = getattr(p, name)(x, **only)
        assert np.allclose(floats, proved.astype(float), atol=1e-14)
        assert all(ball.digits >= 19 or ball.sign == 0 for ball in proved.flat)


def test_least_squares_has_the_textbook_covariance():
    """N features, n points: Cov = σ²/n · n/(n − N) on each, to leading order."""
    p = predict(Spectrum.from_levels([(1, 20)]), {0: 1}, 30, noise="1/10")
    assert p.coefficient_mean.tolist() == [1, 0]
    assert np.allclose(p.coefficient_covariance, np.eye(2) * 0.1 / (30 - 20))
    at_the_peak = predict(Spectrum.from_levels([(1, 20)]), {0: 1}, 20, noise="1/10")
    with pytest.raises(OutOfDomain, match="n = 20 is the number of modes"):
        _ = at_the_peak.coefficient_covariance


def test_tails_are_listed_further_or_enclosed():
    s = spectrum("laplace:width=1", "sphere:4", levels=range(4))
    p = predict(s, {1: 1}, 6, digits=12)
    x = [[1, 0, 0, 0], [1, 1, 0, 0]]
    fine = predict(spectrum("laplace:width=1", "sphere:4", levels=range(60)), {1: 1}, 6)
    assert np.allclose(
        p.function_covariance(x).astype(float),
        fine.function_covariance(x, local=False),
        rtol=1e-6,
    )


def test_distinct_points_with_noise_spread_as_their_variance_does(cube):
    p = predict(cube, {1: 1}, 9, ridge="1/5", noise="1/5", sampling="distinct")
    x = corners()
    spread = float(np.mean(np.diag(p.function_covariance(x, local=False))))
    assert spread > float(p.variance)
    assert spread == pytest.approx(float(p.variance), rel=0.2)
    plain = predict(cube, {1: 1}, 9)
    distinct = predict(cube, {1: 1}, 9, sampling="distinct")
    assert np.allclose(plain.coefficient_covariance, distinct.coefficient_covariance)


def test_statistic_encloses_the_covariance(cube):
    target = {1: 1, 3: 2}
    p = predict(cube, target, 6, noise="1/4", digits=25)
    place = {mode: i for i, mode in enumerate(p.modes)}
    for level, other in ((1, 1), (1, 3), (3, 3)):
        ball = statistic(
            "coefficient_covariance", cube, 6, noise="1/4", target=target, level=level, other=other,
        )  # fmt: skip
        entry = p.coefficient_covariance[place[level, 0], place[other, 0]]
        assert ball.overlaps(entry)
        assert ball.digits >= 30


def test_what_has_no_formula_is_refused(cube):
    with pytest.raises(Unsupported, match="given levels has no points"):
        predict(Spectrum.from_levels([(1, 4)]), {0: 1}, 2).function_mean([1])
    with pytest.raises(Unsupported, match="select"):
        _ = predict([cube, cube], {1: 1}, 2).coefficient_mean
    repeated = predict(cube, {1: 1}, 4, sampling="replacement")
    with pytest.raises(Unsupported, match="sampling = replacement"):
        _ = repeated.coefficient_covariance
    with pytest.raises(Unsupported, match="in float64"):
        predict(cube, "expr:x1*x2", 4, digits=10).function_mean([1, 1, 1, 1])


def test_arrays_of_powers_have_coefficients_too():
    s = FloatSpectrum.from_arrays([1.0, 0.5], [1, 3])
    p = predict(s, np.array([0.0, 4.0]), 2)
    assert p.modes == ((1, 0), (1, 1))
    assert p.coefficient_mean[0] == pytest.approx(2 * float(p.target_learnability))


@pytest.mark.parametrize("target", [{1: 1}, "expr:sign(x1 + x2 + x3) + x4/3"])
@pytest.mark.parametrize("sampling", ["independent", "distinct"])
def test_the_mean_local_variance_is_the_variance(cube, target, sampling):
    p = predict(cube, target, [0, 5, 11], ridge="1/9", noise="1/10", sampling=sampling)
    covariance = p.function_covariance(corners())
    assert np.allclose(np.einsum("cxx->cx", covariance).mean(axis=1), p.variance)
    assert np.allclose(covariance, covariance.transpose(0, 2, 1))


def test_local_errors_solve_their_equation(cube):
    """s² = r² + V_x + σ² where V_x is the variance that follows from it."""
    p = predict(cube, "expr:x1*x2 + 2*x3", 5, noise="1/10")
    x = corners()
    variance = np.diag(p.function_covariance(x))
    error = (p.context.targets[0].at(x) - p.function_mean(x)) ** 2 + variance + 0.1
    fast = cube.floats()
    L = fast.eigenvalue / (fast.eigenvalue + float(p.C))
    smooth = np.zeros((16, 16))
    for k in range(5):
        sets = [s for s in range(16) if bin(s).count("1") == k]
        waves = [
            np.prod(np.where([s >> i & 1 for i in range(4)], x, 1), axis=1)
            for s in sets
        ]
        smooth += L[k] * sum(np.outer(w, w) for w in waves)
    w = 2 * L[1] * (1 - L[1]) * x[:, 2] + L[2] * (1 - L[2]) * x[:, 0] * x[:, 1]
    again = (smooth**2 @ error) / (5 * 16) - w**2 / 5
    # but for the mean part, which is that of the published variance
    assert np.allclose(variance - variance.mean(), again - again.mean(), atol=1e-12)


def test_without_a_shape_of_the_residual_both_forms_agree():
    s = spectrum("gaussian:width=2", "hypercube:6")
    p = predict(s, {6: 1}, 20, noise=1)  # a parity: its square is 1 everywhere
    x = 1 - 2 * np.random.default_rng(0).integers(0, 2, (4, 6))
    local, even = p.function_covariance(x), p.function_covariance(x, local=False)
    assert np.allclose(local, even, atol=0.02 * float(p.variance))
