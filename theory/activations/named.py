"""An activation φ enters the theory only through its dual, E φ(x)φ(y).

(x, y) is a centered Gaussian pair of variance q and correlation c = 1 − 2u. ReLU's dual
is an arc-cosine kernel (Cho and Saul), erf's is an arcsine (Williams). A new activation
is one line: ``from_expression(z * (1 + erf(z / sqrt(2))) / 2)``.
"""

from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from sympy import (
    Expr,
    Heaviside,
    Max,
    Rational,
    asin,
    cos,
    erf,
    exp,
    log,
    pi,
    sin,
    sqrt,
    sympify,
    tanh,
)

from theory.activations import arc_cosine, duals, hermite
from theory.activations.angle import angle
from theory.activations.duals import c
from theory.activations.hermite import q, z
from theory.activations.layer_activation import (
    Activation,
    Dual,
    Number,
    dual,
    slope_dual,
)
from theory.errors import OutOfDomain, Unsupported
from theory.formula import formulas
from theory.notation import t, u
from theory.parser import parse_expression
from theory.source import Source


def _arcsine(s: Expr) -> Expr:
    return 2 / pi * asin(2 * s / (1 + 2 * q))


formulas.declare(
    name="erf_dual",
    says="The dual of erf is an arcsine kernel.",
    lhs=dual(q, c),
    rhs=_arcsine(q * c),
    status="exact",
    source=Source("williams1996infinite"),
)
formulas.declare(
    name="erf_slope_dual",
    says="The dual of erf's derivative.",
    lhs=slope_dual(q, c),
    rhs=4 / pi / sqrt((1 + 2 * q) ** 2 - 4 * q**2 * c**2),
    status="exact",
    source=Source("williams1996infinite"),
)


def _relu() -> Activation:
    return Activation(
        name="relu",
        expression=Max(z, 0),
        dual=Dual(q / 2 * arc_cosine.arc_cosine_1.rhs.subs(t, c)),
        slope_dual=Dual(arc_cosine.arc_cosine_0.rhs.subs(t, c) / 2),
        gap=q / 2 * arc_cosine.arc_cosine_1_gap.rhs,
        slope_half=arc_cosine.arc_cosine_0_angle.rhs / 2,
    )


def _erf() -> Activation:
    value, slope = formulas["erf_dual"].rhs, formulas["erf_slope_dual"].rhs
    return Activation(
        name="erf",
        expression=erf(z),
        dual=Dual(value),
        slope_dual=Dual(slope),
        gap=value.subs(c, 1) - value.subs(c, 1 - 2 * u),
        slope_half=slope.subs(c, 1 - 2 * u),
    )


ACTIVATIONS: dict[str, Activation] = {"relu": _relu(), "erf": _erf()}
NAMED: dict[str, Expr] = {
    "leaky_relu": Max(z, 0) * Rational(99, 100) + z / 100,
    "step": Heaviside(z, Rational(1, 2)),
    "gelu": duals.GELU,
    "sin": sin(z),
    "cos": cos(z),
    "exp": exp(z),
    "linear": z,
    "tanh": tanh(z),
    "sigmoid": (1 + tanh(z / 2)) / 2,
    "softplus": log(1 + exp(z)),
    "swish": z * (1 + tanh(z / 2)) / 2,
}


def _half(e: Expr) -> Expr:
    """An expression in c rewritten in u, arccos c as the angle of u."""
    from sympy import Pow, acos

    e = e.replace(lambda x: x == acos(c), lambda _: angle(u))
    e = e.replace(
        lambda x: isinstance(x, Pow) and x.base == 1 - c**2,
        lambda x: (4 * u * (1 - u)) ** x.exp,
    )
    return e.subs(c, 1 - 2 * u)


@lru_cache(maxsize=128)
def _built(name: str, phi: Expr) -> Activation:
    value = duals.closed_dual(phi)
    if value is None:
        unknown, slope = dual(q, c), slope_dual(q, c)
        gap = dual(q, 1) - dual(q, 1 - 2 * u)
        return Activation(
            name, phi, Dual(unknown), Dual(slope), gap, slope.subs(c, 1 - 2 * u)
        )
    slope = duals.slope(value)
    ramp = hermite.ramps(phi)
    a, b = ramp.coeff(Max(z, 0)), ramp.coeff(z)
    if a != 0 and (ramp - a * Max(z, 0) - b * z).expand() == 0:
        relu = ACTIVATIONS["relu"]
        straight = b**2 + a * b
        return Activation(
            name,
            phi,
            Dual(value),
            Dual(a**2 * relu.slope_dual.expression + straight),
            a**2 * relu.gap + 2 * straight * q * u,
            a**2 * relu.slope_half + straight,
        )
    slope = duals.power_slope(phi) or slope
    half = value.subs(c, 1) - _half(value)
    return Activation(name, phi, Dual(value), Dual(slope), half, _half(slope))


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

    Examples
    --------
    >>> from_expression(Max(z, 0) ** 2).dual(1, 1)
    3/2
    >>> from_expression("abs(z)").hermite(2)
    sqrt(q)/sqrt(pi)
    """
    if isinstance(expression, str):
        expression = parse_expression(expression, {"z": z}, "activation")
    phi = sympify(expression)
    if len(phi.free_symbols) > 1:
        msg = f"activation = {phi} holds {sorted(map(str, phi.free_symbols))}; one only"
        raise OutOfDomain(msg)
    phi = phi.subs({symbol: z for symbol in phi.free_symbols})
    for name, known in (("relu", Max(z, 0)), ("erf", erf(z)), *NAMED.items()):
        if phi == known:
            return activation(name)
    return _built(str(phi), phi)


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
        return ACTIVATIONS[name]
    if name in NAMED:
        return _built(name, NAMED[name])
    if isinstance(name, str) and not name.isidentifier():
        return from_expression(name)
    known = [*ACTIVATIONS, *NAMED]
    near = get_close_matches(str(name), known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    msg = f"activation {name!r} is unknown (known: {', '.join(known)}){hint}"
    raise OutOfDomain(msg)


def for_network(name: Any, *, tangent: bool) -> Activation:
    """An activation whose kernel can be written.

    Raises
    ------
    Unsupported
        When the dual, or for a tangent kernel that of the slope, has no known form.

    Examples
    --------
    >>> for_network("gelu", tangent=True).closed
    True
    """
    phi = activation(name)
    if not phi.known:
        msg = (
            f"activation {phi.name!r} has no dual in a known form, so no kernel yet; "
            "its Hermite coefficients are there: hermite_number(n)"
        )
        raise Unsupported(msg)
    if tangent and phi.expression.has(Heaviside) and duals.jumps(phi.expression):
        msg = f"activation {phi.name!r} jumps, so its tangent kernel is infinite"
        raise Unsupported(msg)
    power = hermite.half_power(phi.expression)
    if tangent and power is not None and (power[1] - Rational(1, 2)).is_nonpositive:
        msg = (
            f"activation {phi.name!r} rises like z^({power[1]}), so its tangent kernel "
            "is infinite: powers above 1/2 have one"
        )
        raise Unsupported(msg)
    return phi


__all__ = [
    "ACTIVATIONS",
    "NAMED",
    "Activation",
    "Dual",
    "Number",
    "activation",
    "c",
    "dual",
    "for_network",
    "from_expression",
    "q",
    "slope_dual",
    "z",
]
