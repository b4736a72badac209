"""Dot-product kernels: functions of the cosine t between two inputs of norm √d.

A kernel is a family and its parameters, no more. ``kernels.ntk("relu", depth=4)`` is
the tangent kernel of a net, ``kernels.from_expression(1/(2 - t))`` your own function.
``str(kernel)`` is canonical: ``parse(str(kernel)) == kernel``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from sympy import Expr, Pow, Rational, Symbol, acos, exp, sqrt, sympify

from theory import arc_cosine as cosine
from theory.activations import activation, for_network
from theory.angle import angle
from theory.chain import Chain
from theory.combined import PARTS, as_chain, brackets, combined, positive_definite
from theory.errors import OutOfDomain
from theory.layers import half_angle_chain, textbook_chain
from theory.notation import bias_variance, d, input_variance, t, u, weight_variance
from theory.numbers import exact, integer
from theory.parser import parse_expression

MAX_WRITTEN_DEPTH = 3
NET_DEFAULTS = {"weight_variance": 2, "bias_variance": 0, "input_variance": 1}


@dataclass(frozen=True, slots=True)
class Kernel:
    """A dot-product kernel K(t), hashable and comparable by family and parameters.

    Attributes
    ----------
    family
        ``ntk``, ``nngp``, ``polynomial``, … or ``expr``.
    parameters
        Pairs of name and value: exact SymPy numbers or symbols; an activation's name.
    """

    family: str
    parameters: tuple[tuple[str, Any], ...]

    def __add__(self, other: "Kernel") -> "Kernel":
        return combine("sum", self, other)

    def __mul__(self, other: "Kernel") -> "Kernel":
        return combine("product", self, other)

    def normalized(self) -> "Kernel":
        """K/K(1), which has trace 1."""
        return combine("normalized", self)

    def compose(self, inner: "Kernel") -> "Kernel":
        """K(inner(t)): this kernel as a function of another one's value."""
        return combine("compose", self, inner)

    def __getitem__(self, name: str) -> Any:
        return dict(self.parameters)[name]

    def __call__(self, at: Any) -> Expr | Chain:
        """K at a cosine, as textbooks write it; a Chain above three hidden layers."""
        value = at if isinstance(at, Expr) else exact(at, "t")
        written = _textbook(self)
        return written.subs({t: value})

    def half(self) -> Chain:
        """K as a function of u = (1 − t)/2, in the form that numerics evaluate."""
        return _half(self)

    @property
    def positive_definite(self) -> str | None:
        """Why K is positive semi-definite in every dimension, or None if not known."""
        return FAMILIES[self.family].positive_definite(self)

    def __str__(self) -> str:
        if self.family == "expr":
            return f"expr:{self['expression']}"
        if self.family in PARTS:
            return self.family + ":" + "".join(f"[{part}]" for part in _parts(self))
        head = [self.family]
        rest = []
        for name, value in self.parameters:
            if name == "activation":
                head.append(value)
            else:
                rest.append(f"{name}={_spell(value)}")
        return ":".join([*head, ",".join(rest)] if rest else head)

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        from theory.printing import latex

        written = self(t)
        return (
            written._repr_latex_()
            if isinstance(written, Chain)
            else f"${latex(written)}$"
        )


@dataclass(frozen=True, slots=True)
class Family:
    """How a family of kernels reads its parameters and writes its function."""

    read: Callable[..., Kernel]
    textbook: Callable[[Kernel], Expr | Chain]
    half: Callable[[Kernel], Chain]
    positive_definite: Callable[[Kernel], str | None]


@lru_cache(maxsize=256)
def _textbook(kernel: Kernel) -> Expr | Chain:
    return FAMILIES[kernel.family].textbook(kernel)


@lru_cache(maxsize=256)
def _half(kernel: Kernel) -> Chain:
    return FAMILIES[kernel.family].half(kernel)


def _spell(value: Any) -> str:
    """A decimal where it is short and exact, a fraction otherwise."""
    if isinstance(value, Rational) and value.q != 1:
        for places in range(1, 13):
            scaled = value * 10**places
            if scaled.q == 1:
                digits = str(abs(int(scaled))).rjust(places + 1, "0")
                sign = "-" if value < 0 else ""
                return f"{sign}{digits[:-places]}.{digits[-places:]}"
    return str(value)


def _positive(value: Any, argument: str) -> Expr:
    number = exact(value, argument)
    if number.is_positive is False or number.is_real is False:
        msg = f"{argument} = {value} must be positive"
        raise OutOfDomain(msg)
    return number


def _nonnegative(value: Any, argument: str) -> Expr:
    number = exact(value, argument)
    if number.is_negative or number.is_real is False:
        msg = f"{argument} = {value} must be at least 0"
        raise OutOfDomain(msg)
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
    phi = activation(kernel["activation"])
    tangent = kernel.family == "ntk"
    return half_angle_chain(phi, int(kernel["depth"]), tangent, _weights(kernel))


def half_angle_form(e: Expr) -> Expr:
    """An expression in t rewritten in u = (1 − t)/2, with nothing left to cancel.

    arccos t becomes the angle of u, and powers of 1 − t² and 1 − t powers of u.

    Examples
    --------
    >>> half_angle_form(sqrt(1 - t)), half_angle_form(acos(t))
    (sqrt(2)*sqrt(u), angle(u))
    """
    e = e.replace(lambda x: x == acos(t), lambda _: angle(u))
    circle = {1 - t**2: 4 * u * (1 - u), t**2 - 1: -4 * u * (1 - u)}
    e = e.replace(
        lambda x: isinstance(x, Pow) and x.base in circle,
        lambda x: circle[x.base] ** x.exp,
    )
    return e.subs(t, 1 - 2 * u)


def _plain(textbook: Callable[[Kernel], Expr]) -> Callable[[Kernel], Chain]:
    return lambda kernel: Chain((), half_angle_form(textbook(kernel)))


def _read_polynomial(degree: Any = 1) -> Kernel:
    return Kernel("polynomial", (("degree", sympify(integer(degree, "degree"))),))


def _read_inhomogeneous(degree: Any = 2, *, constant: Any = 1) -> Kernel:
    return Kernel(
        "inhomogeneous",
        (
            ("degree", sympify(integer(degree, "degree"))),
            ("constant", _nonnegative(constant, "constant")),
        ),
    )


def _read_geometric(ratio: Any = "1/2") -> Kernel:
    number = exact(ratio, "ratio")
    if (1 - abs(number)).is_positive is False:
        msg = f"ratio = {ratio} must lie between -1 and 1"
        raise OutOfDomain(msg)
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
        msg = f"order = {order} must be above -1/2"
        raise OutOfDomain(msg)
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
        msg = f"kernel = {expression} is not finite"
        raise OutOfDomain(msg)
    return Kernel("expr", (("expression", expression),))


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

FAMILIES: dict[str, Family] = {
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


def _parts(kernel: Kernel) -> list[Kernel]:
    return [part for _, part in kernel.parameters]


def combine(kind: str, *parts: Any) -> Kernel:
    """A kernel made of kernels: ``sum``, ``product``, ``compose`` or ``normalized``.

    Raises
    ------
    OutOfDomain
        When a part is not a kernel, or their number is wrong.

    Examples
    --------
    >>> (parse("polynomial:degree=2") + parse("exponential:beta=1"))(0)
    1
    >>> parse("normalized:[ntk:relu:depth=1]")(1)
    1
    """
    if len(parts) != PARTS[kind] or not all(isinstance(p, Kernel) for p in parts):
        msg = f"{kind} takes {PARTS[kind]} kernel(s), not {', '.join(map(str, parts))}"
        raise OutOfDomain(msg)
    return Kernel(kind, tuple((f"part_{i}", part) for i, part in enumerate(parts)))


def _combination(kind: str) -> Family:
    return Family(
        lambda *parts: combine(kind, *parts),
        lambda K: combined(kind, _parts(K), half=False),
        lambda K: as_chain(combined(kind, _parts(K), half=True)),
        lambda K: positive_definite(kind, _parts(K)),
    )


FAMILIES |= {kind: _combination(kind) for kind in PARTS}

ntk = FAMILIES["ntk"].read
nngp = FAMILIES["nngp"].read
polynomial = FAMILIES["polynomial"].read
inhomogeneous = FAMILIES["inhomogeneous"].read
geometric = FAMILIES["geometric"].read
exponential = FAMILIES["exponential"].read
gaussian = FAMILIES["gaussian"].read
laplace = FAMILIES["laplace"].read
arc_cosine = FAMILIES["arc_cosine"].read
from_expression = FAMILIES["expr"].read


def parse(text: str) -> Kernel:
    """The kernel that a text such as ``ntk:relu:depth=4,bias_variance=0.01`` names.

    Raises
    ------
    OutOfDomain
        When the family, a parameter or a value is unknown or malformed.

    Examples
    --------
    >>> parse("ntk:relu:depth=4,bias_variance=0.01")
    ntk:relu:depth=4,weight_variance=2,bias_variance=0.01,input_variance=1
    >>> parse("expr:1/(2 - t)")(0)
    1/2
    """
    family, _, rest = text.strip().partition(":")
    if family not in FAMILIES:
        near = get_close_matches(family, FAMILIES, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        msg = f"kernel {text!r}: unknown family {family!r} (known: {', '.join(FAMILIES)}){hint}"
        raise OutOfDomain(msg)
    read = FAMILIES[family].read
    if family in PARTS:
        return read(*map(parse, brackets(rest)))
    if family == "expr":
        return read(rest)
    positional: list[str] = []
    if family in {"ntk", "nngp"} and rest and "=" not in rest.split(":")[0]:
        name, _, rest = rest.partition(":")
        positional.append(name)
    given: dict[str, str] = {}
    for part in filter(None, rest.split(",")):
        key, equals, value = part.partition("=")
        key = key.strip()
        if not equals or not value.strip():
            msg = f"kernel {text!r}: {part!r} is not of the form name=value"
            raise OutOfDomain(msg)
        if key in given:
            msg = f"kernel {text!r}: {key!r} is given twice"
            raise OutOfDomain(msg)
        given[key] = value.strip()
    known = [name for name in _parameters(family) if name != "activation"]
    for key in given:
        if key not in known:
            msg = f"kernel {text!r}: unknown parameter {key!r} (known: {', '.join(known)})"
            raise OutOfDomain(msg)
    return read(*positional, **given)


def parse_many(text: str) -> list[Kernel]:
    """Kernels of a text in which one parameter may be a range, as in ``depth=1..5``.

    Examples
    --------
    >>> [str(kernel) for kernel in parse_many("polynomial:degree=1..2")]
    ['polynomial:degree=1', 'polynomial:degree=2']
    """
    head, dots, tail = text.partition("..")
    if not dots or text.startswith("expr:"):
        return [parse(text)]
    before, _, first = head.rpartition("=")
    last, comma, after = tail.partition(",")
    start = integer(first, f"kernel {text!r}: start of the range")
    stop = integer(last, f"kernel {text!r}: end of the range", least=start)
    return [
        parse(f"{before}={value}{comma}{after}") for value in range(start, stop + 1)
    ]


def _parameters(family: str) -> Iterable[str]:
    return [name for name, _ in FAMILIES[family].read().parameters]
