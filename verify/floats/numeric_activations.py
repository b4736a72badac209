"""Activations without a closed dual, typed a second time: in pieces, or as smooth.

The text is the engine's; what stands beside it is how it is integrated in many digits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from verify.floats.gaussian_means import InPieces, Smooth, Stretch

DIGITS = 22
HALF = fmpq(1, 2)


@dataclass(frozen=True)
class Typed:
    """One activation, and how far variances may go.

    Attributes
    ----------
    dual, slope
        E φ(x)φ(y) and E φ′(x)φ′(y) of two variances and a covariance; ``slope`` is None
        where φ jumps.
    reach
        log₁₀ of the least and of the largest weight variance.
    deepest
        The largest depth that is drawn.
    """

    dual: Callable[[Any, Any, Any], Any]
    slope: Callable[[Any, Any, Any], Any] | None
    reach: tuple[float, float]
    deepest: int


def _smooth(value: Callable[[arb], arb], strip: float, top: float = 0.3) -> Typed:
    phi = Smooth(value, strip)
    return Typed(
        lambda a, b, s: phi.mean(a, b, s, DIGITS),
        lambda a, b, s: phi.slope_mean(a, b, s, DIGITS),
        (-2.0, top),
        2,
    )


def _pieces(
    *parts: tuple[Any, Any, tuple[Any, ...], Any],
    jumps: bool = False,
    reach: tuple[float, float] = (-5.0, 5.0),
    deepest: int = 2,
) -> Typed:
    number = lambda x: None if x is None else fmpq(x)
    phi = InPieces(
        tuple(
            Stretch(number(low), number(high), tuple(map(fmpq, powers)), fmpq(rate))
            for low, high, powers, rate in parts
        )
    )
    return Typed(
        lambda a, b, s: phi.mean(a, b, s, DIGITS),
        None if jumps else (lambda a, b, s: phi.slope.mean(a, b, s, DIGITS)),
        reach,
        deepest,
    )


def _root(x: arb) -> arb:
    return (1 + x * x).sqrt()


_SIXTH = fmpq(1, 6)
TYPED: dict[str, Typed] = {
    "arctan": _smooth(lambda x: x.atan(), 1.0),
    "mish": _smooth(lambda x: x * (1 + x.exp()).log().tanh(), 2.0),
    "z/sqrt(1 + z^2)": _smooth(lambda x: x / _root(x), 1.0),
    "sqrt(1 + z^2)": _smooth(_root, 1.0),
    "1/(1 + z^2)": _smooth(lambda x: 1 / (1 + x * x), 1.0),
    "log(1 + z^2)": _smooth(lambda x: (1 + x * x).log(), 1.0),
    "asinh(z)": _smooth(lambda x: x.asinh(), 1.0),
    "tanh(z)^2": _smooth(lambda x: x.tanh() ** 2, 1.5),
    "z^3/(1 + z^2)": _smooth(lambda x: x**3 / (1 + x * x), 1.0),
    "1/cosh(z)": _smooth(lambda x: 1 / x.cosh(), 1.5),
    "exp(z/2)*arctan(z)": _smooth(lambda x: (x / 2).exp() * x.atan(), 1.0, -0.3),
    "hard_tanh": _pieces(
        (None, -1, (-1, 0), 0), (-1, 1, (0, 1), 0), (1, None, (1, 0), 0)
    ),
    "Max(z - 1, 0)": _pieces((None, 1, (0, 0), 0), (1, None, (-1, 1), 0)),
    "abs(z + 1) + z/2": _pieces(
        (None, -1, (-1, -HALF), 0), (-1, None, (1, 3 * HALF), 0)
    ),
    "Max(0, Min(6, z))": _pieces(
        (None, 0, (0, 0), 0), (0, 6, (0, 1), 0), (6, None, (6, 0), 0)
    ),
    "z*Max(0, Min(6, z + 3))/6": _pieces(
        (None, -3, (0, 0, 0), 0),
        (-3, 3, (0, HALF, _SIXTH), 0),
        (3, None, (0, 1, 0), 0),
    ),
    "Max(z - 1/2, 0) + Min(z + 1/2, 0)": _pieces(
        (None, -HALF, (HALF, 1), 0),
        (-HALF, HALF, (0, 0), 0),
        (HALF, None, (-HALF, 1), 0),
    ),
    "exp(-abs(z))": _pieces((None, 0, (1,), 1), (0, None, (1,), -1), reach=(-5.0, 1.0)),
    "Max(z - 1/2, 0)*exp(z/3)": _pieces(
        (None, HALF, (0, 0), 0),
        (HALF, None, (-HALF, 1), fmpq(1, 3)),
        reach=(-5.0, -0.3),
    ),
    "Max(z - 1, 0)^2": _pieces(
        (None, 1, (0, 0, 0), 0), (1, None, (1, -2, 1), 0), reach=(-5.0, -0.3)
    ),
    "sign(z - 1)": _pieces((None, 1, (-1,), 0), (1, None, (1,), 0), jumps=True),
    "z*step(z - 1/2)": _pieces(
        (None, HALF, (0, 0), 0), (HALF, None, (0, 1), 0), jumps=True
    ),
    "step(z + 1) + 2*step(z - 1)": _pieces(
        (None, -1, (0,), 0), (-1, 1, (1,), 0), (1, None, (3,), 0), jumps=True
    ),
}
"""Twenty-three activations that engine and verifier know by different ways."""
