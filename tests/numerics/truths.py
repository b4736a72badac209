"""The same numbers from elsewhere: kernels, sums and integrals typed again in mpmath.

Nothing here imports the project. Everything is a function of mpmath numbers at the
working precision, as textbooks and papers write it; the cosine between inputs is t.
"""

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import comb

from mpmath import mp, mpf


def number(text):
    value = Fraction(text)
    return mpf(value.numerator) / value.denominator


# Kernels of nets.


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


def logistic(z):
    return 1 / (1 + mp.exp(-z))


STEEP = {
    "tanh": (mp.tanh, lambda z: mp.sech(z) ** 2, 1),
    "softplus": (lambda z: mp.log(1 + mp.exp(z)), logistic, 2),
    "swish": (
        lambda z: z * logistic(z),
        lambda z: logistic(z) * (1 + z * logistic(-z)),
        2,
    ),
}
"""A function, its slope, and the distance of its poles from the real line over π/2."""


@lru_cache(maxsize=64)
def hermite_table(name, q, count, dps):
    """Squared Hermite coefficients of f(√q x), E f² and E f′².

    By the trapezoidal rule on the real line, up to the poles; Hermite functions grow like
    e^(√m |Im x|).
    """
    function, slope, poles = STEEP[name]
    with mp.workdps(dps + 10):
        root = mp.sqrt(q)
        width = min(mpf(2), poles * mp.pi / (2 * root) * mpf("0.9"))
        nats = mpf(2.31) * dps + width**2 / 2 + mp.sqrt(count) * width + 8
        step = 2 * mp.pi * width / nats
        reach = int(mp.ceil(mp.sqrt(4 * (nats + 4)) / step))
        sums, second, bent = [mpf(0)] * count, mpf(0), mpf(0)
        roots = [mp.sqrt(m) for m in range(count + 2)]
        for i in range(-reach, reach + 1):
            x = i * step
            value, weight = function(root * x), step * mp.npdf(x)
            second += weight * value**2
            bent += weight * slope(root * x) ** 2
            before, here = mpf(0), weight * value
            for m in range(count):
                sums[m] += here
                before, here = here, (x * here - roots[m] * before) / roots[m + 1]
        return [c * c for c in sums], second, bent


STEEP_ORDERS = (140, 200)


def steep(name, q, c, orders=STEEP_ORDERS[1]):
    """E ff and E f′f′ by Hermite coefficients; at c = ±1 by integrals."""
    squares, second, bent = hermite_table(name, +q, orders, 25)
    end = 1 - mpf(10) ** (5 - mp.dps)
    if c >= end or (c <= -end and name == "tanh"):
        return mp.sign(c) * second, bent
    value = mp.polyval(squares[::-1], c)
    row = [m * a for m, a in enumerate(squares)][1:]
    return value, mp.polyval(row[::-1], c) / q


def tanh(q, c, orders=STEEP_ORDERS[1]):
    return steep("tanh", q, c, 2 * orders)


def softplus(q, c, orders=STEEP_ORDERS[1]):
    return steep("softplus", q, c, orders)


def swish(q, c, orders=STEEP_ORDERS[1]):
    return steep("swish", q, c, orders)


def sigmoid(q, c, orders=STEEP_ORDERS[1]):
    value, slope = tanh(q / 4, c, orders)
    return (1 + value) / 4, slope / 16


DUALS = {
    "relu": relu,
    "leaky_relu": lambda q, c: relu(q, c, mpf(1) / 100),
    "erf": erf,
    "sin": sine,
    "tanh": tanh,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "swish": swish,
}


def net(family, dual, depth, w, b, q0, t):
    """K(t) of a net whose layers all have the same variances, the readout 1 and 0."""
    w, b, q0 = number(w), number(b), number(q0)
    q, s = w * q0 + b, w * q0 * t + b
    theta = s
    for layer in range(depth):
        here = (w, b) if layer < depth - 1 else (mpf(1), mpf(0))
        value, slope = dual(q, s / q)
        q, s = here[0] * dual(q, mpf(1))[0] + here[1], here[0] * value + here[1]
        theta = s + here[0] * theta * slope
    return theta if family == "ntk" else s


def arc_cosine(order, t):
    angle = mp.acos(t)
    sin = mp.sqrt(1 - t * t)
    return {
        0: mp.pi - angle,
        1: sin + (mp.pi - angle) * t,
        2: 3 * sin * t + (mp.pi - angle) * (1 + 2 * t * t),
    }[order] / mp.pi


# Domains, by their textbook sums.


@lru_cache(maxsize=64)
def krawtchouk(d):
    """[k][m] → Σ_j (−1)^j C(m, j) C(d − m, k − j), whole numbers."""
    return [
        [
            sum((-1) ** j * comb(m, j) * comb(d - m, k - j) for j in range(k + 1))
            for m in range(d + 1)
        ]
        for k in range(d + 1)
    ]


def on_hypercube(K, d):
    values = [comb(d, m) * K(1 - mpf(2 * m) / d) for m in range(d + 1)]
    return [
        mp.fsum(z * v for z, v in zip(row, values, strict=True))
        / comb(d, k)
        / mpf(2) ** d
        for k, row in enumerate(krawtchouk(d))
    ]


def on_points(K, points):
    half = [K(mp.cos(2 * mp.pi * j / points)) for j in range(points // 2 + 1)]
    values = [half[min(j, points - j)] for j in range(points)]
    cosines = [mp.cos(2 * mp.pi * j / points) for j in range(points)]
    return [
        mp.fsum(v * cosines[j * k % points] for j, v in enumerate(values)) / points
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


def on_sphere(K, d, top, count, dps, kinks=(), both=False):
    """λ_0 … λ_top by the Funk–Hecke integral in θ, on panels that shrink toward π.

    Small biases have branch points there; the error shrinks geometrically in ``count``.
    ``kinks`` are cosines at which panels end; with ``both`` panels shrink toward 0 too.
    """
    lead = mp.gamma(mpf(d) / 2) / mp.sqrt(mp.pi) / mp.gamma(mpf(d - 1) / 2)
    sums = [mpf(0)] * (top + 1)
    edges = {mp.pi - mp.pi / 2**i for i in range(13)} | {mp.pi}
    edges |= {mp.acos(number(x)) for x in kinks}
    if both:
        edges |= {mp.pi / 2**i for i in range(13)}
    for low, high in pairwise(sorted(edges)):
        for x, w in gauss_legendre(count, dps):
            theta, weight = low + (high - low) * x / mp.pi, w * (high - low) / mp.pi
            _add_node(sums, K, d, theta, weight)
    return [lead * x for x in sums]


def _add_node(sums, K, d, theta, weight):
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


def harmonics(d, k):
    """How many harmonics of degree k there are: C(k + d − 1, k) − C(k + d − 3, k − 2)."""
    return comb(k + d - 1, k) - (comb(k + d - 3, k - 2) if k > 1 else 0)


# High levels, in closed form.


def ridge_function(s, d, k):
    """E[t_+^s P_k(t)] on the sphere, for whole s < k, by Rodrigues' formula."""
    half = mpf(d - 3) / 2
    lead = mp.gamma(mpf(d) / 2) / mp.sqrt(mp.pi) / mp.gamma(mpf(d - 1) / 2)
    lead *= mp.exp(mp.loggamma(half + 1) - mp.loggamma(k + half + 1)) / mpf(2) ** k
    j, odd = divmod(k - s - 1, 2)
    if odd:
        return mpf(0)
    top = mp.exp(
        mp.loggamma(k + half + 1) - mp.loggamma(j + 1) - mp.loggamma(k + half - j + 1)
    )
    # s! [d^(k−s−1) of (1 − t²)^(k + half) at 0]
    return lead * mp.factorial(s) * mp.factorial(k - s - 1) * top * (-1) ** j


def arc_cosine_level(s, d, k):
    """λ_k of the arc-cosine kernel 2 E (w·x)_+^s (w·y)_+^s with w Gaussian: Bach (2017).

    w has a norm that is independent of its direction, and E|w|^2s = d (d + 2) …
    """
    norm = mpf(1)
    for i in range(s):
        norm *= d + 2 * i
    return 2 * norm * ridge_function(s, d, k) ** 2


def times_cosine(level, d, k):
    """λ_k of t K(t) where λ_k of K is a function of k."""
    below = k * level(k - 1) if k else 0
    return (below + (k + d - 2) * level(k + 1)) / mpf(2 * k + d - 2)


def relu_tangent_level(w, d, k):
    """λ_k of the tangent kernel of a ReLU net, one hidden layer, no bias."""
    one = arc_cosine_level(1, d, k)
    return (one + times_cosine(lambda j: arc_cosine_level(0, d, j), d, k)) * w / 2


def laplace_level(s, k):
    """λ_k of exp(−s |x − y|) on the unit sphere of R³, for large k.

    e^(−s r)/r = Σ (2k + 1) I_ν K_ν P_k with ν = k + 1/2; −d/ds of I_ν K_ν, without
    I_ν² π/2, which is below (s/2)^2ν/ν!² .
    """
    nu, x = k + mpf(1) / 2, s * s / 4
    low, high = mp.hyp0f1(1 - nu, x), mp.hyp0f1(1 + nu, x)
    low_slope = mp.hyp0f1(2 - nu, x) / (1 - nu) * s / 2
    high_slope = mp.hyp0f1(2 + nu, x) / (1 + nu) * s / 2
    return -(low_slope * high + low * high_slope) / (2 * nu)


# C and what follows from it.


def excess(levels, ridge, n, c):
    """Σ g λ/(λ + c) + δ/c − n, in whatever numbers are given."""
    return sum(g * lam / (lam + c) for lam, g in levels) + ridge / c - n


def polished(levels, ridge, n, c, dps):
    """C to ``dps`` digits near a guess, or None where two signs do not prove it.

    Σ g λ/(λ + c) − n is summed as the whole number of modes above c minus n, exactly,
    plus g λ/(λ + c) below and minus g c/(λ + c) above: plateaus lose no digits.
    """

    def terms(x):
        above = sum(g for lam, g in levels if lam > x)
        parts = [number(str(above - n)), ridge / x]
        parts += [
            -g * x / (lam + x) if lam > x else g * lam / (lam + x) for lam, g in levels
        ]
        return mp.fsum(parts)

    for _ in range(60):
        slope = mp.fsum(g * lam / (lam + c) ** 2 for lam, g in levels) + ridge / c**2
        step = terms(c) / slope
        c = c + step if c + step > 0 else c / 2
        if abs(step) < c * mpf(10) ** (-dps - 10):
            break
    width = mpf(10) ** -dps
    return c if terms(c * (1 - width)) > 0 > terms(c * (1 + width)) else None


def statistics(levels, powers, ridge, n, noise, c):
    """Everything that ``predict`` returns, from the papers' formulas."""
    learned = [lam / (lam + c) for lam, _ in levels]
    pairs = list(zip(levels, learned, strict=True))
    left_over = mp.fsum(g * x * (c / (lam + c)) for (lam, g), x in pairs) + ridge / c
    e0 = n / left_over
    left = mp.fsum(p * (c / (levels[k][0] + c)) ** 2 for k, p in powers.items())
    mse = e0 * (left + noise)
    total = mp.fsum(powers.values())
    found = {
        "C": c,
        "E0": e0,
        "target_learnability": mp.fsum(p * learned[k] for k, p in powers.items())
        / total,
        "bias": left,
        "test_mse": mse,
        "variance": mp.fsum(g * x**2 for (_, g), x in pairs)
        / left_over
        * (left + noise),
        "train_mse": (ridge / (n * c)) ** 2 * mse,
    }
    return found | {f"L{k}": learned[k] for k in powers}
