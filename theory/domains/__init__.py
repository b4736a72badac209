"""Domains: what every domain answers, and the hypercube, the sphere, the circle."""

from theory.domains.symmetric import (
    Domain,
    Hypercube,
    Hypersphere,
    UnitCircle,
    parse,
)

__all__ = [
    "Domain",
    "Hypercube",
    "Hypersphere",
    "UnitCircle",
    "parse",
]
