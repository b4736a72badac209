"""Activation functions, and their duals E φ(x)φ(y) over a Gaussian pair."""

from theory.activations.named import (
    ACTIVATIONS,
    NAMED,
    Activation,
    Dual,
    Number,
    activation,
    c,
    dual,
    for_network,
    from_expression,
    q,
    slope_dual,
    z,
)

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
