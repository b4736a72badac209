"""Spectral filters: what a training rule leaves of an eigenvalue of the kernel matrix.

A linear rule makes the predictor f̂(x) = K_xD g(K_DD) y. Its residual function is
h(s) = 1 − s g(s): the part of the labels along an eigenvector of K_DD with eigenvalue s that
is not fitted. h(0) = 1, always. Time τ counts as the rule counts: gradient flow
df̂/dτ = −K_xD (f̂_D − y) has no factor ½ and no mean over points; for iterated rules τ is the
number of steps or rounds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sympy import Expr, Rational, Symbol, exp, sqrt

from theory.errors import OutOfDomain, meant
from theory.notation import decay, momentum, rate, ridge, s, time
from theory.numbers import rational
from theory.parser import parse_expression

Shape = Literal["decaying", "entire", "rational", "bounded"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A training rule by its residual function h(s, τ).

    Attributes
    ----------
    name
        The name by which ``rule=`` finds it.
    says
        The rule as a sentence.
    residual
        h as an expression in ``notation.s``, ``notation.time`` and the parameters; or a
        function of (s, τ) that takes complex arrays.
    parameters
        Parameter → symbol, in the order in which they are written.
    values
        Parameter → number, for those that have been given.
    unit
        What τ counts: "time", "steps" or "rounds".
    reach
        How far h may be continued beyond the eigenvalues before it grows, as an expression;
        contours of integration keep within it. For rational h it counts in s/(s + δ).
    shape
        What h is as a function of complex s: "decaying" (entire, and exponentially small as
        Re s → ∞), "entire", "rational" (a polynomial in s/(s + δ), 0 at s = ∞), or "bounded"
        (analytic and bounded off the real s below −reach).

    Examples
    --------
    >>> flow = parse("flow")
    >>> flow.residual
    exp(-s*tau)
    >>> str(parse("heavy_ball:rate=1/4,momentum=1/2"))
    'heavy_ball:rate=1/4,momentum=1/2'
    """

    name: str
    says: str
    residual: Expr | Callable[[Any, Any], Any]
    parameters: Mapping[str, Symbol] = field(default_factory=dict)
    values: Mapping[str, Rational] = field(default_factory=dict)
    unit: str = "time"
    reach: Expr = 1 / time
    shape: Shape = "bounded"

    def at(self, **values: Any) -> "Filter":
        """The rule with its parameters set.

        Raises
        ------
        OutOfDomain
            When a parameter is unknown, missing, or not positive (momentum: below 1).
        """
        unknown = set(values) - set(self.parameters)
        if unknown:
            raise OutOfDomain(
                f"rule {self.name}: parameter {min(unknown)!r} is unknown "
                f"(known: {', '.join(self.parameters) or 'none'})"
                f"{meant(min(unknown), self.parameters)}"
            )
        found = {}
        for name in self.parameters:
            if name not in values:
                raise OutOfDomain(f"rule {self.name}: {name} = … is missing")
            found[name] = rational(values[name], name, least=0)
            if found[name] == 0 and name != "momentum":
                raise OutOfDomain(f"{name} = 0 of rule {self.name} must be positive")
            if name == "momentum" and found[name] >= 1:
                raise OutOfDomain(f"momentum = {found[name]} must be below 1")
        return replace(self, values=found)

    @property
    def is_function(self) -> bool:
        """Whether h was given as a function of arrays."""
        return not isinstance(self.residual, Expr)

    @property
    def expression(self) -> Expr:
        """H as an expression with the parameters' values put in.

        Raises
        ------
        OutOfDomain
            When the rule was given as a function of arrays.
        """
        if not isinstance(self.residual, Expr):
            raise OutOfDomain(f"rule {self.name} is a function, not an expression")
        written: Any = self.residual
        return written.subs(self.given)

    @property
    def given(self) -> dict[Symbol, Rational]:
        """Symbol → value of each parameter."""
        return {self.parameters[name]: value for name, value in self.values.items()}

    def __str__(self) -> str:
        written = ",".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.name}:{written}" if written else self.name


def _heavy_ball() -> Expr:
    """h_{m+1} = (1 + β − ηs) h_m − β h_{m−1}, h_0 = 1, h_1 = 1 − ηs, solved for h_τ.

    The roots enter symmetrically, so h is a polynomial for whole τ.
    """
    middle = (1 + momentum - rate * s) / 2
    spread = sqrt(middle**2 - momentum)
    first, second = middle + spread, middle - spread
    step = 1 - rate * s
    return ((step - second) * first**time - (step - first) * second**time) / (
        2 * spread
    )


FILTERS: dict[str, Filter] = {}


def register(rule: Filter) -> Filter:
    """Enter a rule under its name.

    Raises
    ------
    OutOfDomain
        When the name is taken.
    """
    if rule.name in FILTERS:
        raise OutOfDomain(f"rule {rule.name!r} is registered already")
    FILTERS[rule.name] = rule
    return rule


flow = register(
    Filter(
        "flow",
        "Gradient flow of half the summed squared error.",
        exp(-time * s),
        shape="decaying",
    )
)
descent = register(
    Filter(
        "descent",
        "Gradient descent with the learning rate η.",
        (1 - rate * s) ** time,
        {"rate": rate},
        unit="steps",
        reach=1 / (rate * time),
        shape="entire",
    )
)
heavy_ball = register(
    Filter(
        "heavy_ball",
        "Gradient descent with momentum β (heavy ball).",
        _heavy_ball(),
        {"rate": rate, "momentum": momentum},
        unit="steps",
        reach=(1 - momentum) / (rate * time),
        shape="entire",
    )
)
tikhonov = register(
    Filter(
        "tikhonov",
        "Iterated Tikhonov regularization: ridge regression on the residual, τ times.",
        (ridge / (s + ridge)) ** time,
        {"ridge": ridge},
        unit="rounds",
        reach=1 / time,
        shape="rational",
    )
)
distillation = register(
    Filter(
        "distillation",
        "Self-distillation on the same inputs: ridge regression on its own predictions.",
        1 - (s / (s + ridge)) ** time,
        {"ridge": ridge},
        unit="rounds",
        reach=1 / time,
        shape="rational",
    )
)
weight_decay = register(
    Filter(
        "weight_decay",
        "Gradient flow with weight decay μ.",
        (decay + s * exp(-(s + decay) * time)) / (s + decay),
        {"decay": decay},
        shape="entire",
    )
)


def from_expression(residual: Expr) -> Filter:
    """A rule of one's own from h(s, τ), in symbols named s and tau (or t).

    Raises
    ------
    OutOfDomain
        When another symbol occurs.

    Examples
    --------
    >>> print(from_expression(1 / (1 + s * time) ** 2))
    expr:(s*tau + 1)**(-2)
    """
    known = {"s": s, "t": time, "tau": time}
    strangers = {x.name for x in residual.free_symbols if isinstance(x, Symbol)}
    strangers -= set(known)
    if strangers:
        raise OutOfDomain(
            f"rule = {residual}: {min(strangers)} is unknown; h is written in s and tau"
        )
    found = residual.xreplace({x: known[str(x)] for x in residual.free_symbols})
    return Filter(f"expr:{found}", "A user's rule.", found)


def parse(text: str | Filter | Expr | Callable[[Any, Any], Any]) -> Filter:
    """A rule from its text, such as "descent:rate=1/100"; or from h(s, τ).

    h is an expression in s and tau, "expr:" and its text, or a function of arrays.

    Raises
    ------
    OutOfDomain
        When the name or a parameter is unknown, missing, or out of range.

    Examples
    --------
    >>> parse("descent:rate=1/4").expression
    (1 - s/4)**tau
    >>> parse("expr:1/(1 + s*t)").expression
    1/(s*tau + 1)
    """
    if isinstance(text, Filter):
        return text
    if isinstance(text, Expr):
        return from_expression(text)
    if callable(text):
        return Filter(getattr(text, "__name__", "function"), "A user's rule.", text)
    if str(text).strip().startswith("expr:"):
        names = {"s": s, "t": time, "tau": time}
        written = str(text).strip().removeprefix("expr:")
        return from_expression(parse_expression(written, names, "rule"))
    name, _, rest = str(text).strip().partition(":")
    if name not in FILTERS:
        known = ", ".join([*FILTERS, "expr:h(s, tau)"])
        raise OutOfDomain(
            f"rule = {text!r} is unknown (known: {known}){meant(name, FILTERS)}"
        )
    values = {}
    for item in filter(None, rest.split(",")):
        key, equals, value = item.partition("=")
        if not equals or not value.strip():
            raise OutOfDomain(
                f"rule = {text!r}: {item!r} is not of the form name=value"
            )
        values[key.strip()] = value.strip()
    return FILTERS[name].at(**values)
