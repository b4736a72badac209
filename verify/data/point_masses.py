"""Points whose modes are those of a kernel matrix, as a domain."""

from dataclasses import dataclass
from typing import Any

from sympy import Expr, Integer

from theory import Unsupported
from theory.domains import Domain
from theory.domains.domain import level_of


class ModesOfAMatrix(Domain):
    """M points on which every level is one mode; which one depends on the kernel."""

    invariant = "pair"
    addition_theorem = False

    @property
    def last_level(self) -> Expr:
        """M − 1."""
        return Integer(self.size - 1)

    def multiplicity(self, k: Any) -> Expr:
        """1: every level is one mode."""
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


@dataclass(frozen=True)
class PointMasses(ModesOfAMatrix):
    """M points of which nothing is known but a kernel matrix."""

    points: int
    kind = "points"

    @property
    def size(self) -> Expr:
        """M."""
        return Integer(self.points)
