"""Domains: what every domain answers, and the hypercube, the sphere, the circle.

Each carries the uniform probability measure. Its eigenfunctions come in levels k: the
parities of k bits on the hypercube, the harmonics of degree k on the sphere, cos kθ and
sin kθ on the circle. ``zonal(k, t)`` is the level's reproducing function, 1 at t = 1.
"""

from theory.domains.circle import UnitCircle
from theory.domains.domain import Domain
from theory.domains.hypercube import Hypercube
from theory.domains.hypersphere import Hypersphere
from theory.domains.registry import KNOWN, parse, register

register(Hypercube)
register(Hypersphere)
register(UnitCircle, name="circle")

__all__ = [
    "KNOWN",
    "Domain",
    "Hypercube",
    "Hypersphere",
    "UnitCircle",
    "parse",
    "register",
]
