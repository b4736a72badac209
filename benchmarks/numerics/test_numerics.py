"""Digits, time and memory of the numerics, against named baselines in the same run.

    python -m pytest benchmarks/numerics --benchmark-only -q [--write-docs]

Every case is timed by pytest-benchmark in CPU time, then run once more for the peak of
what Python and NumPy allocate. Baselines are what one writes without this package.
"""

import time
import tracemalloc
from fractions import Fraction
from functools import lru_cache
from itertools import count
from math import comb

import mpmath
import numpy as np
import pytest
import scipy.optimize
import scipy.special

from numerics import FloatSpectrum, Spectrum, constant, predict, spectrum
from numerics import spectrum as enclosed
from numerics.implicit_equation.proved_solver import proved_constant
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from numerics.spectra.floats.net_grid import net_grid
from numerics.spectra.spectrum import _spectrum
from theory.domains import Hypercube
from theory.kernels import ntk, parse
from theory.notation import u

NAME = "ntk:relu:depth=4,bias_variance=0.01"
CHAIN = parse(NAME).half()
K = build(CHAIN, ARRAYS)


def fresh(*args, **options):
    """A spectrum that no cache remembers."""
    _spectrum.cache_clear()
    return spectrum(*args, **options)


def worst_digits(found, exact):
    with np.errstate(all="ignore"):
        errors = np.abs(np.asarray(found, float) / np.asarray(exact, float) - 1)
    errors = np.where(np.isfinite(errors), errors, 1.0)
    return float(np.clip(-np.log10(np.max(np.maximum(errors, 1e-16))), 0, 16))


def truth(place, top=None):
    s = enclosed(NAME, place, None if top is None else range(top + 1), 30)
    return [float(x.eigenvalue) for x in s.levels]


# Baselines


def krawtchouk_sum(d):
    """λ_k = 2^−d Σ_m C(d, m) K_m κ_m(k)/C(d, k), term by term in float64."""
    values = K({u: np.arange(d + 1) / d})
    found = []
    for k in range(d + 1):
        total = 0.0
        for m in range(d + 1):
            weight = sum(
                (-1.0) ** j * comb(m, j) * comb(d - m, k - j)
                for j in range(max(0, k + m - d), min(k, m) + 1)
            )
            total += weight / comb(d, k) * comb(d, m) * values[m]
        found.append(total / 2.0**d)
    return found


def finite_differences(d):
    """λ_k as means of k-th differences of float64 samples (Yang and Salman's form)."""
    row, found = K({u: np.arange(d + 1) / d}), []
    for _ in range(d + 1):
        mean = row
        while len(mean) > 1:
            mean = (mean[:-1] + mean[1:]) / 2
        found.append(mean[0])
        row = (row[:-1] - row[1:]) / 2
    return found


def krawtchouk_mpmath(d, digits=60):
    """The textbook sum with 60 digits."""
    with mpmath.workdps(digits):
        run = lambda c: mpmath.acos(max(-1, min(1, c)))
        values = []
        for m in range(d + 1):
            q = mpmath.mpf(2) + mpmath.mpf(1) / 100
            s = 2 * (1 - mpmath.mpf(2 * m) / d) + mpmath.mpf(1) / 100
            theta = s
            for layer in range(4):
                w, b = (2, mpmath.mpf(1) / 100) if layer < 3 else (1, 0)
                c = s / q
                a = run(c)
                slope = (mpmath.pi - a) / (2 * mpmath.pi)
                s = w * q * (mpmath.sin(a) + (mpmath.pi - a) * c) / (2 * mpmath.pi) + b
                q = w * q / 2 + b
                theta = s + w * theta * slope
            values.append(theta)
        found = []
        for k in range(d + 1):
            total = mpmath.mpf(0)
            for m in range(d + 1):
                weight = sum(
                    (-1) ** j * comb(m, j) * comb(d - m, k - j)
                    for j in range(max(0, k + m - d), min(k, m) + 1)
                )
                total += weight * comb(d, m) * values[m]
            found.append(float(total / comb(d, k) / 2**d))
        return found


def gegenbauer_nodes(d, top, nodes=1000):
    """Gauss–Gegenbauer quadrature in t."""
    alpha = d / 2 - 1
    t, w = scipy.special.roots_gegenbauer(nodes, alpha)
    values, w = K({u: (1 - t) / 2}), w / w.sum()
    return [
        np.sum(w * values * scipy.special.eval_gegenbauer(k, alpha, t))
        / scipy.special.eval_gegenbauer(k, alpha, 1.0)
        for k in range(top + 1)
    ]


def bisection(lam, g, sizes):
    """SciPy's bisection of Σ g λ/(λ + C) = n in C, one n after the other; nan: refused."""
    f = lambda c, n: np.sum(g * lam / (lam + c)) - n
    found = []
    for n in sizes:
        try:
            found.append(scipy.optimize.bisect(f, 1e-15, 1e10, (n,), maxiter=200))
        except ValueError:  # no change of sign between the ends
            found.append(np.nan)
    return found


def _width_gap(c, lam, n, w, ridge):
    """Learned modes beyond what n, w and δ allow, at a trial C."""
    z = np.sum(lam / (lam + c))
    return -1.0 if z < min(n, w) and (n - z) * (1 - z / w) * c > ridge else 1.0


def newton(lam, g, sizes, steps=40):
    """Newton's iteration in log C on log Σ g λ/(λ + C) = log n, for all n at once."""
    sizes = np.asarray(sizes, float)
    x = np.log(np.sum(g * lam) / sizes)  # C is at most tr/n
    for _ in range(steps):
        c = np.exp(x)[:, None]
        share = g * lam / (lam + c)
        total = share.sum(axis=1)
        fall = (share * c / (lam + c)).sum(axis=1) / total
        step = (np.log(total) - np.log(sizes)) / fall
        x += step
        if np.max(np.abs(step)) < 1e-15:
            break
    return np.exp(x)


NEW = count(1)


def new_net(place, levels=None):
    """The proved spectrum of a net that no call has met before."""
    bias = Fraction(1, 100) + Fraction(next(NEW), 10**9)
    return spectrum(f"ntk:relu:depth=4,bias_variance={bias}", place, levels)


# Cases: task, method, function, how digits are found, whether it is ours


def _levels(s):
    return [float(x.eigenvalue) for x in s.levels]


def flow_by_newton(lam, g, target, n, t):
    """E(t) as published: a parabola of 48 nodes, SciPy's Newton for C at each of them."""
    count = 24
    theta = (np.arange(count) + 0.5) * 3 / count
    mu = np.pi * count / (12 * t)
    s = mu * (1 + 1j * theta) ** 2
    weight = np.exp(s * t) * mu * (1 + 1j * theta) * 3 / count / np.pi
    c, guess = [], (mu + lam @ g) / n
    for x in s:
        f = lambda c, x=x: np.sum(g * lam / (lam + c)) + x / c - n
        slope = lambda c, x=x: -np.sum(g * lam / (lam + c) ** 2) - x / c**2
        guess = scipy.optimize.newton(f, guess, slope, tol=1e-14 * abs(guess))
        c.append(guess)
    join = lambda x: np.concatenate([x, np.conj(x)])
    s, c, weight = join(s), join(np.array(c)), join(weight)
    both = (g * lam**2 / (lam + c[:, None])) @ (1 / (lam + c[:, None])).T
    left = c / (target + c)
    error = np.outer(left, left) / (1 - both / n)
    return float(np.real((weight / s) @ error @ (weight / s)))


def _curve(levels):
    s = spectrum(NAME, f"hypercube:{levels - 1}")
    s.floats()
    n = np.geomspace(1, 1e6, 1000)
    return s, n


def _million():
    lam = np.arange(1.0, 10**6 + 1) ** -1.5
    return lam, FloatSpectrum.from_arrays(lam), np.geomspace(1, 9e5, 1000)


def cases():
    for d in (20, 100):
        task = f"hypercube d = {d}, all levels"
        exact = lambda d=d: truth(f"hypercube:{d}")
        digits = lambda found, exact=exact: worst_digits(found, exact())
        place = f"hypercube:{d}"
        yield (
            task,
            "spectrum(…, digits=30), proved",
            lambda place=place: fresh(NAME, place),
            lambda s: float(s.digits),
            True,
        )
        yield (
            task,
            "spectrum(…, digits=None)",
            lambda place=place: fresh(NAME, place, digits=None).eigenvalue,
            digits,
            False,
        )
        yield (
            task,
            "textbook Krawtchouk sum",
            lambda d=d: krawtchouk_sum(d),
            digits,
            False,
        )
        yield (
            task,
            "finite differences",
            lambda d=d: finite_differences(d),
            digits,
            False,
        )
        yield (
            task,
            "mpmath, 60 digits",
            lambda d=d: krawtchouk_mpmath(d),
            digits,
            False,
        )
    for d, top in ((3, 50), (10, 50), (10, 200)):
        task = f"sphere d = {d}, levels to {top}"
        exact = lambda d=d, top=top: truth(f"sphere:{d}", top)
        digits = lambda found, exact=exact: worst_digits(found, exact())
        yield (
            task,
            "spectrum(…, digits=30), proved",
            lambda d=d, top=top: fresh(NAME, f"sphere:{d}", range(top + 1)),
            lambda s: float(s.digits),
            True,
        )
        yield (
            task,
            "Gauss–Gegenbauer, 1000 nodes in t",
            lambda d=d, top=top: gegenbauer_nodes(d, top),
            digits,
            False,
        )
    task = "learning curve, 51 levels, 1000 n"
    s, n = _curve(51)
    lam, g = s.floats().eigenvalue, s.floats().multiplicity
    some = slice(0, 1000, 111)
    exact_c = lambda: [
        float(constant(s, float(f"{x:.12g}"), digits=20)) for x in n[some]
    ]
    n = np.array([float(f"{x:.12g}") for x in n])
    digits_c = lambda found: worst_digits(np.asarray(found)[some], exact_c())
    yield (
        task,
        "predict: C, E₀, L, bias, variance, MSE",
        lambda: predict(s, {1: 1}, n).C,
        digits_c,
        True,
    )
    yield (
        task,
        "SciPy bisection, C alone",
        lambda: bisection(lam, g, n),
        digits_c,
        False,
    )
    yield (
        task,
        "Newton in log C in NumPy, C alone",
        lambda: newton(lam, g, n),
        digits_c,
        False,
    )
    for place, top in (
        ("hypercube:8", None),
        ("hypercube:100", None),
        ("hypercube:1000", None),
        ("sphere:10", 50),
        ("sphere:1000", 1000),
    ):
        yield (
            f"a new bias each time, {place}" + (f", levels to {top}" if top else ""),
            "spectrum(…, digits=30), proved",
            lambda place=place, top=top: new_net(
                place, None if top is None else range(top + 1)
            ),
            lambda s: float(s.digits),
            True,
        )
    task = "100 kernels × 1000 n × 51 levels"
    biases = [f"1/{20 + i}" for i in range(100)]
    nets = [
        spectrum(f"ntk:relu:depth=4,bias_variance={b}", "hypercube:50").floats()
        for b in biases
    ]
    many_n = np.geomspace(1, 1e6, 1000)
    last = lambda found: worst_digits(
        np.asarray(found)[-1][some],
        [
            float(
                constant(
                    spectrum(
                        f"ntk:relu:depth=4,bias_variance={biases[-1]}", "hypercube:50"
                    ),
                    Fraction(float(x)),
                    digits=20,
                )
            )
            for x in many_n[some]
        ],
    )
    yield (
        task,
        "predict: all statistics",
        lambda: predict(nets, {1: 1}, many_n).C,
        last,
        True,
    )
    yield (
        task,
        "Newton in log C in NumPy, C alone",
        lambda: [newton(x.eigenvalue, x.multiplicity, many_n) for x in nets],
        last,
        False,
    )
    task = "gradient flow, 51 levels, 100 times × 100 n"
    times, sizes = np.logspace(-2, 2, 100), np.logspace(0.5, 2.5, 100)[:, None]
    few_times = [0, 50, 99]
    corners = np.ix_(few_times, few_times)

    @lru_cache(maxsize=1)
    def proved_corners():
        exact = (
            [[f"{x:.17g}"] for x in sizes[few_times, 0]],
            [f"{t:.17g}" for t in times[few_times]],
        )
        found = predict(s, {1: 1}, exact[0], time=exact[1], digits=17).test_mse
        return np.vectorize(float)(found)

    digits_t = lambda found: worst_digits(np.asarray(found)[corners], proved_corners())
    yield (
        task,
        "predict: all statistics",
        lambda: predict(s, {1: 1}, sizes, time=times).test_mse,
        digits_t,
        True,
    )
    lam1 = float(s.floats().eigenvalue[1])

    def node_by_node():
        found = np.zeros((100, 100))
        for j in few_times:
            for k in few_times:
                found[j, k] = flow_by_newton(lam, g, lam1, sizes[j, 0], times[k])
        return found

    yield task, "SciPy Newton at every node, 9 of 10⁴", node_by_node, digits_t, False
    task = "curve near n = N: N − n = 1e-12"
    near = enclosed("exponential:beta=1", "hypercube:9")
    many = ["512 - 1e-12"] * 50
    exact = lambda: float(constant(near, many[0]))
    digits_n = lambda found: worst_digits(np.asarray(found)[0], exact())
    yield task, "predict", lambda: predict(near, {1: 1}, many).C, digits_n, True
    yield (
        task,
        "SciPy bisection",
        lambda: bisection(
            near.floats().eigenvalue, near.floats().multiplicity, [512 - 1e-12] * 50
        ),
        digits_n,
        False,
    )
    task = "learning curve, 10⁶ modes, 1000 n"
    lam6, s6, n6 = _million()
    few = [0, 500, 999]

    def residual(found):
        from math import fsum

        sums = [fsum(lam6 / (lam6 + found[i])) / n6[i] for i in few]
        return worst_digits(sums, np.ones(3))

    yield (
        task,
        "predict: C and all statistics",
        lambda: predict(s6, lam6, n6).C,
        residual,
        True,
    )
    yield (
        task,
        "SciPy bisection, 3 of 1000 n",
        lambda: dict(zip(few, bisection(lam6, 1.0, n6[few]), strict=True)),
        residual,
        False,
    )
    yield (
        task,
        "floor: one sum over λ from memory",
        lambda: lam6.sum(),
        lambda _: "n/a",
        False,
    )
    task = "random features, 10⁴ modes, 1000 (n, w, δ)"
    lam4 = np.arange(1.0, 10**4 + 1) ** -1.5
    s4 = FloatSpectrum.from_arrays(lam4)
    random = np.random.default_rng(0)
    n4, w4 = np.geomspace(2, 5000, 1000), random.integers(2, 5000, 1000)
    ridge4 = random.permutation(np.geomspace(1e-12, 10, 1000))

    def features_digits(found):
        listed = Spectrum.from_levels([(Fraction(x), 1) for x in lam4])
        case = lambda i: (Fraction(n4[i]), Fraction(ridge4[i]), 20, int(w4[i]))
        exact = [float(proved_constant(listed, *case(i))) for i in few]
        return worst_digits([found[i] for i in few], exact)

    yield (
        task,
        "predict: C, κ and all statistics",
        lambda: predict(s4, lam4, n4, ridge4, width=w4).C,
        features_digits,
        True,
    )
    yield (
        task,
        "SciPy bisection in C, 3 of 1000",
        lambda: dict(
            zip(
                few,
                [
                    scipy.optimize.bisect(_width_gap, 1e-15, 1e10, (lam4, *case))
                    for case in zip(n4[few], w4[few], ridge4[few], strict=True)
                ],
                strict=True,
            )
        ),
        features_digits,
        False,
    )
    task = "ReLU NTKs of depth 1 … 128, hypercube d = 128"
    yield (
        task,
        "net_grid, one (σ_w², σ_b²), 16 512 eigenvalues",
        lambda: net_grid(Hypercube(128), range(1, 129), [2], ["0.1"]),
        lambda grid: min(x.digits for x in grid.balls.flat),
        True,
    )


def slopes():
    """∂ test MSE/∂σ_b² through C and the spectrum."""
    import jax

    from numerics.differentiable import traced

    jax.config.update("jax_enable_x64", True)
    at, step = Fraction(1, 10), Fraction(1, 10**8)
    run = traced.spectrum("ntk:relu:depth=2,bias_variance=0.1", "hypercube:6")
    power = run.power({1: 1})
    mse = jax.jit(
        lambda b: traced.statistic(
            "test_mse", *run({"bias_variance": b}), power, 20.0, 0.0, 0.1
        )
    )
    slope = jax.jit(jax.grad(mse))

    def proved(b):
        s = spectrum(ntk("relu", depth=2, bias_variance=b), "hypercube:6", digits=40)
        return predict(s, {1: 1}, 20, 0, "1/10", digits=40).test_mse[()].midpoint

    exact = lambda: float((proved(at + step) - proved(at - step)) / (2 * step))
    digits = lambda found: worst_digits(found, exact())
    h = 1e-6
    task = "∂ test MSE/∂σ_b², hypercube d = 6"
    yield (
        task,
        "jax.grad, compiled; the host remembers",
        lambda: float(slope(0.1)),
        digits,
        True,
    )
    yield (
        task,
        "float64 central difference, compiled",
        lambda: float((mse(0.1 + h) - mse(0.1 - h)) / (2 * h)),
        digits,
        False,
    )


CASES = [*cases(), *slopes()]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0]} | {c[1]}")
@pytest.mark.benchmark(
    timer=time.process_time, min_rounds=1, max_time=0.5, warmup=False
)
def test_case(benchmark, case, rows):
    task, method, run, digits, ours = case
    run() if "mpmath" not in method and "bisection" not in method else None
    found = benchmark(run)
    tracemalloc.start()
    run()
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    rows.append(
        {
            "task": task,
            "method": method,
            "digits": digits(found),
            "time": benchmark.stats.stats.median,
            "memory": memory,
            "ours": ours,
        }
    )


def cpu(run):
    best = np.inf
    for _ in range(2):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def test_growth(benchmark, curves):
    """How time grows with dimension, level, digits and the number of problems."""

    def measure():
        ds = [10, 30, 100, 300]
        proved = [cpu(lambda d=d: fresh(NAME, f"hypercube:{d}")) for d in ds]
        differences = [cpu(lambda d=d: finite_differences(d)) for d in ds]
        curves["dimension $d$ (hypercube)"] = [
            ("proved, 30 digits", ds, proved),
            ("finite differences", ds, differences),
        ]
        tops = [25, 50, 100, 200]
        curves["last level $k$ (sphere, $d = 10$)"] = [
            (
                "proved, 30 digits",
                tops,
                [cpu(lambda k=k: fresh(NAME, "sphere:10", range(k + 1))) for k in tops],
            ),
        ]
        wanted = [15, 30, 100, 300]
        curves["digits (hypercube, $d = 100$)"] = [
            (
                "proved",
                wanted,
                [
                    cpu(lambda x=x: fresh(NAME, "hypercube:100", digits=x))
                    for x in wanted
                ],
            )
        ]
        s, _ = _curve(51)
        f = s.floats()
        sizes = [10, 100, 1000, 10_000]
        grids = [np.geomspace(1, 1e6, m) for m in sizes]
        curves["problems (51 levels)"] = [
            (
                "predict, all statistics",
                sizes,
                [cpu(lambda n=n: predict(s, {1: 1}, n)) for n in grids],
            ),
            (
                "SciPy bisection, C alone",
                sizes[:3],
                [
                    cpu(lambda n=n: bisection(f.eigenvalue, f.multiplicity, n))
                    for n in grids[:3]
                ],
            ),
        ]

    benchmark.pedantic(measure, rounds=1)
