"""Infinitely wide layers for two inputs of different norms.

(x, y) is a centered Gaussian pair of variances q₁ and q₂ and correlation c = 1 − 2u. A
homogeneous activation needs nothing new: its dual is √(D(q₁)D(q₂)) times a function of
the correlation alone. Others have closed forms of their own here, which at q₁ = q₂ are
those of ``theory.activations.duals``.

Between layers, adding a bias b turns standard deviations a₁, a₂ of correlation 1 − 2û
into A_i = √(a_i² + b), and

    4 A₁A₂ u = 4 a₁a₂ û + (a₁ − a₂)² (1 − (a₁ + a₂)²/(A₁ + A₂)²),

a sum of positive terms: close inputs lose no digits, whatever their norms.
"""

from functools import lru_cache

from sympy import (
    Add,
    Expr,
    Rational,
    S,
    Symbol,
    asin,
    cos,
    cosh,
    erf,
    exp,
    expand,
    pi,
    sin,
    sinh,
    sqrt,
)

from theory.activations import Activation, duals, hermite
from theory.activations.duals import c
from theory.activations.hermite import q, z
from theory.chain import Chain
from theory.errors import Unsupported
from theory.notation import bias_variance as b
from theory.notation import input_variance as q0
from theory.notation import u
from theory.notation import weight_variance as W

q1, q2 = Symbol("q_1", positive=True), Symbol("q_2", positive=True)
norm1, norm2 = Symbol("r_1", positive=True), Symbol("r_2", positive=True)
"""Squared norms of the two inputs over d."""


def homogeneous(phi: Activation) -> bool:
    """Whether E φ² is a power of the variance, as for φ(s z) = s^k φ(z).

    Examples
    --------
    >>> from theory.activations import activation
    >>> homogeneous(activation("relu")), homogeneous(activation("erf"))
    (True, False)
    """
    _, power = expand(phi.second_moment).as_independent(q, as_Add=False)
    return power == 1 or (power.as_base_exp()[0] == q and not power.is_Add)


def pair_dual(phi: Expr) -> Expr:
    """E φ(x)φ(y) in q₁, q₂ and c, for activations that are not homogeneous.

    Raises
    ------
    Unsupported
        When no closed form is known.

    Examples
    --------
    >>> pair_dual(sin(z))
    exp(-q_1/2 - q_2/2)*sinh(c*sqrt(q_1)*sqrt(q_2))
    """
    for attempt in (_polynomial, _wave, _gelu):
        found = attempt(phi)
        if found is not None:
            return found
    msg = f"activation {phi}: no dual in closed form for inputs of different norms"
    raise Unsupported(msg)


def _polynomial(phi: Expr) -> Expr | None:
    if (
        not phi.is_polynomial(z)
        or phi.as_poly(z).degree() > duals.MAX_POLYNOMIAL_DEGREE
    ):
        return None
    terms = []
    for n in range(int(phi.as_poly(z).degree()) + 1):
        a = hermite.coefficient(phi, n)
        terms.append(a.subs(q, q1) * a.subs(q, q2) * c**n)
    return Add(*terms)


def _wave(phi: Expr) -> Expr | None:
    scale, f = phi.as_independent(z, as_Add=False)
    if not isinstance(f, (sin, cos, erf, exp)):
        return None
    slope = f.args[0].diff(z)
    if slope.has(z) or expand(f.args[0] - slope * z) != 0:
        return None
    x, y = slope**2 * q1, slope**2 * q2
    s = slope**2 * sqrt(q1) * sqrt(q2) * c
    value = {
        sin: exp(-(x + y) / 2) * sinh(s),
        cos: exp(-(x + y) / 2) * cosh(s),
        exp: exp((x + y) / 2 + s),
        erf: 2 / pi * asin(2 * s / sqrt((1 + 2 * x) * (1 + 2 * y))),
    }[f.func]
    return scale**2 * value


def _gelu(phi: Expr) -> Expr | None:
    """Of z Φ(z), by Stein's lemma on each factor from P = E Φ(x)Φ(y) and B = ∂P/∂s.

    It is s P + B (q₁q₂ + s² (1 − q₁q₂)/((1 + q₁)(1 + q₂))).
    """
    scale = phi.subs(z, 1) / duals.GELU.subs(z, 1)
    if scale.has(z) or expand(phi - scale * duals.GELU) != 0:
        return None
    s, both = sqrt(q1) * sqrt(q2) * c, (1 + q1) * (1 + q2)
    P = Rational(1, 4) + asin(s / sqrt(both)) / (2 * pi)
    B = 1 / (2 * pi * sqrt(both - s**2))
    return scale**2 * (s * P + B * (q1 * q2 + s**2 * (1 - q1 * q2) / both))


@lru_cache(maxsize=128)
def _parts(phi: Activation) -> tuple[Expr, Expr, Expr]:
    """E φ(x)² in q, then û of the activations and E φ′(x)φ′(y), in q₁, q₂ and u."""
    moment = phi.second_moment
    if homogeneous(phi):
        half = phi.gap.subs(q, 1) / (2 * moment.subs(q, 1))
        return moment, half, phi.slope_half.subs(q, sqrt(q1 * q2))
    value = pair_dual(phi.expression)
    spread = sqrt(moment.subs(q, q1) * moment.subs(q, q2))
    half = (1 - value / spread) / 2
    slope = value.diff(c) / (sqrt(q1) * sqrt(q2))
    return moment, half.subs(c, 1 - 2 * u), slope.subs(c, 1 - 2 * u)


def two_norm_chain(phi: Activation, depth: int, tangent: bool, weights: dict) -> Chain:
    """The kernel of a net in u, r₁ and r₂, the squared norms of the inputs over d.

    ``input_variance`` scales both norms, so at r₁ = r₂ = 1 it is the usual kernel.

    Raises
    ------
    Unsupported
        When the activation has no closed dual for two variances.

    Examples
    --------
    >>> from theory.activations import activation
    >>> plain = {W: 2, b: 0, q0: 1}
    >>> chain = two_norm_chain(activation("relu"), 1, False, plain)
    >>> chain.subs({u: 0, norm1: 4, norm2: 1}).expand()       # homogeneous: √(4·1)
    2
    """
    moment, activated, slope = _parts(phi)
    bindings: list[tuple[Symbol, Expr]] = []

    def bind(name: str, e: Expr) -> Symbol:
        symbol = Symbol(name, positive=True if name[0] in "av" else None, real=True)
        bindings.append((symbol, e))
        return symbol

    def dense(layer: int, squares: tuple[Expr, Expr], half: Expr, bias: Expr):
        """Variances and u after a dense layer whose weights are in the squares."""
        x, y = squares
        v1, v2 = bind(f"v_{layer}x", x + bias), bind(f"v_{layer}y", y + bias)
        if bias != 0:
            a1, a2 = bind(f"a_{layer}x", sqrt(x)), bind(f"a_{layer}y", sqrt(y))
            half = _with_bias(a1, a2, v1, v2, half, bias)
        return v1, v2, bind(f"u_{layer}", half)

    scale = weights[W] * weights[q0]
    v1, v2, half = dense(1, (scale * norm1, scale * norm2), u, weights[b])
    kernel = bind("Theta_1", sqrt(v1) * sqrt(v2) * (1 - 2 * half))
    for layer in range(2, depth + 2):
        w, bias = (1, S.Zero) if layer == depth + 1 else (weights[W], weights[b])
        values = {q1: v1, q2: v2, u: half}
        squares = (w * moment.xreplace({q: v1}), w * moment.xreplace({q: v2}))
        v1, v2, half = dense(layer, squares, activated.xreplace(values), bias)
        covariance = sqrt(v1) * sqrt(v2) * (1 - 2 * half)
        before = w * kernel * slope.xreplace(values) if tangent else S.Zero
        kernel = bind(f"Theta_{layer}", covariance + before)
    return Chain(tuple(bindings), kernel)


def _with_bias(a1, a2, v1, v2, half: Expr, bias: Expr) -> Expr:
    """The new u: standard deviations a before the bias, variances v after it."""
    A = sqrt(v1) + sqrt(v2)
    grown = bias / (sqrt(v1) + a1) + bias / (sqrt(v2) + a2)
    apart = (a1 - a2) ** 2 * grown * (A + a1 + a2) / A**2
    return (4 * a1 * a2 * half + apart) / (4 * sqrt(v1) * sqrt(v2))
