"""Activation functions, and their duals E φ(x)φ(y) over a Gaussian pair."""

from theory.activations.named import (
    ACTIVATIONS,
    Activation,
    Dual,
    Number,
    activation,
    c,
    dual,
    for_network,
    from_expression,
    from_function,
    q,
    register,
    slope_dual,
    z,
)

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Dual",
    "Number",
    "activation",
    "c",
    "dual",
    "for_network",
    "from_expression",
    "from_function",
    "q",
    "register",
    "slope_dual",
    "z",
]
