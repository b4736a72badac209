"""Precision is chosen and raised by the program until every digit is proved."""

from collections.abc import Callable, Sequence

from numerics.numbers.ball import Ball
from numerics.numbers.precision import BITS_PER_DIGIT
from theory.errors import NoConvergence

SPARE_BITS = 8


def missing_bits(balls: Sequence[Ball], digits: int) -> int:
    """Bits that the weakest ball lacks; −1 where one still contains 0."""
    missing = 0
    for ball in balls:
        if ball.sign is None:
            return -1
        if ball.sign and ball.digits < digits:
            missing = max(missing, int((digits - ball.digits) * BITS_PER_DIGIT) + 4)
    return missing


def span_bits(balls: Sequence[Ball]) -> int:
    """How many binary orders lie between the largest and the smallest decided ball.

    Examples
    --------
    >>> span_bits([Ball.exact(1024), Ball.exact(0), Ball.exact(1)])
    10
    """
    sizes = [x.log2_size for x in balls if x.sign]
    return int(max(sizes) - min(sizes)) if sizes else 0


def raise_bits(
    compute: Callable[[int], list[Ball]],
    start: int,
    most: int,
    digits: int,
    deciding: int = 0,
) -> list[Ball]:
    """What ``compute(bits)`` gives at the first precision that proves the digits.

    Where a ball contains 0, the bits are doubled, up to ``most`` and to a few times what
    the smallest decided ball took, but at least to ``deciding`` bits: the number may be
    0, and then no precision decides.

    Raises
    ------
    NoConvergence
        When a ball that excludes 0 still lacks digits at ``most`` bits.
    """
    bits = start
    while True:
        balls = compute(bits)
        short = missing_bits(balls, digits)
        enough = (
            most
            if short > 0
            else min(most, max(deciding, start + 3 * span_bits(balls) + 512))
        )
        if short == 0 or bits >= enough:
            break
        bits = min(most, 2 * bits if short < 0 else bits + short + SPARE_BITS)
    weak = [k for k, x in enumerate(balls) if x.sign and x.digits < digits]
    if weak:
        reached = balls[weak[0]].digits
        raise NoConvergence(
            f"level {weak[0]} has {reached:.0f} of {digits} digits at {bits} bits; "
            "more digits would need more bits than are tried"
        )
    return balls
