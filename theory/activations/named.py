"""An activation φ enters the theory only through its dual, E φ(x)φ(y).

(x, y) is a centered Gaussian pair of variance q and correlation c = 1 − 2u. ReLU's dual
is an arc-cosine kernel (Cho and Saul), erf's is an arcsine (Williams). A new activation
is one line: ``from_expression(z * (1 + erf(z / sqrt(2))) / 2)``.
"""

from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, cast

from sympy import (
    Expr,
    Heaviside,
    Lambda,
    Max,
    Min,
    Mod,
    Rational,
    atan,
    ceiling,
    cos,
    erf,
    exp,
    expand,
    floor,
    log,
    sin,
    sympify,
    tanh,
)

from theory.activations import arc_cosine, duals, hermite
from theory.activations.falls import in_half_angle
from theory.activations.functions.breakpoints import jumps, slope_of
from theory.activations.functions.given_functions import (
    differences,
    given,
    in_float64,
    require_slope,
)
from theory.activations.gaussian_pairs import c, q1, q2
from theory.activations.hermite import q, z
from theory.activations.layer_activation import (
    Activation,
    Dual,
    dual,
    slope_dual,
)
from theory.activations.numeric_duals import numeric_dual, numeric_fall, numeric_half
from theory.errors import OutOfDomain, Unsupported
from theory.formula import formulas
from theory.notation import t, u
from theory.parser import parse_expression
from theory.source import Source

_erf = duals.equal_variances(duals.pair_dual(erf(z)))
formulas.declare(
    name="erf_dual",
    says="The dual of erf is an arcsine kernel.",
    lhs=dual(q, c),
    rhs=_erf,
    status="exact",
    source=Source("williams1996infinite"),
)
formulas.declare(
    name="erf_slope_dual",
    says="The dual of erf's derivative.",
    lhs=slope_dual(q, c),
    rhs=duals.equal_variances(duals.pair_slope(erf(z))),
    status="exact",
    source=Source("williams1996infinite"),
)

_SIGMOID = (1 + tanh(z / 2)) / 2
_SOFTPLUS = log(1 + exp(z))
ACTIVATIONS: dict[str, Expr] = {
    "relu": Max(z, 0),
    "erf": erf(z),
    "leaky_relu": Max(z, 0) * Rational(99, 100) + z / 100,
    "step": Heaviside(z, Rational(1, 2)),
    "gelu": duals.GELU,
    "sin": sin(z),
    "cos": cos(z),
    "exp": exp(z),
    "linear": z,
    "tanh": tanh(z),
    "sigmoid": _SIGMOID,
    "softplus": _SOFTPLUS,
    "swish": z * _SIGMOID,
    "elu": Max(z, 0) + exp(Min(z, 0)) - 1,
    "mish": z * tanh(_SOFTPLUS),
    "hard_tanh": Max(-1, Min(1, z)),
    "arctan": atan(z),
}
"""The one list: a name and a formula in z. One more activation is one more line."""
BUILT_IN = frozenset(ACTIVATIONS)
"""What it holds before anything is registered from outside."""


@lru_cache(maxsize=256)
def _built(name: str, phi: Expr) -> Activation:
    value = duals.closed_dual(phi)
    if value is None:
        return _numeric(name, phi)
    slope = _slope(phi, value)
    pair, pair_slope = duals.pair_dual(phi), duals.pair_slope(phi)
    if pair is None or pair_slope is None:
        numeric = _numeric(name, phi)
        pair, pair_slope = numeric.pair, numeric.pair_slope
    return Activation(
        name,
        phi,
        Dual(value),
        Dual(slope),
        duals.dual_fall(phi, value),
        _slope_half(phi, slope),
        pair,
        pair_slope,
    )


def _slope_half(phi: Expr, slope: Expr) -> Expr:
    """The slope's dual in u; of kinks without π/π, so that it is exact at u = 0."""
    half = in_half_angle(slope)
    ramp = hermite.ramp_slopes(phi) is not None
    return expand(half) if ramp or hermite.half_power(phi) is not None else half


def _slope(phi: Expr, value: Expr) -> Expr:
    """E φ′(x)φ′(y) in q and c."""
    slopes = hermite.ramp_slopes(phi)
    if slopes is not None:
        a, b = slopes
        return a**2 * arc_cosine.arc_cosine_0.rhs.subs(t, c) / 2 + b**2 + a * b
    power, pair = duals.power_slope(phi), duals.pair_slope(phi)
    if power is not None or pair is None:
        return duals.slope(value) if power is None else power
    return duals.equal_variances(pair)


def numeric(phi: Activation) -> Activation:
    """The same activation with its dual as the Gaussian integral, closed form or not."""
    return _numeric(phi.name, phi.expression)


@lru_cache(maxsize=256)
def _numeric(name: str, phi: Expr) -> Activation:
    """An activation whose dual is the Gaussian integral, evaluated as a number."""
    whole, slope = Lambda(z, phi), Lambda(z, slope_of(phi))
    mean = lambda f: numeric_dual(f, q, q, c)
    return Activation(
        name,
        phi,
        Dual(mean(whole)),
        Dual(mean(slope)),
        numeric_fall(whole, q, u),
        numeric_half(slope, q, u),
        numeric_dual(whole, q1, q2, c),
        numeric_dual(slope, q1, q2, c),
    )


def from_expression(expression: Any) -> Activation:
    """An activation from its formula in z.

    Parameters
    ----------
    expression
        A SymPy expression in ``activations.z`` (or any one symbol), or its text.

    Returns
    -------
    Activation
        With ``closed`` False where no closed dual is known; its Hermite coefficients
        are still there, exactly or as numbers.

    Raises
    ------
    OutOfDomain
        When it holds other symbols than one.
    Unsupported
        When it jumps infinitely often, as floor(z).

    Examples
    --------
    >>> from_expression(Max(z, 0) ** 2).dual(1, 1)
    3/2
    >>> from_expression("abs(z)").hermite(2)
    sqrt(q)/sqrt(pi)
    """
    if isinstance(expression, str):
        names: dict[str, Any] = {
            name: Lambda(z, phi) for name, phi in ACTIVATIONS.items()
        }
        names["Heaviside"] = Heaviside
        expression = parse_expression(
            expression, {"z": z}, "activation", functions=names
        )
    phi = sympify(expression)
    if len(phi.free_symbols) > 1:
        raise OutOfDomain(
            f"activation = {phi} holds {sorted(map(str, phi.free_symbols))}; one only"
        )
    phi = phi.subs({symbol: z for symbol in phi.free_symbols})
    if phi.has(floor, ceiling, Mod):
        raise Unsupported(
            f"activation = {phi} has infinitely many jumps; a sum of step(z - a) has few"
        )
    for name, known in ACTIVATIONS.items():
        if phi == known or expand(phi - known) == 0:
            return activation(name)
    _WRITTEN[str(phi)] = phi
    return _built(str(phi), phi)


_WRITTEN: dict[str, Expr] = {}
"""Formulas by the text that kernels hold, which may be no text that is read (Piecewise)."""


def register(name: str, expression: Any) -> Activation:
    """Enter an activation under a name, for kernels, nets and text alike.

    Raises
    ------
    OutOfDomain
        When the name is no identifier, or stands for another function.

    Examples
    --------
    >>> register("relu", Max(z, 0)).name
    'relu'
    """
    phi = from_expression(expression).expression
    if not name.isidentifier():
        raise OutOfDomain(
            f"name = {name!r} must be an identifier, such as my_activation"
        )
    if ACTIVATIONS.get(name, phi) != phi:
        raise OutOfDomain(
            f"name = {name!r} stands for {ACTIVATIONS[name]} already, not for {phi}"
        )
    ACTIVATIONS[name] = phi
    return activation(name)


def from_function(
    f: Any, name: str | None = None, slope: Any = None, breaks: tuple[float, ...] = ()
) -> Activation:
    """An activation from a function of arrays, or from anything ``from_expression`` takes.

    Its dual is the Gaussian integral, evaluated in float64 with a stated error.

    Parameters
    ----------
    f
        A function of arrays (NumPy or JAX), a formula, or its text.
    name
        The name in kernels and text; the function's own by default.
    slope
        f′ as a function of arrays; differences of f by default.
    breaks
        Kinks and jumps of f and of f′, all of them.

    Raises
    ------
    OutOfDomain
        When the name is no identifier or is taken, f does not keep arrays of float64, or
        between −16 and 16 f has a break that is not named or a slope that is not its own.

    Examples
    --------
    >>> from_function(lambda x: x / (1 + x * x) ** 0.5, name="algebraic").name
    'algebraic'
    """
    if not callable(f) or isinstance(f, Expr):
        return from_expression(f)
    label = name or getattr(f, "__name__", "")
    if not label.isidentifier() or label in ACTIVATIONS:
        raise OutOfDomain(f"name = {label!r} must be a new identifier: pass name=…")
    values, at = in_float64(cast(Callable[[Any], Any], f)), tuple(map(float, breaks))
    prime = in_float64(slope) if slope else differences(values, at)
    require_slope(values, prime, at)
    made = given(label, values, prime, at)
    ACTIVATIONS[label] = made(z)
    return activation(label)


def activation(name: Any) -> Activation:
    """The activation of that name, or of that formula in z.

    Raises
    ------
    OutOfDomain
        When the name is unknown; the message lists the known ones.

    Examples
    --------
    >>> activation("erf").second_moment
    2*asin(2*q/(2*q + 1))/pi
    """
    if isinstance(name, Activation):
        return name
    if isinstance(name, Expr):
        return from_expression(name)
    if name in ACTIVATIONS:
        return _built(name, ACTIVATIONS[name])
    if name in _WRITTEN:
        return _built(name, _WRITTEN[name])
    if isinstance(name, str) and not name.isidentifier():
        return from_expression(name)
    near = get_close_matches(str(name), ACTIVATIONS, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise OutOfDomain(
        f"activation {name!r} is unknown (known: {', '.join(ACTIVATIONS)}){hint}"
    )


def for_network(name: Any, *, tangent: bool) -> Activation:
    """An activation whose kernel can be written.

    Raises
    ------
    Unsupported
        When the dual, or for a tangent kernel that of the slope, is infinite.

    Examples
    --------
    >>> for_network("gelu", tangent=True).closed
    True
    """
    phi = activation(name)
    infinite = _infinite_slope(phi.expression) if tangent else ""
    if infinite:
        raise Unsupported(f"activation {phi.name!r} {infinite}")
    return phi


@lru_cache(maxsize=256)
def _infinite_slope(phi: Expr) -> str:
    """Why the dual of the slope is infinite; empty where it is not known to be."""
    if jumps(phi):
        return "jumps, so its tangent kernel is infinite"
    power = hermite.half_power(phi)
    if power is not None and (power[1] - Rational(1, 2)).is_nonpositive:
        return (
            f"rises like z^({power[1]}), so its tangent kernel is infinite: powers above "
            "1/2 have one"
        )
    return ""
