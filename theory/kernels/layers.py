"""Infinitely wide layers: how a kernel passes through a network, one layer at a time.

Conventions are those of neural-tangents: inputs enter as x·x′/d, hidden layers have
weight variance W and bias variance b, the last dense layer has 1 and 0. Along the way
q is the variance of a preactivation, c its correlation between two inputs, s = q c its
covariance, and Θ the tangent kernel.
"""

from sympy import Expr, Function, Symbol

from theory.activations import Activation, c, dual, q, slope_dual
from theory.chain import Chain
from theory.formula import formulas
from theory.notation import bias_variance as b
from theory.notation import input_variance as q0
from theory.notation import t, u
from theory.notation import weight_variance as W
from theory.source import Source

q_next, c_next, u_next, theta, theta_next, s = (
    Symbol(name, real=True) for name in ("q_+", "c_+", "u_+", "Theta", "Theta_+", "s")
)
gap = Function("D_1-D")
NNGP, NTK = Source("lee2018deep"), Source("jacot2018ntk")

first_variance = formulas.declare(
    name="first_variance",
    says="Variance after the first dense layer.",
    lhs=q_next,
    rhs=W * q0 + b,
    status="exact",
    source=NNGP,
)
first_covariance = formulas.declare(
    name="first_covariance",
    says="Covariance, and tangent kernel, after the first dense layer.",
    lhs=s,
    rhs=W * q0 * t + b,
    status="exact",
    source=NNGP,
)
layer_variance = formulas.declare(
    name="layer_variance",
    says="Variance after an activation and a dense layer.",
    lhs=q_next,
    rhs=W * dual(q, 1) + b,
    status="exact",
    source=NNGP,
)
layer_covariance = formulas.declare(
    name="layer_covariance",
    says="Covariance after an activation and a dense layer.",
    lhs=s,
    rhs=W * dual(q, c) + b,
    status="exact",
    source=NNGP,
)
layer_tangent = formulas.declare(
    name="layer_tangent",
    says="Tangent kernel after an activation and a dense layer: new weights plus old.",
    lhs=theta_next,
    rhs=s + W * theta * slope_dual(q, c),
    status="exact",
    source=NTK,
)
first_half_angle = formulas.declare(
    name="first_half_angle",
    says="u = (1 − c)/2 after the first dense layer.",
    lhs=u_next,
    rhs=u * (W * q0 / q),
    status="exact",
    source=NNGP,
    given="q is the variance after this layer",
    rewrites="first_covariance",
)
layer_half_angle = formulas.declare(
    name="layer_half_angle",
    says="u = (1 − c)/2 after an activation and a dense layer.",
    lhs=u_next,
    rhs=W * gap(q, u) / (2 * q_next),
    status="exact",
    source=NNGP,
    rewrites="layer_covariance",
)


def _with_dual(e: Expr, phi: Activation, variance: Expr, correlation: Expr) -> Expr:
    """Put an activation's dual into a layer's formula, at given q and c."""
    values = {q: variance, c: correlation}
    return (
        e.replace(dual, lambda _, at: phi.dual.subs({q: variance, c: at.subs(values)}))
        .replace(slope_dual, lambda *_: phi.slope_dual.subs(values))
        .subs(values)
    )


def textbook_chain(phi: Activation, depth: int, tangent: bool, weights: dict) -> Chain:
    """The kernel of a net in the cosine t, as papers write the recursion.

    Examples
    --------
    >>> from theory.activations import activation
    >>> chain = textbook_chain(activation("relu"), 1, False, {W: 2, b: 0, q0: 1})
    >>> chain.expand()
    (t*(pi - acos(t)) + sqrt(1 - t**2))/pi
    """
    bindings: list[tuple[Symbol, Expr]] = []

    def bind(name: str, e: Expr) -> Symbol:
        symbol = Symbol(name, real=True)
        bindings.append((symbol, e.subs(weights)))
        return symbol

    variance = bind("q_1", first_variance.rhs)
    covariance = bind("s_1", first_covariance.rhs)
    correlation = bind("c_1", covariance / variance)
    kernel = covariance
    for layer in range(1, depth + 1):
        readout = {W: 1, b: 0} if layer == depth else {}
        step = lambda e: _with_dual(e.subs(readout), phi, variance, correlation)  # noqa: B023
        covariance = bind(f"s_{layer + 1}", step(layer_covariance.rhs))
        if tangent:
            grown = layer_tangent.rhs.subs({s: covariance, theta: kernel})
            kernel = bind(f"Theta_{layer + 1}", step(grown))
        else:
            kernel = covariance
        if layer < depth:
            variance = bind(f"q_{layer + 1}", step(layer_variance.rhs))
            correlation = bind(f"c_{layer + 1}", covariance / variance)
    return Chain(tuple(bindings), kernel)


def half_angle_chain(
    phi: Activation, depth: int, tangent: bool, weights: dict
) -> Chain:
    """The same kernel in u = (1 − t)/2: nothing cancels as t → 1.

    Examples
    --------
    >>> from theory.activations import activation
    >>> chain = half_angle_chain(activation("relu"), 1, True, {W: 2, b: 0, q0: 1})
    >>> chain.subs({u: 0}).expand(), chain.subs({u: 1}).expand()
    (2, 0)
    """
    bindings: list[tuple[Symbol, Expr]] = []

    def bind(name: str, e: Expr) -> Symbol:
        symbol = Symbol(name, real=True)
        bindings.append((symbol, e.subs(weights)))
        return symbol

    def with_gap(e: Expr) -> Expr:
        return e.replace(gap, lambda variance, at: phi.gap.subs({q: variance, u: at}))

    variance = bind("q_1", first_variance.rhs)
    half = bind("u_1", first_half_angle.rhs.subs(q, variance))
    kernel = bind("s_1", variance * (1 - 2 * half))
    for layer in range(1, depth + 1):
        readout = {W: 1, b: 0} if layer == depth else {}
        level = layer_variance.rhs.subs(readout)
        grown = bind(f"q_{layer + 1}", _with_dual(level, phi, variance, c))
        fall = layer_half_angle.rhs.subs(readout).subs(
            {q: variance, u: half, q_next: grown}
        )
        closer = bind(f"u_{layer + 1}", with_gap(fall))
        covariance = grown * (1 - 2 * closer)
        if tangent:
            slope = phi.slope_half.subs({q: variance, u: half})
            e = layer_tangent.rhs.subs(readout).replace(slope_dual, lambda *_: slope)  # noqa: B023
            kernel = bind(f"Theta_{layer + 1}", e.subs({s: covariance, theta: kernel}))
        else:
            kernel = covariance
        variance, half = grown, closer
    return Chain(tuple(bindings), kernel)
