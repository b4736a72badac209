"""Dot-product kernels: families by name, networks of any depth, combinations."""

from theory.kernels.kernel import FAMILIES, Family, Kernel, combine, half_angle_form
from theory.kernels.named import (
    arc_cosine,
    exponential,
    from_expression,
    gaussian,
    geometric,
    inhomogeneous,
    laplace,
    nngp,
    ntk,
    parse,
    parse_many,
    polynomial,
    power_series,
)

__all__ = [
    "FAMILIES",
    "Family",
    "Kernel",
    "arc_cosine",
    "combine",
    "exponential",
    "from_expression",
    "gaussian",
    "geometric",
    "half_angle_form",
    "inhomogeneous",
    "laplace",
    "nngp",
    "ntk",
    "parse",
    "parse_many",
    "polynomial",
    "power_series",
]
