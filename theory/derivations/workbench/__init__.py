"""A workbench for one's own derivations: derivatives, limits, equality, steps."""

from theory.derivations.workbench.derivatives import total_derivative
from theory.derivations.workbench.judging import proved_equal
from theory.derivations.workbench.limits import limit_of
from theory.derivations.workbench.result import LevelExpression
from theory.derivations.workbench.simplification import simplify_levels

__all__ = [
    "LevelExpression",
    "limit_of",
    "proved_equal",
    "simplify_levels",
    "total_derivative",
]
