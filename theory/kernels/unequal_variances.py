"""Infinitely wide layers for two inputs of different norms.

(x, y) is a centered Gaussian pair of variances q₁ and q₂ and correlation c = 1 − 2u. A
homogeneous activation needs nothing new: its dual is √(D(q₁)D(q₂)) times a function of
the correlation alone. Others bring their mean over such a pair.

Between layers, adding a bias b turns standard deviations a₁, a₂ of correlation 1 − 2û
into A_i = √(a_i² + b), and

    4 A₁A₂ u = 4 a₁a₂ û + (a₁ − a₂)² (1 − (a₁ + a₂)²/(A₁ + A₂)²),

a sum of positive terms: close inputs lose no digits, whatever their norms.
"""

from functools import lru_cache

from sympy import Expr, S, Symbol, expand, sqrt

from theory.activations import Activation
from theory.activations.falls import in_half_angle
from theory.activations.gaussian_pairs import q1, q2
from theory.activations.hermite import q
from theory.activations.numeric_duals import numeric_apart, numeric_dual, numeric_pair
from theory.chain import Chain
from theory.notation import bias_variance as b
from theory.notation import input_variance as q0
from theory.notation import u
from theory.notation import weight_variance as W

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


@lru_cache(maxsize=128)
def _parts(phi: Activation) -> tuple[Expr, Expr, Expr]:
    """E φ(x)² in q, then û of the activations and E φ′(x)φ′(y), in q₁, q₂ and u."""
    moment = phi.second_moment
    if homogeneous(phi):
        half = phi.gap.subs(q, 1) / (2 * moment.subs(q, 1))
        return moment, half, phi.slope_half.subs(q, sqrt(q1 * q2))
    if isinstance(phi.pair, numeric_dual):
        whole, slope = phi.pair.args[0], phi.pair_slope.args[0]
        return (
            moment,
            numeric_apart(whole, q1, q2, u),
            numeric_pair(slope, q1, q2, u),
        )
    spread = sqrt(moment.subs(q, q1) * moment.subs(q, q2))
    half = (1 - phi.pair / spread) / 2
    return moment, in_half_angle(half), in_half_angle(phi.pair_slope)


def two_norm_chain(phi: Activation, depth: int, tangent: bool, weights: dict) -> Chain:
    """The kernel of a net in u, r₁ and r₂, the squared norms of the inputs over d.

    ``input_variance`` scales both norms, so at r₁ = r₂ = 1 it is the usual kernel.

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
