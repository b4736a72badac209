"""(sin θ − θ cos θ)/sin²(θ/2) on boxes of complex θ: what a ReLU layer makes of an angle."""

from functools import lru_cache

from flint import acb, arb, ctx, fmpq

LAG_TERMS = 12
LAG_RADIUS = 2


def lag_ratio(theta: acb) -> tuple[acb, acb]:
    """(sin θ − θ cos θ)/sin²(θ/2) and its derivative, analytic through θ = 0.

    Near 0 from θ³ Σ_m (−1)^(m+1) 2m θ^(2m−2)/(2m + 1)! and 4/θ² sinc^−2(θ/2): for
    |θ| ≤ 2 the terms of the sum, and of its derivative, at least halve.
    """
    half = theta / 2
    if theta.abs_upper() < LAG_RADIUS:
        value, slope = _lag_series(theta)
        shrink = 4 / half.sinc() ** 2
        ratio = theta * value * shrink
        # (θ g 4/sinc²)′ with (1/sinc²(θ/2))′ = (1 − (θ/2) cot(θ/2))·2/(θ sinc²)
        shift = _cot_gap(half)
        return ratio, (value + theta * slope + value * shift) * shrink
    square = half.sin() ** 2
    ratio = (theta.sin() - theta * theta.cos()) / square
    return ratio, half.cot() * (2 * theta - ratio)


@lru_cache(maxsize=4)
def _lag_terms(bits: int) -> tuple[list[arb], list[arb], arb]:
    """Coefficients in θ² of g = (sin θ − θ cos θ)/θ³ and of g′/θ, and a bound of the next."""
    del bits  # the precision in force, which is what the cache is keyed by
    factorial, terms = fmpq(1), []
    for m in range(1, LAG_TERMS + 2):
        factorial /= (2 * m) * (2 * m + 1)
        terms.append(factorial * 2 * m * (-1) ** (m + 1))
    value = [arb(c) for c in terms[:-1]]
    slope = [arb(c * 2 * m) for m, c in enumerate(terms[:-1]) if m]
    return value, slope, arb(abs(terms[-1]))


def _lag_series(theta: acb) -> tuple[acb, acb]:
    z = theta * theta
    values, slopes, rest = _lag_terms(ctx.prec)
    value, slope = acb(0), acb(0)
    for c in reversed(values):
        value = value * z + c
    for c in reversed(slopes):
        slope = slope * z + c
    size = rest * max(z.abs_upper(), arb(1)) ** LAG_TERMS
    wide, steep = arb(0, (2 * size).upper()), arb(0, (8 * LAG_TERMS * size).upper())
    return value + acb(wide, wide), (slope + acb(steep, steep)) * theta


def _cot_gap(half: acb) -> acb:
    """2(1 − x cot x) at x = θ/2, |x| ≤ 1: the logarithmic slope of 1/sinc² times θ.

    2(1 − x cot x) = 2 (sin x − x cos x)/sin x = x²·2 g(x)/sinc x with g of _lag_series.
    """
    value, _ = _lag_series(half)
    return 2 * half * half * value / half.sinc()
