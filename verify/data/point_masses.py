"""Points of which only a kernel matrix is known, as a domain."""

from dataclasses import dataclass
from typing import Any

from sympy import Expr, Integer

from theory import Unsupported
from theory.domains import Domain
from theory.domains.domain import level_of


@dataclass(frozen=True)
class PointMasses(Domain):
    """M points of which nothing is known but a kernel matrix; every level is one mode."""

    points: int
    kind = "points"
    invariant = "pair"
    addition_theorem = False

    @property
    def last_level(self) -> Expr:
        """M − 1."""
        return Integer(self.points - 1)

    @property
    def size(self) -> Expr:
        """M."""
        return Integer(self.points)

    def multiplicity(self, k: Any) -> Expr:
        """1."""
        level_of(self, k)
        return Integer(1)

    def definition(self, kernel: Any, k: Any) -> Expr:
        """Refused: λ_k is the k-th eigenvalue of a matrix, no sum of values of K.

        Raises
        ------
        Unsupported
            Always.
        """
        del kernel, k
        raise Unsupported(
            f"{self}: λ_k is an eigenvalue of the kernel matrix, and has no closed form"
        )
