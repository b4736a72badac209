"""The implicit equation for C: slopes of any order, series, roots, bounds."""

from theory.implicit.equation import ImplicitEquation, implicit_equation
from theory.implicit.expansions import Expansion
from theory.implicit.moments import Moment

__all__ = ["Expansion", "ImplicitEquation", "Moment", "implicit_equation"]
