"""The implicit equation for C: slopes of any order, series, roots, bounds."""

from theory.implicit.equation import ImplicitEquation, implicit_equation
from theory.implicit.expansions import Expansion
from theory.implicit.moments import Moment
from theory.implicit.spectra import LawSpectrum, exponential, geometric, power_law

__all__ = [
    "Expansion",
    "ImplicitEquation",
    "LawSpectrum",
    "Moment",
    "exponential",
    "geometric",
    "implicit_equation",
    "power_law",
]
