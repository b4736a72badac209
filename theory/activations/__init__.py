"""Activation functions, and their duals E φ(x)φ(y) over a Gaussian pair."""

from theory.activations.gaussian_pairs import c
from theory.activations.hermite import q, z
from theory.activations.layer_activation import (
    Activation,
    Dual,
    Number,
    dual,
    slope_dual,
)
from theory.activations.named import (
    ACTIVATIONS,
    activation,
    for_network,
    from_expression,
    from_function,
    register,
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
