"""(sin θ − θ cos θ)/sin²(θ/2) on boxes of complex θ: what a ReLU layer makes of an angle."""

from functools import lru_cache
from math import ceil, factorial, log2, pi

from flint import acb, arb, ctx, fmpq

from numerics.interpreters.complex_angles.jets import inside_cuts

SERIES_RADIUS = 2


def lag_ratio(theta: acb) -> acb:
    """h(θ) = (sin θ − θ cos θ)/sin²(θ/2), analytic through θ = 0.

    Near 0 it is 2θ + 2 (θ cot(θ/2))′ = 2θ − 4 Σ_k |B_2k| θ^(2k−1)/(2k − 1)!.

    Raises
    ------
    NotAnalytic
        When the box meets the real numbers beyond ±2π, the nearest poles.
    """
    inside_cuts(theta / (2 * arb.pi()))
    if theta.abs_upper() < SERIES_RADIUS:
        total, rest = _sum(theta, slope=False)
        return theta * (2 - total + rest)
    return (theta.sin() - theta * theta.cos()) / (theta / 2).sin() ** 2


def lag_ratio_slope(theta: acb, ratio: acb) -> acb:
    """h′(θ) on a box, where h lies in ``ratio``."""
    if theta.abs_upper() < SERIES_RADIUS:
        total, rest = _sum(theta, slope=True)
        return 2 - total + rest
    return (theta / 2).cot() * (2 * theta - ratio)


@lru_cache(maxsize=16)
def _coefficients(count: int, bits: int, slope: bool) -> list[arb]:
    """4 |B_2k|/(2k − 1)!, and 2k − 1 times that, for k = count + 1, …, 1."""
    del bits  # the precision in force, which is what the cache is keyed by
    found = []
    for k in range(count + 1, 0, -1):
        size = 4 * abs(fmpq.bernoulli(2 * k)) / factorial(2 * k - 1)
        found.append(arb(size * (2 * k - 1) if slope else size))
    return found


def _sum(theta: acb, slope: bool) -> tuple[acb, acb]:
    """Σ_k 4 |B_2k| θ^(2k−2)/(2k − 1)!, or its terms times 2k − 1, and a ball for the rest.

    Terms fall at least by half: docs/proofs.md.
    """
    size = theta.abs_upper()
    halvings = 2 * log2(2 * pi / max(float(size), 2.0**-ctx.prec))
    count = max(2, ceil(ctx.prec / halvings))
    left_out, *terms = _coefficients(count, ctx.prec, slope)
    z, total = theta * theta, acb(0)
    for c in terms:
        total = total * z + c
    wide = arb(0, (2 * left_out * size ** (2 * count)).upper())
    return total, acb(wide, wide)
