"""Training in time: spectral filters, the error of two ridges, online gradient descent."""

from theory.training.filters import FILTERS, Filter, parse, register

__all__ = ["FILTERS", "Filter", "parse", "register"]
