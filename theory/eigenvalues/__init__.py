"""Eigenvalues of dot-product kernels in closed form, or the reason why not."""

from theory.eigenvalues.eigenvalue import Eigenvalue, eigenvalue
from theory.eigenvalues.proof import Proof, Step
from theory.eigenvalues.rule import Rule

__all__ = ["Eigenvalue", "Proof", "Rule", "Step", "eigenvalue"]
