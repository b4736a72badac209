"""Random small cases: every ball contains the truth, and is as narrow as was asked.

Truth comes from elsewhere (``truths.py``): recursions, sums and closed forms typed again
in mpmath at twice the digits, and signs of the implicit equation in exact fractions. A
number counts as checked only where its truth is known better than was asked. The suite
runs a few hundred cases; ``python tests/numerics/test_containment.py 100000 --seed 7``
runs as many as you like.
"""

import argparse
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import pytest
import truths
from mpmath import mp, mpf
from truths import number

from numerics import Spectrum, constant, predict, spectrum
from theory import NoConvergence, NotPositiveDefinite

GUARD = 25
STEEP = ("tanh", "sigmoid", "swish", "softplus")


def choice(rng, *items):
    return items[rng.randrange(len(items))]


def decimal(rng, low, high, places=3):
    """A random decimal as text, exact on both sides."""
    return str(Fraction(rng.randint(low * 10**places, high * 10**places), 10**places))


@dataclass(frozen=True)
class Drawn:
    """A kernel's text and its function of t.

    ``rough`` is the same function with a larger error, where the truth has one; ``kinks``
    are the cosines where it is not smooth.
    """

    text: str
    K: object
    rough: object = None
    kinks: tuple = ()


def random_net(rng, steep):
    family = choice(rng, "ntk", "nngp")
    q0 = choice(rng, "1", "0.5", "2")
    if steep:
        activation, depth = (
            choice(rng, "tanh", "sigmoid", "swish"),
            choice(rng, 1, 1, 2),
        )
        w, b = choice(rng, "1", "2"), choice(rng, "0", "0.5")
    else:
        activation = choice(rng, "relu", "leaky_relu", "erf", "sin")
        depth, w = choice(rng, 1, 1, 2, 2, 3, 4, 8), decimal(rng, 1, 3)
        b = choice(rng, "0", "0", "0.01", decimal(rng, 0, 2), "1e-6")
    text = (
        f"{family}:{activation}:depth={depth},weight_variance={w},"
        f"bias_variance={b},input_variance={q0}"
    )
    dual = truths.DUALS[activation]

    def with_dual(dual):
        return lambda t: truths.net(family, dual, depth, w, b, q0, t)

    if not steep:
        return Drawn(text, with_dual(dual))
    rough = with_dual(lambda q, c: dual(q, c, truths.STEEP_ORDERS[0]))
    return Drawn(text, with_dual(dual), rough)


def with_kinks(rng):
    a, b = (Fraction(rng.randint(-9, 9), 10) for _ in range(2))
    x, y = (lambda: number(a)), (lambda: number(b))
    two = "1 + abs(t)**3 + abs(t**2 - 1/4)"
    text, K = choice(
        rng,
        (f"2 + abs(t - ({a}))", lambda t: 2 + abs(t - x())),
        (
            f"max(t - ({a}), 0)**3 + t*({b}) + 4",
            lambda t: max(t - x(), 0) ** 3 + t * y() + 4,
        ),
        (f"max(t, ({a})) + exp(t)", lambda t: max(t, x()) + mp.exp(t)),
        (f"min(t, ({a})) + t + 5", lambda t: min(t, x()) + t + 5),
        (
            f"7 + sign(t - ({a}))*(t - ({a}))**2",
            lambda t: 7 + (t - x()) * abs(t - x()),
        ),
        (two, lambda t: 1 + abs(t) ** 3 + abs(t * t - mpf(1) / 4)),
    )
    return Drawn(f"expr:{text}", K, kinks=("0", "1/2", "-1/2") if text == two else (a,))


EXPRESSIONS = (
    ("1/(2 - t)", lambda t, _: 1 / (2 - t)),
    ("1/(1.01 - t)", lambda t, _: 1 / (mpf("1.01") - t)),
    ("exp(t)*cosh(t) + t**2/3", lambda t, _: mp.exp(t) * mp.cosh(t) + t**2 / 3),
    ("1 - sqrt(1 - t)/4", lambda t, _: 1 - mp.sqrt(1 - t) / 4),
    ("3 - log(2 - t)*d/7", lambda t, d: 3 - mp.log(2 - t) * d / 7),
    ("asin(t) + 2 + t", lambda t, _: mp.asin(t) + 2 + t),
    ("(3/2 - t)**(-5/2)", lambda t, _: (mpf(3) / 2 - t) ** mpf(-2.5)),
    ("exp(t) - 1 - t", lambda t, _: mp.exp(t) - 1 - t),
    ("t + 1e-30*exp(t)", lambda t, _: t + mpf(10) ** -30 * mp.exp(t)),
    ("besseli(0, 3*t)", lambda t, _: mp.besseli(0, 3 * t)),
    ("besseli(1, sqrt(2 + t))", lambda t, _: mp.besseli(1, mp.sqrt(2 + t))),
)


def random_kernel(rng, d, steep=0.04):
    kind = choice(
        rng, "net", "net", "net", "radial", "exp", "arc", "poly", "expr", "kinks"
    )
    if kind == "net":
        return random_net(rng, rng.random() < steep)
    if kind == "kinks":
        return with_kinks(rng)
    if kind == "radial":
        width = decimal(rng, 1, 5)
        if rng.random() < 0.5:
            return Drawn(
                f"gaussian:width={width}",
                lambda t: mp.exp(-d * (1 - t) / number(width) ** 2),
            )
        return Drawn(
            f"laplace:width={width}",
            lambda t: mp.exp(-mp.sqrt(2 * d * (1 - t)) / number(width)),
        )
    if kind == "exp":
        beta = decimal(rng, 1, 4)
        return Drawn(f"exponential:beta={beta}", lambda t: mp.exp(number(beta) * t))
    if kind == "arc":
        order = rng.randrange(3)
        return Drawn(f"arc_cosine:order={order}", lambda t: truths.arc_cosine(order, t))
    if kind == "poly":
        degree = rng.randrange(1, 6)
        return Drawn(f"polynomial:degree={degree}", lambda t: mpf(t) ** degree)
    text, function = choice(rng, *EXPRESSIONS)
    return Drawn(f"expr:{text}", lambda t: function(t, d))


def fits(ball, truth, digits, slack=0):
    """Whether the truth, known to ``slack``, lies in a ball that is narrow enough.

    None where the truth is known less well than was asked: then nothing is checked.
    """
    middle = mpf(ball.midpoint.numerator) / ball.midpoint.denominator
    radius = mpf(ball.radius.numerator) / ball.radius.denominator
    if abs(truth - middle) > radius + slack:
        return False
    if ball.sign and radius > abs(middle) * mpf(10) ** -digits:
        return False
    known = slack <= abs(truth) * mpf(10) ** -digits or ball.sign == 0
    return True if known else None


def rounding(values):
    """How far sums at the present precision may be off."""
    return max(map(abs, values)) * mpf(10) ** (-mp.dps + 12)


def judge(label, pairs, digits):
    """What is wrong among (name, ball, truth, slack), and how many were checked."""
    bad, checked = [], 0
    for name, ball, truth, slack in pairs:
        verdict = fits(ball, truth, digits, slack)
        checked += verdict is not None
        if verdict is False:
            shown = mp.nstr(truth, digits + 5)
            bad.append(f"{label}, {digits} digits, {name}: {ball!r}, not {shown}")
    return bad, checked


def true_spectrum(drawn, kind, d, top, digits):
    """Eigenvalues from elsewhere, and how far they may be off."""
    if kind == "sphere":
        with mp.workdps(digits + 40):
            shape = {"kinks": drawn.kinks, "both": drawn.rough is not None}
            rough = truths.on_sphere(drawn.rough or drawn.K, d, top, 18, 65, **shape)
            found = truths.on_sphere(drawn.K, d, top, 28, 65, **shape)
            changes = (abs(a - b) for a, b in zip(rough, found, strict=True))
            return found, 4 * max(changes) + rounding(found)
    summed = truths.on_hypercube if kind == "hypercube" else truths.on_points
    found = summed(drawn.K, d)
    slack = rounding(found)
    if drawn.rough:
        changes = [
            abs(a - b) for a, b in zip(found, summed(drawn.rough, d), strict=True)
        ]
        slack += 4 * max(changes)
    return found, slack


def check_spectrum(rng, kind):
    digits = choice(rng, 1, 5, 10, 16, 25, 30, 40)
    d = choice(rng, *range(1, 13), 20, 33)
    if kind == "circle":
        d = choice(rng, *range(1, 13), 24, 50, 101)
    name, levels, top = f"{kind}:{d}", None, d
    if kind == "sphere":
        digits, d, top = (
            min(digits, 25),
            choice(rng, 2, 3, 4, 5, 8),
            rng.randrange(1, 13),
        )
        name, levels = "circle" if d == 2 else f"sphere:{d}", range(top + 1)
    drawn = random_kernel(rng, 2 if kind == "circle" else d)
    if drawn.rough:
        digits = min(digits, 8)
    label = f"{drawn.text} on {name}"
    try:
        found = spectrum(drawn.text, name, levels=levels, digits=digits)
    except NotPositiveDefinite as refusal:
        return check_refusal(label, str(refusal), drawn, kind, d)
    work = 2 * digits + 2 * (int(min(d, 13) * 0.7 + d * 0.5) + GUARD)
    with mp.workdps(60 if drawn.rough else work):
        values, slack = true_spectrum(drawn, kind, d, top, digits)
        return judge(
            label,
            (
                (f"level {x.index}", x.eigenvalue, values[x.index], slack)
                for x in found.levels
            ),
            digits,
        )


def check_refusal(label, message, drawn, kind, d):
    """A kernel said to be indefinite has a negative level, or a negative rest of K(1)."""
    named = re.search(r"(level|levels above) (\d+) ha", message)
    if not named:
        return [f"{label}: {message}"], 1
    level = int(named[2])
    with mp.workdps(60 + d):
        values, slack = true_spectrum(drawn, kind, d, max(level, 1), 20)
        size = values[level]
        if named[1] == "levels above":
            counts = [truths.harmonics(d, k) for k in range(level + 1)]
            size = drawn.K(mpf(1)) - mp.fsum(
                g * x for g, x in zip(counts, values, strict=True)
            )
            slack *= sum(counts)
    return ([] if size < -slack else [f"{label}: {message}"]), 1


def check_late(rng):
    """High levels against closed forms: arc-cosine and ReLU kernels, Laplace."""
    digits, d = (
        choice(rng, 5, 15, 30, 50),
        choice(rng, 2, 3, 3, 4, 5, 8, 12, 30, 100, 1000),
    )
    kind = choice(rng, 0, 1, 2, "ntk", "laplace")
    if kind == "laplace":
        width = decimal(rng, 1, 5)
        d, text = 3, f"laplace:width={width}"
        level = lambda k: truths.laplace_level(mp.sqrt(3) / number(width), k)
    elif kind == "ntk":
        w = decimal(rng, 1, 3)
        text = f"ntk:relu:depth=1,weight_variance={w}"
        level = lambda k: truths.relu_tangent_level(number(w), d, k)
    else:
        text = f"arc_cosine:order={kind}"
        level = lambda k: truths.arc_cosine_level(kind, d, k)
    name = "circle" if d == 2 else f"sphere:{d}"
    wanted = {int(10 ** rng.uniform(3.0005, 9)) for _ in range(20)}
    found = spectrum(text, name, levels=wanted, digits=digits)
    with mp.workdps(digits + 40):
        values = [level(x.index) for x in found.levels]
        return judge(
            f"{text} on {name}",
            (
                (
                    f"level {x.index}",
                    x.eigenvalue,
                    v,
                    abs(v) * mpf(10) ** (-digits - 20),
                )
                for x, v in zip(found.levels, values, strict=True)
            ),
            digits,
        )


# The constant, and statistics, on spectra of any scale.


def scaled(rng, spread):
    """A positive rational between 10^−spread and 10^spread, as text."""
    return f"{rng.randint(1, 999)}e{rng.randint(-spread, spread)}"


def random_levels(rng):
    spread = choice(rng, 0, 2, 10, 40, 300, 3000)
    count = rng.randrange(1, 7)
    largest = choice(rng, 3, 50, 10**6, 2**200, 2**1000)
    rows = [(scaled(rng, spread), rng.randint(1, largest)) for _ in range(count)]
    if rng.random() < 0.2:
        rows.append(("0", rng.randint(1, largest)))
    if rng.random() < 0.2:
        rows.append(rows[0])
    return rows


def random_size(rng, modes, ridge):
    kind = rng.randrange(7)
    if kind == 0:
        return modes - Fraction(1, 10 ** choice(rng, 1, 6, 20, 60))
    if kind == 1:
        return Fraction(rng.randint(1, 10**9), 10**9) * modes
    if kind == 2 and ridge:
        return modes * rng.randint(1, 5) + Fraction(rng.randint(0, 7), 7)
    if kind == 3:
        return Fraction(1, 10 ** rng.randint(1, 30))
    if kind == 4:
        return Fraction(max(1, modes - 1))
    return Fraction(rng.randint(1, max(1, modes - 1)))


def random_ridge(rng):
    if rng.random() < 0.5:
        return "0"
    return scaled(rng, choice(rng, 3, 30, 3000))


def check_constants(rng):
    """The signs of the implicit equation at both ends of each ball, in fractions."""
    rows = random_levels(rng)
    given = Spectrum.from_levels(rows)
    levels = [(Fraction(lam), g) for lam, g in rows]
    modes = sum(g for lam, g in levels if lam)
    bad = []
    for case in range(10):
        ridge = Fraction(random_ridge(rng))
        n = random_size(rng, modes, ridge)
        digits = choice(rng, 1, 5, 15, 30, 30, 60)
        text = f"{modes} - 1e-20" if n == modes - Fraction(1, 10**20) else n
        ball = constant(given, text, ridge=ridge, digits=digits)
        if n == modes and not ridge:
            good = ball.is_exact and ball.midpoint == 0
        else:
            low, high = ball.lower, ball.upper
            good = low > 0 and ball.radius * 10**digits <= ball.midpoint
            good = good and truths.excess(levels, ridge, n, low) >= 0
            good = good and truths.excess(levels, ridge, n, high) <= 0
        if not good:
            bad.append(f"case {case}: levels {rows}, n = {n}, ridge {ridge}: {ball!r}")
    return bad, 10


TRUTH_DIGITS = 80


def check_predictions(rng):
    """All statistics from the papers' formulas, at a C that two signs prove."""
    spread = choice(rng, 0, 2, 6, 50, 3000)
    largest = choice(rng, 40, 40, 10**9, 2**1000)
    rows = [
        (scaled(rng, spread), rng.randint(1, largest))
        for _ in range(rng.randrange(2, 7))
    ]
    modes, noise = sum(g for _, g in rows), choice(rng, "0", "1/10", "3", "1e-40")
    ridge = choice(rng, "0", scaled(rng, 3), scaled(rng, spread))
    sizes = [random_size(rng, modes, Fraction(ridge)) for _ in range(4)]
    sizes = [n for n in sizes if n != modes]
    powers = {k: rng.randint(1, 9) for k in range(len(rows)) if rng.random() < 0.6}
    powers, digits = powers or {0: 1}, choice(rng, 1, 5, 12, 25)
    given = Spectrum.from_levels(rows)
    found = predict(given, powers, sizes, ridge=ridge, noise=noise, digits=digits)
    bad, checked = [], 0
    with mp.workdps(TRUTH_DIGITS + 2 * GUARD):
        levels = [(number(lam), g) for lam, g in rows]
        delta, sigma2 = number(ridge), number(noise)
        for i, n in enumerate(sizes):
            size, start = number(n), number(found.C.flat[i].midpoint)
            c = truths.polished(levels, delta, n, start, TRUTH_DIGITS)
            label = f"levels {rows}, {powers}, n = {n}, ridge {ridge}, noise {noise}"
            if c is None:
                bad.append(f"{label}: C is not near {found.C.flat[i]!r}")
                continue
            truth, beside = (
                truths.statistics(levels, powers, delta, size, sigma2, x)
                for x in (c, c * (1 + mpf(10) ** -TRUTH_DIGITS))
            )
            rows_of = {f"L{k}": row for k, row in found.learnability.items()}
            rows_of |= {x: getattr(found, x) for x in truth if x not in rows_of}
            balls = {name: row.flat[i] for name, row in rows_of.items()}
            wrong, count = judge(
                label,
                (
                    (name, balls[name], x, 2 * abs(x - beside[name]))
                    for name, x in truth.items()
                ),
                digits,
            )
            bad, checked = bad + wrong, checked + count
    return bad, checked


CHECKS = {
    "hypercube": lambda rng: check_spectrum(rng, "hypercube"),
    "circle": lambda rng: check_spectrum(rng, "circle"),
    "sphere": lambda rng: check_spectrum(rng, "sphere"),
    "late": check_late,
    "constant": check_constants,
    "prediction": check_predictions,
}
ROUND = (
    ("constant", "prediction", "late") * 8 + ("hypercube", "circle") * 2 + ("sphere",)
)


@pytest.mark.parametrize("kind", CHECKS)
def test_balls_contain_the_truth_and_are_narrow(kind):
    cases = {"hypercube": 60, "circle": 30, "sphere": 5, "late": 5}.get(kind, 25)
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
        truth = truths.on_hypercube(mp.exp, 3)[1]
        ball = found.levels[1].eigenvalue
        assert fits(ball, truth, 20)
        assert not fits(ball, truth * (1 + mpf(10) ** -19), 20)
        assert not fits(ball, truth, 200)
        assert fits(ball, truth, 20, slack=1) is None


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checks", type=int, help="numbers to check")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--kinds", default=",".join(ROUND))
    parser.add_argument("--minutes", type=float, default=1e9, help="of processor time")
    given = parser.parse_args(arguments)
    kinds = given.kinds.split(",")
    tally, spent, refused, wrong = Counter(), Counter(), Counter(), 0
    index = 0
    while (
        sum(tally.values()) < given.checks and sum(spent.values()) < 60 * given.minutes
    ):
        kind, seed = kinds[index % len(kinds)], f"{given.seed}/{index}"
        index += 1
        start = time.process_time()
        try:
            bad, count = CHECKS[kind](random.Random(seed))
        except NoConvergence as refusal:
            bad, count = [], 0
            refused[kind] += 1
            print(f"{kind} {seed} refused: {refusal}", flush=True)
        except Exception as error:
            bad, count = [f"{type(error).__name__}: {error}"], 1
        tally[kind] += count
        spent[kind] += time.process_time() - start
        for line in bad:
            wrong += 1
            print(f"{kind} {seed}: {line}", flush=True)
        if index % 2000 == 0:
            print(f"{dict(tally)}, {wrong} wrong", flush=True)
    seconds = {kind: round(x) for kind, x in spent.items()}
    print(f"{dict(tally)}, {wrong} wrong, {dict(refused)} refused, {seconds} s")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
