"""Regression on sampled data sets: integrals over the domain, without test points."""

from itertools import combinations

import numpy as np
import pytest
import sympy

from numerics import spectrum
from numerics.targets.level_powers import level_powers
from theory import Hypersphere, OutOfDomain, Unsupported, domains, kernels
from theory.notation import t
from verify.networks import SetAsideWarning
from verify.regression import kernel_matrix, kernel_regression, problem, simulate
from verify.regression.blocks import draw
from verify.regression.domains.arrays import arrays_of
from verify.regression.measured import BY_TARGET

NTK = "ntk:relu:depth=2,bias_variance=0.1"
SINGULAR = "polynomial:degree=1"


def arrays(found):
    return {name: getattr(found, name) for name in (*BY_TARGET, "coefficients")}


def same(a, b, rtol=1e-9):
    for name, values in arrays(a).items():
        other = arrays(b)[name]
        assert (values is None) == (other is None)
        if values is not None:
            assert np.allclose(values, other, rtol=rtol, atol=1e-12), name


@pytest.mark.parametrize(
    ("domain", "sampling", "ridge", "kernel"),
    [
        ("hypercube:4", "without_replacement", 0, NTK),
        ("hypercube:4", "without_replacement", "1/3", NTK),
        ("hypercube:4", "with_replacement", 0, NTK),
        ("hypercube:4", "with_replacement", "1/3", NTK),
        ("hypercube:4", "without_replacement", 0, SINGULAR),
        ("circle:9", "without_replacement", "1/5", NTK),
    ],
)
def test_it_agrees_with_testing_on_every_point(domain, sampling, ridge, kernel):
    asked = problem(kernel, domain, [{0: 1}, {1: 1, 2: "1/2"}], 7, ridge, 0, sampling)
    found = simulate(asked, 12, seed=3)
    place = asked.place
    everything = np.arange(place.points)
    coordinates = place.coordinates(everything)
    if domain.startswith("circle"):
        coordinates = np.stack([np.cos(coordinates), np.sin(coordinates)], axis=1)
    values = np.stack([goal.at(place, everything) for goal in asked.targets])
    indices = place.draw(7, range(12), 3, replace=sampling == "with_replacement")
    direct = kernel_regression(
        kernel_matrix(asked.kernel, coordinates.astype(float), norms="equal"),
        indices,
        values,
        float(asked.ridge),
    )
    for name in ("learnability", "test_mse", "train_mse"):
        assert np.allclose(
            getattr(found, name), getattr(direct, name), rtol=1e-8, atol=1e-11
        ), name
    assert np.array_equal(found.rank, direct.rank)


@pytest.mark.parametrize("ridge", [0, "1/4"])
def test_learnabilities_of_a_complete_basis_sum_to_what_the_trace_says(ridge):
    sets = [s for k in range(4) for s in combinations(range(3), k)]
    basis = [lambda x, s=s: np.prod(x[list(s)]) for s in sets]
    found = simulate(problem(NTK, "hypercube:3", basis, 5, ridge), 20)
    assert np.allclose(found.learnability.sum(axis=1), found.learned, rtol=1e-10)
    if not ridge:
        assert np.allclose(found.learned, 5, rtol=1e-12)


@pytest.mark.parametrize("domain", ["hypercube:5", "circle", "sphere:4"])
def test_bias_and_variance_close_the_error_in_every_pair(domain):
    found = simulate(problem(NTK, domain, {1: 1, 2: 1}, 6, "1/9", "1/5"), 10)
    clean = found.test_mse - 0.2
    pairs = (clean[0::2] + clean[1::2]) / 2
    assert np.allclose(found.bias + found.variance, pairs, rtol=1e-11)


def test_on_the_sphere_a_large_test_sample_sees_the_same_error():
    asked = problem(NTK, "sphere:3", {0: 1, 1: 1, 3: 1}, 8, "1/20")
    found = simulate(asked, 4)
    data = draw(asked, range(4), 0)
    place = asked.place
    (test,) = place.draw(40_000, [0], 11, replace=False)
    truth = asked.targets[0].at(place, test[None])[0]
    for row in range(2):
        inner = (
            kernel_matrix(asked.kernel, data.points[row], norms="equal")
            + np.eye(8) / 20
        )
        fit = kernel_matrix(
            asked.kernel, test, data.points[row], norms="equal"
        ) @ np.linalg.solve(inner, data.labels[row, :, 0])
        errors = (fit - truth) ** 2
        off = errors.mean() - found.test_mse[row, 0]
        assert abs(off) < 5 * errors.std() / 200
        products = fit * truth / 3
        off = products.mean() - found.learnability[row, 0]
        assert abs(off) < 5 * products.std() / 200


def test_the_gradient_is_that_of_the_fitted_function():
    asked = problem("exponential:beta=1", "circle", {1: 1, 3: 1}, 6, "1/50")
    found = simulate(asked, 4)
    data = draw(asked, range(4), 0)
    grid = 2 * np.pi * np.arange(512) / 512
    ring = np.stack([np.cos(grid), np.sin(grid)], axis=1)
    for row in range(4):
        x = np.stack([np.cos(data.points[row]), np.sin(data.points[row])], axis=1)
        inner = kernel_matrix(asked.kernel, x, norms="equal") + np.eye(6) / 50
        fit = kernel_matrix(asked.kernel, ring, x, norms="equal") @ np.linalg.solve(
            inner, data.labels[row, :, 0]
        )
        waves = np.fft.fft(fit) / 512
        frequency = np.fft.fftfreq(512, 1 / 512)
        slope = np.sum(frequency**2 * np.abs(waves) ** 2)
        assert found.gradient is not None
        assert found.gradient[row, 0] == pytest.approx(slope, rel=1e-9)


def test_the_gradient_on_the_sphere_is_that_of_a_linear_function():
    # K = t learns f̂ = w·x; the tangential gradient of x₁ has mean square (d − 1)/d
    found = simulate(problem(SINGULAR, "sphere:4", {1: 1}, 2, "1/10"), 6)
    assert found.gradient is not None
    size = found.test_mse[:, 0] - 1 + 2 * found.learnability[:, 0]
    assert np.allclose(found.gradient[:, 0], 3 * size, rtol=1e-10)


@pytest.mark.parametrize("domain", ["hypercube:4", "circle:12", "circle:9"])
def test_named_modes_are_orthonormal(domain):
    place = arrays_of(domains.parse(domain))
    top = int(domains.parse(domain).last_level)
    everything = np.arange(place.points)
    names = [(k, i) for k in range(top + 1) for i in range(place.modes_of(k))]
    rows = np.stack([place.mode(*name, everything) for name in names])
    assert np.allclose(rows @ rows.T / place.points, np.eye(len(rows)), atol=1e-13)


@pytest.mark.parametrize("d", [3, 5])
def test_modes_on_the_sphere_are_orthonormal_and_zonal_as_theory_says(d):
    place = arrays_of(Hypersphere(d))
    (x,) = place.draw(200_000, [0], 0, replace=False)
    names = [(k, i) for k in range(4) for i in range(place.modes_of(k))]
    rows = np.stack([place.mode(*name, x) for name in names])
    products = rows[:, None] * rows[None]
    error = products.std(axis=2) / len(x) ** 0.5
    assert np.all(
        np.abs(products.mean(axis=2) - np.eye(len(rows))) <= 5 * error + 1e-12
    )
    points = np.array([[0.3, *[0.0] * (d - 1)], [-0.8, *[0.0] * (d - 1)]])
    (own,) = Hypersphere(d).eigenfunctions(3)
    expected = [float(own.subs(t, sympy.Rational(v))) for v in ("3/10", "-4/5")]
    assert np.allclose(place.mode(3, 0, points), expected, rtol=1e-12)


@pytest.mark.parametrize("domain", ["hypercube:3", "circle:10"])
def test_a_function_becomes_its_level_powers(domain):
    place = domains.parse(domain)
    f = (lambda x: x[0] + 2 * x[1] * x[2]) if domain[0] == "h" else np.exp
    asked = problem(NTK, domain, f, 4)
    goal, expected = asked.targets[0], level_powers(f, place)
    assert goal.powers.keys() == expected.keys()
    for k, power in expected.items():
        assert float(goal.powers[k]) == pytest.approx(float(power), rel=1e-10)
    points = asked.place.coordinates(np.arange(asked.place.points))
    if domain[0] == "c":
        points = np.stack([np.cos(points), np.sin(points)], axis=1)
    everything = np.arange(asked.place.points)
    smooth = goal.smoothed(asked.place, asked.pairs, everything)
    direct = (
        kernel_matrix(asked.kernel, points.astype(float), norms="equal")
        @ goal.values
        / len(everything)
    )
    assert np.allclose(smooth, direct, rtol=1e-11, atol=1e-13)


def test_functions_with_equal_powers_measure_equal_means():
    rotated = lambda x: (x[0] + x[3]) / np.sqrt(2)
    found = simulate(problem(NTK, "hypercube:6", [rotated, {1: 1}], 12), 2000)
    for name in ("learnability", "test_mse", "bias"):
        a, b = found.mean(name, 0), found.mean(name, 1)
        assert abs(a.value - b.value) < 5 * np.hypot(a.error, b.error), name


@pytest.mark.parametrize(
    ("kernel", "domain", "n", "sampling"),
    [
        (NTK, "hypercube:5", 9, "with_replacement"),
        (SINGULAR, "hypercube:4", 7, "without_replacement"),
        (NTK, "sphere:3", 7, None),
    ],
)
def test_jax_does_the_same(kernel, domain, n, sampling):
    pytest.importorskip("jax", reason="needs the extra jax")
    asked = problem(kernel, domain, [{1: 1}, {0: 1, 2: 1}], n, 0, "1/10", sampling)
    same(simulate(asked, 8), simulate(asked, 8, backend="jax"), rtol=1e-7)


def test_a_data_set_is_the_same_whatever_runs_beside_it():
    asked = problem(NTK, "sphere:3", {1: 1}, 5, "1/10", "1/10")
    few, many = simulate(asked, 6), simulate(asked, 30, memory=40_000)
    for name, values in arrays(few).items():
        assert np.allclose(values, arrays(many)[name][: len(values)], rtol=1e-12), name


def test_a_run_goes_on_where_it_stopped(tmp_path):
    asked = problem(NTK, "hypercube:4", {1: 1}, 3)

    def stop(done, total, what):
        if done > 512:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(asked, 1100, folder=tmp_path, progress=stop)
    files = {p: p.stat().st_mtime_ns for p in tmp_path.glob("*.npz")}
    assert len(files) == 1
    seen = []
    whole = simulate(asked, 1100, folder=tmp_path, progress=lambda *a: seen.append(a))
    assert {p: p.stat().st_mtime_ns for p in files} == files
    assert seen[-1][:2] == (1100, 1100)
    same(whole, simulate(asked, 1100))
    broken = next(iter(files))
    broken.write_bytes(broken.read_bytes()[:50])
    with pytest.warns(SetAsideWarning, match="cannot be read"):
        same(whole, simulate(asked, 1100, folder=tmp_path))


def test_large_cubes_need_no_list_of_their_corners():
    found = simulate(problem("gaussian:width=4", "hypercube:40", {1: 1}, 12), 4)
    assert np.all(found.rank == 12)
    s = spectrum(kernels.gaussian(4), "hypercube:40")
    assert found.learnability.mean() == pytest.approx(
        12 * float(s.level(1).eigenvalue) / 1.0, rel=0.3
    )


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"n": 17}, "n = 17"),
        ({"n": 0}, "n = 0"),
        ({"targets": {5: 1}}, "target level = 5"),
        ({"targets": {1: -1}}, "power of target level 1"),
        ({"targets": {}}, "target = {}"),
        ({"targets": []}, "at least one target"),
        ({"targets": lambda _: float("nan")}, "not a finite number"),
        ({"targets": lambda _: 0.0}, "vanishes"),
        ({"ridge": -1}, "ridge = -1"),
        ({"noise": "x"}, "noise"),
        ({"sampling": "uniform"}, "sampling = 'uniform'"),
        ({"domain": "sphere:3", "sampling": "with_replacement"}, "must be uniform"),
        ({"domain": "hypercube:80"}, "at most 62 bits"),
        ({"kernel": "gauss:width=1"}, "unknown family"),
    ],
)
def test_bad_problems_are_named_before_anything_runs(change, match):
    given = {"kernel": NTK, "domain": "hypercube:4", "targets": {1: 1}, "n": 4}
    with pytest.raises((OutOfDomain, Unsupported), match=match):
        problem(**(given | change))


def test_functions_on_infinite_domains_become_level_powers():
    on_sphere = problem(NTK, "sphere:3", lambda x: x[0] * x[1] + 2, 4).targets[0]
    assert on_sphere.powers == {0: 4, 2: sympy.Rational(3, 5)}
    on_circle = problem(NTK, "circle", lambda theta: np.cos(theta) ** 2, 4).targets[0]
    assert {k: round(float(p), 12) for k, p in on_circle.powers.items()} == {
        0: 0.25,
        2: 0.125,
    }
    with pytest.raises(Unsupported, match="polynomials"):
        problem(NTK, "sphere:3", lambda x: np.exp(x[0]), 4)
    with pytest.raises(Unsupported, match="above level"):
        problem(NTK, "circle", lambda theta: np.sign(np.cos(theta)), 4)


def test_high_levels_are_listed_when_a_target_has_them():
    asked = problem("exponential:beta=1", "circle", {1: 1, 70: 1}, 4)
    assert len(asked.pairs.eigenvalues) > 70
    assert np.all(np.isfinite(simulate(asked, 4).test_mse))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"trials": 5}, "must be even"),
        ({"trials": 2}, "trials = 2"),
        ({"seed": -1}, "seed"),
        ({"backend": "torch"}, "backend"),
        ({"memory": 10}, "allow more"),
    ],
)
def test_bad_runs_are_named(change, match):
    with pytest.raises(OutOfDomain, match=match):
        simulate(problem(NTK, "hypercube:4", {1: 1}, 4), **({"trials": 4} | change))
