"""The implicit equation for C: slopes of any order, series, roots, bounds."""

from theory.constant.implicit.equation import ImplicitEquation, implicit_equation
from theory.constant.implicit.expansions import Expansion
from theory.constant.implicit.moments import Moment
from theory.constant.implicit.spectra import (
    LawSpectrum,
    exponential,
    geometric,
    power_law,
)

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
