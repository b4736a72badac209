"""Filters against ridge regression, the Marchenko–Pastur law, and their own definitions."""

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.integrate import quad

from numerics import FloatSpectrum, predict
from numerics.interpreters.complex_arrays import COMPLEX_ARRAYS
from numerics.interpreters.program import build
from numerics.training.complex_constant import constants_along
from numerics.training.contours import (
    around,
    ellipse,
    moebius_ellipse,
    parabola,
    spectral_edge,
)
from numerics.training.filtered import filtered_statistics
from theory import OutOfDomain, formulas, notation
from theory.training import FILTERS, parse
from theory.training.two_ridges import C_1, C_2, factor, s_1, s_2

RULES = (
    "flow",
    "descent:rate=1/200",
    "heavy_ball:rate=1/200,momentum=1/3",
    "tikhonov:ridge=2",
    "distillation:ridge=2",
    "weight_decay:decay=1/5",
)


def random_problem(seed):
    rng = np.random.default_rng(seed)
    lam = np.sort(10 ** rng.uniform(-4, 0.5, 9))[::-1].copy()
    g = rng.integers(1, 40, 9).astype(float)
    power = rng.uniform(0, 1, 9) * (rng.uniform(size=9) < 0.6) + 1e-3
    return lam, g, power, rng.integers(3, 120, 6).astype(float)


def run(rule, lam, g, power, n, time, noise):
    n, time, noise = (np.ravel(x) for x in np.broadcast_arrays(n, time, noise))
    return filtered_statistics(
        lam, g, power, n, time * 1.0, noise * 1.0, parse(rule), range(len(lam))
    )


@pytest.mark.parametrize("rule", ["tikhonov:ridge=1/7", "distillation:ridge=1/7"])
@pytest.mark.parametrize("seed", range(3))
def test_one_round_is_ridge_regression(rule, seed):
    lam, g, power, n = random_problem(seed)
    s = FloatSpectrum.from_arrays(lam, g)
    known = predict(s, power, n, ridge="1/7", noise="3/10")
    found = run(rule, lam, g, power, n, 1.0, 0.3)
    total = power.sum() + 0.3
    for name in ("test_mse", "train_mse"):
        close = np.abs(getattr(found, name) - getattr(known, name))
        assert close.max() <= found.error.max() * total
    unlearned = known.C[:, None] / (lam + known.C[:, None])
    np.testing.assert_allclose(found.unlearned, unlearned, rtol=0, atol=1e-12)


def test_two_rounds_by_a_derivative_in_the_ridge():
    """1 − L of (δ/(s + δ))² is −δ² d/dδ of (1 − L_δ)/δ, in 40 digits."""
    mp.dps = 40
    lam, g, power, _ = random_problem(5)

    def left(delta, level):
        side = lambda c: (
            sum(int(b) * mpf(a) / (mpf(a) + c) for a, b in zip(lam, g, strict=True))
            + delta / c
            - 30
        )
        c = mp.findroot(side, (mpf("1e-6"), mpf(1e3)), solver="anderson", tol=1e-60)
        return c / (mpf(lam[level]) + c) / delta

    found = run("tikhonov:ridge=1/2", lam, g, power, 30.0, 2.0, 0.0)
    for level in (0, 4, 8):
        slope = mp.diff(lambda x, k=level: left(x, k), mpf(1) / 2)
        assert abs(found.unlearned[0, level] + float(slope) / 4) < 1e-12


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("time", [1, 7, 60])
def test_one_level_follows_the_marchenko_pastur_law(rule, time):
    """One level of g modes is isotropic: every trace is an integral over the density."""
    g, n, noise = 100.0, 40.0, 0.5
    one = np.ones(1)
    found = run(rule, one, g * one, one, n, float(time), noise)
    low, high = (np.sqrt(g) - np.sqrt(n)) ** 2, (np.sqrt(g) + np.sqrt(n)) ** 2
    h = build(parse(rule).expression, COMPLEX_ARRAYS)

    def mean(f):
        density = lambda x: np.sqrt((x - low) * (high - x)) / (2 * np.pi * n * x)
        value = lambda x: complex(h({notation.s: complex(x), notation.time: time})).real
        return quad(
            lambda x: f(value(x), x) * density(x), low, high, epsabs=1e-12, limit=200
        )[0]

    trace = n * mean(lambda h, _: h)
    assert found.trace[0] == pytest.approx(trace, abs=1e-8)
    unlearned = 1 - n / g * mean(lambda h, _: 1 - h)
    assert found.unlearned[0, 0] == pytest.approx(unlearned, abs=1e-9)
    # T = Φᵀ g(K) Φ/… is a function of the isotropic matrix: E‖(1 − T)φ‖² = 1 − (n/g)⟨1 − h²⟩
    signal = 1 - n / g * mean(lambda h, _: 1 - h**2)
    assert found.signal[0] == pytest.approx(signal, abs=1e-9)
    gain = n * mean(lambda h, x: (1 - h) ** 2 / x)
    assert found.noise_gain[0] == pytest.approx(gain, abs=1e-9)
    train = mean(lambda h, x: h**2 * (x / g + noise))
    assert found.train_mse[0] == pytest.approx(train, abs=1e-9)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(2))
def test_learnabilities_sum_to_n_less_the_trace(rule, seed):
    lam, g, power, n = random_problem(seed)
    found = run(rule, lam, g, power, n, 5.0, 0.1)
    learned = np.sum(g * (1 - found.unlearned), axis=1)
    np.testing.assert_allclose(learned, n - found.trace, atol=1e-9)


@pytest.mark.parametrize("make", [lambda: parabola(0.5), lambda: ellipse(900.0, 0.9)])
def test_signal_is_the_double_integral_of_the_two_ridge_error(make):
    """The formula as theory states it, node by node, without divided differences."""
    lam, g, power, _ = random_problem(3)
    n, time = 25.0, 0.7
    contour = make()
    c = constants_along(
        lam,
        g,
        np.array([n]),
        np.array([contour.start]),
        contour.nodes[None],
        contour.weights[None] * 2j * np.pi,
    )[0]
    s, c, w = (
        np.concatenate([x, np.conj(x)]) for x in (contour.nodes, c, contour.weights)
    )
    two = build(formulas["two_ridge_factor"].rhs, COMPLEX_ARRAYS)
    error = build(formulas["two_ridge_error"].rhs, COMPLEX_ARRAYS)
    total = 0j
    for j in range(len(s)):
        columns = {notation.lam: lam, notation.g: g, notation.power: power}
        pair = columns | {C_1: np.full(len(c), c[j]), C_2: c}
        x = two(pair | {notation.n: n})
        by_difference = n * (c[j] - c) / np.where(s == s[j], 1, s[j] - s)
        np.testing.assert_allclose(x[s != s[j]], by_difference[s != s[j]], rtol=1e-7)
        value = error(pair | {factor: x, notation.noise: 0.0})
        h = np.exp(time * (s[j] + s))
        total += np.sum(w[j] * w * h / (s[j] * s) * value)
    found = run("flow", lam, g, power, n, time, 0.0)
    assert found.signal[0] == pytest.approx(total.real, abs=1e-10)
    assert s_1 != s_2


def test_flow_starts_with_the_slope_of_the_theory():
    lam, g, power, n = random_problem(1)
    found = run("flow", lam, g, power, n, 1e-7, 0.2)
    first = power.sum() + 0.2 - 2e-7 * n * (lam @ power)
    np.testing.assert_allclose(found.test_mse, first, atol=1e-9)


def test_late_flow_is_ridgeless_regression():
    lam, g, power, n = random_problem(2)
    n = n[n < g.sum() - 20]
    known = predict(FloatSpectrum.from_arrays(lam, g), power, n, noise="1/10")
    found = run("flow", lam, g, power, n, 1e9, 0.1)
    np.testing.assert_allclose(found.test_mse, known.test_mse, rtol=1e-6)


def test_published_checks_of_flow_and_descent():
    """Values that two other programs gave to nine and five digits."""
    lam, power = np.arange(1, 301) ** -1.5, np.arange(1, 301) ** -2.0
    power /= power.sum()
    one = np.ones(300)
    found = run("flow", lam, one, power, 60.0, np.array([0.03, 0.3, 3, 30]), 0.1)
    values = [0.347666258, 0.175265558, 0.169321426, 0.203841310]
    np.testing.assert_allclose(found.test_mse, values, atol=6e-10)
    np.testing.assert_allclose(found.noise_gain[-1], 0.814680407, atol=6e-10)
    cases = {
        "descent:rate=1/140": (40, 0.06569, 46.2740),
        "heavy_ball:rate=1/140,momentum=1/2": (20, 0.06546, 46.4068),
        "tikhonov:ridge=3/10": (2, 0.02522, 13.1442),
    }
    for rule, (steps, signal, trace) in cases.items():
        found = run(rule, lam, one, power, 60.0, float(steps), 0.1)
        assert found.signal[0] == pytest.approx(signal, abs=6e-6)
        assert found.trace[0] == pytest.approx(trace, abs=6e-5)


def test_closed_contours_give_the_residue_inside():
    f = lambda s: 1 / (s - 20) / (s + 3)
    for contour in (
        ellipse(30.0, 0.5),
        around(30.0, 0.5),
        moebius_ellipse(30.0, 20, 1),
    ):
        value = 2 * np.real(np.sum(contour.weights * f(contour.nodes)))
        assert value == pytest.approx(-1 / 23, abs=1e-14)


def test_spectral_edge_is_the_largest_eigenvalue_of_a_gaussian_design():
    lam, g = np.array([2.0, 0.1]), np.array([150.0, 300.0])
    edge = spectral_edge(lam, g, 200.0)
    rng = np.random.default_rng(0)
    tops = []
    for _ in range(10):
        phi = rng.standard_normal((200, 450))
        tops.append(np.linalg.eigvalsh((phi * np.repeat(lam, [150, 300])) @ phi.T)[-1])
    assert np.mean(tops) == pytest.approx(edge, rel=0.03)


@pytest.mark.parametrize("text", RULES)
def test_nothing_is_fitted_at_eigenvalue_zero_or_without_training(text):
    rule = parse(text).expression
    at_zero = rule.subs(notation.time, 3).subs(notation.s, 0)
    assert at_zero.simplify() == 1
    if not text.startswith("distillation"):  # its round 0 is the labels themselves
        assert rule.subs(notation.time, 0).simplify() == 1


def test_every_registered_rule_is_tested():
    assert {x.partition(":")[0] for x in RULES} == set(FILTERS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("floww", "floww"),
        ("descent", "rate"),
        ("descent:rate=0", "rate = 0"),
        ("descent:rate=-1", "rate"),
        ("descent:rate", "name=value"),
        ("descent:rate=1,momentum=1/2", "momentum"),
        ("heavy_ball:rate=1,momentum=1", "below 1"),
    ],
)
def test_bad_rules_are_refused_by_name(text, said):
    with pytest.raises(OutOfDomain, match=said):
        parse(text)
