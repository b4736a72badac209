"""Random small cases: every ball contains the truth, and is as narrow as was asked.

Truth comes from elsewhere: recursions and sums typed again in mpmath at twice the digits,
and signs of the implicit equation in exact fractions. The suite runs a few hundred cases;
``python tests/numerics/test_containment.py 100000 --seed 7`` runs as many as you like.
"""

import argparse
import random
import sys
import time
from collections import Counter
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import comb

import pytest
from mpmath import mp, mpf

from numerics import Spectrum, constant, predict, spectrum
from theory import NotPositiveDefinite

GUARD = 25


def choice(rng, *items):
    return items[rng.randrange(len(items))]


def decimal(rng, low, high, places=3):
    """A random decimal as text, exact on both sides."""
    return str(Fraction(rng.randint(low * 10**places, high * 10**places), 10**places))


def number(text):
    value = Fraction(text)
    return mpf(value.numerator) / value.denominator


# Kernels, typed again as the papers write them, in the cosine t.


def relu(q, c, leak=0):
    """E φφ and E φ′φ′ of max(z, leak z)."""
    c = max(mpf(-1), min(mpf(1), c))
    angle = mp.acos(c)
    one = (mp.sqrt(1 - c * c) + c * (mp.pi - angle)) / mp.pi
    step = (mp.pi - angle) / mp.pi
    a = 1 - leak
    straight = leak * (leak + a)
    return q * (a * a * one / 2 + straight * c), a * a * step / 2 + straight


def erf(q, c):
    value = 2 / mp.pi * mp.asin(2 * q * c / (1 + 2 * q))
    return value, 4 / mp.pi / mp.sqrt((1 + 2 * q) ** 2 - 4 * q * q * c * c)


def sine(q, c):
    return mp.exp(-q) * mp.sinh(q * c), mp.exp(-q) * mp.cosh(q * c)


DUALS = {
    "relu": relu,
    "leaky_relu": lambda q, c: relu(q, c, mpf(1) / 100),
    "erf": erf,
    "sin": sine,
}


def net(family, activation, depth, w, b, q0, t):
    dual, w, b, q0 = DUALS[activation], number(w), number(b), number(q0)
    q, s = w * q0 + b, w * q0 * t + b
    theta = s
    for layer in range(depth):
        here = (w, b) if layer < depth - 1 else (mpf(1), mpf(0))
        value, slope = dual(q, s / q)
        q, s = here[0] * dual(q, mpf(1))[0] + here[1], here[0] * value + here[1]
        theta = s + here[0] * theta * slope
    return theta if family == "ntk" else s


def random_kernel(rng, d):
    """A kernel's text, its function of t, and whether it has kinks in the angle."""
    kind = choice(rng, "net", "net", "net", "radial", "exp", "arc", "poly", "expr")
    if kind == "net":
        family, activation = choice(rng, "ntk", "nngp"), choice(rng, *DUALS)
        depth = choice(rng, 1, 1, 2, 2, 3, 4, 8)
        w, q0 = decimal(rng, 1, 3), choice(rng, "1", "0.5", "2")
        b = choice(rng, "0", "0", "0.01", decimal(rng, 0, 2), "1e-6")
        text = (
            f"{family}:{activation}:depth={depth},weight_variance={w},"
            f"bias_variance={b},input_variance={q0}"
        )
        return text, lambda t: net(family, activation, depth, w, b, q0, t)
    if kind == "radial":
        width = decimal(rng, 1, 5)
        if rng.random() < 0.5:
            return (
                f"gaussian:width={width}",
                lambda t: mp.exp(-d * (1 - t) / number(width) ** 2),
            )
        return (
            f"laplace:width={width}",
            lambda t: mp.exp(-mp.sqrt(2 * d * (1 - t)) / number(width)),
        )
    if kind == "exp":
        beta = decimal(rng, 1, 4)
        return f"exponential:beta={beta}", lambda t: mp.exp(number(beta) * t)
    if kind == "arc":
        order = rng.randrange(3)
        return f"arc_cosine:order={order}", lambda t: arc_cosine(order, t)
    if kind == "poly":
        degree = rng.randrange(1, 6)
        return f"polynomial:degree={degree}", lambda t: mpf(t) ** degree
    text, function = choice(
        rng,
        ("1/(2 - t)", lambda t: 1 / (2 - t)),
        ("exp(t)*cosh(t) + t**2/3", lambda t: mp.exp(t) * mp.cosh(t) + t**2 / 3),
        ("1 - sqrt(1 - t)/4", lambda t: 1 - mp.sqrt(1 - t) / 4),
        ("3 - log(2 - t)*d/7", lambda t: 3 - mp.log(2 - t) * d / 7),
        ("asin(t) + 2 + t", lambda t: mp.asin(t) + 2 + t),
        ("(3/2 - t)**(-5/2)", lambda t: (mpf(3) / 2 - t) ** mpf(-2.5)),
    )
    return f"expr:{text}", function


def arc_cosine(order, t):
    angle = mp.acos(t)
    sin = mp.sqrt(1 - t * t)
    return {
        0: mp.pi - angle,
        1: sin + (mp.pi - angle) * t,
        2: 3 * sin * t + (mp.pi - angle) * (1 + 2 * t * t),
    }[order] / mp.pi


# Domains, by their textbook sums.


def on_hypercube(K, d):
    values = [K(1 - mpf(2 * m) / d) for m in range(d + 1)]
    sums = []
    for k in range(d + 1):
        total = mpf(0)
        for m, value in enumerate(values):
            zonal = sum(
                (-1) ** j * comb(m, j) * comb(d - m, k - j) for j in range(k + 1)
            )
            total += comb(d, m) * zonal * value
        sums.append(total / comb(d, k) / mpf(2) ** d)
    return sums


def on_points(K, points):
    values = [K(mp.cos(2 * mp.pi * j / points)) for j in range(points)]
    return [
        mp.fsum(v * mp.cos(2 * mp.pi * j * k / points) for j, v in enumerate(values))
        / points
        for k in range(points // 2 + 1)
    ]


@lru_cache(maxsize=8)
def gauss_legendre(count, dps):
    """Nodes and weights on [0, π], by Newton's method on the three-term recurrence."""
    with mp.workdps(dps + 10):
        rows = []
        for i in range(1, count + 1):
            x = mp.cos(mp.pi * (i - mpf(1) / 4) / (count + mpf(1) / 2))
            for _ in range(60):
                before, here = mpf(1), x
                for n in range(2, count + 1):
                    before, here = here, ((2 * n - 1) * x * here - (n - 1) * before) / n
                slope = count * (x * here - before) / (x * x - 1)
                step = here / slope
                x -= step
                if abs(step) < mpf(10) ** (-dps - 5):
                    break
            weight = 2 / ((1 - x * x) * slope * slope)
            rows.append(((1 + x) * mp.pi / 2, weight * mp.pi / 2))
        return rows


def on_sphere(K, d, top, count, dps):
    """λ_0 … λ_top by the Funk–Hecke integral in θ, on panels that shrink toward π.

    Small biases have branch points there; the error shrinks geometrically in ``count``.
    """
    lead = mp.gamma(mpf(d) / 2) / mp.sqrt(mp.pi) / mp.gamma(mpf(d - 1) / 2)
    sums = [mpf(0)] * (top + 1)
    edges = [mp.pi - mp.pi / 2**i for i in range(13)] + [mp.pi]
    for low, high in pairwise(edges):
        for x, w in gauss_legendre(count, dps):
            theta, weight = low + (high - low) * x / mp.pi, w * (high - low) / mp.pi
            add_node(sums, K, d, theta, weight)
    return [lead * x for x in sums]


def add_node(sums, K, d, theta, weight):
    """One node of quadrature, into the sums of all levels."""
    x, top = mp.cos(theta), len(sums) - 1
    value = weight * K(x) * mp.sin(theta) ** (d - 2)
    if d == 2:
        row = [mp.cos(k * theta) for k in range(top + 1)]
    else:
        row = [mpf(1), x]
        for k in range(1, top):
            row.append(((2 * k + d - 2) * x * row[k] - k * row[k - 1]) / (k + d - 2))
    for k in range(top + 1):
        sums[k] += value * row[k]


def fits(ball, truth, digits, slack=0):
    """Whether the truth, known to ``slack``, lies in a ball that is narrow enough."""
    middle = mpf(ball.midpoint.numerator) / ball.midpoint.denominator
    radius = mpf(ball.radius.numerator) / ball.radius.denominator
    if abs(truth - middle) > radius + slack:
        return False
    return ball.sign is None or radius <= abs(middle) * mpf(10) ** -digits


def rounding(truths):
    """How far sums at the present precision may be off."""
    return max(map(abs, truths)) * mpf(10) ** (-mp.dps + 12)


def spectrum_case(rng, domain_kind):
    digits = choice(rng, 1, 5, 10, 16, 25, 30, 40)
    if domain_kind == "sphere":
        digits = min(digits, 25)
    d = rng.randrange(1, 13)
    if domain_kind == "sphere":
        d = choice(rng, 2, 3, 4, 5, 8)
    text, K = random_kernel(rng, 2 if domain_kind == "circle" else d)
    name = f"{domain_kind}:{d}"
    levels = None
    if domain_kind == "sphere":
        levels = range(rng.randrange(1, 7))
        name = "circle" if d == 2 else name
    try:
        found = spectrum(text, name, levels=levels, digits=digits)
    except NotPositiveDefinite:
        found = None
    label = f"{text} on {name}, {digits} digits"
    return label, found, K, d, digits


def check_spectrum(rng, domain_kind):
    """Bad levels of one random spectrum, and how many were checked."""
    label, found, K, d, digits = spectrum_case(rng, domain_kind)
    extra = int(d * 0.7) + GUARD
    with mp.workdps(2 * digits + 2 * extra):
        if domain_kind == "hypercube":
            truths = on_hypercube(K, d)
            slack = rounding(truths)
        elif domain_kind == "circle":
            truths = on_points(K, d)
            slack = rounding(truths)
        else:
            top = found.levels[-1].index if found else 4
            with mp.workdps(digits + 40):
                rough = on_sphere(K, d, top, 16, 65)
                truths = on_sphere(K, d, top, 26, 65)
                changes = (abs(a - b) for a, b in zip(rough, truths, strict=True))
                slack = 4 * max(changes) + rounding(truths)
        if found is None:
            negative = min(truths) < -slack or domain_kind == "sphere"
            return ([] if negative else [f"{label}: refused"]), 1
        bad = []
        for level in found.levels:
            truth = truths[level.index]
            if not fits(level.eigenvalue, truth, digits, slack):
                bad.append(f"{label}, level {level.index}: {level.eigenvalue!r}")
        return bad, len(found.levels)


# The constant, and statistics, on spectra of any scale.


def scaled(rng, spread):
    """A positive rational between 10^−spread and 10^spread, as text."""
    return f"{rng.randint(1, 999)}e{rng.randint(-spread, spread)}"


def random_levels(rng):
    spread = choice(rng, 0, 2, 10, 40, 300, 3000)
    count = rng.randrange(1, 7)
    largest = choice(rng, 3, 50, 10**6, 2**200)
    rows = [(scaled(rng, spread), rng.randint(1, largest)) for _ in range(count)]
    if rng.random() < 0.2:
        rows.append(("0", rng.randint(1, largest)))
    if rng.random() < 0.2:
        rows.append(rows[0])
    return rows


def random_size(rng, modes, ridge):
    kind = rng.randrange(6)
    if kind == 0:
        return modes - Fraction(1, 10 ** choice(rng, 1, 6, 20, 60))
    if kind == 1:
        return Fraction(rng.randint(1, 10**9), 10**9) * modes
    if kind == 2 and ridge:
        return modes * rng.randint(1, 5) + Fraction(rng.randint(0, 7), 7)
    if kind == 3:
        return Fraction(1, 10 ** rng.randint(1, 30))
    return Fraction(rng.randint(1, max(1, modes - 1)))


def excess(levels, ridge, n, c):
    """Σ g λ/(λ + c) + δ/c − n, exactly."""
    return sum(g * lam / (lam + c) for lam, g in levels) + ridge / c - n


def check_constant(rng):
    """The signs of the implicit equation at both ends of the ball, in fractions."""
    rows = random_levels(rng)
    levels = [(Fraction(lam), g) for lam, g in rows]
    modes = sum(g for lam, g in levels if lam)
    ridge = Fraction(0) if rng.random() < 0.5 else Fraction(scaled(rng, 30))
    n = random_size(rng, modes, ridge)
    digits = choice(rng, 1, 5, 15, 30, 30, 60)
    label = f"levels {rows}, n = {n}, ridge = {ridge}, {digits} digits"
    ball = constant(Spectrum.from_levels(rows), n, ridge=ridge, digits=digits)
    if n == modes and not ridge:
        return ([] if ball.is_exact and ball.midpoint == 0 else [label]), 1
    low, high = ball.lower, ball.upper
    inside = low > 0 and excess(levels, ridge, n, low) >= 0 >= excess(
        levels, ridge, n, high
    )
    narrow = ball.radius * 10**digits <= ball.midpoint
    return ([] if inside and narrow else [f"{label}: {ball!r}"]), 1


def root(levels, ridge, n):
    """C to many digits: bisection in log C, then Newton, in mpmath."""
    low = min((lam for lam, g in levels if lam), default=mpf(1)) * mpf(10) ** -90
    high = (mp.fsum(g * lam for lam, g in levels) + ridge) / n * 2
    low = min(low, high / 2)

    def gap(c):
        return mp.fsum(g * lam / (lam + c) for lam, g in levels) + ridge / c - n

    a, b = mp.log(low), mp.log(high)
    while b - a > mpf(10) ** (-mp.dps + 5) * max(1, abs(a)):
        middle = (a + b) / 2
        a, b = (middle, b) if gap(mp.exp(middle)) > 0 else (a, middle)
    return mp.exp((a + b) / 2)


def check_prediction(rng):
    """All statistics from the papers' formulas, typed again."""
    spread = choice(rng, 0, 2, 6)
    rows = [
        (scaled(rng, spread), rng.randint(1, 40)) for _ in range(rng.randrange(2, 6))
    ]
    levels = [(number(lam), g) for lam, g in rows]
    ridge = "0" if rng.random() < 0.4 else scaled(rng, 3)
    modes = sum(g for _, g in rows)
    n = Fraction(rng.randint(1, 2 * (modes - 1)), 2)
    noise = choice(rng, "0", "1/10", "3")
    powers = {k: rng.randint(1, 9) for k in range(len(rows)) if rng.random() < 0.6}
    powers = powers or {0: 1}
    digits = choice(rng, 5, 12, 25)
    found = predict(
        Spectrum.from_levels(rows), powers, n, ridge=ridge, noise=noise, digits=digits
    )
    with mp.workdps(120):
        size, delta, sigma2 = number(str(n)), number(ridge), number(noise)
        levels = [(number(lam), g) for lam, g in rows]
        c = root(levels, delta, size)
        learned = [lam / (lam + c) for lam, _ in levels]
        e0 = size / (
            size - mp.fsum(g * x**2 for (_, g), x in zip(levels, learned, strict=True))
        )
        left = mp.fsum(p * (1 - learned[k]) ** 2 for k, p in powers.items())
        mse = e0 * (left + sigma2)
        total = mp.fsum(powers.values())
        truth = {
            "C": c,
            "E0": e0,
            "target_learnability": mp.fsum(p * learned[k] for k, p in powers.items())
            / total,
            "bias": left,
            "test_mse": mse,
            "variance": mse - left - sigma2,
            "train_mse": (delta / (size * c)) ** 2 * mse,
        }
        label = f"levels {rows}, {powers}, n = {n}, ridge {ridge}, noise {noise}"
        balls = {name: getattr(found, name).flat[0] for name in truth}
        for k in powers:
            truth[f"L{k}"] = learned[k]
            balls[f"L{k}"] = found.learnability[k].flat[0]
        slack = mpf(10) ** -70
        bad = [
            f"{label}: {name} = {balls[name]!r}, not {mp.nstr(truth[name], 30)}"
            for name in truth
            if not fits(
                balls[name], truth[name], digits, slack * (1 + abs(truth[name]))
            )
        ]
    return bad, len(truth)


CHECKS = {
    "hypercube": lambda rng: check_spectrum(rng, "hypercube"),
    "circle": lambda rng: check_spectrum(rng, "circle"),
    "sphere": lambda rng: check_spectrum(rng, "sphere"),
    "constant": check_constant,
    "prediction": check_prediction,
}


@pytest.mark.parametrize("kind", CHECKS)
def test_balls_contain_the_truth_and_are_narrow(kind):
    cases = {"hypercube": 60, "circle": 60, "sphere": 5, "constant": 200}.get(kind, 25)
    rng = random.Random(f"{kind} 2026")
    effective = 0
    for _ in range(cases):
        bad, count = CHECKS[kind](rng)
        effective += count
        assert not bad, bad
    assert effective >= cases


def test_a_ball_beside_the_truth_is_seen():
    found = spectrum("exponential:beta=1", "hypercube:3", digits=20)
    with mp.workdps(60):
        truth = on_hypercube(mp.exp, 3)[1]
        ball = found.levels[1].eigenvalue
        assert fits(ball, truth, 20)
        assert not fits(ball, truth * (1 + mpf(10) ** -19), 20)
        assert not fits(ball, truth, 200)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checks", type=int, help="numbers to check")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--kinds", default=",".join(CHECKS))
    given = parser.parse_args(arguments)
    kinds = given.kinds.split(",")
    tally, wrong, start = Counter(), 0, time.time()
    index = 0
    while sum(tally.values()) < given.checks:
        kind = kinds[index % len(kinds)]
        if kind == "sphere" and index % 10 > 4:
            kind = "constant"
        seed = f"{given.seed}/{index}"
        index += 1
        try:
            bad, count = CHECKS[kind](random.Random(seed))
        except Exception as error:
            bad, count = [f"{type(error).__name__}: {error}"], 1
        tally[kind] += count
        for line in bad:
            wrong += 1
            print(f"{kind} {seed}: {line}", flush=True)
        if index % 2000 == 0:
            print(
                f"{dict(tally)}, {wrong} wrong, {time.time() - start:.0f} s", flush=True
            )
    print(f"{dict(tally)}, {wrong} wrong, {time.time() - start:.0f} s")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
