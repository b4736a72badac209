"""The elementary families of kernels: how each reads its parameters and is written."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sympy import (
    Expr,
    IndexedBase,
    Rational,
    Sum,
    Symbol,
    exp,
    oo,
    sqrt,
    sympify,
)

from theory.activations import Activation, activation, for_network
from theory.activations import arc_cosine as cosine
from theory.chain import Chain
from theory.errors import OutOfDomain
from theory.kernels.kernel import FAMILIES, Family, Kernel, half_angle_form
from theory.kernels.layers import half_angle_chain, textbook_chain
from theory.notation import bias_variance, d, input_variance, t, weight_variance
from theory.numbers import exact, integer, shortened
from theory.parser import MAX_EXPONENT, parse_expression

MAX_WRITTEN_DEPTH = 3
p = Symbol("p", integer=True, nonnegative=True)


def _positive(value: Any, argument: str) -> Expr:
    number = exact(value, argument)
    if number.is_positive is False or number.is_real is False:
        raise OutOfDomain(f"{argument} = {shortened(value)} must be positive")
    return number


def _nonnegative(value: Any, argument: str) -> Expr:
    number = exact(value, argument)
    if number.is_negative or number.is_real is False:
        raise OutOfDomain(f"{argument} = {shortened(value)} must be at least 0")
    return number


def _net(family: str) -> Callable[..., Kernel]:
    tangent = family == "ntk"

    def read(
        activation_name: Any = "relu",
        *,
        depth: Any = 1,
        weight_variance: Any = 2,
        bias_variance: Any = 0,
        input_variance: Any = 1,
    ) -> Kernel:
        return Kernel(
            family,
            (
                ("activation", for_network(activation_name, tangent=tangent).name),
                ("depth", sympify(integer(depth, "depth", least=1))),
                ("weight_variance", _positive(weight_variance, "weight_variance")),
                ("bias_variance", _nonnegative(bias_variance, "bias_variance")),
                ("input_variance", _positive(input_variance, "input_variance")),
            ),
        )

    return read


def _weights(kernel: Kernel) -> dict[Symbol, Expr]:
    return {
        weight_variance: kernel["weight_variance"],
        bias_variance: kernel["bias_variance"],
        input_variance: kernel["input_variance"],
    }


def _net_textbook(kernel: Kernel) -> Expr | Chain:
    depth = int(kernel["depth"])
    tangent = kernel.family == "ntk"
    phi = activation(kernel["activation"])
    chain = textbook_chain(phi, depth, tangent, _weights(kernel))
    return chain.expand() if depth <= MAX_WRITTEN_DEPTH else chain


def _net_half(kernel: Kernel) -> Chain:
    return net_chain(kernel, activation(kernel["activation"]))


def net_chain(kernel: Kernel, phi: Activation) -> Chain:
    """A net's kernel in u, with an activation in the place of the named one."""
    chain, weights = net_structure(kernel, phi)
    return chain.map(lambda e: e.xreplace(weights))


def net_structure(kernel: Kernel, phi: Activation) -> tuple[Chain, dict[Symbol, Expr]]:
    """The chain that nets of one activation, depth and kind share, and what it leaves
    open: the letters of the three variances, with their values in this net.

    Examples
    --------
    >>> from theory.kernels import ntk
    >>> chain, values = net_structure(ntk("relu"), activation("relu"))
    >>> net_structure(ntk("relu", bias_variance=1), activation("relu"))[0] is chain
    True
    >>> sorted(chain.free_symbols - set(values), key=str)
    [u]
    """
    depth, tangent = int(kernel["depth"]), kernel.family == "ntk"
    return _net_structure(phi, depth, tangent), _weights(kernel)


@lru_cache(maxsize=64)
def _net_structure(phi: Activation, depth: int, tangent: bool) -> Chain:
    return half_angle_chain(phi, depth, tangent, {})


def _plain(textbook: Callable[[Kernel], Expr]) -> Callable[[Kernel], Chain]:
    return lambda kernel: Chain((), half_angle_form(textbook(kernel)))


def _read_polynomial(degree: Any = 1) -> Kernel:
    return Kernel(
        "polynomial",
        (("degree", sympify(integer(degree, "degree", most=MAX_EXPONENT))),),
    )


def _read_inhomogeneous(degree: Any = 2, *, constant: Any = 1) -> Kernel:
    return Kernel(
        "inhomogeneous",
        (
            ("degree", sympify(integer(degree, "degree", most=MAX_EXPONENT))),
            ("constant", _nonnegative(constant, "constant")),
        ),
    )


def _read_geometric(ratio: Any = "1/2") -> Kernel:
    number = exact(ratio, "ratio")
    if (1 - abs(number)).is_positive is False:
        raise OutOfDomain(f"ratio = {ratio} must lie between -1 and 1")
    return Kernel("geometric", (("ratio", number),))


def _read_exponential(beta: Any = 1) -> Kernel:
    return Kernel("exponential", (("beta", exact(beta, "beta")),))


def _read_radial(family: str) -> Callable[..., Kernel]:
    def read(width: Any = 1, *, input_variance: Any = 1) -> Kernel:
        return Kernel(
            family,
            (
                ("width", _positive(width, "width")),
                ("input_variance", _positive(input_variance, "input_variance")),
            ),
        )

    return read


def _read_arc_cosine(order: Any = 1) -> Kernel:
    number = exact(order, "order")
    if number.is_Integer:
        integer(number, "order", most=cosine.MAX_WRITTEN_ORDER)
    elif (number + Rational(1, 2)).is_positive is False:
        raise OutOfDomain(f"order = {shortened(order)} must be above -1/2")
    return Kernel("arc_cosine", (("order", number),))


def _read_expression(expression: Any) -> Kernel:
    if isinstance(expression, str):
        expression = parse_expression(expression, {"t": t, "d": d}, "kernel")
    expression = sympify(expression, rational=True)
    unknown = expression.free_symbols - {t, d}
    named = {
        symbol: {"t": t, "d": d}[symbol.name]
        for symbol in unknown
        if symbol.name in "td"
    }
    expression = expression.subs(named)
    if expression.has(sympify("zoo"), sympify("nan"), sympify("oo")):
        raise OutOfDomain(f"kernel = {expression} is not finite")
    return Kernel("expr", (("expression", expression),))


def _read_power_series(coefficient: Any = "1/factorial(p)") -> Kernel:
    if isinstance(coefficient, (list, tuple)):
        powers = (exact(a, "coefficient") * t**n for n, a in enumerate(coefficient))
        return _read_expression(sum(powers, sympify(0)))
    if isinstance(coefficient, str):
        coefficient = parse_expression(coefficient, {"p": p}, "coefficient")
    if isinstance(coefficient, IndexedBase):
        coefficient = coefficient[p]
    coefficient = sympify(coefficient, rational=True)
    named = {x: p for x in coefficient.free_symbols if getattr(x, "name", "") == "p"}
    coefficient = coefficient.subs(named)
    if coefficient.has(t) or not coefficient.has(p):
        raise OutOfDomain(
            f"coefficient = {coefficient} must be a_p, an expression in p without t"
        )
    first = coefficient.subs(p, 0)
    if not first.is_finite and first.is_finite is not None:
        raise OutOfDomain(f"coefficient = {coefficient} is not finite at p = 0")
    return Kernel("power_series", (("coefficient", coefficient),))


def _write_power_series(kernel: Kernel) -> Expr:
    return Sum(kernel["coefficient"] * t**p, (p, 0, oo))


def _write_gaussian(kernel: Kernel) -> Expr:
    return exp(-d * kernel["input_variance"] * (1 - t) / kernel["width"] ** 2)


def _write_laplace(kernel: Kernel) -> Expr:
    return exp(-sqrt(2 * d * kernel["input_variance"] * (1 - t)) / kernel["width"])


def _write_arc_cosine(kernel: Kernel) -> Expr:
    order = kernel["order"]
    if not order.is_Integer:
        return cosine.real_order(order)
    orders = (cosine.arc_cosine_0, cosine.arc_cosine_1, cosine.arc_cosine_2)
    known = int(order) < len(orders)
    return orders[int(order)].rhs if known else cosine.textbook(int(order))


def _half_arc_cosine(kernel: Kernel) -> Chain:
    if kernel["order"] == 0:
        return Chain((), cosine.arc_cosine_0_angle.rhs)
    if kernel["order"] == 1:
        return Chain((), 1 - cosine.arc_cosine_1_gap.rhs)
    return _plain(_write_arc_cosine)(kernel)


def _always(reason: str) -> Callable[[Kernel], str]:
    return lambda _: reason


def _simple(read, write, reason) -> Family:
    return Family(read, write, _plain(write), reason)


COVARIANCE = "a covariance of features"
MIXTURE = "non-negative Taylor coefficients in t"

ELEMENTARY: dict[str, Family] = {
    "ntk": Family(_net("ntk"), _net_textbook, _net_half, _always(COVARIANCE)),
    "nngp": Family(_net("nngp"), _net_textbook, _net_half, _always(COVARIANCE)),
    "polynomial": _simple(
        _read_polynomial, lambda K: t ** K["degree"], _always(MIXTURE)
    ),
    "inhomogeneous": _simple(
        _read_inhomogeneous,
        lambda K: (t + K["constant"]) ** K["degree"],
        _always(MIXTURE),
    ),
    "geometric": _simple(
        _read_geometric,
        lambda K: 1 / (1 - K["ratio"] * t),
        lambda K: MIXTURE if K["ratio"].is_nonnegative else None,
    ),
    "power_series": _simple(
        _read_power_series,
        _write_power_series,
        lambda K: MIXTURE if K["coefficient"].is_nonnegative else None,
    ),
    "exponential": _simple(
        _read_exponential,
        lambda K: exp(K["beta"] * t),
        lambda K: MIXTURE if K["beta"].is_nonnegative else None,
    ),
    "gaussian": _simple(_read_radial("gaussian"), _write_gaussian, _always(MIXTURE)),
    "laplace": _simple(
        _read_radial("laplace"),
        _write_laplace,
        _always("a mixture of Gaussian kernels"),
    ),
    "arc_cosine": Family(
        _read_arc_cosine, _write_arc_cosine, _half_arc_cosine, _always(COVARIANCE)
    ),
    "expr": _simple(_read_expression, lambda K: K["expression"], lambda _: None),
}

FAMILIES |= ELEMENTARY
