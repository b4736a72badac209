"""The kernel of a net by the textbook recursion, in 60 digits, for two points.

Duals are typed here a second time, as functions of two variances and a covariance, and
nothing of the engine is used: this is what its numbers are compared with. Digits that
chaotic nets lose are added beforehand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mpmath import mp, mpf

from verify.floats.numeric_activations import TYPED

DIGITS = 60


def _angle(a: Any, b: Any, s: Any) -> Any:
    c = s / mp.sqrt(a * b)
    return mp.acos(min(mpf(1), max(mpf(-1), c)))


def _relu(a, b, s):
    theta = _angle(a, b, s)
    return (
        mp.sqrt(a * b) * (mp.sin(theta) + (mp.pi - theta) * mp.cos(theta)) / (2 * mp.pi)
    )


def _step(a, b, s):
    return (mp.pi - _angle(a, b, s)) / (2 * mp.pi)


def _ramp_squared(a, b, s):
    theta = _angle(a, b, s)
    polynomial = 3 * mp.sin(theta) * mp.cos(theta) + (mp.pi - theta) * (
        1 + 2 * mp.cos(theta) ** 2
    )
    return a * b * polynomial / (2 * mp.pi)


def _leaky(a, b, s):
    """Of (99 max(z, 0) + z)/100."""
    return (99**2 * _relu(a, b, s) + (1 + 99) * s) / 10**4


def _leaky_slope(a, b, s):
    return (99**2 * _step(a, b, s) + 1 + 99) / mpf(10**4)


def _erf_root(a, b, s):
    return mp.sqrt((1 + 2 * a) * (1 + 2 * b) - 4 * s * s)


def _gelu(a, b, s):
    """E xΦ(x) yΦ(y) = s P + B (ab + s² (1 − ab)/((1 + a)(1 + b)))."""
    both = (1 + a) * (1 + b)
    P = mpf(1) / 4 + mp.asin(s / mp.sqrt(both)) / (2 * mp.pi)
    B = 1 / (2 * mp.pi * mp.sqrt(both - s * s))
    return s * P + B * (a * b + s * s * (1 - a * b) / both)


def _gelu_slope(a, b, s):
    """∂/∂s of the above (Price), with ∂P/∂s = B and ∂B/∂s = B s/((1 + a)(1 + b) − s²)."""
    both = (1 + a) * (1 + b)
    P = mpf(1) / 4 + mp.asin(s / mp.sqrt(both)) / (2 * mp.pi)
    rest = both - s * s
    B = 1 / (2 * mp.pi * mp.sqrt(rest))
    share = (1 - a * b) / both
    return P + s * B + B * s / rest * (a * b + s * s * share) + 2 * B * s * share


def _third(a, b, s):  # noqa: ARG001
    return s


DUALS: dict[str, tuple[Callable, Callable]] = {
    "relu": (_relu, _step),
    "leaky_relu": (_leaky, _leaky_slope),
    "Max(0, z)**2": (_ramp_squared, lambda a, b, s: 4 * _relu(a, b, s)),
    "erf": (
        lambda a, b, s: 2 / mp.pi * mp.asin(2 * s / mp.sqrt((1 + 2 * a) * (1 + 2 * b))),
        lambda a, b, s: 4 / mp.pi / _erf_root(a, b, s),
    ),
    "gelu": (_gelu, _gelu_slope),
    "sin": (
        lambda a, b, s: mp.exp(-(a + b) / 2) * mp.sinh(s),
        lambda a, b, s: mp.exp(-(a + b) / 2) * mp.cosh(s),
    ),
    "cos": (
        lambda a, b, s: mp.exp(-(a + b) / 2) * mp.cosh(s),
        lambda a, b, s: mp.exp(-(a + b) / 2) * mp.sinh(s),
    ),
    "exp": (
        lambda a, b, s: mp.exp((a + b) / 2 + s),
        lambda a, b, s: mp.exp((a + b) / 2 + s),
    ),
    "linear": (_third, lambda *_: mpf(1)),
}


def duals_of(name: str) -> tuple[Callable, Callable]:
    """The duals of φ and of φ′ as functions of two variances and a covariance."""
    if name in DUALS:
        return DUALS[name]
    typed = TYPED[name]
    return typed.dual, typed.slope or (lambda *_: mpf(0))


@dataclass(frozen=True)
class ReferenceNet:
    """A net whose kernel is wanted: activation, depth, variances, and which kernel."""

    activation: str
    depth: int
    weight_variance: str
    bias_variance: str
    tangent: bool

    @property
    def digits(self) -> int:
        """60, and what chaotic layers may cost."""
        return DIGITS + 4 * self.depth + 40

    def points(self, x: list[list[float]], *, own: bool) -> list["ReferencePoint"]:
        """Points with the variances that they have in every layer.

        With ``own`` False every point has ‖x‖² = d.
        """
        dual, found = duals_of(self.activation)[0], []
        with mp.workdps(self.digits):
            W, bias = mpf(self.weight_variance), mpf(self.bias_variance)
            for row in x:
                exact = [mpf(value) for value in row]
                square = sum((v * v for v in exact), mpf(0)) / len(row)
                variances = [W * (square if own else 1) + bias]
                for layer in range(self.depth):
                    last = layer == self.depth - 1
                    a = variances[-1]
                    moment = dual(a, a, a)
                    variances.append(moment if last else W * moment + bias)
                found.append(ReferencePoint(exact, square, variances, own))
        return found

    def kernel(self, x: "ReferencePoint", y: "ReferencePoint") -> Any:
        """K(x, y), right to 60 digits."""
        dual, slope = duals_of(self.activation)
        with mp.workdps(self.digits):
            W, bias = mpf(self.weight_variance), mpf(self.bias_variance)
            s = W * x.product(y) + bias
            same = x.exact == y.exact
            tangent = x.variances[0] if same else s
            for layer in range(self.depth):
                a, b = x.variances[layer], y.variances[layer]
                last = layer == self.depth - 1
                w, shift = (mpf(1), mpf(0)) if last else (W, bias)
                at = a if same else s
                steep = slope(a, b, at) if self.tangent else mpf(0)
                s = x.variances[layer + 1] if same else w * dual(a, b, at) + shift
                tangent = s + w * tangent * steep
            return tangent if self.tangent else s


@dataclass(frozen=True)
class ReferencePoint:
    """A point: its coordinates, ‖x‖²/d, and its variance in every layer."""

    exact: list[Any]
    square: Any
    variances: list[Any]
    own: bool

    def product(self, other: "ReferencePoint") -> Any:
        """x·y/d, or with equal norms the cosine."""
        pairs = zip(self.exact, other.exact, strict=True)
        inner = sum((v * w for v, w in pairs), mpf(0)) / len(self.exact)
        if self.own:
            return inner
        return inner / mp.sqrt(self.square * other.square)
