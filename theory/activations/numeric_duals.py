"""The dual of any activation, as the Gaussian integral that it is.

Where no closed form is known the integral itself is the dual, and numerics evaluate it
with an error statement. Price's theorem gives the derivative, again as a dual; and the
fall from c = 1 is the mean of a square, ½ E(φ(x) − φ(y))², in which nothing cancels. With
independent a, b of variances q(1 − u) and q u the pair is x = a + b, y = a − b.
"""

from typing import Any

from sympy import (
    Derivative,
    Expr,
    Function,
    Integral,
    Lambda,
    Symbol,
    exp,
    oo,
    pi,
    sqrt,
)

from theory.activations.gaussian_pairs import c, q1, q2
from theory.activations.hermite import q, z
from theory.formula import formulas
from theory.notation import u
from theory.source import OURS

_x, _y = Symbol("x", real=True), Symbol("y", real=True)


def _gaussian_plane(body: Expr) -> Expr:
    """The mean over two independent unit Gaussians x and y."""
    density = exp(-(_x**2 + _y**2) / 2) / (2 * pi)
    return Integral(body * density, (_x, -oo, oo), (_y, -oo, oo))


class NumericMean(Function):
    """A mean over a Gaussian pair; the first argument is the activation, a Lambda."""

    @property
    def activation(self) -> Expr:
        """φ as an expression in z."""
        return self.args[0](z)

    def _eval_is_real(self) -> bool:
        return True


class numeric_dual(NumericMean):
    """E φ(x)φ(y) for variances q₁, q₂ and correlation c, as a number when one is needed.

    Examples
    --------
    >>> from sympy import atan
    >>> phi = Lambda(z, atan(z))
    >>> numeric_dual(phi, q1, q2, c).diff(c)
    sqrt(q_1)*sqrt(q_2)*numeric_dual(Lambda(z, 1/(z**2 + 1)), q_1, q_2, c)
    """

    nargs = 4

    @property
    def definition(self) -> Expr:
        """The integral over the plane."""
        phi, first, second, at = self.args
        other = at * _x + sqrt(1 - at**2) * _y
        return _gaussian_plane(phi(sqrt(first) * _x) * phi(sqrt(second) * other))

    def fdiff(self, argindex: int = 4) -> Expr:
        """∂/∂c = √(q₁q₂) E φ′(x)φ′(y), Price's theorem."""
        from sympy.core.function import ArgumentIndexError

        if argindex != 4:
            raise ArgumentIndexError(self, argindex)
        phi, first, second, at = self.args
        slope = Lambda(z, phi(z).diff(z))
        return sqrt(first) * sqrt(second) * numeric_dual(slope, first, second, at)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        phi, first, second, at = (
            printer._print(x) for x in (self.activation, *self.args[1:])
        )
        body = rf"D_{{{phi}}}\left({first}, {second}, {at}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


class numeric_fall(NumericMean):
    """½ E(φ(x) − φ(y))², the dual at c = 1 minus that at c = 1 − 2u, for one variance q."""

    nargs = 3

    @property
    def definition(self) -> Expr:
        """The integral over the plane."""
        phi, variance, half = self.args
        a, b = sqrt(variance * (1 - half)) * _x, sqrt(variance * half) * _y
        return _gaussian_plane((phi(a + b) - phi(a - b)) ** 2 / 2)

    def fdiff(self, argindex: int = 3) -> Expr:
        """∂/∂u = 2 q E φ′(x)φ′(y)."""
        from sympy.core.function import ArgumentIndexError

        if argindex != 3:
            raise ArgumentIndexError(self, argindex)
        phi, variance, half = self.args
        slope = Lambda(z, phi(z).diff(z))
        return 2 * variance * numeric_dual(slope, variance, variance, 1 - 2 * half)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        phi, variance, half = (
            printer._print(x) for x in (self.activation, *self.args[1:])
        )
        body = rf"G_{{{phi}}}\left({variance}, {half}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


class numeric_half(NumericMean):
    """E φ(x)φ(y) at c = 1 − 2u for one variance q: digits of small u are not lost in c."""

    nargs = 3

    @property
    def definition(self) -> Expr:
        """The dual."""
        phi, variance, half = self.args
        return numeric_dual(phi, variance, variance, 1 - 2 * half)

    def fdiff(self, argindex: int = 3) -> Expr:
        """∂/∂u = −2 q E φ′(x)φ′(y)."""
        from sympy.core.function import ArgumentIndexError

        if argindex != 3:
            raise ArgumentIndexError(self, argindex)
        phi, variance, half = self.args
        return -2 * variance * numeric_half(Lambda(z, phi(z).diff(z)), variance, half)


class numeric_pair(NumericMean):
    """E φ(x)φ(y) at c = 1 − 2u for variances q₁ and q₂."""

    nargs = 4

    @property
    def definition(self) -> Expr:
        """The dual."""
        phi, first, second, half = self.args
        return numeric_dual(phi, first, second, 1 - 2 * half)


class numeric_apart(NumericMean):
    """(1 − cos)/2 of the angle between φ(x) and φ(y), for variances q₁, q₂ and c = 1 − 2u.

    Written as E(φ(x) − φ(y))² less (√E φ(x)² − √E φ(y)²)², which are both small for close
    inputs.
    """

    nargs = 4

    @property
    def definition(self) -> Expr:
        """The integral over the plane, with the norms as duals."""
        phi, first, second, half = self.args
        a, b = sqrt(1 - half) * _x, sqrt(half) * _y
        far = _gaussian_plane(
            (phi(sqrt(first) * (a + b)) - phi(sqrt(second) * (a - b))) ** 2
        )
        one, other = (sqrt(numeric_dual(phi, v, v, 1)) for v in (first, second))
        return (far - (one - other) ** 2) / (4 * one * other)


_f = Function("f")
_phi = Lambda(z, _f(z))
_slope = Lambda(z, _f(z).diff(z))

gaussian_integral = formulas.declare(
    name="gaussian_integral",
    says="The dual of an activation is a Gaussian integral over the plane.",
    lhs=numeric_dual(_phi, q1, q2, c),
    rhs=numeric_dual(_phi, q1, q2, c).definition,
    holds=(c >= -1) & (c <= 1),
    status="definition",
    source=OURS,
)
price_theorem = formulas.declare(
    name="price_theorem",
    says="The slope of a dual in the correlation is the dual of the activation's slope.",
    lhs=Derivative(numeric_dual(_phi, q1, q2, c), c),
    rhs=sqrt(q1) * sqrt(q2) * numeric_dual(_slope, q1, q2, c),
    holds=(c > -1) & (c < 1),
    status="exact",
    source=OURS,
    given="f has no jumps",
)
gaussian_fall = formulas.declare(
    name="gaussian_fall",
    says="A dual falls from c = 1 by half the mean square of φ(x) − φ(y).",
    lhs=numeric_dual(_phi, q, q, 1) - numeric_dual(_phi, q, q, 1 - 2 * u),
    rhs=numeric_fall(_phi, q, u).definition,
    holds=(u >= 0) & (u <= 1),
    status="exact",
    source=OURS,
    rewrites="gaussian_integral",
)

gaussian_apart = formulas.declare(
    name="gaussian_apart",
    says="The angle between φ(x) and φ(y) as mean squares that are small for close inputs.",
    lhs=(
        1
        - numeric_dual(_phi, q1, q2, 1 - 2 * u)
        / sqrt(numeric_dual(_phi, q1, q1, 1) * numeric_dual(_phi, q2, q2, 1))
    )
    / 2,
    rhs=numeric_apart(_phi, q1, q2, u).definition,
    holds=(u >= 0) & (u <= 1),
    status="exact",
    source=OURS,
    rewrites="gaussian_integral",
)

HEADS = (numeric_dual, numeric_fall, numeric_half, numeric_pair, numeric_apart)

__all__ = [
    "HEADS",
    "NumericMean",
    "numeric_apart",
    "numeric_dual",
    "numeric_fall",
    "numeric_half",
    "numeric_pair",
]
