"""An activation φ enters the theory only through its dual, E φ(x)φ(y).

(x, y) is a centered Gaussian pair of variance q and correlation c = 1 − 2u. ReLU's dual
is an arc-cosine kernel (Cho and Saul), erf's is an arcsine (Williams).
"""

from dataclasses import dataclass
from difflib import get_close_matches

from sympy import Expr, Function, Symbol, asin, pi, sqrt

from theory import arc_cosine
from theory.errors import OutOfDomain
from theory.formula import formulas
from theory.notation import t, u
from theory.source import Source

q = Symbol("q", positive=True)
c = Symbol("c", real=True)
dual, slope_dual = Function("D"), Function("D'")


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation by what a layer needs of it, in the symbols q, c and u = (1 − c)/2.

    Attributes
    ----------
    name
        The name in kernels and on the command line.
    dual
        E φ(x)φ(y) as a function of q and c.
    slope_dual
        E φ′(x)φ′(y), likewise.
    gap
        dual at c = 1 minus dual at c, as a function of q and u, free of cancellation.
    slope_half
        ``slope_dual`` as a function of q and u.
    """

    name: str
    dual: Expr
    slope_dual: Expr
    gap: Expr
    slope_half: Expr

    @property
    def second_moment(self) -> Expr:
        """E φ(x)², the dual at c = 1."""
        return self.dual.subs(c, 1)


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
        dual=q / 2 * arc_cosine.arc_cosine_1.rhs.subs(t, c),
        slope_dual=arc_cosine.arc_cosine_0.rhs.subs(t, c) / 2,
        gap=q / 2 * arc_cosine.arc_cosine_1_gap.rhs,
        slope_half=arc_cosine.arc_cosine_0_angle.rhs / 2,
    )


def _erf() -> Activation:
    value, slope = formulas["erf_dual"].rhs, formulas["erf_slope_dual"].rhs
    return Activation(
        name="erf",
        dual=value,
        slope_dual=slope,
        gap=value.subs(c, 1) - value.subs(c, 1 - 2 * u),
        slope_half=slope.subs(c, 1 - 2 * u),
    )


ACTIVATIONS: dict[str, Activation] = {"relu": _relu(), "erf": _erf()}


def activation(name: str) -> Activation:
    """The activation of that name.

    Raises
    ------
    OutOfDomain
        When the name is unknown; the message lists the known ones.

    Examples
    --------
    >>> activation("erf").second_moment
    2*asin(2*q/(2*q + 1))/pi
    """
    if name not in ACTIVATIONS:
        near = get_close_matches(str(name), ACTIVATIONS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        msg = f"activation {name!r} is unknown (known: {', '.join(ACTIVATIONS)}){hint}"
        raise OutOfDomain(msg)
    return ACTIVATIONS[name]
