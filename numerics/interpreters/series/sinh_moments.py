"""Moments of 1/sinh against a Gaussian, as balls.

S_m(v) = ∫_0^∞ s^m e^(−v s²/2)/sinh(πs/2) ds has an even integrand for odd m, analytic for
|Im s| < 2, so the trapezoidal rule with step h errs by at most 2N/(e^(2π/h) − 1) when N
bounds the integral of its absolute value along Im s = ±1; all terms are positive, and all
m share the nodes. docs/proofs.md bounds N and what lies beyond the last node.
"""

from functools import lru_cache
from math import ceil, log, pi, sqrt

from flint import arb, ctx, fmpq

from numerics.numbers.precision import working_precision
from theory.errors import NoConvergence, NotEvaluable

STEP_SPARE = 1.02


def sinh_moment(m: int, v: arb) -> arb:
    """S_m(v) for odd m, at the working precision.

    Raises
    ------
    NotEvaluable
        When m is even: the trapezoidal rule's bound is for an even integrand.

    Examples
    --------
    >>> round(float(sinh_moment(1, arb(2))), 12)
    0.480024254336
    """
    if m < 1 or m % 2 == 0:
        raise NotEvaluable(f"sinh_moment: m = {m} must be odd and positive")
    top = max(m, 3)
    return sinh_moments(v, top)[(m - 1) // 2]


def sinh_moments(v: arb, top: int) -> list[arb]:
    """S_1, S_3, … up to S_top at the working precision.

    Raises
    ------
    NoConvergence
        When v is not proved positive.

    Examples
    --------
    >>> [round(float(x), 9) for x in sinh_moments(arb(2), 3)]
    [0.480024254, 0.176952769]
    """
    return _cached_moments(ball_key(checked_variance(v)), top, ctx.prec)


def softplus_mean(v: arb) -> arb:
    """E log(2 cosh X) = log 2 + ∫_0^∞ (1 − e^(−v s²/2))/(s sinh(πs/2)) ds.

    The integrand is even and analytic for |Im s| < 2. On Im s = ±1 its absolute value is at
    most 2 (1 + e^(v/2)) e^(−π|x|/2), which integrates to 8 (1 + e^(v/2))/π. After the last node
    it is below 1/(s sinh(πs/2)), which falls by e^(πh/2) from node to node.

    Examples
    --------
    >>> round(float(softplus_mean(arb(2))), 9)
    1.335396046
    """
    bits = ctx.prec
    half = checked_variance(v) / 2
    nats = (bits + 40) * log(2) + max(float(half.mid()), 0.0) + 4
    h = fmpq(int(2**30 * 2 * pi / nats), 2**30)
    count = ceil(2 * nats / pi / (2 * pi / nats))
    with working_precision(bits + 32):
        total = half / arb.pi()
        for j in range(1, count + 1):
            s = arb(h * j)
            total -= (-half * s * s).expm1() / (s * (arb.pi() * s / 2).sinh())
        last, ratio = arb(h * count), (-arb.pi() * h / 2).exp()
        beyond = ratio / (1 - ratio) / (last * (arb.pi() * last / 2).sinh())
        size = 8 * (1 + half.exp()) / arb.pi()
        error = h * beyond + size / ((2 * arb.pi() / h).exp() - 1)
        return arb(2).log() + h * total + arb(0, error.upper())


def checked_variance(v: arb) -> arb:
    """The variance, where it is proved positive.

    Raises
    ------
    NoConvergence
        Where it is not.
    """
    if v > 0:
        return v
    raise NoConvergence(f"tanh: its variance {v.str(5)} is not proved positive")


def ball_key(v: arb) -> tuple:
    """What two equal balls share, for caches."""
    return (*v.mid().man_exp(), *v.rad().man_exp())


def ball_from(key: tuple) -> arb:
    """The ball of a key, as wide as it was."""
    middle, power, spread, place = key
    with working_precision(max(ctx.prec, 8 * int(middle).bit_length() + 64)):
        two = arb(2)
        return arb(middle) * two**power + arb(0, arb(spread) * two**place)


@lru_cache(maxsize=64)
def _cached_moments(key, top: int, bits: int) -> list[arb]:
    return _moments(ball_from(key), top, bits)


def _moments(v: arb, top: int, bits: int) -> list[arb]:
    """S_1, S_3, …, S_top, to about ``bits`` relative bits."""
    about = max(float(v.mid()), 1e-6)
    excess = sqrt(top * about) + about + 8
    h = fmpq(int(2**30 * 2 * pi / ((bits + 40) * log(2) + excess) / STEP_SPARE), 2**30)
    last = _last_node(about, top, bits, float(h.p) / float(h.q))
    with working_precision(bits + 32 + 2 * top.bit_length()):
        points = [arb(h * j) for j in range(1, last + 1)]
        terms = [s * (-v * s * s / 2).exp() / (arb.pi() * s / 2).sinh() for s in points]
        square = [s * s for s in points]
        # the integrand at s = 0: s^m/sinh(πs/2) tends to 2/π for m = 1, to 0 else
        found, middle = [], 1 / arb.pi()
        for m in range(1, top + 1, 2):
            beyond = _beyond(terms[-1], points[-1], arb(h), v, m)
            total = h * (sum(terms, middle if m == 1 else arb(0)) + beyond)
            found.append(total + arb(0, _discretization(arb(h), v, m)))
            terms = [a * b for a, b in zip(terms, square, strict=True)]
        return found


def _last_node(v: float, top: int, bits: int, h: float) -> int:
    """The number of nodes after which nothing of weight is left, in floats."""
    s = (sqrt(pi * pi / 4 + 4 * v * top) - pi / 2) / (2 * v)  # the peak of s^top …
    high = top * log(s) - v * s * s / 2 - pi * s / 2
    while top * log(s) - v * s * s / 2 - pi * s / 2 > high - (bits + 40) * log(2):
        s *= 1.02
    return ceil(s / h) + 1


def _beyond(term: arb, s: arb, h: arb, v: arb, m: int) -> arb:
    """Terms after the last node: they fall at least by a fixed ratio."""
    ratio = (m * h / s - v * s * h - arb.pi() * h / 2).exp()
    if not ratio < 1:
        raise NoConvergence(f"tanh: moment {m} has no bound beyond s = {s.str(5)}")
    rest = (term * ratio / (1 - ratio)).upper()
    return arb(0, rest)


def _discretization(h: arb, v: arb, m: int) -> arb:
    """A bound of the trapezoidal rule's error for the integral over half of the line.

    On Im s = ±1, |sinh(πs/2)| = cosh(πx/2) ≥ e^(π|x|/2)/2 and |s| ≤ |x| + 1 = y, so the
    integral of the absolute value over the line is at most
    4 e^(π/2) ∫ y^m e^(−v y²/2 + κ y) dy with κ = v − π/2, and κ y ≤ κ²/(2vδ) + v δ y²/2.
    """
    kappa = arb.max((v - arb.pi() / 2).upper(), arb(0))
    half = fmpq(m + 1, 2)
    if kappa > 0:
        share = arb.min(arb(0.5), (kappa / (v * m).sqrt()).lower())
        grow = kappa * kappa / (2 * v * share)
    else:
        share, grow = arb(0), arb(0)
    gauss = (2 / (v * (1 - share))) ** arb(half) * arb.gamma_fmpq(half) / 2
    size = 4 * (arb.pi() / 2 + grow).exp() * gauss
    return (size / ((2 * arb.pi() / h).exp() - 1)).upper()
